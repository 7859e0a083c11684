"""Rows with their dimensions: deals and requests as every metric slices them.

Absent columns become typed nulls, so that a metric reads any export the same way.
"""

import datetime as dt
from typing import Any

import ibis

from salesdx import tables
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import deal_rows, minor

__all__ = [
    "DAY", "EPOCH", "column", "deals", "epoch", "flag", "leads", "minor", "moment",
    "month", "picked", "with_deal",
]  # fmt: skip
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 (naive company time throughout)
DAY = 86_400
_IBIS = {
    "id": "string", "text": "string", "enum": "string", "number": "float64",
    "money": "float64", "time": "timestamp", "date": "date", "bool": "boolean",
}  # fmt: skip
_FROM_CLIENT = ("segment", "region")


def column(data: Data, table: str, name: str) -> Any:
    """A declared column of a table; a typed null when the file has none."""
    if data.has(table, name):
        return data.table(table)[name]
    declared = tables.TABLES[table].column(name)
    return ibis.null(_IBIS[declared.type if declared else "text"])


def picked(data: Data, table: str, names: str, **renamed: str) -> Any:
    """A table reduced to some columns; `renamed` maps new names to columns."""
    wanted = {n: column(data, table, n) for n in names.split()}
    wanted |= {new: column(data, table, old) for new, old in renamed.items()}
    return data.table(table).select(**wanted)


def moment(data: Data) -> int:
    """As-of in seconds since 1970; every date is compared with it.

    Raises:
        ValueError: when no table has a date.
    """
    if data.as_of is None:
        raise ValueError("no table has a date")
    return int((data.as_of - EPOCH).total_seconds())


def epoch(value: Any) -> Any:
    """Seconds since 1970 of a time or a date, as a 64-bit integer expression."""
    return value.cast("timestamp").epoch_seconds().cast("int64")


def month(value: Any) -> Any:
    """Number of the month (12 x year + month - 1) of a time or a date, for `period`."""
    value = value.cast("timestamp")
    return value.year().cast("int64") * 12 + value.month().cast("int64") - 1


def flag(condition: Any) -> Any:
    """1 where the condition is true, else 0 (also where it is null)."""
    return ibis.ifelse(condition, 1, 0).cast("int64")


def deals(data: Data, extra: str = "") -> Any:
    """Deals as `deal_rows` gives them, plus plain columns of the file by name."""
    rows = deal_rows(data)
    if not extra:
        return rows
    plain = picked(data, "deals", extra, own_id="deal_id")
    return rows.inner_join(plain, rows["deal_id"] == plain["own_id"]).drop("own_id")


def leads(data: Data) -> Any:
    """Requests with their dimensions; the manager is the one assigned."""
    return data.kept("leads", lambda: _leads(data))


def _leads(data: Data) -> Any:
    rows = picked(
        data, "leads",
        "lead_id client_id created_at notified_at first_attempt_at reached_at"
        " first_response_at request_type after_hours segment source channel region"
        " product department",
        manager="assigned_to",
    )  # fmt: skip
    if data.has("leads", "client_id") and data.has("clients"):
        known = picked(data, "clients", " ".join(("client_id", *_FROM_CLIENT)))
        known = _once(known, "client_id", _FROM_CLIENT)
        rows = _filled(rows, known, "client_id", _FROM_CLIENT)
    return rows


def with_deal(data: Data, rows: Any, names: tuple[str, ...] = ("manager",)) -> Any:
    """Rows that have a `deal_id`, with dimensions of the deal where they lack them."""
    if not data.has("deals"):
        missing = {n: ibis.null("string") for n in names if n not in rows.columns}
        return rows.mutate(**missing)
    kept = "_".join(("deal", *names))
    known = data.kept(kept, lambda: _once(deal_rows(data), "deal_id", names))
    return _filled(rows, known, "deal_id", names)


def _once(known: Any, key: str, names: tuple[str, ...]) -> Any:
    """One row a key, so that a join never multiplies rows."""
    spare = {f"known_{n}": known[n].max() for n in names}
    known = known.filter(known[key].notnull())
    return known.group_by(known[key].name("key")).agg(**spare)


def _filled(rows: Any, known: Any, key: str, names: tuple[str, ...]) -> Any:
    """Fill nulls of `names` from a table of one row a key."""
    joined = rows.left_join(known, rows[key] == known["key"])
    have = set(rows.columns)
    filled = {
        n: ibis.coalesce(joined[n], joined[f"known_{n}"])
        if n in have
        else joined[f"known_{n}"]
        for n in names
    }
    plain = {c: joined[c] for c in rows.columns if c not in filled}
    return joined.select(**plain, **filled)
