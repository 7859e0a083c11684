"""The loss map: slices down, what was measured across, the money in the cell."""

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
from salesdx.render.charts.svg import HALF, SMALL, WIDTH, Drawing
from salesdx.render.words import Words
from salesdx.result import Loss

_HEAD, _ROW = 40.0, 27.0
MOST_ROWS, _ENOUGH, MOST_COLUMNS = 12, 5, 8
HALF_COLUMNS = 2  # so few fit half a line


def draw(
    cells: Cells, rows: Sequence[str], columns: Sequence[str], words: Words,
    name: str, half: bool = False,
) -> Drawing:  # fmt: skip
    """A grid of at most 12 rows; an empty cell was not measured.

    Of the rows without a gap a few stand for all: how many more there are is said.
    """
    rows, quiet = shown(cells, rows, MOST_ROWS, _ENOUGH)
    columns = columns[:MOST_COLUMNS]
    whole, left = (HALF, 112.0) if half else (WIDTH, 170.0)
    lines = len(rows) + bool(quiet)
    height = _HEAD + lines * _ROW + 6 * bool(quiet) + legend_height(cells, words, whole)
    summary = told(cells, rows, columns, words)
    picture = Drawing(name, words.t("map.title"), summary, height, whole)
    width = min((whole - left - 2) / max(len(columns), 1), 150.0)
    for j, column in enumerate(columns):
        x = left + (j + 0.5) * width
        picture.label(x, _HEAD / 2 - 2, column, width - 8, SMALL, 2, "middle")
    for i, row in enumerate(rows):
        y = _HEAD + i * _ROW
        picture.label(left - 8, y + _ROW / 2, row, left - 12, SMALL, 2, "end")
        for j, column in enumerate(columns):
            box = (left + j * width + 1.5, y + 1.5, width - 3, _ROW - 3)
            _cell(picture, cells.get((row, column)), words, box)
    if quiet:
        y = _HEAD + len(rows) * _ROW
        box = (left + 1.5, y + 1.5, len(columns) * width - 3, _ROW + 3)
        left_over(picture, words, quiet, box, left - 8)
    legend(picture, cells, words)
    return picture


def _cell(picture: Drawing, loss: Loss | None, words: Words, box: Box) -> None:
    ground(picture, loss, words, box)
    if loss is None:
        return
    x, y, width, height = box
    middle, base = x + width / 2, y + height / 2 + 4
    money = words.short(loss.money.expected) if loss.money else ""
    if loss.state == "confirmed":
        triangle(picture, x + 11, y + height / 2, "paper")
        picture.text(middle + 7, base, money, 11, "middle", "paper", bold=True)
    elif loss.state == "suspected":
        picture.rect(middle - width * 0.36, y + 4, width * 0.72, height - 8, "paper")
        picture.text(middle, base, money or "?", 11, "middle")
    elif loss.state == "insufficient":
        picture.text(middle, base, f"n = {loss.n}", SMALL, "middle", "mute")
