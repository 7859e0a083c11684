"""Sales now against before, in all, by product and by segment (M-50, M-60)."""

import math
from collections.abc import Iterator
from typing import Any

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, flag, moment
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import Z95, dated, figure, share, sums, unknown

_YEAR = 365 * DAY
_SHORTEST = 182 * DAY
_GRAINS = (("product",), ("segment",))


def _span(data: Data, rows: Any) -> int:
    """Seconds of one compared period; 0 when the data are too short."""
    first = data.rows(rows.aggregate(first=rows.closed.min()))[0]["first"]
    if first is None:
        return 0
    whole = moment(data) - int(first)
    return 0 if whole < _SHORTEST else min(_YEAR, whole // 2)


def change(data: Data) -> Iterator[Measurement]:
    """Sales of the last 12 months against the 12 before.

    Shorter data are split into halves; less than half a year cannot show a trend.
    Money where won deals have amounts, else the number of deals. The interval treats
    the deals as counts, so it is narrow where single deals dominate.
    """
    rows = deals(data)
    rows = rows.filter((rows.status == "won") & (rows.closed <= moment(data)))
    span = _span(data, rows)
    if not span:
        for metric in ("trend.sales-change", "trend.products-falling-share"):
            yield unknown(
                metric,
                "won deals cover less than half a year",
                "выигранные сделки охватывают меньше полугода",
            )
        return
    age = moment(data) - rows.closed
    rows = rows.filter(age < 2 * span)
    now = flag(moment(data) - rows.closed < span)
    sold = rows.amount if data.has("deals", "amount") else flag(rows.status == "won")
    sold = sold.fill_null(0)
    rows = rows.mutate(
        after=sold * now, before=sold * (1 - now), n_after=now, n_before=1 - now
    )
    names = ("after", "before", "n_after", "n_before")
    least = int(data.setting("trend.least-deals"))
    found = [_changed(where, row, least) for where, row in sums(rows, names, _GRAINS)]
    yield from found
    products = [m for m in found if dict(m.slice).get("product")]
    judged = [m for m in products if m.value is not None and m.state == "ok"]
    if len(judged) < 2:
        yield unknown(
            "trend.products-falling-share",
            "fewer than two products have enough sales to compare",
            "меньше чем у двух продуктов достаточно продаж для сравнения",
        )
        return
    floor = data.setting("trend.product-falls")
    falling = [m for m in judged if (m.value or 0.0) <= floor]
    yield share("trend.products-falling-share", len(falling), len(judged))


def _changed(where: Slice, row: dict[str, Any], least: int) -> Measurement:
    """The change of one slice; too little to judge below `least` deals before."""
    metric, after, before = "trend.sales-change", row["after"], row["before"]
    n, n_before = row["n_after"] + row["n_before"], row["n_before"]
    if before <= 0 or (where == COMPANY and not n_before):
        return unknown(
            metric, "nothing was sold in the period before",
            "в предыдущем периоде продаж не было", where,
        )  # fmt: skip
    ratio = after / before
    half = Z95 * math.sqrt(1 / max(row["n_after"], 1) + 1 / max(n_before, 1))
    interval = (ratio * math.exp(-half) - 1, ratio * math.exp(half) - 1)
    row_ = figure(metric, ratio - 1, where, n, after, before, interval)
    if where and n_before < least and row_.state == "ok":
        return figure(metric, ratio - 1, where, min(n, least), after, before, interval)
    return row_


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("trend.sales-change", "trend.products-falling-share"),
        ("deals.status", "deals.closed_at"),
        change,
    ),
)
