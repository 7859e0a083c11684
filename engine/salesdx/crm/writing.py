"""Write tables into the case folder: whole or not at all."""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

from salesdx.errors import DataError, Said, reason_of

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")


def table_bytes(table: pa.Table, suffix: str) -> bytes:
    """A canonical table as the bytes of a `.csv` or `.parquet` file."""
    sink = io.BytesIO()
    if suffix == ".parquet":
        pq.write_table(table, sink)
    else:
        arrow_csv.write_csv(table, sink)
    return sink.getvalue()


def rejects_bytes(
    labels: Iterable[str], rows: Iterable[tuple[int, str, Iterable[str | None]]]
) -> bytes:
    """Rejected rows as CSV for a spreadsheet: row, reason, the cells as they were."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["row", "reason", *map(spreadsheet_safe, labels)])
    for row, reason, cells in rows:
        writer.writerow([row, reason, *(spreadsheet_safe(c or "") for c in cells)])
    return text.getvalue().encode("utf-8-sig")


def spreadsheet_safe(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write files aside, flush them to disk, then rename: no half file ever.

    Raises:
        DataError: a file cannot be written; nothing has been replaced then, unless
            the disk failed between two renames.
    """
    waiting: list[tuple[Path, Path]] = []
    path = None
    try:
        for path in sorted(files):
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            waiting.append((aside, path))
            with aside.open("wb") as file:
                file.write(files[path])
                file.flush()
                os.fsync(file.fileno())
        for aside, path in waiting:
            aside.replace(path)
        for folder in sorted({p.parent for p in files}):
            _flush_folder(folder)
    except OSError as error:
        for aside, _ in waiting:
            aside.unlink(missing_ok=True)
        what = reason_of(error, "cannot be written")
        raise DataError(
            Said(
                f"{path}: {what}; check the disk and the rights",
                f"{path}: {what.ru}; проверьте диск и права доступа",
            )
        ) from error


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
