"""Lists inside records: one row an entry."""

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from salesdx.crm.json_dumps import flatten
from salesdx.crm.rows import Reject, Rows, normalise_header


def explode(rows: Rows, column: str, keep: Sequence[str] = ()) -> Rows:
    """One row for each entry of a list that a cell holds as JSON.

    Args:
        rows: records; cells of `column` are JSON lists of objects.
        column: normalised header of the list.
        keep: columns of the record to repeat beside each entry, named `parent.<name>`.

    Returns:
        Rows whose columns are the fields of the entries; their numbers are those of
        the records, so a fault can be found in the file.
    """
    records: list[dict[str, str | None]] = []
    numbers: list[int] = []
    if column in rows.table.column_names:
        cells = rows.table[column].to_pylist()
        kept = {
            n: rows.table[n].to_pylist() for n in keep if n in rows.table.schema.names
        }
        for place, cell in enumerate(cells):
            for entry in _entries(cell):
                records.append(
                    {f"parent.{n}": many[place] for n, many in kept.items()}
                    | flatten(entry)
                )
                numbers.append(int(rows.numbers[place]))
    return from_dicts(rows, records, numbers)


def from_dicts(
    rows: Rows,
    records: Sequence[dict[str, str | None]],
    numbers: Sequence[int],
    aside: Sequence[Reject] = (),
) -> Rows:
    """Rows of made records that still belong to the file of `rows`.

    Args:
        rows: the file.
        records: texts by header.
        numbers: the row of the file that each record came from, ascending.
        aside: rows of the file that made no record, with the reason.
    """
    names = list(dict.fromkeys(normalise_header(n) for r in records for n in r))
    lowered = [{normalise_header(n): v for n, v in r.items()} for r in records]
    table = pa.table(
        {n: pa.chunked_array([pa.array([r.get(n) for r in lowered], pa.string())])
         for n in names}
    )  # fmt: skip
    return Rows(
        rows.source, table, np.array(numbers, np.int64), tuple(names),
        tuple(sorted((*rows.broken, *aside))),
        rows.encoding, rows.skipped_sheets,
    )  # fmt: skip


def _entries(cell: str | None) -> list[dict[str, object]]:
    if cell is None or not cell.startswith("["):
        return []
    return [entry for entry in json.loads(cell) if isinstance(entry, dict)]
