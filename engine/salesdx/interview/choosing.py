"""The algorithm that chooses the next question."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import conditions
from salesdx.facts import FactBase
from salesdx.interview.agenda import Ask
from salesdx.interview.candidate import Candidate, StopAdvice
from salesdx.interview.prospects import ANSWERED, Prospects, Reckoner
from salesdx.interview.scoring import Scorer
from salesdx.interview.stopping import advice
from salesdx.interview.value import Value, Valuing
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import names
from salesdx.language import Text

PHONE, TALK = 1.6, 3.0  # how much keeping to the subject is worth


class Chooser:
    """Chooses questions for one company; remembers the last answer, to be quick."""

    def __init__(
        self, knowledge: KnowledgeBase, *, sales_model: str | None = None,
        benchmarks: Mapping[str, float | None] | None = None,
        stakes: Mapping[str, float] | None = None, keeping: float = PHONE,
    ) -> None:  # fmt: skip
        self._knowledge, self._keeping = knowledge, keeping
        self._scorer = Scorer(knowledge, sales_model=sales_model, benchmarks=benchmarks)
        self._reckoner = Reckoner(self._scorer)
        layout = self._reckoner.layout
        self._valuing = Valuing(layout, np.ones(len(layout.causes)))
        self._place = {q: i for i, q in enumerate(layout.questions)}
        self._section = {
            q.id: s.id for s in knowledge.questionnaires.values() for q in s.questions
        }
        compiler = self._scorer.compiler
        nodes = conditions(knowledge)
        self._relevant = {q: compiler.test(n) for q, n in nodes.items()}
        self._waits = {q: frozenset(names(n)) for q, n in nodes.items()}
        self._usual = {
            n: (t, f, 100)
            for found in self._reckoner.shares.values()
            for n, (t, f) in found.items()
        }
        self._last: Prospects | None = None

    def _prospects(self, facts: FactBase, asks: Sequence[Ask]) -> Prospects:
        weights = {
            a.question.id: ANSWERED * self._relevance(a.question.id, facts)
            for a in asks
            if not a.about
        }
        self._last = self._reckoner.at(facts, weights, self._last)
        return self._last

    def _value(self, now: Prospects) -> Value:
        rows, causes = now.standing.rows, self._reckoner.layout.causes
        two = np.array([rows[c].total.groups_for >= 2 for c in causes])
        bar = np.where(two, 10.0, 20.0)
        active = {
            c: "likely" if e >= 42 else "possible"
            for c, e, b in zip(causes, now.points, bar, strict=True)
            if e >= b
        }
        active |= {
            i: v
            for i, (v, _) in now.standing.readings.people.items()
            if v in ("likely", "possible")
        }
        places = self._scorer.ranking.places(causes, active)
        _, rank = np.unique(places, return_inverse=True)
        return self._valuing.value(now, bar, rank.astype(np.int64))

    def _relevance(self, name: str, facts: FactBase) -> float:
        test = self._relevant.get(name)
        if test is None:
            return 1.0
        known = {n: facts.fact(n) for n in self._waits[name]}
        true, false, _ = test(known, self._usual)
        return true / (true + false) if true + false else 0.5

    def _unknown(self, log: AnswerLog, role: str | None) -> dict[str, float]:
        asked, missed = Counter[str](), Counter[str]()
        for answer in log.answers:
            if role is not None and answer.role != role:
                continue
            section = self._section.get(answer.question, "")
            asked[section] += 1
            missed[section] += answer.state == "dont_know"
        return {s: (1 + missed[s]) / (10 + n) for s, n in asked.items()}

    def candidates(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask], *,
        role: str | None, section: str | None = None, most: int = 5,
    ) -> list[Candidate]:  # fmt: skip
        now = self._prospects(facts, asks)
        value = self._value(now)
        unknown = self._unknown(log, role)
        found = []
        for i, ask in enumerate(asks):
            name = ask.question.id
            worth = (
                float(value.questions[self._place[name]])
                if name in self._place
                else 0.0
            )
            mine = self._section.get(name, "")
            u = (
                worth
                * (now.weights.get(name, 0) / ANSWERED)
                * (1 - unknown.get(mine, 0.1))
                / ask.question.seconds
                * (self._keeping if mine == section else 1.0)
            )
            found.append((-round(u, 9), i, ask))
        found.sort(key=lambda f: f[:2])
        return [
            Candidate(ask, -u, ask.question.seconds, Text(en="-", ru="-"))
            for u, _, ask in found[:most]
        ]

    def stop(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask], *, role: str | None
    ) -> StopAdvice:
        now = self._prospects(facts, asks)
        return advice(self._reckoner, now, self._value(now), log, asks)
