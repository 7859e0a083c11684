"""Presales specialists, buying centre, needs and demos (M-41 … M-48)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, epoch, flag, moment, picked, with_deal
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, means, shares, unknown, waits
from salesdx.metrics.work.chain import contacts, to_be_logged
from salesdx.metrics.work.papers import waiting

_BY_MANAGER = (("manager",),)
_MEETINGS = ("meeting", "presentation")


def _tasks(data: Data) -> Any:
    return data.kept("presales_tasks", lambda: _task_rows(data))


def _task_rows(data: Data) -> Any:
    rows = picked(
        data, "presales_tasks",
        "deal_id specialist stage requested_at started_at finished_at",
    )  # fmt: skip
    rows = rows.mutate(asked=epoch(rows.requested_at))
    rows = rows.filter(rows.asked <= moment(data))
    return with_deal(data, rows)


def wait_days(data: Data) -> Iterator[Measurement]:
    """Mean days from the request to the start; those who wait count their wait (M-41).

    A task finished without a recorded start says nothing about waiting.
    """
    rows = _tasks(data)
    rows = rows.filter(rows.started_at.notnull() | rows.finished_at.isnull())
    rows = waiting(data, rows, rows.requested_at, rows.started_at)
    yield from means("presales.wait-days", rows, rows.wait / 3600, 24.0, _BY_MANAGER)


def open_tasks(data: Data) -> Iterator[Measurement]:
    """Open tasks for each specialist who ever had one (M-42)."""
    rows = _tasks(data)
    rows = rows.filter(rows.specialist.notnull())
    finished = epoch(rows.finished_at) <= moment(data)
    counted = rows.aggregate(
        n=rows.specialist.nunique(),
        waiting=(1 - flag(finished)).sum(),
    )
    row = data.rows(counted)[0]
    specialists, waiting_now = int(row["n"] or 0), int(row["waiting"] or 0)
    if specialists:
        yield figure(
            "presales.open-tasks", waiting_now / specialists, n=specialists,
            numerator=waiting_now, denominator=specialists,
        )  # fmt: skip


def lead_time_change(data: Data) -> Iterator[Measurement]:
    """Median task time of the second half of the period over the first (M-42)."""
    rows = _tasks(data)
    ends = data.rows(rows.aggregate(first=rows.asked.min(), last=rows.asked.max()))[0]
    if ends["first"] is None:
        return
    middle = (int(ends["first"]) + int(ends["last"])) // 2
    rows = waiting(data, rows, rows.requested_at, rows.finished_at)
    halves = [
        next(waits("presales.lead-time-change", part, DAY))
        for part in (
            rows.filter(rows.asked <= middle),
            rows.filter(rows.asked > middle),
        )
    ]
    before, after = halves[0].value, halves[1].value
    if not before or after is None:
        yield unknown(
            "presales.lead-time-change",
            "too few presales tasks to compare two halves of the period",
            "задач пресейла мало, чтобы сравнить две половины периода",
        )
        return
    n = (halves[0].n or 0) + (halves[1].n or 0)
    yield figure("presales.lead-time-change", after / before, n=n)


def early(data: Data) -> Iterator[Measurement]:
    """Deals where presales was called before needs and buying centre (M-43).

    Early is a first task in the first stage of the funnel, or before any member of the
    buying centre was identified. Needs recorded at an unknown time count as in time.
    """
    tasks = _tasks(data).filter(lambda t: t.deal_id.notnull())
    stages = data.funnel.stages
    first_stage = stages[0].id if stages else ""
    by_stage = bool(first_stage) and data.has("presales_tasks", "stage")
    if not by_stage and not data.has("buying_centre"):
        yield unknown(
            "presales.early-share",
            "neither the stage of presales tasks nor the buying centre is recorded",
            "не записаны ни этап привлечения пресейла, ни закупочный центр",
        )
        return
    at_first = flag(tasks.stage == first_stage) if by_stage else flag(tasks.asked < 0)
    rows = (
        tasks.mutate(at_first=at_first)
        .group_by("deal_id")
        .agg(asked=tasks.asked.min(), at_first=at_first.max())
    )
    hit = rows.at_first == 1
    if data.has("buying_centre"):
        known = picked(data, "buying_centre", "deal_id identified_at needs_recorded")
        in_time = ibis.coalesce(
            epoch(known.identified_at),
            ibis.ifelse(known.needs_recorded.fill_null(False), 0, None).cast("int64"),
        )
        found = known.group_by(known.deal_id.name("of")).agg(ready=in_time.min())
        rows = rows.left_join(found, rows.deal_id == found.of)
        hit = hit | rows.ready.isnull() | (rows.ready > rows.asked)
    rows = rows.mutate(hit=flag(hit))
    rows = with_deal(data, rows, ("manager", "stage_id"))
    rows = rows.mutate(stage=rows.stage_id)
    grains = (("manager",), ("stage",))
    yield from shares("presales.early-share", rows, rows.hit, grains)


def coverage(data: Data) -> Iterator[Measurement]:
    """Identified members of buying centres who were contacted (M-44)."""
    rows = with_deal(data, picked(data, "buying_centre", "deal_id contacted_at"))
    hit = flag(rows.contacted_at.notnull())
    yield from shares("buying-centre.coverage", rows, hit, _BY_MANAGER)


def listed(data: Data) -> Iterator[Measurement]:
    """Deals with at least one identified member of the buying centre (M-44).

    Deals in the first stage are left out where stages are known: nobody was met yet.
    """
    known = picked(data, "buying_centre", "deal_id").distinct()
    known = known.select(of=known.deal_id)
    rows = deals(data)
    if data.funnel.stages:
        rows = rows.filter(rows.stage_id.fill_null("") != data.funnel.stages[0].id)
    rows = rows.left_join(known, rows.deal_id == known.of)
    hit = flag(rows.of.notnull())
    yield from shares("buying-centre.listed-share", rows, hit, _BY_MANAGER)


def needs(data: Data) -> Iterator[Measurement]:
    """Quoted deals whose needs were recorded before the quote (M-45).

    Without quotes: deals of the buying-centre list with any needs recorded. Needs
    recorded at an unknown time count as in time.
    """
    known = picked(data, "buying_centre", "deal_id identified_at needs_recorded")
    known = known.mutate(
        at=ibis.ifelse(
            known.needs_recorded.fill_null(False),
            ibis.coalesce(epoch(known.identified_at), 0),
            None,
        ).cast("int64")
    )
    found = known.group_by("deal_id").agg(recorded=known["at"].min())
    if data.has("quotes", "deal_id", "sent_at"):
        sent = picked(data, "quotes", "deal_id sent_at")
        sent = sent.mutate(sent=epoch(sent.sent_at))
        sent = sent.filter(sent.sent <= moment(data))
        first = sent.group_by(sent.deal_id.name("of")).agg(sent=sent.sent.min())
        rows = first.left_join(found, first.of == found.deal_id)
        rows = rows.select(deal_id=rows.of, sent=rows.sent, recorded=rows.recorded)
        rows = with_deal(data, rows)
        hit = flag(rows.recorded <= rows.sent)
    else:
        rows = with_deal(data, found)
        hit = flag(rows.recorded.notnull())
    yield from shares("needs.recorded-share", rows, hit, _BY_MANAGER)


def demo_instead(data: Data) -> Iterator[Measurement]:
    """Deals shown a demo before any meeting or presentation (M-46).

    The base is all deals that were met or shown anything: one stray demo among many
    meetings is no practice.
    """
    rows = contacts(data)
    rows = rows.filter(rows.deal_id.notnull())
    rows = rows.filter(rows.type.isin(("demo", *_MEETINGS)))
    never = ibis.null("int64")
    demo = ibis.ifelse(rows.type == "demo", rows.started, never)
    met = ibis.ifelse(rows.type == "demo", never, rows.started)
    rows = rows.mutate(demo=demo, met=met)
    rows = rows.group_by("deal_id").agg(demo=rows.demo.min(), met=rows.met.min())
    hit = flag(rows.demo.notnull() & (rows.met.isnull() | (rows.met > rows.demo)))
    rows = with_deal(data, rows.mutate(hit=hit))
    yield from shares("demo.instead-share", rows, rows.hit, _BY_MANAGER)


def demo_adapted(data: Data) -> Iterator[Measurement]:
    """Demos set up for the client, among demos where that is recorded (M-47)."""
    rows = contacts(data)
    rows = rows.filter((rows.type == "demo") & rows.adapted.notnull())
    yield from shares("demo.adapted-share", rows, flag(rows.adapted), _BY_MANAGER)


def history(data: Data) -> Iterator[Measurement]:
    """Contacts with a written outcome, whenever it was written (M-48)."""
    rows = to_be_logged(contacts(data))
    hit = flag(rows.outcome.notnull())
    yield from shares("history.complete-share", rows, hit, _BY_MANAGER)


_TASK = "presales_tasks.requested_at"
_CONTACT = ("activities.type", "activities.started_at")
METRICS: tuple[Metric, ...] = dated(
    Metric(("presales.wait-days",), (_TASK,), wait_days),
    Metric(("presales.open-tasks",), (_TASK, "presales_tasks.specialist"), open_tasks),
    Metric(("presales.lead-time-change",), (_TASK,), lead_time_change),
    Metric(("presales.early-share",), (_TASK, "presales_tasks.deal_id"), early),
    Metric(("buying-centre.coverage",), ("buying_centre",), coverage),
    Metric(("buying-centre.listed-share",), ("deals", "buying_centre"), listed),
    Metric(("needs.recorded-share",), ("buying_centre.needs_recorded",), needs),
    Metric(("demo.instead-share",), (*_CONTACT, "activities.deal_id"), demo_instead),
    Metric(("demo.adapted-share",), (*_CONTACT, "activities.adapted"), demo_adapted),
    Metric(("history.complete-share",), (*_CONTACT, "activities.outcome"), history),
)
