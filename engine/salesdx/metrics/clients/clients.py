"""One row a client, built once, and the sums over clients that many figures share.

Whoever bought is a client; whoever only asked stands here too, with `orders` 0. What a
client bought comes from won deals; the clients table adds purchases that are recorded
nowhere else, the owner and the dimensions. The channel and the source are those by
which the client first came.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import ibis
import pyarrow as pa

from salesdx.facts import COMPANY, Slice, slice_of
from salesdx.metrics.clients import client_records
from salesdx.metrics.clients.purchases import known, purchases, span, today
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, epoch, flag, moment, picked

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
    return data.kept("client_rows", lambda: _client_rows(data), always=True)


def _client_rows(data: Data) -> Any:
    parts = (
        _buyers(data), _rhythms(data), _askers(data), _listed(data),
        *client_records.parts(data),
    )  # fmt: skip
    found = [part for part in parts if part is not None]
    if not found:
        nobody = pa.table({"client_id": pa.array([], pa.string())})
        found = [data.supplied("no_clients", lambda: nobody)]
    held = {n for part in found for n in part.columns}
    names = [n for n in _KINDS if n in held]
    padded = [_padded(part, names) for part in found]
    whole = padded[0] if len(padded) == 1 else ibis.union(*padded)
    # each part has one row a client: its value is the only one of its column
    rows = whole.group_by("client_id").agg(
        **{n: whole[n].min() if n in _FIRST else whole[n].max() for n in names[1:]}
    )
    return rows.select("client_id", **_columns(rows))


_PARTS = ("listed", "bought", "asked")  # which table is believed first
_FIRST = ("first",)  # of several tables, the earliest is right; else the latest
_COUNTS = ("orders", "days", "costed", "in_span", "before_span", "asked", "blocked")
_NUMBERS = (
    *_COUNTS, "rhythm", "revenue", "profit", "last_before", *client_records.NUMBERS,
)  # fmt: skip
_OWN = (
    "winner", "asked_manager", "asked_source", "asked_product", *client_records.TEXTS,
)  # fmt: skip
_TEXTS = dict.fromkeys(
    (*_OWN, *(f"{part}_{d}" for part in _PARTS for d in ("manager", *_PLACES)))
)
_KINDS = {
    **dict.fromkeys(("client_id", *_TEXTS), "string"),
    **dict.fromkeys(("first", "last", *_NUMBERS), "int64"),
}


def _padded(part: Any, names: Sequence[str]) -> Any:
    """These columns in their order, those that the part does not have as nulls."""
    return part.select(
        **{
            n: _typed(part[n], _KINDS[n]) if n in part.columns else ibis.null(_KINDS[n])
            for n in names
        }
    )


def _typed(value: Any, kind: str) -> Any:
    if kind != "int64":
        return value
    # a sum of whole numbers is a wider number on DuckDB, which ibis does not know
    return value.cast("decimal(38, 0)").cast("int64")


def _columns(rows: Any) -> dict[str, Any]:
    """Each dimension from the table that is believed first; no count is unknown."""

    def column(name: str) -> Any:
        return rows[name] if name in rows.columns else ibis.null(_KINDS[name])

    chosen = {n: column(n) for n in ("first", "last", *_NUMBERS, *_OWN)}
    for dimension in ("manager", *_PLACES):
        names = [f"{part}_{dimension}" for part in _PARTS]
        found = [rows[n] for n in names if n in rows.columns]
        chosen[dimension] = ibis.coalesce(*found) if found else ibis.null("string")
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
        first=rows.day.min(),
        last=rows.day.max(),
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


_ASKED = ("manager", "source", "product", "segment", "region", "channel", "department")


def requests(data: Data) -> Any:
    """One row a request of a known client: `at` (seconds), dimensions; or None.

    Requests are leads, and deals that came from none. Where deals do not say from
    which lead they came, only leads count: nothing is counted twice.
    """
    parts = []
    names = " ".join(("client_id", *(n for n in _ASKED if n != "manager")))
    if data.has("leads", "client_id", "created_at"):
        asked = picked(data, "leads", names, manager="assigned_to", at="created_at")
        parts.append(asked.select("client_id", *_ASKED, at=epoch(asked["at"])))
    linked = data.has("deals", "lead_id")
    if data.has("deals", "client_id", "entered_at") and (linked or not parts):
        # a deal of no lead has no dimensions but its own: no join is needed
        made = picked(
            data, "deals", f"{names} lead_id", manager="manager_id", at="entered_at"
        )
        made = made.filter(made.lead_id.isnull())
        parts.append(made.select("client_id", *_ASKED, at=epoch(made["at"])))
    if not parts:
        return None
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return rows.filter(rows.client_id.notnull() & (rows["at"] <= moment(data)))


def _askers(data: Data) -> Any:
    """Number of requests by client, and the dimensions of the last one."""
    rows = requests(data)
    if rows is None:
        return None
    # kept by itself: beside the purchases it would need twice the memory
    return data.kept("askers", lambda: _last_asked(rows), always=True)


def _last_asked(rows: Any) -> Any:
    last = rows.group_by(rows.client_id.name("key")).agg(
        asked=rows.count(), until=rows["at"].max()
    )
    # joined back instead of sorted: there may be many more requests than clients
    rows = rows.inner_join(last, [rows.client_id == last.key, rows["at"] == last.until])
    return rows.group_by("client_id").agg(
        asked=rows.asked.max(), **{f"asked_{n}": rows[n].max() for n in _ASKED}
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
        first=ibis.least(first, last).min(),
        last=ibis.greatest(first, last).max(),
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
