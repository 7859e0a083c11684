"""Excel files, and the HTML tables that some CRMs call .xls, to rows of text."""

import datetime as dt
import io
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine as calamine

from salesdx.crm.decoding import decode
from salesdx.crm.rows import MAX_COLUMNS, MAX_ROWS, Rows, from_columns, from_records
from salesdx.errors import DataError, Said

MAX_UNPACKED = 200_000_000
MAX_RATIO = 100
MAX_ENTRIES = 1_000
_EXACT = 1e15  # a spreadsheet keeps 15 digits of a number


def read_excel(path: Path) -> Rows:
    """Read the first visible sheet that holds rows (.xlsx, .xlsb, .ods, old .xls).

    Raises:
        DataError: damaged, protected by a password, or a zip bomb.
    """
    raw = path.read_bytes()
    if raw.startswith(b"PK"):
        _refuse_bomb(raw, path.name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        visible = [
            s.name
            for s in book.sheets_metadata
            if s.visible == calamine.SheetVisibleEnum.Visible
        ]
        for place, sheet_name in enumerate(visible):
            sheet = book.get_sheet_by_name(sheet_name)
            if sheet.width > MAX_COLUMNS or sheet.height > MAX_ROWS:
                raise DataError(
                    Said(
                        f"{path.name}: sheet {sheet_name!r} is larger than {MAX_ROWS}"
                        f" rows x {MAX_COLUMNS} columns; export only what you need",
                        f"{path.name}: лист «{sheet_name}» больше {MAX_ROWS} строк на"
                        f" {MAX_COLUMNS} колонок; выгрузите только нужное",
                    )
                )
            start = sheet.start[0] if sheet.start else 0
            records = sheet.to_python(skip_empty_area=True)
            if any(cell != "" for record in records for cell in record):
                others = visible[place + 1 :]
                return _rows(path.name, records, start, others)
    except calamine.PasswordError as error:
        raise DataError(
            Said(
                f"{path.name}: protected by a password; save it without one",
                f"{path.name}: файл под паролем; сохраните его без пароля",
            )
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise DataError(
            Said(
                f"{path.name}: not a readable Excel file ({error}); save it again as"
                " CSV",
                f"{path.name}: не читается как файл Excel; сохраните его заново в CSV",
            )
        ) from error
    return from_columns(path.name, [], [], np.empty(0, np.int64))


def _rows(name: str, records: list[list[Any]], start: int, others: list[str]) -> Rows:
    kept = [
        ([_text(c) for c in record], start + i + 1)
        for i, record in enumerate(records)
        if any(c != "" for c in record)
    ]
    return from_records(name, [r for r, _ in kept], [n for _, n in kept], others)


def _text(cell: Any) -> str | None:
    """A cell as text; a long number stays in 1e+18 form: its last digits are lost."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        whole = cell == int(cell) if abs(cell) < _EXACT else False
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return str(cell.total_seconds())
    return str(cell) or None


def _refuse_bomb(raw: bytes, name: str) -> None:
    """Look at the zip directory, then unpack once to check that it does not lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            unpacked = sum(e.file_size for e in entries)
            ratio = max(
                (e.file_size / max(e.compress_size, 1) for e in entries), default=0
            )
            large = unpacked > 1_000_000 and ratio > MAX_RATIO
            if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or large:
                raise DataError(
                    Said(
                        f"{name}: unpacks to {unpacked // 1_000_000} MB in"
                        f" {len(entries)} parts, more than a table needs; save it as"
                        " CSV",
                        f"{name}: после распаковки {unpacked // 1_000_000} МБ, частей"
                        f" {len(entries)} — для таблицы слишком много; сохраните её в"
                        " CSV",
                    )
                )
            damaged = archive.testzip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DataError(
            Said(
                f"{name}: a damaged Excel file; save it again",
                f"{name}: файл Excel повреждён; сохраните его заново",
            )
        ) from error
    if damaged:
        raise DataError(
            Said(
                f"{name}: a damaged Excel file ({damaged}); save it again",
                f"{name}: файл Excel повреждён ({damaged}); сохраните его заново",
            )
        )


class _Tables(HTMLParser):
    """Collects the cells of every table; nested tables count as their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._close()
            self._open[-1].append([])
        elif tag in {"td", "th"} and self._open and self._open[-1]:
            self._close()
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), MAX_COLUMNS) if span.isdigit() else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._close()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is not None and self._open and self._open[-1]:
            text = "".join(self._cell).strip()
            self._open[-1][-1].extend([text, *[""] * (self._span - 1)])
        self._cell, self._span = None, 1


def read_html(path: Path) -> Rows:
    """Read the largest table of an HTML file (Bitrix24 names it .xls).

    Raises:
        DataError: no table inside, or too wide.
    """
    text, _ = decode(path.read_bytes(), path.name)
    parser = _Tables()
    parser.feed(text)
    parser.close()
    tables = [[row for row in table if any(row)] for table in parser.tables]
    table = max(tables, key=len, default=[])
    if not table:
        raise DataError(
            Said(
                f"{path.name}: a web page without a table; export it as CSV",
                f"{path.name}: это веб-страница без таблицы; выгрузите данные в CSV",
            )
        )
    if max(map(len, table)) > MAX_COLUMNS:
        raise DataError(
            Said(
                f"{path.name}: more than {MAX_COLUMNS} columns",
                f"{path.name}: больше {MAX_COLUMNS} колонок",
            )
        )
    return from_records(path.name, table, range(1, len(table) + 1))
