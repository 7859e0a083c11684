"""The plan for other tools: a table for task trackers, a calendar (RFC 5545)."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Callable, Sequence

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP

from salesdx.crm.writing import spreadsheet_safe
from salesdx.language import Language
from salesdx.render.clean import plain
from salesdx.render.page_one import kpi_line
from salesdx.render.words import Words
from salesdx.result import ResultDocument
from salesdx.workspace.plans import Step

Say = Callable[..., str]  # a word of the pages: t("plan.col.action")
_SPACE = uuid.UUID("5a1e5d00-0000-5000-8000-706c616e0001")  # any, the same for ever
_COLUMNS = (
    "id", "action", "owner", "start", "due", "agreed", "state", "done", "figure",
    "now", "target", "check", "causes", "note",
)  # fmt: skip


def as_csv(
    document: ResultDocument, steps: Sequence[Step], lang: Language, t: Say
) -> bytes:
    """A row an action, in UTF-8 with a mark for spreadsheets; no cell is a formula."""
    words = Words(document, lang)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([t(f"plan.col.{name}") for name in _COLUMNS])
    for step in steps:
        row = _cells(step, words, t)
        writer.writerow([spreadsheet_safe(plain(row.get(c, ""))) for c in _COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def as_calendar(
    document: ResultDocument, steps: Sequence[Step], lang: Language, t: Say,
    *, life: str, stamp: dt.datetime,
) -> bytes:  # fmt: skip
    """A day an action, on which it is due; what has no day is left out.

    `life` names the case apart from all others: an action that is exported again
    takes its own place in the calendar. `stamp` is when the plan was changed last.
    """
    words = Words(document, lang)
    name = t("plan.calendar", company=document.case.name)
    calendar = Calendar.new(
        prodid="-//salesdx//plan//EN", method="PUBLISH", language=lang,
        name=plain(name), uid=_id(life),
    )  # fmt: skip
    for step in steps:
        if step.due is not None:
            calendar.add_component(_event(step, words, t, life, stamp))
    found: bytes = calendar.to_ical()
    return found


def _id(what: str) -> str:
    """A name in the whole world that is the same at every export."""
    return f"{uuid.uuid5(_SPACE, what)}@salesdx"


def _event(step: Step, words: Words, t: Say, life: str, stamp: dt.datetime) -> Event:
    assert step.due is not None
    title = words.text(step.title)
    if not step.is_left:
        title = f"{t(f'plan.state.{step.state}')}: {title}"
    return Event.new(
        uid=_id(f"{life}/{step.id}"), stamp=stamp,
        sequence=int(stamp.timestamp()) // 60 % 2**31, summary=plain(title),
        start=step.due, end=step.due + dt.timedelta(days=1),
        description=plain("\n".join(_told(step, words, t))),
        status=STATUS.CANCELLED if step.state == "dropped" else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
    )  # fmt: skip


def _told(step: Step, words: Words, t: Say) -> list[str]:
    """Who, which figure, how: what one needs without the program at hand."""
    lines = []
    if step.owner:
        lines.append(f"{t('plan.col.owner')}: {step.owner.name.in_(words.lang)}")
    if step.due and not step.agreed:
        lines.append(t("plan.proposed"))
    action = step.action
    if action and action.kpi:
        day = words.day(action.kpi.check_day, "day.on")
        lines.append(f"{kpi_line(action.kpi, words)} ({t('plan.look-on', day=day)})")
    if action and action.steps:
        lines += ["", *(f"{i}. {words.text(s)}" for i, s in enumerate(action.steps, 1))]
    said = step.edit.dropped or step.edit.note
    return [*lines, "", said] if said else lines


def _cells(step: Step, words: Words, t: Say) -> dict[str, str]:
    """The cells of an action by column; dates are ISO, as trackers read them."""
    days = {"start": step.start, "due": step.due, "done": step.edit.done}
    found = {
        "id": step.id, "action": words.text(step.title),
        "owner": step.owner.name.in_(words.lang) if step.owner else "",
        "agreed": words.t("yes" if step.agreed else "no"),
        "state": t(f"plan.state.{step.state}"),
        "note": step.edit.dropped or step.edit.note or "",
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    }  # fmt: skip
    action = step.action
    if action is None:
        return found
    found["causes"] = "; ".join(words.title(c) for c in action.causes)
    if action.kpi:
        kpi = action.kpi
        figures = {"now": kpi.now, "target": kpi.target}
        found |= {
            n: "" if v is None else words.quantity(v, kpi.unit)
            for n, v in figures.items()
        }
        found["figure"] = words.text(kpi.title)
        found["check"] = step.check.isoformat() if step.check else ""
    return found
