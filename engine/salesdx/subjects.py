"""How each questionnaire stands: a problem, in order, not known, or not asked.

A measured figure beats what is said of it. A question asked of several people or
stages counts once: as a problem where it is one anywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from salesdx.answers.judged import Judged, judged
from salesdx.answers.relevance import applies, conditions
from salesdx.facts import COMPANY, Fact, FactBase, Measurement, slice_of
from salesdx.inference.world import Case
from salesdx.knowledge.answered import scale
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import QuestionEntry
from salesdx.result import Disagreement, Subject

ENOUGH = 3  # judged answers, below which a share says nothing


def subjects(
    knowledge: KnowledgeBase,
    facts: FactBase,
    figures: Sequence[Measurement],
    differ: Iterable[Disagreement],
    case: Case,
    sales_model: str | None,
) -> list[Subject]:
    """Every questionnaire that applies, in the author's order; none asked: no rows.

    Args:
        knowledge: the questions and what each calls a problem.
        facts: the answers in force.
        figures: what was measured.
        differ: where people differ among themselves, or from a figure.
        case: the case as it was judged, with its thresholds.
        sales_model: b2b or b2c; some questions are asked in one of them only.
    """
    reading = _Reading(knowledge, facts, figures, differ, case, sales_model)
    found = [reading.subject(name) for name in knowledge.questionnaires]
    told = [s for s in found if s.questions]
    return told if any(s.asked for s in told) else []


@dataclass(frozen=True, slots=True)
class _Answer:
    """A world in which one answer is all that is known."""

    fact: Fact
    case: Case

    def read(self, name: str) -> Fact:
        return self.fact if name == self.fact.name else Fact(name, None)

    def benchmark(self, name: str) -> float | None:
        return self.case.at(COMPANY).benchmark(name)


class _Reading:
    """The answers and figures of one case."""

    def __init__(
        self, knowledge: KnowledgeBase, facts: FactBase,
        figures: Sequence[Measurement], differ: Iterable[Disagreement], case: Case,
        sales_model: str | None,
    ) -> None:  # fmt: skip
        self._knowledge, self._facts, self._case = knowledge, facts, case
        self._nodes, self._model = conditions(knowledge), sales_model
        self._denied = {
            (d.question, slice_of(**d.about)) for d in differ if d.metric is not None
        }
        self._said: dict[str, list[Fact]] = {}
        for fact in facts.values():
            if fact.origin == "answer":
                self._said.setdefault(fact.name, []).append(fact)
        self._measured: Mapping[str, float] = {
            m.metric: m.value for m in figures
            if not m.slice and not m.period and m.state == "ok" and not m.said_by
            and m.value is not None
        }  # fmt: skip

    def subject(self, name: str) -> Subject:
        sheet = self._knowledge.questionnaires[name]
        asked = [q for q in sheet.questions if self._counts(q)]
        states = {q.id: self._state(q) for q in asked}
        by: dict[Judged, list[str]] = {}
        for question, state in states.items():
            if state is not None:
                by.setdefault(state, []).append(question)
        row = Subject(
            id=name, title=sheet.title, questions=len(asked),
            problems=by.get("problem", []), in_order=by.get("fine", []),
            not_known=by.get("unknown", []), state="judged",
        )  # fmt: skip
        if row.judged < ENOUGH:
            few = "few" if row.asked else "open"
            return row.model_copy(update={"state": few})
        return row

    def _counts(self, question: QuestionEntry) -> bool:
        """Whether it can point at a problem, and applies as far as that is known."""
        if question.problem is None and question.dont_know != "problem":
            return False
        if any(f.not_applicable for f in self._said.get(question.id, ())):
            return False
        held = applies(question, self._facts, self._knowledge, self._nodes, self._model)
        return held is not False

    def _state(self, question: QuestionEntry) -> Judged | None:
        """None where nobody was asked and nothing is measured."""
        figure = self._figure(question)
        said = [figure] if figure is not None else self._answers(question.id)
        states = [self._judged(question, fact) for fact in said]
        return _together(states)

    def _answers(self, question: str) -> list[Fact]:
        """What was said; what all slices come to is no answer of its own."""
        said = self._said.get(question, [])
        return [f for f in said if f.slice] or said

    def _figure(self, question: QuestionEntry) -> Fact | None:
        """The measured figure in place of an answer, in the unit of the question."""
        entry = self._knowledge.metrics.get(question.metric or "")
        value = self._measured.get(question.metric or "")
        if entry is None or value is None or (factor := scale(question, entry)) is None:
            return None
        return Fact(question.id, round(value / factor, 9))

    def _judged(self, question: QuestionEntry, fact: Fact) -> Judged:
        state = judged(question, fact, self._knowledge, _Answer(fact, self._case))
        yes_no = isinstance(fact.value, bool)
        if not yes_no or (fact.name, fact.slice) not in self._denied:
            return state
        turned = replace(fact, value=not fact.value)  # the figure says the opposite
        return judged(question, turned, self._knowledge, _Answer(turned, self._case))


def _together(states: Iterable[Judged]) -> Judged | None:
    """The worst that is said of any slice; in order only where nothing is unknown."""
    said = set(states)
    order: tuple[Judged, ...] = ("problem", "unknown", "told", "fine")
    return next((s for s in order if s in said), None)
