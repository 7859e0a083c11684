"""Bring a backup back into a database: all of it or nothing.

What was destroyed stays destroyed: a case on the purge list of the database, of the
backup or of acts of destruction is not even read in. The log of the database is kept;
what only the backup knows is added to it.
"""

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, MetaData, func, select

from salesdx.crm.progress import Progress, silent
from salesdx.errors import Said, UsageError
from salesdx.storage import schema
from salesdx.storage.backup_file import BackupFile
from salesdx.storage.events import Detail
from salesdx.storage.filling import fill
from salesdx.storage.log_joining import join_log, keep_log
from salesdx.storage.opening import reading
from salesdx.storage.upgrading import HEAD, in_one_step, run_steps

Life = tuple[str, str]  # id of a case and when it was added: an id may be used again


@dataclass(frozen=True, slots=True)
class Preview:
    """What a restore would do: cases there now, those lost, those left out."""

    now: int
    lost: tuple[str, ...]
    destroyed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done; `events` of the backup were added to the log."""

    cases: int
    answers: int
    destroyed: tuple[str, ...]
    events: int


def preview(engine: Engine, file: BackupFile, acts: Collection[Life] = ()) -> Preview:
    """Say what would be lost and what would stay destroyed; nothing is changed."""
    with reading(engine) as connection:
        now, purged = _cases(connection), _purged(connection)
    brought = {(str(r["id"]), str(r["added_at"])) for r in file.rows("cases")}
    doomed = _doomed(file, purged | set(acts))
    lost = sorted(case for case, _ in now - brought)
    return Preview(len(now), tuple(lost), tuple(sorted(doomed)))


def restore(
    engine: Engine, file: BackupFile, at: dt.datetime, actor: str,
    replace: bool = False, acts: Collection[Life] = (), progress: Progress = silent,
) -> Restored:  # fmt: skip
    """Put a verified backup in the place of what the database holds.

    Raises:
        UsageError: there are cases in it, and `replace` was not said.
        DataError: the backup is not what it says, or the database refuses it; the
            database is as it was.
    """
    now = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    with in_one_step(engine) as connection:
        if _cases(connection) and not replace:
            raise UsageError(Said(
                "the database holds cases already; restore into an empty one, or say"
                " --replace to lose what it holds",
                "в базе уже есть разборы; восстановите в пустую или добавьте"
                " --replace, и всё, что в ней есть, пропадёт",
            ))  # fmt: skip
        purged = _purged(connection)
        doomed = _doomed(file, purged | set(acts))
        keep_log(connection)
        _drop(connection)
        run_steps(connection, file.manifest.schema)
        fill(connection, file, doomed, progress)
        if file.manifest.schema != HEAD:
            run_steps(connection, HEAD)
        _still_purged(connection, purged | set(acts), now)
        cases, answers = (_count(connection, t) for t in ("cases", "answers"))
        digest = hashlib.sha256(file.manifest.packed()).hexdigest()
        counted: Detail = {
            "cases": cases, "left-out": len(doomed), "manifest": digest,
        }  # fmt: skip
        events = join_log(connection, now, actor, counted)
    return Restored(cases, answers, tuple(sorted(doomed)), events)


def _cases(connection: Connection) -> set[Life]:
    c = schema.cases.c
    return {(r.id, r.added_at) for r in connection.execute(select(c.id, c.added_at))}


def _purged(connection: Connection) -> set[Life]:
    c = schema.purged.c
    rows = connection.execute(select(c.case_id, c.added_at))
    return {(r.case_id, r.added_at) for r in rows}


def _doomed(file: BackupFile, purged: set[Life]) -> set[str]:
    """The cases of the backup that were destroyed since, or elsewhere."""
    own = {(r.get("case_id"), r.get("added_at")) for r in file.rows("purged")}
    return {
        str(r["id"])
        for r in file.rows("cases")
        if (r["id"], r["added_at"]) in purged | own
    }


def _drop(connection: Connection) -> None:
    """Take down what is there: the tables are made anew, as the backup knows them."""
    found = MetaData()
    names = [*schema.metadata.tables, "alembic_version"]
    found.reflect(connection, only=lambda name, _: name in names)
    found.drop_all(connection)


def _count(connection: Connection, table: str) -> int:
    rows = select(func.count()).select_from(schema.metadata.tables[table])
    return int(connection.execute(rows).scalar_one())


def _still_purged(connection: Connection, purged: set[Life], at: str) -> None:
    """The database goes on knowing what it has destroyed."""
    for case, added_at in sorted(purged - _purged(connection)):
        connection.execute(
            schema.purged.insert().values(case_id=case, added_at=added_at, at=at)
        )
