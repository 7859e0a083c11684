"""How the work is done: figures down, people or channels across, a state a cell.

The marks are those of the loss map. Names stand slanted above their columns.
"""

import math
from collections.abc import Sequence

from salesdx.render.charts.marks import (
    Box,
    Cells,
    ground,
    left_over,
    legend,
    legend_height,
    shown,
    told,
    triangle,
)
from salesdx.render.charts.svg import HALF, SMALL, WIDTH, Drawing, fit, text_width
from salesdx.render.words import Words
from salesdx.result import Loss

_ROW, _TURN, _LONGEST = 25.0, math.radians(-40), 120.0
MOST, _MOST_ROWS, _ENOUGH = 14, 16, 8
HALF_COLUMNS = 4
_WIDEST = 60.0


def draw(
    cells: Cells, rows: Sequence[str], columns: Sequence[str], words: Words,
    name: str, half: bool = False,
) -> Drawing:  # fmt: skip
    """Cells by (figure, slice); an empty place was not measured."""
    columns = columns[:MOST]
    rows, quiet = shown(cells, rows, _MOST_ROWS, _ENOUGH)
    whole, left, high = (HALF, 158.0, 30.0) if half else (WIDTH, 262.0, _ROW)
    long = min(max(text_width(c, SMALL) for c in columns), _LONGEST)
    head = long * math.sin(-_TURN) + 18
    lines = len(rows) + bool(quiet)
    height = head + lines * high + legend_height(cells, words, whole)
    summary = told(cells, rows, columns, words, across=True)
    picture = Drawing(name, words.t("map.title"), summary, height, whole)
    lean = long * math.cos(_TURN)  # the last name leans to the right
    width = min((whole - left - lean) / max(len(columns) - 0.5, 1), _WIDEST)
    for j, column in enumerate(columns):
        x = left + (j + 0.5) * width
        name_ = fit(column, long + 4, SMALL)
        picture.slanted(x, head - 7, name_, SMALL, math.degrees(_TURN))
    for i, row in enumerate(rows):
        y = head + i * high
        picture.label(left - 8, y + high / 2, row, left - 12, SMALL, 2, "end")
        for j, column in enumerate(columns):
            box = (left + j * width + 1.5, y + 1.5, width - 3, high - 3)
            _cell(picture, cells.get((row, column)), words, box)
    if quiet:
        box = (
            left + 1.5,
            head + len(rows) * high + 1.5,
            len(columns) * width - 3,
            high - 3,
        )
        left_over(picture, words, quiet, box, left - 8)
    legend(picture, cells, words)
    return picture


def _cell(picture: Drawing, loss: Loss | None, words: Words, box: Box) -> None:
    ground(picture, loss, words, box)
    if loss is None:
        return
    x, y, width, height = box
    middle = x + width / 2
    if loss.state == "confirmed":
        triangle(picture, middle, y + height / 2, "paper")
    elif loss.state == "suspected":
        picture.rect(middle - 7, y + 4, 14, height - 8, "paper")
        picture.text(middle, y + height / 2 + 4, "?", SMALL, "middle")
