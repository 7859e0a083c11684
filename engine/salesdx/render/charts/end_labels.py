"""Names at the ends of lines, none over another: beside the plot or within it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from salesdx.render.charts.svg import SMALL, Drawing, fit, text_width

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
_APART, _RISE, _FALL = 15.0, 9.0, 4.0
_NEAR = 17.0
_FAR = (14, 26, 38, 50, 64, 80)  # px above or below the end, the nearest first


@dataclass(frozen=True, slots=True)
class End:
    """Where a line ends and what it is called; a grey one is of less interest."""

    x: float
    y: float
    name: str
    grey: bool = False


def in_column(
    picture: Drawing, ends: Sequence[End], left: float, span: Point, width: float
) -> None:
    """Names in a column right of the plot, at their ends or as near as there is room.

    Pushed down from the top, then up from the bottom, they keep the order of the ends.
    """
    rows = sorted(ends, key=lambda e: (e.y, e.name))
    places = [e.y for e in rows]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + _APART)
    limit = span[1]
    for i in range(len(places) - 1, -1, -1):
        places[i] = limit = min(places[i], limit)
        limit -= _APART
    for end, y in zip(rows, places, strict=True):
        picture.line([(end.x + 3, end.y), (left + 14, y)], "mute", 0.8)
        name = fit(end.name, width - 18, SMALL)
        picture.text(left + 17, y + 4, name, SMALL, fill=_fill(end))


def in_plot(
    picture: Drawing, ends: Sequence[End], lines: Sequence[Sequence[Point]], room: Box
) -> None:
    """Names beside the ends, where they cover no name and as little of a line."""
    taken: list[Box] = [(e.x - 6, e.y - 6, e.x + 6, e.y + 6) for e in ends]
    for end in sorted(ends, key=lambda e: (-e.x, e.y, e.name)):
        name = fit(end.name, room[2] - room[0], SMALL)
        wide = text_width(name, SMALL)
        places = _places(end, wide, room)
        covered = [_cost(box, taken, lines) for box in places]
        box = places[covered.index(min(covered))]
        taken.append(box)
        if min(covered):  # a line runs here: the paper behind keeps the name legible
            left, top, right, bottom = box
            picture.rect(left, top, right - left, bottom - top, "paper")
        middle = (box[1] + box[3]) / 2
        if abs(middle - end.y) > _NEAR:  # too far to be told whose it is
            edge = box[1] if middle > end.y else box[3]
            start = end.y + (6 if middle > end.y else -6)
            x = min(max(end.x, box[0] + 4), box[2] - 4)
            picture.line([(end.x, start), (x, edge)], "mute", 0.8)
        picture.text(box[0] + 2, box[3] - _FALL, name, SMALL, fill=_fill(end))


def _fill(end: End) -> str:
    return "mute" if end.grey else "ink"


def _places(end: End, wide: float, room: Box) -> list[Box]:
    """Right of the end, then below and above it, further and further away."""
    shifts = [(9.0, 0.0)]
    for far in _FAR:
        for y in (far, -far):
            shifts += [(2.0, y), (-wide / 2, y), (-wide, y)]
    found = []
    for dx, dy in shifts:
        left = min(max(end.x + dx, room[0]), room[2] - wide)
        base = min(max(end.y + 4 + dy, room[1] + _RISE), room[3] - _FALL)
        found.append((left - 2, base - _RISE, left + wide, base + _FALL))
    return found


def _cost(
    box: Box, taken: Sequence[Box], lines: Sequence[Sequence[Point]]
) -> float:  # fmt: skip
    """Names covered count a thousand, pieces of a line one."""
    left, top, right, bottom = box
    over = sum(
        1000 for x0, y0, x1, y1 in taken
        if left < x1 and x0 < right and top < y1 and y0 < bottom
    )  # fmt: skip
    return over + sum(_hits(box, line) for line in lines)


def _hits(box: Box, line: Sequence[Point]) -> int:
    """How many of some points along the line lie in the box."""
    left, top, right, bottom = box
    hits = 0
    for (x0, y0), (x1, y1) in pairwise(line):
        if x1 < left or x0 > right:
            continue
        for i in range(9):
            x, y = x0 + (x1 - x0) * i / 8, y0 + (y1 - y0) * i / 8
            hits += left <= x <= right and top <= y <= bottom
    return hits
