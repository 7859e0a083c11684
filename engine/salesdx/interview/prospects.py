"""What every outcome of every open question would make of the causes that read it.

Kept from one answer to the next: only the causes that an answer bears on are reckoned
anew. The result depends on the facts and the open questions alone, not on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from salesdx.facts import FactBase, Slice
from salesdx.interview.belief import Floats
from salesdx.interview.expecting import Bill, Expected
from salesdx.interview.layout import Behind, Layout
from salesdx.interview.outcomes import Matter, matters
from salesdx.interview.program import CAUSE, Odds, Thresholds
from salesdx.interview.scoring import Scorer, Standing
from salesdx.knowledge.conditions import Asked, Leaf

# A question that is put may still go unanswered: the mean of Beta(1, 9).
ANSWERED = 0.9


@dataclass
class Prospects:
    """The state after the last facts; `known` is the share of openness of a question.

    `points` and `free` are those of causes, `then_points` and `then_free` of pairs;
    `blank` are the points to be expected had nothing been answered.
    """

    base: FactBase
    standing: Standing
    blank: Standing
    weights: dict[str, float] = field(default_factory=dict)
    chances: dict[int, Odds] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)
    blank_weights: dict[str, float] = field(default_factory=dict)
    blank_chances: dict[int, Odds] = field(default_factory=dict)
    points: Floats = field(default_factory=lambda: np.zeros(0))
    free: Floats = field(default_factory=lambda: np.zeros(0))
    before: Floats = field(default_factory=lambda: np.zeros(0))
    low: Floats = field(default_factory=lambda: np.zeros(0))
    high: Floats = field(default_factory=lambda: np.zeros(0))
    then_points: Floats = field(default_factory=lambda: np.zeros(0))
    then_free: Floats = field(default_factory=lambda: np.zeros(0))


class Reckoner:
    """Makes prospects of one company and keeps them up to date."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        compiler = scorer.compiler
        self._bills = {i: Bill(c, compiler.symptoms) for i, c in scorer.causes.items()}
        self._names = Behind(scorer)
        self.readings = {i: self._names.readings(c) for i, c in scorer.causes.items()}
        self.readers: dict[str, list[str]] = {}
        for cause, read in self.readings.items():
            for name in read:
                self.readers.setdefault(name, []).append(cause)
        self._matters = self._weighed(compiler.thresholds)
        self.shares = {q: _shares(m) for q, m in self._matters.items()}
        self.layout = self._laid_out()
        self._asked = {
            number: leaf.what for leaf, number in compiler.leaves.items()
            if isinstance(leaf, Asked)
        }  # fmt: skip

    def _weighed(self, thresholds: Thresholds) -> dict[str, list[Matter]]:
        """The outcomes of each question; those that accuse are the rarer ones."""
        numbers = self.scorer.compiler.leaves
        mine: dict[str, list[Leaf | Asked]] = {}
        for leaf in numbers:
            mine.setdefault(leaf.name, []).append(leaf)
        found = {}
        for question in self.scorer.knowledge.questions.values():
            read = mine.get(question.id, [])
            told = matters(question, read, numbers, thresholds)
            if told and question.about is None:
                found[question.id] = told
        chances = {
            number: (true, false, 100)
            for told in found.values()
            for number, (true, false) in _shares(told).items()
        }
        return {
            name: [m.weighed(self._accusing(name, m, chances)) for m in told]
            for name, told in found.items()
        }

    def _accusing(
        self, name: str, matter: Matter, chances: dict[int, Odds]
    ) -> list[bool]:
        """Which outcomes speak for causes rather than against them, on the whole."""
        tilt = []
        kept = {n: chances[n] for n in matter.outcomes[0].leaves}
        for outcome in matter.outcomes:
            chances.update(outcome.leaves)
            tilt.append(sum(
                self._bills[cause].leaning(i, {}, chances)
                for cause in self.readers.get(name, ())
                for i in self.readings[cause][name].rules
            ))  # fmt: skip
        chances.update(kept)
        least = min(tilt, default=0.0)
        return [t > max(0.0, least) for t in tilt]

    def _laid_out(self) -> Layout:
        causes = tuple(self.scorer.causes)
        place = {c: i for i, c in enumerate(causes)}
        questions = tuple(self._matters)
        of_row: list[int] = []
        of_matter: list[int] = []
        share: list[float] = []
        leaves: list[Mapping[int, Odds]] = []
        row: list[int] = []
        cause: list[int] = []
        rows_of: dict[str, tuple[int, ...]] = {}
        pair: dict[tuple[int, int], int] = {}
        matter = 0
        for q, name in enumerate(questions):
            start = len(of_row)
            for one in self._matters[name]:
                for outcome in one.outcomes:
                    for reader in self.readers.get(name, ()):
                        pair[len(of_row), place[reader]] = len(row)
                        row.append(len(of_row))
                        cause.append(place[reader])
                    of_row.append(q)
                    of_matter.append(matter)
                    share.append(outcome.share)
                    leaves.append(outcome.leaves)
                matter += 1
            rows_of[name] = tuple(range(start, len(of_row)))
        return Layout(
            questions, causes, np.array(of_row, np.int64),
            np.array(of_matter, np.int64), np.array(share), np.array(row, np.int64),
            np.array(cause, np.int64), tuple(leaves), rows_of, pair,
        )  # fmt: skip

    def at(
        self, facts: FactBase, weights: Mapping[str, float],
        last: Prospects | None = None,
    ) -> Prospects:  # fmt: skip
        """Prospects where `weights` say how surely each open question gets answered."""
        scorer = self.scorer
        if last is None:
            measured = _measured(facts)
            new = Prospects(facts, scorer.standing(facts), scorer.standing(measured))
            size, pairs = len(self.layout.causes), len(self.layout.row)
            new.points, new.free, new.before = (np.zeros(size) for _ in range(3))
            new.low, new.high = np.zeros(size), np.zeros(size)
            new.then_points, new.then_free = np.zeros(pairs), np.zeros(pairs)
            stale = blank_stale = set(self.layout.causes)
        else:
            new = last
            stale, blank_stale = set(), set()
            moved = facts.unlike(new.base)
            if moved:
                standing = scorer.at(new.standing, facts, moved)
                stale |= self._reading({n for n, _ in moved}) | standing.changed
                new.standing = standing
            if not all(_said(p, facts) and _said(p, new.base) for p in moved):
                new.blank = scorer.at(new.blank, _measured(facts))
                blank_stale = set(self.layout.causes)
            new.base = facts
        answered = {
            n: ANSWERED
            for n in self.layout.questions
            if n in new.standing.facts
            and n not in weights
            and new.standing.facts[n].value is not None
        }
        moved_names = _moved(new.weights, weights)
        stale = stale | self._reading(moved_names)
        for name in moved_names:
            self._lend(new.chances, name, weights.get(name, 0.0))
        before = {**weights, **answered}
        moved_names = _moved(new.blank_weights, before)
        blank_stale = blank_stale | self._reading(moved_names)
        for name in moved_names:
            self._lend(new.blank_chances, name, before.get(name, 0.0))
        new.weights, new.blank_weights = dict(weights), before
        self._reckon(new, stale)
        self._reckon_blank(new, blank_stale)
        return new

    def _reading(self, changed: set[str]) -> set[str]:
        return {c for n in changed for c in self.readers.get(n, ())}

    def _lend(self, chances: dict[int, Odds], name: str, weight: float) -> None:
        """Give the leaves of an open question their chances; none where it is closed.

        What asks whether the answer is known is decided either way.
        """
        missed = 1.0 - weight
        for number, (true, false) in self.shares.get(name, {}).items():
            if not weight:
                chances.pop(number, None)
                continue
            what = self._asked.get(number)
            if what == "known":
                odds = weight, missed
            elif what == "unknown":
                odds = missed, weight
            elif what == "dont_know":  # so it is put and not answered
                odds = weight * (1.0 - ANSWERED) / ANSWERED, weight
            else:
                odds = true * weight, false * weight
            chances[number] = (*odds, 100)

    def _reckon(self, now: Prospects, stale: set[str]) -> None:
        facts, points = now.standing.facts, _points(now.standing)
        place = {c: i for i, c in enumerate(self.layout.causes)}
        asked: dict[str, list[str]] = {}
        for cause in sorted(stale):
            items = now.standing.readings.items.get(cause, ())
            found = self._bills[cause].expected(facts, now.chances, points, items)
            now.expected[cause] = found
            i = place[cause]
            now.points[i], now.free[i] = found.points, found.free
            now.low[i], now.high[i] = found.low, found.high
            for name in self.readings[cause]:
                if name in now.weights and name in self.layout.rows_of:
                    asked.setdefault(name, []).append(cause)
        for name, causes in asked.items():
            kept = {n: now.chances[n] for n in self.shares[name] if n in now.chances}
            for row in self.layout.rows_of[name]:
                now.chances.update(self.layout.leaves[row])
                for cause in causes:
                    read = self.readings[cause][name]
                    pair = self.layout.pair[row, place[cause]]
                    now.then_points[pair], now.then_free[pair] = self._bills[
                        cause
                    ].supposing(
                        now.expected[cause], read.rules, read.checks, facts,
                        now.chances, points,
                    )  # fmt: skip
                now.chances.update(kept)

    def _reckon_blank(self, now: Prospects, stale: set[str]) -> None:
        facts, points = now.blank.facts, _points(now.blank)
        for i, cause in enumerate(self.layout.causes):
            if cause in stale:
                items = now.blank.readings.items.get(cause, ())
                found = self._bills[cause].expected(
                    facts, now.blank_chances, points, items
                )
                now.before[i] = found.points


