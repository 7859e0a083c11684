"""Any file to rows of text: what it is, its first bytes say, not its name."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from salesdx.crm.delimited import read_csv
from salesdx.crm.file_kinds import HEAD, UTF_32, Kind, kind_of
from salesdx.crm.json_dumps import read_json
from salesdx.crm.limits import MAX_BYTES
from salesdx.crm.parquet_files import read_parquet
from salesdx.crm.progress import Progress, silent
from salesdx.crm.rows import Rows, from_columns
from salesdx.crm.spreadsheets import read_excel, read_html
from salesdx.errors import DataError, Said, reason_of

_READERS: dict[Kind, Callable[[Path], Rows]] = {
    "book": read_excel, "page": read_html, "json": read_json,
}  # fmt: skip
_LARGE: dict[Kind, Callable[[Path, Progress], Rows]] = {
    "parquet": read_parquet, "text": read_csv,
}  # fmt: skip
_LONG = 400
_BLANK = b" \t\r\n\x0b\x0c"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MARKS = (b"\xef\xbb\xbf", *_WIDE_MARKS)


def read_rows(path: Path, progress: Progress = silent, most: int = MAX_BYTES) -> Rows:
    """Read a CSV, Excel, HTML-table, JSON or Parquet file as rows of text.

    An empty file gives `Rows` without columns; that is not an error.

    Args:
        path: the file.
        progress: told how much of a large file is read.
        most: bytes that the file may have.

    Raises:
        DataError: missing, unreadable, too large, of a kind we do not know, or
            changing while it is read.
    """
    try:
        before = path.stat()
        _refuse_special(path, before)
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > most:
                raise _too_large(path, most)
            head = _head(file, path)
        if not head:
            return from_columns(path.name, [], [], np.empty(0, np.int64))
        kind = kind_of(head, path.name)
        large = _LARGE.get(kind)
        rows = large(path, progress) if large else _READERS[kind](path)
        after = path.stat()
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise _changing(path)
    except OSError as error:
        what, where = reason_of(error), _shown(path)
        raise DataError(
            Said(
                f"{where}: {what}; check the path and the rights",
                f"{where}: {what.ru}; проверьте путь и права доступа",
            )
        ) from error
    return rows


def _refuse_special(path: Path, found: os.stat_result) -> None:
    if not _is_unicode(path.name):
        raise DataError(
            Said(
                f"{path}: the name of the file is not Unicode; rename it",
                f"{path}: имя файла записано не в Юникоде; переименуйте файл",
            )
        )
    if stat.S_ISDIR(found.st_mode):
        raise DataError(
            Said(
                f"{path}: a folder, expected a file; name the files inside",
                f"{path}: это папка, а нужен файл; назовите файлы, которые в ней",
            )
        )
    if not stat.S_ISREG(found.st_mode):
        raise DataError(
            Said(
                f"{path}: a pipe or a device, expected a file; save the data to a file"
                " first",
                f"{path}: это канал или устройство, а нужен файл; сначала сохраните"
                " данные в файл",
            )
        )


def _shown(path: Path) -> str:
    text = str(path)
    return text if len(text) <= _LONG else f"{text[:100]}…{text[-100:]}"


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _head(file: BinaryIO, path: Path) -> bytes:
    """The first bytes after blank lines, with the mark of UTF-16; empty if none."""
    while block := file.read(HEAD):
        if block.startswith(UTF_32):
            return block
        mark = next((m for m in _MARKS if block.startswith(m)), b"")
        blank = _BLANK + b"\x00" if mark in _WIDE_MARKS else _BLANK
        rest = block[len(mark) :].lstrip(blank)
        if not rest:
            continue
        if rest.startswith(b"\x00") and not rest.strip(b"\x00"):
            raise DataError(
                Said(
                    f"{path.name}: holds NUL bytes, not text: the download or the copy"
                    " broke off; fetch the file again",
                    f"{path.name}: в файле нулевые байты вместо текста: скачивание или"
                    " копирование оборвалось; получите файл заново",
                )
            )
        return (mark if mark in _WIDE_MARKS else b"") + rest + file.read(HEAD)
    return b""


def _too_large(path: Path, most: int) -> DataError:
    limit = most // 1_000_000_000
    return DataError(
        Said(
            f"{path.name}: larger than {limit} GB; split it or use Parquet",
            f"{path.name}: больше {limit} ГБ; разделите файл или сохраните в Parquet",
        )
    )


def _changing(path: Path) -> DataError:
    return DataError(
        Said(
            f"{path.name}: the file changed while it was read; wait until the export"
            " is complete and try again",
            f"{path.name}: файл менялся, пока мы его читали; дождитесь конца выгрузки и"
            " повторите",
        )
    )
