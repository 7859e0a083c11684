"""Conditions as data: three-valued (Kleene), closed comparisons, a tree that explains.

A condition is true, false or unknown (None). Missing is unknown and never counts as
false: `all` is false when a part is false, `any` true when a part is true,
`at_least` true when enough are true and false when even the unknown cannot suffice.
The outcome tree of an evaluation *is* the explanation: which leaf held, with values.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from salesdx.facts import Fact, Value
from salesdx.knowledge.platitudes import is_banal

State = bool | None
Operator = Literal[
    "<", "<=", ">", ">=", "==", "!=", "between", "one_of", "includes", "count",
    "banal", "gap", "holds",
]  # fmt: skip
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
Operand = float | bool | str


class World(Protocol):
    """What a condition reads: facts (also `symptom:`, `cause:`, `gap:`), thresholds."""

    def read(self, name: str) -> Fact:
        """Return the fact a name stands for on the slice that is looked at."""
        ...

    def benchmark(self, name: str) -> float | None:
        """Return the value of a named threshold; None where none fits the company."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """A closed comparison. `operands` are numbers, codes or names of benchmarks."""

    op: Operator
    operands: tuple[Operand, ...]
    benchmarks: tuple[bool, ...] = ()
    inner: "Comparison | None" = None

    def resolved(self, world: World) -> tuple[Operand, ...] | None:
        """Operands with the benchmarks looked up; None where one has no value here."""
        if not any(self.benchmarks):
            return self.operands
        found: list[Operand] = []
        for operand, named in zip(self.operands, self.benchmarks, strict=True):
            value = world.benchmark(str(operand)) if named else operand
            if value is None:
                return None
            found.append(value)
        return tuple(found)

    @property
    def thresholds(self) -> list[str]:
        """The benchmarks that it names."""
        marks = zip(self.operands, self.benchmarks, strict=False)
        found = [str(operand) for operand, named in marks if named]
        return found + (self.inner.thresholds if self.inner else [])

    def holds(self, value: Value, world: World) -> State:
        """Compare a known value.

        None for gap states that settle nothing, and where no threshold fits the case.
        """
        operands = self.resolved(world)
        if operands is None:
            return None
        match self.op:
            case "holds":
                return bool(value)
            case "gap":
                return {"confirmed": True, "noise": False}.get(str(value))
            case "==" | "one_of":
                return any(_same(value, o) for o in operands)
            case "!=":
                return not any(_same(value, o) for o in operands)
            case "includes":
                return isinstance(value, tuple) and operands[0] in value
            case "banal":
                return is_banal(str(value)) is bool(operands[0])
            case "count":
                assert self.inner is not None
                size = len(value) if isinstance(value, tuple) else 0
                return self.inner.holds(size, world)
            case "between":
                low, high = map(float, operands)
                return _is_number(value) and low <= float(value) <= high  # type: ignore[arg-type]
            case _:
                (limit,) = map(float, operands)
                return _is_number(value) and _ORDER[self.op](float(value), limit)  # type: ignore[arg-type]

    def __str__(self) -> str:
        if self.inner is not None:
            return f"count {self.inner}"
        if self.op in {"holds", "gap"}:
            return "holds"
        words = [_word(o) for o in self.operands]
        if self.op == "between":
            return f"between {words[0]} and {words[1]}"
        if self.op == "one_of":
            return "one of " + ", ".join(words)
        return words[0] if self.op == "==" else f"{self.op} {words[0]}"


def _word(operand: Operand) -> str:
    if isinstance(operand, bool):
        return "yes" if operand else "no"
    return f"{operand:g}" if isinstance(operand, float | int) else operand


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(value: Value, operand: Operand) -> bool:
    if isinstance(value, bool) or isinstance(operand, bool):
        return value is operand
    return value == operand


@dataclass(frozen=True, slots=True)
class Leaf:
    """A name and a comparison."""

    name: str
    comparison: Comparison

    def __str__(self) -> str:
        if self.comparison.op in {"holds", "gap"}:
            return self.name
        return f"{self.name} {self.comparison}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the fact itself: `known`, `unknown`, `disagree`, `dont_know`."""

    what: Literal["known", "unknown", "disagree", "dont_know"]
    name: str

    def __str__(self) -> str:
        return f"{self.what} {self.name}"


