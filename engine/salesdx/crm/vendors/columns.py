"""Steps of which shapes are made, whole columns at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.headers import header_of
from salesdx.crm.repeats import codes
from salesdx.crm.rows import Mask, Rows
from salesdx.crm.times import parse_times

NOTHING = pa.scalar(None, pa.string())


def column(rows: Rows, name: str) -> pa.ChunkedArray:
    """Cells under a normalised header; nulls where the file has no such header."""
    if name in rows.table.column_names:
        return rows.table[name]
    return pa.chunked_array([pa.nulls(rows.table.num_rows, pa.string())])


def unless_zero(rows: Rows, name: str) -> pa.ChunkedArray:
    """Cells under a header; where CRMs write 0 for nothing, null."""
    zero = pa.array(among(rows, name, ["", "0"]))
    return pc.if_else(zero, NOTHING, column(rows, name))


def texts(values: Sequence[str | None]) -> pa.ChunkedArray:
    """A column of texts."""
    return pa.chunked_array([pa.array(values, pa.string())])


def among(rows: Rows, name: str, values: Sequence[str | None]) -> Mask:
    """Where a column holds one of these; None is a blank cell."""
    wanted = pa.array(values, pa.string())
    found: Mask = pc.is_in(column(rows, name), value_set=wanted).to_numpy()
    return found


def holds(rows: Rows, name: str) -> Mask:
    """Where a yes/no column says yes; nowhere if the file does not have it."""
    known = words.booleans()
    told = pc.unique(column(rows, name)).drop_null().to_pylist()
    return among(rows, name, [w for w in told if known.get(words.normalise(w))])


def seconds(rows: Rows, name: str) -> npt.NDArray[np.int64]:
    """Times that an API wrote, as numbers to sort by; what is no time comes first."""
    found = [parse_times(c, "day-first", "UTC") for c in column(rows, name).chunks]
    times = pa.chunked_array(found, pa.timestamp("s")).cast(pa.int64())
    numbers: npt.NDArray[np.int64] = pc.fill_null(times, 0).to_numpy()
    return numbers


def stays(
    deals: pa.ChunkedArray, stages: pa.ChunkedArray, moments: npt.NDArray[np.int64]
) -> Mask:
    """Moves to the stage where the deal already was.

    Args:
        deals: ids.
        stages: the stage of each move.
        moments: what orders the moves in time; equal ones keep the order of the file.
    """
    deal, stage = codes(deals), codes(stages)
    order = np.lexsort((moments, deal))
    deal, stage = deal[order], stage[order]
    again = (deal[1:] == deal[:-1]) & (stage[1:] == stage[:-1])
    found = np.zeros(len(order), bool)
    found[order[1:]] = again & (deal[1:] >= 0) & (stage[1:] >= 0)
    return found


def with_columns(
    rows: Rows, cells: Mapping[str, pa.Array | pa.ChunkedArray | None]
) -> Rows:
    """Rows with some columns replaced, added or, where there is None, left out."""
    old = dict(zip(rows.table.column_names, rows.headers, strict=True))
    columns = dict(zip(rows.table.column_names, rows.table.columns, strict=True))
    made = {n: c for n, c in (columns | dict(cells)).items() if c is not None}
    labels = tuple(old.get(name, name) for name in made)
    return replace(rows, table=pa.table(made), headers=labels)


def with_texts(
    rows: Rows, wanted: Iterable[str], change: Callable[[str], str | None]
) -> Rows:
    """Rows with the texts of one column changed; as they are if it is not there.

    Args:
        rows: the file.
        wanted: headers the column may have, the first found counts.
        change: the new text for each distinct one.
    """
    header = header_of(rows, wanted)
    if header is None:
        return rows
    cells = rows.table[header]
    distinct = pc.unique(cells).drop_null()
    changed = [change(text) for text in distinct.to_pylist()]
    if changed == distinct.to_pylist():
        return rows
    place = pc.index_in(cells, value_set=distinct)
    return with_columns(rows, {header: pc.take(pa.array(changed, pa.string()), place)})


def in_order(rows: Rows, name: str) -> Rows:
    """Entries of lists, each list by the numbers of a column; as they are without."""
    if name not in rows.table.column_names:
        return rows
    both = pa.table({"row": rows.numbers, "at": rows.table[name].cast(pa.float64())})
    order = [("row", "ascending"), ("at", "ascending")]
    return replace(rows, table=rows.table.take(pc.sort_indices(both, order)))
