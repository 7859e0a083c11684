"""Dates at which a level changed, and what explains it: rates, replies, money, inflow.

A break is claimed when the levels differ beyond chance and beyond the usual unrest of
the months, on entries that all had the same time to be won. A season that returns
every year is taken out first. Large breaks are warnings; small ones that are certain
and cost something are for information.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from salesdx.facts import COMPANY
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import by_dimension, dimensions, sought
from salesdx.metrics.deals.cohorts import (
    cohort,
    cohorts,
    computable,
    in_time,
    jumps,
    smoothed,
    timely_wins,
)
from salesdx.metrics.deals.deal_counts import blind_dimensions, counts
from salesdx.metrics.deals.maturity import cutoff, truncated_before
from salesdx.metrics.grain import flag
from salesdx.metrics.trends.break_words import counting
from salesdx.metrics.trends.monthly_breaks import (
    amount_breaks,
    reply_breaks,
    seconds_of,
)
from salesdx.result import Break, BreakBy, Cohort, Explainer
from salesdx.statistics.breaks import dispersion
from salesdx.statistics.levels import rate_levels
from salesdx.statistics.location import explain
from salesdx.statistics.rates import overlap, wilson

CONVERSION = "conversion.mature"
FACTOR = "breaks.factor"
SMALLEST = "breaks.least-factor"
SURE = 0.99  # of the interval of each level: a break is looked for at every month
MOST_BY = 3
LEAST_MONTHS = 2


@dataclass(frozen=True, slots=True)
class Level:
    """Months on one level: counts as they are, and as they are judged.

    A level of a whole year has no months.
    """

    months: tuple[Cohort, ...]
    cohort: Cohort
    wins: float
    n: float

    @property
    def interval(self) -> tuple[float, float]:
        """Interval of the judged counts."""
        return wilson(min(self.wins, self.n), self.n, SURE)


def breaks(data: Data) -> list[Break]:
    """All breaks of the company, conversion first; [] where nothing can be followed."""
    return [*conversion_breaks(data), *reply_breaks(data), *amount_breaks(data)]


def conversion_breaks(data: Data) -> list[Break]:
    """Breaks of the mature conversion of monthly cohorts.

    Months first; where they show nothing, a jump between years whose intervals do not
    meet is dated to the start of the later year.
    """
    if not computable(data):
        return []
    months = [c for c in cohorts(data, "month") if c.mature > 0]
    wins = timely_wins(data)
    found = list(_monthly(data, months, [wins[c.period] for c in months]))
    if found:
        return found
    factor = data.setting(FACTOR)
    yearly = []
    for jump in jumps(data, "year"):
        one, two = _whole(jump.before), _whole(jump.after)
        if jump.significant and jump.factor >= factor:
            yearly.append(_break(data, one, two, f"{jump.after.period}-01", False))
    return yearly


def _whole(one: Cohort) -> Level:
    return Level((), one, one.wins, one.mature)


def _monthly(
    data: Data, months: Sequence[Cohort], timely: Sequence[int]
) -> Iterator[Break]:
    n = [c.mature for c in months]
    found = rate_levels(timely, n, _consecutive(months))
    spread = dispersion(timely, n)
    wins = [r * size for r, size in zip(found.values, n, strict=True)]
    levels = [
        Level(
            tuple(months[a:b]), _pooled(months[a:b]), sum(wins[a:b]) / spread,
            sum(n[a:b]) / spread,
        )
        for a, b in pairwise([0, *found.points, len(months)]) if b > a
    ]  # fmt: skip
    for one, two in pairwise(levels):
        if min(len(one.months), len(two.months)) < LEAST_MONTHS:
            continue  # one odd month at an end of the records is not a level
        if overlap(one.interval, two.interval) or not _matters(data, one, two):
            continue
        yield _break(data, one, two, two.cohort.period, found.seasonal)


def _consecutive(months: Sequence[Cohort]) -> bool:
    numbers = [_number(c.period) for c in months]
    return bool(numbers) and numbers[-1] - numbers[0] + 1 == len(numbers)


def _number(period: str) -> int:
    year, _, part = period.partition("-")
    return int(year) * 12 + int(part) - 1


def _pooled(months: Sequence[Cohort]) -> Cohort:
    return cohort(
        months[0].period,
        sum(c.entries for c in months),
        sum(c.mature for c in months),
        sum(c.wins for c in months),
    )


def _factor(one: Level, two: Level) -> float:
    a = one.wins / one.n if one.wins else 0.5 / (one.n + 1)
    b = two.wins / two.n if two.wins else 0.5 / (two.n + 1)
    return max(a / b, b / a)


def _matters(data: Data, one: Level, two: Level) -> bool:
    """Large, or at least not tiny and worth as much as a loss must be."""
    factor = _factor(one, two)
    if factor >= data.setting(FACTOR):
        return True
    if factor < data.setting(SMALLEST):
        return False
    wins = abs(two.wins / two.n - one.wins / one.n) * two.cohort.entries
    least = data.setting("statistics.min-loss-share")
    return wins >= least * counts(data)[COMPANY]["won"]


def _break(data: Data, one: Level, two: Level, at: str, seasonal: bool) -> Break:
    a, b = one.cohort, two.cohort
    before = smoothed(a.wins, a.mature)
    after = smoothed(b.wins, b.mature)
    large = _factor(one, two) >= data.setting(FACTOR)
    by, alike = _explained(data, one, two, at)
    said = counting(_pace(one.months), _pace(two.months))
    return Break(
        metric=CONVERSION, at=at,
        before=a.wins / a.mature, after=b.wins / b.mature,
        before_counts=(a.wins, a.mature), after_counts=(b.wins, b.mature),
        factor=max(before / after, after / before),
        severity="warning" if large else "info",
        before_interval=a.interval, after_interval=b.interval,
        seasonal=seasonal,
        counting=said.text if said else None,
        counting_changed=said.changed if said else False,
        by=by, alike=alike,
    )  # fmt: skip


def _pace(months: Sequence[Cohort]) -> tuple[float, float] | None:
    """(entries, wins) of a mean month, of those that can be judged whole."""
    whole = [c for c in months if c.mature == c.entries]
    if not whole:
        return None
    return (
        sum(c.entries for c in whole) / len(whole),
        sum(c.wins for c in whole) / len(whole),
    )


def _explained(
    data: Data, one: Level, two: Level, at: str
) -> tuple[list[BreakBy], list[str]]:
    """Dimensions behind a break, the most surprising first, and those all alike."""
    usable = [d for d in dimensions(data) if d not in blind_dimensions(data)]
    split = _number(at) if len(at) == 7 else None
    if split is None or not usable:
        return [], []
    first = split - (len(one.months) or 12)
    last = split + (len(two.months) or 12)
    sides = _sides(data, first, split, last)
    found, alike = [], []
    for dimension in usable:
        before, after = (side.get(dimension, {}) for side in sides)
        known = explain(before, after, tests=len(usable))
        if known is not None:
            found.append(
                BreakBy(
                    dimension=dimension, because="mix" if known.by_mix else "rate",
                    values=[Explainer(value=v, share=s) for v, s in known.values],
                    surprise=known.surprise, rate=known.rate, mix=known.mix,
                )
            )  # fmt: skip
        elif len(before) > 1 and len(after) > 1:
            alike.append(dimension)
    found.sort(key=lambda b: (-b.surprise, b.dimension))
    return found[:MOST_BY], alike


Side = dict[str, dict[str, tuple[int, int]]]


def _sides(data: Data, first: int, split: int, last: int) -> tuple[Side, Side]:
    """Timely wins and mature entries by dimension and value, before and after."""
    days = cutoff(data).days
    rows = sought(data)
    truncated = truncated_before(data)
    begin = _second(first)
    if truncated is not None:
        begin = max(begin, seconds_of(truncated))
    rows = rows.filter(
        rows.age >= (days or 0), rows.entered >= begin, rows.entered < _second(last)
    )
    rows = rows.mutate(
        late=flag(rows.entered >= _second(split)),
        good=flag(in_time(rows.status == "won", rows, days)),
    )
    rows = by_dimension(data, rows, "late", "good")
    grouped = rows.group_by("dimension", "value", "late").agg(
        wins=rows.good.sum(), n=rows.count()
    )
    sides: tuple[Side, Side] = ({}, {})
    for r in data.rows(grouped):
        side = sides[int(r["late"])].setdefault(r["dimension"], {})
        side[r["value"]] = (int(r["wins"]), int(r["n"]))
    return sides


def _second(number: int) -> int:
    return seconds_of(dt.date(number // 12, number % 12 + 1, 1))
