"""The workbook behind the sheets: formats made once, texts that never run."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from xlsxwriter import Workbook

from salesdx.language import Language
from salesdx.render.sheet_formats import (
    Amount,
    Cell,
    date_format,
    number_format,
    stored,
)
from salesdx.render.texts import Labels

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_LONGEST = 32_000  # a cell of Excel ends at 32,767 characters
_SIZE = 10


@dataclass(frozen=True, slots=True)
class Paint:
    """The font and the colours of the book; `house` is printed on top of each page."""

    font: str = "Arial"
    mute: str = "#5B6475"
    head: str = "#EEF1F5"
    head_ink: str = ""
    rule: str = "#C5CCD6"
    warn: str = "#A8402C"
    soft: str = "#F3F6F9"
    house: str = ""

    def ground(self, state: str) -> dict[str, Any]:
        """A cell of a map in its state."""
        grounds: dict[str, dict[str, Any]] = {
            "confirmed": {"bg_color": self.warn, "font_color": "#FFFFFF", "bold": True},
            # stripes are a shape, too: they stay in grey and in print
            "suspected": {"pattern": 14, "fg_color": self.rule, "bg_color": "#FFFFFF",
                          "bold": True},
            "noise": {"bg_color": self.soft, "font_color": self.mute},
            "insufficient": {"font_color": self.mute},
        }  # fmt: skip
        return grounds.get(state, {})


PLAIN_PAINT = Paint()


def neutral(value: Cell) -> Cell:
    """The text with a leading quote if a spreadsheet would run it as a formula."""
    if not isinstance(value, str):
        return value
    value = value[:_LONGEST]
    return f"'{value}" if value.startswith(_FORMULA) else value


def tall(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    """The height of a row in points: not every program measures wrapped words."""
    lines = 1
    for cell, width in zip(cells, widths, strict=False):
        if isinstance(cell, str) and len(cell) > width * 0.9:
            need = sum(ceil((len(x) + 1) / (width * 0.92)) for x in cell.split("\n"))
            lines = max(lines, need)
    return min(13.0 * lines + 3, 400.0)


class Book:
    """A workbook in one language and currency; its dates are the day of the case."""

    def __init__(
        self, lang: Language, currency: str, day: str | None,
        paint: Paint = PLAIN_PAINT, labels: Labels | None = None,
    ) -> None:  # fmt: skip
        self.lang, self.currency, self.t = lang, currency, labels or Labels(lang)
        self.paint = paint
        self.out = io.BytesIO()
        # in memory: no file of the machine is touched, and its zip bears no times
        self.book = Workbook(self.out, {"in_memory": True})
        self.book.formats[0].set_font_name(paint.font)
        self.book.formats[0].set_font_size(_SIZE)
        self._made: dict[Any, Any] = {}
        self._amounts: dict[tuple[str, str, bool], Any] = {}
        self.day = self.dress(num_format=date_format(lang), align="center")
        self._day = dt.datetime.fromisoformat(day or "1980-01-01")

    def named(self, title: str) -> None:
        """The properties: the title and the day, nobody's name."""
        self.book.set_properties({"title": title[:250], "created": self._day})

    def sheet(self, name: str, landscape: bool = True) -> Any:
        """A sheet that prints on A4, one page wide, with its name and page below."""
        sheet = self.book.add_worksheet(self.t(f"sheet.{name}"))
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        of = self.t("page.of")
        sheet.set_footer(f"&L&A&R{self.t('page')} &P {of} &N")
        if self.paint.house:  # a single & would begin a code
            sheet.set_header(f"&R{self.paint.house.replace('&', '&&')}")
        sheet.hide_gridlines(2)
        return sheet

    def close(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self.out.getvalue()

    def dress(self, **look: Any) -> Any:
        """A format of the workbook; the same look is made once."""
        key = tuple(look.items())
        found = self._made.get(key)
        if found is None:
            base = {"font_name": self.paint.font, "font_size": _SIZE, "valign": "top"}
            found = self._made[key] = self.book.add_format(base | look)
        return found

    def text(
        self, bold: bool = False, size: int = _SIZE, mute: bool = False,
        wrap: bool = True,
    ) -> Any:  # fmt: skip
        """Plain words."""
        look: dict[str, Any] = {"bold": bold, "font_size": size, "text_wrap": wrap}
        if mute:
            look["font_color"] = self.paint.mute
        return self.dress(**look)

    def head(self) -> Any:
        """The title of a column."""
        ink = {"font_color": self.paint.head_ink} if self.paint.head_ink else {}
        return self.dress(bold=True, text_wrap=True, bg_color=self.paint.head, bottom=1,
                          bottom_color=self.paint.rule, **ink)  # fmt: skip

    def amount(self, amount: Amount) -> Any:
        """A number in its unit; asked for every cell, so what it found is kept."""
        key = (amount.unit, amount.before, amount.is_whole)
        found = self._amounts.get(key)
        if found is None:
            shown = number_format(amount, self.lang, self.currency)
            found = self.dress(num_format=shown, align="right", indent=1)
            self._amounts[key] = found
        return found

    def ground(self, state: str, amount: Amount | None = None) -> Any:
        """A cell of a map."""
        look = {"align": "center", "border": 1, "border_color": "#FFFFFF"}
        look |= self.paint.ground(state)
        if amount:
            look["num_format"] = number_format(amount, self.lang, self.currency)
        return self.dress(**look)

    def line(
        self, sheet: Any, at: int, texts: Sequence[str], widths: Sequence[float],
        bold: int,
    ) -> None:  # fmt: skip
        """A row of words, one of them bold."""
        sheet.set_row(at, tall(texts, widths))
        for i, text in enumerate(texts):
            self.put(sheet, at, i, text, self.text(bold=i == bold))

    def put(self, sheet: Any, row: int, column: int, cell: Cell, dress: Any) -> None:
        """A cell by its kind; texts are written as texts and never as formulas."""
        if isinstance(cell, str):
            if cell:
                sheet.write_string(row, column, neutral(cell), dress)
        elif isinstance(cell, Amount):
            value = stored(cell)
            if value is not None:
                sheet.write_number(row, column, value, dress)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(row, column, cell, dress)
        elif cell is not None:
            sheet.write_number(row, column, cell, dress)
