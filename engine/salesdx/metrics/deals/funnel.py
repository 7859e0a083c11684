"""The funnel: how many mature entries reached each stage and went on from it.

A deal that skipped a stage passed it: what counts is the furthest stage reached. The
stages are those of company.yaml; without them the order in which deals visit them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import ibis

from salesdx.facts import Measurement, slice_of
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import deal_rows
from salesdx.metrics.deals.conversion import BLIND, rate, unjudged
from salesdx.metrics.deals.deal_counts import blind_dimensions, counts
from salesdx.metrics.deals.maturity import cutoff
from salesdx.metrics.registry import Metric
from salesdx.result import FunnelStep

WON = "won"
NO_STAGES = Text(
    en="no stages: describe them in company.yaml or supply the stage history",
    ru="этапы неизвестны: опишите их в company.yaml или выгрузите историю этапов",
)
NO_MAIN = Text(
    en="company.yaml names no main stage", ru="в company.yaml не указан главный этап"
)
NOT_REACHED = Text(
    en="no mature entry reached this stage", ru="до этого этапа ещё никто не дошёл"
)
_reached: WeakKeyDictionary[Data, dict[tuple[str | None, int], int]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True, slots=True)
class Stages:
    """Stage ids in order, and the title of each."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]


def stages(data: Data) -> Stages | None:
    """The stages in order, or None when nothing tells them."""
    named = data.funnel.stages
    if named:
        return Stages(tuple(s.id for s in named), tuple(s.title or s.id for s in named))
    if not data.has("stage_history", "deal_id", "stage_id", "entered_at"):
        return None
    ids = _observed_order(data)
    return Stages(ids, ids) if len(ids) > 1 else None


def _observed_order(data: Data) -> tuple[str, ...]:
    """Stages by their mean place in the histories of deals.

    Stages that no won deal ever visited are ends of lost deals, not steps.
    """
    history = data.table("stage_history")
    history = history.filter(history.stage_id.notnull(), history.entered_at.notnull())
    first = history.group_by("deal_id", "stage_id").agg(
        at=history.entered_at.epoch_seconds().cast("int64").min()
    )
    window = ibis.window(group_by="deal_id", order_by=["at", "stage_id"])
    placed = first.mutate(place=ibis.row_number().over(window))
    deals = data.table("deals").select("deal_id", "status")
    joined = placed.join(deals, "deal_id")
    found = data.rows(
        joined.group_by("stage_id").agg(
            n=joined.count(),
            place=joined.place.sum(),
            won=(joined.status == "won").sum(),
        )
    )
    steps = [r for r in found if r["won"]]
    steps.sort(key=lambda r: (r["place"] / r["n"], r["stage_id"]))
    return tuple(r["stage_id"] for r in steps)


def _reached_counts(data: Data) -> dict[tuple[str | None, int], int]:
    """(manager, furthest stage) -> mature entries; `len(stages)` means won.

    Deals of other funnels and deals without any trace of a stage are left out.
    """
    if data in _reached:
        return _reached[data]
    order, days = stages(data), cutoff(data).days
    found: dict[tuple[str | None, int], int] = {}
    if order is not None and days is not None:
        rows = furthest(data, order)
        rows = rows.filter(rows.age >= days, rows.place >= 0)
        grouped = rows.group_by("manager", "place").agg(n=rows.count())
        for r in data.rows(grouped):
            found[(r["manager"], int(r["place"]))] = r["n"]
    _reached[data] = found
    return found


def furthest(data: Data, order: Stages) -> Any:
    """Deal rows with `place`, the furthest stage reached, -1 where unknown."""
    places = {stage: i for i, stage in enumerate(order.ids)}
    rows = deal_rows(data)
    if data.has("deals", "funnel_id") and data.funnel.stages:
        in_main = rows.funnel_id == data.funnel.id
        if data.rows(rows.agg(n=in_main.sum()))[0]["n"]:
            rows = rows.filter(rows.funnel_id.isnull() | in_main)
    place = rows.stage_id.cases(*places.items(), else_=-1)
    if data.has("stage_history", "deal_id", "stage_id"):
        history = data.table("stage_history")
        visited = history.mutate(
            visited=history.stage_id.cases(*places.items(), else_=-1)
        )
        best = visited.group_by(visited.deal_id.name("history_id")).agg(
            visited=visited.visited.max()
        )
        rows = rows.left_join(best, rows.deal_id == best.history_id)
        place = rows.stage_id.cases(*places.items(), else_=-1)
        seen = rows.visited.fill_null(-1)
        place = ibis.ifelse(seen > place, seen, place)
    place = ibis.ifelse(rows.status == "won", len(order.ids), place)
    return rows.mutate(place=place.cast("int64"))