def _measured(facts: FactBase) -> FactBase:
    """The facts without what was answered."""
    return FactBase.of(f for f in facts.values() if f.origin != "answer")


def _said(place: tuple[str, Slice], facts: FactBase) -> bool:
    """Whether what is known there, if anything, was answered."""
    fact = facts.get(place)
    return fact is None or fact.origin == "answer"


def _moved(old: Mapping[str, float], new: Mapping[str, float]) -> set[str]:
    return {n for n in {*old, *new} if old.get(n) != new.get(n)}


def _points(standing: Standing) -> dict[str, int]:
    """What verdicts may pass on to the rules that read them."""
    found = {f"{CAUSE}{i}": max(0, r.total.points) for i, r in standing.rows.items()}
    return found | dict(standing.readings.points)


def _shares(found: list[Matter]) -> dict[int, tuple[float, float]]:
    """How usual it is that each leaf is true, and false."""
    shares: dict[int, tuple[float, float]] = {}
    for matter in found:
        sums: dict[int, list[float]] = {}
        for outcome in matter.outcomes:
            for number, odds in outcome.leaves.items():
                both = sums.setdefault(number, [0.0, 0.0])
                both[0] += outcome.share * odds[0]
                both[1] += outcome.share * odds[1]
        shares |= {n: (t, f) for n, (t, f) in sums.items()}
    return shares
