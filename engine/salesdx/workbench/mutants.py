"""kb test --mutants: would the tests notice if a condition were a little different?

Every written condition is changed in one place at a time: a comparison takes in its
boundary or leaves it out, a threshold moves by a fifth, all becomes any, a part is left
out. A change that no test notices is a value that nobody has tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from salesdx.content import NodePath
from salesdx.facts import Fact
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Comparison, Group, Leaf, Node
from salesdx.language import Text

_TOUCH = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_TURNED = {"all": "any", "any": "all"}
_FIFTH = 0.2
_WHOLE_UNITS = ("count", "score", None)
CHANGES = {
    "boundary": Text(en="boundary of a comparison", ru="граница сравнения"),
    "threshold": Text(en="threshold by a fifth", ru="порог на пятую часть"),
    "choice": Text(en="one choice fewer", ru="одним вариантом меньше"),
    "group": Text(en="all instead of any, n by one", ru="all вместо any, n на единицу"),
    "part": Text(en="a part left out", ru="без одной части"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A condition changed in one place; `probes` are values that may tell it."""

    change: str
    path: NodePath  # of the changed node, within the condition
    told: Text
    node: Node
    probes: tuple[Fact, ...] = ()


class Mutation:
    """Makes the mutants of conditions of one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge

    def of(self, node: Node, path: NodePath = ()) -> Iterator[Mutant]:
        """Every mutant of a condition; each is a whole condition."""
        if isinstance(node, Asked):
            return
        if isinstance(node, Leaf):
            yield from self._leaf(node, path)
            return
        yield from _groups(node, path)
        inside = _inside(node, path)
        for i, part in enumerate(node.parts):
            there = inside if node.kind == "not" else (*inside, i)
            for mutant in self.of(part, there):
                parts = (*node.parts[:i], mutant.node, *node.parts[i + 1 :])
                yield replace(mutant, node=replace(node, parts=parts))

    def _leaf(self, leaf: Leaf, path: NodePath) -> Iterator[Mutant]:
        how = leaf.comparison
        for change, other, values in self._comparisons(leaf.name, how):
            after = Leaf(leaf.name, other)
            probes = tuple(self._fact(leaf.name, v) for v in values)
            yield Mutant(change, path, _instead(leaf, after), after, probes)

    def _comparisons(
        self, name: str, how: Comparison
    ) -> Iterator[tuple[str, Comparison, tuple[float, ...]]]:
        if how.inner is not None:
            for change, inner, _ in self._comparisons("", how.inner):
                yield change, replace(how, inner=inner), ()
            return
        if how.op == "one_of" and len(how.operands) > 1:
            for i in range(len(how.operands)):
                fewer = how.operands[:i] + how.operands[i + 1 :]
                named = how.benchmarks[:i] + how.benchmarks[i + 1 :]
                yield "choice", replace(how, operands=fewer, benchmarks=named), ()
        if how.op in _TOUCH:
            value = self._number(how, 0)
            other = replace(how, op=_TOUCH[how.op])  # type: ignore[arg-type]
            yield "boundary", other, (value,)
        if how.op in _TOUCH or how.op == "between":
            for i in range(len(how.operands)):
                yield from self._moved(name, how, i)

    def _moved(
        self, name: str, how: Comparison, i: int
    ) -> Iterator[tuple[str, Comparison, tuple[float, ...]]]:
        """The threshold a fifth lower and higher; of what is counted, one at least."""
        value, whole = self._number(how, i), self._whole(name)
        step = abs(value) * _FIFTH
        if whole:
            step = max(1.0, round(step))
        if not step:
            return
        for moved in (value - step, value + step):
            new = round(moved, 6)
            operands = (*how.operands[:i], new, *how.operands[i + 1 :])
            named = how.benchmarks or (False,) * len(operands)
            named = (*named[:i], False, *named[i + 1 :])
            other = replace(how, operands=operands, benchmarks=named)
            yield "threshold", other, (new, value)

    def _number(self, how: Comparison, i: int) -> float:
        operand = how.operands[i]
        if how.benchmarks and how.benchmarks[i]:
            return self.knowledge.benchmarks[str(operand)].value
        return float(operand)

    def _whole(self, name: str) -> bool:
        metric = self.knowledge.metrics.get(name)
        if metric is not None:
            return metric.type in ("count", "flag")
        question = self.knowledge.questions.get(name)
        return question is None or question.type == "scale"

    def _fact(self, name: str, value: float) -> Fact:
        if name in self.knowledge.questions:
            plain = int(value) if float(value).is_integer() else value
            return Fact(name, plain, origin="answer")
        return Fact(name, value)


def _inside(node: Group, path: NodePath) -> NodePath:
    """Where the parts of a group are written."""
    return (*path, node.kind, "of") if node.kind == "at_least" else (*path, node.kind)


def _instead(before: object, after: object) -> Text:
    return Text(en=f"{before} → {after}", ru=f"{before} → {after}")


def _groups(node: Group, path: NodePath) -> Iterator[Mutant]:
    size = len(node.parts)
    if node.kind in _TURNED and size > 1:
        turned = replace(node, kind=_TURNED[node.kind])  # type: ignore[arg-type]
        yield Mutant("group", path, _instead(node.kind, turned.kind), turned)
    if node.kind == "at_least":
        for n in (node.n - 1, node.n + 1):
            if 1 <= n <= size:
                told = _instead(f"at_least {node.n}", f"at_least {n}")
                yield Mutant("group", path, told, replace(node, n=n))
    if node.kind == "not" or size < 2:
        return
    inside = _inside(node, path)
    for i, part in enumerate(node.parts):
        fewer = node.parts[:i] + node.parts[i + 1 :]
        if node.n <= len(fewer):
            told = Text(en=f"without {part}", ru=f"без {part}")
            yield Mutant("part", (*inside, i), told, replace(node, parts=fewer))
