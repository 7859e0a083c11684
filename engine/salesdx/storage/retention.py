"""Close cases, and tell which have been closed for longer than they may be kept."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, select

from salesdx.storage import schema
from salesdx.storage.answers import lock
from salesdx.storage.events import record
from salesdx.storage.opening import reading, writing

KEPT_DAYS = 180  # after closing, unless another number is given


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed case and for how many days it has been so."""

    case: str
    closed_at: str
    days: int


def close(engine: Engine, case: str, at: str, actor: str) -> bool:
    """Say that work on a case is over; False if it was closed before.

    Raises:
        DataError: there is no such case.
    """
    return _set(engine, case, at, at, actor, "closed")


def reopen(engine: Engine, case: str, at: str, actor: str) -> bool:
    """Say that work on a case goes on; False if it was never closed.

    Raises:
        DataError: there is no such case.
    """
    return _set(engine, case, None, at, actor, "reopened")


def closed_at(engine: Engine, case: str) -> str | None:
    """When a case was closed; None for one in work, or one that is not there."""
    query = select(schema.cases.c.closed_at).where(schema.cases.c.id == case)
    with reading(engine) as connection:
        found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def _set(
    engine: Engine, case: str, closed: str | None, at: str, actor: str, action: str
) -> bool:
    c = schema.cases.c
    with writing(engine) as connection:
        lock(connection, case)
        found = connection.execute(select(c.closed_at).where(c.id == case)).scalar_one()
        if (found is None) == (closed is None):
            return False
        connection.execute(
            schema.cases.update().where(c.id == case).values(closed_at=closed)
        )
        record(connection, at, actor, action, case)
    return True


def due(engine: Engine, today: dt.datetime, days: int = KEPT_DAYS) -> list[Closed]:
    """Cases that have been closed for so many days, the oldest first."""
    c = schema.cases.c
    found = []
    with reading(engine) as connection:
        rows = select(c.id, c.closed_at).where(c.closed_at.is_not(None))
        for row in connection.execute(rows.order_by(c.closed_at, c.id)):
            age = (today - dt.datetime.fromisoformat(row.closed_at)).days
            if age >= days:
                found.append(Closed(row.id, row.closed_at, age))
    return found
