"""What a request and a deal cost by channel and source; tests of ideas (M-108 ...).

Money spent and what came of it are taken from the same months: whole ones, in which
the CRM already has records. A channel whose name never occurs there is not compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import deal_rows
from salesdx.metrics.deals.maturity import NO_CYCLE, cutoff
from salesdx.metrics.grain import DAY, epoch, flag, minor, moment, month, picked
from salesdx.metrics.market.inflow import Counts, requests_by
from salesdx.metrics.months import Months, last_whole, month_of, seconds, start
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, unknown

Dimension = Literal["channel", "source"]
_DIMENSIONS: tuple[Dimension, ...] = ("channel", "source")


@dataclass(frozen=True, slots=True)
class Spend:
    """Money spent on one campaign on one day of record, in minor units."""

    channel: str | None
    source: str | None
    campaign: str | None
    day: int
    month: int
    cost: int
    leads: int

    def value(self, dimension: Dimension) -> str | None:
        """Its value of a dimension."""
        return self.channel if dimension == "channel" else self.source


def _spends(data: Data) -> list[Spend]:
    rows = picked(data, "marketing_costs", "channel source campaign period cost leads")
    rows = rows.mutate(
        at=epoch(rows.period), month=month(rows.period), cost=minor(rows.cost),
        leads=rows.leads.round().cast("int64"),
    )  # fmt: skip
    rows = rows.filter((rows["at"] <= moment(data)) & rows.cost.notnull())
    rows = rows.mutate(day=(rows["at"] / DAY).floor().cast("int64"))
    keys = ("channel", "source", "campaign", "day", "month")
    by = rows.group_by(keys).agg(cost=rows.cost.sum(), leads=rows.leads.sum())
    found = [
        Spend(
            channel=r["channel"], source=r["source"], campaign=r["campaign"],
            day=r["day"], month=r["month"], cost=r["cost"],
            leads=max(r["leads"] or 0, 0),
        )
        for r in data.rows(by)
    ]  # fmt: skip
    return sorted(found, key=_place)


def _place(s: Spend) -> tuple[int, str, str, str, int]:
    return s.day, s.channel or "", s.source or "", s.campaign or "", s.cost


def per_inquiry(data: Data) -> Iterator[Measurement]:
    """Money spent for each request (M-108).

    Without requests in the CRM those that the channel itself counted stand in.
    """
    counts: dict[Dimension, Counts] = {}
    if data.has("leads", "created_at"):
        counts = {d: requests_by(data, d) for d in _DIMENSIONS if data.has("leads", d)}
    spends = _spends(data)
    own = {d: _own(spends, d) for d in _DIMENSIONS} if not any(counts.values()) else {}
    months = Months(_first(counts or own), last_whole(data))
    yield from _cost("cost.per-inquiry", spends, counts or own, months)


def _own(spends: list[Spend], dimension: Dimension) -> Counts:
    found: dict[tuple[str, int], int] = {}
    for s in spends:
        value = s.value(dimension)
        if value is not None and s.leads:
            key = value, s.month
            found[key] = found.get(key, 0) + s.leads
    return found


def per_deal(data: Data) -> Iterator[Measurement]:
    """Money spent for each deal won (M-117).

    Deals entered in a month are set against the money of that month, once the month
    is one sales cycle old: money for deals still in work is not money wasted.
    """
    days = cutoff(data).days
    if days is None:
        why = cutoff(data).reason or NO_CYCLE
        yield unknown("cost.per-deal", why.en, why.ru)
        return
    counts = {d: _won_by(data, d) for d in _DIMENSIONS}
    last = last_whole(data)
    while last > 0 and seconds(start(last + 1)) + days * DAY > moment(data) + 1:
        last -= 1
    months = Months(_first(counts), last)
    yield from _cost("cost.per-deal", _spends(data), counts, months)


def _won_by(data: Data, dimension: Dimension) -> Counts:
    """Won deals by value and month of entry; values without a win have zeros."""
    rows = deal_rows(data)
    rows = rows.filter(rows[dimension].notnull() & (rows.entered <= moment(data)))
    late = rows.closed.notnull() & (rows.closed > moment(data))
    rows = rows.mutate(
        of=rows[dimension], month=month_of(rows.entered),
        won=flag((rows.status == "won") & ~late),
    )  # fmt: skip
    by = rows.group_by("of", "month").agg(won=rows.won.sum())
    return {(str(r["of"]), int(r["month"])): int(r["won"]) for r in data.rows(by)}


def _first(counts: Mapping[Dimension, Counts]) -> int:
    return min((m for c in counts.values() for _, m in c), default=1)


def _cost(
    metric: str, spends: list[Spend], counts: Mapping[Dimension, Counts], months: Months
) -> Iterator[Measurement]:
    """Money over what came of it, by each dimension; the company from the first."""
    inside = [s for s in spends if months.first <= s.month <= months.last]
    company: Measurement | None = None
    found: list[Measurement] = []
    for dimension in _DIMENSIONS:
        known = counts.get(dimension, {})
        total, came = 0, 0
        for value in sorted({v for s in inside if (v := s.value(dimension))}):
            own = [s for s in inside if s.value(dimension) == value]
            where: Slice = ((dimension, value),)
            if not any(v == value for v, _ in known):
                found.append(_unnamed(metric, where))
                continue
            cost = sum(s.cost for s in own)
            n = sum(known.get((value, m), 0) for m in sorted({s.month for s in own}))
            found.append(_each(metric, cost, n, where))
            total, came = total + cost, came + n
        if company is None and total:
            company = _each(metric, total, came, COMPANY)
    yield company or unknown(
        metric, "no channel and no source has both money spent and a result",
        "ни у одного канала и источника нет одновременно расходов и результата",
    )  # fmt: skip
    yield from found


def _each(metric: str, cost: int, n: int, where: Slice) -> Measurement:
    if n <= 0 or cost <= 0:
        return unknown(
            metric, "money was spent and nothing came of it, or nothing was spent",
            "деньги потрачены, а результата нет, либо расходов не было", where,
        )  # fmt: skip
    return figure(metric, cost / n / 100, where, n, cost / 100, n)


def _unnamed(metric: str, where: Slice) -> Measurement:
    return unknown(
        metric, "the CRM never uses this name",
        "в CRM такое название не встречается", where,
    )  # fmt: skip


def hypotheses(data: Data) -> Iterator[Measurement]:
    """Campaigns that are new, for each day, and what a first try costs (M-126).

    What ran on the first day of the records may be older and is not called new.
    """
    ids = ("marketing.hypotheses-per-day", "marketing.test-budget")
    spends = _spends(data)
    days = sorted({s.day for s in spends})
    if len(days) < 2:
        for metric in ids:
            yield unknown(
                metric, "costs of one period only: new campaigns cannot be told",
                "расходы только за один период: новые кампании от старых не отличить",
            )  # fmt: skip
        return
    span = _last_day(data, spends) - days[1] + 1
    tested = _first_tries(spends, days[0])
    for where in (COMPANY, *sorted({w for w, _ in tested if w})):
        costs = [c for w, c in tested if not where or w == where]
        n, total = len(costs), sum(costs)
        yield figure(ids[0], n / span, where, n if where else None, n, span)
        if n:
            yield figure(ids[1], total / n / 100, where, n, total / 100, n)
    if not tested:
        yield unknown(ids[1], "no new campaign was begun", "новых кампаний не было")


def _first_tries(spends: list[Spend], begun: int) -> list[tuple[Slice, int]]:
    """Channel and first money of each campaign that began after the records did."""
    first: dict[tuple[str, str], list[Any]] = {}
    for s in spends:  # in the order of days
        if not s.campaign:
            continue
        key = s.channel or "", s.campaign
        tried = first.setdefault(key, [s.day, 0])
        if s.day == tried[0]:
            tried[1] += s.cost
    return [
        ((("channel", channel),) if channel else COMPANY, cost)
        for (channel, _), (day, cost) in sorted(first.items())
        if day > begun
    ]


def _last_day(data: Data, spends: list[Spend]) -> int:
    """The last day the records speak of: of its month where they are monthly."""
    last = max(s.day for s in spends)
    monthly = all(s.day * DAY == seconds(start(s.month)) for s in spends)
    if monthly:
        last = seconds(start(max(s.month for s in spends) + 1)) // DAY - 1
    return min(last, moment(data) // DAY)


_COSTS = ("marketing_costs.cost", "marketing_costs.period")
METRICS: tuple[Metric, ...] = dated(
    Metric(("cost.per-inquiry",), _COSTS, per_inquiry),
    Metric(("cost.per-deal",), (*_COSTS, "deals.entered_at"), per_deal),
    Metric(
        ("marketing.hypotheses-per-day", "marketing.test-budget"),
        (*_COSTS, "marketing_costs.campaign"),
        hypotheses,
    ),
)
