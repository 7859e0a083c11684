"""The funnel: how many entries reached each stage, with the interval of each step."""

from salesdx.render.charts.svg import WIDTH, Drawing
from salesdx.render.words import Words
from salesdx.result import FunnelStep

_LEFT, _ROOM, _ROW = 176, 300, 34


def draw(steps: list[FunnelStep], words: Words, name: str) -> Drawing:
    """Bars from the left; the whisker is the interval of the step's conversion."""
    t = words.t
    top = max((s.count for s in steps), default=0) or 1
    said = "; ".join(f"{s.title}: {_said(s, words)}" for s in steps)
    picture = Drawing(name, t("funnel.title"), said, len(steps) * _ROW + 6)
    for i, step in enumerate(steps):
        y, bar = i * _ROW + 4, _ROOM * step.count / top
        picture.label(_LEFT - 12, y + 12, step.title, _LEFT - 18, 12, 2, "end")
        picture.rect(_LEFT, y, max(bar, 1.5), 24, "bar")
        end = bar
        if i and step.interval:
            before = _ROOM * steps[i - 1].count / top
            low, high = (min(before * e, _ROOM) for e in step.interval)
            picture.whisker(_LEFT + low, _LEFT + high, y + 12)
            end = max(bar, high)
        text = _said(step, words)
        picture.text(min(_LEFT + end + 10, WIDTH - 192), y + 16.5, text, 12)
    return picture


def _said(step: FunnelStep, words: Words) -> str:
    text = words.number(step.count, 0)
    if step.conversion is None:
        return text
    text += f" · {words.percent(step.conversion)}"
    span = words.interval(step.interval, "ratio")
    return f"{text} ({span})" if span else text
