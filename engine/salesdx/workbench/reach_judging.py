"""Judge supposed facts by the real inference, over the part of the rules that matters.

Answers become an answer log and are settled, figures become facts, what does not apply
drops out: the same way as in a case.
"""

from collections.abc import Iterator, Mapping

from salesdx.answers.differing import differing
from salesdx.answers.facts import settle
from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.relevance import active
from salesdx.answers.values import bounds
from salesdx.company import Company
from salesdx.facts import COMPANY, Fact, FactBase, Measurement, Slice
from salesdx.inference.infer import infer
from salesdx.inference.possible import Values
from salesdx.inference.reference import ReferenceExecutor
from salesdx.inference.verdicts import CauseOutcome
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.benchmarks import thresholds
from salesdx.knowledge.models import SalesModel
from salesdx.workbench.reach_solving import Marks, Place, Supposed, example


def place_of(cause: ReadyCause) -> Slice:
    """Where a witness of the cause is looked for: the company, or one slice."""
    return example(cause.spec.for_each) if cause.spec.for_each else COMPANY


def facts_of(
    supposed: Supposed, knowledge: KnowledgeBase, model: str | None
) -> FactBase:
    """What the rules would see if these answers were given and figures measured."""
    known = [f for f in supposed.values() if f.value is not None or f.dont_know]
    figures = [f for f in known if f.origin == "metric"]
    measured: Mapping[Place, Measurement] = {
        (f.name, f.slice): Measurement(f.name, float(f.value), f.slice)  # type: ignore[arg-type]
        for f in figures
    }
    answers = [a for f in known if f.origin == "answer" for a in _given(f, knowledge)]
    said = settle(AnswerLog(answers=tuple(answers)), knowledge, measured)
    gaps = [f for f in known if f.origin == "gap"]
    return active(FactBase.of([*figures, *gaps, *said.facts]), knowledge, model)


def _given(fact: Fact, knowledge: KnowledgeBase) -> Iterator[Answer]:
    """The answer behind a fact; a second, other one where respondents differ."""
    question = knowledge.questions[fact.name]
    said = Answer(
        question=fact.name, by="first", role=question.who[0], value=fact.value,
        state="dont_know" if fact.dont_know else "answered", confidence=100,
        about=fact.slice, agreed=False, note="",
    )  # fmt: skip
    yield said
    if fact.disagree:
        others = [o.value for o in Values(knowledge).of(fact.name, fact.slice)]
        low, high = bounds(question)
        far = next(
            v for v in (*others, low, high, _beyond(fact.value))
            if differing(question, [fact.value, v])
        )  # fmt: skip
        yield said.model_copy(update={"by": "second", "value": far})


def _beyond(value: object) -> float | None:
    """A number that differs from another however rough it is meant."""
    return 3 * value + 1 if isinstance(value, int | float) else None


def marks_of(knowledge: KnowledgeBase, model: SalesModel) -> Marks:
    """The thresholds that fit a company of which only the sales model is known."""
    company = Company(format=1, name="witness", sales_model=model)
    return thresholds(knowledge.benchmarks, company)


def judge(
    cause: str, supposed: Supposed, knowledge: KnowledgeBase, model: str | None,
    marks: Marks,
) -> CauseOutcome:  # fmt: skip
    """The outcome of one cause when just this is known."""
    facts = facts_of(supposed, knowledge, model)
    where = place_of(knowledge.causes[cause])
    if where:  # an empty fact names the slice, so that the cause has a row there
        facts = facts.with_facts([Fact("slice", None, where)])
    found = infer(
        knowledge, facts, ReferenceExecutor(), sales_model=model, benchmarks=marks
    )
    return found.causes[cause, where]
