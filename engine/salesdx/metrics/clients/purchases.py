"""One row a purchase: won deals of known clients, in the order of each client.

A purchase is a won deal on the day it was closed (entered, where the closing has no
date), up to as-of. Money given back (a negative amount) is no purchase.
"""

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import ibis

from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import DIMENSIONS
from salesdx.metrics.grain import DAY, deals, epoch, flag, moment, month

YEAR = 365
_extents: WeakKeyDictionary[Data, "Extent"] = WeakKeyDictionary()


def known(data: Data) -> bool:
    """Whether deals say which client bought, and when."""
    return data.has("deals", "client_id", "status") and any(_dates(data))


def _dates(data: Data) -> list[str]:
    return [c for c in ("closed_at", "entered_at") if data.has("deals", c)]


def today(data: Data) -> int:
    """The day of as-of, in days since 1970."""
    return moment(data) // DAY


def purchases(data: Data) -> Any:
    """Ibis table, one row a purchase, built once.

    Columns: client_id, deal_id, the dimensions of the deal, day (since 1970), month
    (12 x year + month - 1), number (1 for the client's first), gap (days since the
    one before, null for the first), latest (1 for the client's last), amount and
    profit in minor units (null when unknown).
    """
    return data.kept("purchases", lambda: _purchases(data), always=True)


def _purchases(data: Data) -> Any:
    dates = _dates(data)
    rows = deals(data, " ".join(("client_id", *dates)))
    rows = rows.filter((rows.status == "won") & rows.client_id.notnull())
    rows = rows.filter(~(rows.amount < 0).fill_null(False))
    at = ibis.coalesce(*(rows[c].cast("timestamp") for c in dates))
    rows = rows.mutate(
        day=(epoch(at) / DAY).floor().cast("int64"),
        month=month(at),
        profit=rows.amount - rows.cost,
    )
    rows = rows.filter(rows.day <= today(data))
    rows = rows.select(
        "client_id", "deal_id", *DIMENSIONS, "day", "month", "amount", "profit"
    )  # fmt: skip
    in_order = ibis.window(group_by=rows.client_id, order_by=[rows.day, rows.deal_id])
    return rows.mutate(
        number=(ibis.row_number().over(in_order) + 1).cast("int64"),
        gap=rows.day - rows.day.lag().over(in_order),
        latest=flag(rows.day.lead().over(in_order).isnull()),
    )


@dataclass(frozen=True, slots=True)
class Extent:
    """What the purchases reach over: first and last day, first month, how many."""

    first: int
    last: int
    first_month: int
    count: int


def extent(data: Data) -> Extent | None:
    """First and last day of purchases; None without any."""
    if not known(data):
        return None
    if data not in _extents:
        rows = purchases(data)
        found = data.rows(
            rows.aggregate(
                first=rows.day.min(), last=rows.day.max(), month=rows.month.min(),
                n=rows.count(),
            )
        )[0]  # fmt: skip
        n = int(found["n"])
        _extents[data] = (
            Extent(int(found["first"]), int(found["last"]), int(found["month"]), n)
            if n
            else Extent(0, 0, 0, 0)
        )
    return _extents[data] if _extents[data].count else None


def span(data: Data) -> int | None:
    """Days of one compared period: a year, or half of shorter records.

    None when the records cover less than `clients.shortest-record` days.
    """
    reach = extent(data)
    if reach is None:
        return None
    whole = today(data) - reach.first + 1
    if whole < data.setting("clients.shortest-record"):
        return None
    return min(YEAR, whole // 2)
