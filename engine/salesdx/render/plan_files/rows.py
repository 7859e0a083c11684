"""A row an action, as trackers take it: what to do, how, who, from when until when."""

import datetime as dt
from collections.abc import Mapping

from salesdx.render.clean import plain
from salesdx.render.page_one import kpi_line
from salesdx.render.plan_files import PlanFile
from salesdx.render.plan_files.steps import Step
from salesdx.render.words import Words

# the first are named as trackers name them, so that they find their place at once
COLUMNS = (
    "summary", "description", "assignee", "start", "due", "status", "repeat", "figure",
    "now", "target", "check", "causes", "agreed", "done", "note", "id",
)  # fmt: skip
Cell = str | dt.date


def cells(plan: PlanFile, step: Step, words: Words) -> Mapping[str, Cell]:
    """The cells of an action by column; what is not known is left out."""
    t, action = plan.t, step.action
    found: dict[str, Cell | None] = {
        "id": step.id, "summary": words.text(step.title),
        "description": "\n".join(description(plan, step, words)),
        "assignee": step.owner.name.in_(words.lang) if step.owner else "",
        "agreed": words.t("yes" if step.agreed else "no"),
        "status": t(f"state.{step.state}"),
        "note": step.edit.dropped or step.edit.note,
        "start": step.start, "due": step.due, "done": step.edit.done,
    }  # fmt: skip
    if action is not None:
        found["causes"] = "; ".join(words.title(c) for c in action.causes)
        found["repeat"] = rhythm(step, words)
    if action is not None and action.kpi is not None:
        kpi = action.kpi
        figures = {"now": kpi.now, "target": kpi.target}
        found |= {
            n: "" if v is None else words.quantity(v, kpi.unit)
            for n, v in figures.items()
        }
        found |= {"figure": words.text(kpi.title), "check": step.check}
    return {
        n: plain(v) if isinstance(v, str) else v for n, v in found.items() if v
    }  # fmt: skip


def rhythm(step: Step, words: Words) -> str:
    """`every week`; nothing where an action is done once."""
    repeat = step.action.repeat if step.action else None
    return words.t.code("repeat", repeat) if repeat else ""


def description(plan: PlanFile, step: Step, words: Words) -> list[str]:
    """How to do it and how to see that it works: what one needs without the report."""
    action = step.action
    if action is None:
        return []
    lines = [f"{i}. {words.text(s)}" for i, s in enumerate(action.steps, 1)]
    if action.repeat:
        lines += ["", f"{plan.t('col.repeat')}: {rhythm(step, words)}"]
    if action.kpi:
        day = words.day(action.kpi.check_day, "day.on")
        line = kpi_line(action.kpi, words)
        lines += ["", words.t("action.kpi", line=line, day=day)]
    if action.worksheet_title:
        title = words.text(action.worksheet_title)
        lines += ["", f"{words.t('action.worksheet')}: {title}"]
    return lines[1:] if lines and not lines[0] else lines
