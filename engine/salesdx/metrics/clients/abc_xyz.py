"""ABC by revenue, XYZ by regularity of purchase (M-116)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement
from salesdx.metrics.clients.client_sums import scale
from salesdx.metrics.clients.clients import by_slice, client_rows
from salesdx.metrics.clients.purchases import known, purchases
from salesdx.metrics.data import Data
from salesdx.metrics.grain import flag
from salesdx.metrics.months import begins, last_whole
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, unknown

_ABC = (
    "clients.abc-a",
    "clients.abc-b",
    "clients.abc-c",
    "clients.abc-a-revenue-share",
)
_XYZ = ("clients.xyz-x", "clients.xyz-y", "clients.xyz-z")
_CUTS = ("manager", "segment")
_NO_REVENUE = (
    "no purchase of a known client has an amount",
    "ни у одной покупки известного клиента нет суммы",
)
_YOUNG = (
    "no client who bought in the last twelve months is as old as that",
    "среди покупавших за последние двенадцать месяцев нет клиентов с такой историей",
)
_NO_CLIENT = (
    "deals do not say which client bought and when",
    "в сделках не указано, какой клиент и когда купил",
)
MILLION = 1_000_000


def classes(data: Data) -> Any:
    """Ibis table: client (`of`), dimensions, revenue and `abc` of every buyer.

    Clients stand from the largest down; whose revenue carries the sum over 80 % is the
    last of class A, and over 95 % the last of class B.
    """
    return data.kept("abc", lambda: _classes(data))


def _classes(data: Data) -> Any:
    rows = client_rows(data)
    rows = rows.filter((rows.orders > 0) & rows.revenue.notnull())
    downwards = ibis.window(
        order_by=[ibis.desc(rows.revenue), rows.client_id], preceding=None, following=0
    )
    rows = rows.mutate(so_far=rows.revenue.sum().over(downwards).cast("float64"))
    whole = float(scale(data).revenue)
    before = rows.so_far - rows.revenue
    a = before < whole * data.setting("clients.abc-a")
    b = before < whole * data.setting("clients.abc-b")
    return rows.select(
        of="client_id", manager="manager", segment="segment", revenue="revenue",
        abc=ibis.cases((a, "a"), (b, "b"), else_="c"),
    )  # fmt: skip


def abc(data: Data) -> Iterator[Measurement]:
    """Number of clients in each class, and what class A brings."""
    if not known(data) or scale(data).revenue <= 0:
        for metric in _ABC:
            yield unknown(metric, *_NO_REVENUE)
        return
    rows = classes(data)
    wanted = {c: flag(rows.abc == c) for c in "abc"}
    wanted["revenue"] = rows.revenue
    wanted["large"] = ibis.ifelse(rows.abc == "a", rows.revenue, 0)
    wanted["n"] = ibis.literal(1, "int64")
    for where, row in by_slice(data, rows, wanted).items():
        if where and where[0][0] not in _CUTS:
            continue
        for metric, name in zip(_ABC, "abc", strict=False):
            yield figure(metric, row[name], where, row["n"])
        if row["revenue"] > 0:
            large = row["large"]
            yield figure(
                _ABC[3], large / row["revenue"], where, row["n"], large / 100,
                row["revenue"] / 100,
            )  # fmt: skip


def xyz(data: Data) -> Iterator[Measurement]:
    """Clients by how evenly they bought in the last twelve whole months.

    The coefficient of variation is that of monthly revenue (of purchases, where there
    are no amounts), months without one included. Who came later than the first of the
    months, or bought in none of them, has no class.
    """
    if not known(data):
        for metric in _XYZ:
            yield unknown(metric, *_NO_CLIENT)
        return
    rows = _evenness(data)
    x, y = data.setting("clients.xyz-x"), data.setting("clients.xyz-y")
    wanted = {
        "x": flag(rows.cv <= x),
        "y": flag((rows.cv > x) & (rows.cv <= y)),
        "z": flag(rows.cv > y),
        "n": ibis.literal(1, "int64"),
    }
    for where, row in by_slice(data, rows, wanted).items():
        if where and where[0][0] not in _CUTS:
            continue
        if not row["n"] and where == COMPANY:
            for metric in _XYZ:
                yield unknown(metric, *_YOUNG)
            return
        for metric, name in zip(_XYZ, "xyz", strict=True):
            yield figure(metric, row[name], where, row["n"])


def _evenness(data: Data) -> Any:
    """Clients old enough, with the variation `cv` of their monthly purchases."""
    count = int(data.setting("clients.xyz-months"))
    end = last_whole(data)
    rows = purchases(data)
    rows = rows.filter((rows.month > end - count) & (rows.month <= end))
    paid = data.has("deals", "amount")
    worth = ibis.coalesce(rows.amount, 0) if paid else flag(rows.number > 0)
    monthly = rows.group_by("client_id", "month").agg(worth=worth.sum())
    spread = concentration(monthly)
    known_ = client_rows(data)
    known_ = known_.filter(known_["first"] < begins(end - count + 2))
    rows = known_.inner_join(spread, known_.client_id == spread.of)
    return rows.select("manager", "segment", cv=deviation(rows.even, float(count)))


def concentration(monthly: Any) -> Any:
    """Clients (`of`) with `even`: the sum of squared shares of months in `worth`.

    Shares are whole millionths of the client's sum, so that squares fit whole
    numbers. Over n months, empty ones included, `even` x n - 1 is the square of the
    coefficient of variation.
    """
    own = ibis.window(group_by=monthly.client_id)
    rows = monthly.mutate(whole=monthly.worth.sum().over(own).cast("float64"))
    rows = rows.filter(rows.whole > 0)
    part = (rows.worth / rows.whole * MILLION).round().cast("int64")
    rows = rows.mutate(part=part, squared=part * part)
    sums = rows.group_by(rows.client_id.name("of")).agg(
        total=rows.part.sum(), squares=rows.squared.sum()
    )
    total = sums.total.cast("float64")
    squares = sums.squares.cast("float64")
    return sums.select("of", even=squares / (total * total).nullif(0.0))


def deviation(even: Any, months: Any) -> Any:
    """Coefficient of variation over so many months."""
    return ibis.greatest(even * months - 1.0, 0.0).sqrt()


METRICS: tuple[Metric, ...] = dated(
    Metric(_ABC, ("deals.amount",), abc),
    Metric(_XYZ, (), xyz),
)
