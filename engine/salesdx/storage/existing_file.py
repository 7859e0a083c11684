"""What lies where an SQLite database should be: ours, nothing, or something else."""

import errno
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from salesdx.errors import DataError, Said, reason_of
from salesdx.storage.faults import NO_DATABASE

_NO_DATABASE = 26  # SQLITE_NOTADB
_DENIED = os.strerror(errno.EACCES)


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
        empty = path.stat().st_size == 0
    except OSError as error:
        raise DataError(_said(path, reason_of(error))) from None
    if empty and not make:
        raise DataError(_said(path, _EMPTY))
    _refuse_other(path)


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


def _refuse_other(path: Path) -> None:
    """What is no database of ours: we would change it by opening it to write.

    Only SQLite may open the file: were it closed by us, all locks that this process
    holds on it would be gone.
    """
    if not os.access(path, os.R_OK):
        raise DataError(_said(path, reason_of(PermissionError(errno.EACCES, _DENIED))))
    found: set[str] = set()
    with suppress(sqlite3.OperationalError):  # opening it to write will tell better
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            found = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF == _NO_DATABASE:
                raise DataError(_said(path, NO_DATABASE)) from None
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
