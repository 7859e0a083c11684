"""Plan against fact: finished periods, and where the running one leads (M-115 ...).

Only periods that are over, and that begin after the records of sales do, are judged.
A slice is judged by the plan set for it alone; the company by its own plan, else by
the sum of what is planned for its managers, products or clients.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.language import Text
from salesdx.metrics.calendar import is_working
from salesdx.metrics.data import Data
from salesdx.metrics.market.plan_rows import Facts, Plan, Sold, named, plans, sold
from salesdx.metrics.market.plan_words import Measure
from salesdx.metrics.months import Months, last_whole, number, start, today
from salesdx.metrics.registry import Compute, Metric
from salesdx.metrics.shares import dated, figure, unknown

_ONE = (("manager",), ("product",), ("client",))
Cells = dict[tuple[Slice, int], float]

_NOT_SET = {
    "revenue": Text(en="no plan is set in revenue", ru="плана по выручке нет"),
    "profit": Text(en="no plan is set in profit", ru="плана по прибыли нет"),
    "": Text(
        en="it is not said what the plan is set in (revenue, profit or deals)",
        ru="не сказано, в чём поставлен план: выручка, прибыль или число сделок",
    ),
}
_STEP = Text(
    en="one January date: the plan may be for the month or for the year",
    ru="единственная дата плана — январь: непонятно, на месяц он или на год",
)
_NOT_OVER = Text(
    en="no period of the plan is over yet, or sales were not recorded then",
    ru="ни один период плана ещё не закончился либо продажи за него не записаны",
)
_NO_NAMES = Text(
    en="no deal bears the names that the plan uses",
    ru="ни в одной сделке нет названий, которые стоят в плане",
)
_NO_COST = Text(
    en="too few won deals have a cost to tell the profit",
    ru="слишком мало выигранных сделок с себестоимостью: прибыль не посчитать",
)
_NO_PERIOD = Text(
    en="no plan is set for the running period, or it has hardly begun",
    ru="на текущий период плана нет, либо период только начался",
)


def _unknown(metric: str, why: Text, where: Slice = COMPANY) -> Measurement:
    return unknown(metric, why.en, why.ru, where)


def attainment(
    metric: str, measure: Measure | None, scopes: tuple[tuple[str, ...], ...]
) -> Compute:
    """Fact over plan of one measure; of the first that is planned when None."""

    def compute(data: Data) -> Iterator[Measurement]:
        chosen = measure or next(iter(plans(data)), None)
        plan = plans(data).get(chosen) if chosen else None
        if chosen is None or plan is None:
            yield _unknown(metric, _NOT_SET[measure or ""])
        elif plan.step is None:
            yield _unknown(metric, _STEP)
        else:
            facts = sold(data, plan)
            cells = _over(data, plan, facts)
            yield _company(data, metric, chosen, plan, facts, cells)
            for scope in scopes:
                yield from _slices(data, metric, chosen, plan, facts, cells, scope)

    return compute


def _over(data: Data, plan: Plan, facts: Facts) -> Cells:
    """Cells of the plan whose period is over and lies within the records of sales."""
    begun = min(facts.get(COMPANY, {}), default=None)
    if begun is None:
        return {}
    return {
        (where, first): value
        for (where, first), value in plan.cells.items()
        if first >= begun and plan.months(first).last <= last_whole(data)
    }


def _company(
    data: Data, metric: str, measure: Measure, plan: Plan, facts: Facts, cells: Cells
) -> Measurement:
    """The company's own plan, else the first kind of parts that it is set for."""
    if not cells:
        return _unknown(metric, _NOT_OVER)
    for scope in ((), *_ONE):
        if own := _of_scope(cells, scope):
            return _rate(data, metric, measure, plan, facts, own, COMPANY)
    return _rate(data, metric, measure, plan, facts, cells, COMPANY)


def _of_scope(cells: Cells, scope: tuple[str, ...]) -> Cells:
    return {
        (where, first): value
        for (where, first), value in cells.items()
        if tuple(d for d, _ in where) == scope
    }


