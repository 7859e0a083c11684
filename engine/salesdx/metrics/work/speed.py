"""How fast requests are answered, by the clock and in working time (M-07 … M-11).

Unanswered requests wait until as-of: they are never dropped. Requests that arrive
outside working hours are a class of their own.
"""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.calendar import on_calendar
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, epoch, flag, leads, moment
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, waits

_GRAINS = (("manager",), ("channel",), ("source",))


def requests(data: Data) -> Any:
    """Requests up to as-of: `created`, `ended` (answer or as-of), `done`, `off`.

    An answer before the request is a fault of the record: the row is left out. An
    answer after as-of has not happened yet.
    """
    return data.kept("requests", lambda: _requests(data), always=True)


def _requests(data: Data) -> Any:
    now = moment(data)
    rows = leads(data)
    rows = rows.select(
        "manager", "channel", "source", "after_hours",
        created=epoch(rows.created_at), answer=epoch(rows.first_response_at),
    )  # fmt: skip
    rows = rows.filter(rows.created.notnull() & (rows.created <= now))
    faulty = rows.answer.notnull() & (rows.answer < rows.created)
    rows = rows.filter(~faulty)
    answered = rows.answer.notnull() & (rows.answer <= now)
    rows = rows.mutate(
        done=flag(answered),
        ended=ibis.ifelse(answered, rows.answer, ibis.literal(now, "int64")),
    )
    rows = on_calendar(data, rows, "created", "in")
    rows = on_calendar(data, rows, "ended", "out")
    off = ibis.coalesce(rows.after_hours, rows.in_open == 0)
    return rows.select(
        "manager", "channel", "source", "done", "ended", "in_deadline",
        off=flag(off),
        by_clock=rows.ended - rows.created,
        worked=rows.out_worked - rows.in_worked,
    )  # fmt: skip


def responses(data: Data) -> Iterator[Measurement]:
    """Median first response including those that still wait (M-07, X-7)."""
    rows = requests(data)
    by_clock = rows.mutate(wait=rows.by_clock)
    worked = rows.mutate(wait=rows.worked)
    yield from waits("response.first-clock", by_clock, grains=_GRAINS)
    yield from waits("response.first-business", worked, grains=_GRAINS)
    inside = worked.filter(worked.off == 0)
    yield from waits("response.in-hours-business", inside)


def unanswered(data: Data) -> Iterator[Measurement]:
    """Requests with no answer by the end of the next working day, nor since."""
    rows = requests(data)
    rows = rows.filter((rows.done == 1) | (rows.in_deadline <= moment(data)))
    yield from shares("response.unanswered-share", rows, flag(rows.done == 0), _GRAINS)


def off_hours(data: Data) -> Iterator[Measurement]:
    """Requests outside working hours: how many, and how many are served (M-09).

    Served is answered before the close of the first working day that begins after the
    request; requests whose deadline has not passed count only when answered.
    """
    rows = requests(data)
    yield from shares("response.off-hours-share", rows, rows.off, (("channel",),))
    rows = rows.filter(rows.off == 1)
    rows = rows.filter((rows.done == 1) | (rows.in_deadline <= moment(data)))
    served = flag((rows.done == 1) & (rows.ended <= rows.in_deadline))
    metric = "response.off-hours-answered-share"
    yield from shares(metric, rows, served, (("channel",),))


def to_deal(data: Data) -> Iterator[Measurement]:
    """Median days from a request to the deal opened for it (M-11).

    The wait to the sale itself is the cycle; the two are kept apart. Requests that
    never became a deal are no part of it: conversion counts them.
    """
    known = leads(data)
    known = known.select(lead=known.lead_id, created=epoch(known.created_at))
    rows = deals(data, "lead_id")
    rows = rows.inner_join(known, rows.lead_id == known.lead)
    rows = rows.mutate(wait=rows.entered - rows.created, done=flag(rows.status != ""))
    rows = rows.filter((rows.wait >= 0) & (rows.entered <= moment(data)))
    grains = (("manager",), ("segment",), ("channel",), ("product",))
    yield from waits("lead.to-deal-days", rows, DAY, grains)


_ANSWERED = ("leads.created_at", "leads.first_response_at")
METRICS: tuple[Metric, ...] = dated(
    Metric(
        (
            "response.first-clock",
            "response.first-business",
            "response.in-hours-business",
        ),
        _ANSWERED,
        responses,
    ),
    Metric(("response.unanswered-share",), _ANSWERED, unanswered),
    Metric(
        ("response.off-hours-share", "response.off-hours-answered-share"),
        _ANSWERED,
        off_hours,
    ),
    Metric(
        ("lead.to-deal-days",),
        ("leads.created_at", "deals.lead_id", "deals.entered_at"),
        to_deal,
    ),
)
