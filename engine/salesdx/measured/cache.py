"""Where figures are kept between runs: the user's own cache folder, never the case's.

A case folder may come from anybody, and diagnosing writes nothing there. What cannot
be kept is measured again; no fault of the cache ever stops a run.
"""

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from salesdx.errors import DataError
from salesdx.measured.key import Key, key_of, look
from salesdx.measured.written import Content, read, written

SWITCH = "SALESDX_CACHE"
KEPT = 2  # states of one case: now, and before the last change
DAYS = 30  # after so many days without use figures are forgotten
_SUFFIX = ".json"
_SAME_WITHIN = 60.0  # seconds in which a use need not be noted again


def cache_folder() -> Path | None:
    """Where figures are kept; None if that is switched off, or there is no home."""
    off = os.environ.get(SWITCH, "").strip().casefold() == "off"
    return None if off else _folder()


def _folder() -> Path | None:
    try:
        return _user_cache() / "salesdx" / "measured"
    except RuntimeError:  # the user has no home
        return None


def _user_cache() -> Path:
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if given.is_absolute():  # any other is to be ignored, its specification says
        return given
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path.home() / ".cache"


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of the figures of one case in the state that it is in."""

    case: Path
    key: Key
    file: Path

    def find(self) -> Content | None:
        """What was kept, if it is whole and of this very state."""
        try:
            found = read(self.file.read_bytes(), self.key.digest)
            if found is not None and time.time() - self._used() > _SAME_WITHIN:
                os.utime(self.file)
        except OSError:
            return None
        return found

    def _used(self) -> float:
        return self.file.stat().st_mtime

    def keep(self, content: Content) -> None:
        """Keep figures, unless the case changed while they were measured."""
        file = written(content, self.key.digest)
        with contextlib.suppress(OSError):
            if file is None or look(self.case) != self.key.seen:
                return
            _make_private(self.file.parent)
            _write(self.file, file)
            _forget_old(self.file.parent)


def entry_of(folder: Path, knowledge: str) -> Entry | None:
    """Where figures of a case folder are or would be kept; None if nowhere.

    `knowledge` is the hash of the knowledge base with all that is laid over it.
    """
    try:
        root = cache_folder()
        if root is None:
            return None
        place = _place(root, folder)
        key = key_of(folder, knowledge)
    except (DataError, OSError):
        return None  # reading the tables tells what is wrong
    return Entry(folder, key, place / f"{key.digest}{_SUFFIX}")


def forget(folder: Path) -> None:
    """Remove all that is kept of a case folder, also where keeping is switched off.

    Raises:
        OSError: something cannot be removed.
    """
    root = _folder()
    if root is not None and (place := _place(root, folder)).is_dir():
        shutil.rmtree(place)


def kept() -> tuple[int, int]:
    """How many cases have figures kept, and how many bytes they take."""
    folder = cache_folder()
    files = list(_files(folder)) if folder else []
    return len({f.parent for f in files}), sum(f.stat().st_size for f in files)


def _place(root: Path, folder: Path) -> Path:
    """The folder of a case: named by a digest, for its path may name a client."""
    path = os.fsencode(folder.resolve())
    return root / hashlib.sha256(path).hexdigest()[:32]


def _make_private(place: Path) -> None:
    """The folders of salesdx are for their owner alone; those above may be there."""
    place.parents[1].parent.mkdir(parents=True, exist_ok=True)
    for folder in (place.parents[1], place.parent, place):
        folder.mkdir(mode=0o700, exist_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Put a file in its place whole; only its owner may read it.

    It is not synced: one that a power cut spoils is found out and measured anew.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")  # for us alone
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _forget_old(place: Path) -> None:
    """Leave the newest of this case, and nothing that was long not used of any."""
    mine = sorted(place.glob(f"*{_SUFFIX}"), key=lambda f: -f.stat().st_mtime_ns)
    long_ago = time.time() - DAYS * 86_400
    unused = [f for f in _files(place.parent) if f.stat().st_mtime < long_ago]
    for path in {*mine[KEPT:], *unused}:
        path.unlink(missing_ok=True)
        if path.parent != place:
            with contextlib.suppress(OSError):  # its other state is still in use
                path.parent.rmdir()


def _files(root: Path) -> Iterator[Path]:
    return root.glob(f"*/*{_SUFFIX}")
