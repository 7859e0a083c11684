"""How evenly money comes in, and what changed when advertising began (M-90, M-91)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.clients.client_records import day
from salesdx.metrics.clients.purchases import today
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, leads, minor, moment, picked
from salesdx.metrics.months import of_day, since
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import Z95, dated, figure, unknown

_LEAST = 6  # months, below which a spread says nothing
_REGULARITY = ("revenue.regularity-cv", "orders.regularity-cv", "revenue.silent-months")
_ADS = ("ads.lead-change", "ads.order-change", "ads.revenue-change")
_YEAR = 12
_SHORT = (
    f"won deals cover fewer than {_LEAST} whole months",
    f"выигранные сделки охватывают меньше {_LEAST} полных месяцев",
)
_NO_BEFORE = (
    "the records do not reach far enough back before advertising began",
    "записи не охватывают достаточно времени до начала рекламы",
)
_NONE_BEFORE = (
    "there was nothing before advertising began to compare with",
    "до начала рекламы сравнивать не с чем",
)
_NO_MONEY = ("won deals have no amounts", "у выигранных сделок нет сумм")


@dataclass(frozen=True, slots=True)
class Months:
    """Number and money (minor units) by source and month; the first day of all."""

    first: int | None
    by: dict[tuple[str, int], tuple[int, int]]

    def of(self, month: int, source: str = "") -> tuple[int, int]:
        """Number and money of a month."""
        return self.by.get((source, month), (0, 0))


def regularity(data: Data) -> Iterator[Measurement]:
    """Variation of monthly sales, and months without any, since the first one (M-90).

    Whole months only, at most the last 24: older ones are another company.
    """
    sold = _sold(data)
    months = since(data, today(data) if sold.first is None else sold.first)
    months = months[-2 * _YEAR :]
    if len(months) < _LEAST:
        for metric in _REGULARITY:
            yield unknown(metric, *_SHORT)
        return
    per_month = [sold.of(m) for m in months]
    n = len(months)
    silent = sum(1 for count, _ in per_month if not count)
    yield figure("revenue.silent-months", silent, (), n)
    for metric, values in (
        ("orders.regularity-cv", [float(count) for count, _ in per_month]),
        ("revenue.regularity-cv", [money / 100 for _, money in per_month]),
    ):
        if sum(values) > 0:
            yield figure(metric, _variation(values), (), n)
        else:
            yield unknown(metric, *_NO_MONEY)


def _variation(values: list[float]) -> float:
    centre = math.fsum(values) / len(values)
    spread = math.fsum((v - centre) ** 2 for v in values) / len(values)
    return math.sqrt(spread) / centre


def _sold(data: Data) -> Months:
    """Won deals and their money (minor units) by source and day."""
    rows = deals(data)
    at = ibis.coalesce(rows.closed, rows.entered)
    rows = rows.filter((rows.status == "won") & (at <= moment(data)))
    rows = rows.mutate(day=(ibis.coalesce(rows.closed, rows.entered) / DAY).floor())
    return _by_month(data, rows.mutate(money=ibis.coalesce(rows.amount, 0)))


def _asked(data: Data) -> Months:
    """Requests by source and day; entries of deals where requests are not kept."""
    if data.has("leads", "created_at"):
        rows = leads(data)
        rows = rows.mutate(day=day(rows.created_at))
    else:
        rows = deals(data)
        rows = rows.mutate(day=(rows.entered / DAY).floor())
    rows = rows.filter(rows.day <= today(data))
    return _by_month(data, rows.mutate(money=ibis.literal(0, "int64")))


def _by_month(data: Data, rows: Any) -> Months:
    """Add days up to months: for all sources ("") and for each."""
    by = rows.group_by("source", "day").agg(n=rows.count(), money=rows.money.sum())
    first: int | None = None
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for row in data.rows(by):
        if row["day"] is None:
            continue
        place, n, money = int(row["day"]), int(row["n"]), int(row["money"] or 0)
        first = place if first is None else min(first, place)
        for source in ("", *([str(row["source"])] if row["source"] else [])):
            key = source, of_day(place)
            count, total = found.get(key, (0, 0))
            found[key] = count + n, total + money
    return Months(first, found)


def ads(data: Data) -> Iterator[Measurement]:
    """Requests, orders and money a month with paid traffic against before (M-91).

    The same number of whole months on both sides of the first paid month, at most
    twelve. By source where costs are kept by source.
    """
    starts = _paid_from(data)
    if not starts:
        for metric in _ADS:
            yield unknown(
                metric, "no month has a marketing cost",
                "ни в одном месяце нет расходов на маркетинг",
            )  # fmt: skip
        return
    asked, sold = _asked(data), _sold(data)
    firsts = [days.first for days in (asked, sold) if days.first is not None]
    months = since(data, min(firsts, default=today(data)))
    for source in sorted(starts):
        start = starts[source]
        sides = min(sum(m < start for m in months), sum(m >= start for m in months))
        sides = min(sides, _YEAR)
        for place, metric in enumerate(_ADS):
            days = asked if place == 0 else sold
            change = _Change(metric, days, place == 2, source, start, sides)
            yield from _changed(data, change)


def _paid_from(data: Data) -> dict[str, int]:
    """First month with a cost, for all sources ("") and for each."""
    rows = picked(data, "marketing_costs", "source period cost")
    rows = rows.mutate(at=day(rows.period), money=minor(rows.cost))
    rows = rows.filter((rows.money > 0) & (rows["at"] <= today(data)))
    found: dict[str, int] = {}
    for row in data.rows(rows.group_by("source").agg(first=rows["at"].min())):
        month = of_day(int(row["first"]))
        found[""] = min(found.get("", month), month)
        if row["source"]:
            found[str(row["source"])] = month
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """One figure around a first paid month: so many months on both sides."""

    metric: str
    months: Months
    money: bool
    source: str
    start: int
    sides: int

    def total(self, first: int) -> tuple[int, int]:
        """Number and money of as many months as there are on a side."""
        found = [
            self.months.of(m, self.source) for m in range(first, first + self.sides)
        ]
        return sum(n for n, _ in found), sum(money for _, money in found)


def _changed(data: Data, change: _Change) -> Iterator[Measurement]:
    """The factor after / before; of a source only where it can be told."""
    where: Slice = (("source", change.source),) if change.source else COMPANY
    short = change.sides < data.setting("ads.months")
    (b, y), (a, x) = (
        change.total(change.start - change.sides),
        change.total(change.start),
    )
    if short or b <= 0 or (change.money and y <= 0):
        if not where:
            yield unknown(change.metric, *(_NO_BEFORE if short else _NONE_BEFORE))
        return
    if change.money:  # money has no spread that counts could tell
        yield figure(change.metric, x / y, where, a + b, x / 100, y / 100)
        return
    half = Z95 * math.sqrt(1 / max(a, 1) + 1 / b)
    interval = (a / b * math.exp(-half), a / b * math.exp(half))
    yield figure(change.metric, a / b, where, a + b, a, b, interval)


METRICS: tuple[Metric, ...] = dated(
    Metric(_REGULARITY, ("deals.status",), regularity),
    Metric(_ADS, ("marketing_costs.cost", "marketing_costs.period"), ads),
)
