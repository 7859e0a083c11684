"""CSV: what trackers import and spreadsheets open, in UTF-8 with a mark."""

import csv
import datetime as dt
import io

from salesdx.crm.writing import spreadsheet_safe
from salesdx.render.plan_files import PlanFile
from salesdx.render.plan_files.rows import COLUMNS, Cell, cells

# Excel parts cells by the list separator of its country, Jira by commas
DELIMITERS = {"en": ",", "ru": ";"}


def write(plan: PlanFile) -> bytes:
    """A row an action; dates are ISO, and no cell is a formula."""
    words, out = plan.words, io.StringIO(newline="")
    writer = csv.writer(out, delimiter=DELIMITERS[plan.lang])
    writer.writerow([plan.t(f"col.{name}") for name in COLUMNS])
    for step in plan.steps:
        row = cells(plan, step, words)
        writer.writerow([_text(row.get(name, "")) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(spreadsheet_safe(cell))
