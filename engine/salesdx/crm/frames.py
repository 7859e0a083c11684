"""The table of a report, without what is printed above, below and between its rows.

A formatted report begins with its title and filters and ends with totals and a notice
of confidentiality. These rows are accounted for as rejected, they never become deals:
a row of totals taken for one would double the amount of them all.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.amounts import parse_numbers
from salesdx.crm.frame_words import patterns
from salesdx.crm.reasons import FRAME
from salesdx.crm.recognising import recognise
from salesdx.crm.rows import Reject, Rows, from_columns, unique_headers
from salesdx.crm.staging import let_go

DEEPEST = 40  # rows that a title and filters may take
_NARROW = 3  # with fewer columns a row of one cell says nothing
_SORTED = re.compile(r"\s*[↑↓]\s*$")  # marks of grouping beside a header
_LAST = 10  # rows among which notes stand
_SHORT = 0.5  # a total fills at most this share of the usual width
_SAMPLE = 200  # rows: cells looked at to know what a column usually holds
_FEW = 200  # rows that are quicker cut out one by one
_RARE = 0.1  # share of sentences up to which a column is one of names
_WORDS = 3  # a note has at least so many words
Cells = Sequence[str | None]


def table_of(rows: Rows) -> Rows:
    """Rows under their true header; titles, totals and notes set aside.

    The true header is the first row that a form of a CRM is known by; where the first
    row is one, or none is, the header stays.
    """
    rows = _headed(rows)
    if not rows.table.num_rows or rows.table.num_columns < 2:
        return rows
    away = np.zeros(rows.table.num_rows, bool)
    away[[*_frame(rows.table), *_headers_again(rows)]] = True
    return rows.without(away, FRAME)


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


def _frame(table: pa.Table) -> Iterator[int]:
    """Places of totals, footers and notes."""
    widths = _widths(table)
    usual = float(np.median(widths))
    last = table.num_rows - 1
    short = (widths <= max(1.0, usual * _SHORT)) & (usual > 1)
    narrow = table.num_columns < _NARROW
    sparse = np.zeros_like(short) if narrow else widths * 2 <= table.num_columns
    chosen = short | sparse
    chosen[last] = True
    places = np.flatnonzero(chosen)
    some = _taken(table, places)
    first = pc.utf8_lower(pc.coalesce(*some.columns))
    total, line = (pc.match_substring_regex(first, p).to_numpy() for p in patterns())
    noted = usual > _WORDS and _sentences(table.column(0)) <= _RARE
    looked_at = total | line | (noted & (places > last - _LAST))
    for at in np.flatnonzero(looked_at).tolist():
        place = int(places[at])
        cells = [column[at].as_py() for column in some.columns]
        # a client may be called Total: then not only figures stand behind the name
        plain = short[place] or (place == last and widths[place] < usual)
        if (
            (total[at] and (plain or _only_figures(cells)))
            or (line[at] and sparse[place] and widths[place] == 1)
            or (noted and place > last - _LAST and _is_note(cells))
        ):
            yield place


def _headers_again(rows: Rows) -> Iterator[int]:
    """Places of rows that say the headers once more, as reports do on every page."""
    headers = [h.strip() or None for h in rows.headers]
    if headers[0] is None or len(headers) != rows.table.num_columns:
        return
    same = pc.fill_null(pc.equal(rows.table.column(0), headers[0]), False)
    places = np.flatnonzero(same.to_numpy())
    if not len(places):
        return
    records = _taken(rows.table, places).to_pylist()
    for place, record in zip(places.tolist(), records, strict=True):
        cells = zip(record.values(), headers, strict=True)
        if all(cell is None or cell == header for cell, header in cells):
            yield place


def _widths(table: pa.Table) -> npt.NDArray[np.int64]:
    """How many cells of each row are filled."""
    widths = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        widths += pc.is_valid(column).to_numpy(zero_copy_only=False)
    let_go()
    return widths


def _taken(table: pa.Table, places: npt.NDArray[np.int64]) -> pa.Table:
    if len(places) <= _FEW:  # `filter` reads all pages of a large table
        return pa.concat_tables([table.slice(p, 1) for p in places.tolist()])
    wanted = np.zeros(table.num_rows, bool)
    wanted[places] = True
    return table.filter(pa.array(wanted))


def _only_figures(cells: Cells) -> bool:
    """Whether nothing but numbers stands behind the first filled cell."""
    rest = [cell for cell in cells if cell][1:]
    return bool(parse_numbers(pa.array(rest, pa.string())).null_count == 0)


def _is_note(cells: Cells) -> bool:
    """One sentence in the first column of a row that is otherwise blank."""
    return not any(cells[1:]) and _is_sentence(cells[0] or "")


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= _WORDS


def _sentences(column: pa.ChunkedArray) -> float:
    """Share of sentences in a column: where names stand, a sentence is no note."""
    above = max(0, len(column) - _LAST)  # notes stand among the last ones
    some = column.slice(0, min(_SAMPLE, above)).drop_null().to_pylist()
    return sum(map(_is_sentence, some)) / max(len(some), 1)
