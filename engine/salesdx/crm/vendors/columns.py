"""Steps of which shapes are made: set columns, set rows aside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.rows import Reject, Rows

Record = Mapping[str, str | None]
_NOTHING = pa.array(["", "0"])


def column(rows: Rows, name: str) -> pa.ChunkedArray:
    """Cells under a normalised header; nulls where the file has no such header."""
    if name in rows.table.column_names:
        return rows.table[name]
    return pa.chunked_array([pa.nulls(rows.table.num_rows, pa.string())])


def reference(rows: Rows, name: str) -> pa.ChunkedArray:
    """Ids under a header; an id of 0 points at nothing."""
    cells = column(rows, name)
    points = pc.invert(pc.is_in(cells, value_set=_NOTHING))
    return pc.if_else(points, cells, pa.scalar(None, pa.string()))


def with_columns(rows: Rows, **cells: pa.ChunkedArray) -> Rows:
    """Rows with columns set or added."""
    table, headers = rows.table, list(rows.headers)
    for name, values in cells.items():
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, values)
        else:
            table, headers = table.append_column(name, values), [*headers, name]
    return replace(rows, table=table, headers=tuple(headers))


def without_columns(rows: Rows, names: Collection[str | None]) -> Rows:
    """Rows without columns; names that are not there do not matter."""
    kept = [n for n in rows.table.column_names if n not in names]
    labels = dict(zip(rows.table.column_names, rows.headers, strict=True))
    return replace(
        rows, table=rows.table.select(kept), headers=tuple(labels[n] for n in kept)
    )


def set_aside(rows: Rows, reasons: Sequence[str | None]) -> Rows:
    """Rows without those that have a reason; these stay accounted for, with it.

    All columns stay even when no row does, so that the table is still what it was.
    """
    wanted = np.array([reason is None for reason in reasons], dtype=bool)
    aside = [
        Reject(int(number), reason)
        for number, reason in zip(rows.numbers, reasons, strict=True)
        if reason is not None
    ]
    return replace(
        rows, table=rows.table.filter(pa.array(wanted)), numbers=rows.numbers[wanted],
        broken=tuple(sorted((*rows.broken, *aside))),
    )  # fmt: skip


def made(rows: Rows, records: Sequence[Record | str], columns: Sequence[str]) -> Rows:
    """One record for each row, or the reason why there is none.

    Args:
        rows: the file.
        records: texts by name, or a reason, in the order of the rows.
        columns: what every record may have; they all exist, filled or not.
    """
    good = [r for r in records if not isinstance(r, str)]
    table = pa.table(
        {n: pa.chunked_array([pa.array([r.get(n) for r in good], pa.string())])
         for n in columns}
    )  # fmt: skip
    wanted = np.array([not isinstance(r, str) for r in records], dtype=bool)
    aside = [
        Reject(int(number), reason)
        for number, reason in zip(rows.numbers, records, strict=True)
        if isinstance(reason, str)
    ]
    return replace(
        rows, table=table, numbers=rows.numbers[wanted], headers=tuple(columns),
        broken=tuple(sorted((*rows.broken, *aside))),
    )  # fmt: skip
