"""How far each subject is: not started, in progress, done, or waiting for a return."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from salesdx.facts import FactBase, Slice
from salesdx.interview.agenda import Ask, sections_of
from salesdx.interview.timing import seconds_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node

Place = tuple[str, Slice]
Status = Literal["not_started", "in_progress", "later", "done"]


@dataclass(frozen=True, slots=True)
class Section:
    """One questionnaire as it stands for a respondent.

    `later` is how many were put off; the status `later` is that of a section where
    nothing else is left.
    """

    id: str
    status: Status
    answered: int
    left: int
    later: int
    seconds: int


def sections(
    knowledge: KnowledgeBase,
    facts: FactBase,
    nodes: Mapping[str, Node],
    done: Collection[Place],
    left: Sequence[Ask],
    put_off: Collection[Place],
) -> tuple[Section, ...]:
    """The subjects of one respondent, in the author's order."""
    of = sections_of(knowledge)
    answered: dict[str, int] = {}
    for question, _ in done:
        answered[of.get(question, "")] = answered.get(of.get(question, ""), 0) + 1
    open_: dict[str, list[Ask]] = {}
    for ask in left:
        open_.setdefault(of.get(ask.question.id, ""), []).append(ask)
    found = []
    for name in knowledge.questionnaires:
        asks, n = open_.get(name, []), answered.get(name, 0)
        if asks or n:
            later = sum((a.question.id, a.about) in put_off for a in asks)
            long = seconds_of(asks, facts, knowledge, nodes)
            status = _status(n, len(asks), later)
            found.append(Section(name, status, n, len(asks), later, long))
    return tuple(found)


def _status(answered: int, left: int, later: int) -> Status:
    if not left:
        return "done"
    if left == later:
        return "later"
    return "in_progress" if answered or later else "not_started"
