"""Cohort curves: the share won by days since entry, a line a period.

Every line ends in its name, so that no legend is needed; dashes tell lines apart in
grey. A line that ends in an open circle is too young to go on: nothing is drawn beyond.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.render.charts.end_labels import End, in_column, in_plot
from salesdx.render.charts.svg import SMALL, WIDTH, Drawing, fit, text_width
from salesdx.render.words import Words
from salesdx.result import CohortCurve, CurvePoint

MOST = 5  # lines with a name; older ones are thin and have one name together
_LEFT, _RIGHT, _HIGH, _LINE, _FOOT = 46.0, 132.0, 190.0, 15.0, 40.0
_DASHES = ("", "8 3", "2 3", "9 3 2 3", "14 4")
_DAYS = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1460, 3650, 7300, 36500)
_SHARES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_HIGHEST = 2.0  # times the highest line: a wide band is cut there, not the lines


@dataclass(frozen=True, slots=True)
class Ages:
    """Days by which half of the deals are won, and by which an entry can be judged."""

    median: float | None = None
    mature: float | None = None


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where days and shares lie."""

    days: int
    top: float
    y: float  # of the upper edge

    def at(self, age: float, share: float) -> tuple[float, float]:
        wide = WIDTH - _LEFT - _RIGHT
        x = _LEFT + wide * age / self.days
        return x, self.y + _HIGH * (1 - min(share / self.top, 1.0))

    def line(self, points: Sequence[CurvePoint]) -> list[tuple[float, float]]:
        return [self.at(p.age, p.rate) for p in points]


def draw(curves: Sequence[CohortCurve], ages: Ages, words: Words, name: str) -> Drawing:
    """The last five periods by name, earlier ones thin; bands of the first and last."""
    t, older, named = words.t, curves[:-MOST], curves[-MOST:]
    said = "; ".join(told(c, words) for c in curves)
    marks = _marks(ages, max(c.points[-1].age for c in curves), words)
    plot = _Plot(
        max(max(c.points[-1].age for c in curves), 1), _top(curves, named),
        8 + _LINE * len(marks),
    )  # fmt: skip
    height = plot.y + _HIGH + _FOOT
    picture = Drawing(name, t("curves.title"), said, height)
    for one in dict.fromkeys((0, len(named) - 1)):
        _band(picture, named[one], plot)
    _axes(picture, plot, words)
    for row, (age, text) in enumerate(marks):
        _mark(picture, plot, age, text, 11 + _LINE * row)
    for curve in older:
        picture.line(plot.line(curve.points), "mute", 0.8)
    for i, curve in enumerate(named):
        newest = i == len(named) - 1
        dash = _DASHES[(len(named) - 1 - i) % len(_DASHES)]
        picture.line(plot.line(curve.points), "ink", 2.4 if newest else 1.5, dash)
    _names(picture, plot, older, named, words)
    return picture


def told(curve: CohortCurve, words: Words) -> str:
    """Where a line ends, in words."""
    last = curve.points[-1]
    return words.t(
        "curves.end", period=words.period(curve.period), days=words.number(last.age, 0),
        share=words.percent(last.rate), span=words.interval(last.interval, "ratio"),
    )  # fmt: skip


def _top(curves: Sequence[CohortCurve], named: Sequence[CohortCurve]) -> float:
    line = max(p.rate for c in curves for p in c.points)
    band = max(p.interval[1] for c in (named[0], named[-1]) for p in c.points)
    highest = min(band, _HIGHEST * line) if line else band
    return min(max(highest, line) * 1.04 or 1.0, 1.0)


def _band(picture: Drawing, curve: CohortCurve, plot: _Plot) -> None:
    upper = [plot.at(p.age, p.interval[1]) for p in curve.points]
    lower = [plot.at(p.age, p.interval[0]) for p in curve.points]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in [*upper, *reversed(lower)])
    picture.shape(f"M{path}z", "soft")
    for edge in (upper, lower):
        picture.line(edge, "line", 0.8)


def _axes(picture: Drawing, plot: _Plot, words: Words) -> None:
    step = next((s for s in _SHARES if plot.top / s <= 5), _SHARES[-1])
    right, base = WIDTH - _RIGHT, plot.y + _HIGH
    for i in range(int(plot.top / step + 1e-9) + 1):
        _, y = plot.at(0, i * step)
        picture.line([(_LEFT, y), (right, y)], "line", 0.8 if i else 1.2)
        share = words.percent(i * step)
        picture.text(_LEFT - 6, y + 4, share, SMALL, "end", "mute")
    every = next((d for d in _DAYS if plot.days / d <= 7), _DAYS[-1])
    for day in range(0, plot.days + 1, every):
        x, _ = plot.at(day, 0)
        picture.line([(x, base), (x, base + 4)], "line")
        picture.text(x, base + 16, words.number(day, 0), SMALL, "middle", "mute")
    days = words.t("curves.days")
    picture.text((_LEFT + right) / 2, base + 33, days, SMALL, "middle", "mute")


def _marks(ages: Ages, days: int, words: Words) -> list[tuple[float, str]]:
    """Days that are marked, the earliest first: its text passes above later lines."""
    found = [
        (age, words.t(f"curves.{name}", days=words.number(age, 0)))
        for name, age in (("mature", ages.mature), ("median", ages.median))
        if age is not None and 0 < age <= days
    ]
    return sorted(found, key=lambda m: m[0])


def _mark(picture: Drawing, plot: _Plot, age: float, text: str, y: float) -> None:
    x, base = plot.at(age, 0)
    picture.line([(x, y - 9), (x, base)], "mute", 1, "4 3")
    wide = text_width(text, SMALL)
    fits = x + 5 + wide < WIDTH
    anchor = "start" if fits else "end"
    picture.text(x + 5 if fits else x - 5, y, text, SMALL, anchor, "mute")


def _names(
    picture: Drawing, plot: _Plot, older: Sequence[CohortCurve],
    named: Sequence[CohortCurve], words: Words,
) -> None:  # fmt: skip
    """A name at each end: beside the plot, or in it where the line stops early."""
    lines = [plot.line(c.points) for c in (*older, *named)]
    beside: list[End] = []
    inside: list[End] = []
    for curve, line in zip((*older, *named), lines, strict=True):
        grey = len(beside) + len(inside) < len(older)
        period = fit(words.period(curve.period), _RIGHT - 64, SMALL)
        name = f"{period} · {words.percent(curve.points[-1].rate)}"
        if curve.points[-1].age == plot.days:
            beside.append(End(*line[-1], name, grey))
        else:
            _open(picture, *line[-1])
            inside.append(End(*line[-1], name, grey))
    earlier = [e for e in (*beside, *inside) if e.grey]
    if earlier:  # one name for all of them, at the end of the middle one
        middle = sorted(earlier, key=lambda e: e.y)[len(earlier) // 2]
        one = End(middle.x, middle.y, words.t("curves.older"), True)
        (beside if middle in beside else inside).append(one)
        beside, inside = (
            [e for e in ends if not e.grey or e is one] for ends in (beside, inside)
        )
    in_column(picture, beside, WIDTH - _RIGHT, (plot.y, plot.y + _HIGH), _RIGHT)
    in_plot(picture, inside, lines, (_LEFT, plot.y, WIDTH - _RIGHT, plot.y + _HIGH))


def _open(picture: Drawing, x: float, y: float) -> None:
    for r, fill in ((4.6, "ink"), (3.0, "paper")):
        path = f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
        picture.shape(path, fill)