@dataclass(frozen=True, slots=True)
class Group:
    """`all`, `any`, `not` (one part) or `at_least` n of the parts."""

    kind: Literal["all", "any", "not", "at_least"]
    parts: tuple["Node", ...]
    n: int = 0

    def __str__(self) -> str:
        inside = ", ".join(map(str, self.parts))
        return f"{self.kind}{f' {self.n}' if self.n else ''} ({inside})"


Node = Leaf | Asked | Group


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result tree: the condition, its state, what it read, its parts.

    `confidence` (0..100) says how sure the answers behind a settled state are. True:
    the weakest part of an `all`, the best of an `any`, the n-th best of an
    `at_least`; false: the other way round, as `not` turns one into the other.
    """

    node: Node
    state: State
    confidence: int = 100
    fact: Fact | None = None
    parts: tuple["Outcome", ...] = ()

    def leaves(self) -> Iterator["Outcome"]:
        """All leaf outcomes, left to right."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def evaluate(node: Node, world: World) -> Outcome:
    """Evaluate a condition; nothing is cut short, so that the tree is complete."""
    if isinstance(node, Leaf):
        fact = world.read(node.name)
        if fact.value is None:
            return Outcome(node, None, fact=fact)
        state = node.comparison.holds(fact.value, world)
        return Outcome(node, state, fact.confidence, fact)
    if isinstance(node, Asked):
        fact = world.read(node.name)
        return Outcome(node, _asked(node, fact), fact=fact)
    parts = tuple(evaluate(p, world) for p in node.parts)
    return _GROUPS[node.kind](node, parts)


def _asked(node: Asked, fact: Fact) -> State:
    known = fact.value is not None
    match node.what:
        case "known":
            return known
        case "unknown":
            return not known
        case "dont_know":
            return True if fact.dont_know else (False if known else None)
        case _:
            return True if fact.disagree else (False if known else None)


def _all(node: Group, parts: tuple[Outcome, ...]) -> Outcome:
    return _enough(node, parts, len(parts))


def _any(node: Group, parts: tuple[Outcome, ...]) -> Outcome:
    return _enough(node, parts, 1)


def _not(node: Group, parts: tuple[Outcome, ...]) -> Outcome:
    (part,) = parts
    state = None if part.state is None else not part.state
    return Outcome(node, state, part.confidence, parts=parts)


def _at_least(node: Group, parts: tuple[Outcome, ...]) -> Outcome:
    return _enough(node, parts, node.n)


def _enough(node: Group, parts: tuple[Outcome, ...], n: int) -> Outcome:
    """At least n parts hold: `all` asks for every one, `any` for one.

    It is false when so many parts are false that the rest cannot be n.
    """
    held = sorted((p.confidence for p in parts if p.state), reverse=True)
    if len(held) >= n:
        return Outcome(node, True, held[n - 1], parts=parts)
    failed = sorted((p.confidence for p in parts if p.state is False), reverse=True)
    fatal = len(parts) - n + 1
    if len(failed) >= fatal:
        return Outcome(node, False, failed[fatal - 1], parts=parts)
    return Outcome(node, None, parts=parts)


_GROUPS: Mapping[str, Callable[[Group, tuple[Outcome, ...]], Outcome]] = {
    "all": _all, "any": _any, "not": _not, "at_least": _at_least,
}  # fmt: skip


def leaves(node: Node) -> Iterator[Leaf]:
    """The comparisons of a condition, left to right."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Group):
        for part in node.parts:
            yield from leaves(part)


def names(node: Node) -> Iterator[str]:
    """Every name a condition reads, in order, repeated as written."""
    if isinstance(node, Leaf | Asked):
        yield node.name
    else:
        for part in node.parts:
            yield from names(part)
