"""Ranked bars of money: by company, by cause, by group."""

from collections.abc import Sequence

from salesdx.render.charts.svg import HALF, SMALL, WIDTH, Drawing, text_width
from salesdx.render.portfolio.words import Words

Row = tuple[str, float, bool]  # name, sum, whether it is a rest that stands apart
_ROW, _BAR = 26.0, 16.0


def draw(
    name: str, title: str, rows: Sequence[Row], currency: str | None, words: Words,
    half: bool = False,
) -> Drawing:  # fmt: skip
    """One bar a row; a rest is pale."""
    whole, left = (float(HALF), 150.0) if half else (float(WIDTH), 250.0)
    row = _ROW + 4 if half else _ROW  # names of two lines
    told = [(n, v, words.money(v, currency), rest) for n, v, rest in rows]
    said = "; ".join(f"{n}: {money}" for n, _, money, _ in told)
    picture = Drawing(name, title, said, len(rows) * row + 4, whole)
    wide = max((text_width(m, SMALL) for _, _, m, _ in told), default=0.0)
    scale = (whole - left - wide - 12) / max((v for _, v, _ in rows), default=1.0)
    for i, (label, value, money, rest) in enumerate(told):
        y = i * row + (row - _BAR) / 2
        picture.label(left - 8, y + _BAR / 2, label, left - 12, SMALL, 2, "end",
                      "mute" if rest else "ink")  # fmt: skip
        width = max(value * scale, 1.2)
        picture.rect(left, y, width, _BAR, "soft" if rest else "bar", tip=money)
        picture.text(left + width + 6, y + 12.5, money, SMALL)
    return picture
