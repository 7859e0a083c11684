"""How result tables are written as Parquet: the same rows always give the same bytes.

Codes and points repeat, so they are written as places in a dictionary; names do not.
Statistics are kept for ids alone, by which rows are looked up. Snappy is what every
reader knows; zstd would save a quarter of the room and take a fifth more time.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

_ALL_DIFFERENT = ("id", "name", "loss_low", "loss_expected", "loss_high")


def encoded(rows: pa.RecordBatch | pa.Table, group: int | None = None) -> pa.Buffer:
    """The rows as a Parquet file of one row group, or of groups of so many rows."""
    if isinstance(rows, pa.RecordBatch):
        rows = pa.Table.from_batches([rows])
    out = pa.BufferOutputStream()
    size = group or max(rows.num_rows, 1)
    pq.write_table(rows, out, row_group_size=size, **_settings(rows.schema))
    return out.getvalue()


def join(parts: Sequence[Path], out: BinaryIO) -> None:
    """Write files of one schema as one, a row group each; one is in memory at a time.

    A part without rows adds nothing but, being the first, the schema.
    """
    with pq.ParquetFile(parts[0]) as first:
        schema = first.schema_arrow
    with pq.ParquetWriter(out, schema, **_settings(schema)) as writer:
        for path in parts:
            with pq.ParquetFile(path) as part:
                rows = part.read()
            if rows.num_rows:
                writer.write_table(rows, row_group_size=rows.num_rows)


def _settings(schema: pa.Schema) -> dict[str, Any]:
    repeat = [
        f.name for f in schema
        if f.name not in _ALL_DIFFERENT
        and not f.name.endswith(".money")
        and not pa.types.is_boolean(f.type)
    ]  # fmt: skip
    return {
        "compression": "snappy", "use_dictionary": repeat or False,
        "write_statistics": ["id"],
    }  # fmt: skip
