"""Cohort bars: what became of the entries of each period, with dated breaks."""

from salesdx.render.charts.svg import WIDTH, Drawing, text_width
from salesdx.render.words import Words
from salesdx.result import Break, Cohort

_TOP, _BASE, _LEFT, _MOST = 46.0, 196.0, 14.0, 24


def draw(
    cohorts: list[Cohort], breaks: list[Break], words: Words, name: str
) -> Drawing:
    """One bar a period (the last 24); a young cohort is hatched, without a rate."""
    cohorts = cohorts[-_MOST:]
    said = "; ".join(
        f"{words.period(c.period)}: {_rate(c, words)}, {_n(c, words)}" for c in cohorts
    )
    picture = Drawing(name, words.t("cohorts.title"), said, 242)
    step = min((WIDTH - 2 * _LEFT) / max(len(cohorts), 1), 120.0)
    tops = [max(c.rate or 0, c.interval[1] if c.interval else 0) for c in cohorts]
    scale = (_BASE - _TOP) / (max(tops, default=0) or 1)
    picture.line([(_LEFT, _BASE), (WIDTH - _LEFT, _BASE)], "line")
    for i, cohort in enumerate(cohorts):
        _bar(picture, cohort, words, (_LEFT + i * step, step, scale))
    for found in breaks:
        at = next((i for i, c in enumerate(cohorts) if c.period[:4] >= found.at[:4]
                   and _start(c.period) >= found.at[:7]), None)  # fmt: skip
        if at:
            _mark(picture, found, words, _LEFT + at * step)
    return picture


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
    picture: Drawing, cohort: Cohort, words: Words, place: tuple[float, float, float]
) -> None:
    x, step, scale = place
    middle, width, size = x + step / 2, step * 0.56, 12 if step > 50 else 9.5
    if cohort.rate is None:
        picture.rect(middle - width / 2, _BASE - 18, width, 18, "hatch", "mute", "3 2")
        top = _BASE - 18
    else:
        top = _BASE - max(cohort.rate * scale, 1.5)
        picture.rect(middle - width / 2, top, width, _BASE - top, "bar")
    if cohort.interval:
        low, high = (_BASE - e * scale for e in cohort.interval)
        picture.line([(middle, low), (middle, high)], "ink")
        for y in (low, high):
            picture.line([(middle - 4, y), (middle + 4, y)], "ink")
        top = min(top, high)
    if step > 34:
        picture.text(middle, top - 6, _rate(cohort, words), size, "middle", bold=True)
        picture.text(middle, _BASE + 32, _n(cohort, words), 10, "middle", "mute")
    every = int(text_width(words.period(cohort.period), size) / step) + 1
    if not round((x - _LEFT) / step) % every:
        picture.text(middle, _BASE + 16, words.period(cohort.period), size, "middle")


def _mark(picture: Drawing, found: Break, words: Words, x: float) -> None:
    text = words.t(
        "break.mark", at=words.period(found.at[:7]), factor=words.number(found.factor)
    )
    picture.line([(x, 16), (x, _BASE + 4)], "warn", 1.6, "5 3")
    left = x + 6 + text_width(text, 11) > WIDTH
    picture.text(x - 6 if left else x + 6, 12, text, 11, "end" if left else "start",
                 "warn", bold=True)  # fmt: skip


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
