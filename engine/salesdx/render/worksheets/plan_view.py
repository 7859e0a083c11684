"""An action of the plan as a worksheet shows it: dates and figures in words."""

from salesdx.render.page_one import doer, kpi_line
from salesdx.render.words import Words
from salesdx.render.worksheets.told import Action, Kpi
from salesdx.result import PlanAction


def told(action: PlanAction, words: Words) -> Action:
    """The action as people set it; days of the plan where the case has no date."""
    start, end = action.start_day, action.start_day + action.days
    edit = action.edit
    due, begun = (edit.due, edit.start) if edit else (None, None)
    causes = [words.title(c) for c in action.causes if c in words.titles]
    return Action(
        id=action.id, title=words.text(action.title),
        owner=doer(action, words),
        start=words.iso(begun) if begun else words.day(start),
        end=words.iso(due) if due else words.day(end),
        span=words.t("action.until", day=words.iso(due))
        if due
        else words.span_of_days(start, end),
        repeat=words.t.code("repeat", action.repeat) if action.repeat else "",
        causes=tuple(causes), steps=tuple(words.text(s) for s in action.steps),
        kpi=_kpi(action, words),
    )  # fmt: skip


def _kpi(action: PlanAction, words: Words) -> Kpi:
    kpi = action.kpi
    if kpi is None:
        return Kpi(shown="")

    def quantity(value: float | None) -> str:
        return "" if value is None else words.quantity(value, kpi.unit)

    day = words.day(kpi.check_day)
    line = words.t("action.kpi", line=kpi_line(kpi, words), day=day)
    return Kpi(
        title=words.text(kpi.title), now=quantity(kpi.now),
        target=quantity(kpi.target), check=day, shown=line,
    )  # fmt: skip
