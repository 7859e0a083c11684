"""The plan on ninety days: a bar an action, a diamond for the day of the check."""

from salesdx.render.charts.svg import WIDTH, Drawing
from salesdx.render.words import Words
from salesdx.result import PlanAction

_LEFT, _ROW, _HEAD, _MOST = 250.0, 30.0, 24.0, 20


def draw(actions: list[PlanAction], words: Words) -> Drawing:
    """At most 20 actions; the scale is 90 days or more when a check comes later."""
    t = words.t
    shown = actions[:_MOST]
    last = max([90] + [a.kpi.check_day for a in shown if a.kpi]
               + [a.start_day + a.days for a in shown])  # fmt: skip
    scale = (WIDTH - _LEFT - 16) / last
    said = "; ".join(f"{words.text(a.title)}: {_span(a, words)}" for a in shown)
    height = _HEAD + len(shown) * _ROW + 26
    picture = Drawing("timeline", t("timeline.title"), said, height)
    for day in range(0, last + 1, 30):
        x = _LEFT + day * scale
        picture.line([(x, _HEAD - 6), (x, height - 26)], "line", 1)
        anchor = "end" if day + 15 > last else "middle" if day else "start"
        picture.text(x, 12, t("day", n=str(day)), 10.5, anchor, "mute")
    for i, action in enumerate(shown):
        y = _HEAD + i * _ROW
        title = words.text(action.title)
        picture.label(_LEFT - 12, y + 10, title, _LEFT - 18, 11, 2, "end")
        x = _LEFT + action.start_day * scale
        picture.rect(x, y + 3, max(action.days * scale, 4), 14, "bar")
        if action.kpi:
            picture.diamond(_LEFT + action.kpi.check_day * scale, y + 10, 6)
    picture.diamond(_LEFT + 6, height - 8, 5)
    picture.text(_LEFT + 18, height - 4, t("timeline.check"), 11, fill="mute")
    return picture


def _span(action: PlanAction, words: Words) -> str:
    end = action.start_day + action.days
    return words.t("days.span", start=str(action.start_day), end=str(end))
