"""XLSX: plan, causes, losses and figures to work on; numbers stay numbers."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from salesdx.render.archive import stable
from salesdx.render.edition import Edition
from salesdx.render.page_one import doer, due
from salesdx.render.since_sheet import sheet as since_sheet
from salesdx.render.words import Words
from salesdx.result import PlanAction, ResultDocument

Cell = str | int | float | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_LONGEST = 32_000  # a cell of Excel ends at 32,767 characters


def write(edition: Edition) -> bytes:
    """Four sheets, five with an older result; their texts can never run as formulas."""
    document, words = edition.document, edition.words
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    book.properties.creator = "salesdx"
    for name, heads, rows in (
        _plan(document, words),
        _causes(document, words),
        _losses(document, words),
        _metrics(document, words),
        *([since_sheet(words, edition.since)] if edition.since else []),
    ):
        _sheet(book, words.t(f"sheet.{name}"), [words.t(h) for h in heads], rows)
    out = io.BytesIO()
    book.save(out)
    return stable(out.getvalue(), document.case.as_of)


def neutral(value: Cell) -> Cell:
    """The text with a leading quote if a spreadsheet would run it as a formula."""
    if not isinstance(value, str):
        return value
    value = value[:_LONGEST]
    return f"'{value}" if value.startswith(_FORMULA) else value


_Sheet = tuple[str, list[str], list[list[Cell]]]


def _sheet(book: Any, title: str, heads: list[str], rows: list[list[Cell]]) -> None:
    sheet = book.create_sheet(title)
    # alignment is set cell by cell, which is slow: only where lines are long
    wrap = len(rows) <= 200
    # cell by cell: `sheet[row]` measures the whole sheet anew for every row
    for i, head in enumerate(heads, 1):
        cell = sheet.cell(1, i, head)
        cell.font, cell.alignment = _BOLD, _WRAP
    for number, row in enumerate(rows, 2):
        for i, value in enumerate(row, 1):
            cell = sheet.cell(number, i, neutral(value))
            if isinstance(cell.value, str):
                cell.data_type = "s"
            if wrap:
                cell.alignment = _WRAP
    for i, head in enumerate(heads):
        longest = max([len(head), *(len(str(r[i] or "")) for r in rows[:200])])
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(
            max(10, longest + 2), 48
        )
    sheet.freeze_panes = "A2"


def _plan(document: ResultDocument, words: Words) -> _Sheet:
    heads = ["col.action", "col.owner", "col.horizon", "col.start", "col.end",
             "col.steps", "col.figure", "col.now", "col.target", "col.check",
             "action.closes", "col.id"]  # fmt: skip
    return "plan", heads, [_action(a, words) for a in document.plan]


def _action(action: PlanAction, words: Words) -> list[Cell]:
    steps = "\n".join(f"{i + 1}. {words.text(s)}" for i, s in enumerate(action.steps))
    kpi = action.kpi
    figure: list[Cell] = [None, None, None, None]
    if kpi:
        figure = [words.text(kpi.title), kpi.now, kpi.target, words.day(kpi.check_day)]
    return [
        words.text(action.title), doer(action, words), action.horizon,
        words.day(action.start_day),
        due(action, words) or words.day(action.start_day + action.days),
        steps, *figure, "; ".join(words.title(c) for c in action.causes), action.id,
    ]  # fmt: skip


def _causes(document: ResultDocument, words: Words) -> _Sheet:
    heads = ["col.cause", "col.slice", "col.verdict", "col.weight", "col.low",
             "col.expected", "col.high", "col.id"]  # fmt: skip
    rows: list[list[Cell]] = []
    for c in document.causes:
        money = c.money
        sums: list[Cell] = [None] * 3
        if money:
            sums = [money.low, money.expected, money.high]
        verdict = words.t(f"verdict.{c.verdict}")
        row: list[Cell] = [words.text(c.title), words.where(c.slice), verdict, c.points]
        rows.append([*row, *sums, c.id])
    return "causes", heads, rows


def _losses(document: ResultDocument, words: Words) -> _Sheet:
    heads = ["col.slice", "col.what", "col.fact", "col.norm", "col.n", "col.state",
             "col.low", "col.expected", "col.high", "col.below", "col.reached",
             "col.area", "col.id"]  # fmt: skip
    rows: list[list[Cell]] = []
    for x in document.losses:
        sums: list[Cell] = [None] * 3
        if x.money:
            sums = [x.money.low, x.money.expected, x.money.high]
        rows.append([words.where(x.slice), words.text(x.title), x.actual, x.norm, x.n,
                     words.t(f"state.{x.state}"), *sums,
                     words.t("yes") if x.below_average else "",
                     "; ".join(words.slice_name(w) for w in x.reached_by),
                     words.text(x.area_title) if x.area_title else "",
                     x.id])  # fmt: skip
    return "losses", heads, rows


def _metrics(document: ResultDocument, words: Words) -> _Sheet:
    heads = ["col.figure", "col.slice", "col.period", "col.value", "col.unit",
             "col.low", "col.high", "col.n", "col.state", "col.reason",
             "col.id"]  # fmt: skip
    rows: list[list[Cell]] = []
    for m in document.metrics:
        low, high = m.interval or (None, None)
        rows.append([
            words.text(m.title), words.where(m.slice), m.period, m.value,
            words.t.code("unit", m.unit), low, high, m.n,
            words.t.code("metric", m.state), words.text(m.reason) if m.reason else "",
            m.id,
        ])  # fmt: skip
    return "metrics", heads, rows
