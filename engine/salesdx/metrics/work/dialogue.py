"""How long sellers talk to clients, and calls nobody took (M-10)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import epoch, flag, leads, moment, picked, with_deal
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, unknown, waits
from salesdx.metrics.work.chain import contacts

_TALKS = ("call", "chat", "meeting", "presentation", "demo")


def _talks(data: Data) -> Any:
    rows = contacts(data)
    rows = rows.filter(rows.type.isin(_TALKS) & (rows.duration_s > 0))
    return rows.mutate(wait=rows.duration_s.ceil().cast("int64"))


def duration(data: Data) -> Iterator[Measurement]:
    """Median length of a talk; a call of no seconds was missed and is no talk."""
    metric = "dialogue.duration-median"
    rows = _with_channel(data, _talks(data))
    rows = rows.mutate(done=ibis.literal(1, "int64"))
    yield from waits(metric, rows, grains=(("manager",), ("channel",)))
    if data.has("stage_history", "stage_id", "entered_at"):
        rows = _at_stage(data, _talks(data))
        rows = rows.mutate(done=ibis.literal(1, "int64"))
        found = waits(metric, rows, grains=(("stage",),))
        yield from (m for m in found if m.slice)  # the company is there already


def deviation(data: Data) -> Iterator[Measurement]:
    """Median talk of a manager over the median of the whole team, minus one.

    A few talks are no habit: who has fewer than `dialogue.few-talks` is left out.
    """
    metric = "dialogue.deviation"
    rows = _talks(data).mutate(done=ibis.literal(1, "int64"))
    found = list(waits(metric, rows, grains=(("manager",),)))
    level = found[0].value
    if not level:
        yield unknown(
            metric, "the usual length of a talk is not known",
            "неизвестна обычная длина разговора",
        )  # fmt: skip
        return
    few = data.setting("dialogue.few-talks")
    for m in found[1:]:
        if m.value is not None and (m.n or 0) >= few:
            yield replace(
                m, value=m.value / level - 1, numerator=m.value, denominator=level,
                interval=None,
            )  # fmt: skip


def _with_channel(data: Data, rows: Any) -> Any:
    """The channel of the deal, else of the request."""
    rows = with_deal(data, rows, ("channel",))
    if not data.has("leads", "channel") or not data.has("activities", "lead_id"):
        return rows
    asked = leads(data)
    asked = asked.group_by(asked.lead_id.name("asked")).agg(
        asked_channel=asked.channel.max()
    )
    rows = rows.left_join(asked, rows.lead_id == asked.asked)
    return rows.mutate(channel=ibis.coalesce(rows.channel, rows.asked_channel))


def _at_stage(data: Data, rows: Any) -> Any:
    """The stage in which the deal stood at the moment of the talk.

    Entries into stages and talks of a deal are put in one order; a talk belongs to the
    last entry before it, found by their number so far.
    """
    moves = picked(data, "stage_history", "deal_id entered_at", entry="stage_id")
    moves = moves.mutate(started=epoch(moves.entered_at))
    moves = moves.filter(moves.deal_id.notnull() & (moves.started <= moment(data)))
    moves = moves.select(
        "deal_id", "started", "entry", move=ibis.literal(1, "int64"),
        wait=ibis.null("int64"),
    )  # fmt: skip
    rows = rows.filter(rows.deal_id.notnull())
    talks = rows.select(
        "deal_id", "started", entry=ibis.null("string"),
        move=ibis.literal(0, "int64"), wait=rows.wait,
    )  # fmt: skip
    both = ibis.union(moves, talks)
    order = [both.started, both.move.desc(), both.entry]
    so_far = ibis.window(
        group_by=both.deal_id, order_by=order, preceding=None, following=0
    )
    both = both.mutate(place=both.move.sum().over(so_far))
    entries = both.filter(both.move == 1).select(
        of_deal="deal_id", at_place="place", stage="entry"
    )
    entries = entries.group_by("of_deal", "at_place").agg(stage=entries.stage.max())
    talks = both.filter(both.move == 0)
    joined = talks.inner_join(
        entries, [talks.deal_id == entries.of_deal, talks.place == entries.at_place]
    )
    return joined.select("stage", "wait")


def missed_calls(data: Data) -> Iterator[Measurement]:
    """Calls in which nobody talked, among calls whose length is recorded."""
    rows = contacts(data)
    rows = rows.filter((rows.type == "call") & (rows.duration_s >= 0))
    hit = flag(rows.duration_s == 0)
    yield from shares("dialogue.missed-call-share", rows, hit, (("manager",),))


_LENGTH = ("activities.type", "activities.started_at", "activities.duration_s")
METRICS: tuple[Metric, ...] = dated(
    Metric(("dialogue.duration-median",), _LENGTH, duration),
    Metric(("dialogue.deviation",), _LENGTH, deviation),
    Metric(("dialogue.missed-call-share",), _LENGTH, missed_calls),
)
