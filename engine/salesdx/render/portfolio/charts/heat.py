"""Groups by causes: in which share of its companies a cause is likely in each group."""

import math
from collections.abc import Mapping, Sequence

from salesdx.portfolio.model import Cell, HeatRow
from salesdx.render.charts.svg import SMALL, WIDTH, Drawing, fit, text_width
from salesdx.render.portfolio.words import Words

_LEFT, _ROW, _LONGEST = 150.0, 34.0, 150.0
_TURN = math.radians(-35)
_WIDEST, _LEGEND = 76.0, 28.0
Marks = Mapping[tuple[str, str], bool]  # (group, cause) -> more often than elsewhere


def draw(
    rows: Sequence[HeatRow], causes: Sequence[str], marks: Marks, least: int,
    words: Words,
) -> Drawing:  # fmt: skip
    """A share with a bar in every cell; a triangle where it differs from the others."""
    titles = [words.cause(c) for c in causes]
    long = min(max(text_width(t, SMALL) for t in titles), _LONGEST)
    head = long * math.sin(-_TURN) + 18
    width = min(
        (WIDTH - _LEFT - long * math.cos(_TURN)) / max(len(causes) - 0.6, 1), _WIDEST
    )
    told = "; ".join(
        words.t("groups.heat.desc", group=words.group(r.group), cause=title,
                share=words.percent(c.share), n=words.number(c.examined))
        for r in rows for c, title in zip(r.cells, titles, strict=True)
        if (r.group, c.cause) in marks
    )  # fmt: skip
    height = head + len(rows) * _ROW + _LEGEND
    said = told or words.t("groups.none")
    picture = Drawing("groups", words.t("groups.title"), said, height)
    for j, title in enumerate(titles):
        x = _LEFT + (j + 0.4) * width
        picture.slanted(x, head - 7, fit(title, long + 4, SMALL), SMALL,
                        math.degrees(_TURN))  # fmt: skip
    for i, row in enumerate(rows):
        y = head + i * _ROW
        name = f"{words.group(row.group)} ({words.number(row.companies)})"
        picture.label(_LEFT - 8, y + _ROW / 2, name, _LEFT - 12, SMALL, 2, "end")
        for j, cell in enumerate(row.cells):
            box = (_LEFT + j * width + 1.5, y + 1.5, width - 3, _ROW - 3)
            _cell(picture, cell, marks.get((row.group, cell.cause)), least, words, box)
    _legend(picture, words, least)
    return picture


def _cell(
    picture: Drawing, cell: Cell, more: bool | None, least: int, words: Words,
    box: tuple[float, float, float, float],
) -> None:  # fmt: skip
    x, y, width, height = box
    tip = words.t("share.of", share=words.percent(cell.share),
                  n=words.number(cell.examined))  # fmt: skip
    if cell.examined < least or cell.share is None:
        picture.rect(*box, "paper", "line", "3 3", tip=tip)
        picture.text(x + width / 2, y + height / 2 + 4, f"n={cell.examined}", SMALL,
                     "middle", "mute")  # fmt: skip
        return
    picture.rect(x, y, width, height, "soft", tip=tip)
    bar = "bar" if more is None else "warn" if more else "ink"
    picture.rect(x, y + height - 7, max(width * cell.share, 1), 7, bar)
    label, middle = words.percent(cell.share), x + width / 2
    if more is None:
        picture.text(middle, y + 16, label, SMALL, "middle")
        return
    wide = text_width(label, SMALL)
    _triangle(picture, middle - wide / 2 - 4, y + 12, more)
    picture.text(middle + 5, y + 16, label, SMALL, "middle", bold=True)


def _triangle(picture: Drawing, x: float, y: float, up: bool) -> None:
    if up:
        picture.shape(f"M{x:.1f} {y - 4:.1f}l4.5 8h-9z", "warn")
    else:
        picture.shape(f"M{x:.1f} {y + 4:.1f}l4.5 -8h-9z", "ink")


def _legend(picture: Drawing, words: Words, least: int) -> None:
    x, y = 4.0, picture.height - 8
    for up, key in ((True, "groups.heat.more"), (False, "groups.heat.less")):
        label = words.t(key)
        _triangle(picture, x + 5, y - 4, up)
        picture.text(x + 15, y, label, SMALL, fill="mute")
        x += 15 + text_width(label, SMALL) + 16
    picture.rect(x, y - 11, 20, 13, "paper", "line", "3 3")
    label = words.t("groups.heat.few", n=words.number(least))
    picture.text(x + 26, y, label, SMALL, fill="mute")
