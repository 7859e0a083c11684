"""The search for facts that make one cause likely, from one side.

Gates and needs are met first. Then small sets of rules that have the points on paper
are solved together, those with the fewest facts first; then rules are added one by
one. Every step is judged by the real inference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from salesdx.explanation.bill import NO_HARM
from salesdx.explanation.phrases import condition
from salesdx.explanation.wording import Wording, both, form
from salesdx.facts import Fact
from salesdx.inference.points import LIKELY, Item, total
from salesdx.inference.verdicts import CauseOutcome
from salesdx.knowledge.base import KnowledgeBase, ReadyRule
from salesdx.knowledge.conditions import Asked, Leaf
from salesdx.knowledge.grammar import HOLDS
from salesdx.knowledge.models import SalesModel
from salesdx.language import Text, quoted
from salesdx.workbench.reach_judging import judge, place_of
from salesdx.workbench.reach_solving import (
    Goal,
    Marks,
    Side,
    Solver,
    Supposed,
    example,
)

_TOGETHER = 3  # rules of a first set; more are added one by one
_STRONGEST = 12  # rules that sets are made of
_SETS = 12  # sets tried before rules are added one by one
_WAYS = 3  # ways to meet the goals of one set
_STEPS = 8


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was found for one cause from one side.

    `facts` make the cause likely; empty when no witness was found, then `points` is
    the most that was reached and `because` says what stood in the way: with `shut`
    the gates and needs that this side can never meet.
    """

    cause: str
    side: Side
    model: SalesModel
    points: int
    facts: tuple[Fact, ...] = ()
    because: tuple[Text, ...] = ()
    shut: bool = False

    @property
    def found(self) -> bool:
        """Whether there is a witness."""
        return bool(self.facts)


@dataclass(frozen=True, slots=True)
class _State:
    """Supposed facts and what the inference makes of them."""

    supposed: Supposed
    outcome: CauseOutcome

    @property
    def likely(self) -> bool:
        return self.outcome.verdict == "likely"

    @property
    def worth(self) -> tuple[bool, bool, int, int, int]:
        """Better states are greater."""
        o = self.outcome
        free = o.verdict not in ("ruled_out", "cannot_judge") and o.harm is not False
        return (
            self.likely, free, min(o.total.points, LIKELY), -len(o.rivals),
            -len(self.supposed),
        )  # fmt: skip


@dataclass
class Climb:
    """The search for one cause, from one side, in one sales model."""

    knowledge: KnowledgeBase
    name: str
    side: Side
    model: SalesModel
    solver: Solver
    marks: Marks

    def __post_init__(self) -> None:
        self.cause = self.knowledge.causes[self.name]
        self.where = place_of(self.cause)

    def attempt(self) -> Attempt:
        """A witness, or the best that was reached and why it is none."""
        bases = self.solver.ways(self._base(), {}, _WAYS)
        if not bases:
            return replace(self._told(0, because=self._shut()), shut=True)
        best = self._judged(bases[0])
        for base in bases:
            for state in self._states(base):
                if state.likely:
                    return self._witness(state)
                best = max(best, state, key=lambda s: s.outcome.total.points)
        points = best.outcome.total.points
        return self._told(points, because=self._lacking(best.outcome))

    def _told(
        self, points: int, facts: tuple[Fact, ...] = (), because: tuple[Text, ...] = ()
    ) -> Attempt:
        return Attempt(self.name, self.side, self.model, points, facts, because)

    def _base(self) -> list[Goal]:
        """What has to be so before any evidence counts."""
        needs = [Asked("known", n) for n in self.cause.spec.needs]
        return [Goal(n, True, self.where) for n in (*needs, *self.cause.gate)]

    def _states(self, base: Supposed) -> Iterator[_State]:
        """Sets of few rules first, the smallest first; then one rule after another."""
        for rules in self._sets(base):
            goals = [self._goal(r) for r in rules]
            for supposed in self.solver.ways(goals, base, _WAYS):
                yield self._judged(supposed)
        state = self._judged(base)
        for _ in range(_STEPS):
            better = self._step(state)
            if better is None:
                return
            state = better
            yield state

    def _sets(self, base: Supposed) -> Sequence[Sequence[ReadyRule]]:
        """Sets of rules that have the points on paper, by the facts they ask for."""
        able = [
            r for r in self.cause.rules
            if r.direction == "for" and self.solver.ways([self._goal(r)], base, 1)
        ]  # fmt: skip
        sizes = {r.id: self.solver.size(r.node) for r in able}
        able = sorted(able, key=lambda r: (-r.points, sizes[r.id]))[:_STRONGEST]
        enough = [
            some
            for n in range(1, _TOGETHER + 1)
            for some in combinations(able, n)
            if _on_paper(some) >= LIKELY
        ]
        return sorted(enough, key=lambda s: sum(sizes[r.id] for r in s))[:_SETS]

    def _step(self, state: _State) -> _State | None:
        """The rule (or the harm, or what sets a rival apart) that helps most."""
        goals = [
            self._goal(r.rule) for r in state.outcome.rules
            if r.item.direction == "for" and not r.item.state
        ]  # fmt: skip
        if state.outcome.harm is False:
            goals += [
                Goal(Leaf(f"symptom:{s}", HOLDS), True, self.where)
                for s in self.cause.spec.explains
            ]
        best = state
        for goal in goals:
            for supposed in self.solver.ways([goal], state.supposed, _WAYS):
                best = max(best, self._judged(supposed), key=lambda s: s.worth)
                if best.likely:
                    return best
        return best if best is not state else None

    def _goal(self, rule: ReadyRule) -> Goal:
        where = example(rule.for_each) if rule.for_each else self.where
        return Goal(rule.node, True, where)

    def _judged(self, supposed: Supposed) -> _State:
        outcome = judge(self.name, supposed, self.knowledge, self.model, self.marks)
        return _State(supposed, outcome)

    def _witness(self, state: _State) -> Attempt:
        """Without the facts that are not needed."""
        for place in list(state.supposed):
            fewer = {p: f for p, f in state.supposed.items() if p != place}
            without = self._judged(fewer)
            if without.likely:
                state = without
        facts = tuple(
            f for f in state.supposed.values() if f.value is not None or f.dont_know
        )
        return self._told(state.outcome.total.points, facts)

    def _shut(self) -> tuple[Text, ...]:
        """Gates and needs that this side cannot meet."""
        wording = Wording(self.knowledge, "")
        return tuple(
            condition(g.node, wording)
            for g in self._base()
            if not self.solver.ways([g], {}, 1)
        )

    def _lacking(self, outcome: CauseOutcome) -> tuple[Text, ...]:
        """What the best try still lacks."""
        found = []
        if outcome.total.points < LIKELY:
            n = outcome.total.points
            points = form(n, "балл", "балла", "баллов")
            found.append(both(f"{n} points of {LIKELY}", f"{n} {points} из {LIKELY}"))
        if outcome.harm is False:
            found.append(NO_HARM)
        for rival in outcome.rivals:
            title = self.knowledge.causes[rival].spec.title
            found.append(both(
                f"not told apart from: {title.en}",
                f"не отличить от причины {quoted(title.ru, 'ru')}",
            ))  # fmt: skip
        return tuple(found)


def _on_paper(rules: Sequence[ReadyRule]) -> int:
    """The points of rules that all hold."""
    return total(
        Item(r.id, r.direction, r.points, r.points, r.group, r.single, True)
        for r in rules
    ).points
