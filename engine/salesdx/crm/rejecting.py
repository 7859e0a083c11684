"""Rejected rows kept for mending: where each stands, why, and its cells as they were.

The cells are those of the file itself, under its own headers, also where the rows of a
table were made out of it; what is not taken over (phones, addresses) is left out.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from salesdx.crm.canonical import TableRead
from salesdx.crm.mapping import FileMap
from salesdx.crm.opening import Opened
from salesdx.crm.rows import Reject, Rows, gathered, normalise_header
from salesdx.crm.writing import Cells, Writer, rejects_writer
from salesdx.errors import UNSEEN

_LONGEST_STEM = 60  # letters; a name may have 255 bytes, and we add to it
_STEP = 1 << 13  # rejected rows looked up at once


def rejects_file(
    folder: Path, source: Opened, file: FileMap, read: TableRead
) -> tuple[Path, Writer] | None:
    """The rejects file of one table of one source; None where nothing is rejected.

    Args:
        folder: where rejects go.
        source: the file as it was read.
        file: its mapping, for the tables it feeds and what is not taken over.
        read: the table.
    """
    if not read.rejected:
        return None
    stem = UNSEEN.sub("_", Path(source.name).stem)[:_LONGEST_STEM]
    stem += f".{read.name}" if len(file.tables) > 1 else ""
    rows = source.rows()
    dropped = {normalise_header(h) for h in file.drop}
    names = [n for n in rows.table.column_names if n not in dropped]
    labels = dict(zip(rows.table.column_names, rows.headers, strict=True))
    writer = rejects_writer(
        [labels[n] for n in names], lambda: _cells(rows, names, read.rejected)
    )
    return folder / f"{stem}.csv", writer


def _cells(rows: Rows, names: Sequence[str], rejected: Sequence[Reject]) -> Cells:
    """Number, reason and cells; a row that could not be split has no cells."""
    table = rows.table.select(names)
    for some in _steps(rejected):
        wanted = np.array([r.row for r in some])
        places = np.searchsorted(rows.numbers, wanted)
        inside = places < len(rows.numbers)
        inside[inside] = rows.numbers[places[inside]] == wanted[inside]
        found = iter(gathered(table, places[inside]).to_pylist())
        for reject, known in zip(some, inside, strict=True):
            yield reject.row, reject.reason, next(found).values() if known else ()


def _steps(rejected: Sequence[Reject]) -> Iterator[Sequence[Reject]]:
    for start in range(0, len(rejected), _STEP):
        yield rejected[start : start + _STEP]
