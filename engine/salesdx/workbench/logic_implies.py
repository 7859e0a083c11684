"""Whether conditions can hold together, and whether one follows from another.

A condition that is true, false or unknown becomes two plain questions: what makes it
true, and what makes it false. Each is a formula over single names: one comparison of
one name has one outcome. Such a formula holds somewhere unless every way to meet it
asks a name to be in no state at all. All ways are tried; where there are too many,
nothing is claimed. So *never* is proven, and silence proves nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod

from salesdx.facts import Fact
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Leaf, Node, evaluate
from salesdx.workbench.logic_ranges import Test, benchmark_values, states

Place = tuple[str, str]  # a name, and the dimension on whose slice it is read
Marks = Mapping[str, float | None]
_EFFORT = 4000  # ways that are tried before a question is given up
_SCOPES = 64  # combinations of thresholds that differ by scope


@dataclass(frozen=True, slots=True)
class Atom:
    """A test of one name has an outcome; with `holds` off: it has another one."""

    place: Place
    test: Test
    outcome: bool
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Some:
    """At least n of the parts hold."""

    n: int
    parts: tuple["Formula", ...]


Formula = Atom | Some
NEVER = Some(1, ())


def negated(formula: Formula) -> Formula:
    """What holds exactly where the formula does not."""
    if isinstance(formula, Atom):
        return replace(formula, holds=not formula.holds)
    fatal = len(formula.parts) - formula.n + 1
    return Some(fatal, tuple(map(negated, formula.parts)))


@dataclass
class Logic:
    """Answers about conditions of one knowledge base; `by` is the slice read on."""

    knowledge: KnowledgeBase
    _seen: dict[object, "_Told"] = field(default_factory=dict)

    def impossible(self, node: Node, by: str = "") -> bool:
        """Whether the condition is never true."""
        return self.never(self.when(node, True, by))

    def always(self, node: Node, by: str = "") -> bool:
        """Whether the condition is never false: true wherever it is not unknown."""
        return self.never(self.when(node, False, by))

    def implies(self, first: Node, second: Node, by: str = "") -> bool:
        """Whether the second condition is true wherever the first one is."""
        return self._follows(first, second, True, by)

    def says_no_more(self, first: Node, second: Node, by: str = "") -> bool:
        """Whether the second condition is false wherever the first one is."""
        return self._follows(first, second, False, by)

    def _follows(self, first: Node, second: Node, outcome: bool, by: str) -> bool:
        return self.never(
            self.when(first, outcome, by), negated(self.when(second, outcome, by))
        )

    def related(self, node: Node, others: Iterable[Node], by: str = "") -> bool:
        """Whether conditions read a common name: else none follows from another."""
        here = {a.place for a in _atoms([self.when(node, True, by)])}
        formulas = [self.when(other, True, by) for other in others]
        return any(atom.place in here for atom in _atoms(formulas))

    def when(self, node: Node, outcome: bool, by: str = "") -> Formula:
        """What makes a condition true (or false), symptoms opened."""
        if isinstance(node, Leaf):
            inside = self._inside(node.name, by)
            if inside is not None:
                return self.when(inside[0], outcome, inside[1])
            return Atom(self._place(node.name, by), node, outcome)
        if isinstance(node, Asked):
            return self._asked(node, outcome, by)
        if node.kind == "not":
            return self.when(node.parts[0], not outcome, by)
        size = len(node.parts)
        n = {"all": size, "any": 1}.get(node.kind, node.n)
        parts = tuple(self.when(p, outcome, by) for p in node.parts)
        return Some(n if outcome else size - n + 1, parts)

    def _asked(self, node: Asked, outcome: bool, by: str) -> Formula:
        inside = self._inside(node.name, by)
        known: Formula
        if inside is None:
            known = Atom(self._place(node.name, by), Asked("known", node.name), True)
        else:
            either = (self.when(inside[0], s, inside[1]) for s in (True, False))
            known = Some(1, tuple(either))
        if node.what in ("known", "unknown"):
            return known if outcome is (node.what == "known") else negated(known)
        if inside is not None:  # nobody is asked about a symptom
            return NEVER if outcome else known
        return Atom(self._place(node.name, by), node, outcome)

    def _inside(self, name: str, by: str) -> tuple[Node, str] | None:
        """The condition of a symptom and where it is read; None where it is not one.

        Of a symptom judged for each slice, the company reads whether any slice has it:
        that has no condition of its own.
        """
        symptom = self.knowledge.symptoms.get(name.removeprefix("symptom:"))
        if symptom is None or not name.startswith("symptom:"):
            return None
        each = symptom.spec.for_each or ""
        return (symptom.node, each) if each in ("", by) else None

    def _place(self, name: str, by: str) -> Place:
        return name, by if by and by in self.knowledge.grain(name) else ""

    def never(self, *formulas: Formula) -> bool:
        """Whether the formulas are proven never to hold together."""
        tests: dict[Place, set[Test]] = {}
        for atom in _atoms(formulas):
            tests.setdefault(atom.place, set()).add(atom.test)
        named = sorted({b for found in tests.values() for b in _marks(found)})
        scopes = [benchmark_values(b, self.knowledge) for b in named]
        if prod(map(len, scopes)) > _SCOPES:
            return False
        for chosen in product(*scopes):
            marks = dict(zip(named, chosen, strict=True))
            found = {p: self._told(p[0], asked, marks) for p, asked in tests.items()}
            if not _Search(found).fails(formulas):
                return False
        return True

    def _told(self, name: str, tests: set[Test], marks: Marks) -> "_Told":
        """For each outcome of each test, the states of the name that have it."""
        here = _marks(tests)
        key = name, frozenset(tests), tuple(marks[b] for b in sorted(here))
        if key not in self._seen:
            facts = states(name, tests, self.knowledge)
            found: dict[tuple[Test, bool], int] = {}
            for i, fact in enumerate(facts or ()):
                for test in tests:
                    outcome = evaluate(test, _One(fact, marks)).state
                    if outcome is not None:
                        bits = found.get((test, outcome), 0)
                        found[test, outcome] = bits | 1 << i
            self._seen[key] = _Told((1 << len(facts)) - 1 if facts else 0, found)
        return self._seen[key]


@dataclass(frozen=True, slots=True)
class _Told:
    """Sets of states, as bits; without states every outcome is thought possible."""

    every: int
    outcomes: Mapping[tuple[Test, bool], int]

    def of(self, atom: Atom) -> int:
        found = self.outcomes.get((atom.test, atom.outcome), 0)
        return found if atom.holds else self.every & ~found


@dataclass(frozen=True, slots=True)
class _One:
    """A world of one fact."""

    fact: Fact
    marks: Marks

    def read(self, _name: str) -> Fact:
        return self.fact

    def benchmark(self, name: str) -> float | None:
        return self.marks[name]


class _Search:
    """Tries every way to make formulas hold together."""

    def __init__(self, told: Mapping[Place, _Told]) -> None:
        self._told, self._left = told, _EFFORT

    def fails(self, formulas: Sequence[Formula]) -> bool:
        """Whether there is no way, and all were tried."""
        every = {place: told.every for place, told in self._told.items() if told.every}
        return not self._meets(list(formulas), every) and self._left > 0

    def _meets(self, goals: list[Formula], masks: dict[Place, int]) -> bool:
        """Whether a way is left; `masks` are the states each name may still be in."""
        self._left -= 1
        if self._left <= 0:
            return False
        masks = dict(masks)
        choices: list[Some] = []
        while goals:
            goal = goals.pop()
            if isinstance(goal, Atom):
                if goal.place in masks:
                    masks[goal.place] &= self._told[goal.place].of(goal)
                    if not masks[goal.place]:
                        return False
            elif goal.n >= len(goal.parts) and goal.n > 0:
                if goal.n > len(goal.parts):
                    return False
                goals += goal.parts
            elif goal.n > 0:
                choices.append(goal)
        if not choices:
            return True
        first = min(choices, key=lambda c: len(c.parts))
        rest: list[Formula] = [c for c in choices if c is not first]
        return self._choose(first, rest, masks)

    def _choose(
        self, goal: Some, goals: list[Formula], masks: dict[Place, int]
    ) -> bool:
        """One part of a choice holds, or it is left out."""
        parts = [p for p in goal.parts if self._open(p, masks)]
        if len(parts) < goal.n:
            return False
        first, others = parts[0], tuple(parts[1:])
        with_it = [*goals, first, Some(goal.n - 1, others)]
        return self._meets(with_it, masks) or self._meets(
            [*goals, Some(goal.n, others)], masks
        )

    def _open(self, part: Formula, masks: Mapping[Place, int]) -> bool:
        if not isinstance(part, Atom) or part.place not in masks:
            return True
        return bool(masks[part.place] & self._told[part.place].of(part))


def _atoms(formulas: Sequence[Formula]) -> Iterator[Atom]:
    for formula in formulas:
        if isinstance(formula, Atom):
            yield formula
        else:
            yield from _atoms(formula.parts)


def _marks(tests: Iterable[Test]) -> set[str]:
    """Thresholds that tests read."""
    found: set[str] = set()
    for test in tests:
        how = test.comparison if isinstance(test, Leaf) else None
        while how is not None:
            named = zip(how.operands, how.benchmarks or (), strict=False)
            found |= {str(operand) for operand, is_named in named if is_named}
            how = how.inner
    return found
