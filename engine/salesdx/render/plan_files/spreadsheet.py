"""XLSX: the same table with dates that are dates, ready to sort, filter and print."""

import datetime as dt

from salesdx.render.plan_files import PlanFile
from salesdx.render.plan_files.rows import COLUMNS, cells
from salesdx.render.sheet_book import Book, tall

_WIDTHS = {"summary": 30, "description": 60, "assignee": 18, "figure": 24,
           "causes": 36, "note": 30, "id": 24}  # fmt: skip
_NARROW = 12
_PRINTED = COLUMNS.index("check")  # the last column on paper: the rest is for sorting


def write(plan: PlanFile) -> bytes:
    """One sheet, a row an action; no cell is a formula."""
    words, case = plan.words, plan.document.case
    book = Book(plan.lang, words.currency, case.as_of)
    book.named(plan.t("calendar", company=case.name))
    sheet = book.sheet("plan")
    widths = [_WIDTHS.get(name, _NARROW) for name in COLUMNS]
    heads = [plan.t(f"col.{name}") for name in COLUMNS]
    sheet.set_row(0, tall(heads, widths))
    for i, (head, width) in enumerate(zip(heads, widths, strict=True)):
        book.put(sheet, 0, i, head, book.head())
        sheet.set_column(i, i, width, book.text())
    for at, step in enumerate(plan.steps, 1):
        row = cells(plan, step, words)
        shown = [row.get(name) for name in COLUMNS]
        sheet.set_row(at, tall(shown, widths))
        for i, cell in enumerate(shown):
            dress = book.day if isinstance(cell, dt.date) else book.text()
            book.put(sheet, at, i, cell, dress)
    last = max(len(plan.steps), 1)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last, _PRINTED)
    return book.close()
