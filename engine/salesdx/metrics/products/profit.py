"""Profit and revenue by who, what and where (M-113, M-123, M-127, M-128)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag, moment, month
from salesdx.metrics.products.catalogue import (
    NOT_UNDERSTOOD,
    channel_sales,
    revenue_share,
)
from salesdx.metrics.products.products import last_whole_month, sold
from salesdx.metrics.products.sales_words import corporate
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, sums, unknown

YEAR = 12
TWO_YEARS = 24
LEAST = 3  # months: a shorter stretch is an accident
_GRAINS = (("segment",), ("channel",), ("manager",))


def profitability(data: Data) -> Iterator[Measurement]:
    """Profit over revenue of won deals, by group, product, channel, manager (M-113).

    Costs come from the deals, else from their positions; by product from the
    positions where these have costs.
    """
    metric = "profitability"
    lines = sold(data)
    lines = lines.filter(lines.money.notnull() & lines.spent.notnull())
    rows = _costed(data, lines)
    found = list(_ratios(metric, rows, _GRAINS))
    if not found:
        yield unknown(
            metric, "no won deal has both an amount and a cost",
            "ни у одной выигранной сделки нет и суммы, и себестоимости",
        )  # fmt: skip
        return
    yield from found
    lines = lines.select("product", amount=lines.money, cost=lines.spent)
    yield from (m for m in _ratios(metric, lines, (("product",),)) if m.slice)


def _costed(data: Data, lines: Any) -> Any:
    """Won deals with amount and cost, the cost from their positions if need be."""
    rows = deals(data)
    rows = rows.filter((rows.status == "won") & (rows.closed <= moment(data)))
    if not data.has("deals", "cost"):
        spent = lines.group_by(lines.deal_id.name("of")).agg(
            paid=lines.money.sum(), spent=lines.spent.sum()
        )
        rows = rows.inner_join(spent, rows.deal_id == spent.of)
        rows = rows.mutate(amount=rows.paid, cost=rows.spent)
    return rows.filter(rows.amount.notnull() & rows.cost.notnull())


def _ratios(
    metric: str, rows: Any, grains: tuple[tuple[str, ...], ...]
) -> Iterator[Measurement]:
    rows = rows.mutate(base=ibis.literal(1, "int64"))
    for where, row in sums(rows, ("amount", "cost", "base"), grains):
        revenue, profit = row["amount"], row["amount"] - row["cost"]
        if revenue > 0:
            yield figure(
                metric, profit / revenue, where, row["base"], profit / 100,
                revenue / 100,
            )  # fmt: skip


def long_run(data: Data) -> Iterator[Measurement]:
    """Revenue now against the same months two years ago, minus one (M-123).

    Whole months: the last twelve where the data reach back three years, else as many
    as can be compared, from three on.
    """
    metric = "revenue.long-run-change"
    rows = deals(data, "closed_at")
    rows = rows.filter((rows.status == "won") & (rows.closed <= moment(data)))
    rows = rows.filter(rows.amount.notnull())
    rows = rows.mutate(at=month(rows.closed_at))
    first = data.rows(rows.aggregate(first=rows["at"].min()))[0]["first"]
    last = last_whole_month(data)
    # the first month of the data may be half a month
    span = 0 if first is None else min(YEAR, last - TWO_YEARS - int(first))
    if span < LEAST:
        yield unknown(
            metric, "won deals with amounts do not reach back two years and a quarter",
            "выигранные сделки с суммами охватывают меньше двух лет с кварталом",
        )  # fmt: skip
        return
    age = last - rows["at"]
    now = (age >= 0) & (age < span)
    then = (age >= TWO_YEARS) & (age < TWO_YEARS + span)
    rows = rows.mutate(
        now=ibis.ifelse(now, rows.amount, 0), then=ibis.ifelse(then, rows.amount, 0),
        base=flag(then),
    )  # fmt: skip
    for where, row in sums(rows, ("now", "then", "base"), (("region",),)):
        if row["then"] > 0:
            yield figure(
                metric, row["now"] / row["then"] - 1, where, row["base"],
                row["now"] / 100, row["then"] / 100,
            )  # fmt: skip
        elif not where:
            yield unknown(
                metric, "nothing was sold two years ago",
                "два года назад продаж не было",
            )  # fmt: skip


def delivery(data: Data) -> Iterator[Measurement]:
    """Revenue by delivery or online, of that whose channel is understood (M-127)."""
    metric = "sales.delivery-share"
    rows = channel_sales(data)
    if rows is None:
        yield unknown(metric, *NOT_UNDERSTOOD)
        return
    yield from revenue_share(metric, rows, rows.kind.isin(["delivery", "online"]))


def corporate_share(data: Data) -> Iterator[Measurement]:
    """Revenue from corporate clients, of that whose segment is known (M-128)."""
    metric = "sales.corporate-share"
    rows = deals(data)
    rows = rows.filter((rows.status == "won") & (rows.closed <= moment(data)))
    rows = rows.filter(rows.segment.notnull() & (rows.amount > 0))
    names = [str(r["segment"]) for r in data.rows(rows.select("segment").distinct())]
    theirs = corporate(names, data.company)
    if not theirs:
        yield unknown(
            metric,
            "no segment is understood as corporate clients (corporate_segments in"
            " company.yaml)",
            "ни один сегмент не понят как корпоративные клиенты (corporate_segments в"
            " company.yaml)",
        )
        return
    rows = rows.mutate(worth=rows.amount)
    yield from revenue_share(metric, rows, rows.segment.isin(theirs))


_CLOSED = ("deals.status", "deals.closed_at")
METRICS: tuple[Metric, ...] = dated(
    Metric(("profitability",), _CLOSED, profitability),
    Metric(("revenue.long-run-change",), (*_CLOSED, "deals.amount"), long_run),
    Metric(("sales.delivery-share",), (*_CLOSED, "deals.channel"), delivery),
    Metric(("sales.corporate-share",), (*_CLOSED, "deals.amount"), corporate_share),
)
