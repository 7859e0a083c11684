"""The sums over clients that many figures share: one pass for all of them."""

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import ibis

from salesdx.metrics.clients.client_records import MILLION
from salesdx.metrics.clients.clients import Totals, by_slice, client_rows
from salesdx.metrics.clients.purchases import YEAR, span, today
from salesdx.metrics.data import Data
from salesdx.metrics.grain import flag

_STEPS = 100_000  # money is squared on a grid of this many steps: no overflow
_sums: WeakKeyDictionary[Data, Totals] = WeakKeyDictionary()
_scales: WeakKeyDictionary[Data, "Scale"] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Scale:
    """What has to be known of all clients before one can be judged.

    `step` is the grid on which profits are squared; `check` the mean amount of a
    purchase, None where none has one; money is in minor units.
    """

    bought: int
    again: int
    step: int
    revenue: int
    check: float | None

    def rhythm(self, needed: float) -> bool:
        """Whether enough clients bought a second time for silence to mean something."""
        return self.bought > 0 and self.again >= needed * self.bought


def scale(data: Data) -> Scale:
    """How many bought and bought again, and how large the money is."""
    if data not in _scales:
        rows = client_rows(data)
        found = data.rows(
            rows.aggregate(
                bought=rows["last"].count(),
                again=flag(rows.days > 1).sum(),
                high=rows.profit.max(),
                low=rows.profit.min(),
                revenue=rows.revenue.sum(),
                orders=rows.orders.sum(),
            )
        )[0]
        most = max(abs(int(found["high"] or 0)), abs(int(found["low"] or 0)))
        orders, revenue = int(found["orders"] or 0), int(found["revenue"] or 0)
        _scales[data] = Scale(
            int(found["bought"]), int(found["again"] or 0), max(most // _STEPS, 1),
            revenue, revenue / orders if orders and revenue > 0 else None,
        )  # fmt: skip
    return _scales[data]


def client_sums(data: Data) -> Totals:
    """Sums over clients for the company and each dimension (see `_wanted`)."""
    if data not in _sums:
        rows = client_rows(data)
        _sums[data] = by_slice(data, rows, _wanted(data, rows))
    return _sums[data]


def silent(data: Data, rows: Any) -> Any:
    """Whether a client is silent beyond the own rhythm (M-66), null if never bought."""
    days = data.setting("churn.inactive-days")
    gaps = data.setting("churn.inactive-gaps")
    # the rhythm is twice the middle gap, so everything is compared twice as long
    own = ibis.coalesce(rows.rhythm, 0) * gaps
    silence = (ibis.literal(today(data), "int64") - rows["last"]) * 2
    return (silence > 2 * days) & (silence > own)


def lost(data: Data, rows: Any) -> Any:
    """Whether a client is lost by the company's definitions taken together."""
    after = data.setting("churn.lost-after-days")
    found = ibis.literal(False)
    if after > 0:
        found = found | (rows["last"] < today(data) - after).fill_null(False)
    if data.setting("churn.lost-by-score") > 0:
        low = rows.score <= data.setting("churn.detractor-score")
        found = found | low.fill_null(False)
    if data.setting("churn.lost-by-conflict") > 0:
        found = found | (rows.conflict == 1).fill_null(False)
    found = found & rows["last"].notnull()
    return found | persistent(data, rows) if _asks_count(data) else found


def _asks_count(data: Data) -> bool:
    return data.setting("churn.lost-by-inquiries") > 0


def persistent(data: Data, rows: Any) -> Any:
    """Whether somebody asked more often than the limit and never bought (M-69)."""
    limit = data.setting("churn.inquiries")
    return rows["last"].isnull() & (rows.asked > limit)


def _wanted(data: Data, rows: Any) -> dict[str, Any]:
    """Integer expressions of a client row, all to be summed."""
    return _purchasing(data, rows) | _leaving(data, rows) | _sharing(data, rows)


def _purchasing(data: Data, rows: Any) -> dict[str, Any]:
    bought = rows["last"].notnull()
    opening = today(data) - (span(data) or 0)
    new = bought & (rows["first"] > opening)
    earned = bought & (rows.orders > 0) & (rows.costed == rows.orders)
    profit = ibis.ifelse(earned, rows.profit, 0)
    grid = (profit / scale(data).step).round().cast("int64")
    return {
        "bought": flag(bought),
        "ordered": flag(rows.orders > 0),
        "orders": rows.orders,
        "repeat": flag(rows.orders > 1),
        "new": flag(new),
        "new_revenue": ibis.ifelse(new, ibis.coalesce(rows.revenue, 0), 0),
        "was_current": flag(rows.before_span > 0),
        "kept": flag((rows.before_span > 0) & (rows.in_span > 0)),
        "earned": flag(earned),
        "profit": profit,
        "profit_squared": grid * grid,
    }


def _leaving(data: Data, rows: Any) -> dict[str, Any]:
    bought = rows["last"].notnull()
    silence = ibis.literal(today(data), "int64") - rows["last"]
    detractor = rows.score <= data.setting("churn.detractor-score")
    promoter = rows.score >= data.setting("churn.promoter-score")
    asked = persistent(data, rows)
    return {
        "inactive": flag(silent(data, rows)),
        "inactive_3m": flag(silence > data.setting("churn.inactive-3m-days")),
        "inactive_6m": flag(silence > data.setting("churn.inactive-6m-days")),
        "losable": flag(bought | asked) if _asks_count(data) else flag(bought),
        "lost": flag(lost(data, rows)),
        "scored": flag(rows.score.notnull()),
        "promoter": flag(promoter & ~detractor),
        "detractor": flag(detractor),
        "conflict": flag(bought & (rows.conflict == 1)),
    }


def _sharing(data: Data, rows: Any) -> dict[str, Any]:
    """Of clients who bought within the last year: what is known of their purchases."""
    current = rows["last"] > today(data) - YEAR
    seen = rows.stock_day > today(data) - data.setting("wallet.stock-days")
    known = current & rows.wallet_share.notnull()
    weighed = known & rows.wallet_demand.notnull()
    ours = (rows.wallet_demand / MILLION * rows.wallet_share).round().cast("int64")
    return {
        "current": flag(current),
        "stock_known": flag(current & seen),
        "share_known": flag(known),
        "share": ibis.ifelse(known, rows.wallet_share, 0),
        "weighed": flag(weighed),
        "ours": ibis.ifelse(weighed, ours, 0),
        "demand": ibis.ifelse(weighed, rows.wallet_demand, 0),
    }