def _passed(data: Data, count: int) -> dict[str | None, list[int]]:
    """Manager (None = all) -> entries that reached stage 0, 1, … and won."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0] * (count + 1))
    company = [0] * (count + 1)
    for (manager, place), n in _reached_counts(data).items():
        for step in range(place + 1):
            company[step] += n
            if manager is not None:
                totals[manager][step] += n
    return {None: company} | {m: totals[m] for m in sorted(totals)}


def _conversions(data: Data) -> Iterator[Measurement]:
    order = stages(data)
    if order is None or not any(_reached_counts(data).values()):
        reason = NO_STAGES if order is None else cutoff(data).reason or NOT_REACHED
        yield Measurement("conversion.stage", None, state="unknown", reason=reason)
        return
    why = unjudged(data, ())
    if why is not None:
        yield Measurement("conversion.stage", None, state="unknown", reason=why)
        return
    blind = "manager" in blind_dimensions(data)
    for manager, reached in _passed(data, len(order.ids)).items():
        for i, stage in enumerate(order.ids):
            where = slice_of(stage=stage)
            if manager is not None:
                where = slice_of(stage=stage, manager=manager)
            if manager is not None and blind:
                yield Measurement(
                    "conversion.stage", None, where, state="unknown", reason=BLIND
                )
                continue
            went_on = reached[i + 1]
            yield rate(
                "conversion.stage", went_on, reached[i], where, empty=NOT_REACHED
            )


def _main_stage(data: Data) -> Iterator[Measurement]:
    order, main = stages(data), data.funnel.main_stage
    reason = NO_STAGES if order is None else NO_MAIN
    if order is None or main is None or main not in order.ids:
        yield Measurement("conversion.main-stage", None, state="unknown", reason=reason)
        return
    if cutoff(data).days is None or unjudged(data, ()) is not None:
        why = unjudged(data, ()) or cutoff(data).reason
        yield Measurement("conversion.main-stage", None, state="unknown", reason=why)
        return
    blind = "manager" in blind_dimensions(data)
    for manager, reached in _passed(data, len(order.ids)).items():
        at = reached[order.ids.index(main)]
        where = () if manager is None else slice_of(manager=manager)
        if manager is None or (at and not blind):
            yield rate(
                "conversion.main-stage", reached[-1], at, where, empty=NOT_REACHED
            )


def funnel_steps(data: Data) -> list[FunnelStep]:
    """Mature entries that reached each stage, then the won ones.

    `conversion` is the share that went on to the next step; None on the last.
    Without stages the funnel is entry and win.
    """
    if not data.has("deals", "status") or cutoff(data).days is None:
        return []
    if unjudged(data, ()) is not None:
        return []
    order = stages(data)
    if order is None or not _reached_counts(data):
        return _two_steps(data)
    reached = _passed(data, len(order.ids))[None]
    ids, titles = (*order.ids, WON), (*order.titles, WON)
    return [
        _step(data, ids[i], titles[i], reached[i], following)
        for i, following in enumerate([*reached[1:], None])
    ]


def _two_steps(data: Data) -> list[FunnelStep]:
    row = counts(data)[()]
    entry = data.funnel.entry or "entry"
    return [
        _step(data, "entry", entry, row["mature"], row["mature_won"]),
        _step(data, WON, WON, row["mature_won"], None),
    ]


def _step(
    data: Data, stage: str, title: str, count: int, following: int | None
) -> FunnelStep:
    figure = rate("conversion.stage", following or 0, count)
    known = following is not None and count > 0
    return FunnelStep(
        funnel=data.funnel.id, stage=stage, title=title, count=count,
        conversion=figure.value if known else None,
        interval=figure.interval if known else None,
    )  # fmt: skip


METRICS: tuple[Metric, ...] = (
    Metric(("conversion.stage",), ("deals.status", "deals.entered_at"), _conversions),
    Metric(
        ("conversion.main-stage",), ("deals.status", "deals.entered_at"), _main_stage
    ),
)
