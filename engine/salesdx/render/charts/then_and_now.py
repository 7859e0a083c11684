"""Figures then and now: a line a figure on a scale of its own, with both intervals.

Then is an open circle, now a filled one. Where the two differ by more than chance the
mark of now is a triangle, up for better and down for worse: colour only repeats it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from salesdx.render.charts.svg import WIDTH, Drawing

Moved = Literal["better", "worse", "other"]
_LEFT, _RIGHT, _ROW, _HEAD = 236.0, 196.0, 46.0, 10.0
_ENDS = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure; `told` is what stands beside it: `6 % -> 8 %`, and a word below."""

    title: str
    then: float
    now: float
    then_interval: _ENDS | None
    now_interval: _ENDS | None
    moved: Moved
    told: str
    word: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What the marks mean, in words."""

    then: str
    now: str
    better: str
    worse: str


def draw(pairs: Sequence[Pair], title: str, legend: Legend) -> Drawing:
    """The figures in their order; each fills its own line from edge to edge."""
    height = _HEAD + len(pairs) * _ROW + 30
    said = "; ".join(f"{p.title}: {p.told}, {p.word}" for p in pairs)
    picture = Drawing("then-and-now", title, said, height)
    for i, pair in enumerate(pairs):
        _row(picture, pair, _HEAD + i * _ROW + _ROW / 2)
    _legend(picture, legend, height - 10)
    return picture


def _row(picture: Drawing, pair: Pair, y: float) -> None:
    left, right = _LEFT + 14, WIDTH - _RIGHT - 14
    ends = [
        pair.then,
        pair.now,
        *(pair.then_interval or ()),
        *(pair.now_interval or ()),
    ]
    known = [v for v in ends if math.isfinite(v)]
    low, high = min(known), max(known)
    scale = (right - left) / (high - low) if high > low else 0.0

    def at(value: float) -> float:
        middle = (left + right) / 2
        x = left + (value - low) * scale if scale else middle
        return min(max(x, left), right)

    picture.label(_LEFT - 8, y, pair.title, _LEFT - 16, 11.5, 2, "end")
    picture.rect(_LEFT, y - 17, WIDTH - _RIGHT - _LEFT, 34, "soft")
    for ends_, row in ((pair.then_interval, y - 7), (pair.now_interval, y + 7)):
        if ends_ is not None:
            picture.line([(at(ends_[0]), row), (at(ends_[1]), row)], "mute", 2)
    _circle(picture, at(pair.then), y - 7)
    _now(picture, at(pair.now), y + 7, pair.moved)
    x = WIDTH - _RIGHT + 10
    bold = pair.moved != "other"
    picture.label(x, y - 7, pair.told, _RIGHT - 12, 11.5, 1)
    fill = "warn" if pair.moved == "worse" else "ink" if bold else "mute"
    picture.text(x, y + 11, pair.word, 11, fill=fill, bold=bold)


def _circle(picture: Drawing, x: float, y: float) -> None:
    picture.shape(_disc(x, y, 5), "ink")
    picture.shape(_disc(x, y, 3.2), "paper")


def _now(picture: Drawing, x: float, y: float, moved: Moved) -> None:
    if moved == "other":
        picture.shape(_disc(x, y, 5), "ink")
        return
    turn = -1 if moved == "better" else 1
    tip, foot = y + turn * 7, y - turn * 5
    path = f"M{x:.1f} {tip:.1f}L{x + 7:.1f} {foot:.1f}L{x - 7:.1f} {foot:.1f}z"
    picture.shape(path, "bar" if moved == "better" else "warn")


def _legend(picture: Drawing, legend: Legend, y: float) -> None:
    x = _LEFT + 6
    marks: tuple[tuple[str, Moved | None], ...] = (
        (legend.then, None), (legend.now, "other"),
        (legend.better, "better"), (legend.worse, "worse"),
    )  # fmt: skip
    for word, moved in marks:
        if moved is None:
            _circle(picture, x, y)
        else:
            _now(picture, x, y, moved)
        picture.text(x + 12, y + 4, word, 11, fill="mute")
        x += 26 + 6.4 * len(word)


def _disc(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
