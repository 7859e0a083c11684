"""Saved results of a case: named, listed and read, from a folder or from bytes.

A file that is broken, of another program or of a newer one is named, never a crash.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from salesdx.answers.whole import write_whole
from salesdx.errors import DataError, Said, hinted, reason_of
from salesdx.result import SCHEMA, ResultDocument

SUFFIX = ".json"
MAX_FILE = 200_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved result by its head; `saved` is when, where that is known."""

    name: str
    company: str
    as_of: str | None
    saved: dt.datetime | None
    pack: str
    version: str
    hash: str
    engine: str

    @property
    def order(self) -> tuple[str, str, str]:
        """By the day it looks back from, then by when it was saved."""
        saved = self.saved.astimezone(dt.UTC).isoformat() if self.saved else ""
        return self.as_of or "", saved, self.name


def name_of(document: ResultDocument) -> str:
    """The day and a mark of the content: runs never clash, equal ones are one file."""
    mark = hashlib.sha256(document.to_json().encode()).hexdigest()[:8]
    return f"{document.case.as_of or 'undated'}-{mark}{SUFFIX}"


def save(document: ResultDocument, folder: Path) -> Path:
    """Write a result into the folder, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name_of(document)
    write_whole(path, document.to_json().encode())
    return path


def head(data: bytes, name: str, saved: dt.datetime | None = None) -> Saved:
    """What a saved result is of, without reading it all.

    Raises:
        DataError: it is no result of ours.
    """
    found = _ours(data, name)
    try:
        case, knowledge = found["case"], found["knowledge"]
        texts = {
            "company": case["name"], "pack": knowledge["pack"],
            "version": knowledge["version"], "hash": knowledge["hash"],
            "engine": found["engine"]["version"],
        }  # fmt: skip
        as_of = case["as_of"]
    except (KeyError, TypeError) as error:
        raise _broken(name) from error
    if not all(isinstance(v, str) for v in (*texts.values(), as_of or "")):
        raise _broken(name)
    return Saved(name=name, as_of=as_of, saved=saved, **texts)


def document(data: bytes, name: str) -> ResultDocument:
    """A saved result, all of it checked.

    Raises:
        DataError: it is no result of ours, or holds what this version does not know.
    """
    _ours(data, name)
    try:
        return ResultDocument.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        extra = first["type"] == "extra_forbidden"
        raise _broken(name, place, newer=extra) from error


def saved_runs(folder: Path) -> tuple[list[Saved], list[DataError]]:
    """The saved results of a folder, oldest first, and what else lies there."""
    found, wrong = [], []
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []:
        try:
            state = path.stat()
            when = dt.datetime.fromtimestamp(state.st_mtime, dt.UTC)
            found.append(head(_bytes(path), path.name, when))
        except DataError as error:
            wrong.append(error)
    return ordered(found), wrong


def ordered(runs: Iterable[Saved]) -> list[Saved]:
    """Oldest first."""
    return sorted(runs, key=lambda r: r.order)


def read(path: Path) -> ResultDocument:
    """A result in a file.

    Raises:
        DataError: the file cannot be read, or is no result of ours.
    """
    return document(_bytes(path), path.name)


def before(now: ResultDocument, folder: Path) -> ResultDocument | None:
    """The newest saved result that is another one than this; None where there is none.

    A broken file is passed over: `saved_runs` names it.
    """
    runs, _ = saved_runs(folder)
    same = name_of(now) if runs else ""  # the whole result is written for its name
    for run in reversed(runs):
        if run.name != same:
            try:
                found = read(folder / run.name)
            except DataError:
                continue
            if found != now:
                return found
    return None


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise DataError(
                Said(f"{path}: the file is too large", f"{path}: файл слишком большой")
            )
        return path.read_bytes()
    except OSError as error:
        why = reason_of(error)
        raise DataError(Said(f"{path}: {why}", f"{path}: {why.ru}")) from error


def _ours(data: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DataError(
            Said(f"{name}: this is no JSON", f"{name}: это не JSON")
        ) from error
    schema = found.get("schema") if isinstance(found, dict) else None
    if schema == SCHEMA:
        return dict(found)
    newer = isinstance(schema, str) and schema.startswith("salesdx/result/")
    what = Said(
        f"{name}: this is no result of salesdx", f"{name}: это не результат salesdx"
    )
    raise DataError(hinted(what, _NEWER if newer else _HOW))


_HOW = Said(
    "`salesdx diagnose CASE --save` writes one",
    "его записывает `salesdx diagnose РАЗБОР --save`",
)
_NEWER = Said(
    "another version of salesdx wrote it", "его записала другая версия salesdx"
)


def _broken(name: str, place: str = "", *, newer: bool = False) -> DataError:
    at = f" ({place})" if place else ""
    what = Said(
        f"{name}: the result cannot be read{at}", f"{name}: результат не читается{at}"
    )
    return DataError(hinted(what, _NEWER) if newer else what)
