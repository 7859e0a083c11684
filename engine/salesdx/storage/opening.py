"""Open a database by its address: every connection is as safe as we promise.

SQLite keeps a write-ahead log and syncs it at every commit (`synchronous=FULL`): what
was acknowledged survives a power cut. The settings are read back, not trusted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from salesdx.errors import DataError, Said

FILE = "salesdx.db"
WAIT_MS = 30_000  # how long a writer waits for another one
_PRAGMAS = {
    "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": WAIT_MS,
    "secure_delete": 1,
}  # fmt: skip
_SET = {"synchronous": "FULL", "foreign_keys": "ON", "secure_delete": "ON"}


def address(text: str) -> URL:
    """The address of a database: a URL, or the path of an SQLite file.

    Raises:
        DataError: it is the address of nothing that we can open.
    """
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise DataError(_no_address()) from error
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise DataError(_no_address())
    return url


def _no_address() -> Said:
    return Said(
        "this is no address of a database that salesdx can keep cases in; give"
        " sqlite:///path/to/file.db or postgresql://user@host/name",
        "это не адрес базы, в которой salesdx может хранить кейсы; нужен"
        " sqlite:///путь/к/файлу.db или postgresql://пользователь@сервер/база",
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
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as error:
        raise DataError(Said(
            "PostgreSQL needs a driver: install salesdx[postgres]",
            "для PostgreSQL нужен драйвер: установите salesdx[postgres]",
        )) from error  # fmt: skip


def _prepare(raw: Any, _: object) -> None:
    raw.isolation_level = None  # we begin transactions ourselves, see _begin
    cursor = raw.cursor()
    for name, wanted in _PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={_SET.get(name, wanted)}")
    for name, wanted in _PRAGMAS.items():
        (found,) = cursor.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            raise DataError(Said(
                f"SQLite does not keep {name}={wanted} here (it says {found}), so"
                " answers would not be safe; keep the file on a local disk",
                f"SQLite не держит здесь {name}={wanted} (отвечает {found}), и ответы"
                " были бы под угрозой; храните файл на локальном диске",
            ))  # fmt: skip
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes its turn at once, or two would fail when both want to write."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database and writes nothing."""
    with _told(engine), engine.connect() as connection:
        quiet = connection.execution_options(
            reading=True,
            **({} if _is_sqlite(engine) else {"isolation_level": "REPEATABLE READ"}),
        )
        with quiet.begin():
            yield quiet


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction; on disk when the block is left without an error."""
    with _told(engine), engine.begin() as connection:
        yield connection


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Faults of the database in words, without its password."""
    try:
        yield
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        what = str(error.orig).strip().splitlines()[0] if str(error.orig) else ""
        raise DataError(Said(
            f"{where}: the database refused: {what}",
            f"{where}: база данных отказала: {what}",
        )) from error  # fmt: skip


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database; None for a server."""
    return Path(str(engine.url.database)) if _is_sqlite(engine) else None
