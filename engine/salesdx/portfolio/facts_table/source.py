"""Ranges of rows of a Parquet file, whatever its row groups; a fit copy if they do not.

An untrusted file may unpack to any size: texts are read as codes and their different
values, and what a range claims to take is bounded.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from salesdx.crm.arrow_texts import is_bytes
from salesdx.crm.limits import MAX_TEXT
from salesdx.crm.parquet_files import damaged
from salesdx.errors import DataError, Said, reason_of
from salesdx.portfolio.facts_table.layout import MOST_COLUMNS

ROW, FAULT = "#row", "#fault"  # of a copy: the number of a row, and what is no row
_MUCH_LARGER = 2  # row groups, in chunks
_BUFFER = 1 << 20
_AT_ONCE = 64  # columns


@dataclass(frozen=True, slots=True)
class Source:
    """A Parquet file of which ranges are read.

    `starts` are the first rows of its groups, and the end; texts that are `coded` are
    read as codes. Of one written from CSV, rows have numbers and some are none.
    """

    path: Path
    columns: tuple[str, ...]
    coded: tuple[str, ...]
    starts: tuple[int, ...]
    name: str

    @property
    def rows(self) -> int:
        """How many."""
        return self.starts[-1]

    def read(
        self, start: int, stop: int, columns: Sequence[str] | None = None
    ) -> Iterator[tuple[str, pa.Array]]:
        """The columns of some rows, a few at a time: together they take much more."""
        wanted = list(self.columns if columns is None else columns)
        first = int(np.searchsorted(self.starts, start, "right")) - 1
        last = int(np.searchsorted(self.starts, stop, "left"))
        groups, skipped = list(range(first, last)), start - self.starts[first]
        with opened(self.path, self.name, self.coded) as file:
            _refuse_bombs(file, groups, wanted, self.name)
            for i in range(0, len(wanted), _AT_ONCE):
                names = wanted[i : i + _AT_ONCE]
                table = file.read_row_groups(groups, names, use_threads=False)
                if table.num_rows != self.starts[last] - self.starts[first]:
                    raise damaged(self.name, "row count")
                table = table.select(names).slice(skipped, stop - start)
                table = table.unify_dictionaries().combine_chunks()
                for name in names:
                    yield name, table.column(name).chunk(0)


@contextmanager
def opened(
    path: Path, name: str, coded: Sequence[str] = ()
) -> Iterator[pq.ParquetFile]:
    """A Parquet file; what is wrong with it is a DataError."""
    try:
        with pq.ParquetFile(
            path, read_dictionary=list(coded), buffer_size=_BUFFER, pre_buffer=False
        ) as file:
            yield file
    except pa.ArrowException as error:
        raise damaged(name, str(error)) from error
    except OSError as error:
        if error.errno is not None:
            raise DataError(_unreadable(name, error)) from error
        raise damaged(name, str(error)) from error
    except (ValueError, OverflowError, MemoryError) as error:
        raise damaged(name, str(error)) from error


def schema_of(path: Path, name: str) -> pa.Schema:
    """The columns of a file, not more than a table may have."""
    with opened(path, name) as file:
        if file.metadata.num_columns > MOST_COLUMNS:
            raise too_wide(name, file.metadata.num_columns)
        found: pa.Schema = file.schema_arrow
        return found


def source_of(
    path: Path, name: str, columns: Sequence[str], schema: pa.Schema
) -> Source:
    """The file as it is, to be read by ranges."""
    with opened(path, name) as file:
        meta = file.metadata
        sizes = [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]
        if (
            meta.num_rows < 0
            or min(sizes, default=0) < 0
            or sum(sizes) != meta.num_rows
        ):
            raise damaged(name, f"{sum(sizes)} rows, {meta.num_rows} declared")
    starts = (0, *(int(n) for n in np.cumsum(sizes)))
    types = {n: schema.field(n).type for n in columns}
    # a view is read as codes too: little can be done with the views themselves
    texts = tuple(
        n for n, t in types.items() if is_bytes(t) or pa.types.is_string_view(t)
    )
    return Source(path, tuple(columns), texts, starts, name)


def fitted(source: Source, chunk_rows: int, scratch: Path) -> Source:
    """The source, or a copy of it with a row group a chunk if groups are far larger."""
    sizes = np.diff(source.starts)
    if not len(sizes) or sizes.max() <= _MUCH_LARGER * chunk_rows:
        return source
    target = scratch / "table.parquet"
    with opened(source.path, source.name, source.coded) as file:
        batches = (
            batch.select(source.columns)
            for batch in file.iter_batches(
                chunk_rows, columns=list(source.columns), use_threads=False
            )
        )
        first = next(batches)
        write(target, chain([first], batches), chunk_rows, first.schema, source.coded)
    return source_of(target, source.name, source.columns, first.schema)


def write(
    path: Path, batches: Iterable[pa.RecordBatch], rows: int, schema: pa.Schema,
    coded: Sequence[str],
) -> None:  # fmt: skip
    """Write batches, so many rows a group; nothing is left of a failure.

    Only texts that repeat (`coded`) are written as codes, and nothing is counted: the
    file is read once or twice, and then goes.
    """
    options = {
        "compression": "lz4", "use_dictionary": list(coded), "write_statistics": False,
    }  # fmt: skip
    aside = path.with_suffix(".tmp")
    waiting: list[pa.RecordBatch] = []
    held = 0
    try:
        with pq.ParquetWriter(aside, schema, **options) as writer:
            for batch in batches:
                waiting.append(batch)
                held += batch.num_rows
                while held >= rows:
                    held = _flush(writer, waiting, rows)
            if held:
                _flush(writer, waiting, rows)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _flush(writer: pq.ParquetWriter, waiting: list[pa.RecordBatch], rows: int) -> int:
    """Write one row group of what waits; how many rows still do."""
    table = pa.Table.from_batches(waiting)
    writer.write_table(table.slice(0, rows), row_group_size=rows)
    waiting[:] = table.slice(rows).to_batches()
    return sum(batch.num_rows for batch in waiting)


def _refuse_bombs(
    file: pq.ParquetFile, groups: Sequence[int], wanted: Sequence[str], name: str
) -> None:
    names = set(wanted)
    total = 0
    for group in groups:
        meta = file.metadata.row_group(group)
        columns = (meta.column(i) for i in range(meta.num_columns))
        total += sum(
            c.total_uncompressed_size for c in columns
            if not names.isdisjoint(_paths(c.path_in_schema))
        )  # fmt: skip
    if total > MAX_TEXT:
        limit = MAX_TEXT // 1_000_000
        raise DataError(
            Said(
                f"{name}: some rows unpack to more than {limit} MB; leave out columns"
                " that are not needed, or write smaller row groups",
                f"{name}: часть строк после распаковки занимает больше {limit} МБ;"
                " уберите лишние колонки или запишите файл группами строк поменьше",
            )
        )


def _paths(path: str) -> list[str]:
    """What a path may be of: a column, or the elements of its lists."""
    return [path, path.rpartition(".")[0], path.rpartition(".")[0].rpartition(".")[0]]


def too_wide(name: str, columns: int) -> DataError:
    """More columns than anybody fills."""
    return DataError(
        Said(
            f"{name}: {columns} columns, at most {MOST_COLUMNS} are read",
            f"{name}: колонок {columns}, а читаем не больше {MOST_COLUMNS}",
        )
    )


def _unreadable(name: str, error: OSError) -> Said:
    reason = reason_of(error)
    return Said(f"{name}: {reason}", f"{name}: {reason.ru}")
