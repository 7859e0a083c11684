"""One interview with a made-up company, in one order, and what is seen on the way."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from interview_companies import SPEAKER, Company
from interview_judging import Judgement, Standing, diagnosed

from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.relevance import active, applies, conditions
from salesdx.company import Respondent
from salesdx.facts import Fact, FactBase
from salesdx.interview.agenda import Ask
from salesdx.interview.scoring import Scorer
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, names
from salesdx.knowledge.models import QuestionEntry


@dataclass(frozen=True)
class Setup:
    """What all interviews share."""

    knowledge: KnowledgeBase
    scorers: Mapping[str, Scorer]
    nodes: Mapping[str, Node]
    deciding: frozenset[str]
    read: frozenset[str]
    section: Mapping[str, str]

    @classmethod
    def of(cls, knowledge: KnowledgeBase) -> "Setup":
        nodes = conditions(knowledge)
        deciding = frozenset(n for node in nodes.values() for n in names(node))
        section = {
            q.id: s.id for s in knowledge.questionnaires.values() for q in s.questions
        }
        scorers = {m: Scorer(knowledge, sales_model=m) for m in ("b2b", "b2c")}
        conditions_ = [n for c in knowledge.causes.values() for n in c.nodes]
        conditions_ += [s.node for s in knowledge.symptoms.values()]
        read = frozenset(n for node in conditions_ for n in names(node))
        return cls(knowledge, scorers, nodes, deciding, read, section)


@dataclass
class Interview:
    """The answers so far; relevance and facts follow from them alone."""

    setup: Setup
    company: Company
    role: str | None
    asked: list[str] = field(default_factory=list)
    given: dict[str, Fact] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    facts: FactBase = field(default_factory=FactBase)
    off: frozenset[str] = frozenset()
    standing: Standing | None = None

    def __post_init__(self) -> None:
        self.given = {f.name: f for f in self.company.figures}
        self._recompute()

    def left(self) -> Iterator[QuestionEntry]:
        """Questions still to be asked, in the author's order."""
        for question in self.setup.knowledge.questions.values():
            name = question.id
            if (
                name in self.company.answers and name not in self.given
                and name not in self.off
                and (self.role is None or self.role in question.who)
            ):  # fmt: skip
                yield question

    def ask(self, name: str) -> None:
        """Put a question; its answer is the same whenever it is put."""
        said = self.company.answers[name]
        self.asked.append(name)
        self.given[name] = said
        self.answers.append(_answer(said, self.role))
        if name in self.setup.deciding:
            self._recompute()
        else:
            self.facts = self.facts.with_facts([said])

    def log(self) -> AnswerLog:
        person = Respondent(role=self.role or "head_of_sales")
        return AnswerLog.model_construct(
            respondents={SPEAKER: person}, answers=tuple(self.answers)
        )

    def _recompute(self) -> None:
        kb, model = self.setup.knowledge, self.company.model
        self.facts = active(FactBase.of(self.given.values()), kb, model)
        self.off = frozenset(
            q.id for q in kb.questions.values()
            if applies(q, self.facts, kb, self.setup.nodes, model) is False
        )  # fmt: skip


def _answer(said: Fact, role: str | None) -> Answer:
    return Answer.model_construct(
        question=said.name, by=SPEAKER, role=role or "head_of_sales",
        value=said.value, state="dont_know" if said.dont_know else "answered",
        confidence=100, about=(), agreed=False, note="", evidence=(),
    )  # fmt: skip


class Order(Protocol):
    """Decides what is asked next."""

    def next(self, interview: Interview) -> Iterable[str]:
        """The next question, or several to be put one after the other; none ends."""
        ...


@dataclass(frozen=True)
class Stopped:
    """Where stopping was first suggested: after how many questions."""

    after: int
    leader: str | None
    settled: bool


@dataclass(frozen=True)
class Course:
    """What an interview looked like: how it stood before and after every question."""

    asked: tuple[str, ...]
    standings: tuple[Standing, ...]
    seconds: tuple[float, ...]
    jumps: int
    stopped: Stopped | None
    scores: Mapping[str, tuple[str, int]]
    as_diagnosed: bool


def course(setup: Setup, company: Company, role: str | None, order: Order) -> Course:
    """Hold one interview to its end."""
    interview = Interview(setup, company, role)
    judgement = Judgement.of(setup.scorers[company.model], interview.facts)
    standings, seconds = [judgement.standing()], [0.0]
    while True:
        interview.standing = standings[-1]
        names_ = list(order.next(interview))
        if not names_:
            break
        for name in names_:
            if name in interview.off or name in interview.given:
                continue
            interview.ask(name)
            judgement.take(interview.facts)
            standings.append(judgement.standing())
            seconds.append(seconds[-1] + company.seconds[name])
    sections = [setup.section[n] for n in interview.asked]
    jumps = sum(a != b for a, b in itertools.pairwise(sections))
    return Course(
        tuple(interview.asked), tuple(standings), tuple(seconds), jumps,
        getattr(order, "stopped", None), judgement.scores(),
        diagnosed(setup.knowledge, interview.facts, company.model)
        == (standings[-1].first, judgement.scores()),
    )  # fmt: skip


def asks(interview: Interview) -> list[Ask]:
    """What is left, as a chooser reads it."""
    return [Ask(q) for q in interview.left()]
