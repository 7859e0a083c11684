"""What an unanswered question could move: for the result document and for replays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import applies, conditions
from salesdx.diagnosis import Diagnosed
from salesdx.explanation.bill import unknown_names
from salesdx.facts import DIMENSIONS
from salesdx.inference.world import Case
from salesdx.interview.agenda import agenda
from salesdx.interview.candidate import Candidate
from salesdx.interview.choosing import Chooser
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.result import NextQuestion

MOST = 12
OF_ONE_CAUSE = 3
_SPOKEN = ("likely", "possible", "cannot_judge")
BEST = 100  # the value of the most useful question
# An unknown that could settle a cause already in question is worth more than one
# that could open a new one.
_INTEREST = {"possible": 3, "likely": 1, "open": 1, "cannot_judge": 2}
_OPEN = 10


def next_questions(
    causes: Sequence[Diagnosed],
    case: Case,
    log: AnswerLog,
    sales_model: str | None,
) -> list[NextQuestion]:
    """Unanswered questions that would settle the causes in question, best first.

    The algorithm is that of the interview, for the causes that the diagnosis speaks of;
    the value says how useful a question is beside the best one.
    """
    knowledge, facts = case.knowledge, case.facts
    asks = agenda(
        knowledge, log, facts, role=None, by=None, mode="full", sales_model=sales_model,
        values={d: facts.values_of(d) for d in DIMENSIONS},
    )  # fmt: skip
    spoken = {row.id for row in causes if row.outcome.verdict in _SPOKEN}
    spoken = spoken or {row.id for row in causes if _interest(row)}
    chooser = Chooser(knowledge, sales_model=sales_model, benchmarks=case.benchmarks)
    found = _spread(chooser.settling(facts, log, asks, spoken, most=len(asks)))
    return [
        NextQuestion(
            question=c.ask.question.id, title=c.ask.question.title,
            value=max(1, round(BEST * c.utility / found[0].utility)),
            why=_inside(c.reason),
        )
        for c in found
    ]  # fmt: skip


def _spread(order: Sequence[Candidate]) -> list[Candidate]:
    """The first questions in order; few of those that bear on one cause alone."""
    asked = Counter[tuple[str, ...]]()
    found = []
    for candidate in order:
        if len(candidate.causes) == 1:
            asked[candidate.causes] += 1
            if asked[candidate.causes] > OF_ONE_CAUSE:
                continue
        found.append(candidate)
    return found[:MOST]


def _inside(reason: Text) -> Text:
    """A reason as a part of a line: no capital, no full stop."""
    return Text(en=_small(reason.en), ru=_small(reason.ru))


def _small(said: str) -> str:
    return said[:1].lower() + said[1:].removesuffix(".")


@dataclass(slots=True)
class Telling:
    """How far an unanswered question could move verdicts: of which causes.

    `first` is the cause for which it is worth most.
    """

    value: int = 0
    first: str = ""
    most: int = 0
    causes: set[str] = field(default_factory=set)


def telling(
    causes: Sequence[Diagnosed], case: Case, log: AnswerLog, sales_model: str | None
) -> dict[str, Telling]:
    """Every unanswered question that could move a verdict."""
    knowledge = case.knowledge
    asked = {a.question for a in log.latest() if a.state != "later"}
    nodes = conditions(knowledge)
    found: dict[str, Telling] = {}
    for row in causes:
        interest = _interest(row)
        if not interest:
            continue
        for name, could in _could(row, case).items():
            question = knowledge.questions.get(name)
            if question is None or name in asked:
                continue
            fits = applies(question, case.facts, knowledge, nodes, sales_model)
            if fits is False:
                continue
            worth = could * interest
            told = found.setdefault(name, Telling())
            told.value += worth
            told.causes.add(row.id)
            if worth > told.most:
                told.most, told.first = worth, row.id
    return found


def _interest(row: Diagnosed) -> int:
    outcome = row.outcome
    if outcome.verdict == "open" and outcome.total.points < _OPEN // 2:
        seen = any(r.item.state and r.item.direction == "for" for r in outcome.rules)
        return 1 if seen else 0
    return _INTEREST.get(outcome.verdict, 0)


def _could(row: Diagnosed, case: Case) -> dict[str, int]:
    """Questions that unknown rules and gates of a cause wait for, with the points."""
    found: dict[str, int] = {}
    for rule in row.outcome.rules:
        if rule.item.state is None:
            for name in unknown_names(rule.outcome, case):
                for question in _questions(name, case.knowledge):
                    found[question] = max(found.get(question, 0), rule.item.full)
    for gate in row.outcome.gate:
        if gate.state is None:
            for name in unknown_names(gate, case):
                for question in _questions(name, case.knowledge):
                    found[question] = max(found.get(question, 0), _OPEN)
    return found


def _questions(name: str, knowledge: KnowledgeBase) -> list[str]:
    return [name] if name in knowledge.questions else []
