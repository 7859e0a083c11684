"""Two periods, or a department and the others: did the rates differ, or the mix?

A total can fall while no segment falls: more of the hard clients came. Kitagawa splits
the difference of two conversions into both parts over cells of segment and source; the
parts add up to the difference (A-05).
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import dimensions, sought
from salesdx.metrics.deals.cohorts import cohorts, computable, in_time
from salesdx.metrics.deals.deal_counts import MIX, blind_dimensions
from salesdx.metrics.deals.maturity import cutoff, truncated_before
from salesdx.metrics.grain import flag
from salesdx.metrics.trends.monthly_breaks import seconds_of
from salesdx.result import Change, Cohort
from salesdx.statistics.location import parts_of

LEAST_MONTHS = 3
CHANCE = 2.58  # standard errors
Cells = dict[tuple[str, ...], tuple[int, int]]


def changes(data: Data) -> list[Change]:
    """The last year against the one before (or half against half), and departments."""
    if not computable(data):
        return []
    usable = [d for d in dimensions(data) if d not in blind_dimensions(data)]
    cells = tuple(d for d in MIX if d in usable)
    if not cells:
        return []
    found = list(_periods(data, cells))
    if "department" in usable:
        found += _departments(data, cells)
    return found


def _periods(data: Data, cells: tuple[str, ...]) -> Iterator[Change]:
    months = [c for c in cohorts(data, "month") if c.mature and c.mature == c.entries]
    span = min(12, len(months) // 2)
    if span < LEAST_MONTHS:
        return
    late, early = months[-span:], months[-2 * span : -span]
    split, first = _second(late[0].period), _second(early[0].period)
    last = _second(late[-1].period, 1)
    sides: tuple[Cells, Cells] = ({}, {})
    for side, key, counts in _counted(data, cells, first, split, last):
        sides[side][key] = counts
    names = (_span(early), _span(late))
    least = int(data.setting("changes.least-entries"))
    found = _change("period", names, sides, cells, least)
    if found is not None:
        yield found


def _span(months: Sequence[Cohort]) -> str:
    return f"{months[0].period}/{months[-1].period}"


def _second(period: str, ahead: int = 0) -> int:
    number = int(period[:4]) * 12 + int(period[5:]) - 1 + ahead
    return seconds_of(dt.date(number // 12, number % 12 + 1, 1))


def _counted(
    data: Data, cells: tuple[str, ...], first: int, split: int, last: int
) -> Iterator[tuple[int, tuple[str, ...], tuple[int, int]]]:
    days = cutoff(data).days
    rows = sought(data)
    rows = rows.filter(
        rows.age >= (days or 0), rows.entered >= first, rows.entered < last
    )
    rows = rows.mutate(
        late=flag(rows.entered >= split),
        good=flag(in_time(rows.status == "won", rows, days)),
    )
    grouped = rows.group_by("late", *cells).agg(wins=rows.good.sum(), n=rows.count())
    for r in data.rows(grouped):
        key = tuple(r[c] or "" for c in cells)
        yield int(r["late"]), key, (int(r["wins"]), int(r["n"]))


def _departments(data: Data, cells: tuple[str, ...]) -> Iterator[Change]:
    """Every department against all others together."""
    days = cutoff(data).days
    rows = sought(data)
    rows = rows.filter(rows.age >= (days or 0), rows.department.notnull())
    start = truncated_before(data)
    if start is not None:
        rows = rows.filter(rows.entered >= seconds_of(start))
    rows = rows.mutate(good=flag(in_time(rows.status == "won", rows, days)))
    grouped = rows.group_by("department", *cells).agg(
        wins=rows.good.sum(), n=rows.count()
    )
    of: dict[str, Cells] = {}
    for r in data.rows(grouped):
        key = tuple(r[c] or "" for c in cells)
        of.setdefault(r["department"], {})[key] = (int(r["wins"]), int(r["n"]))
    if len(of) < 2:
        return
    least = int(data.setting("changes.least-entries"))
    for name in sorted(of):
        others: Cells = {}
        for other in sorted(of):
            if other != name:
                _add(others, of[other])
        sides = others, of[name]
        found = _change("department", ("", name), sides, cells, least)
        if found is not None:
            yield found


def _add(total: Cells, part: Cells) -> None:
    for key, (k, n) in part.items():
        wins, size = total.get(key, (0, 0))
        total[key] = (wins + k, size + n)


def _change(
    kind: Literal["period", "department"],
    names: tuple[str, str],
    sides: tuple[Cells, Cells],
    cells: tuple[str, ...],
    least: int,
) -> Change | None:
    """The change between two sides; None below `least` entries on either."""
    (k0, n0), (k1, n1) = (_sum(side) for side in sides)
    if min(n0, n1) < least:
        return None
    labels = ["\n".join(key) for key in sorted({*sides[0], *sides[1]})]
    columns = [
        np.array([side.get(tuple(x.split("\n")), (0, 0))[i] for x in labels], float)
        for side in sides
        for i in (0, 1)
    ]
    rate, mix = parts_of(*columns)
    pooled = (k0 + k1) / (n0 + n1)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1))
    largest = max(abs(rate), abs(mix), abs(rate + mix))
    return Change(
        metric="conversion.at-horizon", kind=kind,
        before_of=names[0], after_of=names[1],
        before=k0 / n0, after=k1 / n1, before_counts=(k0, n0), after_counts=(k1, n1),
        rate=rate, mix=mix, cells=list(cells), certain=largest > CHANCE * error,
    )  # fmt: skip


def _sum(side: Mapping[tuple[str, ...], tuple[int, int]]) -> tuple[int, int]:
    return sum(k for k, _ in side.values()), sum(n for _, n in side.values())
