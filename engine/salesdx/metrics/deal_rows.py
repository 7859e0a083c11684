"""One row a deal, with its dimensions and whole-number times, for every deal metric.

A dimension on a deal beats the lead's, the lead's the client's; the manager's stands
in only where none of them has it. Times are whole seconds since 1970, ages whole
days, waits seconds.
"""

import calendar
from typing import Any

import ibis
import pyarrow as pa

from salesdx.metrics.data import Data
from salesdx.tables import MOST_MONEY

DIMENSIONS = (
    "manager", "segment", "source", "channel", "region", "product", "department",
)  # fmt: skip
DAY = 86_400
_COLUMN = {"manager": "manager_id"}
_BEHIND = {  # table -> (key on the deal, key there, what it can add)
    "leads": ("lead_id", "lead_id", (
        "segment", "source", "channel", "region", "product", "department")),
    "clients": ("client_id", "client_id", ("segment", "region")),
    "managers": ("manager_id", "manager_id", ("region", "department")),
}  # fmt: skip


def dimensions(data: Data) -> tuple[str, ...]:
    """Dimensions that any deal of the case can have."""
    return tuple(d for d in DIMENSIONS if _sources(data, d))


def by_dimension(data: Data, rows: Any, *columns: str, **values: Any) -> Any:
    """Every row once for the company and once for each dimension where it has a value.

    One pass over all of them: grouped by `dimension` ("" for the company) and `value`
    it gives the figures of every slice. Columns: these two, `columns`, `values`.
    """
    names = ("", *dimensions(data))
    copies = data.supplied(
        "dimensions",
        lambda: pa.table({"copy": pa.array(range(len(names)), pa.int64())}),
    )
    crossed = rows.cross_join(copies)
    where = {i: name for i, name in enumerate(names) if name}
    value = crossed["copy"].cases(
        *((i, crossed[name]) for i, name in where.items()), else_="",
    ) if where else ibis.literal("")  # fmt: skip
    of = crossed["copy"].cases(*where.items(), else_="") if where else value
    found = crossed.select(*columns, dimension=of, value=value, **values)
    return found.filter(found["value"].notnull())


def _sources(data: Data, dimension: str) -> list[str]:
    """Tables that hold the dimension and can be reached from a deal, best first."""
    found = ["deals"] if data.has("deals", _COLUMN.get(dimension, dimension)) else []
    for table, (here, there, columns) in _BEHIND.items():
        reachable = data.has("deals", here) and data.has(table, there)
        if reachable and dimension in columns and data.has(table, dimension):
            found.append(table)
    # a manager's own region beside the clients' would mix two vocabularies
    return [t for t in found if t != "managers"] or found


def deal_rows(data: Data) -> Any:
    """Ibis table, one row a deal (`_deal_rows` says which columns), built once."""
    return data.kept("deal_rows", lambda: _deal_rows(data), always=True)


def _deal_rows(data: Data) -> Any:
    """Ibis table, one row a deal: dimensions, status, money and times.

    Columns: the dimensions (null when absent), deal_id, client (id), status, stage_id,
    funnel_id,
    entered (s), closed (s, only of won and lost deals), hired (s), amount and cost
    in minor units, repeat (of a funnel for repeat orders), age (days at as-of, null
    when unknown or in the future), wait (seconds from entry to win, null unless both
    are known and not in the future).
    """
    deals = data.table("deals")
    wanted = {d: _sources(data, d) for d in DIMENSIONS}
    rows, behind = deals, {}
    for table, (here, there, columns) in _BEHIND.items():
        used = [c for c in columns if table in wanted[c]]
        hired = table == "managers" and data.has(table, "hired_at")
        if not data.has("deals", here) or not (used or hired):
            continue
        right = _one_each(data, table, there, used, hired)
        rows = rows.left_join(right, rows[here] == right[f"{table}_key"])
        behind[table] = set(used)
    selected: dict[str, Any] = {}
    for dimension, tables in wanted.items():
        parts = [
            rows[_COLUMN.get(dimension, dimension)]
            if table == "deals"
            else rows[f"{table}_{dimension}"]
            for table in tables
        ]
        selected[dimension] = _first(parts)
    selected |= _plain(data, rows)
    hired_known = "managers_hired" in rows.columns
    selected["hired"] = rows.managers_hired if hired_known else _null("int64")
    return _with_times(data, rows.select(**selected))


