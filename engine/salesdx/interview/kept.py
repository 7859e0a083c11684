"""Answers that are kept and not read now, and what nobody could tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.relevance import applies
from salesdx.facts import FactBase, Slice
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node
from salesdx.knowledge.models import QuestionEntry

Place = tuple[str, Slice]


@dataclass(frozen=True, slots=True)
class FindOut:
    """What somebody did not know and nobody has told since.

    `by` are those who were asked; `ask` is the next role that may know, None where
    nobody is left: then it is a task.
    """

    question: QuestionEntry
    about: Slice
    by: tuple[str, ...]
    ask: str | None


def last_of(log: AnswerLog, by: str | None) -> dict[Place, Answer]:
    """The last answer at each place, the place dealt with last at the end."""
    found: dict[Place, Answer] = {}
    for answer in log.answers:
        if by is None or answer.by == by:
            found.pop((answer.question, answer.where), None)
            found[answer.question, answer.where] = answer
    return found


def inactive(
    last: Mapping[Place, Answer], knowledge: KnowledgeBase, facts: FactBase,
    nodes: Mapping[str, Node], sales_model: str | None,
) -> frozenset[Place]:  # fmt: skip
    """Answers whose question does not apply now: kept, and read again if it does."""
    asked = {q for (q, _), a in last.items() if a.state == "answered"}
    off = {
        q for q in asked
        if applies(knowledge.questions[q], facts, knowledge, nodes, sales_model)
        is False
    }  # fmt: skip
    return frozenset(
        p for p, a in last.items() if a.state == "answered" and p[0] in off
    )


def to_find_out(log: AnswerLog, knowledge: KnowledgeBase) -> tuple[FindOut, ...]:
    """What nobody knew, with the next role to ask, in the order it came up."""
    last = {(a.question, a.where, a.by): a for a in log.answers}
    places: dict[Place, list[Answer]] = {}
    for (question, where, _), answer in last.items():
        places.setdefault((question, where), []).append(answer)
    return tuple(
        _find_out(knowledge.questions[question], where, answers)
        for (question, where), answers in places.items()
        if any(a.state == "dont_know" for a in answers)
        and all(a.state not in ("answered", "not_applicable") for a in answers)
    )


def _find_out(
    question: QuestionEntry, about: Slice, answers: Sequence[Answer]
) -> FindOut:
    asked = {a.role for a in answers}
    others = [r for r in question.who if r not in asked]
    by = tuple(a.by for a in answers if a.state == "dont_know")
    return FindOut(question, about, by, others[0] if others else None)
