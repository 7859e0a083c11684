"""Tokens of the API: each speaks for one user, until a day, and may be taken back."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Engine, select

from salesdx.access.tokens import hashed, new_id, new_token
from salesdx.storage import schema
from salesdx.storage.events import record
from salesdx.storage.moments import read, written
from salesdx.storage.opening import reading, writing

DAYS = 365
State = Literal["open", "expired", "revoked"]
_EXACT = dt.timedelta(hours=1)  # how exactly the last use is kept
_table = schema.tokens


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as it may be listed; itself it was told once."""

    id: str
    user: str
    title: str
    made_at: str
    expires_at: str
    used_at: str | None
    revoked_at: str | None

    def state(self, now: dt.datetime) -> State:
        """Whether it holds."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= written(now) else "open"


def add_token(
    engine: Engine, user: str, title: str, now: dt.datetime, days: int = DAYS
) -> tuple[ApiToken, str]:
    """A new token of a user, and its text."""
    text, at = new_token(), written(now)
    made = ApiToken(
        new_id(), user, title, at, written(now + dt.timedelta(days=days)), None, None
    )
    with writing(engine) as connection:
        connection.execute(_table.insert().values(
            id=made.id, hash=hashed(text), user=user, title=title, made_at=at,
            expires_at=made.expires_at,
        ))  # fmt: skip
        record(connection, at, user, "token-made", "", {"token": made.id})
    return made, text


def user_of(engine: Engine, text: str, now: dt.datetime) -> str | None:
    """Whom a token speaks for; None where it does not hold."""
    with reading(engine) as connection:
        query = select(_table).where(_table.c.hash == hashed(text))
        row = connection.execute(query).first()
    if row is None or row.revoked_at or row.expires_at <= written(now):
        return None
    if row.used_at is None or now - read(row.used_at) > _EXACT:
        with writing(engine) as connection:
            mine = _table.update().where(_table.c.id == row.id)
            connection.execute(mine.values(used_at=written(now)))
    found: str = row.user
    return found


def tokens_of(engine: Engine, user: str) -> list[ApiToken]:
    """The tokens of a user, the newest first."""
    query = select(_table).where(_table.c.user == user)
    with reading(engine) as connection:
        found = [
            ApiToken(
                r.id, r.user, r.title, r.made_at, r.expires_at, r.used_at, r.revoked_at
            )
            for r in connection.execute(query)
        ]
    return sorted(found, key=lambda t: (t.made_at, t.id), reverse=True)


def revoke_token(engine: Engine, user: str, token: str, now: dt.datetime) -> bool:
    """Take a token of this user back; False where there is none."""
    at = written(now)
    mine = _table.c.id == token, _table.c.user == user, _table.c.revoked_at.is_(None)
    with writing(engine) as connection:
        done = connection.execute(_table.update().where(*mine).values(revoked_at=at))
        if done.rowcount:
            record(connection, at, user, "token-revoked", "", {"token": token})
    return bool(done.rowcount)
