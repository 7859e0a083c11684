"""Requests under control: lost ones, missing next steps, tickets in time."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.calendar import on_calendar
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag, moment, picked, with_deal
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, unknown
from salesdx.metrics.work.chain import due_requests
from salesdx.metrics.work.papers import due

_BY_MANAGER = (("manager",),)
_TOUCHED = ("first_attempt_at", "reached_at", "first_response_at")


def _tickets(data: Data) -> Any:
    return data.kept("tickets", lambda: _ticket_rows(data))


def _ticket_rows(data: Data) -> Any:
    rows = picked(
        data, "tickets", "deal_id next_task due_at closed_at deleted",
        manager="assignee",
    )  # fmt: skip
    owned = rows.mutate(owner=rows.manager)
    return with_deal(data, owned)


def lost(data: Data) -> Iterator[Measurement]:
    """Requests that nobody serves, among tickets and inbound requests (M-53).

    A ticket is lost when it was deleted unserved, or is still open a working day after
    it was due; a request when nobody tried to reach or answer the client by the end of
    the next working day.
    """
    parts = []
    if data.has("tickets", "due_at") or data.has("tickets", "deleted"):
        parts.append(_lost_tickets(data))
    touched = [c for c in _TOUCHED if data.has("leads", c)]
    if touched and data.has("leads", "created_at"):
        rows = due_requests(data)
        never = rows[touched[0]].isnull()
        for name in touched[1:]:
            never = never & rows[name].isnull()
        parts.append(rows.select(manager=rows.manager, hit=flag(never)))
    if not parts:
        yield unknown(
            "requests.lost-share",
            "neither tickets nor requests record what was done",
            "ни по тикетам, ни по заявкам не записано, что сделано",
        )
        return
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    yield from shares("requests.lost-share", rows, rows.hit, _BY_MANAGER)


def _lost_tickets(data: Data) -> Any:
    rows = _tickets(data)
    rows = rows.mutate(due=ibis.coalesce(due(rows.due_at), moment(data)))
    rows = on_calendar(data, rows, "due", "due")
    unserved = rows.closed_at.isnull()
    deleted = rows.deleted.fill_null(False) & unserved
    late = unserved & rows.due_at.notnull() & (rows.due_deadline <= moment(data))
    return rows.select(manager=rows.manager, hit=flag(deleted | late))


def missing_tasks(data: Data) -> Iterator[Measurement]:
    """Open deals without a next task, open tickets without a task or owner (M-54)."""
    parts = []
    if data.has("deals", "next_task_at"):
        rows = deals(data, "next_task_at")
        rows = rows.filter(rows.status == "open")
        parts.append(
            rows.select(manager=rows.manager, hit=flag(rows.next_task_at.isnull()))
        )
    if data.has("tickets", "next_task") or data.has("tickets", "assignee"):
        rows = _tickets(data)
        rows = rows.filter(rows.closed_at.isnull() & ~rows.deleted.fill_null(False))
        lacks = ibis.literal(False)
        if data.has("tickets", "next_task"):
            lacks = lacks | rows.next_task.isnull()
        if data.has("tickets", "assignee"):
            lacks = lacks | rows.owner.isnull()
        parts.append(rows.select(manager=rows.manager, hit=flag(lacks)))
    if not parts:
        yield unknown(
            "tasks.missing-share",
            "the next task is recorded neither in deals nor in tickets",
            "следующая задача не ведётся ни в сделках, ни в тикетах",
        )
        return
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    yield from shares("tasks.missing-share", rows, rows.hit, _BY_MANAGER)


def on_time(data: Data) -> Iterator[Measurement]:
    """Tickets closed by the due date, among those closed or overdue (M-55)."""
    rows = _tickets(data)
    rows = rows.filter(rows.due_at.notnull() & ~rows.deleted.fill_null(False))
    closed = rows.closed_at.cast("timestamp").epoch_seconds().cast("int64")
    rows = rows.mutate(due=due(rows.due_at), closed=closed)
    happened = rows.closed <= moment(data)
    rows = rows.mutate(hit=flag(happened & (rows.closed <= rows.due)))
    rows = rows.filter(happened | (rows.due <= moment(data)))
    yield from shares("tickets.on-time-share", rows, rows.hit, _BY_MANAGER)


METRICS: tuple[Metric, ...] = dated(
    Metric(("requests.lost-share",), (), lost),
    Metric(("tasks.missing-share",), (), missing_tasks),
    Metric(("tickets.on-time-share",), ("tickets.due_at",), on_time),
)
