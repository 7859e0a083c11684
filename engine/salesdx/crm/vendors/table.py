"""Shapes of tables of no CRM: the log of a telephone exchange, requests of a site.

They have no ids. What tells one call or request from another is its time, the employee
and the telephone: these stay, so a later export finds the same row again. Only a digest
is kept, never the telephone.
"""

import hashlib
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.headers import headers, is_personal, plain
from salesdx.crm.reasons import TWICE
from salesdx.crm.rows import Rows
from salesdx.crm.samples import Samples
from salesdx.crm.times import date_order, parse_times
from salesdx.crm.vendors.columns import texts, with_columns

KEY = "time / employee / phone"
TIME = "date and time"
TYPE = "type"
_CLOCK = r"^\d{1,2}:\d{2}(:\d{2})?$"
_TIMED = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T\s,]+\d{1,2}:\d{2}"
_DIGITS = 16  # of the digest: no two of 5 million rows share them


def calls(rows: Rows) -> Rows:
    """The log of a telephone exchange: every row is a call."""
    found = _numbered(rows, "activities", "started_at")
    if found is rows or TYPE in found.table.column_names:
        return found
    return with_columns(found, {TYPE: texts(["call"] * len(found.numbers))})


def requests(rows: Rows) -> Rows:
    """Requests from a form of a site."""
    return _numbered(rows, "leads", "created_at")


def _numbered(rows: Rows, table: str, column: str) -> Rows:
    if not rows.table.num_rows or KEY in rows.table.column_names:
        return rows
    samples = Samples(rows)
    known = headers().tables[table]
    times = {plain(h) for h in known[column]}
    staff = {plain(h) for c in _STAFF for h in known.get(c, ())}
    named = [n for n in samples.names if plain(n) in times]
    timed = [n for n in named if samples.matching(n, _TIMED)]
    made: dict[str, pa.ChunkedArray] = {}
    if timed:
        time = rows.table[timed[0]]
    else:
        days = [n for n in named if samples.is_date(n)]
        clocks = [n for n in samples.names if samples.matching(n, _CLOCK)]
        if not days or not clocks or plain(clocks[0]) not in _CLOCKS:
            return rows
        time = pc.binary_join_element_wise(
            rows.table[days[0]], rows.table[clocks[0]], " "
        )
        made[TIME] = time
    told = [n for n in samples.names if plain(n) in staff]
    told += [n for n in samples.names if is_personal(n) or samples.is_personal(n)]
    parts = [_moments(time), *(rows.table[n].combine_chunks() for n in told)]
    joined = pc.binary_join_element_wise(
        *parts, "\x1f", null_handling="replace", null_replacement=""
    )
    return _told_apart(with_columns(rows, made), joined)


_STAFF = ("manager_id", "assigned_to")
_CLOCKS = frozenset(plain(h) for h in ("время", "time", "время звонка", "call time"))


def _moments(time: pa.ChunkedArray) -> pa.Array:
    """Times, the same however they are written; what is none stays as it is."""
    written = time.combine_chunks()
    order = date_order([pc.unique(time).drop_null()]).order
    found = pc.strftime(parse_times(written, order, "UTC"), format="%Y-%m-%d %H:%M:%S")
    return pc.coalesce(found, written)


def _told_apart(rows: Rows, joined: pa.Array) -> Rows:
    digests = [
        None if text is None else hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
        for text in joined.to_pylist()
    ]
    again = np.ones(len(digests), bool)
    again[np.unique(np.array(digests, dtype=str), return_index=True)[1]] = False
    return with_columns(rows, {KEY: texts(digests)}).without(again, TWICE)


SHAPES: Mapping[str, Callable[[Rows], Rows]] = {"calls": calls, "requests": requests}
