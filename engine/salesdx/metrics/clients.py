"""One row a client, built once, and the sums over clients that many figures share.

Whoever bought is a client; whoever only asked stands here too, with `orders` 0. What a
client bought comes from won deals; the clients table adds purchases that are recorded
nowhere else, the owner and the dimensions. The channel and the source are those by
which the client first came.
"""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import ibis
import pyarrow as pa

from salesdx.facts import COMPANY, Slice, slice_of
from salesdx.metrics import client_records
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, epoch, flag, leads, moment, picked
from salesdx.metrics.purchases import known, purchases, span, today

DIMENSIONS = ("manager", "segment", "region", "channel", "source", "department")
Totals = Mapping[Slice, Mapping[str, int]]
_PLACES = ("segment", "region", "channel", "source", "department")


def client_rows(data: Data) -> Any:
    """Ibis table, one row a client, built once.

    Columns: client_id, the dimensions (`manager` owns the client), `winner` (manager
    of the first purchase); first and last day of purchase; orders, days (distinct days
    of purchase), rhythm (twice the middle gap between them, null with one day);
    revenue, profit (minor units), costed (orders with a known profit); in_span and
    before_span (orders of the last `span` and of the span before), last_before (last
    day before the last span); asked (requests), asked_manager, asked_source,
    asked_product (of the last request); blocked (1: not to be returned); and what
    `client_records` found in other tables.
    """
    return data.kept("client_rows", lambda: _client_rows(data))


def _client_rows(data: Data) -> Any:
    parts = (
        _buyers(data), _rhythms(data), _askers(data), _listed(data),
        *client_records.parts(data),
    )  # fmt: skip
    found = [_padded(part) for part in parts if part is not None]
    if not found:
        nobody = pa.table({"client_id": pa.array([], pa.string())})
        found = [_padded(data.supplied("no_clients", lambda: nobody))]
    whole = found[0] if len(found) == 1 else ibis.union(*found)
    # each part has one row a client: its value is the only one of its column
    names = [n for n in whole.columns if n not in {"client_id", *_DAYS}]
    rows = whole.group_by("client_id").agg(
        first=whole.bought_first.min(),
        last=whole.bought_last.max(),
        **{n: whole[n].max() for n in names},
    )
    return rows.select("client_id", "first", "last", **_columns(rows))


_PARTS = ("listed", "bought", "asked")  # which table is believed first
_DAYS = ("bought_first", "bought_last")
_COUNTS = ("orders", "days", "costed", "in_span", "before_span", "asked", "blocked")
_NUMBERS = (
    *_COUNTS, "rhythm", "revenue", "profit", "last_before", *client_records.NUMBERS,
)  # fmt: skip
_TEXTS = (
    "winner", "asked_manager", "asked_source", "asked_product", "bought_manager",
    "listed_manager", *client_records.TEXTS,
    *(f"{part}_{d}" for part in _PARTS for d in _PLACES),
)  # fmt: skip
_KINDS = {
    **dict.fromkeys(("client_id", *_TEXTS), "string"),
    **dict.fromkeys((*_DAYS, *_NUMBERS), "int64"),
}


def _padded(part: Any) -> Any:
    """All columns in one order, those that the part does not have as nulls."""
    return part.select(
        **{
            n: part[n].cast(kind) if n in part.columns else ibis.null(kind)
            for n, kind in _KINDS.items()
        }
    )


def _columns(rows: Any) -> dict[str, Any]:
    """Each dimension from the table that is believed first; no count is unknown."""
    chosen = {
        d: ibis.coalesce(*(rows[f"{part}_{d}"] for part in _PARTS))
        for d in ("manager", *_PLACES)
    }
    own = ("winner", "asked_manager", "asked_source", "asked_product")
    chosen |= {n: rows[n] for n in (*own, *client_records.TEXTS)}
    # a sum of whole numbers is a wider number on DuckDB, which ibis does not know
    wide = {n: rows[n].cast("decimal(38, 0)") for n in _NUMBERS}
    chosen |= {n: value.cast("int64") for n, value in wide.items()}
    return chosen | {n: ibis.coalesce(chosen[n], 0) for n in _COUNTS}


def _buyers(data: Data) -> Any:
    """Sums of purchases by client, and the dimensions of the first and the last."""
    if not known(data):
        return None
    rows = purchases(data)
    first, latest = rows.number == 1, rows.latest == 1
    days = span(data) or 0
    opening = today(data) - days
    inside = rows.day > opening
    before = (rows.day <= opening) & (rows.day > opening - days)
    return rows.group_by("client_id").agg(
        orders=rows.count(),
        days=(flag(rows.gap > 0).sum() + 1).cast("int64"),
        bought_first=rows.day.min(),
        bought_last=rows.day.max(),
        revenue=rows.amount.sum(),
        profit=rows.profit.sum(),
        costed=rows.profit.count(),
        in_span=flag(inside).sum(),
        before_span=flag(before).sum(),
        last_before=ibis.ifelse(
            rows.day <= opening, rows.day, ibis.null("int64")
        ).max(),
        winner=ibis.ifelse(first, rows.manager, ibis.null("string")).max(),
        bought_manager=ibis.ifelse(latest, rows.manager, ibis.null("string")).max(),
        **{
            f"bought_{n}": ibis.ifelse(first, rows[n], ibis.null("string")).max()
            for n in _PLACES
        },
    )


