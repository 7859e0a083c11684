"""Files of a case in the database: their bytes in pieces, never a whole file."""

import errno
import hashlib
import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, select

from salesdx.errors import DataError, Said, reason_of
from salesdx.storage import schema

PIECE = 4 << 20
LONGEST = 1_000  # bytes of a path: PostgreSQL finds no row by a longer one
_TOLD = ("answers.yaml", "plan.yaml", "mapping.yaml")
_WRITTEN = ("results/", "reports/", "data/rejects/", "company-versions/")
_files = schema.case_files


def names_in(folder: Path) -> Iterator[str]:
    """All files of a folder as the database names them; an empty folder ends in `/`.

    Raises:
        DataError: something in it is neither a file nor a folder, or has a name that
            cannot be kept.
    """
    for place, folders, files in os.walk(folder, onerror=_raise):
        folders.sort()
        here = Path(place)
        for name in sorted(files):
            path = here / name
            if path.is_symlink() or not path.is_file():
                raise DataError(_no_file(path))
            yield _name(path, folder)
        for name in folders:
            if (here / name).is_symlink():
                raise DataError(_no_file(here / name))
        if here != folder and not files and not folders:
            yield _name(here, folder) + "/"


def _raise(error: OSError) -> None:
    raise error


def _no_file(path: Path) -> Said:
    return Said(
        f"{path}: this is a link or no ordinary file; put the file itself there, or"
        " take it out of the case",
        f"{path}: это ссылка или не обычный файл; положите сюда сам файл или уберите"
        " его из разбора",
    )


def _name(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        size = LONGEST + 1
    if size > LONGEST:
        shown = ascii(name)[1:81]
        raise DataError(Said(
            f"{shown}…: this name cannot be kept (too long, or not in UTF-8);"
            " rename it",
            f"{shown}…: такое имя не сохранить (слишком длинное или не в UTF-8);"
            " переименуйте",
        ))  # fmt: skip
    return name


def put(connection: Connection, case: str, name: str, folder: Path) -> None:
    """Keep a file (or an empty folder) of a case; there must be none of its name."""
    if name.endswith("/"):
        _insert(connection, case, name, 0, b"")
        return
    with (folder / name).open("rb") as stream:
        piece = 0
        while (content := stream.read(PIECE)) or piece == 0:
            _insert(connection, case, name, piece, content)
            piece += 1


def put_bytes(connection: Connection, case: str, name: str, content: bytes) -> None:
    """The same of a file that lies in memory."""
    for piece in range(0, max(len(content), 1), PIECE):
        _insert(connection, case, name, piece // PIECE, content[piece : piece + PIECE])


def _insert(
    connection: Connection, case: str, name: str, piece: int, content: bytes
) -> None:
    connection.execute(
        _files.insert().values(case_id=case, path=name, piece=piece, content=content)
    )


def take_out(connection: Connection, case: str, name: str) -> None:
    """Forget a file of a case."""
    connection.execute(
        _files.delete().where(_files.c.case_id == case, _files.c.path == name)
    )


def is_measured(name: str) -> bool:
    """Whether figures hang on a file: not on answers, edits, runs and reports."""
    return name not in _TOLD and not name.startswith(_WRITTEN)


def count_change(connection: Connection, case: str) -> None:
    """Tell that what is measured of a case has changed: kept figures are stale."""
    c = schema.cases.c
    connection.execute(
        schema.cases.update().where(c.id == case).values(changed=c.changed + 1)
    )


def digest(connection: Connection, case: str, name: str) -> str | None:
    """The SHA-256 of a file; None where the case has none of this name."""
    found = None
    for _, content in _pieces(connection, case, name):
        found = found or hashlib.sha256()
        found.update(content)
    return found.hexdigest() if found else None


def write_out(connection: Connection, case: str, folder: Path) -> dict[str, str]:
    """Write all files of a case into a folder; gives the SHA-256 of each.

    Raises:
        DataError: a name would lead out of the folder, or the disk refuses.
    """
    hashes: dict[str, hashlib._Hash] = {}
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with closing(_pieces(connection, case)) as pieces:
            for name, content in pieces:
                hashes.setdefault(name, hashlib.sha256()).update(content)
                _add_to(_inside(folder, name), name, content)
    return {name: found.hexdigest() for name, found in hashes.items()}


def _add_to(path: Path, name: str, content: bytes) -> None:
    if name.endswith("/"):
        path.mkdir(parents=True, exist_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        stream.write(content)


def _pieces(
    connection: Connection, case: str, name: str | None = None
) -> Generator[tuple[str, bytes], None, None]:
    query = select(_files.c.path, _files.c.content).where(_files.c.case_id == case)
    if name is not None:
        query = query.where(_files.c.path == name)
    query = query.order_by(_files.c.path, _files.c.piece)
    # one piece in memory, not the whole result
    with connection.execute(query.execution_options(yield_per=1)) as result:
        for row in result:
            yield row.path, bytes(row.content)


def _inside(folder: Path, name: str) -> Path:
    """Where a name leads; the database may come from a stranger."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or (os.name == "nt" and ":" in name):
        raise DataError(Said(
            f"{name!r}: the database has a file whose name leads out of the case; it"
            " may have been tampered with",
            f"«{name}»: в базе есть файл, имя которого выводит за пределы разбора;"
            " возможно, базу подменили",
        ))  # fmt: skip
    return folder / path


@contextmanager
def disk(place: Path) -> Iterator[None]:
    """What a disk refuses, with the place in words."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EFBIG, errno.EDQUOT):  # no more space for us
            error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), error.filename)
        why = reason_of(error)
        where = error.filename or place
        raise DataError(Said(f"{where}: {why}", f"{where}: {why.ru}")) from None
