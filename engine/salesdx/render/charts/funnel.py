"""The funnel: how many entries reached each stage, with the interval of each step."""

from salesdx.render.charts.svg import WIDTH, Drawing
from salesdx.render.words import Words
from salesdx.result import FunnelStep

_LEFT, _ROOM, _ROW, _TALLEST, _MOST = 176, 300, 34.0, 640.0, 32


def draw(steps: list[FunnelStep], words: Words, name: str) -> Drawing:
    """Bars from the left; the whisker is the interval of the step into the stage."""
    t = words.t
    top = max((s.count for s in steps), default=0) or 1
    said = "; ".join(
        f"{stage(s, words)}: {_said(steps, i, words)}" for i, s in enumerate(steps)
    )
    if len(steps) > _MOST:  # the middle of a very long way; the table has all of it
        steps = [*steps[: _MOST - 1], steps[-1]]
    row = min(_ROW, _TALLEST / max(len(steps), 1))
    high, lines = row - (10 if row > 28 else 7), 2 if row > 28 else 1
    picture = Drawing(name, t("funnel.title"), said, len(steps) * row + 6)
    for i, step in enumerate(steps):
        y, bar = i * row + 4, _ROOM * step.count / top
        label = stage(step, words)
        picture.label(_LEFT - 12, y + high / 2, label, _LEFT - 18, 12, lines, "end")
        picture.rect(_LEFT, y, max(bar, 1.5), high, "bar")
        end = bar
        into = steps[i - 1] if i else None
        if into and into.interval:
            before = _ROOM * into.count / top
            low, far = (min(before * e, _ROOM) for e in into.interval)
            picture.whisker(_LEFT + low, _LEFT + far, y + high / 2)
            end = max(bar, far)
        x = min(_LEFT + end + 10, WIDTH - 192)
        picture.text(x, y + high / 2 + 4.5, _said(steps, i, words), 12)
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
