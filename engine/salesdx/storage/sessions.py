"""Who is signed in: a user, or the holder of a link (OWASP ASVS 5.0, chapter 7).

The cookie holds a token, the table its hash. A session ends by signing out, when it
was not used for long, and in any case after some days.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, select

from salesdx.access.tokens import hashed, new_token
from salesdx.storage import schema
from salesdx.storage.moments import read, written
from salesdx.storage.opening import reading, writing

# Of a user; a respondent may put the phone away until tomorrow (WCAG 2.2.1: 20 hours).
IDLE, LONGEST = dt.timedelta(hours=8), dt.timedelta(days=7)
OF_LINK = dt.timedelta(days=30)  # the link itself ends sooner
_SEEN = dt.timedelta(minutes=5)  # how exactly the last use is kept
_table = schema.sessions


@dataclass(frozen=True, slots=True)
class Session:
    """One that holds: of a user or of a link."""

    user: str | None
    link: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user is signed in, as it may be listed; `here` by the session asking."""

    made_at: str
    seen_at: str
    here: bool


def begin(
    engine: Engine, now: dt.datetime, *, user: str | None = None,
    link: str | None = None, instead_of: str | None = None,
) -> str:  # fmt: skip
    """A new session; gives the token for the cookie.

    `instead_of` is the token of the session before, which ends: an id that somebody
    may have planted is worth nothing (7.2.4).
    """
    token, at = new_token(), written(now)
    with writing(engine) as connection:
        if instead_of:
            connection.execute(
                _table.delete().where(_table.c.hash == hashed(instead_of))
            )
        old = written(now - OF_LINK)
        connection.execute(_table.delete().where(_table.c.made_at < old))
        connection.execute(_table.insert().values(
            hash=hashed(token), user=user, link=link, made_at=at, seen_at=at
        ))  # fmt: skip
    return token


def find(engine: Engine, token: str, now: dt.datetime) -> Session | None:
    """The session of a token, if it still holds."""
    key = hashed(token)
    with reading(engine) as connection:
        row = connection.execute(select(_table).where(_table.c.hash == key)).first()
    if row is None:
        return None
    made, seen = read(row.made_at), read(row.seen_at)
    idle, longest = (IDLE, LONGEST) if row.user else (OF_LINK, OF_LINK)
    if now - seen > idle or now - made > longest:
        end(engine, token)
        return None
    if now - seen > _SEEN:
        with writing(engine) as connection:
            connection.execute(
                _table.update().where(_table.c.hash == key).values(seen_at=written(now))
            )
    return Session(row.user, row.link)


def end(engine: Engine, token: str) -> None:
    """Sign out."""
    with writing(engine) as connection:
        connection.execute(_table.delete().where(_table.c.hash == hashed(token)))


def end_others(engine: Engine, user: str, token: str) -> None:
    """Sign a user out everywhere but here."""
    others = _table.c.user == user, _table.c.hash != hashed(token)
    with writing(engine) as connection:
        connection.execute(_table.delete().where(*others))


def places_of(
    engine: Engine, user: str, token: str, now: dt.datetime
) -> list[Place]:  # fmt: skip
    """Where a user is signed in, the last used first."""
    holding = (
        _table.c.user == user, _table.c.seen_at >= written(now - IDLE),
        _table.c.made_at >= written(now - LONGEST),
    )  # fmt: skip
    latest = select(_table).where(*holding).order_by(_table.c.seen_at.desc())
    mine = hashed(token)
    with reading(engine) as connection:
        return [
            Place(row.made_at, row.seen_at, row.hash == mine)
            for row in connection.execute(latest)
        ]
