"""Parquet to rows of text: exact where it can be, bounded whatever the file claims."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salesdx.crm.arrow_texts import as_text, is_bytes
from salesdx.crm.limits import MAX_COLUMNS, MAX_ROWS, MAX_TEXT
from salesdx.crm.rows import Rows, from_columns
from salesdx.errors import DataError, Said


def read_parquet(path: Path) -> Rows:
    """Read all columns as text; lists and objects as JSON, bytes in hexadecimal.

    Raises:
        DataError: damaged, or more than a table may be.
    """
    labels: list[str] = []
    columns: list[pa.ChunkedArray] = []
    try:
        with path.open("rb") as stream:
            rows = _declared(stream, path.name)
            for label, column in _columns(stream, path.name):
                if len(column) != rows:
                    raise _damaged(path.name, f"{len(column)} rows, {rows} declared")
                labels.append(label)
                columns.append(column)
    except pa.ArrowException as error:
        raise _damaged(path.name, str(error)) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise _damaged(path.name, str(error)) from error
    except (ValueError, OverflowError, MemoryError) as error:
        raise _damaged(path.name, str(error)) from error
    numbers = np.arange(2, rows + 2, dtype=np.int64)
    return from_columns(path.name, labels, columns, numbers)


def _declared(stream: BinaryIO, name: str) -> int:
    with pq.ParquetFile(stream) as file:
        rows, width = file.metadata.num_rows, len(file.schema_arrow)
        inside = [
            file.metadata.row_group(i).num_rows
            for i in range(file.metadata.num_row_groups)
        ]
    if rows < 0 or sum(inside) != rows:
        raise _damaged(name, f"{sum(inside)} rows, {rows} declared")
    if rows > MAX_ROWS or width > MAX_COLUMNS:
        raise DataError(
            Said(
                f"{name}: {rows} rows x {width} columns, at most {MAX_ROWS} x"
                f" {MAX_COLUMNS} are read; split it",
                f"{name}: {rows} строк на {width} колонок, а читаем не больше"
                f" {MAX_ROWS} на {MAX_COLUMNS}; разделите файл",
            )
        )
    return int(rows)


def _columns(stream: BinaryIO, name: str) -> Iterator[tuple[str, pa.ChunkedArray]]:
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
                    yield label, as_text(column, label, name)
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


def _damaged(name: str, what: str) -> DataError:
    first = (what.splitlines() or ["?"])[0][:200]
    return DataError(
        Said(
            f"{name}: not a readable Parquet file ({first}); write or download it"
            " again",
            f"{name}: не читается как файл Parquet; выгрузите или скачайте его заново",
        )
    )
