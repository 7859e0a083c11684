"""How the work is done: figures down, people or channels across, a state a cell.

The marks are those of the loss map: a filled cell with a triangle is confirmed, a
hatched one with a question mark suspected, a circle within chance, a dashed cell has
too few cases. Names stand slanted above their columns.
"""

import math
from collections.abc import Sequence

from salesdx.render.charts.loss_map import circle, legend, said, triangle
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
    told = "; ".join(
        f"{c}, {r}: {said(cells[r, c], words)}"
        for r in rows
        for c in columns
        if (r, c) in cells and cells[r, c].state in {"confirmed", "suspected"}
    )
    height = head + len(rows) * _ROW + 34
    picture = Drawing(
        name, words.t("map.title"), told or words.t("map.nothing"), height
    )
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


def _cell(
    picture: Drawing, loss: Loss | None, words: Words,
    box: tuple[float, float, float, float],
) -> None:  # fmt: skip
    x, y, width, height = box
    middle, base = x + width / 2, y + height / 2 + 4
    if loss is None:
        picture.text(middle, base, "·", 12, "middle", "mute")
        return
    tip = said(loss, words)
    if loss.state == "confirmed":
        picture.rect(*box, "warn", tip=tip)
        triangle(picture, middle, y + height / 2, "paper")
    elif loss.state == "suspected":
        picture.rect(*box, "hatch", "mute", tip=tip)
        picture.rect(middle - 7, y + 4, 14, height - 8, "paper")
        picture.text(middle, base, "?", 11, "middle")
    elif loss.state == "noise":
        picture.rect(*box, "soft", tip=tip)
        circle(picture, middle, y + height / 2)
    else:
        picture.rect(*box, "paper", "line", "3 3", tip=tip)
