"""When something of a case happened last, by the log."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select

from salesdx.storage import schema
from salesdx.storage.opening import reading

_events = schema.events.c


def last(engine: Engine, case: str, action: str) -> str | None:
    """When an action was done last in the present life of a case; None: never."""
    query = select(func.max(_events.at)).where(*_of(case, action))
    with reading(engine) as connection:
        found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def told(engine: Engine, case: str, action: str, name: str) -> dict[str, str]:
    """A code in the detail of an action -> when that was done last."""
    query = select(_events.detail, _events.at).where(*_of(case, action))
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(_events.n)).all()
    return {str(json.loads(r.detail).get(name)): r.at for r in rows}


def life(engine: Engine, case: str) -> str:
    """What tells a case from another one that bore, or will bear, the same id."""
    c = schema.cases.c
    with reading(engine) as connection:
        query = select(c.added_at).where(c.id == case)
        added = connection.execute(query).scalar_one_or_none()
    return f"{engine.url} {case} {added}"


def _of(case: str, action: str) -> list[ColumnElement[Any]]:
    c = schema.cases.c
    added = select(c.added_at).where(c.id == case).scalar_subquery()
    return [_events.case_id == case, _events.action == action, _events.at >= added]
