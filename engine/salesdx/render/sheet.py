"""XLSX: a workbook to go on working in; numbers stay numbers, dates stay dates."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from salesdx.render.edition import Edition
from salesdx.render.office import paint
from salesdx.render.sheet_book import Book, neutral, tall
from salesdx.render.sheet_formats import Amount, Cell
from salesdx.render.sheet_front import maps, summary
from salesdx.render.sheet_pages import (
    Page,
    causes,
    evidence,
    losses,
    metrics,
    plan,
    steps,
    unseen,
)
from salesdx.render.since_sheet import changes
from salesdx.render.words import Words
from salesdx.result import ResultDocument

__all__ = ["neutral", "write"]

Maker = Callable[[ResultDocument, Words], Page]
_PLAIN = 1_000  # longer sheets are figures: their rows are one line high
_PRINTED = 10  # last column of the plan on paper
_EMPTY_ROWS = 30  # below the plan, for actions of their own


def write(edition: Edition) -> bytes:
    """Page one in short, the plan, the maps, then everything that they are made of."""
    document, words, report = edition.document, edition.words, edition.report
    book = Book(
        edition.lang, words.currency, document.case.as_of,
        paint(edition.look, edition.lang), words.t,
    )  # fmt: skip
    book.named(f"{report.company} · {report.kicker}")
    makers: list[Maker] = [losses, causes]
    if edition.audience == "consultant":
        makers.append(evidence)
    first = [plan(document, words), steps(document, words)]
    pages = [make(document, words) for make in (*makers, metrics, unseen)]
    if edition.since:
        pages.append(changes(words, edition.since))
    names = [*(p.name for p in first), "map", *(p.name for p in pages)]
    summary(book, report, names)
    for page in first:
        place(book, page)
    maps(book, words, [p.heat for p in edition.pictures if p.heat])
    for page in pages:
        place(book, page)
    return book.close()


def place(book: Book, page: Page) -> None:
    """A table that can be filtered, its head in sight and on every printed page."""
    sheet, rows = book.sheet(page.name), page.rows
    wrap, widths = len(rows) <= _PLAIN, [h.width for h in page.heads]
    plain, whole = book.text(wrap=wrap), book.text(wrap=False)
    sheet.set_row(0, tall([book.t(h.key) for h in page.heads], widths))
    for i, head in enumerate(page.heads):
        book.put(sheet, 0, i, book.t(head.key), book.head())
        sheet.set_column(i, i, head.width, whole if head.whole else plain)
    for at, row in enumerate(rows, 1):
        if wrap:
            shown = [
                None if h.whole else c for h, c in zip(page.heads, row, strict=True)
            ]
            sheet.set_row(at, tall(shown, widths))
        for i, cell in enumerate(row):
            if cell is not None:
                words = whole if page.heads[i].whole else plain
                book.put(sheet, at, i, cell, _dress(book, cell, words))
    last = len(page.heads) - 1
    sheet.autofilter(0, 0, max(len(rows), 1), last)
    sheet.freeze_panes(1, page.fixed)
    sheet.repeat_rows(0)
    for column, words in page.choices.items():
        _choose(book, sheet, column, words, len(rows))
    if page.name == "plan":
        _plan(book, sheet, page)


def _dress(book: Book, cell: Cell, plain: Any) -> Any:
    if isinstance(cell, Amount):
        return book.amount(cell)
    if isinstance(cell, int | float):
        return book.amount(Amount(cell, "count"))
    return book.day if isinstance(cell, dt.date) else plain


def _choose(book: Book, sheet: Any, column: int, words: list[str], rows: int) -> None:
    """A list to choose from; another word is taken after a warning."""
    sheet.data_validation(1, column, rows + _EMPTY_ROWS, column, {
        "validate": "list", "source": words, "error_type": "warning",
        "error_title": book.t("col.state"), "error_message": book.t("sheet.choose"),
    })  # fmt: skip


def _plan(book: Book, sheet: Any, page: Page) -> None:
    """Dates below the plan, too; what is done steps back, what is late stands out."""
    last = len(page.rows) + _EMPTY_ROWS
    for column in (2, 3, 5, 9):
        sheet.set_column(column, column, page.heads[column].width, book.day)
    done, dropped = (book.t(f"sheet.state.{s}") for s in ("done", "dropped"))
    over = f'OR($E2="{done}",$E2="{dropped}")'
    late = f"=AND(ISNUMBER($D2),$D2<TODAY(),NOT({over}))"
    rules = [
        (0, len(page.heads) - 1, f"={over}", {"font_color": "#8A93A3"}),
        (3, 3, late, {"font_color": book.paint.warn, "bold": True}),
    ]
    for first, end, rule, look in rules:
        sheet.conditional_format(1, first, last, end, {
            "type": "formula", "criteria": rule, "format": book.book.add_format(look),
        })  # fmt: skip
    # on paper as far as the note: how it is done stands in the report
    sheet.print_area(0, 0, max(len(page.rows), 1), _PRINTED)
