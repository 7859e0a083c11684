"""Open a database by its address: every connection is as safe as we promise.

SQLite keeps a write-ahead log and syncs it at every commit (`synchronous=FULL`): what
was acknowledged survives a power cut. The settings are read back whenever a connection
is taken, not trusted. PostgreSQL is asked for the same at every transaction.
"""

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from salesdx.errors import DataError, Said
from salesdx.storage.faults import told

FILE = "salesdx.db"
PASSWORD = "SALESDX_DB_PASSWORD"
WAIT_MS = 60_000  # how long a writer waits for others
_MOST = 50  # connections of one process to a server; five are kept
_ANSWER_S = 10  # that a server may take to answer
_BUSY = 5  # SQLITE_BUSY
_PAUSE_S = 0.001, 0.008  # between two tries to write
_PRAGMAS = {
    "busy_timeout": WAIT_MS, "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1,
    "secure_delete": 1,
}  # fmt: skip
_SET = {"synchronous": "FULL", "foreign_keys": "ON", "secure_delete": "ON"}
# what may stand after `?` in the address of a server; the rest is refused
_OPTIONS = frozenset({
    "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "options",
})  # fmt: skip


def address(text: str) -> URL:
    """The address of a database: a URL, or the path of an SQLite file.

    Raises:
        DataError: it is the address of nothing that we can open. It is not repeated:
            it may hold a password.
    """
    if "://" not in text:
        return URL.create("sqlite", database=text)
    scheme, _, rest = text.partition("://")
    if rest.count("@") > 1:  # a sign of the password would cut the address
        raise DataError(_no_address())
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DataError(_no_address()) from None
    if scheme == "sqlite":
        if url.host or url.query:
            raise DataError(_no_address())
        return url
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise DataError(_no_address())
    if not _OPTIONS.issuperset(url.query):
        known = ", ".join(sorted(_OPTIONS))
        raise DataError(Said(
            f"the address has an option that we do not take; known: {known}",
            f"в адресе базы неизвестный параметр; есть {known}",
        ))  # fmt: skip
    password = url.password or os.environ.get(PASSWORD) or None
    return url.set(drivername="postgresql+psycopg", password=password)


def _no_address() -> Said:
    return Said(
        "this is no address of a database that salesdx can keep cases in; give a path"
        " like cases.db, sqlite:///path/to/cases.db or postgresql://user@host/name; a"
        f" password with signs like @ goes into the variable {PASSWORD}",
        "это не адрес базы, в которой salesdx может хранить разборы; нужен путь вроде"
        " cases.db, sqlite:///путь/cases.db или"
        " postgresql://пользователь@сервер/база; пароль со знаками вроде @ передайте"
        f" через переменную {PASSWORD}",
    )


def connect(text: str) -> Engine:
    """An engine for an address; nothing is read or made yet.

    Raises:
        DataError: the address is wrong, or its driver is not installed.
    """
    url = address(text)
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise DataError(Said(
                "an SQLite database needs a file: what is in memory is lost",
                "для SQLite нужен файл: то, что в памяти, пропадёт",
            ))  # fmt: skip
        engine = create_engine(
            url, hide_parameters=True, max_overflow=-1,
            connect_args={"timeout": WAIT_MS / 1000},
        )  # fmt: skip
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "checkout", _assert_safe)
        event.listen(engine, "begin", _begin)
        return engine
    try:
        return create_engine(
            url, hide_parameters=True, pool_pre_ping=True,
            max_overflow=_MOST - 5, pool_timeout=WAIT_MS / 1000,
            connect_args={
                "connect_timeout": _ANSWER_S, "application_name": "salesdx",
                "prepare_threshold": None,  # or a pooler between would be confused
            },
        )  # fmt: skip
    except (ImportError, NoSuchModuleError):
        raise DataError(Said(
            "PostgreSQL needs a driver: pip install 'salesdx[postgres]'",
            "для PostgreSQL нужен драйвер: pip install 'salesdx[postgres]'",
        )) from None  # fmt: skip


def _prepare(raw: Any, record: object) -> None:
    raw.isolation_level = None  # we begin transactions ourselves, see _begin
    for name, wanted in _PRAGMAS.items():
        if name != "journal_mode":
            raw.execute(f"PRAGMA {name}={_SET.get(name, wanted)}").close()
    _use_log(raw)
    _assert_safe(raw, record, None)


def _use_log(raw: Any) -> None:
    """Turn the write-ahead log on; SQLite does not wait here by itself."""
    until = time.monotonic() + WAIT_MS / 1000
    while True:
        try:
            if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                raw.execute("PRAGMA journal_mode=wal").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != _BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _assert_safe(raw: Any, _: object, __: object) -> None:
    """Whoever takes a connection has what we promise, or is told so."""
    for name, wanted in _PRAGMAS.items():
        (found,) = raw.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            raise DataError(Said(
                f"SQLite does not keep {name}={wanted} here (it says {found}), so"
                " answers would not be safe; keep the file on a local disk",
                f"SQLite не держит здесь {name}={wanted} (отвечает {found}), и ответы"
                " были бы под угрозой; храните файл на локальном диске",
            ))  # fmt: skip


def _begin(connection: Connection) -> None:
    """A writer takes its turn at once, or two would fail when both want to write."""
    raw: Any = connection.connection.dbapi_connection
    if connection.get_execution_options().get("reading", False):
        raw.execute("BEGIN")
        return
    raw.execute("PRAGMA busy_timeout=0").close()
    try:
        _take_turn(raw)
    finally:
        raw.execute(f"PRAGMA busy_timeout={WAIT_MS}").close()


def _take_turn(raw: Any) -> None:
    """Wait for the turn to write.

    SQLite waits too, but longer each time: of many writers those that wait longest
    would hardly ever get a turn. Here all have the same chance.
    """
    until = time.monotonic() + WAIT_MS / 1000
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != _BUSY or time.monotonic() > until:
                raise
            time.sleep(random.uniform(*_PAUSE_S))
        else:
            return


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database and writes nothing."""
    with told(engine), engine.connect() as connection:
        quiet = connection.execution_options(
            reading=True,
            **({} if is_sqlite(engine) else {"isolation_level": "REPEATABLE READ"}),
        )
        with quiet.begin():
            yield quiet


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction; on disk when the block is left without an error."""
    with told(engine), engine.begin() as connection:
        sync(connection)
        yield connection


_SYNC = text(
    "SELECT set_config('synchronous_commit', 'on', true)"
    " WHERE current_setting('synchronous_commit') = 'off'"
)


def sync(connection: Connection) -> None:
    """A commit of PostgreSQL waits for the disk, whatever the server is set to."""
    if connection.dialect.name != "sqlite":
        connection.execute(_SYNC)


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a file."""
    return engine.dialect.name == "sqlite"


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database; None for a server."""
    return Path(str(engine.url.database)) if is_sqlite(engine) else None
