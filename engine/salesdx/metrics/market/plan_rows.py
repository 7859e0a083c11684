"""Plans as cells of whole months, and what was sold in each cell.

A plan is for a month, a quarter or a year: the step between its dates tells. A plan of
one date alone is for that month, unless it is dated to January: that may be a year.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

from salesdx.facts import Slice
from salesdx.metrics.data import Data
from salesdx.metrics.deals.deal_counts import counts
from salesdx.metrics.grain import deals, flag, moment
from salesdx.metrics.market.plan_words import MEASURES, Measure, measure_of
from salesdx.metrics.months import Months, month_of, number
from salesdx.metrics.shares import PERIOD, placed, totals

_SCOPE = {"manager": "manager_id", "product": "product", "client": "client_id"}
_YEAR, _QUARTER = 12, 3
_plans: WeakKeyDictionary[Data, dict[Measure, "Plan"]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of one measure: its step in months (None: not known), and its cells.

    `cells`: (whom it is for, first month) -> value in units of the measure.
    """

    step: int | None
    cells: Mapping[tuple[Slice, int], float]

    def months(self, first: int) -> Months:
        """The months of the period that begins with `first`."""
        return Months(first, first + (self.step or 1) - 1)

    def scopes(self) -> set[tuple[str, ...]]:
        """Dimensions for which it is set: () is the whole company."""
        return {tuple(d for d, _ in where) for where, _ in self.cells}


def plans(data: Data) -> dict[Measure, Plan]:
    """Plans by measure; rows without a date, or a word we know, are left out."""
    if data not in _plans:
        rows: dict[Measure, list[tuple[Slice, int, float]]] = {}
        for row in data.arrow("plans").to_pylist():
            measure, day = measure_of(row.get("metric")), row.get("period")
            value = row.get("plan_value")
            if measure is None or value is None or not isinstance(day, dt.date):
                continue
            rows.setdefault(measure, []).append((_where(row), number(day), value))
        _plans[data] = {m: _plan(rows[m]) for m in MEASURES if m in rows}
    return _plans[data]


def _where(row: Mapping[str, Any]) -> Slice:
    found = ((d, row.get(column)) for d, column in _SCOPE.items())
    return tuple(sorted((d, str(v)) for d, v in found if v is not None))


def _plan(rows: Iterable[tuple[Slice, int, float]]) -> Plan:
    rows = sorted(rows)
    months = sorted({month for _, month, _ in rows})
    step = _step(months)
    cells: dict[tuple[Slice, int], float] = {}
    for where, month, value in rows:
        key = where, month - month % (step or 1)
        cells[key] = cells.get(key, 0.0) + value
    return Plan(step, cells)


def _step(months: list[int]) -> int | None:
    """Months of a period: the widest of year, quarter and month that all dates fit."""
    if len(months) == 1:
        return None if months[0] % _YEAR == 0 else 1
    gaps = [b - a for a, b in pairwise(months)]
    for step in (_YEAR, _QUARTER):
        if all(gap % step == 0 for gap in gaps):
            return step
    return 1


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold: amounts in minor units, and deals with an amount or a cost."""

    revenue: int = 0
    profit: int = 0
    deals: int = 0
    costed: int = 0

    def of(self, measure: Measure) -> float:
        """The figure in units of the measure."""
        if measure == "deals":
            return float(self.deals)
        return (self.revenue if measure == "revenue" else self.profit) / 100

    def __add__(self, other: "Sold") -> "Sold":
        return Sold(
            self.revenue + other.revenue, self.profit + other.profit,
            self.deals + other.deals, self.costed + other.costed,
        )  # fmt: skip


Facts = dict[Slice, dict[int, Sold]]


def sold(data: Data, plan: Plan) -> Facts:
    """What was sold by month in every scope that the plan is set for."""
    rows = deals(data, "client_id") if data.has("deals", "client_id") else deals(data)
    rows = rows.filter((rows.status == "won") & (rows.closed <= moment(data)))
    both = rows.amount.notnull() & rows.cost.notnull()
    rows = rows.mutate(
        period=month_of(rows.closed), both=flag(both),
        profit=both.ifelse(rows.amount - rows.cost, 0),
    )  # fmt: skip
    facts: Facts = {}
    scopes = plan.scopes()
    _add(facts, rows, [s for s in sorted(scopes | {()}) if "client" not in s])
    of_client = [s for s in sorted(scopes) if "client" in s]
    if of_client and "client_id" in rows.columns:
        known = sorted({v for w, _ in plan.cells for d, v in w if d == "client"})
        rows = rows.mutate(client=rows.client_id)
        _add(facts, rows.filter(rows.client.isin(known)), of_client)
    return facts


def _add(facts: Facts, rows: Any, scopes: list[tuple[str, ...]]) -> None:
    wanted = {
        "revenue": rows.amount.sum(), "profit": rows.profit.sum(),
        "deals": rows.count(), "costed": rows.both.sum(),
    }  # fmt: skip
    for where, row in totals(rows, wanted, [(*s, PERIOD) for s in scopes]):
        at, period = placed(where)
        if period:
            year, _, month = period.partition("-")
            place = int(year) * 12 + int(month) - 1
            facts.setdefault(at, {})[place] = Sold(**row)


def named(data: Data, plan: Plan, facts: Facts) -> set[Slice]:
    """For whom it is set, as far as deals bear the names that the plan uses.

    A manager or product that no deal names, sold or not, may be called otherwise
    there: nothing sold would then be a slip, not a result. Of clients one name that
    fits is enough: most of them buy seldom.
    """
    of_deals = counts(data)
    whom = {where for where, _ in plan.cells}
    clients = any(w in facts for w in whom if "client" in dict(w))

    def known(part: tuple[str, str]) -> bool:
        return clients if part[0] == "client" else (part,) in of_deals

    return {where for where in whom if all(known(part) for part in where)}
