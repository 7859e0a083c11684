"""Solve a condition: which facts make it true, or false.

A condition is opened down to figures, answers and gaps; every way is tried in order,
and a fact once supposed is never changed, so that what comes out fits together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import Literal

from salesdx.answers.differing import differing
from salesdx.answers.findings import FINDING
from salesdx.answers.relevance import applies
from salesdx.facts import COMPANY, Fact, FactBase, Slice
from salesdx.inference.possible import Values
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Leaf, Node

Side = Literal["answers", "data", "both"]
Place = tuple[str, Slice]
Supposed = Mapping[Place, Fact]
Marks = Mapping[str, float | None]
MANAGER, SECOND = "M7", "M8"
_EFFORT = 3000  # leaves opened for one set of goals before it is given up


@dataclass(frozen=True, slots=True)
class Goal:
    """A condition and what it has to become on a slice."""

    node: Node
    wanted: bool
    where: Slice


def example(dimension: str) -> Slice:
    """The one slice of a dimension that a witness speaks of."""
    name = MANAGER if dimension == "manager" else f"{dimension}-1"
    return ((dimension, name),)


class Solver:
    """Ways to meet goals by facts of one side, in one sales model."""

    def __init__(
        self, knowledge: KnowledgeBase, values: Values, side: Side, model: str | None,
        relevance: Mapping[str, Node], verdicts: Mapping[str, Supposed], marks: Marks,
    ) -> None:  # fmt: skip
        """`verdicts` are facts under which a cause is likely, found before."""
        self._world = _Thresholds(marks)
        self._knowledge, self._values = knowledge, values
        self._side, self._model = side, model
        self._relevance, self._verdicts = relevance, verdicts
        self._left = _EFFORT

    def ways(self, goals: Sequence[Goal], given: Supposed, most: int) -> list[Supposed]:
        """Up to `most` ways to add facts to what is given so that all goals are met."""
        self._left = _EFFORT
        return list(islice(self._all(goals, given), most))

    def _all(self, goals: Sequence[Goal], given: Supposed) -> Iterator[Supposed]:
        if not goals:
            yield given
            return
        for found in self._one(goals[0], given):
            yield from self._all(goals[1:], found)

    def _one(self, goal: Goal, given: Supposed) -> Iterator[Supposed]:
        node = goal.node
        if isinstance(node, Leaf):
            yield from self._leaf(node, goal, given)
        elif isinstance(node, Asked):
            yield from self._asked(node, goal, given)
        elif node.kind == "not":
            yield from self._one(
                Goal(node.parts[0], not goal.wanted, goal.where), given
            )
        else:
            size = len(node.parts)
            n = {"all": size, "any": 1}.get(node.kind, node.n)
            parts = sorted(node.parts, key=self.size)
            for some in combinations(parts, n if goal.wanted else size - n + 1):
                goals = [Goal(p, goal.wanted, goal.where) for p in some]
                yield from self._all(goals, given)

    def size(self, node: Node) -> int:
        """How many facts a condition asks for at least."""
        if isinstance(node, Leaf):
            prefix, _, rest = node.name.partition(":")
            if prefix == "symptom" and rest:
                return self.size(self._knowledge.symptoms[rest].node)
            return 5 if prefix == "cause" and rest else 1
        if isinstance(node, Asked):
            return 1
        sizes = sorted(map(self.size, node.parts))
        n = {"all": len(sizes), "any": 1, "not": 1}.get(node.kind, node.n)
        return sum(sizes[:n])

    def _leaf(self, leaf: Leaf, goal: Goal, given: Supposed) -> Iterator[Supposed]:
        prefix, _, rest = leaf.name.partition(":")
        where = self._knowledge.where(leaf.name, goal.where)
        if rest and prefix == "symptom":
            symptom = self._knowledge.symptoms[rest]
            each = symptom.spec.for_each
            there = example(each) if each else COMPANY
            yield from self._one(Goal(symptom.node, goal.wanted, there), given)
        elif rest and prefix == "cause":
            yield from self._verdict(rest, goal.wanted, given)
        else:
            for found in self._known(leaf.name, where, given):
                fact = found[self._place(leaf.name, where)]
                if fact.value is None:
                    continue
                if leaf.comparison.holds(fact.value, self._world) is goal.wanted:
                    yield found

    def _verdict(self, cause: str, wanted: bool, given: Supposed) -> Iterator[Supposed]:
        """Facts under which another cause is likely, or known not to be."""
        if wanted:
            added = self._verdicts.get(cause)
            fits = added is not None and all(
                given.get(place, fact) == fact for place, fact in added.items()
            )
            if added is not None and fits:
                yield {**given, **added}
            return
        ready = self._knowledge.causes[cause]
        each = ready.spec.for_each
        where = example(each) if each else COMPANY
        for node in (*ready.rules_out, *ready.unless):
            yield from self._one(Goal(node, True, where), given)

    def _asked(self, node: Asked, goal: Goal, given: Supposed) -> Iterator[Supposed]:
        where = self._knowledge.where(node.name, goal.where)
        place = self._place(node.name, where)
        if node.what in ("known", "unknown"):
            if goal.wanted is (node.what == "known"):
                yield from self._known(node.name, where, given)
            elif given.get(place, Fact(node.name, None)).value is None:
                yield {**given, place: Fact(node.name, None, where)}
        elif not goal.wanted:
            yield from self._known(node.name, where, given)
        elif place not in given and self._may(node.name, given):
            if node.what == "dont_know" and where == place[1]:
                fact = Fact(node.name, None, where, origin="answer", dont_know=True)
                yield {**given, place: fact}
            elif node.what == "disagree":
                yield from self._differing(node.name, where, given)

    def _differing(
        self, name: str, where: Slice, given: Supposed
    ) -> Iterator[Supposed]:
        """Two respondents differ; of what is asked per slice, two slices."""
        values, place = self._values.of(name, where), self._place(name, where)
        if len(values) < 2:
            return
        first = values[0]
        asked = self._knowledge.questions[name]
        far = [v for v in values if differing(asked, [first.value, v.value])]
        other = far[0] if far else values[1]
        if where == place[1]:
            yield {**given, place: replace(first, confidence=60, disagree=True)}
            return
        ((dimension, _),) = place[1]
        second = ((dimension, SECOND),)
        yield {
            **given,
            place: replace(first, slice=place[1]),
            (name, second): replace(other, slice=second),
            (name, COMPANY): Fact(name, None, disagree=True),
        }

    def _place(self, name: str, where: Slice) -> Place:
        """Gaps, and answers about somebody, are the company's by way of one slice."""
        question = self._knowledge.questions.get(name)
        if not where and question is not None and question.about not in (None, FINDING):
            return name, example(str(question.about))
        if not where and name.startswith("gap:"):
            cuts = [d for d in self._knowledge.grain(name) if d != "period"]
            return name, example(cuts[0]) if cuts else COMPANY
        return name, where

    def _known(self, name: str, where: Slice, given: Supposed) -> Iterator[Supposed]:
        """What is given with a known value of a name: as it is, or each it may have."""
        self._left -= 1
        if self._left < 0:
            return
        place = self._place(name, where)
        there = given.get((name, where)) or given.get(place)
        if there is not None:
            if there.value is not None:
                yield given
            return
        if name.startswith("gap:"):
            if self._side != "answers":
                for state in ("confirmed", "noise"):
                    yield {**given, place: Fact(name, state, place[1], origin="gap")}
        elif self._may(name, given):
            for fact in self._values.of(*place):
                yield {**given, place: fact}

    def _may(self, name: str, given: Supposed) -> bool:
        """Whether this side can tell the name at all, given what is supposed."""
        metric = self._knowledge.metrics.get(name)
        if metric is not None:
            return self._side != "answers" and bool(metric.needs)
        question = self._knowledge.questions.get(name)
        if question is None or question.about == FINDING:  # needs a loss map first
            return False
        return self._side != "data" and applies(
            question, FactBase(dict(given)), self._knowledge, self._relevance,
            self._model,
        ) is not False  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Thresholds:
    """The thresholds of the sales model, as comparisons read them."""

    marks: Marks

    def read(self, name: str) -> Fact:
        return Fact(name, None)

    def benchmark(self, name: str) -> float | None:
        return self.marks[name]
