"""The funnel: how many entries reached each stage, with the interval of each step."""

from salesdx.render.charts.svg import WIDTH, Drawing
from salesdx.render.words import Words
from salesdx.result import FunnelStep

_LEFT, _ROOM, _ROW = 176, 300, 34


def draw(steps: list[FunnelStep], words: Words, name: str) -> Drawing:
    """Bars from the left; the whisker is the interval of the step into the stage."""
    t = words.t
    top = max((s.count for s in steps), default=0) or 1
    said = "; ".join(
        f"{stage(s, words)}: {_said(steps, i, words)}" for i, s in enumerate(steps)
    )
    picture = Drawing(name, t("funnel.title"), said, len(steps) * _ROW + 6)
    for i, step in enumerate(steps):
        y, bar = i * _ROW + 4, _ROOM * step.count / top
        label = stage(step, words)
        picture.label(_LEFT - 12, y + 12, label, _LEFT - 18, 12, 2, "end")
        picture.rect(_LEFT, y, max(bar, 1.5), 24, "bar")
        end = bar
        into = steps[i - 1] if i else None
        if into and into.interval:
            before = _ROOM * into.count / top
            low, high = (min(before * e, _ROOM) for e in into.interval)
            picture.whisker(_LEFT + low, _LEFT + high, y + 12)
            end = max(bar, high)
        x = min(_LEFT + end + 10, WIDTH - 192)
        picture.text(x, y + 16.5, _said(steps, i, words), 12)
    return picture


def stage(step: FunnelStep, words: Words) -> str:
    """Title of a stage; the closing stage has no name of the company's own."""
    return words.t.code("stage", step.title)


def _said(steps: list[FunnelStep], i: int, words: Words) -> str:
    """Count, and the share of the stage before that came here."""
    text = words.number(steps[i].count, 0)
    into = steps[i - 1] if i else None
    if into is None or into.conversion is None:
        return text
    text += f" · {words.percent(into.conversion)}"
    span = words.interval(into.interval, "ratio")
    return f"{text} ({span})" if span else text