def _slices(
    data: Data, metric: str, measure: Measure, plan: Plan, facts: Facts, cells: Cells,
    scope: tuple[str, ...],
) -> Iterator[Measurement]:  # fmt: skip
    """Each manager (product, client): by the plan set for it alone, else by its parts.

    Parts are plans for a manager and a product together, and the like.
    """
    (dimension,) = scope
    own = _of_scope(cells, scope) or {
        key: value for key, value in cells.items() if dimension in dict(key[0])
    }
    by: dict[str, Cells] = {}
    for (where, first), value in own.items():
        by.setdefault(dict(where)[dimension], {})[where, first] = value
    for name, part in sorted(by.items()):
        at = ((dimension, name),)
        yield _rate(data, metric, measure, plan, facts, part, at)


def _rate(
    data: Data, metric: str, measure: Measure, plan: Plan, facts: Facts, cells: Cells,
    where: Slice,
) -> Measurement:  # fmt: skip
    known = named(data, plan, facts)
    cells = {key: value for key, value in cells.items() if key[0] in known}
    if not cells:
        return _unknown(metric, _NO_NAMES, where)
    planned = sum(value for _, value in sorted(cells.items()))
    fact = Sold()
    for scope, first in sorted(cells):
        fact = fact + _sum(facts, scope, plan.months(first))
    if planned <= 0:
        return unknown(
            metric, "the plan is zero or less", "план нулевой или отрицательный", where
        )
    if measure == "profit" and not _costs_known(data, fact):
        return _unknown(metric, _NO_COST, where)
    value = fact.of(measure)
    return figure(metric, value / planned, where, None, value, planned)


def _sum(facts: Facts, scope: Slice, months: Months) -> Sold:
    of_month: Mapping[int, Sold] = facts.get(scope, {})
    total = Sold()
    for month in range(months.first, months.last + 1):
        total = total + of_month.get(month, Sold())
    return total


def _costs_known(data: Data, fact: Sold) -> bool:
    enough = fact.costed >= fact.deals * data.setting("plan.cost-known-low")
    return enough and fact.costed > 0


def run_rate(data: Data) -> Iterator[Measurement]:
    """Where the running period of the plan leads at the pace so far.

    The fact so far is stretched by working days. Of the first measure that is planned.
    """
    metric = "plan.run-rate"
    measure = next(iter(plans(data)), None)
    if measure is None:
        yield _unknown(metric, _NOT_SET[""])
        return
    plan = plans(data)[measure]
    if plan.step is None:
        yield _unknown(metric, _STEP)
        return
    now = number(today(data))
    first = now - now % plan.step
    part = _passed(data, plan.months(first))
    cells = {key: value for key, value in plan.cells.items() if key[1] == first}
    if not cells or not data.setting("plan.run-rate-share") <= part < 1:
        yield _unknown(metric, _NO_PERIOD)
        return
    facts = sold(data, plan)
    rows = [
        _company(data, metric, measure, plan, facts, cells),
        *_slices(data, metric, measure, plan, facts, cells, ("manager",)),
    ]
    for m in rows:
        if m.value is None:
            yield m
        else:
            yield figure(
                metric, m.value / part, m.slice, None, m.numerator,
                (m.denominator or 0.0) * part,
            )  # fmt: skip


def _passed(data: Data, months: Months) -> float:
    """Share of the working days of some months that had passed by as-of."""
    begin, end = start(months.first), start(months.last + 1)
    hours = data.company.working_hours
    days = [begin + dt.timedelta(days=i) for i in range((end - begin).days)]
    working = [day for day in days if is_working(day, hours)]
    passed = sum(day <= today(data) for day in working)
    return passed / len(working) if working else 0.0


_NEEDS = ("plans.period", "plans.plan_value", "plans.metric", "deals.closed_at")
METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("plan.attainment",),
        _NEEDS,
        attainment("plan.attainment", None, (("manager",),)),
    ),
    Metric(
        ("plan.revenue-attainment",),
        (*_NEEDS, "deals.amount"),
        attainment("plan.revenue-attainment", "revenue", _ONE),
    ),
    Metric(
        ("plan.profit-attainment",),
        (*_NEEDS, "deals.amount", "deals.cost"),
        attainment("plan.profit-attainment", "profit", _ONE),
    ),
    Metric(("plan.run-rate",), _NEEDS, run_rate),
)
