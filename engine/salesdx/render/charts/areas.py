"""Questionnaires as bars: a bar is all that can be asked, its parts what was answered.

A problem is solid, what is in order is an open box, what nobody knows is hatched, what
was not asked stays an empty line. The thin bar below is the same of the last run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.render.charts.svg import WIDTH, Drawing, text_width

_LEFT, _RIGHT, _HEAD, _BAR, _THIN = 214.0, 178.0, 6.0, 14.0, 4.0


@dataclass(frozen=True, slots=True)
class Parts:
    """Counts of questions that add up to `questions`."""

    questions: int
    problems: int
    in_order: int
    not_known: int

    @property
    def open(self) -> int:
        """How many were not asked."""
        return self.questions - self.problems - self.in_order - self.not_known


@dataclass(frozen=True, slots=True)
class Area:
    """One bar; `told` and `note` stand beside it, `then` is the last run's."""

    title: str
    now: Parts
    told: str
    note: str
    then: Parts | None = None
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Legend:
    """What the marks mean; `then` is empty where there is no older result."""

    problem: str
    in_order: str
    not_known: str
    open: str
    then: str = ""


def draw(areas: Sequence[Area], title: str, desc: str, legend: Legend) -> Drawing:
    """The bars in their order, each as long as the others: a whole is a whole."""
    step = 34.0 if legend.then else 30.0
    foot = _HEAD + len(areas) * step
    height = foot + (46 if legend.then else 28)
    picture = Drawing("areas", title, desc, height)
    for i, area in enumerate(areas):
        _row(picture, area, _HEAD + i * step + step / 2)
    _legend(picture, legend, foot + 18)
    return picture


def _row(picture: Drawing, area: Area, y: float) -> None:
    picture.label(_LEFT - 10, y - 2, area.title, _LEFT - 14, 11.5, 2, "end")
    top = y - (_BAR + _THIN + 3) / 2 if area.then else y - _BAR / 2
    _bar(picture, area.now, top, _BAR, numbers=True)
    if area.then:
        _bar(picture, area.then, top + _BAR + 3, _THIN)
    x = WIDTH - _RIGHT + 12
    fill = "ink" if area.firm else "mute"
    picture.label(x, y - 8, area.told, _RIGHT - 14, 11.5, 1, fill=fill)
    picture.label(x, y + 7, area.note, _RIGHT - 14, 10, 1, fill="mute")


def _bar(
    picture: Drawing, parts: Parts, y: float, height: float, numbers: bool = False
) -> None:
    width = WIDTH - _LEFT - _RIGHT
    one = width / parts.questions if parts.questions else 0.0
    middle = y + height / 2
    picture.line([(_LEFT, middle), (_LEFT + width, middle)], "line", 1, "2 3")
    x = _LEFT
    for count, fill in (
        (parts.problems, "warn" if numbers else "mute"), (parts.in_order, "paper"),
        (parts.not_known, "hatch"),
    ):  # fmt: skip
        if not count:
            continue
        long = count * one
        edge = "mute" if fill in ("hatch", "mute") else "warn"
        edge = "bar" if fill == "paper" else edge
        picture.rect(x + 0.5, y, max(long - 1, 1), height, fill, edge)
        said = str(count)
        if numbers and fill != "hatch" and text_width(said, 10) + 4 < long:
            colour = "paper" if fill == "warn" else "ink"
            picture.text(x + long / 2, middle + 3.6, said, 10, "middle", colour)
        x += long


def _legend(picture: Drawing, legend: Legend, y: float) -> None:
    x = 4.0
    for word, fill, edge in (
        (legend.problem, "warn", "warn"), (legend.in_order, "paper", "bar"),
        (legend.not_known, "hatch", "mute"), (legend.open, "", ""),
    ):  # fmt: skip
        if fill:
            picture.rect(x, y - 9, 16, 10, fill, edge)
        else:
            picture.line([(x, y - 4), (x + 16, y - 4)], "line", 1, "2 3")
        picture.text(x + 21, y, word, 10.5, fill="mute")
        x += 42 + text_width(word, 10.5) * 0.93
    if legend.then:
        picture.rect(4, y + 11, 16, _THIN, "mute", "mute")
        picture.text(25, y + 17, legend.then, 10.5, fill="mute")
