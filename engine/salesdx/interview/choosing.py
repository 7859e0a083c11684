"""The algorithm that chooses the next question: the most information per second.

One question ahead (Breese and Heckerman 1996; Chen et al. 2017, arXiv:1703.05452); what
it saves is measured in docs/interview-order.md.

Of every open question: what its answer is worth (`value`), by the chance that it
applies and that the respondent knows, for every second that it takes; more where it
keeps to the subject. What no rule reads is worth nothing: it comes last, in the order
given, and never drops out.
"""

import threading
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import conditions
from salesdx.facts import FactBase
from salesdx.interview.agenda import Ask
from salesdx.interview.belief import Floats, summed
from salesdx.interview.candidate import Candidate, StopAdvice
from salesdx.interview.prospects import ANSWERED, Prospects, Reckoner
from salesdx.interview.reasons import Moved, opening_reason, question_reason
from salesdx.interview.respondent import Manner, manner
from salesdx.interview.scoring import Scorer
from salesdx.interview.stopping import advice
from salesdx.interview.value import Value, Valuing, bars, ranked, verdicts_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import names

QUICK, GUIDED = 1.6, 3.0  # what keeping to the subject is worth: on a phone, in a talk
_OPENING = 0.9  # of the utility of a question goes to the one that decides on it
_TOLD = 0.1  # causes that a question moves by less than this of the most are not named
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A question with its utility; `opens` is the one for whose sake it is put."""

    place: int
    ask: Ask
    utility: float
    held: bool
    opens: str | None = None

    @property
    def order(self) -> tuple[bool, float, int]:
        return self.held, -self.utility, self.place


class Chooser:
    """Chooses questions for one company.

    Remembers what it reckoned last, to be quick; the choice depends on the facts, the
    log and the questions alone. It may be shared between threads.
    """

    def __init__(
        self, knowledge: KnowledgeBase, *, sales_model: str | None = None,
        benchmarks: Mapping[str, float | None] | None = None,
        stakes: Mapping[str, float] | None = None, keeping: float = QUICK,
    ) -> None:  # fmt: skip
        """Compile the knowledge.

        `stakes` is the money at stake in a cause where it is known; `keeping` by how
        much a question of the same questionnaire goes before others: `QUICK` or
        `GUIDED`.
        """
        self.knowledge, self._keeping = knowledge, keeping
        self._reckoner = Reckoner(
            Scorer(knowledge, sales_model=sales_model, benchmarks=benchmarks)
        )
        layout = self._reckoner.layout
        self._valuing = Valuing(layout, _stakes(layout.causes, stakes or {}))
        self._place = {q: i for i, q in enumerate(layout.questions)}
        self._sections = {
            q.id: s.id for s in knowledge.questionnaires.values() for q in s.questions
        }
        nodes = conditions(knowledge)
        compiler = self._reckoner.scorer.compiler
        self._relevant = {q: compiler.test(n) for q, n in nodes.items()}
        self._decides = {q: frozenset(names(n)) for q, n in nodes.items()}
        self._usual = {
            n: (true, false, 100)
            for found in self._reckoner.shares.values()
            for n, (true, false) in found.items()
        }
        self._last: tuple[Prospects, Value] | None = None
        self._lock = threading.Lock()

    def candidates(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask], *,
        role: str | None, section: str | None = None, most: int = 5,
    ) -> list[Candidate]:  # fmt: skip
        """The most useful of `asks`, best first; ties in the order given."""
        with self._lock:
            now, value = self._reckoned(facts, asks)
            person = manner(log, role, self._sections)
            found = self._ranked(now, value.questions, person, asks, facts, section)
            return [self._candidate(r, now, value) for r in found[:most]]

    def settling(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask],
        causes: Set[str], *, most: int,
    ) -> list[Candidate]:  # fmt: skip
        """What would settle these causes, best first; what would not is left out."""
        with self._lock:
            now, value = self._reckoned(facts, asks)
            layout = self._reckoner.layout
            mine = np.array([c in causes for c in layout.causes], bool)[layout.cause]
            worth = np.maximum(0.0, summed(
                layout.question[layout.row], np.where(mine, value.pairs, 0.0),
                len(layout.questions),
            ))  # fmt: skip
            person = manner(log, None, self._sections)
            found = self._ranked(now, worth, person, asks, facts, None)
            told = [r for r in found if r.utility > 0.0][:most]
            return [self._candidate(r, now, value, causes) for r in told]

    def stop(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask], *,
        role: str | None,  # noqa: ARG002
    ) -> StopAdvice:  # fmt: skip
        """Whether the rest of `asks` is worth the time."""
        with self._lock:
            now, value = self._reckoned(facts, asks)
            return advice(self._reckoner, now, value, log, asks)

    def _reckoned(
        self, facts: FactBase, asks: Sequence[Ask]
    ) -> tuple[Prospects, Value]:
        """What the open questions may bring; kept while nothing changes."""
        weights = {
            a.question.id: ANSWERED * self._applies(a.question.id, facts)
            for a in asks if not a.about
        }  # fmt: skip
        last, self._last = self._last, None  # a fault half-way leaves nothing behind
        if last and last[0].weights == weights and not facts.unlike(last[0].base):
            self._last = last
            return last
        now = self._reckoner.at(facts, weights, last[0] if last else None)
        causes = self._reckoner.layout.causes
        bar = bars(now, causes)
        places = self._reckoner.scorer.ranking.places(
            causes, verdicts_of(now, causes, bar), now.standing.leader
        )
        self._last = now, self._valuing.value(now, bar, ranked(places))
        return self._last

    def _applies(self, name: str, facts: FactBase) -> float:
        """The chance that a question turns out to apply."""
        test = self._relevant.get(name)
        if test is None:
            return 1.0
        known = {n: facts.fact(n) for n in self._decides[name]}
        true, false, _ = test(known, self._usual)
        return true / (true + false) if true + false else 0.5

    def _ranked(
        self, now: Prospects, worth: Floats, person: Manner, asks: Sequence[Ask],
        facts: FactBase, section: str | None,
    ) -> list[_Ranked]:  # fmt: skip
        """All questions, the most useful first, the postponed ones last.

        While it is open whether a question applies, the one that decides comes first,
        for its sake.
        """
        open_ = {a.question.id for a in asks}
        utility = [self._utility(a, now, worth, person, section) for a in asks]
        waits = [self._waits(a.question.id, facts, open_) for a in asks]
        opens: dict[str, tuple[float, str]] = {}
        for ask, own, gates in zip(asks, utility, waits, strict=True):
            for gate in gates:
                if own * _OPENING > opens.get(gate, (0.0, ""))[0]:
                    opens[gate] = own * _OPENING, ask.question.id
        found = []
        for i, ask in enumerate(asks):
            name = ask.question.id
            own, target = utility[i], None
            if name in opens and opens[name][0] > own:
                own, target = opens[name]
            held = bool(waits[i]) or (name, ask.about) in person.later
            found.append(_Ranked(i, ask, round(own, _DIGITS), held, target))
        return sorted(found, key=lambda r: r.order)

    def _waits(self, name: str, facts: FactBase, open_: set[str]) -> list[str]:
        """Open questions that decide whether this one applies."""
        test = self._relevant.get(name)
        if test is None:
            return []
        gates = sorted((self._decides[name] & open_) - {name})
        if not gates:
            return []
        true, false, _ = test({n: facts.fact(n) for n in self._decides[name]}, {})
        return [] if 1.0 in (true, false) else gates

    def _utility(
        self, ask: Ask, now: Prospects, worth: Floats, person: Manner,
        section: str | None,
    ) -> float:  # fmt: skip
        """Expected information a second of effort."""
        name = ask.question.id
        if ask.about or name not in self._place:
            return 0.0
        mine = self._sections.get(name, "")
        told = float(worth[self._place[name]])
        applies = now.weights[name] / ANSWERED
        keeping = self._keeping if mine == section else 1.0
        knows = 1.0 - person.misses(mine)
        return told * applies * knows / max(1, ask.question.seconds) * keeping

    def _candidate(
        self, found: _Ranked, now: Prospects, value: Value,
        among: Set[str] | None = None,
    ) -> Candidate:  # fmt: skip
        moved = self._moved(found.ask, now, value, among)
        reason = (
            opening_reason(self.knowledge, found.opens) if found.opens
            else question_reason(self.knowledge, moved)
        )  # fmt: skip
        return Candidate(
            found.ask, found.utility, found.ask.question.seconds, reason,
            tuple(m.row.cause for m in moved),
        )  # fmt: skip

    def _moved(
        self, ask: Ask, now: Prospects, value: Value, among: Set[str] | None
    ) -> list[Moved]:
        """The causes that a question moves, the most moved first."""
        layout, name = self._reckoner.layout, ask.question.id
        if ask.about or name not in self._place:
            return []
        mine = np.flatnonzero(layout.question[layout.row] == self._place[name])
        weight: dict[int, float] = {}
        for k in mine.tolist():
            part = abs(float(value.pairs[k]))
            cause = int(layout.cause[k])
            if among is not None and layout.causes[cause] not in among:
                continue
            weight[cause] = weight.get(cause, 0.0) + part
        order = sorted(weight, key=lambda c: (-round(weight[c], _DIGITS), c))
        most = weight[order[0]] if order else 0.0
        told = [c for c in order if weight[c] > max(_TOLD * most, 10.0**-_DIGITS)]
        if not told:
            return []
        steps = {c: [float(value.shift[k]) for k in mine if layout.cause[k] == c]
                 for c in told}  # fmt: skip
        far = max(range(len(steps[told[0]])), key=lambda i: abs(steps[told[0]][i]))
        rows = now.standing.rows
        return [
            Moved(rows[layout.causes[c]], steps[c][far] * steps[told[0]][far] < 0.0)
            for c in told
        ]


def _stakes(causes: Sequence[str], money: Mapping[str, float]) -> Floats:
    """How much each cause matters: the mean is one, also where nothing is known."""
    known = [money[c] for c in causes if money.get(c, 0.0) > 0.0]
    mean = sum(known) / len(known) if known else 1.0
    return np.array([
        money[c] / mean if money.get(c, 0.0) > 0.0 else 1.0 for c in causes
    ])  # fmt: skip
