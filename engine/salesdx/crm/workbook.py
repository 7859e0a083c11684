"""The cells of an Excel or OpenDocument file, read in a child process.

An error (`#REF!`) and a formula that was never calculated come out of the reader as
blank cells; they are put back as they stand in the file, so that they are counted as
unreadable and not taken for nothing.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine

from salesdx.crm.book_archive import checked, refused
from salesdx.crm.limits import MAX_COLUMNS, MAX_ROWS
from salesdx.crm.lost_cells import lost_cells
from salesdx.crm.table_area import LOOK

EXACT = 1e15  # a spreadsheet keeps 15 digits of a number
MOST_MERGED = 100_000
Record = tuple[int, list[str]]
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Book:
    """An open workbook: its sheets, and the rows of the one that holds the table."""

    def __init__(self, raw: bytes, name: str) -> None:
        self.name = name
        self._zip = checked(raw, name) if raw.startswith(b"PK") else None
        if _ENCRYPTED in raw:
            raise calamine.PasswordError(name)
        self._book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = [
            s
            for s in self._book.sheets_metadata
            if s.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        shown = calamine.SheetVisibleEnum.Visible
        self.visible = [s.name for s in sheets if s.visible == shown]
        self.hidden = [s.name for s in sheets if s.visible != shown]

    def table(self) -> tuple[str, Iterator[Record]] | None:
        """The first visible sheet that looks like a table, else that holds anything."""
        other = None
        for name in self.visible:
            sheet = self._sheet(name)
            first = [r for r in self._records(sheet, {}, LOOK) if any(r[1])]
            if len(first) > 1 and any(sum(map(bool, r)) > 1 for _, r in first):
                return name, self._records(sheet, self._lost(name))
            other = other or (name if first else None)
        if other is None:
            return None
        return other, self._records(self._sheet(other), self._lost(other))

    def _lost(self, sheet: str) -> dict[int, dict[int, str]]:
        return lost_cells(self._zip, sheet) if self._zip else {}

    def _sheet(self, name: str) -> calamine.CalamineSheet:
        sheet = self._book.get_sheet_by_name(name)
        if sheet.width > MAX_COLUMNS or sheet.height > MAX_ROWS:
            raise refused(
                f"{self.name}: sheet {name!r} spans {sheet.height} rows x"
                f" {sheet.width} columns, at most {MAX_ROWS} x {MAX_COLUMNS} are read;"
                " export only what you need, and delete stray cells far from the table",
                f"{self.name}: лист «{name}» занимает {sheet.height} строк на"
                f" {sheet.width} колонок, а читаем не больше {MAX_ROWS} на"
                f" {MAX_COLUMNS}; выгрузите только нужное и удалите случайные ячейки"
                " далеко от таблицы",
            )
        return sheet

    def _records(
        self,
        sheet: calamine.CalamineSheet,
        lost: dict[int, dict[int, str]],
        most: int = MAX_ROWS,
    ) -> Iterator[Record]:
        """Number and cells of each row from the left edge of the used area."""
        if sheet.start is None:
            return
        left = sheet.start[1]
        merged = _Merged(sheet, left)
        for place, cells in enumerate(sheet.iter_rows()):
            if place < sheet.start[0]:
                continue
            if place >= sheet.start[0] + most:
                break
            record = [c if type(c) is str else text(c) for c in cells]
            for column, formula in lost.get(place, {}).items():
                if left <= column < left + len(record) and not record[column - left]:
                    record[column - left] = formula
            if any(record):
                merged.fill(place, record)
            yield place + 1, record


def text(cell: Any) -> str:
    """A cell as text; a long number stays in 1e+18 form: its last digits are lost."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        if abs(cell) < EXACT:
            return str(int(cell)) if cell == int(cell) else repr(cell)
        return f"{cell:.14e}" if cell == cell else ""  # not a number: nothing
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return str(cell.total_seconds())
    return str(cell)


class _Merged:
    """Cells merged downwards hold for each of their rows.

    A number counts for its first row only, unless the whole record is merged with it:
    one amount beside two deals is not an amount of both.
    """

    def __init__(self, sheet: calamine.CalamineSheet, left: int) -> None:
        ranges = (sheet.merged_cell_ranges or [])[:MOST_MERGED]
        down = [(t, b, c - left) for (t, c), (b, _) in ranges if b > t and c >= left]
        whole = {(t, b) for t, b, c in down if c == 0}
        self._by_top: dict[int, list[tuple[int, int, bool]]] = {}
        for top, bottom, column in down:
            known = (bottom, column, (top, bottom) in whole)
            self._by_top.setdefault(top, []).append(known)
        self._held: dict[int, tuple[int, str]] = {}

    def fill(self, place: int, record: list[str]) -> None:
        """Put the texts that hold for this row into its blank cells."""
        for column, (bottom, held) in list(self._held.items()):
            if place > bottom:
                del self._held[column]
            elif column < len(record) and not record[column]:
                record[column] = held
        for bottom, column, whole in self._by_top.get(place, ()):
            cell = record[column] if column < len(record) else ""
            if cell and (whole or not _is_number(cell)):
                self._held[column] = (bottom, cell)


def _is_number(text: str) -> bool:
    try:
        float(re.sub(r"\s", "", text).replace(",", "."))
    except ValueError:
        return False
    return True
