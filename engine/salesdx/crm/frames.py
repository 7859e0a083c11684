"""The table of a report, without what is printed above, below and between its rows.

A formatted report begins with its title and filters and ends with totals and a notice
of confidentiality. These rows are accounted for as rejected, they never become deals.
"""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.amounts import parse_numbers
from salesdx.crm.frame_words import patterns
from salesdx.crm.reasons import FRAME
from salesdx.crm.recognising import recognise
from salesdx.crm.rows import Reject, Rows, from_columns, unique_headers

DEEPEST = 40  # rows that a title and filters may take
_NARROW = 3  # with fewer columns a row of one cell says nothing
_SORTED = re.compile(r"\s*[↑↓]\s*$")  # marks of grouping beside a header


def table_of(rows: Rows) -> Rows:
    """Rows under their true header, totals and footers set aside.

    The true header is the first row that a form of a CRM is known by; where the first
    row is one, or none is, the header stays.
    """
    headed = _headed(rows)
    return headed if len(headed.headers) < _NARROW else _without_totals(headed)


def _headed(rows: Rows) -> Rows:
    names = rows.table.column_names
    if len(names) < _NARROW or recognise(names):
        return rows
    for place, record in enumerate(rows.table.slice(0, DEEPEST).to_pylist()):
        labels = [_SORTED.sub("", record[n] or "") for n in names]
        if recognise(unique_headers(labels)):
            return _under(rows, place, labels)
    return rows


def _under(rows: Rows, place: int, labels: list[str]) -> Rows:
    """Rows below the true header; the title and the filters above it are rejected."""
    below = rows.table.slice(place + 1)
    kept = [
        i
        for i, label in enumerate(labels)
        if label or below.column(i).null_count < below.num_rows
    ]
    above = [int(n) for n in rows.numbers[:place]]
    if any(rows.headers):
        above.insert(0, max(1, int(rows.numbers[0]) - 1))
    return from_columns(
        rows.source, [labels[i] for i in kept], [below.column(i) for i in kept],
        rows.numbers[place + 1 :], [*rows.broken, *(Reject(n, FRAME) for n in above)],
        rows.encoding, rows.skipped_sheets,
    )  # fmt: skip


def _without_totals(rows: Rows) -> Rows:
    """Set aside rows of a few cells that begin as totals or footers do."""
    count = np.zeros(rows.table.num_rows, np.int64)
    for column in rows.table.columns:
        count += pc.is_valid(column).to_numpy(zero_copy_only=False)
    places = np.flatnonzero(count * 2 <= len(rows.table.columns))
    if not len(places):
        return rows
    few = rows.table.take(pa.array(places))
    text = pc.utf8_lower(pc.coalesce(*few.columns))
    total, alone = (
        pc.match_substring_regex(text, pattern).to_numpy().copy()
        for pattern in patterns()
    )
    for at in np.flatnonzero(total):  # a client may be called Total
        total[at] = _only_numbers(few.slice(int(at), 1).to_pylist()[0])
    away = np.zeros(rows.table.num_rows, bool)
    away[places[total | (alone & (count[places] == 1))]] = True
    return rows.without(away, FRAME)


def _only_numbers(record: dict[str, str | None]) -> bool:
    """Whether a row holds nothing but numbers behind its first filled cell."""
    rest = [cell for cell in record.values() if cell][1:]
    return not rest or parse_numbers(pa.array(rest)).null_count == 0
