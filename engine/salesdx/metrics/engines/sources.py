"""A source of a canonical table: rows in memory, or a Parquet file left where it is.

A Parquet file must hold canonical types already (see `metrics.data.Data`): ten million
deals then never stand in Arrow. Whether a column has a value is read from the
statistics of the file; only a file without them is looked through.
"""

from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Source: TypeAlias = pa.Table | Path


def rows(source: Source) -> int:
    """Number of rows."""
    if isinstance(source, Path):
        return int(pq.read_metadata(source).num_rows)
    return int(source.num_rows)


def columns(source: Source) -> tuple[str, ...]:
    """Names of the columns, in their order."""
    if isinstance(source, Path):
        return tuple(pq.read_schema(source).names)
    return tuple(source.column_names)


def has_value(source: Source, column: str) -> bool:
    """Whether the column is there and has at least one value."""
    if column not in columns(source):
        return False
    if isinstance(source, Path):
        return _stored_value(source, column)
    return bool(source[column].null_count < source.num_rows)


def _stored_value(path: Path, column: str) -> bool:
    """The same of a Parquet file, from statistics if they are complete."""
    with pq.ParquetFile(path) as file:
        place = file.schema_arrow.names.index(column)
        groups = [
            file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)
        ]
        told = [(g.num_rows, g.column(place).statistics) for g in groups]
        if all(s is not None and s.has_null_count for _, s in told):
            return any(s.null_count < n for n, s in told)
        batches = file.iter_batches(columns=[column])
        return any(b.column(0).null_count < b.num_rows for b in batches)


def lowest(source: Source, column: str) -> Any:
    """The least value of a column, None without any; a file tells it by statistics."""
    if not isinstance(source, Path):
        return pc.min(source[column]).as_py()
    with pq.ParquetFile(source) as file:
        place = file.schema_arrow.names.index(column)
        groups = [
            file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)
        ]
        told = [g.column(place).statistics for g in groups if g.num_rows]
        if all(s is not None and s.has_min_max for s in told):
            return min((s.min for s in told), default=None)
        parts = (
            pc.min(batch.column(0)).as_py()
            for batch in file.iter_batches(columns=[column])
        )
        return min((p for p in parts if p is not None), default=None)


def read(source: Source) -> pa.Table:
    """All rows in memory; for small tables only."""
    return pq.read_table(source) if isinstance(source, Path) else source
