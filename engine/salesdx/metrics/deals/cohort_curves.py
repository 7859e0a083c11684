"""How the entries of each period become deals as they age (M-21): cohort curves."""

import datetime as dt
import math
from collections.abc import Sequence

import ibis
import numpy as np

from salesdx.metrics.data import Data, fetch
from salesdx.metrics.deals.cohorts import Grain, cohorts, computable
from salesdx.metrics.deals.deal_counts import LifeTable, followed
from salesdx.metrics.deals.maturity import cutoff
from salesdx.result import Cohort, CohortCurve, CurvePoint
from salesdx.statistics import survival

_MOST, _POINTS = 12, 24  # curves, and ages of each
_QUARTERS = 4  # with fewer of them months show more
_CYCLES = 2  # how far a curve is drawn: by then nearly all wins have come
_DATED = 0.9  # of the wins of a cohort; with fewer its curve would end too low
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 (naive company time throughout)


def cohort_curves(data: Data) -> list[CohortCurve]:
    """Share won by days since entry, of the last quarters, or months in a short span.

    A cohort without ten deals that were followed for one step has no curve, nor one
    whose wins mostly lack the date.
    """
    days = cutoff(data).days
    if not computable(data) or not days:
        return []
    shown = _periods(data)
    longest = _CYCLES * days
    tables = _tables(data, [_start(c.period) for c in shown], longest)
    ends = [_end(t, longest) for t in tables]
    step = _step(max((e for e in ends if e is not None), default=0))
    found = []
    for one, table, end in zip(shown, tables, ends, strict=True):
        wins = int(table.won.sum())
        if end is None or end < step or wins < _DATED * one.wins:
            continue
        ages = range(0, end + 1, step)
        found.append(CohortCurve(
            period=one.period, entries=table.entries, wins=wins,
            points=[_point(p) for p in survival.by_age(table.won, table.left, ages)],
        ))  # fmt: skip
    return found


def _periods(data: Data) -> list[Cohort]:
    grains: tuple[Grain, ...] = ("quarter", "month")
    quarters, months = (cohorts(data, grain) for grain in grains)
    return (quarters if len(quarters) >= _QUARTERS else months)[-_MOST:]


def _start(period: str) -> int:
    """First second of `2017-Q2` or `2017-05` since 1970, on the clock of the data."""
    year, _, part = period.partition("-")
    month = int(part[1:]) * 3 - 2 if part.startswith("Q") else int(part)
    moment = dt.datetime(int(year), month, 1)  # noqa: DTZ001
    return int((moment - _EPOCH).total_seconds())


def _tables(data: Data, starts: Sequence[int], longest: int) -> list[LifeTable]:
    """One day table a period, in one query; later days fall into a last bucket."""
    tables = [LifeTable.empty(longest + 2) for _ in starts]
    if not starts:
        return tables
    rows = followed(data)
    rows = rows.filter(rows.entered >= starts[0])
    later = [(rows.entered < s, i) for i, s in enumerate(starts[1:])]
    place = ibis.cases(*later, else_=len(starts) - 1) if later else ibis.literal(0)
    rows = rows.select(
        "won", place=place.cast("int64"), day=rows["last"].clip(upper=longest + 1)
    )
    sums = {"k": rows.won.sum(), "n": rows.count()}
    found = fetch(rows.group_by("place", "day").agg(**sums))
    place_, day, won, n = (
        np.asarray(found[c].to_numpy(), np.int64) for c in ("place", "day", "k", "n")
    )
    for i, table in enumerate(tables):
        here = place_ == i
        np.add.at(table.won, day[here], won[here])
        np.add.at(table.left, day[here], (n - won)[here])
    return tables


def _end(table: LifeTable, longest: int) -> int | None:
    risk = survival.at_risk(table.won, table.left)
    return survival.observable_horizon(risk, longest)


def _step(longest: int) -> int:
    """Days between two points: whole weeks once a week is not enough."""
    step = max(math.ceil(longest / (_POINTS - 1)), 1)
    return step if step <= 7 else math.ceil(step / 7) * 7


def _point(at: survival.AtAge) -> CurvePoint:
    return CurvePoint(
        age=at.age, rate=_tidy(at.rate), at_risk=at.at_risk,
        interval=(_tidy(at.low), _tidy(at.high)),
    )  # fmt: skip


def _tidy(value: float) -> float:
    """Ten digits, as all figures of the document; no trace of a negative zero."""
    return float(f"{value:.10g}") + 0.0
