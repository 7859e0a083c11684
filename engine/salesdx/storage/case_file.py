"""Small files of a case in the database: read and replaced without a checkout."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select

from salesdx.errors import DataError, Said
from salesdx.storage import files, schema
from salesdx.storage.answers import lock, lock_open
from salesdx.storage.opening import reading, writing

_files = schema.case_files


def read_file_of(engine: Engine, case: str, name: str) -> bytes | None:
    """The bytes of a file; None where the case has none of this name."""
    query = (
        select(_files.c.content)
        .where(_files.c.case_id == case, _files.c.path == name)
        .order_by(_files.c.piece)
    )
    with reading(engine) as connection:
        pieces = connection.execute(query).scalars().all()
    return b"".join(bytes(p) for p in pieces) if pieces else None


def files_of(engine: Engine, case: str, folder: str) -> list[str]:
    """The names of the files in a folder of a case, like `results/`."""
    query = (
        select(_files.c.path)
        .where(
            _files.c.case_id == case, _files.c.path.startswith(folder, autoescape=True)
        )
        .distinct()
    )
    with reading(engine) as connection:
        found = connection.execute(query).scalars().all()
    return sorted(name for name in found if not name.endswith("/"))


def sizes_of(engine: Engine, case: str, folder: str) -> dict[str, int]:
    """The files in a folder of a case with their bytes."""
    c = _files.c
    query = (
        select(c.path, func.sum(func.length(c.content)))
        .where(c.case_id == case, c.path.startswith(folder, autoescape=True))
        .group_by(c.path)
    )
    with reading(engine) as connection:
        found = connection.execute(query).all()
    return {path: int(size) for path, size in sorted(found) if not path.endswith("/")}


@dataclass(frozen=True, slots=True)
class Written:
    """New bytes of a file, and those that were read before (None: there was none)."""

    content: bytes
    before: bytes | None


def write_file_of(
    engine: Engine, case: str, name: str, content: bytes, before: bytes | None,
    also: Callable[[Connection], None] = lambda _: None,
) -> None:  # fmt: skip
    """Put a file in the place of the one that was read before; `also` as below.

    Raises:
        DataError: as `write_files_of`.
    """
    write_files_of(engine, case, {name: Written(content, before)}, also)


def write_files_of(
    engine: Engine, case: str, written: Mapping[str, Written],
    also: Callable[[Connection], None] = lambda _: None,
) -> None:  # fmt: skip
    """Put several files in the place of those that were read before, all or none.

    `also` is done in the same transaction, last: events, the name of the case.

    Raises:
        DataError: there is no such case, it is closed, or somebody else has changed a
            file meanwhile.
    """
    with writing(engine) as connection:
        lock_open(connection, case)
        for name, one in written.items():
            held = files.digest(connection, case, name)
            if held != _digest(one.before):
                raise DataError(Said(
                    f"{case}: somebody else has changed {name} meanwhile; look at it"
                    " again and repeat the change",
                    f"{case}: за это время {name} изменил кто-то ещё; посмотрите заново"
                    " и повторите правку",
                ))  # fmt: skip
            files.take_out(connection, case, name)
            files.put_bytes(connection, case, name, one.content)
        if any(files.is_measured(name) for name in written):
            files.count_change(connection, case)
        also(connection)


def delete_files_of(
    engine: Engine, case: str, names: Collection[str],
    also: Callable[[Connection], None] = lambda _: None,
) -> None:  # fmt: skip
    """Take files out of a case; `also` is done in the same transaction.

    Raises:
        DataError: there is no such case.
    """
    with writing(engine) as connection:
        lock(connection, case)
        for name in names:
            files.take_out(connection, case, name)
        if any(files.is_measured(name) for name in names):
            files.count_change(connection, case)
        also(connection)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
