"""Whole columns of a file made anew, for the shapes of the vendors."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.headers import header_of
from salesdx.crm.rows import Reject, Rows


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
    texts = [change(text) for text in distinct.to_pylist()]
    if texts == distinct.to_pylist():
        return rows
    place = pc.index_in(cells, value_set=distinct)
    return with_cells(rows, {header: pc.take(pa.array(texts, pa.string()), place)})


def with_cells(
    rows: Rows, cells: Mapping[str, pa.Array | pa.ChunkedArray | None]
) -> Rows:
    """Rows with some columns replaced, added or, where there is None, left out."""
    old = dict(zip(rows.table.column_names, rows.headers, strict=True))
    columns = dict(zip(rows.table.column_names, rows.table.columns, strict=True))
    made = {n: c for n, c in (columns | dict(cells)).items() if c is not None}
    labels = tuple(old.get(name, name) for name in made)
    return replace(rows, table=pa.table(made), headers=labels)


def in_order(rows: Rows, places: pa.Array) -> Rows:
    """Rows in another order."""
    numbers = rows.numbers[places.to_numpy(zero_copy_only=False)]
    return replace(rows, table=rows.table.take(places), numbers=numbers)


def only(rows: Rows, mask: npt.NDArray[np.bool_], aside: Sequence[Reject] = ()) -> Rows:
    """The rows of a mask; those set aside are rejected with their reason."""
    return replace(
        rows, table=rows.table.filter(pa.array(mask)), numbers=rows.numbers[mask],
        broken=tuple(sorted((*rows.broken, *aside))),
    )  # fmt: skip
