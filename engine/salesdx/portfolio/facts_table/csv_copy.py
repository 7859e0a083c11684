"""A CSV table written anew as Parquet: all text, a row group a chunk.

The number of each row goes along, and a line that could not be split is a row of its
own, so that it is told where it stands.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from salesdx.crm.delimited import LONGEST, Opened, in_parts, tried
from salesdx.crm.splitting import Part
from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.facts_table.layout import ID, MOST_COLUMNS, NORM, Layout, lay_out
from salesdx.portfolio.facts_table.source import FAULT, ROW, Source, source_of, write

_BLOCKS = (1 << 23, LONGEST)  # bytes read at once: rows of some kB, hundreds of cells
_FAULT = pa.dictionary(pa.int32(), pa.string())


def copied(
    path: Path, knowledge: KnowledgeBase, ignore: Sequence[str], scratch: Path,
    chunk_rows: int,
) -> tuple[Layout, Source]:  # fmt: skip
    """The columns of a CSV table, and its rows as Parquet in `scratch`.

    Raises:
        DataError: no text, columns that cannot be used, or a quote that is not closed.
    """
    target = scratch / "table.parquet"

    def read(opened: Opened) -> tuple[Layout, Source]:
        labels, parts = in_parts(opened, path.name, MOST_COLUMNS)
        names = [label.strip() for label in labels]
        said = pa.schema([pa.field(n, pa.string()) for n in names])
        layout = lay_out(said, knowledge, ignore, path.name)
        places = [names.index(n) for n in layout.columns]
        columns = (ROW, FAULT, *layout.columns)
        found = pa.schema([
            pa.field(ROW, pa.int64()), pa.field(FAULT, _FAULT),
            *(pa.field(n, pa.string()) for n in layout.columns),
        ])  # fmt: skip
        # numbers are told apart at once; codes would only be in the way
        plain = {ROW, *layout.figures, *(NORM + n for n in layout.norms)}
        coded = [n for n in columns if n not in plain]
        write(target, _batches(parts, places, found), chunk_rows, found, coded)
        source = source_of(target, path.name, columns, found)
        return layout, replace(source, coded=tuple(coded))

    return tried(path, _BLOCKS, read)


def _batches(
    parts: Iterator[Part], places: Sequence[int], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for part in parts:
        sound = [_sound(part, places, schema)] if part.batch.num_rows else []
        if not part.broken:
            yield from sound
            continue
        both = pa.Table.from_batches([*sound, _broken(part, schema)])
        yield from both.unify_dictionaries().sort_by(ROW).combine_chunks().to_batches()


def _sound(part: Part, places: Sequence[int], schema: pa.Schema) -> pa.RecordBatch:
    """The rows as they are, without those that hold nothing."""
    batch = part.batch
    cells = [batch.column(i) for i in places]
    nothing = pa.nulls(batch.num_rows, _FAULT)
    found = pa.RecordBatch.from_arrays(
        [pa.array(part.numbers), nothing, *cells], schema=schema
    )
    empty = np.asarray(found.column(ID).is_null())
    for column in batch.columns if empty.any() else ():
        empty = empty & np.asarray(column.is_null())
    # a spreadsheet leaves such rows behind
    return found.filter(pa.array(~empty)) if empty.any() else found


def _broken(part: Part, schema: pa.Schema) -> pa.RecordBatch:
    numbers, why, lines = zip(*part.broken, strict=True)
    own = {ID: pa.array(lines), ROW: pa.array(numbers), FAULT: pa.array(why, _FAULT)}
    return pa.RecordBatch.from_arrays(
        [own.get(f.name, pa.nulls(len(lines), f.type)) for f in schema], schema=schema
    )
