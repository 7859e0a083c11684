"""A large Parquet file that needs no cleaning: checked in batches, left where it is.

A file that holds canonical names, types and words would come out of the reader as it
went in, so it is only looked through, a batch at a time; a million rows never stand in
memory as text. What has the slightest fault goes the usual way, which counts it.
"""

import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salesdx.crm.limits import MAX_COLUMNS
from salesdx.crm.rows import unique_headers
from salesdx.crm.times import YEARS
from salesdx.crm.values import ARROW_TYPES, Reading, unchanged
from salesdx.tables import Column, Table

LARGE = 100_000  # rows below which a file is quicker read than looked through
_MEMORY = "256MB"
_EXTRA = Column("", "text")
# with these columns rows are changed after reading: see `crm.currencies`
_CHANGED_LATER = frozenset({"currency"})


class Stored:
    """A Parquet file with the face of an Arrow table; columns are read when asked.

    `path` is for readers that take the file itself.
    """

    def __init__(self, path: Path, mask: pa.ChunkedArray | None = None) -> None:
        self.path = path
        self._mask = mask
        with pq.ParquetFile(path) as file:
            self.schema = file.schema_arrow
            self._rows = file.metadata.num_rows

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in the order of the file."""
        return list(self.schema.names)

    @property
    def num_rows(self) -> int:
        """Number of rows."""
        if self._mask is None:
            return int(self._rows)
        return int(pc.sum(self._mask).as_py() or 0)

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        column = pq.read_table(self.path, columns=[name]).column(name)
        kind = column.type
        if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind):
            column = column.cast(pa.string())
        elif pa.types.is_timestamp(kind):
            column = column.cast(pa.timestamp("s"))
        return column if self._mask is None else column.filter(self._mask)

    def whole(self) -> pa.Table:
        """All rows in memory."""
        return pa.table({name: self[name] for name in self.column_names})

    def column(self, place: int) -> pa.ChunkedArray:
        """A column by its place."""
        return self[self.column_names[place]]

    def filter(self, mask: pa.ChunkedArray) -> "Stored":
        """The rows of a mask (null is no), of a table that is not filtered yet."""
        return Stored(self.path, pc.fill_null(mask, False))


def clean(path: Path, table: Table, reading: Reading) -> Stored | None:
    """The file as it stands, if it is large and reading would change nothing in it."""
    try:
        with pq.ParquetFile(path) as file:
            if file.metadata.num_rows < LARGE or not _fits(file.schema_arrow, table):
                return None
            if not all(_clean(b, table, reading) for b in file.iter_batches()):
                return None
        if table.key is not None and not _unique(path, table.key):
            return None
    except (pa.ArrowException, duckdb.Error, OSError):
        return None  # the usual way tells what is wrong
    return Stored(path)


def _fits(schema: pa.Schema, table: Table) -> bool:
    """Whether names and types are canonical; columns of others must be texts."""
    names = list(schema.names)
    if len(names) > MAX_COLUMNS or names != unique_headers(names):
        return False
    if _CHANGED_LATER & set(names):
        return False
    if any(c.required and c.name not in names for c in table.columns):
        return False
    return all(
        _is(field.type, (table.column(field.name) or _EXTRA).type) for field in schema
    )


def _is(kind: pa.DataType, declared: str) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    wanted = ARROW_TYPES[declared]
    if pa.types.is_timestamp(wanted):
        return bool(pa.types.is_timestamp(kind) and kind.tz is None)
    if pa.types.is_string(wanted):
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
    return bool(kind == wanted)


def _clean(batch: pa.RecordBatch, table: Table, reading: Reading) -> bool:
    return all(
        _clean_column(table.column(field.name) or _EXTRA, batch.column(place), reading)
        for place, field in enumerate(batch.schema)
    ) and not _blank(batch)


def _blank(batch: pa.RecordBatch) -> bool:
    """Whether some row has no value at all."""
    filled = np.zeros(batch.num_rows, dtype=bool)
    for column in batch.columns:
        filled |= pc.is_valid(column).to_numpy(zero_copy_only=False)
        if filled.all():
            return False
    return True


def _clean_column(column: Column, cells: pa.Array, reading: Reading) -> bool:
    if column.required and cells.null_count:
        return False
    kind = ARROW_TYPES[column.type]
    if pa.types.is_string(kind):
        distinct = pc.unique(cells.cast(pa.string())).drop_null()
        return unchanged(column, distinct, reading)
    if pa.types.is_floating(kind):
        return _all(pc.is_finite(cells))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _all(_days(cells))
    return True


def _days(cells: pa.Array) -> Any:
    """Whether each time is a whole second of a year that the reader takes."""
    first, last = (
        pa.scalar(dt.datetime(y, m, d), pa.timestamp("s")).cast(cells.type)  # noqa: DTZ001
        for y, m, d in ((YEARS[0], 1, 1), (YEARS[1], 12, 31))
    )
    usual = pc.and_(pc.greater_equal(cells, first), pc.less_equal(cells, last))
    if pa.types.is_date(cells.type):
        return usual
    whole = pc.equal(pc.floor_temporal(cells, unit="second"), cells)
    return pc.and_(usual, whole)


def _all(mask: Any) -> bool:
    found = pc.all(mask, min_count=0).as_py()
    return bool(found)


def _unique(path: Path, key: str) -> bool:
    """Whether each key stands in one row; keys in order need no table of them all."""
    return _ascending(path, key) or not _repeats(path, key)


def _ascending(path: Path, key: str) -> bool:
    last: str | None = None
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=[key]):
            cells = batch.column(0).cast(pa.string())
            if not len(cells):
                continue
            if last is not None and cells[0].as_py() <= last:
                return False
            if not _all(pc.greater(cells[1:], cells[:-1])):
                return False
            last = cells[-1].as_py()
    return True


def _repeats(path: Path, key: str) -> bool:
    """Whether a key stands in two rows; what does not fit memory is spilled."""
    with (
        tempfile.TemporaryDirectory(prefix="salesdx-") as spill,
        duckdb.connect(":memory:") as engine,
    ):
        engine.execute(f"set memory_limit='{_MEMORY}'")
        engine.execute("set temp_directory=?", [spill])
        rows = engine.read_parquet(os.fspath(path))
        column = '"' + key.replace('"', '""') + '"'
        counted = rows.aggregate("count(*) as n", column)
        return bool(counted.filter("n > 1").limit(1).fetchall())
