"""The loss map: slices by what was measured; the state is a shape, not only a colour.

Confirmed: a filled cell with a triangle. Suspected: hatched. Noise: an open circle.
Not enough data: a dashed cell with the n.
"""

from collections.abc import Sequence

from salesdx.render.charts.svg import WIDTH, Drawing, text_width
from salesdx.render.words import Words
from salesdx.result import Loss, LossState

_LEFT, _HEAD = 170.0, 44.0
MOST_ROWS = 12
STATES: tuple[LossState, ...] = ("confirmed", "suspected", "noise", "insufficient")


def draw(
    cells: dict[tuple[str, str], Loss],
    rows: Sequence[str],
    columns: Sequence[str],
    words: Words,
    name: str,
) -> Drawing:
    """A grid of at most 12 rows; an empty cell was not measured."""
    t, rows, columns = words.t, rows[:MOST_ROWS], columns[:8]
    told = "; ".join(
        f"{r}, {c}: {said(cells[r, c], words)}"
        for r in rows
        for c in columns
        if (r, c) in cells and cells[r, c].state in {"confirmed", "suspected"}
    )
    tall = 34.0 if len(rows) <= 6 else 28.0
    height = _HEAD + len(rows) * tall + 34
    picture = Drawing(name, t("map.title"), told or t("map.nothing"), height)
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
    money = words.short(loss.money.expected) if loss.money else ""
    if loss.state == "confirmed":
        picture.rect(*box, "warn", tip=tip)
        triangle(picture, x + 11, y + height / 2, "paper")
        picture.text(middle + 7, base, money, 11, "middle", "paper", bold=True)
    elif loss.state == "suspected":
        picture.rect(*box, "hatch", "mute", tip=tip)
        picture.rect(middle - width * 0.36, y + 6, width * 0.72, height - 12, "paper")
        picture.text(middle, base, money or "?", 11, "middle")
    elif loss.state == "noise":
        picture.rect(*box, "soft", tip=tip)
        circle(picture, middle, y + height / 2)
    else:
        picture.rect(*box, "paper", "line", "3 3", tip=tip)
        picture.text(middle, base, f"n = {loss.n}", 10.5, "middle", "mute")


def legend(picture: Drawing, words: Words, y: float) -> None:
    """What the marks mean."""
    x = 8.0
    for state in STATES:
        fill = {"confirmed": "warn", "suspected": "hatch", "noise": "soft"}
        dash = "" if state != "insufficient" else "3 3"
        stroke = "mute" if state in {"suspected", "insufficient"} else ""
        picture.rect(x, y - 11, 20, 14, fill.get(state, "paper"), stroke, dash)
        if state == "confirmed":
            triangle(picture, x + 10, y - 4, "paper")
        elif state == "noise":
            circle(picture, x + 10, y - 4)
        label = words.t(f"state.{state}")
        picture.text(x + 26, y, label, 11, fill="mute")
        x += 26 + text_width(label, 11) + 22


def triangle(picture: Drawing, x: float, y: float, fill: str) -> None:
    """The mark of a confirmed gap."""
    picture.shape(f"M{x:.1f} {y - 4:.1f}l4.5 8h-9z", fill)


def circle(picture: Drawing, x: float, y: float) -> None:
    """The mark of a difference within chance."""
    path = f"M{x - 3.5:.1f} {y:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0"
    picture.path(path, "mute", 1.4)


def said(loss: Loss, words: Words) -> str:
    """A cell in words, for the tip and for those who cannot see it."""
    state = words.t(f"state.{loss.state}")
    money = f", {words.money(loss.money)}" if loss.money else ""
    return f"{state}{money}, n = {loss.n}"
