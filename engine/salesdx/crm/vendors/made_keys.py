"""A key for deals of a report without ids: what stands in the record from the start.

Name, account and day of creation stay when a deal moves on, so a later export finds the
same deal again. Deals alike in all three cannot be told apart: all but the first are
rejected, never merged.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.headers import header_of
from salesdx.crm.reasons import ALIKE
from salesdx.crm.repeats import repeats
from salesdx.crm.rows import Rows
from salesdx.crm.times import date_order, parse_times
from salesdx.crm.vendors.columns import NOTHING, with_columns

MADE_KEY = "name / account / created"
_SEPARATOR = " / "


def with_made_key(
    rows: Rows, names: Sequence[str], created: Sequence[str], dates: Sequence[str]
) -> Rows:
    """Rows with the column `MADE_KEY`, as they are where too little is known.

    Args:
        rows: the report.
        names: headers of the name and of the account, those that the file has.
        created: headers that may hold the day of creation, the surest first.
        dates: headers of all its dates: together they tell day from month.
    """
    day = header_of(rows, created)
    parts = [rows.table[n] for n in names]
    if day is not None:
        parts.append(_days(rows, day, dates))
    if len(parts) < 2 or not rows.table.num_rows:
        return rows
    key = pc.binary_join_element_wise(
        *parts, _SEPARATOR, null_handling="replace", null_replacement="-"
    )
    nameless = pc.is_null(parts[0])
    key = pc.if_else(nameless, NOTHING, key)
    return _told_apart(with_columns(rows, {MADE_KEY: key}))


def _days(rows: Rows, header: str, dates: Sequence[str]) -> pa.ChunkedArray:
    """The day as YYYY-MM-DD whatever the locale, or the text where it is no date."""
    present = [n for n in dates if n in rows.table.column_names]
    order = date_order(pc.unique(rows.table[n]).drop_null() for n in present).order
    encoded = pc.dictionary_encode(rows.table[header].combine_chunks())
    texts = encoded.dictionary
    found = pc.strftime(parse_times(texts, order, "UTC"), format="%Y-%m-%d")
    days = pc.coalesce(found, texts).take(encoded.indices)
    return pa.chunked_array([days])


def _told_apart(rows: Rows) -> Rows:
    again = np.zeros(len(rows.numbers), bool)
    again[repeats(rows.table[MADE_KEY])[0]] = True
    return rows.without(again, ALIKE)
