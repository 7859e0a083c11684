"""Rows of a file that are no rows of a table: kept out, with the reason."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.rows import Reject, Rows

Mask = npt.NDArray[np.bool_]


def set_aside(rows: Rows, away: Mask, reason: str) -> Rows:
    """Reject the rows of a mask."""
    if not away.any():
        return rows
    rejects = (Reject(int(n), reason) for n in rows.numbers[away])
    return replace(
        rows, table=rows.table.filter(pa.array(~away)), numbers=rows.numbers[~away],
        broken=tuple(sorted((*rows.broken, *rejects))),
    )  # fmt: skip


def holds(rows: Rows, column: str) -> Mask:
    """Where a yes/no column says yes; nowhere if the file does not have it."""
    if column not in rows.table.column_names:
        return np.zeros(len(rows.numbers), bool)
    cells = rows.table[column]
    known = words.booleans()
    yes = [w for w in pc.unique(cells).drop_null().to_pylist()
           if known.get(words.normalise(w))]  # fmt: skip
    found: Mask = pc.is_in(cells, value_set=pa.array(yes, pa.string())).to_numpy(
        zero_copy_only=False
    )
    return found


def with_columns(rows: Rows, columns: Mapping[str, pa.ChunkedArray]) -> Rows:
    """Rows with further columns, or others in place of theirs."""
    table, headers = rows.table, list(rows.headers)
    for name, cells in columns.items():
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, cells)
        else:
            table = table.append_column(name, cells)
            headers.append(name)
    return replace(rows, table=table, headers=tuple(headers))


def texts(values: list[str | None]) -> pa.ChunkedArray:
    """A column of texts."""
    return pa.chunked_array([pa.array(values, pa.string())])
