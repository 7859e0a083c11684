"""The plan of a case in the workspace: which day it is, whom to ask, what to draw."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from salesdx.answers.log import AnswerLog
from salesdx.company import Company
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.render.plan_files.steps import Step
from salesdx.result import PlanAction


def today(company: Company, moment: dt.datetime) -> dt.date:
    """Which day it is where the company is."""
    return moment.astimezone(ZoneInfo(company.timezone)).date()


def people(log: AnswerLog, knowledge: KnowledgeBase) -> list[tuple[str, Text | None]]:
    """Names to offer as owners, with the role of each: those who are asked."""
    return [
        (p.name, knowledge.roles[p.role].title if p.role in knowledge.roles else None)
        for p in log.respondents.values()
        if p.name
    ]


def moved(steps: Iterable[Step], day_zero: dt.date | None) -> list[PlanAction]:
    """The actions with the days that people set, for the chart of the plan.

    A bar begins no earlier than the plan does.
    """
    found = []
    for s in steps:
        if s.action is None:
            continue
        if day_zero is None or s.start is None or s.due is None:
            found.append(s.action)
            continue
        start = max((s.start - day_zero).days, 0)
        days = max((s.due - day_zero).days - start, 1)
        found.append(s.action.model_copy(update={"start_day": start, "days": days}))
    return found
