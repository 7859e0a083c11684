"""Steps of which shapes are made, record by record: for dumps, which are not large."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from salesdx.crm.json_dumps import flatten
from salesdx.crm.rows import Reject, Rows, normalise_header
from salesdx.crm.vendors.columns import texts, with_columns

Record = Mapping[str, str | None]


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
    records: list[Record] = []
    numbers: list[int] = []
    for record, number in zip(rows.table.to_pylist(), rows.numbers, strict=True):
        kept = {f"parent.{n}": record[n] for n in keep if n in record}
        for entry in _entries(record.get(column)):
            records.append(kept | flatten(entry))
            numbers.append(int(number))
    return from_dicts(rows, records, numbers)


def _entries(cell: str | None) -> list[dict[str, object]]:
    if cell is None or not cell.startswith("["):
        return []
    return [entry for entry in json.loads(cell) if isinstance(entry, dict)]


def made(
    rows: Rows, records: Iterable[Record | str], columns: Sequence[str] = ()
) -> Rows:
    """One record for each row, or the reason why there is none.

    Args:
        rows: the file.
        records: texts by header, or a reason, in the order of the rows.
        columns: what exists even where no record fills it.
    """
    good: list[Record] = []
    numbers: list[int] = []
    aside: list[Reject] = []
    for number, record in zip(rows.numbers.tolist(), records, strict=True):
        if isinstance(record, str):
            aside.append(Reject(number, record))
        else:
            good.append(record)
            numbers.append(number)
    return from_dicts(rows, good, numbers, aside, columns)


def from_dicts(
    rows: Rows,
    records: Sequence[Record],
    numbers: Sequence[int],
    aside: Sequence[Reject] = (),
    columns: Sequence[str] = (),
) -> Rows:
    """Rows of made records that still belong to the file of `rows`.

    Args:
        rows: the file.
        records: texts by header.
        numbers: the row of the file that each record came from, ascending.
        aside: rows of the file that made no record, with the reason.
        columns: what exists even where no record fills it.
    """
    labels = dict.fromkeys([*columns, *(n for r in records for n in r)])
    names = {label: normalise_header(label) for label in labels}
    named = [{names[n]: v for n, v in r.items()} for r in records]
    empty = replace(
        rows, table=rows.table.select([]), headers=(),
        numbers=np.array(numbers, np.int64),
        broken=tuple(sorted((*rows.broken, *aside))),
    )  # fmt: skip
    cells = {n: texts([r.get(n) for r in named]) for n in names.values()}
    return with_columns(empty, cells)
