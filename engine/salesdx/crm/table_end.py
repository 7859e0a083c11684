"""Rows below a table that are no records: totals, and notes of the report.

A row of totals taken for a deal would double the amount of them all.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.amounts import parse_numbers
from salesdx.crm.reasons import FRAME
from salesdx.crm.rows import Reject, Rows
from salesdx.crm.staging import let_go

_TOTAL = re.compile(
    r"^(общий итог|итоги?|итого|всего|сумма|(grand |sub-?)?totals?|sum)"
    r"(\s*:.*|\s*\(\d.*|\s+(по|за|records|count)\b.*)?$",
    re.IGNORECASE,
)
_LAST = 10  # rows among which notes stand
_SHORT = 0.5  # a total fills at most this share of the usual width
_SOME = 200
_FEW = 0.1
_WORDS = 3  # a note has at least so many words


def without_end(rows: Rows) -> Rows:
    """Set totals and notes aside, each with its reason."""
    if not rows.table.num_rows or rows.table.num_columns < 2:
        return rows
    widths = _filled(rows.table)
    usual = float(np.median(widths))
    found = dict(_ends(rows.table, widths, usual))
    if not found:
        return rows
    kept = np.ones(len(widths), dtype=bool)
    kept[list(found)] = False
    aside = [Reject(int(rows.numbers[p]), reason) for p, reason in found.items()]
    return rows.only(kept, aside)


def _filled(table: pa.Table) -> npt.NDArray[np.int64]:
    widths = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        widths += pc.is_valid(column).to_numpy(zero_copy_only=False)
    let_go()
    return widths


def _ends(
    table: pa.Table, widths: npt.NDArray[np.int64], usual: float
) -> Iterator[tuple[int, str]]:
    last = table.num_rows - 1
    noted = usual > _WORDS and _sentences(table.column(0)) <= _FEW
    short = np.flatnonzero((widths <= max(1.0, usual * _SHORT)) & (usual > 1))
    places = sorted({*short.tolist(), last})
    for place, cells in zip(places, _rows(table, places), strict=True):
        first = next(c for c in cells if c is not None)
        total = bool(_TOTAL.match(first)) and (
            widths[place] < usual or _only_figures(cells)
        )
        if total or (noted and place > last - _LAST and _is_note(cells)):
            yield place, FRAME


def _only_figures(cells: Sequence[str | None]) -> bool:
    """Whether nothing but numbers stands behind the first cell: no client is that."""
    rest = [cell for cell in cells if cell][1:]
    return bool(parse_numbers(pa.array(rest, pa.string())).null_count == 0)


def _rows(table: pa.Table, places: Sequence[int]) -> list[tuple[str | None, ...]]:
    if len(places) <= _SOME:  # `take` and `filter` read all pages of a large table
        chosen = pa.concat_tables([table.slice(p, 1) for p in places])
    else:
        wanted = np.zeros(table.num_rows, dtype=bool)
        wanted[list(places)] = True
        chosen = table.filter(pa.array(wanted))
    columns = [c.to_pylist() for c in chosen.columns]
    return list(zip(*columns, strict=True))


def _is_note(cells: Sequence[str | None]) -> bool:
    """One sentence in the first column of a row that is otherwise blank."""
    alone = cells[0] is not None and not any(cells[1:])
    return alone and _is_sentence(cells[0] or "")


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= _WORDS


def _sentences(column: pa.ChunkedArray) -> float:
    """Share of sentences in a column: where names stand, a sentence is no note."""
    above = max(0, len(column) - _LAST)  # notes stand among the last ones
    some = column.slice(0, min(_SOME, above)).drop_null().to_pylist()
    return sum(map(_is_sentence, some)) / max(len(some), 1)
