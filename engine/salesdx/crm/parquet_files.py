"""Parquet to rows of text: exact where it can be, bounded whatever the file claims."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salesdx.crm.limits import MAX_COLUMNS, MAX_ROWS, MAX_TEXT
from salesdx.crm.rows import Rows, from_columns
from salesdx.errors import DataError, Said

# whole numbers beyond this have lost digits; a spreadsheet keeps 15
_EXACT = {"double": 1e15, "float": 2.0**24, "halffloat": 2.0**11}


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
    texts = [f.name for f in fields if _is_bytes(f.type)]
    stream.seek(0)
    unpacked = 0
    with pq.ParquetFile(stream, read_dictionary=texts) as file:
        for label in dict.fromkeys(f.name for f in fields):
            for column in file.read(columns=[label], use_threads=False).columns:
                unpacked += _unpacked(column)
                if unpacked <= MAX_TEXT:
                    yield label, _as_text(column, label, name)
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


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def _unpacked(column: pa.ChunkedArray) -> int:
    """Bytes of a column as text, about."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes) + 8 * len(column)
    total = 4 * len(column)
    for chunk in column.chunks:
        if _is_bytes(chunk.dictionary.type):
            sizes = pc.binary_length(chunk.dictionary).cast(pa.int64())
            total += pc.sum(sizes.take(chunk.indices)).as_py() or 0
    return total


def _as_text(column: pa.ChunkedArray, label: str, name: str) -> pa.ChunkedArray:
    """A column as text; whole numbers without a point, but no long id by a float."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([c.storage for c in column.chunks])
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_floating(kind):
        return _floats(column)
    if pa.types.is_decimal(kind):
        return _decimals(column)
    if _is_bytes(kind) or pa.types.is_fixed_size_binary(kind):
        return _texts(column, label, name)
    if pa.types.is_duration(kind):
        seconds = column.cast(pa.duration("ns")).cast(pa.int64()).cast(pa.float64())
        return _floats(pc.divide(seconds, 1e9))
    if pa.types.is_nested(kind) or pa.types.is_interval(kind):
        return _python(column, _json)
    return column.cast(pa.string())


def _floats(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    limit = _EXACT[str(kind)]
    column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind))
    column = column.cast(pa.float64())
    size = pc.abs(column)
    whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(size, limit))
    safe = pc.if_else(whole, column, pa.scalar(0.0)).cast(pa.int64())
    text = pc.if_else(whole, safe.cast(pa.string()), column.cast(pa.string()))
    cut = pc.fill_null(pc.greater_equal(size, limit), False)
    if pc.any(cut).as_py():  # as a spreadsheet shows a number that it has cut
        text = pc.if_else(cut, _python(column, "{:.14e}".format), text)
    return text


def _decimals(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = column.cast(pa.string())
    if column.type.scale <= 0:
        return text
    pattern = r"\.0+$"
    if pc.all(pc.match_substring_regex(text, pattern), min_count=0).as_py():
        return pc.replace_substring_regex(text, pattern, "")  # ids, not amounts
    return text


def _texts(column: pa.ChunkedArray, label: str, name: str) -> pa.ChunkedArray:
    """Texts must be UTF-8; bytes that are not become hexadecimal digits."""
    said_to_be_text = pa.types.is_string(column.type) or pa.types.is_large_string(
        column.type
    )
    try:
        found = column.cast(pa.binary()).cast(pa.string())
        found.validate(full=True)
    except pa.ArrowInvalid as error:
        if not said_to_be_text:
            return _python(column, bytes.hex)
        raise DataError(
            Said(
                f"{name}: the column {label[:60]!r} holds text that is not UTF-8;"
                " write the file again with UTF-8 texts, or export CSV",
                f"{name}: в колонке «{label[:60]}» текст не в UTF-8; запишите файл"
                " заново с текстом в UTF-8 или выгрузите CSV",
            )
        ) from error
    return found


def _python(column: pa.ChunkedArray, form: Any) -> pa.ChunkedArray:
    values = [None if v is None else form(v) for v in column.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.string())])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _damaged(name: str, what: str) -> DataError:
    first = (what.splitlines() or ["?"])[0][:200]
    return DataError(
        Said(
            f"{name}: not a readable Parquet file ({first}); write or download it"
            " again",
            f"{name}: не читается как файл Parquet; выгрузите или скачайте его заново",
        )
    )
