"""The plan on ninety days: a bar an action, a diamond for the day of the check."""

from salesdx.render.charts.svg import SMALL, WIDTH, Drawing, text_width
from salesdx.render.report import Column, Table
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
        picture.text(x, 12, t("day", n=str(day)), SMALL, anchor, "mute")
    for i, action in enumerate(shown):
        y = _HEAD + i * _ROW
        title = words.text(action.title)
        picture.label(_LEFT - 12, y + 10, title, _LEFT - 18, SMALL, 2, "end")
        _bar(picture, action, y, scale, last)
    _legend(picture, shown, words, height - 8)
    return picture


def _bar(
    picture: Drawing, action: PlanAction, y: float, scale: float, last: int
) -> None:
    """Filled while it is to be done, an outline with a tick once it is."""
    x, wide = _LEFT + action.start_day * scale, max(action.days * scale, 4)
    if action.repeat and not _done(action):
        far = max(x + wide, _LEFT + last * scale)
        picture.line([(x + wide, y + 10), (far, y + 10)], "bar", 2, "2 4")
    if _done(action):
        picture.rect(x, y + 3, max(wide, 14), 14, "soft", "ink")
        _tick(picture, x + max(wide, 14) / 2, y + 10)
    else:
        picture.rect(x, y + 3, wide, 14, "bar")
    if action.kpi:
        at = _LEFT + action.kpi.check_day * scale
        picture.diamond(at, y + 10, 8, "paper")
        picture.diamond(at, y + 10, 6)


def _done(action: PlanAction) -> bool:
    return action.edit is not None and action.edit.done is not None


def _tick(picture: Drawing, x: float, y: float) -> None:
    picture.line([(x - 4, y), (x - 1, y + 3), (x + 4, y - 4)], "ink", 1.6)


def _legend(picture: Drawing, shown: list[PlanAction], words: Words, y: float) -> None:
    x, t = _LEFT + 6, words.t
    if any(a.kpi for a in shown):
        picture.diamond(x, y, 5)
        picture.text(x + 12, y + 4, t("timeline.check"), SMALL, fill="mute")
        x += 34 + text_width(t("timeline.check"), SMALL)
    if any(a.repeat and not _done(a) for a in shown):
        picture.line([(x, y), (x + 20, y)], "bar", 2, "2 4")
        picture.text(x + 26, y + 4, t("timeline.repeat"), SMALL, fill="mute")
        x += 48 + text_width(t("timeline.repeat"), SMALL)
    if any(map(_done, shown)):
        picture.rect(x, y - 7, 16, 14, "soft", "ink")
        _tick(picture, x + 8, y)
        picture.text(x + 22, y + 4, t("timeline.done"), SMALL, fill="mute")


def twin(actions: list[PlanAction], words: Words) -> Table:
    """The same in a table: all actions, with the days of work and of the check."""
    t = words.t
    columns = [
        Column(t("col.action"), 8, strong=True), Column(t("col.start"), 4),
        Column(t("col.end"), 4), Column(t("timeline.check"), 4),
    ]  # fmt: skip
    return Table(columns, [
        [
            words.text(a.title), words.day(a.start_day),
            words.day(a.start_day + a.days),
            words.day(a.kpi.check_day) if a.kpi else "\u2014",
        ]
        for a in actions
    ])  # fmt: skip


def _span(action: PlanAction, words: Words) -> str:
    end = action.start_day + action.days
    return words.t("days.span", start=str(action.start_day), end=str(end))
