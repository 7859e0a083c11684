"""Bring a database to the schema of this program; alembic is loaded only for that.

A step is done whole or not at all: it runs in one transaction of the caller. Before it
an SQLite database that holds anything is copied beside itself.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from salesdx.errors import DataError, Said
from salesdx.storage.existing_file import NOT_OURS, prepare_file
from salesdx.storage.faults import about, told
from salesdx.storage.opening import connect, file_of, is_sqlite, reading, sync

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_300_117  # any number, the same for every salesdx
Tell = Callable[[Said], None]


def _silently(_: Said) -> None:
    return None


def steps() -> list[str]:
    """The schemas that this program knows, the oldest first."""
    found = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return sorted(path.stem.partition("_")[0] for path in found)


HEAD = steps()[-1]


def open_database(address: str, *, make: bool = True, tell: Tell = _silently) -> Engine:
    """An engine on a database of today's schema.

    Args:
        address: a URL, or the path of an SQLite file.
        make: whether to make an SQLite file, or tables in an empty database.
        tell: is told what was done besides opening it.

    Raises:
        DataError: it cannot be opened, is not ours, or a newer salesdx has written it.
    """
    engine = connect(address)
    file = file_of(engine)
    if file is not None:
        prepare_file(file, make)
    try:
        with reading(engine) as connection:
            _refuse_encoding(connection)
            found = _usable(connection, make)
        if found != steps()[-1]:
            _upgrade(engine, make, tell)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def opened(
    address: str, *, make: bool = False, tell: Tell = _silently
) -> Iterator[Engine]:
    """The same for a while: all connections are closed in any case."""
    engine = open_database(address, make=make, tell=tell)
    try:
        yield engine
    finally:
        engine.dispose()


def revision(connection: Connection) -> str | None:
    """The schema a database is in; None for one that we have not made."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()


def _usable(connection: Connection, make: bool) -> str | None:
    """The schema of a database that we may go on with."""
    found, known = revision(connection), steps()
    url = connection.engine.url
    if found is not None and found not in known:
        if not (found.isdigit() and len(found) == len(known[-1])):
            raise DataError(about(url, NOT_OURS))
        raise DataError(about(url, Said(
            f"a newer salesdx has written it (schema {found}, here {known[-1]});"
            " update the program",
            f"базу записала более новая версия salesdx (схема {found}, здесь"
            f" {known[-1]}); обновите программу",
        )))  # fmt: skip
    if found is None and inspect(connection).get_table_names():
        raise DataError(about(url, NOT_OURS))
    if found is None and not make:
        raise DataError(about(url, Said(
            "there are no cases of salesdx in it yet; `salesdx case add` puts the first"
            " one there",
            "разборов salesdx в ней ещё нет; первый добавит `salesdx case add`",
        )))  # fmt: skip
    return found


def _refuse_encoding(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    found = connection.execute(text("SHOW server_encoding")).scalar_one()
    if found != "UTF8":
        raise DataError(about(connection.engine.url, Said(
            f"it keeps texts in {found}, which loses letters; make a database with"
            " ENCODING 'UTF8'",
            f"она хранит тексты в {found}, и часть букв пропала бы; создайте базу с"
            " ENCODING 'UTF8'",
        )))  # fmt: skip


def _upgrade(engine: Engine, make: bool, tell: Tell) -> None:
    with in_one_step(engine) as connection:
        found = _usable(connection, make)  # another may have been quicker
        if found != steps()[-1]:
            _back_up(engine, found, tell)
            run_steps(connection)


@contextmanager
def in_one_step(engine: Engine) -> Iterator[Connection]:
    """A transaction that may make and drop tables; no other one does it meanwhile."""
    with told(engine), engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if is_sqlite(engine):
            # a step may rebuild a table, and dropping the old one would take along
            # all that belongs to it; the setting cannot change within a transaction
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                sync(connection)
                if not is_sqlite(engine):
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                yield connection
                _check_links(connection)
        finally:
            if is_sqlite(engine):
                raw.execute("PRAGMA foreign_keys=ON")


def run_steps(connection: Connection, to: str = "head") -> None:
    """Make or change the tables until they are of a schema."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _check_links(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DataError(about(connection.engine.url, Said(
            "links between its tables would break; the database was left as it was",
            "связи между таблицами нарушились бы; база оставлена прежней",
        )))  # fmt: skip


def _back_up(engine: Engine, found: str | None, tell: Tell) -> None:
    """Copy an SQLite database beside itself; a server has its own backups."""
    file = file_of(engine)
    if file is None or found is None:
        return
    copy = _free_name(file, found)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
    except sqlite3.Error:
        copy.unlink(missing_ok=True)
        raise
    finally:
        target.close()
        source.close()
    with copy.open("rb+") as stream:
        os.fsync(stream.fileno())
    tell(Said(
        f"{file}: the schema is brought from {found} to {steps()[-1]}; the database as"
        f" it was is kept in {copy}",
        f"{file}: схема обновляется с {found} до {steps()[-1]}; прежняя база сохранена"
        f" в {copy}",
    ))  # fmt: skip


def _free_name(file: Path, found: str) -> Path:
    number = 1
    while True:
        more = f"-{number}" if number > 1 else ""
        copy = file.with_name(f"{file.name}.schema-{found}{more}.bak")
        if not copy.exists():
            return copy
        number += 1
