"""Parquet to rows of text: exact where it can be, bounded whatever the file claims."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salesdx.crm.arrow_texts import as_text, is_bytes
from salesdx.crm.limits import MAX_COLUMNS, MAX_ROWS, MAX_TEXT
from salesdx.crm.progress import READING, Progress, silent
from salesdx.crm.rows import Rows, from_columns
from salesdx.errors import DataError, Said


def read_parquet(path: Path, progress: Progress = silent) -> Rows:
    """Read all columns as text; lists and objects as JSON, bytes in hexadecimal.

    Args:
        path: the file.
        progress: told how many columns are read.

    Raises:
        DataError: damaged, or more than a table may be.
    """
    try:
        with path.open("rb") as stream:
            rows, labels = _declared(stream, path.name)
            columns = _told(_columns(stream, path.name), rows, path.name)
            numbers = np.arange(2, rows + 2, dtype=np.int64)
            return from_columns(
                path.name, labels, _counted(columns, len(labels), progress), numbers
            )
    except pa.ArrowException as error:
        raise damaged(path.name, str(error)) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise damaged(path.name, str(error)) from error
    except (ValueError, OverflowError, MemoryError) as error:
        raise damaged(path.name, str(error)) from error


def _told(
    columns: Iterable[pa.ChunkedArray], rows: int, name: str
) -> Iterator[pa.ChunkedArray]:
    for column in columns:
        if len(column) != rows:
            raise damaged(name, f"{len(column)} rows, {rows} declared")
        yield column


def _counted(
    columns: Iterable[pa.ChunkedArray], width: int, progress: Progress
) -> Iterator[pa.ChunkedArray]:
    for done, column in enumerate(columns):
        progress(READING, done, width)
        yield column


def _declared(stream: BinaryIO, name: str) -> tuple[int, list[str]]:
    """Rows of a file and the names of its columns, equal ones side by side."""
    with pq.ParquetFile(stream) as file:
        rows, names = file.metadata.num_rows, list(file.schema_arrow.names)
        width = len(names)
        inside = [
            file.metadata.row_group(i).num_rows
            for i in range(file.metadata.num_row_groups)
        ]
    if rows < 0 or sum(inside) != rows:
        raise damaged(name, f"{sum(inside)} rows, {rows} declared")
    if rows > MAX_ROWS or width > MAX_COLUMNS:
        raise DataError(
            Said(
                f"{name}: {rows} rows x {width} columns, at most {MAX_ROWS} x"
                f" {MAX_COLUMNS} are read; split it",
                f"{name}: {rows} строк на {width} колонок, а читаем не больше"
                f" {MAX_ROWS} на {MAX_COLUMNS}; разделите файл",
            )
        )
    return int(rows), [n for one in dict.fromkeys(names) for n in names if n == one]


def _columns(stream: BinaryIO, name: str) -> Iterator[pa.ChunkedArray]:
    """One column at a time; texts as codes first: few bytes may stand for many."""
    stream.seek(0)
    fields = list(pq.read_schema(stream))
    texts = [f.name for f in fields if is_bytes(f.type)]
    stream.seek(0)
    unpacked = 0
    with pq.ParquetFile(stream, read_dictionary=texts) as file:
        for label in dict.fromkeys(f.name for f in fields):
            for column in file.read(columns=[label], use_threads=False).columns:
                unpacked += _unpacked(column)
                if unpacked <= MAX_TEXT:
                    yield as_text(column, label, name)
                    continue
                limit = MAX_TEXT // 1_000_000
                raise DataError(
                    Said(
                        f"{name}: unpacks to more than {limit} MB; export fewer"
                        " columns or a shorter period",
                        f"{name}: после распаковки больше {limit} МБ; выгрузите меньше"
                        " колонок или период покороче",
                    )
                )


def _unpacked(column: pa.ChunkedArray) -> int:
    """Bytes of a column as text, about."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes) + 8 * len(column)
    total = 4 * len(column)
    for chunk in column.chunks:
        if is_bytes(chunk.dictionary.type):
            sizes = pc.binary_length(chunk.dictionary).cast(pa.int64())
            total += pc.sum(sizes.take(chunk.indices)).as_py() or 0
    return total


def damaged(name: str, what: str) -> DataError:
    """That a file is no Parquet that can be read, for a reason of the library."""
    first = (what.splitlines() or ["?"])[0][:200]
    return DataError(
        Said(
            f"{name}: not a readable Parquet file ({first}); write or download it"
            " again",
            f"{name}: не читается как файл Parquet; выгрузите или скачайте его заново",
        )
    )
