"""Breaks of what can be counted month by month: replies, inflow, revenue."""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import DAY, deal_rows
from salesdx.metrics.deals.cohorts import smoothed
from salesdx.metrics.deals.maturity import cutoff, truncated_before
from salesdx.metrics.grain import flag, moment
from salesdx.metrics.work.speed import requests
from salesdx.result import Break
from salesdx.statistics.breaks import dispersion
from salesdx.statistics.levels import amount_levels, rate_levels
from salesdx.statistics.rates import overlap, wilson

FACTOR = "breaks.factor"
AMOUNT_FACTOR = "breaks.amount-factor"
SURE = 0.99  # of the interval of each level: a break is looked for at every month
UNIX = dt.date(1970, 1, 1).toordinal()
STILL_WHOLE = 3  # a record that begins this early in a month has the whole of it
Rates = dict[int, tuple[int, int]]


def seconds_of(day: dt.date) -> int:
    """Seconds since 1970 at which a day begins."""
    return (day.toordinal() - UNIX) * DAY


def reply_breaks(data: Data) -> Iterator[Break]:
    """Breaks of the share of requests that nobody answered, by month of request."""
    if data.as_of is None or not data.has("leads", "created_at", "first_response_at"):
        return
    rows = requests(data)
    rows = rows.filter((rows.done == 1) | (rows.in_deadline <= moment(data)))
    day = ((rows.ended - rows.by_clock) / DAY).floor().cast("int64")
    rows = rows.mutate(day=day, bad=flag(rows.done == 0))
    grouped = rows.group_by("day").agg(k=rows.bad.sum(), n=rows.count())
    months: Rates = {}
    for r in data.rows(grouped):
        month = _month(r["day"])
        k, n = months.get(month, (0, 0))
        months[month] = (k + r["k"], n + r["n"])
    yield from _of_rates(data, "response.unanswered-share", months)


def _of_rates(data: Data, metric: str, months: Rates) -> Iterator[Break]:
    names = sorted(months)
    k, n = [months[m][0] for m in names], [months[m][1] for m in names]
    spread = dispersion(k, n)
    found = rate_levels(k, n, consecutive=False)
    for a, b, c in _levels(found.points, len(k)):
        one, two = (sum(k[a:b]), sum(n[a:b])), (sum(k[b:c]), sum(n[b:c]))
        ends = [wilson(x / spread, size / spread, SURE) for x, size in (one, two)]
        low, high = sorted((smoothed(*one), smoothed(*two)))
        if overlap(ends[0], ends[1]) or high < low * data.setting(FACTOR):
            continue
        yield Break(
            metric=metric, at=_label(names[b]), before=one[0] / one[1],
            after=two[0] / two[1], before_counts=one, after_counts=two,
            factor=high / low, severity="info", before_interval=wilson(*one),
            after_interval=wilson(*two),
        )  # fmt: skip


def _levels(points: Sequence[int], size: int) -> Iterator[tuple[int, int, int]]:
    """(start, break, end) of every pair of neighbouring levels."""
    for (a, b), (_, c) in pairwise(pairwise([0, *points, size])):
        yield a, b, c


def _month(day: int) -> int:
    date = dt.date.fromordinal(day + UNIX)
    return date.year * 12 + date.month - 1


def _label(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"


def amount_breaks(data: Data) -> Iterator[Break]:
    """Breaks of monthly inflow and revenue, of whole months with records."""
    if data.as_of is None or not data.has("deals", "entered_at", "status"):
        return
    rows = deal_rows(data)
    rows = rows.filter(rows.age.notnull())
    entries = _by_day(data, rows, rows.entered, rows.count())
    if not entries:
        return
    truncated = truncated_before(data)
    begun = min(entries)
    if truncated is not None:
        begun = max(begun, truncated.toordinal() - UNIX)
    yield from _of_amounts(data, "deals.entries", "count", entries, begun)
    if not data.has("deals", "amount", "closed_at"):
        return
    # until the first entries have had time to close, revenue only fills up
    ready = begun if truncated is not None else begun + (cutoff(data).days or 0)
    won = rows.filter(rows.status == "won", rows.wait.notnull(), rows.amount.notnull())
    paid = _by_day(data, won, won.closed, won.amount.sum())
    revenue = {day: total / 100 for day, total in paid.items()}
    yield from _of_amounts(data, "revenue.won", "money", revenue, ready)


def _by_day(data: Data, rows: Any, at: Any, total: Any) -> dict[int, float]:
    """A total by day since 1970."""
    grouped = rows.group_by((at / DAY).floor().cast("int64").name("day"))
    found = data.rows(grouped.agg(total=total))
    return {int(r["day"]): float(r["total"]) for r in found}


def _whole_months(data: Data, first_day: int) -> range:
    """Months that neither the first record nor as-of cuts."""
    assert data.as_of is not None
    first = dt.date.fromordinal(first_day + UNIX)
    start = _month(first_day) + (first.day > STILL_WHOLE)
    last = data.as_of.date()
    over = last.day == calendar.monthrange(last.year, last.month)[1]
    return range(start, last.year * 12 + last.month - 1 + over)


def _monthly(days: Mapping[int, float], months: Iterable[int]) -> list[float]:
    sums: dict[int, float] = {}
    for day in sorted(days):
        sums[_month(day)] = sums.get(_month(day), 0.0) + days[day]
    return [sums.get(m, 0.0) for m in months]


def _of_amounts(
    data: Data, metric: str, unit: str, days: Mapping[int, float], first_day: int
) -> Iterator[Break]:
    months = _whole_months(data, first_day)
    values = _monthly(days, months)
    found = amount_levels(values)
    level = found.values
    for a, b, c in _levels(found.points, len(level)):
        ends = _log_interval(level[a:b]), _log_interval(level[b:c])
        low, high = sorted(float(np.mean(s)) for s in (level[a:b], level[b:c]))
        if overlap(*ends) or high < low * data.setting(AMOUNT_FACTOR):
            continue
        before, after = values[a:b], values[b:c]
        yield Break(
            metric=metric, at=_label(months[b]), unit=unit,
            before=float(np.mean(before)), after=float(np.mean(after)),
            before_counts=(round(sum(before)), b - a),
            after_counts=(round(sum(after)), c - b), factor=high / low,
            severity="info", before_interval=ends[0], after_interval=ends[1],
            seasonal=found.seasonal,
        )  # fmt: skip


def _log_interval(values: Sequence[float]) -> tuple[float, float]:
    """Interval of a level from the spread of its months, on the log scale."""
    log = np.log(np.asarray(values, float))
    half = 2.58 * float(log.std(ddof=1)) / len(log) ** 0.5 if len(log) > 1 else 0.0
    return float(np.exp(log.mean() - half)), float(np.exp(log.mean() + half))
