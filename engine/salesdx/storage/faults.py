"""What a database refuses, in the words of the one who has to mend it.

A driver's message is shown only where we know no better, and never with a password.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from salesdx.errors import DataError, Said

_BUSY = Said(
    "another program has been writing to it for too long; try again",
    "её слишком долго занимает другая программа; повторите попытку",
)
_READ_ONLY = Said(
    "it may not be written to; check the rights on the file and on its folder",
    "запись запрещена; проверьте права на файл и на его папку",
)
_DISK = Said(
    "the disk does not take or give what is written; nothing was saved. Check the disk"
    " and the space on it",
    "диск не записывает или не читает; ничего не сохранено. Проверьте диск и место на"
    " нём",
)
_FULL = Said(
    "there is no space left on the disk; nothing was saved. Make space and repeat",
    "на диске не осталось места; ничего не сохранено. Освободите место и повторите",
)
_DAMAGED = Said(
    "the file is damaged; restore the last backup",
    "файл базы повреждён; восстановите последнюю резервную копию",
)
NO_DATABASE = Said("the file is no SQLite database", "этот файл — не база SQLite")
_NOT_OPENED = Said(
    "the file cannot be opened; check the path and the rights",
    "файл не открывается; проверьте путь и права доступа",
)
# primary result codes of SQLite
_SQLITE: Mapping[int, Said] = {
    3: _NOT_OPENED, 5: _BUSY, 6: _BUSY, 8: _READ_ONLY, 10: _DISK, 11: _DAMAGED,
    13: _FULL, 14: _NOT_OPENED, 23: _NOT_OPENED, 26: NO_DATABASE,
}  # fmt: skip

_PASSWORD = Said(
    "the user or the password is not accepted",
    "пользователь или пароль не подошли",
)
_NO_BASE = Said("there is no such database", "такой базы там нет")
_RIGHTS = Said("this user lacks the rights", "у этого пользователя не хватает прав")
_SILENT = Said("nothing answers there", "там никто не отвечает")
_HOST = Said("no such host is known", "такого сервера не найти")
_LATE = Said("it did not answer in time", "сервер не ответил вовремя")
_GONE = Said(
    "the connection was cut; what was not confirmed is not saved, so repeat it",
    "связь оборвалась; неподтверждённое не сохранено, повторите",
)
_SERVER_FULL = Said(
    "the server has no space left; nothing was saved",
    "на сервере не осталось места; ничего не сохранено",
)
_CROWDED = Said(
    "too many connections at once; try again",
    "слишком много подключений сразу; повторите попытку",
)
# classes and codes of SQLSTATE; a code before its class
_STATES: Mapping[str, Said] = {
    "3D000": _NO_BASE, "42501": _RIGHTS, "28": _PASSWORD, "53100": _SERVER_FULL,
    "53300": _CROWDED, "08": _GONE, "57P01": _GONE, "57P02": _GONE, "57P03": _SILENT,
    "55P03": _BUSY, "57014": _LATE, "25006": _RIGHTS,
}  # fmt: skip
# a connection that never came about has no code, only words
_WORDS: tuple[tuple[str, Said], ...] = (
    ('password|authentication|role ".*" does not|пароль|роль', _PASSWORD),
    ("timeout expired|timed out", _LATE),
    ("translate host|name or service|resolve|nodename|name resolution", _HOST),
    ('database ".*" does not exist|база данных .* не существует', _NO_BASE),
    ("too many (clients|connections)|remaining connection slots", _CROWDED),
    ("refused|no such file or directory|cannot assign|unreachable", _SILENT),
    ("closed the connection|terminating|connection.*(lost|closed)|ssl syscall", _GONE),
)


def name_of(url: URL) -> str:
    """An address as it may be shown: without password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    asked = url.query.get("host", "")
    host = url.host or (asked if isinstance(asked, str) else asked[0]) or "localhost"
    user = f"{url.username}@" if url.username else ""
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{user}{host}{port}/{url.database or ''}"


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turn what the driver says into words of ours.

    The error of the driver is not kept: it may hold what it was given to write.
    """
    what = None
    try:
        yield
    except DBAPIError as error:
        what = _reason(error.orig, engine.url)
    except sqlite3.Error as error:
        what = _reason(error, engine.url)
    except NoConnectionLeft:
        what = _CROWDED
    if what is not None:
        raise DataError(about(engine.url, what))


def about(url: URL, what: Said) -> Said:
    """A fault of a database, with its name in front."""
    name = name_of(url)
    return Said(f"{name}: {what}", f"{name}: {what.ru}")


def _reason(error: BaseException | None, url: URL) -> Said:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _SQLITE:
            return _SQLITE[code]
    state = getattr(error, "sqlstate", None) or ""
    for key in (state, state[:2]):
        if key in _STATES:
            return _STATES[key]
    text = str(error or "")
    if not state:
        for pattern, said in _WORDS:
            if re.search(pattern, text, re.IGNORECASE):
                return said
    line = next((x.strip() for x in text.splitlines() if x.strip()), "")
    secret = url.password
    for word in {str(secret), quote(str(secret))} if secret else ():
        line = line.replace(word, "***")
    return Said(f"it refused: {line[:300]}", f"база отказала: {line[:300]}")
