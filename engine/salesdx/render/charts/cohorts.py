"""Cohort bars: what became of the entries of each period, with dated breaks."""

import math

from salesdx.render.charts.svg import SMALL, WIDTH, Drawing, text_width
from salesdx.render.words import Words
from salesdx.result import Break, Cohort

_LEFT, _MOST = 14.0, 24
_HIGH, _FOOT, _LINE = 120.0, 44.0, 15.0  # bars, what stands below, a line of a mark
_ENDS = tuple[float, float]


def draw(
    cohorts: list[Cohort], breaks: list[Break], words: Words, name: str
) -> Drawing:
    """One bar a period (the last 24); a young cohort is hatched, without a rate."""
    cohorts = cohorts[-_MOST:]
    said = "; ".join(
        f"{words.period(c.period)}: {_rate(c, words)}, {_n(c, words)}" for c in cohorts
    )
    step = min((WIDTH - 2 * _LEFT) / max(len(cohorts), 1), 120.0)
    marks = _marks(cohorts, breaks, words, step)
    top = 24.0 + _LINE * len({row for _, _, _, row in marks})
    base = top + _HIGH
    picture = Drawing(name, words.t("cohorts.title"), said, base + _FOOT)
    tops = [max(c.rate or 0, c.interval[1] if c.interval else 0) for c in cohorts]
    scale = _HIGH / (max(tops, default=0) or 1)
    picture.line([(_LEFT, base), (WIDTH - _LEFT, base)], "line")
    for text, x, left, row in marks:
        y = 11 + _LINE * row
        picture.line([(x, y - 9), (x, base + 4)], "warn", 1.6, "5 3")
        picture.text(left, y, text, SMALL, fill="warn", bold=True)
    for i, cohort in enumerate(cohorts):
        _bar(picture, cohort, words, (_LEFT + i * step, step, scale, base))
    _periods(picture, [words.period(c.period) for c in cohorts], step, base + 16)
    return picture


def _periods(picture: Drawing, periods: list[str], step: float, y: float) -> None:
    """As many as fit, at even distances."""
    size = 12 if step > 50 else SMALL
    widest = max((text_width(p, size) for p in periods), default=0.0)
    every = max(math.ceil((widest + 4) / step), 1)
    for i in range(0, len(periods), every):
        x = max(_LEFT + (i + 0.5) * step, widest / 2)
        picture.text(x, y, periods[i], size, "middle")


def _marks(
    cohorts: list[Cohort], breaks: list[Break], words: Words, step: float
) -> list[tuple[str, float, float, int]]:
    """Text, line, left edge and row of each break; no two texts over each other."""
    found: list[tuple[str, float, float, int]] = []
    ends: list[float] = []  # where the last text of each row ends
    for mark in sorted(breaks, key=lambda b: b.at):
        at = next((i for i, c in enumerate(cohorts) if c.period[:4] >= mark.at[:4]
                   and _start(c.period) >= mark.at[:7]), None)  # fmt: skip
        if not at:
            continue
        text = words.t("break.mark", at=words.period(mark.at[:7]),
                       factor=words.number(mark.factor))  # fmt: skip
        x, wide = _LEFT + at * step, text_width(text, SMALL) * 1.06
        left = x + 6 if x + 6 + wide <= WIDTH else x - 6 - wide
        row = next((i for i, end in enumerate(ends) if end < left), len(ends))
        ends[row : row + 1] = [left + wide + 8]
        found.append((text, x, left, row))
    return found


def one_grain(cohorts: list[Cohort]) -> list[Cohort]:
    """Quarters when there are 3 to 16 of them, else years, else the last months."""
    grains: dict[str, list[Cohort]] = {"quarter": [], "year": [], "month": []}
    for cohort in cohorts:
        _, _, part = cohort.period.partition("-")
        grain = "year" if not part else "quarter" if part[0] == "Q" else "month"
        grains[grain].append(cohort)
    if 3 <= len(grains["quarter"]) <= 16:
        return grains["quarter"]
    if len(grains["year"]) >= 3 or not grains["month"]:
        return grains["year"] or grains["quarter"]
    return grains["month"][-_MOST:]


def _bar(
    picture: Drawing, cohort: Cohort, words: Words,
    place: tuple[float, float, float, float],
) -> None:  # fmt: skip
    x, step, scale, base = place
    middle, width, size = x + step / 2, step * 0.56, 12 if step > 50 else SMALL
    if cohort.rate is None:
        picture.rect(middle - width / 2, base - 18, width, 18, "hatch", "mute", "3 2")
        top = base - 18
    else:
        top = base - max(cohort.rate * scale, 1.5)
        picture.rect(middle - width / 2, top, width, base - top, "bar")
    if cohort.interval:
        top = min(top, _whisker(picture, middle, cohort.interval, (base, scale)))
    if step > 44:
        picture.text(middle, top - 6, _rate(cohort, words), size, "middle", bold=True)
        picture.text(middle, base + 32, _n(cohort, words), SMALL, "middle", "mute")


def _whisker(
    picture: Drawing, x: float, interval: _ENDS, axis: tuple[float, float]
) -> float:
    """The interval on a paper edge, so that it shows on a dark bar; gives its top."""
    base, scale = axis
    low, high = (base - e * scale for e in interval)
    for stroke, width in (("paper", 3.4), ("ink", 1.2)):
        picture.line([(x, low), (x, high)], stroke, width)
        for y in (low, high):
            picture.line([(x - 4, y), (x + 4, y)], stroke, width)
    return high


def _rate(cohort: Cohort, words: Words) -> str:
    return words.t("young") if cohort.rate is None else words.percent(cohort.rate)


def _n(cohort: Cohort, words: Words) -> str:
    return (
        f"{cohort.wins}/{cohort.mature}"
        if cohort.rate is not None
        else (f"n = {words.number(cohort.entries, 0)}")
    )


def _start(period: str) -> str:
    """First month of `2017`, `2017-Q2` or `2017-05`."""
    year, _, part = period.partition("-")
    if part.startswith("Q") and part[1:].isdigit():
        return f"{year}-{int(part[1:]) * 3 - 2:02d}"
    return f"{year}-{part}" if part else f"{year}-01"
