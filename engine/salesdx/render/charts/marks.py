"""The marks of both maps: the state of a gap is a shape, not only a colour.

Confirmed: a filled cell with a triangle. Suspected: hatched. Noise: an open circle.
Not enough data: a dashed cell.
"""

from collections.abc import Mapping, Sequence

from salesdx.render.charts.svg import Drawing, text_width
from salesdx.render.words import Words
from salesdx.result import Loss, LossState

Box = tuple[float, float, float, float]  # x, y, width, height
Cells = Mapping[tuple[str, str], Loss]
STATES: tuple[LossState, ...] = ("confirmed", "suspected", "noise", "insufficient")
_GROUND = {  # fill, stroke, dash
    "confirmed": ("warn", "", ""),
    "suspected": ("hatch", "mute", ""),
    "noise": ("soft", "", ""),
    "insufficient": ("paper", "line", "3 3"),
}


def ground(picture: Drawing, loss: Loss | None, words: Words, box: Box) -> None:
    """The cell under its mark; a dot where nothing was measured."""
    x, y, width, height = box
    if loss is None:
        middle, base = x + width / 2, y + height / 2 + 4
        picture.text(middle, base, "·", 12, "middle", "mute")
        return
    fill, stroke, dash = _GROUND[loss.state]
    picture.rect(*box, fill, stroke, dash, tip=said(loss, words))
    if loss.state == "noise":
        circle(picture, x + width / 2, y + height / 2)


def told(
    cells: Cells, rows: Sequence[str], columns: Sequence[str], words: Words,
    across: bool = False,
) -> str:  # fmt: skip
    """What stands out in a map, in words; `across` where the slices are columns."""
    found = "; ".join(
        f"{f'{c}, {r}' if across else f'{r}, {c}'}: {said(cells[r, c], words)}"
        for r in rows
        for c in columns
        if (r, c) in cells and cells[r, c].state in {"confirmed", "suspected"}
    )
    return found or words.t("map.nothing")


def legend(picture: Drawing, words: Words, y: float) -> None:
    """What the marks mean."""
    x = 8.0
    for state in STATES:
        fill, stroke, dash = _GROUND[state]
        picture.rect(x, y - 11, 20, 14, fill, stroke, dash)
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
