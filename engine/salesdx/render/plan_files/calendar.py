"""iCalendar (RFC 5545): when an action is due, its rhythm after that, its day to look.

Days are whole days without a time zone: a plan is made in days.
"""

import datetime as dt
import uuid
from calendar import monthrange
from collections.abc import Iterator
from typing import Any

from icalendar import Alarm, Calendar, Event
from icalendar.enums import STATUS, TRANSP

from salesdx.render.clean import plain
from salesdx.render.page_one import kpi_line
from salesdx.render.plan_files import PlanFile
from salesdx.render.plan_files.rows import description
from salesdx.render.plan_files.steps import Step
from salesdx.render.words import Words

_SPACE = uuid.UUID("5a1e5d00-0000-5000-8000-706c616e0001")  # any, the same for ever
_DAY = dt.timedelta(days=1)
_ALARM = dt.timedelta(hours=-15)  # at nine of the day before
_SHORTEST = 28  # days of a month
_SATURDAY = 5


def write(plan: PlanFile) -> bytes:
    """A day an action, on which it is due, and what follows; no day, no entry."""
    name = plan.t("calendar", company=plan.document.case.name)
    calendar = Calendar.new(
        prodid="-//salesdx//plan//EN", method="PUBLISH", language=plan.lang,
        name=plain(name), uid=_id(plan.life),
    )  # fmt: skip
    words = plan.words
    for step in plan.steps:
        for event in _events(plan, step, words):
            calendar.add_component(event)
    found: bytes = calendar.to_ical()
    return found


def _id(what: str) -> str:
    """A name in the whole world that is the same at every export."""
    return f"{uuid.uuid5(_SPACE, what)}@salesdx"


def _events(plan: PlanFile, step: Step, words: Words) -> Iterator[Event]:
    told, action = _told(plan, step, words), step.action
    title = words.text(step.title)
    if step.due is not None:
        state = "" if step.is_left else f"{plan.t(f'state.{step.state}')}: "
        yield _event(plan, step, "", step.due, f"{state}{title}", told, step.is_left)
    if action is None or step.state == "dropped":
        return
    if step.due is not None and action.repeat in _RULES:
        first, rule = _rhythm(action.repeat, step.due)
        again = _told(plan, step, words, dated=False)
        event = _event(plan, step, "/rhythm", first, title, again, alarm=False)
        event.add("rrule", rule)
        yield event
    if step.check is not None and action.kpi is not None:
        figure = words.text(action.kpi.title)
        head = plan.t("check", figure=figure)
        lines = [kpi_line(action.kpi, words), title, *_owner(plan, step, words)]
        yield _event(plan, step, "/check", step.check, head, lines)


def _event(
    plan: PlanFile, step: Step, part: str, day: dt.date, title: str, told: list[str],
    alarm: bool = True,
) -> Event:  # fmt: skip
    status = STATUS.CANCELLED if step.state == "dropped" else STATUS.CONFIRMED
    event = Event.new(
        uid=_id(f"{plan.life}/{step.id}{part}"), stamp=plan.stamp,
        sequence=int(plan.stamp.timestamp()) // 60 % 2**31, summary=plain(title),
        start=day, end=day + _DAY, description=plain("\n".join(told)), status=status,
        transparency=TRANSP.TRANSPARENT,
    )  # fmt: skip
    if alarm:
        bell = Alarm()
        bell.add("action", "DISPLAY")
        bell.add("description", plain(title))
        bell.add("trigger", _ALARM)
        event.add_component(bell)
    return event


_RULES: dict[str | None, dict[str, Any]] = {
    "daily": {"freq": "daily"},
    "weekly": {"freq": "weekly"},
    "monthly": {"freq": "monthly"},
    "quarterly": {"freq": "monthly", "interval": 3},
}


def _rhythm(repeat: str | None, due: dt.date) -> tuple[dt.date, dict[str, Any]]:
    """The first day after an action is in place, and the rule of the days after it.

    No weekly round begins at a week end. A month without a 31st is not left out: its
    last day stands in.
    """
    rule = dict(_RULES[repeat])
    if repeat == "daily":
        return due + _DAY, rule
    if repeat == "weekly":
        return _working(due + 7 * _DAY), rule
    if due.day > _SHORTEST:
        rule |= {"bymonthday": list(range(_SHORTEST, due.day + 1)), "bysetpos": -1}
    return _months_on(due, rule.get("interval", 1)), rule


def _working(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a week end."""
    return day + (7 - day.weekday()) * _DAY if day.weekday() >= _SATURDAY else day


def _months_on(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one that there is."""
    at = day.month - 1 + months
    year, month = day.year + at // 12, at % 12 + 1
    return dt.date(year, month, min(day.day, monthrange(year, month)[1]))


def _owner(plan: PlanFile, step: Step, words: Words) -> list[str]:
    if step.owner is None:
        return []
    return [f"{plan.t('col.assignee')}: {step.owner.name.in_(words.lang)}"]


def _told(plan: PlanFile, step: Step, words: Words, *, dated: bool = True) -> list[str]:
    """Who, how, which figure: what one needs without the program at hand."""
    lines = _owner(plan, step, words)
    if dated and step.due and not step.agreed:
        lines.append(plan.t("proposed"))
    how = description(plan, step, words)
    said = step.edit.dropped or step.edit.note
    return [*lines, *(["", *how] if how else []), *(["", said] if said else [])]
