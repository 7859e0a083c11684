"""Months of figures whose whole-period rows other modules give (M-01, M-07, M-19).

Sales stand in the month of closing, conversions in the month of entry, replies in the
month of the request.
"""

from collections.abc import Iterator
from typing import Any

from salesdx.facts import Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import deal_rows, sought
from salesdx.metrics.deals.conversion import unjudged
from salesdx.metrics.deals.maturity import truncated_before
from salesdx.metrics.grain import flag, moment
from salesdx.metrics.monthly import is_shown
from salesdx.metrics.months import Months, month_of, number, shown
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import (
    PERIOD,
    dated,
    figure,
    placed,
    share,
    shares,
    totals,
    waits,
)
from salesdx.metrics.work.speed import requests

_SOLD_BY = ("manager", "channel", "segment")


def _inside(rows: Any, months: Months) -> Any:
    return rows.filter((rows[PERIOD] >= months.first) & (rows[PERIOD] <= months.last))


def sales(data: Data) -> Iterator[Measurement]:
    """Revenue by month of closing, and the check of each month (M-01, M-109)."""
    rows = deal_rows(data)
    rows = rows.filter((rows.status == "won") & (rows.closed <= moment(data)))
    rows = _inside(rows.mutate(period=month_of(rows.closed)), shown(data))
    wanted = {
        "revenue": rows.amount.sum(), "priced": rows.amount.count(),
        "check": rows.amount.sum(where=rows.amount > 0),
        "n": flag(rows.amount > 0).sum(),
    }  # fmt: skip
    grains = [(PERIOD,), *((d, PERIOD) for d in _SOLD_BY)]
    for where, row in totals(rows, wanted, grains):
        if not where or not row["priced"] or not is_shown(data, where):
            continue
        at, period = placed(where)
        yield Measurement(
            "revenue.won", row["revenue"] / 100, at, row["priced"], period=period
        )
        n = row["n"]
        if n and not at:
            paid = row["check"] / 100
            yield figure("check.average", paid / n, where, n, paid, n)


def entries(data: Data) -> Iterator[Measurement]:
    """Raw conversion by month of entry (M-19).

    Months before the records of closings begin are left out: what they still show
    lived long enough to be seen.
    """
    months, begun = shown(data), truncated_before(data)
    if begun is not None:
        late = 0 if begun.day == 1 else 1
        months = Months(max(months.first, number(begun) + late), months.last)
    rows = sought(data)
    rows = rows.filter(rows.entered <= moment(data))
    rows = _inside(rows.mutate(period=month_of(rows.entered)), months)
    wanted = {"won": flag(rows.status == "won").sum(), "n": rows.count()}
    grains = [(PERIOD,), ("manager", PERIOD)]
    for where, row in totals(rows, wanted, grains):
        judged = where and is_shown(data, where) and not unjudged(data, _whole(where))
        if judged:
            yield share("conversion.raw", row["won"], row["n"], where)


def _whole(where: Slice) -> Slice:
    return placed(where)[0]


def replies(data: Data) -> Iterator[Measurement]:
    """First response, and requests left without one, by month of the request (M-07)."""
    rows = requests(data)
    rows = rows.mutate(period=month_of(rows.ended - rows.by_clock))
    rows = _inside(rows, shown(data))
    grains = ((PERIOD,),)
    by_clock = rows.mutate(wait=rows.by_clock)
    worked = rows.mutate(wait=rows.worked)
    yield from _monthly(waits("response.first-clock", by_clock, grains=grains))
    yield from _monthly(waits("response.first-business", worked, grains=grains))
    due = rows.filter((rows.done == 1) | (rows.in_deadline <= moment(data)))
    left = flag(due.done == 0)
    yield from _monthly(shares("response.unanswered-share", due, left, grains))


def _monthly(found: Iterator[Measurement]) -> Iterator[Measurement]:
    return (m for m in found if m.period)


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("revenue.won", "check.average"),
        ("deals.status", "deals.amount", "deals.closed_at"),
        sales,
    ),
    Metric(("conversion.raw",), ("deals.status", "deals.entered_at"), entries),
    Metric(
        (
            "response.first-clock",
            "response.first-business",
            "response.unanswered-share",
        ),
        ("leads.created_at", "leads.first_response_at"),
        replies,
    ),
)
