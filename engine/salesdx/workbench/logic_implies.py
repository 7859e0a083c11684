"""Whether conditions can hold together, and whether one follows from another.

A condition that is true, false or unknown becomes two plain questions: what makes it
true, and what makes it false. Each is a formula over single names: one comparison of
one name has one outcome. Such a formula holds somewhere unless every way to meet it
asks a name to be in no state at all. All ways are tried; where there are too many,
nothing is claimed. So *never* is proven, and silence proves nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from salesdx.facts import Fact
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Leaf, Node, evaluate
from salesdx.workbench.logic_ranges import Test, benchmark_values, states
from salesdx.workbench.logic_search import (
    NEVER,
    Atom,
    Formula,
    Place,
    Search,
    Some,
    Told,
    atoms,
    negated,
)

Marks = Mapping[str, float | None]
_SCOPES = 64  # combinations of thresholds that differ by scope


@dataclass
class Logic:
    """Answers about conditions of one knowledge base; `by` is the slice read on."""

    knowledge: KnowledgeBase
    _seen: dict[object, Told] = field(default_factory=dict)

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
        here = {atom.place for atom in atoms([self.when(node, True, by)])}
        formulas = [self.when(other, True, by) for other in others]
        return any(atom.place in here for atom in atoms(formulas))

    def tests(self, node: Node, by: str = "") -> set[Test]:
        """Everything a condition asks of single names, symptoms opened."""
        return {atom.test for atom in atoms([self.when(node, True, by)])}

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
        for atom in atoms(formulas):
            tests.setdefault(atom.place, set()).add(atom.test)
        named = sorted({b for found in tests.values() for b in _marks(found)})
        scopes = [benchmark_values(b, self.knowledge) for b in named]
        if prod(map(len, scopes)) > _SCOPES:
            return False
        for chosen in product(*scopes):
            marks = dict(zip(named, chosen, strict=True))
            found = {p: self._told(p[0], asked, marks) for p, asked in tests.items()}
            if not Search(found).fails(formulas):
                return False
        return True

    def _told(self, name: str, tests: set[Test], marks: Marks) -> Told:
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
            self._seen[key] = Told((1 << len(facts)) - 1 if facts else 0, found)
        return self._seen[key]


@dataclass(frozen=True, slots=True)
class _One:
    """A world of one fact."""

    fact: Fact
    marks: Marks

    def read(self, _name: str) -> Fact:
        return self.fact

    def benchmark(self, name: str) -> float | None:
        return self.marks[name]


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
