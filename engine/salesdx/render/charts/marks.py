"""The marks of both maps: the state of a gap is a shape, not only a colour.

Confirmed: a filled cell with a triangle. Suspected: hatched. Noise: an open circle.
Not enough data: a dashed cell.
"""

from collections.abc import Mapping, Sequence

from salesdx.render.charts.svg import SMALL, Drawing, text_width
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


def shown(
    cells: Cells, rows: Sequence[str], most: int, enough: int
) -> tuple[list[str], int]:
    """Rows with a gap, filled up to `enough`; how many quiet ones are left over.

    One or two left over stand in the picture: a line about them would be no shorter.
    """
    seen = {r for (r, _), x in cells.items() if x.state in {"confirmed", "suspected"}}
    loud = [r for r in rows if r in seen][:most]
    quiet = [r for r in rows if r not in seen]
    room = max(enough - len(loud), 0)
    if len(quiet) - room <= 2:
        room = len(quiet) if len(loud) + len(quiet) <= most else room
    kept = {*loud, *quiet[:room]}
    return [r for r in rows if r in kept], len(quiet) - room


def left_over(
    picture: Drawing, words: Words, count: int, box: Box, left: float
) -> None:
    """One line for all rows in which nothing was found."""
    x, y, width, height = box
    picture.label(left, y + height / 2, words.t("map.others", n=str(count)), left - 4,
                  SMALL, 1, "end", "mute")  # fmt: skip
    picture.rect(*box, "soft")
    picture.label(x + width / 2, y + height / 2, words.t("map.others.state"), width - 8,
                  SMALL, 2, "middle", "mute")  # fmt: skip


def legend_height(cells: Cells, words: Words, width: float) -> float:
    """The room that the legend takes below a map."""
    return 16.0 + 18.0 * len(_legend_lines(cells, words, width))


def _legend_lines(
    cells: Cells, words: Words, width: float
) -> list[list[tuple[LossState, str]]]:
    """The states that occur, as many a line as fit."""
    occur = {x.state for x in cells.values()}
    lines: list[list[tuple[LossState, str]]] = []
    x = width
    for state in STATES:
        label = words.t(f"state.{state}")
        wide = 26 + text_width(label, SMALL) + 18
        if state not in occur:
            continue
        if x + wide - 18 > width:
            lines.append([])
            x = 4.0
        lines[-1].append((state, label))
        x += wide
    return lines


def legend(picture: Drawing, cells: Cells, words: Words) -> None:
    """What the marks mean, at the foot of the picture."""
    lines = _legend_lines(cells, words, picture.width)
    for i, line in enumerate(lines):
        _legend_line(picture, line, picture.height - 6 - 18 * (len(lines) - 1 - i))


def _legend_line(
    picture: Drawing, line: list[tuple[LossState, str]], y: float
) -> None:  # fmt: skip
    x = 4.0
    for state, label in line:
        fill, stroke, dash = _GROUND[state]
        picture.rect(x, y - 11, 20, 14, fill, stroke, dash)
        if state == "confirmed":
            triangle(picture, x + 10, y - 4, "paper")
        elif state == "noise":
            circle(picture, x + 10, y - 4)
        picture.text(x + 26, y, label, SMALL, fill="mute")
        x += 26 + text_width(label, SMALL) + 18


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
