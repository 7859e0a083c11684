"""How much of what clients could buy they buy from us (M-61).

The potential is a year's purchases as written on the client, else the last total
demand that was measured. Clients without either are left out: their part is unknown.
"""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, epoch, minor, moment, picked
from salesdx.metrics.registry import Metric, unknown
from salesdx.metrics.shares import dated, figure, sums
from salesdx.metrics.shares import unknown as unknown_because

_METRIC = "potential.realised-share"
_YEAR = 365


def realised(data: Data) -> Iterator[Measurement]:
    """Sales of the last year over the potential, for as much of a year as is known."""
    if not data.has("clients", "potential_revenue") and not data.has(
        "wallet", "client_id", "total_demand"
    ):
        yield unknown(_METRIC, ("clients.potential_revenue", "wallet.total_demand"))
        return
    won = deals(data, "client_id")
    won = won.filter((won.status == "won") & (won.closed <= moment(data)))
    first = data.rows(won.aggregate(first=won.closed.min()))[0]["first"]
    days = 0 if first is None else min((moment(data) - int(first)) // DAY, _YEAR)
    if days < data.setting("potential.shortest-days"):
        yield unknown_because(
            _METRIC, "the sales cover too little of a year to compare with a potential",
            "продаж меньше чем за полгода: с годовым потенциалом не сравнить",
        )  # fmt: skip
        return
    rows = data.kept("potential", lambda: _with_sales(data, won))
    grains = (("region",), ("segment",))
    names = ("sold", "potential", "base")
    for where, row in sums(rows, names, grains):
        if row["base"]:
            yield _share(row, days, where, row["base"])
    yield from _key_clients(data, rows, days)


def _key_clients(data: Data, rows: Any, days: int) -> Iterator[Measurement]:
    by_size = ibis.window(order_by=[rows.potential.desc(), rows.client])
    ranked = rows.mutate(place=ibis.row_number().over(by_size))
    ranked = ranked.filter(ranked.place < int(data.setting("potential.key-clients")))
    for row in sorted(data.rows(ranked), key=lambda r: str(r["client"])):
        yield _share(row, days, (("client", str(row["client"])),), None)


def _share(row: dict[str, Any], days: int, where: Slice, n: int | None) -> Measurement:
    due = int(row["potential"]) / 100 * days / _YEAR
    sold = int(row["sold"]) / 100  # an engine may add up whole numbers as decimals
    return figure(_METRIC, sold / due, where, n, sold, due)


def _with_sales(data: Data, won: Any) -> Any:
    """One row a client with a potential: what was sold in the last year, and it."""
    recent = won.filter(won.closed > moment(data) - _YEAR * DAY)
    recent = recent.filter(recent.client_id.notnull())
    sold = recent.group_by(recent.client_id.name("buyer")).agg(sold=recent.amount.sum())
    rows = _potentials(data)
    rows = rows.left_join(sold, rows.client == sold.buyer)
    return rows.select(
        "client", "region", "segment", "potential", sold=rows.sold.fill_null(0),
        base=ibis.literal(1, "int64"),
    )  # fmt: skip


def _potentials(data: Data) -> Any:
    """Client, region, segment and a potential above zero, one row a client."""
    parts = []
    if data.has("wallet", "client_id", "total_demand"):
        parts.append(_demand(data))
    if data.has("clients"):
        rows = picked(data, "clients", "client_id region segment potential_revenue")
        rows = rows.filter(rows.client_id.notnull())
        parts.append(
            rows.select(
                client=rows.client_id, region=rows.region, segment=rows.segment,
                own=minor(rows.potential_revenue), demand=ibis.null("int64"),
            )
        )  # fmt: skip
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    by = rows.group_by("client").agg(
        region=rows.region.max(), segment=rows.segment.max(),
        own=rows.own.max(), demand=rows.demand.max(),
    )  # fmt: skip
    by = by.mutate(potential=ibis.coalesce(by.own, by.demand))
    return by.filter(by.potential > 0)


def _demand(data: Data) -> Any:
    """The last measured total demand of each client."""
    rows = picked(data, "wallet", "client_id measured_at total_demand")
    rows = rows.mutate(at=epoch(rows.measured_at), demand=minor(rows.total_demand))
    rows = rows.filter(rows.client_id.notnull() & rows.demand.notnull())
    rows = rows.filter(rows["at"].isnull() | (rows["at"] <= moment(data)))
    rows = rows.mutate(at=rows["at"].fill_null(0))
    newest = ibis.window(
        group_by=rows.client_id, order_by=[rows["at"].desc(), rows.demand.desc()]
    )
    rows = rows.mutate(place=ibis.row_number().over(newest))
    rows = rows.filter(rows.place == 0)
    return rows.select(
        client=rows.client_id, region=ibis.null("string"), segment=ibis.null("string"),
        own=ibis.null("int64"), demand=rows.demand,
    )  # fmt: skip


METRICS: tuple[Metric, ...] = dated(
    Metric((_METRIC,), ("deals.client_id", "deals.amount", "deals.closed_at"), realised)
)
