"""Files that wait outside the database to be imported: private, bounded, short-lived.

Each upload is a folder with a random name beside the database. Names that people gave
their files are never names on our disk. What is older than a day is erased.
"""

import datetime as dt
import hashlib
import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine

from salesdx.errors import DataError, Said
from salesdx.storage.erasing import erase
from salesdx.storage.files import disk
from salesdx.storage.moments import read, written
from salesdx.storage.opening import file_of

KEPT = dt.timedelta(days=1)
_ABOUT = "about.json"
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class About:
    """Whose an upload is, of which case, since when (UTC, ISO 8601)."""

    id: str
    case: str
    owner: str
    at: str


@dataclass(frozen=True, slots=True)
class Staged:
    """An upload and the folder that it lies in."""

    about: About
    folder: Path


def begin(engine: Engine, case: str, owner: str, now: dt.datetime) -> Staged:
    """Make room for an upload; what is too old goes.

    Raises:
        DataError: the disk refuses, or the place belongs to somebody else.
    """
    sweep(engine, now)
    about = About(secrets.token_hex(16), case, owner, written(now))
    folder = _place(engine) / about.id
    with disk(folder):
        _private(folder.parent)
        folder.mkdir(mode=0o700)
        (folder / _ABOUT).write_text(json.dumps(asdict(about)), encoding="utf-8")
    return Staged(about, folder)


def find(engine: Engine, case: str, upload: str, now: dt.datetime) -> Staged | None:
    """An upload of a case; None where there is none any more."""
    if not _ID.fullmatch(upload):
        return None
    found = _read(_place(engine) / upload)
    if found is None or found.about.case != case or _is_old(found, now):
        return None
    return found


def of_case(engine: Engine, case: str, now: dt.datetime) -> list[Staged]:
    """The uploads of a case, the newest first; what is too old goes."""
    sweep(engine, now)
    found = [s for s in _all(engine) if s.about.case == case]
    return sorted(found, key=lambda s: (s.about.at, s.about.id), reverse=True)


def remove(found: Staged) -> None:
    """Erase an upload: overwritten, then removed."""
    clear(found, keep=())
    with disk(found.folder):
        found.folder.rmdir()


def clear(found: Staged, keep: tuple[str, ...]) -> None:
    """Erase the files of an upload but those named; `keep` are names at the top."""
    with disk(found.folder):
        for place, folders, names in os.walk(found.folder, topdown=False):
            here = Path(place)
            for name in names:
                if here != found.folder or name not in keep:
                    erase(here / name)
            for name in folders:
                (here / name).rmdir()


def sweep(engine: Engine, now: dt.datetime) -> int:
    """Erase what is older than a day; says how much that was."""
    old = [s for s in _all(engine) if _is_old(s, now)]
    for one in old:
        remove(one)
    return len(old)


def erase_case(engine: Engine, case: str) -> None:
    """Erase all uploads of a case."""
    for one in list(_all(engine)):
        if one.about.case == case:
            remove(one)


def _all(engine: Engine) -> Iterator[Staged]:
    place = _place(engine)
    if not place.is_dir() or place.is_symlink():
        return
    for folder in sorted(place.iterdir()):
        if _ID.fullmatch(folder.name) and (found := _read(folder)) is not None:
            yield found


def _read(folder: Path) -> Staged | None:
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        about = About(**told)
        read(about.at)
    except (OSError, ValueError, TypeError):
        return None
    return Staged(about, folder) if about.id == folder.name else None


def _is_old(found: Staged, now: dt.datetime) -> bool:
    return now - read(found.about.at) > KEPT


def _place(engine: Engine) -> Path:
    """Where uploads wait: beside the database file, or in a place of this account."""
    file = file_of(engine)
    if file is not None:
        return file.with_name(f"{file.name}.uploads")
    url = engine.url.render_as_string(hide_password=True)
    mark = hashlib.sha256(url.encode()).hexdigest()[:12]
    who = os.getuid() if hasattr(os, "getuid") else "me"
    return Path(tempfile.gettempdir()) / f"salesdx-uploads-{who}-{mark}"


def _private(place: Path) -> None:
    """Nobody else may look into it, nor have put it there."""
    place.mkdir(mode=0o700, exist_ok=True)
    state = place.lstat()
    ours = not hasattr(os, "getuid") or state.st_uid == os.getuid()
    if not stat.S_ISDIR(state.st_mode) or not ours:
        raise DataError(Said(
            f"{place}: this place for uploads belongs to somebody else; remove it",
            f"{place}: это место для загрузок принадлежит другому; удалите его",
        ))  # fmt: skip
    place.chmod(0o700)
