"""How the work is done: figures down, people or channels across, a state a cell.

The marks are those of the loss map. Names stand slanted above their columns.
"""

import math
from collections.abc import Sequence

from salesdx.render.charts.marks import Box, ground, legend, told, triangle
from salesdx.render.charts.svg import WIDTH, Drawing, fit, text_width
from salesdx.render.words import Words
from salesdx.result import Loss

_LEFT, _ROW, _TURN, _SIZE = 262.0, 25.0, -40.0, 11.0
MOST = 14
_WIDEST = 60.0


def draw(
    cells: dict[tuple[str, str], Loss],
    rows: Sequence[str],
    columns: Sequence[str],
    words: Words,
    name: str,
) -> Drawing:
    """Cells by (figure, slice); an empty place was not measured."""
    columns = columns[:MOST]
    tall = min(max(text_width(c, _SIZE) for c in columns), 120.0)
    head = tall * math.sin(math.radians(-_TURN)) + 18
    height = head + len(rows) * _ROW + 34
    summary = told(cells, rows, columns, words, across=True)
    picture = Drawing(name, words.t("map.title"), summary, height)
    room = WIDTH - _LEFT - 60  # the last name leans to the right
    width = min(room / max(len(columns), 1), _WIDEST)
    for j, column in enumerate(columns):
        x = _LEFT + (j + 0.5) * width
        picture.slanted(x, head - 7, fit(column, tall + 4, _SIZE), _SIZE, _TURN)
    for i, row in enumerate(rows):
        y = head + i * _ROW
        picture.label(_LEFT - 10, y + _ROW / 2, row, _LEFT - 14, 11, 2, "end")
        for j, column in enumerate(columns):
            box = (_LEFT + j * width + 1.5, y + 1.5, width - 3, _ROW - 3)
            _cell(picture, cells.get((row, column)), words, box)
    legend(picture, words, height - 12)
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
        picture.text(middle, y + height / 2 + 4, "?", 11, "middle")
