"""Conversion by the period of entry: mature cohorts, jumps between them, breaks."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal
from weakref import WeakKeyDictionary

from salesdx.facts import Measurement
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import DAY, sought
from salesdx.metrics.deals.conversion import NO_ENTRIES, unjudged
from salesdx.metrics.deals.maturity import cutoff, truncated_before
from salesdx.metrics.registry import Metric
from salesdx.result import Cohort
from salesdx.statistics.rates import overlap, wilson

Grain = Literal["year", "quarter", "month"]
_daily: WeakKeyDictionary[Data, list["Day"]] = WeakKeyDictionary()

ONE_COHORT = Text(
    en="fewer than two cohorts have enough mature entries",
    ru="меньше двух когорт, где хватает «вызревших» сделок",
)


@dataclass(frozen=True, slots=True)
class Day:
    """Entries of one day: all, those that can be judged, and wins among these."""

    day: dt.date
    entries: int
    mature: int
    wins: int
    timely: int  # wins within one cycle: as many days for every cohort


def _days(data: Data) -> list[Day]:
    """Daily counts; entries of a truncated start are entries but never judged."""
    if data in _daily:
        return _daily[data]
    rows = sought(data)
    rows = rows.filter(rows.age.notnull())
    days = cutoff(data).days
    mature = rows.age >= days if days is not None else rows.age < 0
    rows = rows.mutate(
        day=(rows.entered / DAY).floor().cast("int64"),
        mature=mature,
        good=mature & (rows.status == "won"),
        timely=in_time(mature & (rows.status == "won"), rows, days),
    )
    sums = {"n": rows.count(), "m": rows.mature.sum(), "k": rows.good.sum()}
    sums["t"] = rows.timely.sum()
    start = truncated_before(data)
    found = []
    for r in data.rows(rows.group_by("day").agg(**sums).order_by("day")):
        day = dt.date(1970, 1, 1) + dt.timedelta(days=r["day"])
        judged = start is None or day >= start
        known = [int(r[c] or 0) if judged else 0 for c in ("m", "k", "t")]
        found.append(Day(day, r["n"], *known))
    _daily[data] = found
    return found


def in_time(good: Any, rows: Any, days: int | None) -> Any:
    """Wins within one cycle; where wins have no dates all of them.

    Older entries had longer to be won: counted to the end they would always look
    better than the newest that can be judged.
    """
    if days is None:
        return good
    return good & (rows.wait.isnull() | (rows.wait <= days * DAY))


def _period(day: dt.date, grain: Grain) -> str:
    if grain == "year":
        return str(day.year)
    if grain == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return f"{day.year}-{day.month:02}"


def cohorts(data: Data, grain: Grain) -> list[Cohort]:
    """Cohorts of one grain, in order."""
    sums: dict[str, list[int]] = {}
    for day in _days(data):
        row = sums.setdefault(_period(day.day, grain), [0, 0, 0])
        for i, value in enumerate((day.entries, day.mature, day.wins)):
            row[i] += value
    return [cohort(p, *sums[p]) for p in sorted(sums)]


def cohort(period: str, entries: int, mature: int, wins: int) -> Cohort:
    """A cohort with its rate and interval where it has mature entries."""
    known = mature > 0
    return Cohort(
        period=period, entries=entries, mature=mature, wins=wins,
        rate=wins / mature if known else None,
        interval=wilson(wins, mature) if known else None,
    )  # fmt: skip


def timely_wins(data: Data) -> dict[str, int]:
    """Wins within one cycle by month of entry, of mature entries."""
    found: dict[str, int] = {}
    for day in _days(data):
        month = _period(day.day, "month")
        found[month] = found.get(month, 0) + day.timely
    return found


def computable(data: Data) -> bool:
    """Whether entries can be followed to their end at all."""
    return (
        data.as_of is not None
        and data.has("deals", "status", "entered_at")
        and cutoff(data).days is not None
        and unjudged(data, ()) is None
    )


def cohort_rows(data: Data) -> list[Cohort]:
    """Cohorts by year, quarter and month of entry (M-21), in that order.

    `entries` are all entries of the period; `mature` those that can be judged: at
    least one cycle old, and entered after the records of closings begin. Without any
    the rate is None.
    """
    if not computable(data):
        return []
    grains: tuple[Grain, ...] = ("year", "quarter", "month")
    return [c for grain in grains for c in cohorts(data, grain)]


def _mature_by_period(data: Data) -> Iterator[Measurement]:
    if not computable(data):
        return
    for cohort in cohort_rows(data):
        if len(cohort.period) == 7 and "Q" not in cohort.period:
            continue  # months are for the curve, not for the table of figures
        if cohort.rate is None:
            yield Measurement(
                "conversion.mature", None, n=0, period=cohort.period,
                state="unknown", reason=NO_ENTRIES,
            )  # fmt: skip
            continue
        yield Measurement(
            "conversion.mature", cohort.rate, (), cohort.mature, float(cohort.wins),
            float(cohort.mature), cohort.interval, cohort.period,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Jump:
    """Two neighbouring cohorts and the factor between them (>= 1)."""

    before: Cohort
    after: Cohort
    factor: float
    significant: bool


def smoothed(wins: int, n: int) -> float:
    """A rate that is never zero, so that a factor stays finite."""
    return wins / n if wins else 0.5 / (n + 1)


def jumps(data: Data, grain: Grain) -> list[Jump]:
    """Jumps between neighbours; a period cut by the start of records is no neighbour.

    What is left of it are the first weeks of a new way of recording.
    """
    start = truncated_before(data)
    cut = None if start is None else _period(start, grain)
    least = data.setting("cohort.least-entries")
    enough = [
        c for c in cohorts(data, grain)
        if c.mature >= least and (c.period != cut or 2 * c.mature >= c.entries)
    ]  # fmt: skip
    found = []
    for one, two in pairwise(enough):
        if not (one.interval and two.interval) or one.wins + two.wins == 0:
            continue
        a, b = smoothed(one.wins, one.mature), smoothed(two.wins, two.mature)
        apart = not overlap(one.interval, two.interval)
        found.append(Jump(one, two, max(a / b, b / a), apart))
    return found


def largest_jump(data: Data) -> Jump | None:
    """Largest jump between neighbours: years, else quarters; significant ones first."""
    if not computable(data):
        return None
    grains: tuple[Grain, ...] = ("year", "quarter")
    for grain in grains:
        found = jumps(data, grain)
        if found:
            return max(found, key=lambda j: (j.significant, j.factor))
    return None


def _jump(data: Data) -> Iterator[Measurement]:
    jump = largest_jump(data)
    if jump is None:
        reason = ONE_COHORT if computable(data) else cutoff(data).reason or NO_ENTRIES
        for name in ("cohort.jump", "cohort.jump-significant"):
            yield Measurement(name, None, state="unknown", reason=reason)
        return
    n = jump.before.mature + jump.after.mature
    periods = f"{jump.before.period} → {jump.after.period}"
    note = Text(en=periods, ru=periods)
    yield Measurement("cohort.jump", jump.factor, n=n, reason=note)
    yield Measurement(
        "cohort.jump-significant", float(jump.significant), n=n, reason=note
    )


METRICS: tuple[Metric, ...] = (
    Metric(
        ("conversion.mature",), ("deals.status", "deals.entered_at"), _mature_by_period
    ),
    Metric(
        ("cohort.jump", "cohort.jump-significant"),
        ("deals.status", "deals.entered_at"),
        _jump,
    ),
)
