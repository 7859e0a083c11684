"""Tries that are counted: sign-ins, guesses at links, uploads (ASVS 5.0, 2.4.1).

Counted in the database, so that a restart forgives nothing. Whose they are is kept as
a hash.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from salesdx.access.tokens import hashed
from salesdx.storage import schema
from salesdx.storage.moments import written
from salesdx.storage.opening import writing

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
    key = hashed(f"{limit.name}\n{whose}")
    since = written(now - dt.timedelta(seconds=limit.seconds))
    mine = select(func.count()).where(_table.c.key == key, _table.c.at > since)
    with writing(engine) as connection:
        if connection.execute(mine).scalar_one() >= limit.most:
            return False
        old = written(now - _FORGOTTEN)
        connection.execute(_table.delete().where(_table.c.at < old))
        connection.execute(_table.insert().values(key=key, at=written(now)))
        return True


def forgive(engine: Engine, limit: Limit, whose: str) -> None:
    """Forget the tries: it was the right one."""
    key = hashed(f"{limit.name}\n{whose}")
    with writing(engine) as connection:
        connection.execute(_table.delete().where(_table.c.key == key))