def _rhythms(data: Data) -> Any:
    """Twice the middle gap between days of purchase, by client: a whole number."""
    if not known(data):
        return None
    rows = purchases(data)
    gaps = rows.filter(rows.gap > 0).select("client_id", "day", "gap")
    own = ibis.window(group_by=gaps.client_id)
    by_size = ibis.window(group_by=gaps.client_id, order_by=[gaps.gap, gaps.day])
    placed = gaps.mutate(
        place=ibis.row_number().over(by_size), n=gaps.gap.count().over(own)
    )
    twice = placed.place * 2
    middle = placed.filter((twice >= placed.n - 2) & (twice <= placed.n))
    both = middle.group_by("client_id").agg(total=middle.gap.sum(), n=middle.count())
    return both.select(
        "client_id", rhythm=ibis.ifelse(both.n == 1, both.total * 2, both.total)
    )


def requests(data: Data) -> Any:
    """One row a request of a known client: day, manager, source, product; or None.

    Requests are leads, and deals that came from none. Where deals do not say from
    which lead they came, only leads count: nothing is counted twice.
    """
    parts = []
    if data.has("leads", "client_id", "created_at"):
        asked = leads(data)
        parts.append(
            asked.select(
                "client_id",
                "source",
                "product",
                *_ASKED,
                id=asked.lead_id,
                manager=asked.manager,
                at=epoch(asked.created_at),
            )
        )
    linked = data.has("deals", "lead_id")
    if data.has("deals", "client_id", "entered_at") and (linked or not parts):
        made = deals(data, "client_id lead_id")
        made = made.filter(made.lead_id.isnull())
        parts.append(
            made.select(
                "client_id",
                "source",
                "product",
                *_ASKED,
                id=made.deal_id,
                manager=made.manager,
                at=made.entered,
            )
        )
    if not parts:
        return None
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return rows.filter(rows.client_id.notnull() & (rows["at"] <= moment(data)))


_ASKED = ("segment", "region", "channel", "department")


def _askers(data: Data) -> Any:
    rows = requests(data)
    if rows is None:
        return None
    in_order = ibis.window(group_by=rows.client_id, order_by=[rows["at"], rows.id])
    rows = rows.mutate(latest=rows["at"].lead().over(in_order).isnull())
    names = ("manager", "source", "product", *_ASKED)
    return rows.group_by("client_id").agg(
        asked=rows.count(),
        **{
            f"asked_{n}": ibis.ifelse(rows.latest, rows[n], ibis.null("string")).max()
            for n in names
        },
    )


def _listed(data: Data) -> Any:
    """The clients table, one row a client; dates after as-of did not happen."""
    if not data.has("clients"):
        return None
    rows = picked(
        data, "clients",
        "client_id segment region owner_manager first_purchase_at last_purchase_at"
        " do_not_return",
    )  # fmt: skip
    rows = rows.filter(rows.client_id.notnull())
    day = {
        n: (epoch(rows[f"{n}_purchase_at"]) / DAY).floor().cast("int64")
        for n in ("first", "last")
    }
    past = {
        n: ibis.ifelse(d <= today(data), d, ibis.null("int64")) for n, d in day.items()
    }
    # a client known by the last purchase alone has bought at least then
    first = ibis.coalesce(past["first"], past["last"])
    last = ibis.coalesce(past["last"], past["first"])
    return rows.group_by("client_id").agg(
        listed_manager=rows.owner_manager.max(),
        listed_segment=rows.segment.max(),
        listed_region=rows.region.max(),
        bought_first=ibis.least(first, last).min(),
        bought_last=ibis.greatest(first, last).max(),
        blocked=flag(rows.do_not_return).max(),
    )


def clients_known(data: Data) -> bool:
    """Whether anything says when clients bought."""
    return known(data) or data.has("clients", "last_purchase_at")


def by_slice(data: Data, rows: Any, wanted: Mapping[str, Any]) -> Totals:
    """Sums of integer expressions of `rows` for the company and every dimension.

    Each row is counted once for the company and once for each dimension where it has
    a value: one pass, and as many rows come back as there are slices.
    """
    names = [d for d in DIMENSIONS if d in rows.columns]
    copies = data.supplied(
        "client_dimensions",
        lambda: pa.table({"copy": pa.array(range(len(DIMENSIONS) + 1), pa.int64())}),
    )
    counted = rows.select(*names, **wanted)
    crossed = counted.cross_join(copies)
    places = {DIMENSIONS.index(d) + 1: d for d in names}
    crossed = crossed.filter(crossed["copy"].isin([0, *places]))
    branches = ((i, crossed[d]) for i, d in places.items())
    value = crossed["copy"].cases(*branches, else_="") if places else ibis.literal("")
    crossed = crossed.mutate(value=value)
    crossed = crossed.filter(crossed.value.notnull())
    added = crossed.group_by("copy", "value").agg(
        **{n: crossed[n].sum() for n in wanted}
    )
    found: dict[Slice, dict[str, int]] = {COMPANY: dict.fromkeys(wanted, 0)}
    for row in sorted(data.rows(added), key=lambda r: (r["copy"], r["value"])):
        name = places.get(row["copy"])
        where = slice_of(**{name: row["value"]}) if name else COMPANY
        found[where] = {n: int(row[n] or 0) for n in wanted}
    return found


def cached(store: WeakKeyDictionary[Data, Totals], data: Data, build: Any) -> Totals:
    """The totals of a case, made once."""
    if data not in store:
        store[data] = build(data)
    return store[data]
