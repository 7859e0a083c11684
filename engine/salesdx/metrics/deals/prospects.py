"""At which stage prospects are lost (M-73), and how late (DI-06)."""

from collections.abc import Iterator

from salesdx.facts import Measurement, slice_of
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.metrics.deals.conversion import BLIND, unjudged
from salesdx.metrics.deals.deal_counts import blind_dimensions
from salesdx.metrics.deals.funnel import (
    NO_MAIN,
    NO_STAGES,
    NOT_REACHED,
    furthest,
    stages,
)
from salesdx.metrics.deals.maturity import cutoff
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import FEW, share

_METRIC = "prospect.lost-share"
_LATE = "lost.late-share"
_CUTS = ("manager", "source")
FEW_LOST = Text(
    en=f"fewer than {FEW} mature deals were lost: too few to judge",
    ru=f"проиграно меньше {FEW} вызревших сделок: для вывода мало",
)


def lost_at_stage(data: Data) -> Iterator[Measurement]:
    """Mature entries lost at a stage among those that reached it.

    A deal is lost at the furthest stage it reached; who skipped a stage passed it.
    """
    order, days = stages(data), cutoff(data).days
    why = NO_STAGES if order is None else None
    if order is not None:
        why = cutoff(data).reason or NOT_REACHED if days is None else unjudged(data, ())
    if order is None or days is None or why is not None:
        yield Measurement(_METRIC, None, state="unknown", reason=why)
        return
    rows = furthest(data, order)
    rows = rows.filter(rows.age >= days, rows.place >= 0)
    found = data.rows(
        rows.group_by("place", *_CUTS).agg(
            n=rows.count(), lost=(rows.status == "lost").sum()
        )
    )
    if not found:
        yield Measurement(_METRIC, None, state="unknown", reason=NOT_REACHED)
        return
    blind = blind_dimensions(data)
    for cut in (None, *_CUTS):
        values = sorted({str(r[cut]) for r in found if cut and r[cut] is not None})
        for value in values or ([""] if cut is None else []):
            cells = [r for r in found if cut is None or r[cut] == value]
            for i, stage in enumerate(order.ids):
                where = slice_of(stage=stage, **({cut: value} if cut else {}))
                reached = sum(int(r["n"]) for r in cells if int(r["place"]) >= i)
                lost = sum(int(r["lost"] or 0) for r in cells if int(r["place"]) == i)
                if cut in blind and cut is not None:
                    yield Measurement(
                        _METRIC, None, where, state="unknown", reason=BLIND
                    )
                elif reached or cut is None:
                    yield share(_METRIC, lost, reached, where)


def lost_late(data: Data) -> Iterator[Measurement]:
    """Mature deals lost at the main stage or later, among all mature lost ones.

    Near one: clients come all the way and do not buy. Near zero: they do not come far.
    """
    order, main, days = stages(data), data.funnel.main_stage, cutoff(data).days
    why = NO_STAGES if order is None else NO_MAIN if main not in order.ids else None
    if days is None:
        why = why or cutoff(data).reason or NOT_REACHED
    why = why or unjudged(data, ())
    if order is None or main is None or days is None or why is not None:
        yield Measurement(_LATE, None, state="unknown", reason=why)
        return
    rows = furthest(data, order)
    rows = rows.filter(rows.age >= days, rows.place >= 0, rows.status == "lost")
    late = rows.place >= order.ids.index(main)
    found = data.rows(rows.group_by("manager").agg(n=rows.count(), late=late.sum()))
    total = sum(int(r["n"]) for r in found)
    if total < FEW:
        yield Measurement(_LATE, None, n=total, state="unknown", reason=FEW_LOST)
        return
    yield share(_LATE, sum(int(r["late"] or 0) for r in found), total)
    if "manager" in blind_dimensions(data):
        return
    for r in sorted(found, key=lambda r: str(r["manager"])):
        if r["manager"] is not None:
            where = slice_of(manager=str(r["manager"]))
            yield share(_LATE, int(r["late"] or 0), int(r["n"]), where)


METRICS: tuple[Metric, ...] = (
    Metric((_METRIC,), ("deals.status", "deals.entered_at"), lost_at_stage),
    Metric((_LATE,), ("deals.status", "deals.entered_at"), lost_late),
)
