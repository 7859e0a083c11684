"""Sessions with databases: drivers, read-only settings, and failures in plain words."""

import logging
import re
import sqlite3
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from salesdx.crm.database_address import FILES, PASSWORD, Address, Kind
from salesdx.errors import DataError, Said, SalesdxError, UsageError

SECONDS = 10  # that a server may take to answer
_FAILURES: tuple[tuple[str, Said], ...] = (
    (
        'authentication|access denied|login failed|no password|role ".*" does not',
        Said(
            "the user or the password is not accepted",
            "пользователь или пароль не подошли",
        ),
    ),
    (
        "permission denied|command denied|not enough privileges|permission was denied",
        Said("this user may not read that", "у этого пользователя нет прав на чтение"),
    ),
    (
        "timeout|timed out",
        Said(
            f"no answer within {SECONDS} seconds",
            f"сервер не ответил за {SECONDS} секунд",
        ),
    ),
    (
        "refused|no such file or directory|can't connect|cannot assign",
        Said("nothing answers there", "там никто не отвечает"),
    ),
    (
        "translate host|name or service|resolve|nodename|name resolution",
        Said("no such host is known", "такого сервера не найти"),
    ),
    (
        "does not exist|unknown database|cannot open database",
        Said("there is no such database", "такой базы там нет"),
    ),
    (
        "not a database|not a valid duckdb|malformed|serializ|loading external|"
        "version number",
        Said("the file is not such a database", "файл не похож на такую базу"),
    ),
    (
        "set lock|is locked",
        Said("another program holds it", "базу заняла другая программа"),
    ),
)


@contextmanager
def connect(address: Address) -> Iterator[Any]:
    """A session of Ibis that only reads; it is closed in any case.

    Raises:
        UsageError: the driver is not installed.
        DataError: the database cannot be reached.
    """
    if address.kind in FILES and not Path(address.database).is_file():
        raise DataError(
            Said(
                f"{address.database}: there is no such database file; check the path",
                f"{address.database}: нет такого файла базы; проверьте путь",
            )
        )
    try:
        with plainly(address):
            base = _OPENERS[address.kind](_backend(address.kind), address)
    except ImportError:
        raise _no_driver(address.kind) from None
    try:
        yield base
    finally:
        base.disconnect()


@contextmanager
def plainly(address: Address) -> Iterator[None]:
    """Turn what a driver says into words of ours, without the password.

    The error of the driver is not kept: it may hold what it was given.
    """
    said = None
    try:
        yield
    except (SalesdxError, ImportError):
        raise
    except Exception as error:
        said = _reason(f"{error.__cause__ or ''} {error}", address.password)
    if said is None:
        return
    hint = Said(
        f"check the address, the rights and the password (variable {PASSWORD})",
        f"проверьте адрес, права и пароль (переменная {PASSWORD})",
    )
    if address.kind in FILES:
        hint = Said("check the file and the rights", "проверьте файл и права доступа")
    raise DataError(
        Said(f"{address.name}: {said}; {hint}", f"{address.name}: {said.ru}; {hint.ru}")
    )


def _reason(told: str, password: str | None) -> Said:
    for pattern, said in _FAILURES:
        if re.search(pattern, told, re.IGNORECASE):
            return said
    line = next((x.strip() for x in told.splitlines() if x.strip()), "")
    for secret in {password, quote(password or "")} - {None, ""}:
        line = line.replace(str(secret), "***")
    return Said(f"the database says: {line[:300]}", f"база отвечает: {line[:300]}")


def _no_driver(kind: Kind) -> UsageError:
    return UsageError(
        Said(
            f"the driver for {kind} is not installed; install it with"
            f" `pip install 'salesdx[{kind}]'`",
            f"не установлен драйвер для {kind}; установите его:"
            f" `pip install 'salesdx[{kind}]'`",
        )
    )


def _backend(kind: Kind) -> Any:
    """The backend of Ibis; for MySQL with a driver that may be used freely."""
    if kind == "mysql":
        try:
            import_module("MySQLdb")
        except ImportError:
            sys.modules["MySQLdb"] = import_module("pymysql")
    return getattr(import_module("ibis"), kind)


def _given(**values: Any) -> Mapping[str, Any]:
    """What is known; the rest is left to the driver, its files and variables."""
    return {name: value for name, value in values.items() if value is not None}


def _postgres(backend: Any, address: Address) -> Any:
    base = backend.connect(
        host=address.host, port=address.port, user=address.user,
        password=address.password, database=address.database or None,
        connect_timeout=SECONDS, application_name="salesdx", prepare_threshold=None,
        **address.options,
    )  # fmt: skip
    with base.begin() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute("SET datestyle = ISO")
        cursor.execute("SET extra_float_digits = 1")
    return base


def _mysql(backend: Any, address: Address) -> Any:
    ca = address.options.get("ssl_ca")
    secure = {"ssl": {"ca": ca}} if ca else {}
    with warnings.catch_warnings():
        # Ibis asks for the zone UTC by name, which a server may not know; see below
        warnings.simplefilter("ignore", UserWarning)
        base = backend.connect(
            **_given(host=address.host, port=address.port, user=address.user,
                     password=address.password, database=address.database or None),
            connect_timeout=SECONDS, charset="utf8mb4", **secure,
        )  # fmt: skip
    with base.begin() as cursor:
        cursor.execute("SET SESSION time_zone = '+00:00'")
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
    return base


def _clickhouse(backend: Any, address: Address) -> Any:
    secure = address.options.get("secure", "").casefold() in {"1", "true", "yes"}
    logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)

    def opened(**settings: int) -> Any:
        return backend.connect(
            **_given(host=address.host, port=address.port, user=address.user,
                     password=address.password, database=address.database or None,
                     secure=secure or None),
            client_name="salesdx", connect_timeout=SECONDS, settings=settings,
        )  # fmt: skip

    try:
        return opened(readonly=2)
    except Exception as error:
        if "readonly" not in str(error):
            raise
    return opened()  # this user may only read, and may not say so again


def _mssql(backend: Any, address: Address) -> Any:
    return backend.connect(
        **_given(host=address.host, port=address.port, user=address.user,
                 password=address.password, database=address.database or None),
        timeout=SECONDS, readonly=True, **address.options,
    )  # fmt: skip


def _sqlite(_: Any, address: Address) -> Any:
    path = Path(address.database).absolute().as_uri()
    session = sqlite3.connect(f"{path}?mode=ro", uri=True, timeout=SECONDS)
    session.text_factory = lambda raw: raw.decode("utf-8", "replace")
    session.execute("PRAGMA query_only = ON")
    session.execute("SELECT count(*) FROM sqlite_master").fetchone()
    backend: Any = import_module("ibis.backends.sqlite").Backend
    return backend.from_connection(session)


def _duckdb(backend: Any, address: Address) -> Any:
    return backend.connect(
        address.database, read_only=True,
        # a view of a stranger's file must not read other files of this machine
        enable_external_access=False, python_enable_replacements=False,
    )  # fmt: skip


_OPENERS: Mapping[Kind, Callable[[Any, Address], Any]] = {
    "postgres": _postgres, "clickhouse": _clickhouse, "mysql": _mysql,
    "mssql": _mssql, "sqlite": _sqlite, "duckdb": _duckdb,
}  # fmt: skip
