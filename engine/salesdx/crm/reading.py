"""Any file to rows of text: what it is, its first bytes say, not its name."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salesdx.crm.delimited import read_csv
from salesdx.crm.json_dumps import read_json
from salesdx.crm.progress import READING, Progress, silent
from salesdx.crm.rows import MAX_COLUMNS, MAX_ROWS, Rows, from_columns, tidy_table
from salesdx.crm.spreadsheets import read_excel, read_html
from salesdx.errors import DataError, Said, reason_of

MAX_BYTES = 1_000_000_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_EXACT = 1e15
_STEP = 1 << 16  # rows of a Parquet file read at once


def read_rows(path: Path, progress: Progress = silent, most: int = MAX_BYTES) -> Rows:
    """Read a CSV, Excel, HTML-table, JSON or Parquet file as rows of text.

    An empty file gives `Rows` without columns; that is not an error.

    Args:
        path: the file.
        progress: told how much of a large file is read.
        most: bytes that the file may have.

    Raises:
        DataError: missing, unreadable, too large, or of a kind we do not know.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise DataError(
                Said(
                    f"{path}: a folder, expected a file",
                    f"{path}: это папка, а нужен файл",
                )
            )
        if size > most:
            limit = most // 1_000_000_000
            raise DataError(
                Said(
                    f"{path.name}: larger than {limit} GB; split it or use Parquet",
                    f"{path.name}: больше {limit} ГБ; разделите файл или сохраните в"
                    " Parquet",
                )
            )
        with path.open("rb") as file:
            head = file.read(512)
        return _read(path, head, progress)
    except OSError as error:
        what = reason_of(error)
        raise DataError(
            Said(
                f"{path}: {what}; check the path and the rights",
                f"{path}: {what.ru}; проверьте путь и права доступа",
            )
        ) from error


def _read(path: Path, head: bytes, progress: Progress) -> Rows:
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return from_columns(path.name, [], [], np.empty(0, np.int64))
    if head.startswith(b"PAR1"):
        return _read_parquet(path, progress)
    if head.startswith((b"PK", _OLD_EXCEL)):
        return read_excel(path)
    if head.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"<"):
        return read_html(path)
    if head.lstrip(b" \t\r\n\xef\xbb\xbf").startswith((b"{", b"[")):
        return read_json(path)
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        raise DataError(
            Said(
                f"{path.name}: not a table; export it as CSV or XLSX",
                f"{path.name}: это не таблица; выгрузите её в CSV или XLSX",
            )
        )
    return read_csv(path, progress)


def _read_parquet(path: Path, progress: Progress) -> Rows:
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
            if rows > MAX_ROWS or len(schema) > MAX_COLUMNS:
                raise DataError(
                    Said(
                        f"{path.name}: {rows} rows x {len(schema)} columns, at most"
                        f" {MAX_ROWS} x {MAX_COLUMNS} are read; split it",
                        f"{path.name}: {rows} строк на {len(schema)} колонок, а читаем"
                        f" не больше {MAX_ROWS} на {MAX_COLUMNS}; разделите файл",
                    )
                )
            labels: Sequence[str] = [str(n) for n in schema.names]
            batches = _told(file.iter_batches(_STEP), rows, progress)
            columns = (list(map(as_text, batch.columns)) for batch in batches)
            table, labels, kept = tidy_table(labels, columns)
            numbers = np.arange(2, rows + 2, dtype=np.int64)[kept]
            return Rows(path.name, table, numbers, tuple(w.strip() for w in labels))
    except pa.ArrowException as error:
        what = str(error).splitlines()[0]
        raise DataError(
            Said(
                f"{path.name}: not a readable Parquet file ({what})",
                f"{path.name}: не читается как файл Parquet; выгрузите его заново",
            )
        ) from error


def _told(
    batches: Iterable[pa.RecordBatch], rows: int, progress: Progress
) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        progress(READING, done, rows)
        yield batch
        done += batch.num_rows


def as_text(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as text; whole floats without a point, but never a long id by float."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind))
        whole = pc.and_(
            pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), _EXACT)
        )
        safe = pc.if_else(whole, column, pa.scalar(0, kind)).cast(pa.int64())
        text = pc.if_else(whole, safe.cast(pa.string()), column.cast(pa.string()))
        return pc.if_else(pc.is_null(column), pa.scalar(None, pa.string()), text)
    if pa.types.is_nested(kind):
        texts = [None if v is None else str(v) for v in column.to_pylist()]
        found = pa.array(texts, pa.string())
        return found if isinstance(column, pa.Array) else pa.chunked_array([found])
    return column.cast(pa.string())
