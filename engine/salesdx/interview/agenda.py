"""What is still to be asked of one respondent: relevance, roles, slices, states."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import applies, conditions
from salesdx.facts import FactBase, Slice
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import QuestionEntry


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to put, about a slice where it is asked per slice."""

    question: QuestionEntry
    about: Slice = ()


def agenda(
    knowledge: KnowledgeBase,
    log: AnswerLog,
    facts: FactBase,
    *,
    role: str | None,
    by: str | None,
    mode: str,
    sales_model: str | None,
    values: Mapping[str, Sequence[str]],
    first: Iterable[str] = (),
) -> list[Ask]:
    """Questions still to be asked of one respondent, in order.

    `mode` is `quick` (the fixed core), `full` (all, in the author's order), `guided`
    (`first`, the most telling ones, before the rest) or `form` (only `first`). `values`
    are the values of a dimension for questions asked per slice.
    """
    order = in_order(knowledge)
    if mode == "quick":
        order = [q for q in order if q.core]
    elif mode == "form":
        order = [knowledge.questions[i] for i in first]
    elif mode == "guided":
        telling = [i for i in dict.fromkeys(first) if i in knowledge.questions]
        lead = [knowledge.questions[i] for i in telling]
        order = lead + [q for q in order if q not in lead]
    nodes = conditions(knowledge)
    done = {
        (a.question, a.where) for a in log.latest()
        if a.state != "later" and (by is None or a.by == by)
    }  # fmt: skip
    found = []
    for question in order:
        if role is not None and role not in question.who:
            continue
        if applies(question, facts, knowledge, nodes, sales_model) is False:
            continue
        for about in _abouts(question, log, by, values):
            if (question.id, about) not in done:
                found.append(Ask(question, about))
    return found


def in_order(knowledge: KnowledgeBase) -> list[QuestionEntry]:
    """All questions as their authors put them: by questionnaire, as written there."""
    sections = sections_of(knowledge)
    listed = [knowledge.questions[i] for i in sections if i in knowledge.questions]
    return listed + [q for i, q in knowledge.questions.items() if i not in sections]


def sections_of(knowledge: KnowledgeBase) -> dict[str, str]:
    """Question -> its questionnaire: the subject it belongs to."""
    return {q.id: n for n, s in knowledge.questionnaires.items() for q in s.questions}


def _abouts(
    question: QuestionEntry,
    log: AnswerLog,
    by: str | None,
    values: Mapping[str, Sequence[str]],
) -> list[Slice]:
    if question.about is None:
        return [()]
    person = log.respondents.get(by) if by else None
    if question.about == "manager" and person and person.manager:
        return [(("manager", person.manager),)]
    return [((question.about, v),) for v in values.get(question.about, [])]
