"""Find what a test would have to give, so that a condition becomes true or false.

Values are taken on either side of a threshold. Verdicts and gaps are given as such;
symptoms are opened, so that their conditions are tried as well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, islice
from typing import Any

from salesdx.answers.findings import FINDING
from salesdx.answers.relevance import conditions
from salesdx.facts import COMPANY, Fact, Value
from salesdx.inference.possible import Values
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Leaf, Node, State, evaluate
from salesdx.workbench.given import Given
from salesdx.workbench.reach_solving import Goal, Solver, Supposed

Facts = Mapping[str, Any]  # as `given:` of a test says them
_WAYS = 6
_STEPS = 2000  # parts of conditions opened for one set of goals
_LEFT_OUT = 2  # facts taken away at once, so that something stays unknown


class _OfTests(Solver):
    """A test may give any verdict, and what was said of a finding.

    It speaks of one slice, so a symptom that is judged on slices is given as such.
    """

    _steps = _STEPS

    def each(self, goals: Sequence[Goal], start: Supposed) -> Iterator[Supposed]:
        """Ways to meet the goals, one after another, until too many were tried."""
        self._left = self._steps = _STEPS
        return islice(self._all(goals, start), _WAYS)

    def _one(self, goal: Goal, given: Supposed) -> Iterator[Supposed]:
        self._steps -= 1
        if self._steps >= 0:
            yield from super()._one(goal, given)

    def _leaf(self, leaf: Leaf, goal: Goal, given: Supposed) -> Iterator[Supposed]:
        prefix, _, rest = leaf.name.partition(":")
        if prefix == "symptom" and self._knowledge.symptoms[rest].spec.for_each:
            yield from self._given(leaf.name, goal.wanted, given)
        else:
            yield from super()._leaf(leaf, goal, given)

    def _verdict(self, cause: str, wanted: bool, given: Supposed) -> Iterator[Supposed]:
        yield from self._given(f"cause:{cause}", wanted, given)

    def start(self, probe: Fact) -> Supposed:
        """A fact that is given from the outset."""
        return {self._place(probe.name, COMPANY): probe}

    @staticmethod
    def _given(name: str, wanted: bool, given: Supposed) -> Iterator[Supposed]:
        place = (name, COMPANY)
        there = given.get(place)
        if there is None:
            yield {**given, place: Fact(place[0], wanted)}
        elif there.value is wanted:
            yield given

    def _may(self, name: str, given: Supposed) -> bool:
        question = self._knowledge.questions.get(name)
        said = question is not None and question.about == FINDING
        return said or super()._may(name, given)


class TestFacts:
    """What tests of one knowledge base could give."""

    __test__ = False  # no test class of pytest

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        values, relevance = Values(knowledge), conditions(knowledge)
        marks = {i: b.value for i, b in knowledge.benchmarks.items()}

        @cache
        def solver(model: str | None) -> _OfTests:
            return _OfTests(knowledge, values, "both", model, relevance, {}, marks)

        self._solver = solver

    def showing(self, node: Node, state: State, model: str | None) -> Iterator[Facts]:
        """What to give so that a condition has a state; each is tried out."""
        if state is None:
            yield from self._unknown(node, model)
            return
        for found in self._ways([Goal(node, state, COMPANY)], {}, model):
            if evaluate(node, Given(self.knowledge, found)).state is state:
                yield found

    def apart(
        self, one: Node, other: Node, probes: Sequence[Fact], model: str | None
    ) -> Iterator[Facts]:
        """What to give so that two conditions differ; `probes` are tried first."""
        for probe in probes:
            start = self._solver(model).start(probe)
            yield from self._differing(one, other, start, model)
        yield from self._differing(one, other, {}, model)

    def _differing(
        self, one: Node, other: Node, start: Supposed, model: str | None
    ) -> Iterator[Facts]:
        for wanted in (True, False):
            goals = [Goal(one, wanted, COMPANY), Goal(other, not wanted, COMPANY)]
            for found in self._ways(goals, start, model):
                world = Given(self.knowledge, found)
                if evaluate(one, world).state is not evaluate(other, world).state:
                    yield found

    def _ways(
        self, goals: Sequence[Goal], start: Supposed, model: str | None
    ) -> Iterator[Facts]:
        for supposed in self._solver(model).each(goals, start):
            found = given_of(supposed.values(), self.knowledge)
            if not Given(self.knowledge, found).faults:
                yield found

    def _unknown(self, node: Node, model: str | None) -> Iterator[Facts]:
        """Nothing given; else what settles it, without a fact or two."""
        if evaluate(node, Given(self.knowledge, {})).state is None:
            yield {}
            return
        for wanted in (True, False):
            for found in self._ways([Goal(node, wanted, COMPANY)], {}, model):
                for n in range(1, _LEFT_OUT + 1):
                    for without in combinations(found, n):
                        fewer = {k: v for k, v in found.items() if k not in without}
                        world = Given(self.knowledge, fewer)
                        if evaluate(node, world).state is None:
                            yield fewer


def given_of(facts: Iterable[Fact], knowledge: KnowledgeBase) -> dict[str, Any]:
    """Facts as `given:` says them; slices drop out, a test speaks of one."""
    found: dict[str, Any] = {}
    differ: set[str] = set()
    for fact in facts:
        if fact.disagree:
            differ.add(fact.name)
        if fact.dont_know:
            found[fact.name] = "dont_know"
        elif fact.value is not None and fact.name not in found:
            found[fact.name] = _said(fact.name, fact.value, knowledge)
    for name in differ & set(found):
        found[name] = {"value": found[name], "disagree": True}
    return found


def _said(name: str, value: Value, knowledge: KnowledgeBase) -> Any:
    """A value as a trainer writes it."""
    if name.startswith("cause:"):
        return "likely" if value else "unlikely"
    if isinstance(value, bool) and name in knowledge.questions:
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
