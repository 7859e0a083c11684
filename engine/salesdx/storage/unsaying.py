"""Delete what one respondent of a case said, so that no byte of it is left.

The rows go in one transaction, logged in counts and without a name; then the places
where they stood are swept, as those of a destroyed case. Each step may be repeated.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, or_, select

from salesdx.storage import files, schema
from salesdx.storage.answers import lock
from salesdx.storage.events import record
from salesdx.storage.inventory import Counts
from salesdx.storage.opening import reading, writing
from salesdx.storage.sweeping import Swept, sweep
from salesdx.storage.written import ANSWERS

ERASED, SWEPT = "respondent-erased", "swept"
RESULTS = ("results/", "reports/")  # what was written down may quote him
_files = schema.case_files.c


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What was deleted, and how the places were swept."""

    counts: Counts
    swept: Swept


def said_of(engine: Engine, case: str, who: str) -> Counts:
    """How much of a respondent the database holds, by kind."""
    with reading(engine) as connection:
        return _counts(connection, case, who)


def written_of(engine: Engine, case: str) -> int:
    """How many results and reports are saved: they may quote him."""
    with reading(engine) as connection:
        query = select(func.count(_files.path.distinct())).where(*_results(case))
        return int(connection.execute(query).scalar_one())


def unsay(
    engine: Engine, case: str, who: str, at: str, actor: str, results: bool = False
) -> Unsaid:
    """Delete what a respondent said, or finish what a killed run has begun.

    `results` deletes the saved results and reports of the case too. A closed case is
    no hindrance: nobody loses the right by our being ready.

    Raises:
        DataError: there is no such case; or the rows are gone but the files of the
            database could not be swept, and it is to be repeated.
    """
    with writing(engine) as connection:
        lock(connection, case)
        counts = _counts(connection, case, who)
        if results:
            counts["files"] = _without_results(connection, case)
        if any(counts.values()):
            for table, where in _rows(case, who).values():
                connection.execute(table.delete().where(where))
            # the file they came in would still quote him; it is written of the rows
            files.take_out(connection, case, ANSWERS)
            # as many answers may be there again, and they are others
            files.count_change(connection, case)
            record(connection, at, actor, ERASED, case, counts)
    swept = sweep(engine)
    with writing(engine) as connection:
        told: dict[str, int | str] = {"where": swept.kind, "copies": swept.copies}
        record(connection, at, actor, SWEPT, case, told)
    return Unsaid(counts, swept)


def _rows(case: str, who: str) -> dict[str, tuple[Table, ColumnElement[bool]]]:
    """Tables and what of them is his, those that hang on others first."""
    by = schema.links.c
    links = select(by.id).where(by.case_id == case, by.by == who).scalar_subquery()
    talks = schema.interviews.c
    own = select(talks.id).where(talks.case_id == case, talks.by == who)
    given, people = schema.answers.c, schema.respondents.c
    answers = or_(given.by == who, given.interview.in_(own.scalar_subquery()))
    return {
        "sessions": (schema.sessions, schema.sessions.c.link.in_(links)),
        "consents": (schema.consents, schema.consents.c.link.in_(links)),
        "links": (schema.links, (by.case_id == case) & (by.by == who)),
        "answers": (schema.answers, (given.case_id == case) & answers),
        "interviews": (
            schema.interviews, (talks.case_id == case) & (talks.by == who)
        ),
        "respondents": (
            schema.respondents, (people.case_id == case) & (people.id == who)
        ),
    }  # fmt: skip


def _counts(connection: Connection, case: str, who: str) -> Counts:
    def count(table: Table, where: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(where)
        return int(connection.execute(query).scalar_one())

    return {name: count(*one) for name, one in _rows(case, who).items()}


def _results(case: str) -> list[ColumnElement[Any]]:
    folders = or_(*(_files.path.startswith(f, autoescape=True) for f in RESULTS))
    return [_files.case_id == case, folders, ~_files.path.endswith("/")]


def _without_results(connection: Connection, case: str) -> int:
    found = connection.execute(select(_files.path).where(*_results(case)).distinct())
    names = found.scalars().all()
    for name in names:
        files.take_out(connection, case, name)
    return len(names)
