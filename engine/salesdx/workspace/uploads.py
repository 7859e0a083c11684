"""Exports that people send: safe names, private files, and what is known of an upload.

`state.json` beside the files holds what was answered and what came out, so that a
restart of the server loses nothing that a person did.
"""

import datetime as dt
import json
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine

from salesdx.crm.frames import table_of
from salesdx.crm.import_report import ImportReport
from salesdx.crm.opening import Opened
from salesdx.crm.questions import Question
from salesdx.crm.reading import read_rows
from salesdx.errors import DataError, Said, SalesdxError, in_language
from salesdx.language import LANGUAGES, Text
from salesdx.storage import staged
from salesdx.storage.files import disk
from salesdx.storage.staged import Staged

MOST_FILES = 10
LONGEST_NAME = 100
_STATE = "state.json"
_FILES = "files"
# letters of any script, digits, and what people write in names of exports
_STRANGE = re.compile(r"[^\w .()№+,=-]")
Save = Callable[[Path], None]


class Part(BaseModel):
    """Base: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class UploadedFile(Part):
    """One file: what people call it, what it is called here, and its bytes."""

    name: str
    kept: str
    size: int


class Given(Part):
    """One answer of a person to a question of the import."""

    question: Question
    chosen: list[str]


class Fault(Part):
    """Why something could not be done, in both languages."""

    message: Text
    details: list[Text] = []
    during: Literal["reading", "importing"]


class State(Part):
    """What is known of an upload; `unread` files are left out, and why."""

    files: list[UploadedFile]
    answers: list[Given] = []
    unread: dict[str, Text] = {}
    report: ImportReport | None = None
    fault: Fault | None = None


def receive(
    engine: Engine, case: str, owner: str, files: Sequence[tuple[str, Save]],
    now: dt.datetime,
) -> Staged:  # fmt: skip
    """Keep what somebody sent, under names of our own.

    Args:
        engine: the database.
        case: which case it is for.
        owner: who sends it.
        files: the name that each file came under, and what saves it to a path.
        now: the moment.

    Raises:
        DataError: too many files, or the disk refuses.
    """
    if len(files) > MOST_FILES:
        raise DataError(Said(
            f"at most {MOST_FILES} files at once",
            f"не больше {MOST_FILES} файлов сразу",
        ))  # fmt: skip
    found = staged.begin(engine, case, owner, now)
    try:
        with disk(found.folder):
            (found.folder / _FILES).mkdir(mode=0o700)
            kept = [_keep(found, name, save) for name, save in files]
        write_state(found, State(files=_told_apart(kept)))
    except BaseException:
        staged.remove(found)
        raise
    return found


def _keep(found: Staged, name: str, save: Save) -> UploadedFile:
    path = found.folder / _FILES / os.urandom(16).hex()
    save(path)
    path.chmod(0o600)
    return UploadedFile(
        name=safe_name(name), kept=path.name, size=path.stat().st_size
    )  # fmt: skip


def _told_apart(files: Sequence[UploadedFile]) -> list[UploadedFile]:
    """Two files of one name get numbers: an import knows files by their names."""
    taken: set[str] = set()
    found = []
    for file in files:
        stem, dot, suffix = file.name.rpartition(".")
        stem, suffix = (stem, dot + suffix) if stem else (file.name, "")
        name, count = file.name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem} {count}{suffix}"
        taken.add(name.casefold())
        found.append(file.model_copy(update={"name": name}))
    return found


def safe_name(name: str) -> str:
    """A name as it may be shown and kept: no folders, nothing that a system obeys."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _STRANGE.sub("_", unicodedata.normalize("NFC", last)).strip(" .")
    if len(plain) > LONGEST_NAME:
        stem, dot, suffix = plain.rpartition(".")
        ending = f"{dot}{suffix}"[:10] if stem else ""
        plain = f"{plain[: LONGEST_NAME - len(ending)].rstrip(' .')}{ending}"
    return plain or "file"


def read_state(found: Staged) -> State:
    """What is known of an upload.

    Raises:
        DataError: its notes are gone.
    """
    try:
        told = (found.folder / _STATE).read_bytes()
        return State.model_validate(_without_ids(json.loads(told)))
    except (OSError, ValueError) as error:
        raise DataError(Said(
            "this upload is gone; send the files once more",
            "этой загрузки больше нет; отправьте файлы ещё раз",
        )) from error  # fmt: skip


def write_state(found: Staged, state: State) -> None:
    """Keep what is known of an upload: whole or not at all."""
    with disk(found.folder):
        aside = found.folder / f".{_STATE}.{os.urandom(4).hex()}"
        aside.write_text(state.model_dump_json(), encoding="utf-8")
        aside.replace(found.folder / _STATE)


def _without_ids(told: Any) -> Any:
    """Ids of questions are made of their parts: they are written, but not read."""
    if isinstance(told, dict):
        asks = {"kind", "file", "choices", "default"} <= set(told)
        return {k: _without_ids(v) for k, v in told.items() if not asks or k != "id"}
    return [_without_ids(v) for v in told] if isinstance(told, list) else told


def opened_files(found: Staged, state: State) -> tuple[list[Opened], dict[str, Text]]:
    """The files as rows of text, under the names that people gave; why some are not.

    Raises:
        DataError: none of them can be read; the message names them as people do.
    """
    opened, unread, faults = [], {}, []
    for file in state.files:
        try:
            opened.append(_opened(found.folder / _FILES / file.kept, file.name))
        except DataError as error:
            unread[file.name] = Text(en=error.text("en"), ru=error.text("ru"))
            faults.append(error)
    if not opened:
        told = ["\n".join(t.in_(lang) for t in unread.values()) for lang in LANGUAGES]
        raise DataError(Said(*told), faults[0].problems if len(faults) == 1 else ())
    return opened, unread


def _opened(path: Path, name: str) -> Opened:
    try:
        rows = read_rows(path)
    except SalesdxError as error:
        raise DataError(_renamed(error.message, path, name), error.problems) from error
    return Opened(Path(name), table_of(replace(rows, source=name)))


def _renamed(message: str, path: Path, name: str) -> Said:
    """A message about a path of ours becomes one about the file that was sent."""
    told = [
        in_language(message, lang).replace(str(path), name).replace(path.name, name)
        for lang in ("en", "ru")
    ]
    return Said(*told)


def fault_of(error: SalesdxError, during: Literal["reading", "importing"]) -> Fault:
    """An error as an upload remembers it."""
    told = {lang: in_language(error.message, lang) for lang in ("en", "ru")}
    details = [Text(en=p.text("en"), ru=p.text("ru")) for p in error.problems[:20]]
    return Fault(message=Text(**told), details=details, during=during)


def forget_files(found: Staged) -> None:
    """Erase the files of an upload; what came out of them stays to be read."""
    staged.clear(found, keep=("about.json", _STATE))
