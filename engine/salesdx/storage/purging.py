"""Destroy a case in the database, so that no byte of it is left in its files.

Two steps, each of which may be repeated: the rows go in one transaction, which also
remembers and logs it; then the places where they stood are swept. The act is written of
what the log says, so a run that was killed is finished by running it again.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from salesdx.answers.pins import FOLDER
from salesdx.knowledge.pinned import SHORT
from salesdx.storage import schema, staged
from salesdx.storage.answers import lock, no_case
from salesdx.storage.events import Detail, Event, events, record
from salesdx.storage.inventory import Counts, of_case
from salesdx.storage.opening import reading, writing
from salesdx.storage.sweeping import Swept, sweep

PURGED, SWEPT = "purged", "swept"
_CHILDREN = (  # sessions go with the links
    schema.answers, schema.interviews, schema.respondents, schema.case_files,
    schema.consents, schema.links, schema.members,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A case that is to be destroyed: what is in it, or that only traces are left."""

    case: str
    counts: Counts
    gone: bool


@dataclass(frozen=True, slots=True)
class Purged:
    """A destroyed case: what the log says of it, and how its places were swept."""

    case: str
    counts: Counts
    ground: str
    added_at: str
    at: str
    actor: str
    swept: Swept
    events: tuple[Event, ...]


def find(engine: Engine, case: str) -> Found:
    """Look at a case before it is destroyed.

    Raises:
        DataError: there is no such case, and none of this id was destroyed.
    """
    with reading(engine) as connection:
        if _added_at(connection, case) is not None:
            return Found(case, of_case(connection, case), False)
        told = _last(connection, case)
        if told is None:
            raise no_case(case)
        return Found(case, _counts(told), True)


def purge(engine: Engine, case: str, at: str, actor: str, ground: str) -> Purged:
    """Destroy a case, or finish what a killed run has begun.

    Raises:
        DataError: there is no such case; or its rows are gone but the files of the
            database could not be swept, and the command is to be repeated.
    """
    with writing(engine) as connection:
        if _added_at(connection, case) is not None:
            _delete(connection, case, at, actor, ground)
    staged.erase_case(engine, case)
    swept = sweep(engine)
    with writing(engine) as connection:
        told = _last(connection, case)
        if told is None:
            raise no_case(case)
        counted: Detail = {"where": swept.kind, "copies": swept.copies}
        record(connection, at, actor, SWEPT, case, counted)
        found = tuple(events(connection, case))
    detail = told.counted()
    return Purged(
        case, _counts(told), str(detail["ground"]), str(detail["added"]), told.at,
        told.actor, swept, found,
    )  # fmt: skip


def _delete(
    connection: Connection, case: str, at: str, actor: str, ground: str
) -> None:
    lock(connection, case)
    counts, added_at = of_case(connection, case), _added_at(connection, case)
    assert added_at is not None
    alone = _questions_of(connection, case)
    for table in _CHILDREN:
        connection.execute(table.delete().where(table.c.case_id == case))
    connection.execute(schema.cases.delete().where(schema.cases.c.id == case))
    kept = schema.questionnaires
    connection.execute(kept.delete().where(kept.c.sha256.in_(alone)))
    life, known = {"case_id": case, "added_at": added_at}, schema.purged
    connection.execute(known.delete().filter_by(**life))
    connection.execute(known.insert().values(**life, at=at))
    counted: Detail = {**counts, "ground": ground, "added": added_at}
    record(connection, at, actor, PURGED, case, counted)


def _questions_of(connection: Connection, case: str) -> list[str]:
    """Questionnaires that no other case uses: an own one may name people."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    talks, files = schema.interviews.c, schema.case_files.c
    for row in connection.execute(select(talks.case_id, talks.sha256).distinct()):
        found[row.case_id == case].add(row.sha256)
    paths = select(files.case_id, files.path).where(files.path.startswith(f"{FOLDER}/"))
    every = connection.execute(select(schema.questionnaires.c.sha256)).scalars().all()
    for row in connection.execute(paths.distinct()):
        mark = row.path.removesuffix(".json")[-SHORT:]
        found[row.case_id == case].update(h for h in every if h.startswith(mark))
    return sorted(found[True] - found[False])


def _added_at(connection: Connection, case: str) -> str | None:
    c = schema.cases.c
    found: Any = connection.execute(select(c.added_at).where(c.id == case))
    added_at: str | None = found.scalar_one_or_none()
    return added_at


def _last(connection: Connection, case: str) -> Event | None:
    """The last destruction of a case of this id."""
    found = [e for e in events(connection, case) if e.action == PURGED]
    return found[-1] if found else None


def _counts(told: Event) -> Counts:
    return {n: v for n, v in told.counted().items() if isinstance(v, int)}
