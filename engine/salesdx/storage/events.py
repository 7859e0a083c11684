"""What happened to the cases: a log only added to, each row chained to the last.

A row says who did what, when and to which case; numbers and codes, never an answer, a
name or a text. Changed, removed and inserted rows break the chain; a cut end is missed
because `event_head` counts. Who may write the whole database may write a new chain too:
against that, keep the last hash elsewhere (every act and every backup holds it).
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from salesdx.storage import schema

BEGINNING = "0" * 64  # what stands before the first event
ONE = 1  # the only row of event_head
_LOCK = 7_300_118  # any number, the same for every salesdx
_CODE = re.compile(r"[A-Za-z0-9._:+-]{1,80}")
Detail = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log."""

    n: int
    at: str
    actor: str
    action: str
    case: str
    detail: str
    before: str
    hash: str

    def counted(self) -> dict[str, Any]:
        """The numbers and codes of the detail."""
        found: dict[str, Any] = json.loads(self.detail)
        return found

    def expected(self) -> str:
        """The hash that this row must have."""
        return chained(
            self.n, self.at, self.actor, self.action, self.case, self.detail,
            self.before,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the chain, and at which event."""

    n: int
    kind: str  # changed | gap | unchained | cut


@dataclass(frozen=True, slots=True)
class Chain:
    """The log as `verify` found it; `hash` is that of the last event."""

    count: int
    hash: str
    faults: tuple[Fault, ...]


def record(
    connection: Connection, at: str, actor: str, action: str, case: str = "",
    detail: Detail | None = None,
) -> None:  # fmt: skip
    """Add an event in the transaction of what it tells of: both happen or none.

    `at` is a time in UTC, ISO 8601. The detail holds counts and codes; call this last
    in the transaction, for other writers of events wait until it is committed.

    Raises:
        ValueError: the detail holds a text. It could be somebody's answer or name.
    """
    packed = _packed(detail or {})
    count, before = head(connection, wait=True)
    n = count + 1
    found = chained(n, at, actor, action, case, packed, before)
    connection.execute(
        schema.events.insert().values(
            n=n, at=at, actor=actor, action=action, case_id=case, detail=packed,
            before=before, hash=found,
        )
    )  # fmt: skip
    set_head(connection, n, found)


def _packed(detail: Detail) -> str:
    for name, value in detail.items():
        sound = isinstance(value, int) or _CODE.fullmatch(value)
        if not sound or not _CODE.fullmatch(name):
            raise ValueError(f"the log takes counts and codes, not {name}={value!r}")
    return json.dumps(dict(detail), sort_keys=True, separators=(",", ":"))


def chained(*fields: int | str) -> str:
    """The hash of an event and, through `before`, of all events up to it."""
    told = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def head(connection: Connection, wait: bool = False) -> tuple[int, str]:
    """How many events there are, and the hash of the last."""
    if wait and connection.dialect.name == "postgresql":  # SQLite has one writer
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    row = connection.execute(select(schema.event_head)).one_or_none()
    return (0, BEGINNING) if row is None else (row[1], row[2])


def set_head(connection: Connection, count: int, found: str) -> None:
    """Say how far the log goes."""
    table, values = schema.event_head, {"count": count, "hash": found}
    if not connection.execute(table.update().values(values)).rowcount:
        connection.execute(table.insert().values(one=ONE, **values))


def events(connection: Connection, case: str | None = None) -> Iterator[Event]:
    """The events in order; those of one case, if it is named."""
    rows = select(schema.events).order_by(schema.events.c.n)
    if case is not None:
        rows = rows.where(schema.events.c.case_id == case)
    for row in connection.execute(rows.execution_options(yield_per=500)):
        yield Event(*row)


def verify(connection: Connection) -> Chain:
    """Walk the whole log and name every place where the chain does not hold."""
    faults: list[Fault] = []
    n, before = 0, BEGINNING
    for event in events(connection):
        if event.n != n + 1:
            faults.append(Fault(n + 1, "gap"))
        elif event.before != before:
            faults.append(Fault(event.n, "unchained"))
        if event.hash != event.expected():
            faults.append(Fault(event.n, "changed"))
        n, before = event.n, event.hash
    count, last = head(connection)
    if (count, last) != (n, before):
        faults.append(Fault(min(count, n) + 1, "cut"))
    return Chain(n, before, tuple(faults))
