"""The range in figures: regular sales, season, margin, parts of cost (M-97 … M-103).

What was sold comes from the positions of won deals; where there are none, from the
product and the amount of the deals.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, Slice, slice_of
from salesdx.metrics.data import Data
from salesdx.metrics.grain import EPOCH, deals, minor, moment, month, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, sums, unknown
from salesdx.statistics.seasonality import LEAST, seasonal_index

YEAR = 12
_NO_SALES = (
    "no won deal has both a product and a closing date",
    "ни у одной выигранной сделки нет и продукта, и даты закрытия",
)
_SHORT = (
    "sales cover less than 24 whole months: a season seen once is not a season",
    "продажи охватывают меньше 24 полных месяцев: сезон, который видели один раз, ещё"
    " не сезон",
)
_THIN = (
    "sales are too thin to show a season: there is a year with nothing sold",
    "продаж слишком мало, чтобы увидеть сезон: есть год совсем без них",
)


def sold(data: Data) -> Any:
    """One row a position sold up to as-of.

    Columns: product, region, deal_id, at (number of the month), money and spent in
    minor units (null when not known). What a position lacks, the catalogue gives.
    """
    return data.kept("sold", lambda: _sold(data))


def _sold(data: Data) -> Any:
    won = deals(data, "closed_at")
    won = won.filter((won.status == "won") & (won.closed <= moment(data)))
    won = won.mutate(at=month(won.closed_at))
    if not data.has("deal_items", "product_id"):
        rows = won.filter(won["product"].notnull())
        return rows.select(
            "product", "region", "deal_id", "at", money=rows.amount, spent=rows.cost
        )
    items = _priced(data)
    won = won.select("region", "deal_id", "at")
    rows = items.inner_join(won, items.of == won.deal_id)
    return rows.select("product", "region", "deal_id", "at", "money", "spent")


def _priced(data: Data) -> Any:
    """Positions not refused: of (the deal), product, money and spent."""
    items = picked(
        data, "deal_items", "product_id qty price cost accepted", of="deal_id"
    )
    items = items.filter(items.product_id.notnull() & items.accepted.fill_null(True))
    if data.has("products"):
        known = picked(data, "products", "product_id price cost")
        known = known.group_by(known.product_id.name("listed")).agg(
            list_price=known.price.max(), list_cost=known.cost.max()
        )
        items = items.left_join(known, items.product_id == known.listed)
        items = items.mutate(
            price=ibis.coalesce(items.price, items.list_price),
            cost=ibis.coalesce(items.cost, items.list_cost),
        )
    qty = items.qty.fill_null(1.0)
    return items.select(
        "of", product=items.product_id, money=minor(items.price * qty),
        spent=minor(items.cost * qty),
    )  # fmt: skip


def _months(data: Data) -> tuple[int, int] | None:
    """First month with a sale and last whole month, as numbers; None without sales."""
    rows = sold(data)
    first = data.rows(rows.aggregate(first=rows["at"].min()))[0]["first"]
    return None if first is None else (int(first), last_whole_month(data))


def last_whole_month(data: Data) -> int:
    """Number of the last month that has ended by as-of."""
    tomorrow = EPOCH + dt.timedelta(seconds=moment(data) + 1)
    return tomorrow.year * YEAR + tomorrow.month - 2


def _monthly(data: Data) -> dict[str, dict[int, tuple[int, int, int]]]:
    """Product -> month -> (positions, money, profit in minor units); "" is all."""
    rows = sold(data)
    known = rows.money.notnull() & rows.spent.notnull()
    profit = ibis.ifelse(known, rows.money - rows.spent, 0)
    grouped = rows.group_by("product", "at").agg(
        n=rows.count(), money=rows.money.sum(), profit=profit.sum()
    )
    found: dict[str, dict[int, tuple[int, int, int]]] = {"": {}}
    for row in data.rows(grouped):
        here = int(row["n"]), int(row["money"] or 0), int(row["profit"] or 0)
        found.setdefault(str(row["product"]), {})[int(row["at"])] = here
        before = found[""].get(int(row["at"]), (0, 0, 0))
        total = before[0] + here[0], before[1] + here[1], before[2] + here[2]
        found[""][int(row["at"])] = total
    return dict(sorted(found.items()))


def _where(product: str) -> Slice:
    return slice_of(product=product) if product else COMPANY


def regularity(data: Data) -> Iterator[Measurement]:
    """Months with sales, and with a profit, among the last twelve whole ones (M-97)."""
    names = ("product.months-with-sales", "product.months-with-profit")
    span = _months(data)
    if span is None or span[1] - span[0] < YEAR - 1:
        short = (
            "sales cover less than twelve whole months",
            "продажи охватывают меньше двенадцати полных месяцев",
        )
        for metric in names:
            yield unknown(metric, *(_NO_SALES if span is None else short))
        return
    window = range(span[1] - YEAR + 1, span[1] + 1)
    costed = _costed(data)
    if not costed:
        yield unknown(
            names[1],
            "what was sold has no costs",
            "у проданного не указана себестоимость",
        )
    for product, months in _monthly(data).items():
        where, n = _where(product), sum(months[m][0] for m in window if m in months)
        with_sales = sum(1 for m in window if m in months)
        yield Measurement(names[0], float(with_sales), where, n)
        if costed:
            gained = sum(1 for m in window if m in months and months[m][2] > 0)
            yield Measurement(names[1], float(gained), where, n)


def _costed(data: Data) -> bool:
    rows = sold(data)
    both = rows.filter(rows.money.notnull() & rows.spent.notnull())
    return bool(data.rows(both.limit(1)))


def seasonality(data: Data) -> Iterator[Measurement]:
    """The best month of the year over a mean one (M-98).

    Whole months only, from the first with a sale of the product on; money where it is
    known, else the number of positions. What does not return every year is no season.
    """
    metric, span = "product.seasonality", _months(data)
    if span is None:
        yield unknown(metric, *_NO_SALES)
        return
    judged = False
    reason = _SHORT if span[1] - span[0] < LEAST else _THIN
    for product, months in _monthly(data).items():
        start = min(months, default=span[1]) + 1  # the first may be half a month
        if not months or span[1] - start + 1 < LEAST:
            continue
        of = 1 if any(m[1] for m in months.values()) else 0
        series = [months.get(m, (0, 0, 0))[of] for m in range(start, span[1] + 1)]
        season = seasonal_index([float(v) for v in series])
        if season is not None:
            n = sum(months[m][0] for m in months if start <= m <= span[1])
            yield figure(metric, season.swing, _where(product), n)
            judged |= not product
    if not judged:
        yield unknown(metric, *reason)


def margin(data: Data) -> Iterator[Measurement]:
    """(Price - cost) / price of what was sold, by product (M-99).

    Without sales that have both, of the catalogue, every product once.
    """
    metric = "product.margin"
    rows = None
    if data.as_of is not None and data.has("deals", "status"):
        rows = sold(data)
        rows = rows.filter((rows.money > 0) & rows.spent.notnull())
        rows = rows if data.rows(rows.limit(1)) else None
    if rows is None and data.has("products", "price", "cost"):
        rows = picked(data, "products", "price cost", product="product_id")
        rows = rows.mutate(money=minor(rows.price), spent=minor(rows.cost))
        rows = rows.filter((rows.money > 0) & rows.spent.notnull())
    if rows is None:
        yield unknown(
            metric, "neither what was sold nor the catalogue has prices with costs",
            "ни у проданного, ни в каталоге нет цен вместе с себестоимостью",
        )  # fmt: skip
        return
    rows = rows.select("product", "money", "spent", base=ibis.literal(1, "int64"))
    sold_lines = data.has("deal_items") or not data.has("products", "price", "cost")
    for where, row in sums(rows, ("money", "spent", "base"), (("product",),)):
        if row["money"] > 0:
            gain = row["money"] - row["spent"]
            n = row["base"] if sold_lines or not where else None
            yield figure(
                metric, gain / row["money"], where, n, gain / 100, row["money"] / 100
            )
        elif not where:
            yield unknown(metric, "no price is above zero", "ни одна цена не выше нуля")


METRICS: tuple[Metric, ...] = (
    *dated(
        Metric(
            ("product.months-with-sales", "product.months-with-profit"),
            ("deals.status", "deals.closed_at"),
            regularity,
        ),
        Metric(
            ("product.seasonality",), ("deals.status", "deals.closed_at"), seasonality
        ),
    ),
    Metric(("product.margin",), (), margin),
)
