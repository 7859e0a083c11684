"""Made-up cases for comparing executors: every value there is, in every state.

A case is drawn from its own number, so that processes and order change nothing.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from salesdx.answers.values import bounds
from salesdx.facts import COMPANY, Fact, FactBase, Slice, Value, slice_of
from salesdx.inference.possible import Values
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Comparison, leaves, names

SEED = 10
SHARES = (0.0, 0.02, 0.1, 0.3, 0.4, 0.5, 0.7, 0.9, 1.0)
GAPS = ("confirmed", "suspected", "noise", "insufficient", None)
MODELS = ("b2b", "b2c", None, None)


@dataclass(frozen=True)
class MadeUp:
    """A case as the executors get it: facts, own thresholds, sales model."""

    facts: FactBase
    benchmarks: Mapping[str, float | None] = field(default_factory=dict)
    model: str | None = None


class Maker:
    """Makes cases for a knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.values = Values(knowledge)
        self.names = [*knowledge.metrics, *knowledge.questions]
        self.nodes = [
            *(n for c in knowledge.causes.values() for n in c.nodes),
            *(s.node for s in knowledge.symptoms.values()),
        ]
        read = {n for node in self.nodes for n in names(node)}
        self.gaps = sorted(n for n in read if n.startswith("gap:"))

    def drawn(self, number: int) -> MadeUp:
        """A case with facts on the company and, in four of ten, on slices."""
        dice = random.Random(f"{SEED}:{number}")
        facts: list[Fact] = []
        for where in self._places(dice):
            share = dice.choice(SHARES)
            for name in (*self.names, *self.gaps):
                if dice.random() < share and self._fits(name, where):
                    facts += self._fact(name, where, dice)
        dice.shuffle(facts)
        return MadeUp(FactBase.of(facts), self._own(dice), dice.choice(MODELS))

    def _places(self, dice: random.Random) -> Iterator[Slice]:
        yield COMPANY
        if dice.random() < 0.6:
            return
        for dimension in dice.sample(self.knowledge.dimensions, dice.randint(1, 3)):
            for value in range(dice.randint(1, 4)):
                yield slice_of(**{dimension: f"{dimension} {value}"})
        if dice.random() < 0.2:  # two dimensions at once: no rule runs on those
            yield slice_of(manager="manager 0", segment="segment 1")

    def _fits(self, name: str, where: Slice) -> bool:
        return all(d in self.knowledge.grain(name) for d, _ in where)

    def _fact(self, name: str, where: Slice, dice: random.Random) -> Iterator[Fact]:
        if name.startswith("gap:"):
            yield Fact(name, dice.choice(GAPS), where, origin="gap")
            return
        known = self.values.of(name, where)
        if not known:
            return
        if name in self.knowledge.metrics:
            value = known[0].value if dice.random() < 0.98 else None
            value = dice.choice(known).value if value is not None else None
            yield Fact(name, value, where)
            return
        yield _answer(name, dice.choice(known).value, where, dice)

    def _own(self, dice: random.Random) -> dict[str, float | None]:
        """Thresholds that differ at this company."""
        if dice.random() < 0.7:
            return {}
        marks = self.knowledge.benchmarks
        found: dict[str, float | None] = {}
        for name in dice.sample(list(marks), dice.randint(1, len(marks) // 3)):
            mark = marks[name]
            others = [v.value for v in mark.variants]
            found[name] = dice.choice([mark.value, mark.value * 1.5, None, *others])
        return found

    def boundaries(self) -> Iterator[MadeUp]:
        """Nothing known; every value at, below and above every threshold.

        Each name alone first, then in a company of which nearly all is known.
        """
        yield MadeUp(FactBase.of([]))
        for name, values in self.edges.items():
            answer = name in self.knowledge.questions
            for value in values:
                origin = "answer" if answer else "metric"
                fact = Fact(name, value, origin=origin)  # type: ignore[arg-type]
                yield MadeUp(FactBase.of([fact]))
                yield MadeUp(self._usual.with_facts([fact]))

    @cached_property
    def edges(self) -> dict[str, list[Value]]:
        """By name, the values at which a comparison with it changes."""
        marks: dict[str, set[float]] = {}
        for node in self.nodes:
            for leaf in leaves(node):
                marks.setdefault(leaf.name, set()).update(self._marks(leaf.comparison))
        found: dict[str, list[Value]] = {}
        for name in self.names:
            question = self.knowledge.questions.get(name)
            if question is None or question.type == "number":
                found[name] = _around(sorted(marks.get(name, ())))
            elif question.type == "scale":
                low, high = (int(v) for v in bounds(question))
                found[name] = list(range(low, high + 1))
            elif name in marks:
                values = (f.value for f in self.values.of(name, COMPANY)[:12])
                found[name] = [v for v in values if v is not None]
        return {name: values for name, values in found.items() if values}

    def _marks(self, how: Comparison) -> list[float]:
        if how.inner is not None:
            return self._marks(how.inner)
        named = how.benchmarks or (False,) * len(how.operands)
        found: list[float] = []
        for operand, is_named in zip(how.operands, named, strict=True):
            if is_named:
                found.append(self.knowledge.benchmarks[str(operand)].value)
            elif isinstance(operand, int | float) and not isinstance(operand, bool):
                found.append(float(operand))
        return found

    @cached_property
    def _usual(self) -> FactBase:
        """A company of which nine in ten names are known, the values in the middle."""
        dice, facts = random.Random(SEED), []
        for name in self.names:
            known = self.values.of(name, COMPANY)
            if known and dice.random() < 0.9:
                facts.append(known[len(known) // 2])
        return FactBase.of(facts)


def _answer(name: str, value: Value | None, where: Slice, dice: random.Random) -> Fact:
    """An answer as interviews bring them: sure, unsure, disputed or none."""
    state = dice.random()
    sure = dice.choice((100, 100, 80, 60, 55, 30, 1))
    if state < 0.08:
        return Fact(name, None, where, sure, "answer", dont_know=True)
    if state < 0.14:
        return Fact(name, None, where, sure, "answer", not_applicable=True)
    if state < 0.24:
        return Fact(name, value, where, min(sure, 60), "answer", disagree=True)
    return Fact(name, value, where, sure, "answer")


def _around(marks: Sequence[float]) -> list[Value]:
    found: list[Value] = []
    for mark in marks:
        below, above = (math.nextafter(mark, to) for to in (-math.inf, math.inf))
        found += [below, mark, above]
    return found
