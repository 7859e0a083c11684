"""The address of a database: `postgres://user@host/base?table=deals`, taken apart.

What a password may hold is never shown: messages name the address without it, and an
address that cannot be taken apart is not repeated at all.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from salesdx.content import did_you_mean
from salesdx.errors import Said, UsageError, hinted

Kind = Literal["postgres", "clickhouse", "mysql", "mssql", "sqlite", "duckdb"]
PASSWORD = "SALESDX_DB_PASSWORD"
_KINDS: Mapping[str, Kind] = {
    "postgres": "postgres", "postgresql": "postgres", "clickhouse": "clickhouse",
    "mysql": "mysql", "mariadb": "mysql", "mssql": "mssql", "sqlite": "sqlite",
    "duckdb": "duckdb",
}  # fmt: skip
FILES: frozenset[Kind] = frozenset({"sqlite", "duckdb"})
# what may stand after `?` besides `table`; the rest is refused, not handed on
_OPTIONS: Mapping[Kind, frozenset[str]] = {
    "postgres": frozenset({"host", "sslmode", "sslrootcert", "sslcert", "sslkey"}),
    "clickhouse": frozenset({"secure"}),
    "mysql": frozenset({"ssl_ca"}),
    "mssql": frozenset({"driver", "Encrypt", "TrustServerCertificate"}),
    "sqlite": frozenset(),
    "duckdb": frozenset(),
}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_DRIVE = re.compile(r"/[A-Za-z]:[/\\]")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and which of its tables are wanted.

    `name` is the address as it may be shown. `password` is shown nowhere.
    """

    kind: Kind
    name: str
    database: str
    host: str | None = None
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[str, ...] = ()


def is_address(word: str) -> bool:
    """Whether a word of the command line is an address, not a file."""
    return _SCHEME.match(word) is not None


def address_of(word: str, tables: Sequence[str] = ()) -> Address:
    """Take an address apart.

    Args:
        word: the address.
        tables: tables wanted besides those that the address names.

    Raises:
        UsageError: not a database that we read, or not an address.
    """
    found = _SCHEME.match(word)
    scheme = found[1].casefold() if found else ""
    if scheme not in _KINDS:
        _unknown(scheme)
    kind = _KINDS[scheme]
    try:
        parts = urlsplit(word)
        asked = parse_qsl(parts.query, keep_blank_values=True)
        _ = parts.port
    except ValueError:
        raise _unreadable(kind) from None
    wanted = (*(v for k, v in asked if k == "table" and v), *tables)
    options = {k: v for k, v in asked if k != "table"}
    if kind in FILES:
        _check_options(kind, options)
        path = _path(parts)
        return Address(kind, path.name, str(path), tables=_once(wanted))
    rest = f"{parts.path}?{parts.query}"
    if parts.fragment or "@" in rest or (":" in parts.netloc and not parts.hostname):
        raise _unreadable(kind)  # a sign of the password has cut the address
    _check_options(kind, options)
    database = unquote(parts.path.strip("/"))
    user = unquote(parts.username) if parts.username else None
    written = unquote(parts.password) if parts.password else None
    place = parts.hostname or options.get("host", "localhost")
    port = f":{parts.port}" if parts.port else ""
    shown = f"{kind}://{f'{user}@' if user else ''}{place}{port}/{database}"
    return Address(
        kind, shown, database, parts.hostname or options.pop("host", None), parts.port,
        user, written or os.environ.get(PASSWORD) or None, options, _once(wanted),
    )  # fmt: skip


def _once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _path(parts: SplitResult) -> Path:
    """The file; `sqlite:///x.db` may also mean the file x.db of this folder."""
    written = unquote(parts.netloc + parts.path)
    if _DRIVE.match(written):
        written = written[1:]
    path = Path(written)
    here = Path(written.lstrip("/"))
    return here if not path.exists() and here.exists() else path


def _check_options(kind: Kind, options: Mapping[str, str]) -> None:
    known = _OPTIONS[kind]
    for name in options:
        if name in known:
            continue
        names = ", ".join(sorted({*known, "table"}))
        what = Said(
            f"{kind}: the address has an option that we do not take; known: {names}",
            f"{kind}: в адресе параметр, которого мы не знаем; есть {names}",
        )
        raise UsageError(hinted(what, did_you_mean(name, {*known, "table"})))


def _unknown(scheme: str) -> NoReturn:
    known = sorted(_KINDS)
    what = Said(
        f"{scheme}:// is not a database that we read; known: {', '.join(known)}",
        f"базы вида {scheme}:// мы не читаем; умеем {', '.join(known)}",
    )
    raise UsageError(hinted(what, did_you_mean(scheme, known)))


def _unreadable(kind: Kind) -> UsageError:
    return UsageError(
        Said(
            f"the address {kind}://… cannot be taken apart (it is not repeated here:"
            " it may hold a password). It reads"
            f" {kind}://user@host:port/database?table=name; put a password with signs"
            f" like @ : / ? # into the variable {PASSWORD} instead",
            f"адрес {kind}://… не разобрать (здесь не повторяем: в нём может быть"
            f" пароль). Он пишется так: {kind}://user@host:port/database?table=name;"
            " пароль со знаками вроде @ : / ? # передайте через переменную"
            f" {PASSWORD}",
        )
    )
