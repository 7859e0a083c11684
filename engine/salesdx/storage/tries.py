"""Tries that are counted: sign-ins, guesses at links, uploads (ASVS 5.0, 2.4.1).

Counted in the database, so that a restart forgives nothing. Whose they are is kept as
a hash.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from salesdx.access.tokens import hashed
from salesdx.storage import schema
from salesdx.storage.moments import read, written
from salesdx.storage.opening import reading, writing

_FORGOTTEN = dt.timedelta(days=1)
_table = schema.tries


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within so many seconds."""

    name: str
    most: int
    seconds: int


def try_once(engine: Engine, limit: Limit, whose: str, now: dt.datetime) -> bool:
    """Count a try; False where there were too many: then it is not to happen."""
    key = _key(limit.name, whose)
    since = written(now - dt.timedelta(seconds=limit.seconds))
    mine = select(func.count()).where(_table.c.key == key, _table.c.at > since)
    with writing(engine) as connection:
        counted = connection.execute(mine).scalar_one()
        if counted >= limit.most:
            return False
        if counted == 0:  # once in a while is enough: it looks at every row
            old = written(now - _FORGOTTEN)
            connection.execute(_table.delete().where(_table.c.at < old))
        connection.execute(_table.insert().values(key=key, at=written(now)))
        return True


def wait_for(engine: Engine, limit: Limit, whose: str, now: dt.datetime) -> int:
    """Seconds until a refused try may be repeated: until the oldest is forgotten."""
    since = written(now - dt.timedelta(seconds=limit.seconds))
    mine = _table.c.key == _key(limit.name, whose), _table.c.at > since
    latest = select(_table.c.at).where(*mine).order_by(_table.c.at.desc())
    with reading(engine) as connection:
        counted = connection.execute(latest.limit(limit.most)).scalars().all()
    if len(counted) < limit.most:
        return 0
    free = read(counted[-1]) + dt.timedelta(seconds=limit.seconds)
    return max(1, int((free - now).total_seconds()) + 1)


def remember(engine: Engine, name: str, whose: str, until: dt.datetime) -> None:
    """Note somebody who has proved who he is, until a moment."""
    key = _key(name, whose)
    with writing(engine) as connection:
        connection.execute(_table.delete().where(_table.c.key == key))
        connection.execute(_table.insert().values(key=key, at=written(until)))


def remembered(engine: Engine, name: str, whose: str, now: dt.datetime) -> bool:
    """Whether somebody was noted, and the moment has not come."""
    mine = _table.c.key == _key(name, whose), _table.c.at > written(now)
    with reading(engine) as connection:
        return connection.execute(select(_table.c.n).where(*mine)).first() is not None


def forgive(engine: Engine, limit: Limit, whose: str) -> None:
    """Forget the tries: it was the right one."""
    key = _key(limit.name, whose)
    with writing(engine) as connection:
        connection.execute(_table.delete().where(_table.c.key == key))


def _key(name: str, whose: str) -> str:
    return hashed(f"{name}\n{whose}")
