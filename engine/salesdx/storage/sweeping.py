"""Sweep the files of a database: what was deleted is not to be found in them.

SQLite overwrites what is deleted (`secure_delete`); then the file is built anew and the
write-ahead log emptied. PostgreSQL writes its tables anew; its own log of changes and
what the administrator copies elsewhere are out of our reach, and are named.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, text

from salesdx.errors import DataError, Said
from salesdx.storage import schema
from salesdx.storage.erasing import erase
from salesdx.storage.faults import about, told
from salesdx.storage.opening import WAIT_MS, file_of

PATIENCE = 60.0  # seconds to wait for those who still read
_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Swept:
    """Where was swept; copies made by upgrades and removed; what was not allowed."""

    kind: Literal["sqlite", "postgresql", "folder"]
    copies: int = 0
    denied: tuple[str, ...] = ()


def copies_of(engine: Engine) -> list[Path]:
    """Copies that upgrades of the schema have left beside the file."""
    file = file_of(engine)
    if file is None:
        return []
    return sorted(file.parent.glob(f"{_literal(file.name)}.schema-*.bak"))


def _literal(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def sweep(engine: Engine) -> Swept:
    """Leave no trace of what was deleted.

    Raises:
        DataError: somebody is still reading, or the disk or the server refuses.
    """
    engine.dispose()  # no connection of ours may look at the past
    if file_of(engine) is None:
        return _sweep_server(engine)
    with told(engine), engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        _empty_log(engine, raw)
        raw.execute("VACUUM").close()
        _empty_log(engine, raw)
    found = copies_of(engine)
    for copy in found:
        erase(copy)
    return Swept("sqlite", len(found))


def _empty_log(engine: Engine, raw: Any) -> None:
    """Move all changes into the file and cut their log to nothing."""
    raw.execute(f"PRAGMA busy_timeout={int(_PAUSE * 1000)}")
    try:
        for _ in _trying(engine):
            if raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                break
    finally:
        raw.execute(f"PRAGMA busy_timeout={WAIT_MS}")


def _trying(engine: Engine) -> Iterator[None]:
    """Once more and once more, for as long as patience lasts."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        yield
        time.sleep(_PAUSE)
    raise DataError(about(engine.url, Said(
        "the case is deleted, but another program is reading the database, and traces"
        " may be left; close it and run the same command again",
        "разбор удалён, но базу читает другая программа, и следы могли остаться;"
        " закройте её и повторите ту же команду",
    )))  # fmt: skip


def _sweep_server(engine: Engine) -> Swept:
    with told(engine), engine.connect() as found:
        connection = found.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(f"SET lock_timeout = {int(PATIENCE * 1000)}"))
        since = connection.execute(_NOW).scalar_one()
        for _ in _trying(engine):
            if not connection.execute(_OLDER, {"since": since}).scalar_one():
                break
        for table in schema.metadata.sorted_tables:
            connection.execute(text(f"VACUUM (FULL, ANALYZE) {table.name}"))
        denied = _as_administrator(connection)
    engine.dispose()
    return Swept("postgresql", 0, denied)


_NOW = text("SELECT clock_timestamp()")
# whoever has begun before still sees the deleted rows, and so they would be kept
_OLDER = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND xact_start < :since AND backend_xmin IS NOT NULL"
)
# only an administrator may do these: the samples of the planner, and writing out
_ADMIN = {
    "statistics": "VACUUM (FULL) pg_catalog.pg_statistic", "checkpoint": "CHECKPOINT",
}  # fmt: skip


def _as_administrator(connection: Connection) -> tuple[str, ...]:
    """Do what only an administrator may; names what this user was not let."""
    mighty = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    if not connection.execute(text(mighty)).scalar_one():
        return tuple(_ADMIN)
    for statement in _ADMIN.values():
        connection.execute(text(statement))
    return ()
