"""What lies where an SQLite database should be: ours, nothing, or something else."""

import os
import sqlite3
from pathlib import Path

from salesdx.errors import DataError, Said, reason_of

_HEADER = b"SQLite format 3\x00"


def prepare_file(path: Path, make: bool) -> None:
    """See that a file may be opened; make it, for its owner only, if it may be made.

    Raises:
        DataError: there is nothing, or something that is no database of ours. It is
            left as it was.
    """
    if path.is_dir():
        raise DataError(_said(path, Said(
            "this is a folder; name a file in it, like cases.db",
            "это папка; укажите файл в ней, например cases.db",
        )))  # fmt: skip
    try:
        if not path.exists():
            _make(path, make)
            return
        with path.open("rb") as stream:
            start = stream.read(len(_HEADER))
    except OSError as error:
        raise DataError(_said(path, reason_of(error))) from None
    if start and start != _HEADER:
        raise DataError(_said(path, Said(
            "the file is no SQLite database", "этот файл — не база SQLite"
        )))  # fmt: skip
    if not start and not make:
        raise DataError(_said(path, _EMPTY))
    _refuse_foreign(path)


_EMPTY = Said(
    "there is no database here yet; `salesdx case add` makes one",
    "базы здесь ещё нет; её создаст `salesdx case add`",
)


def _make(path: Path, make: bool) -> None:
    if not make:
        raise DataError(_said(path, _EMPTY))
    if not path.parent.is_dir():
        raise DataError(_said(path.parent, Said("no such folder", "нет такой папки")))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return  # another process was quicker


def _refuse_foreign(path: Path) -> None:
    """A database of another program: we would change it by opening it to write."""
    try:
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return  # opening it to write will tell better
    try:
        found = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error:
        return
    finally:
        base.close()
    if found and "alembic_version" not in found:
        raise DataError(_said(path, NOT_OURS))


NOT_OURS = Said(
    "it belongs to another program; name an empty database or a new file",
    "это база другой программы; укажите пустую базу или новый файл",
)


def _said(path: Path, what: Said) -> Said:
    return Said(f"{path}: {what}", f"{path}: {what.ru}")
