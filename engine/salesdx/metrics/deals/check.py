"""The average check: its level, deviation, breadth and margin (M-01 … M-04)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag, minor, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import figure, mean, means, sums, unknown

_GRAINS = (("manager",), ("segment",), ("product",), ("channel",), ("region",))
_MARGIN_GRAINS = (("manager",), ("segment",), ("product",), ("channel",))
_STEPS = 100_000  # amounts are squared on a grid of this many steps: no overflow


def _won(data: Data) -> Any:
    """Won deals with a positive amount; returns and zero budgets are no checks."""
    return data.kept("won", lambda: _won_rows(data))


def _won_rows(data: Data) -> Any:
    rows = deals(data)
    return rows.filter((rows.status == "won") & (rows.amount > 0))


def average(data: Data) -> Iterator[Measurement]:
    """Mean amount of won deals in currency units, by slice (M-01)."""
    rows = _won(data)
    top = data.rows(rows.aggregate(top=rows.amount.max()))[0]["top"]
    if not top:
        yield _no_check("check.average")
        return
    step = max(int(top) // _STEPS, 1)
    grid = (rows.amount / step).round().cast("int64")
    rows = rows.mutate(base=flag(rows.amount > 0), squared=grid * grid)
    for where, row in sums(rows, ("amount", "squared", "base"), _GRAINS):
        squares = float(row["squared"]) * step * step
        yield mean("check.average", row["amount"], squares, row["base"], 100.0, where)


def median(data: Data) -> Iterator[Measurement]:
    """Middle amount of won deals: one large order does not move it."""
    rows = _won(data)
    n = int(data.rows(rows.aggregate(n=rows.count()))[0]["n"])
    if not n:
        yield _no_check("check.median")
        return
    place = ibis.row_number().over(ibis.window(order_by=[rows.amount, rows.deal_id]))
    ranked = rows.select("amount", place=place)
    middle = ranked.filter(ranked.place.isin([(n - 1) // 2, n // 2]))
    found = [int(row["amount"]) for row in data.rows(middle)]
    yield figure("check.median", sum(found) / len(found) / 100, n=n)


def deviation(data: Data) -> Iterator[Measurement]:
    """Check against the mean of like clients (M-02).

    A manager is compared with what the average check of each segment would give on
    the manager's own mix of segments; a segment with the whole company. Deals without
    a segment form a group of their own.
    """
    rows = _won(data).mutate(base=ibis.literal(1, "int64"))
    rows = rows.mutate(group=ibis.coalesce(rows.segment, ""))
    names = ("amount", "base")
    found = list(sums(rows, names, (("group",), ("manager", "group"))))
    total = found[0][1]
    of_group = {where[0][1]: row for where, row in found[1:] if len(where) == 1}
    groups = {group: row["amount"] / row["base"] for group, row in of_group.items()}
    if not total["base"]:
        yield _no_check("check.deviation")
        return
    company = total["amount"] / total["base"]
    for segment, level in sorted(groups.items()):
        if segment and len(groups) > 1:
            n = of_group[segment]["base"]
            where: Slice = (("segment", segment),)
            yield figure("check.deviation", level / company - 1, where, n)
    own: dict[str, list[float]] = {}
    for where, row in found:
        at = dict(where)
        if "manager" not in at:
            continue
        cell = own.setdefault(at["manager"], [0.0, 0.0, 0.0])
        cell[0] += row["amount"]
        cell[1] += row["base"] * groups[at["group"]]
        cell[2] += row["base"]
    for manager, (amount, expected, count) in sorted(own.items()):
        slice_ = (("manager", manager),)
        yield figure(
            "check.deviation", amount / expected - 1, slice_, int(count),
            amount / 100, expected / 100,
        )  # fmt: skip


def _no_check(metric: str) -> Measurement:
    return unknown(
        metric,
        "no won deal has an amount",
        "ни у одной выигранной сделки не указана сумма",
    )


def lines(data: Data) -> Iterator[Measurement]:
    """Mean number of distinct product lines in a won deal (M-03)."""
    items = picked(data, "deal_items", "deal_id product_id accepted")
    items = items.filter(items.product_id.notnull())
    # a line that the client refused is not in the check
    items = items.filter(items.accepted.fill_null(True))
    if data.has("products", "line"):
        known = picked(data, "products", "line", product="product_id")
        items = items.left_join(known, items.product_id == known.product)
        items = items.mutate(line=ibis.coalesce(items.line, items.product_id))
    else:
        items = items.mutate(line=items.product_id)
    of_deal = items.group_by(["deal_id", "line"]).agg(rows=items.count())
    counted = of_deal.group_by(of_deal.deal_id.name("of")).agg(lines=of_deal.count())
    won = deals(data)
    won = won.filter(won.status == "won")
    rows = won.inner_join(counted, won.deal_id == counted.of)
    yield from means("check.lines", rows, rows.lines, grains=(("manager",),))


def margin(data: Data) -> Iterator[Measurement]:
    """(Amount - cost) / amount over won deals that have both (M-04).

    Costs come from the deals, else from their items (a line without a quantity is one
    piece).
    """
    rows = _won(data)
    if not data.has("deals", "cost"):
        if not data.has("deal_items", "price", "cost"):
            yield unknown(
                "check.margin", "neither deals nor their items have costs",
                "ни у сделок, ни у позиций не указана себестоимость",
            )  # fmt: skip
            return
        rows = _with_item_costs(data, rows)
    rows = rows.filter(rows.cost.notnull())
    rows = rows.mutate(base=ibis.literal(1, "int64"))
    for where, row in sums(rows, ("amount", "cost", "base"), _MARGIN_GRAINS):
        amount, profit = row["amount"], row["amount"] - row["cost"]
        if amount:
            yield figure(
                "check.margin", profit / amount, where, row["base"],
                profit / 100, amount / 100,
            )  # fmt: skip


def _with_item_costs(data: Data, rows: Any) -> Any:
    items = picked(data, "deal_items", "deal_id qty price cost")
    items = items.filter(items.price.notnull() & items.cost.notnull())
    qty = items.qty.fill_null(1.0)
    items = items.mutate(paid=minor(items.price * qty), spent=minor(items.cost * qty))
    of_deal = items.group_by(items.deal_id.name("of")).agg(
        paid=items.paid.sum(), spent=items.spent.sum()
    )
    joined = rows.inner_join(of_deal, rows.deal_id == of_deal.of)
    joined = joined.filter(joined.paid > 0)
    return joined.mutate(amount=joined.paid, cost=joined.spent)


_AMOUNT = ("deals.amount",)
METRICS: tuple[Metric, ...] = (
    Metric(("check.average",), _AMOUNT, average),
    Metric(("check.median",), _AMOUNT, median),
    Metric(("check.deviation",), _AMOUNT, deviation),
    Metric(("check.lines",), ("deals", "deal_items.product_id"), lines),
    Metric(("check.margin",), _AMOUNT, margin),
)
