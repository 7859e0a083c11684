"""Orders that never change: the same quantity month after month (M-80)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement, Slice
from salesdx.metrics.clients.abc_xyz import MILLION, concentration, deviation
from salesdx.metrics.clients.clients import client_rows
from salesdx.metrics.clients.purchases import known, purchases
from salesdx.metrics.data import Data
from salesdx.metrics.grain import flag, minor, picked
from salesdx.metrics.months import last_whole
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, means, shares, unknown

_CV, _SHARE = "order.constancy-cv", "order.constant-clients-share"
_BY_MANAGER = (("manager",),)
_TOO_SHORT = (
    "no client's purchases with quantities reach over six months",
    "ни у одного клиента нет покупок с количеством за полгода",
)


def constancy(data: Data) -> Iterator[Measurement]:
    """Variation of the monthly quantity, from a client's first month to the last.

    Months without a purchase in between count as 0. A client must reach over six
    months; those who vary by less than the benchmark have orders that are taken, not
    formed.
    """
    found = []
    if known(data):
        rows = _judged(data)
        found = list(means(_CV, rows, rows.cv, MILLION, _BY_MANAGER))
    if not found or not found[0].n:
        yield unknown(_CV, *_TOO_SHORT)
        yield unknown(_SHARE, *_TOO_SHORT)
        return
    yield from found
    limit = data.setting("order.constant-cv") * MILLION
    yield from shares(_SHARE, rows, flag(rows.cv < limit), _BY_MANAGER)
    listed = int(data.setting("clients.listed"))
    top = rows.order_by(ibis.desc("revenue"), "client_id").limit(listed)
    for row in sorted(data.rows(top), key=lambda r: str(r["client_id"])):
        where: Slice = (("client", str(row["client_id"])),)
        yield Measurement(_CV, int(row["cv"]) / MILLION, where, int(row["months"]))


def _judged(data: Data) -> Any:
    return data.kept("constancy", lambda: _judged_rows(data), always=True)


def _judged_rows(data: Data) -> Any:
    """Clients over the shortest time: manager, revenue, months, `cv` in millionths."""
    items = picked(data, "deal_items", "accepted qty", of_deal="deal_id")
    # what the client refused was not bought
    items = items.filter(items.accepted.fill_null(True) & (items.qty > 0))
    rows = purchases(data)
    rows = rows.filter(rows.month <= last_whole(data))
    rows = rows.inner_join(items, rows.deal_id == items.of_deal)
    monthly = rows.group_by("client_id", "month").agg(worth=minor(rows.qty).sum())
    reach = monthly.group_by("client_id").agg(
        months=monthly.month.max() - monthly.month.min() + 1
    )
    even = concentration(monthly)
    rows = reach.inner_join(even, reach.client_id == even.of)
    rows = rows.filter(rows.months >= int(data.setting("order.constancy-months")))
    owner = client_rows(data).select(
        owned="client_id", manager="manager", revenue="revenue"
    )
    rows = rows.inner_join(owner, rows.client_id == owner.owned)
    cv = deviation(rows.even, rows.months.cast("float64"))
    return rows.select(
        "client_id", "manager", "months", revenue=ibis.coalesce(rows.revenue, 0),
        cv=(cv * MILLION).round().cast("int64"),
    )  # fmt: skip


METRICS: tuple[Metric, ...] = dated(
    Metric((_CV, _SHARE), ("deal_items.qty",), constancy),
)