def _one_each(data: Data, name: str, key: str, columns: list[str], hired: bool) -> Any:
    """A dimension table with one row a key, so that a join never repeats a deal."""
    table = data.table(name)
    found = {f"{name}_{c}": table[c].max() for c in columns}
    if hired:
        day = table.hired_at.cast("timestamp").epoch_seconds().cast("int64")
        found["managers_hired"] = day.max()
    grouped = table.group_by(table[key].name(f"{name}_key"))
    return grouped.agg(**found)


def _first(parts: list[Any]) -> Any:
    if not parts:
        return _null("string")
    cleaned = [p.cast("string").nullif("") for p in parts]
    return cleaned[0] if len(cleaned) == 1 else ibis.coalesce(*cleaned)


def _null(kind: str) -> Any:
    return ibis.null().cast(kind)


def _plain(data: Data, rows: Any) -> dict[str, Any]:
    """Columns taken from the deal itself; absent ones are null."""
    have = data.columns("deals")

    def get(name: str, kind: str) -> Any:
        return rows[name] if name in have else _null(kind)

    closed = get("closed_at", "timestamp")
    # the close date of an open deal is a forecast, not an event
    closed = ibis.ifelse(rows.status == "open", _null("timestamp"), closed)
    return {
        "deal_id": rows.deal_id,
        "client": get("client_id", "string"),
        "status": rows.status,
        "stage_id": get("stage_id", "string"),
        "funnel_id": get("funnel_id", "string"),
        "repeat": _repeat(data, get("funnel_id", "string")),
        "entered": get("entered_at", "timestamp").epoch_seconds().cast("int64"),
        "closed": closed.epoch_seconds().cast("int64"),
        "amount": minor(get("amount", "float64")),
        "cost": minor(get("cost", "float64")),
    }


def _repeat(data: Data, funnel: Any) -> Any:
    """Whether a deal lies in a funnel that company.yaml marks `kind: repeat`."""
    kinds = [f.id for f in data.company.funnels if f.kind == "repeat"]
    if not kinds:
        return ibis.literal(False)
    return funnel.isin(kinds).fill_null(False)


def sought(data: Data) -> Any:
    """Deals that had to be won: all but the repeat orders of clients we have.

    A regular who orders again is no conversion: mixed in, he makes the manager of many
    regulars look good and the others bad (X-5, P-17).
    """
    rows = deal_rows(data)
    return rows.filter(~rows.repeat)


def minor(amount: Any) -> Any:
    """Money as integer minor units: float sums depend on the order of rows.

    An amount beyond `MOST_MONEY` is a slip of the keyboard and unknown: a few such
    would not fit an integer sum.
    """
    sane = (amount >= -MOST_MONEY) & (amount <= MOST_MONEY)
    whole = (ibis.ifelse(sane, amount, _null("float64")) * 100 + 0.5).floor()
    return whole.cast("int64")


def _with_times(data: Data, rows: Any) -> Any:
    if data.as_of is None:
        nothing = _null("int64")
        return rows.mutate(age=nothing, wait=nothing)
    now = epoch(data)
    known = rows.entered.notnull() & (rows.entered <= now)
    age = ibis.ifelse(known, ((now - rows.entered) / DAY).floor(), _null("float64"))
    won = (rows.status == "won") & known & (rows.closed <= now)
    wait = ibis.ifelse(won, rows.closed - rows.entered, _null("int64"))
    return rows.mutate(age=age.cast("int64"), wait=wait)


def epoch(data: Data) -> int:
    """Second of the as-of moment since 1970, on the same naive clock as the data."""
    if data.as_of is None:
        raise ValueError("the case has no date to look back from")
    return calendar.timegm(data.as_of.timetuple())
