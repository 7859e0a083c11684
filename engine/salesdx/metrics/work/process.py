"""What sellers do, counted: contacts, papers, new requests, moves (M-56 ... M-59).

How these counts lead to each other stands in `contact_steps`.
"""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import epoch, flag, leads, moment, month, picked, with_deal
from salesdx.metrics.monthly import counted
from salesdx.metrics.registry import Compute, Metric, unknown
from salesdx.metrics.shares import dated
from salesdx.metrics.work.activity import per_working_day
from salesdx.metrics.work.chain import contacts

_MADE = {
    "activity.letters": "letter",
    "activity.calls": "call",
    "activity.presentations": "presentation",
    "activity.meetings": "meeting",
}
_CONTACTS = ("letter", "call", "chat", "presentation", "meeting")
# paper -> (table, column of the day it went out, type of the contact that stands in)
_PAPERS = {
    "activity.quotes-issued": ("quotes", "sent_at", "quote"),
    "activity.invoices-issued": ("payments", "issued_at", "invoice"),
    "activity.contracts-issued": ("contracts", "draft_sent_at", "contract"),
    "activity.payments-received": ("payments", "paid_at", ""),
}


def made(data: Data) -> Any:
    """Contacts begun by us; a direction that was not recorded is read as ours."""
    rows = contacts(data)
    return rows.filter(rows.direction.fill_null("out") == "out")


def contacts_made(data: Data) -> Iterator[Measurement]:
    """Contacts of each type, and all of them (M-56)."""
    rows = made(data)
    rows = rows.filter(rows.type.isin(_CONTACTS))
    rows = rows.mutate(period=month(rows.started_at))
    wanted = {"activity.contacts": rows.count()}
    wanted |= {metric: flag(rows.type == kind).sum() for metric, kind in _MADE.items()}
    yield from counted(data, rows, wanted, ("manager",))


def leads_created(data: Data) -> Iterator[Measurement]:
    """New requests of a manager or department (M-57)."""
    rows = leads(data)
    rows = rows.mutate(period=month(rows.created_at))
    rows = rows.filter(epoch(rows.created_at) <= moment(data))
    wanted = {"activity.leads-created": rows.count()}
    yield from counted(data, rows, wanted, ("manager", "channel", "department"))


def _issued(metric: str, table: str, column: str, kind: str) -> Compute:
    """Papers sent or money received (M-58).

    Where a paper has no table of its own, contacts of that type stand in for it.
    """

    def count(data: Data) -> Iterator[Measurement]:
        rows = _paper_rows(data, table, column, kind)
        if rows is None:
            yield unknown(metric, (f"{table}.{column}",))
            return
        rows = rows.mutate(period=month(rows.day))
        yield from counted(data, rows, {metric: rows.count()}, ("manager",))

    return count


def _paper_rows(data: Data, table: str, column: str, kind: str) -> Any:
    """One row a paper up to as-of: `manager`, `day`; None where nothing records it."""
    if data.has(table, column):
        rows = with_deal(data, picked(data, table, "deal_id", day=column))
    elif kind and data.has("activities", "type", "started_at"):
        rows = made(data)
        rows = rows.filter(rows.type == kind).mutate(day=rows.started_at)
    else:
        return None
    return rows.filter(epoch(rows.day) <= moment(data))


def papers_per_day(data: Data) -> Iterator[Measurement]:
    """Quotes, invoices and contracts sent for each working day present (M-106)."""
    metric = "activity.papers-per-day"
    found = [
        rows.select(manager=rows.manager, started=epoch(rows.day))
        for _, (table, column, kind) in sorted(_PAPERS.items())
        if kind and (rows := _paper_rows(data, table, column, kind)) is not None
    ]
    if not found:
        sources = [
            f"{table}.{column}" for table, column, kind in _PAPERS.values() if kind
        ]
        yield unknown(metric, sources)
        return
    rows = found[0] if len(found) == 1 else ibis.union(*found)
    yield from per_working_day(data, metric, rows)


def stage_moves(data: Data) -> Iterator[Measurement]:
    """Moves of deals from one stage to another, by the stage reached (M-59).

    The manager is who moved the deal, else the deal's own. The first stage of a deal
    is where it appears, not a move.
    """
    rows = picked(
        data, "stage_history", "deal_id entered_at", stage="stage_id",
        manager="changed_by",
    )  # fmt: skip
    rows = rows.mutate(at=epoch(rows.entered_at), period=month(rows.entered_at))
    rows = rows.filter((rows["at"] <= moment(data)) & rows.deal_id.notnull())
    order = [rows["at"], rows.stage, rows.manager]
    within = ibis.window(group_by=rows.deal_id, order_by=order)
    rows = rows.mutate(before=rows.stage.lag().over(within))
    rows = rows.filter(rows.before.notnull() & (rows.before != rows.stage))
    rows = with_deal(data, rows)
    wanted = {"activity.stage-moves": rows.count()}
    yield from counted(data, rows, wanted, ("stage", "manager"))


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("activity.contacts", *_MADE),
        ("activities.type", "activities.started_at"),
        contacts_made,
    ),
    Metric(("activity.leads-created",), ("leads.created_at",), leads_created),
    *(
        Metric((metric,), (), _issued(metric, *source))
        for metric, source in _PAPERS.items()
    ),
    Metric(("activity.papers-per-day",), (), papers_per_day),
    Metric(
        ("activity.stage-moves",),
        ("stage_history.stage_id", "stage_history.entered_at"),
        stage_moves,
    ),
)
