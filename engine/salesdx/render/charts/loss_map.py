"""The loss map: slices down, what was measured across, the money in the cell."""

from collections.abc import Sequence

from salesdx.render.charts.marks import Box, ground, legend, told, triangle
from salesdx.render.charts.svg import WIDTH, Drawing
from salesdx.render.words import Words
from salesdx.result import Loss

_LEFT, _HEAD = 170.0, 44.0
MOST_ROWS, MOST_COLUMNS = 12, 8


def draw(
    cells: dict[tuple[str, str], Loss],
    rows: Sequence[str],
    columns: Sequence[str],
    words: Words,
    name: str,
) -> Drawing:
    """A grid of at most 12 rows; an empty cell was not measured."""
    t, rows, columns = words.t, rows[:MOST_ROWS], columns[:MOST_COLUMNS]
    tall = 34.0 if len(rows) <= 6 else 28.0
    height = _HEAD + len(rows) * tall + 34
    picture = Drawing(name, t("map.title"), told(cells, rows, columns, words), height)
    width = (WIDTH - _LEFT - 4) / max(len(columns), 1)
    width = min(width, 150.0)
    for j, column in enumerate(columns):
        x = _LEFT + (j + 0.5) * width
        picture.label(x, _HEAD / 2 - 2, column, width - 8, 11, 2, "middle")
    for i, row in enumerate(rows):
        y = _HEAD + i * tall
        picture.label(_LEFT - 10, y + tall / 2, row, _LEFT - 14, 11.5, 2, "end")
        for j, column in enumerate(columns):
            box = (_LEFT + j * width + 2, y + 2, width - 4, tall - 4)
            _cell(picture, cells.get((row, column)), words, box)
    legend(picture, words, height - 12)
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
        picture.rect(middle - width * 0.36, y + 6, width * 0.72, height - 12, "paper")
        picture.text(middle, base, money or "?", 11, "middle")
    elif loss.state == "insufficient":
        picture.text(middle, base, f"n = {loss.n}", 10.5, "middle", "mute")
