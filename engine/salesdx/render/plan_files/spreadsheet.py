"""XLSX: the same table with dates that are dates, ready to sort, filter and print."""

import datetime as dt
import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from salesdx.render.archive import stable
from salesdx.render.plan_files import PlanFile
from salesdx.render.plan_files.rows import COLUMNS, cells
from salesdx.render.sheet import neutral

_WIDTHS = {"summary": 40, "description": 60, "assignee": 22, "figure": 28,
           "causes": 40, "note": 30, "id": 24}  # fmt: skip
_NARROW = 14
_DAY = {"en": "d mmm yyyy", "ru": "dd.mm.yyyy"}
_WRAP = Alignment(wrap_text=True, vertical="top")


def write(plan: PlanFile) -> bytes:
    """One sheet, a row an action; no cell is a formula."""
    words, book = plan.words, Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = words.t("sheet.plan")
    book.properties.creator = "salesdx"
    for at, name in enumerate(COLUMNS, 1):
        head = sheet.cell(1, at, plan.t(f"col.{name}"))
        head.font, head.alignment = Font(bold=True), _WRAP
        width = _WIDTHS.get(name, _NARROW)
        sheet.column_dimensions[get_column_letter(at)].width = width
    for line, step in enumerate(plan.steps, 2):
        row = cells(plan, step, words)
        for at, name in enumerate(COLUMNS, 1):
            value = row.get(name)
            told = neutral(value) if isinstance(value, str) else value
            cell = sheet.cell(line, at, told)
            cell.alignment = _WRAP
            if isinstance(value, dt.date):
                cell.number_format = _DAY[plan.lang]
            elif isinstance(value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    book.save(out)
    return stable(out.getvalue(), plan.document.case.as_of)
