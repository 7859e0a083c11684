"""XLSX: the same table with dates that are dates, ready to sort, filter and print."""

import datetime as dt
import io
import math
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from salesdx.render.archive import stable
from salesdx.render.plan_files import PlanFile
from salesdx.render.plan_files.rows import COLUMNS, Cell, cells
from salesdx.render.sheet import neutral

_WIDTHS = {"summary": 30, "description": 60, "assignee": 18, "figure": 24,
           "causes": 36, "note": 30, "id": 24}  # fmt: skip
_NARROW = 12
_LINE, _TALLEST = 13.0, 400.0  # points: of a line, and of the tallest row of Excel
_PRINTED = "check"  # the last column that is printed: the rest is for sorting
_DAY = {"en": "d mmm yyyy", "ru": "dd.mm.yyyy"}
_WRAP = Alignment(wrap_text=True, vertical="top", horizontal="left")
_HEAD = Font(name="Calibri", bold=True)
_RULED = Border(bottom=Side("thin", "C5CCD6"))


def write(plan: PlanFile) -> bytes:
    """One sheet, a row an action; no cell is a formula."""
    words, book = plan.words, Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = words.t("sheet.plan")
    book.properties.creator = "salesdx"
    for at, name in enumerate(COLUMNS, 1):
        head = sheet.cell(1, at, plan.t(f"col.{name}"))
        head.font, head.alignment, head.border = (
            Font(name="Calibri", bold=True),
            _WRAP,
            _RULED,
        )
        width = _WIDTHS.get(name, _NARROW)
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.row_dimensions[1].height = 2 * _LINE + 4
    for line, step in enumerate(plan.steps, 2):
        row = cells(plan, step, words)
        # not every program measures wrapped lines by itself
        sheet.row_dimensions[line].height = _height(row)
        for at, name in enumerate(COLUMNS, 1):
            value = row.get(name)
            told = neutral(value) if isinstance(value, str) else value
            cell = sheet.cell(line, at, told)
            cell.alignment, cell.border = _WRAP, _RULED
            if isinstance(value, dt.date):
                cell.number_format = _DAY[plan.lang]
            elif isinstance(value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    last = get_column_letter(COLUMNS.index(_PRINTED) + 1)
    sheet.print_area = f"A1:{last}{len(plan.steps) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    book.save(out)
    return stable(out.getvalue(), plan.document.case.as_of)


def _height(row: Mapping[str, Cell]) -> float:
    """Room for the cell that takes most lines."""
    lines = [
        sum(math.ceil((len(part) or 1) / _WIDTHS.get(name, _NARROW) * 1.1)
            for part in value.split("\n"))
        for name, value in row.items() if isinstance(value, str)
    ]  # fmt: skip
    return min(_LINE * max(lines, default=1) + 4, _TALLEST)
