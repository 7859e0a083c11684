"""Write tables into the case folder: whole or not at all."""

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

from salesdx.crm.progress import Progress, silent
from salesdx.crm.staging import let_go
from salesdx.errors import DataError, Said, reason_of

Writer = Callable[[BinaryIO], None]
_STEP = 1 << 16  # rows written at once
_WRITING = Said("Writing", "Записываем")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")
_BEGINS = re.compile(r"([;,\r\n])(?=[=+\-@])")  # where another sign parts the cells


def table_writer(table: pa.Table, suffix: str, progress: Progress = silent) -> Writer:
    """What writes a canonical table as a `.csv` or `.parquet` file."""

    def write(file: BinaryIO) -> None:
        if suffix == ".parquet":
            pq.write_table(table, file)
            return
        with arrow_csv.CSVWriter(file, table.schema) as writer:
            for start in range(0, max(table.num_rows, 1), _STEP):
                progress(_WRITING, start, table.num_rows)
                writer.write_table(table.slice(start, _STEP))
                let_go()

    return write


Cells = Iterable[tuple[int, str, Iterable[str | None]]]


def rejects_writer(labels: Iterable[str], rows: Callable[[], Cells]) -> Writer:
    """What writes rejected rows for a spreadsheet: row, reason, cells as they were."""

    def write(file: BinaryIO) -> None:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(["row", "reason", *map(spreadsheet_safe, labels)])
        for row, reason, cells in rows():
            writer.writerow([row, reason, *(spreadsheet_safe(c or "") for c in cells)])
        text.detach()

    return write


def spreadsheet_safe(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula.

    Not even one that parts cells by another sign than the comma, as the Russian ones
    do: there `;=` in the midst of a cell would begin the next one.
    """
    cell = _BEGINS.sub(r"\1 ", cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unwritten(path: Path | None, error: OSError) -> DataError:
    """That a file cannot be written, and what to look at."""
    what = reason_of(error, "cannot be written")
    return DataError(
        Said(
            f"{path}: {what}; check the disk and the rights",
            f"{path}: {what.ru}; проверьте диск и права доступа",
        )
    )


def write_all(files: Mapping[Path, Writer | bytes]) -> None:
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
                content = files[path]
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    content(file)
                file.flush()
                os.fsync(file.fileno())
        for aside, path in waiting:
            aside.replace(path)
        for folder in sorted({p.parent for p in files}):
            _flush_folder(folder)
    except OSError as error:
        raise unwritten(path, error) from error
    finally:  # on ctrl-C too
        for aside, _ in waiting:
            aside.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
