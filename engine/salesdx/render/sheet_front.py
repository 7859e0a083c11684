"""The first sheet of the workbook, page one in short, and the sheet of the maps."""

from typing import Any

from salesdx.render.heat import SIGNS
from salesdx.render.report import Heat, Item, Mark, Report
from salesdx.render.sheet_book import Book, tall
from salesdx.render.sheet_formats import Amount
from salesdx.render.words import Words

_WIDE = 16.0  # of a column of a map, in characters
_FIRST = 40.0
_WIDTHS = (30.0, 24.0, 62.0)  # of the summary


def summary(book: Book, report: Report, names: list[str]) -> None:
    """The answer, then what is on the other sheets."""
    sheet, one, t = book.sheet("summary", landscape=False), report.page_one, book.t
    for i, width in enumerate(_WIDTHS):
        sheet.set_column(i, i, width, book.text())
    title = book.text(bold=True, size=18, wrap=False)
    book.put(sheet, 0, 0, report.company, title)
    about = " · ".join([report.kicker, *report.meta])
    book.put(sheet, 1, 0, about, book.text(mute=True, wrap=False))
    sheet.set_row(0, 28)
    sheet.merge_range(3, 0, 3, 2, "", book.text(size=12))
    book.put(sheet, 3, 0, one.verdict, book.text(size=12))
    sheet.set_row(3, 1.2 * tall([one.verdict], [0.85 * sum(_WIDTHS)]))
    at = 5
    for key in one.keys:
        book.line(sheet, at, [key.label, key.value, key.note], _WIDTHS, 1)
        at += 1
    groups = [(one.findings_title, one.findings), (one.actions_title, one.actions)]
    for title, items in groups:
        if items:
            at = _items(book, sheet, at + 1, title, items)
    if one.enough:
        at = _titled(book, sheet, at + 1, one.enough_title)
        for text in one.enough:
            book.put(sheet, at, 0, text, book.text(wrap=False))
            at += 1
    at = _titled(book, sheet, at + 1, t("sheet.contents"))
    for name in names:
        told = [t(f"sheet.{name}"), t(f"sheet.about.{name}")]
        for i, text in enumerate(told):
            book.put(sheet, at, i, text, book.text(bold=not i, wrap=False))
        at += 1
    sheet.merge_range(at + 1, 0, at + 1, 2, "", book.text(mute=True))
    book.put(sheet, at + 1, 0, one.foot, book.text(mute=True))
    sheet.set_row(at + 1, tall([one.foot], [sum(_WIDTHS)]))


def _titled(book: Book, sheet: Any, at: int, title: str) -> int:
    book.put(sheet, at, 0, title, book.text(bold=True, size=12, wrap=False))
    return at + 1


def _items(book: Book, sheet: Any, at: int, title: str, items: list[Item]) -> int:
    at = _titled(book, sheet, at, title)
    for i, item in enumerate(items, 1):
        book.line(sheet, at, [f"{i}. {item.title}", item.meta, item.text], _WIDTHS, 0)
        at += 1
    return at


def maps(book: Book, words: Words, heats: list[Heat]) -> None:
    """All maps in full: the state is a fill and a sign, the money stays a number."""
    sheet = book.sheet("map")
    sheet.set_column(0, 0, _FIRST, book.text())
    sheet.set_column(1, max((len(h.columns) for h in heats), default=1), _WIDE)
    book.put(sheet, 0, 0, words.t("map.title"), book.text(bold=True, size=14))
    book.put(sheet, 1, 0, words.t("map.lead"), book.text(mute=True, wrap=False))
    at = 3
    for heat in heats:
        at = _map(book, sheet, at, heat)
    if not heats:
        book.put(sheet, at, 0, words.t("map.nothing"), book.text(wrap=False))


def _map(book: Book, sheet: Any, at: int, heat: Heat) -> int:
    book.put(sheet, at, 0, heat.title, book.text(bold=True, size=12, wrap=False))
    book.put(sheet, at + 1, 0, heat.legend, book.text(mute=True, wrap=False))
    for i, name in enumerate([heat.head, *heat.columns]):
        book.put(sheet, at + 2, i, name, book.head())
    sheet.set_row(at + 2, tall(heat.columns, [_WIDE] * len(heat.columns)))
    for down, (name, marks) in enumerate(heat.rows, at + 3):
        sheet.set_row(down, tall([name], [_FIRST]))
        book.put(sheet, down, 0, name, book.text())
        for across, mark in enumerate(marks, 1):
            _mark(book, sheet, (down, across), mark)
    return at + 5 + len(heat.rows)


def _mark(book: Book, sheet: Any, place: tuple[int, int], mark: Mark | None) -> None:
    if mark is None:
        return
    sign = {str(k): v for k, v in SIGNS.items()}.get(mark.state, "")
    if mark.money is None or mark.state == "noise":
        book.put(sheet, *place, mark.text, book.ground(mark.state))
        return
    amount = Amount(mark.money, "money", sign)
    book.put(sheet, *place, amount, book.ground(mark.state, amount))
