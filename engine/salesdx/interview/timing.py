"""How long the rest of an interview takes when not every question will be asked.

A question whose condition is still open is asked with a chance: what is not known comes
out either way, each option of a list alike. Crude, and good enough for minutes.
"""

from collections.abc import Iterable, Mapping
from math import ceil, prod

from salesdx.facts import COMPANY, Fact, FactBase
from salesdx.interview.agenda import Ask
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Comparison, Group, Leaf, Node, names
from salesdx.knowledge.models import QuestionEntry

_EVEN = 0.5


def seconds_of(
    asks: Iterable[Ask],
    facts: FactBase,
    knowledge: KnowledgeBase,
    nodes: Mapping[str, Node],
) -> int:
    """What the questions take, each by the chance that it will be asked at all."""
    chances = Chances(facts, knowledge, nodes)
    return round(sum(chances.of(a.question.id) * a.question.seconds for a in asks))


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up: better early than late."""
    return ceil(seconds / 60)


class Chances:
    """The chances that questions will be asked, by what is known now."""

    def __init__(
        self, facts: FactBase, knowledge: KnowledgeBase, nodes: Mapping[str, Node]
    ) -> None:
        self._facts, self._knowledge, self._nodes = facts, knowledge, nodes
        self._found: dict[str, float] = {}

    def of(self, question: str) -> float:
        """The chance that a question applies: 1 without a condition."""
        if question not in self._found:
            node = self._nodes.get(question)
            self._found[question] = 1.0  # should conditions ever go round in a circle
            if node is not None and not self._nobody_knows(node):
                self._found[question] = self._true(node)
        return self._found[question]

    def _nobody_knows(self, node: Node) -> bool:
        """Whether the answers that decide it were "don't know": then it is asked."""
        open_ = [f for f in map(self._facts.fact, names(node)) if f.value is None]
        return bool(open_) and all(f.dont_know for f in open_)

    def _true(self, node: Node) -> float:
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Asked):
            return self._asked(node)
        parts = [self._true(p) for p in node.parts]
        match node.kind:
            case "all":
                return prod(parts)
            case "any":
                return 1 - prod(1 - p for p in parts)
            case "not":
                return 1 - parts[0]
            case _:
                return _enough(parts, node)

    def _leaf(self, node: Leaf) -> float:
        fact = self._facts.fact(node.name, COMPANY)
        if fact.value is not None:
            state = node.comparison.holds(fact.value, _Marks(self._knowledge))
            return _EVEN if state is None else float(state)
        question = self._knowledge.questions.get(node.name)
        if question is None:
            return _EVEN
        return self.of(question.id) * _share(node.comparison, question)

    def _asked(self, node: Asked) -> float:
        known = self._facts.fact(node.name, COMPANY).value is not None
        if node.what in ("known", "unknown"):
            return float(known == (node.what == "known"))
        return 0.0 if known else _EVEN


class _Marks:
    """The shipped thresholds; facts are read elsewhere."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    def benchmark(self, name: str) -> float:
        return self._knowledge.benchmarks[name].value

    def read(self, name: str) -> Fact:
        return Fact(name, None)


def _share(comparison: Comparison, question: QuestionEntry) -> float:
    options = len(question.options)
    if question.type != "enum" or not options:
        return _EVEN
    if comparison.op in ("==", "one_of"):
        return len(comparison.operands) / options
    if comparison.op == "!=":
        return 1 - len(comparison.operands) / options
    return _EVEN


def _enough(parts: list[float], node: Group) -> float:
    """The chance that at least n of the parts are true."""
    exactly = [1.0]
    for part in parts:
        grown = [0.0] * (len(exactly) + 1)
        for n, chance in enumerate(exactly):
            grown[n] += chance * (1 - part)
            grown[n + 1] += chance * part
        exactly = grown
    return sum(exactly[node.n :])
