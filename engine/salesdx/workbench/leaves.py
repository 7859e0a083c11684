"""kb coverage: which leaves of the conditions the tests have seen true, false, unknown.

A leaf is one comparison of a rule, a gate, `unless`, `rules_out` or a symptom. It is
seen in a state when a test beside some rule evaluates it so; symptoms are seen where
a test leaves them to be computed. Rules that questions make have no tests of their own
and are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from salesdx.content import NodePath
from salesdx.errors import Problem
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import Asked, Leaf, Node, Outcome, State, evaluate
from salesdx.knowledge.rules import opened
from salesdx.workbench.given import Given
from salesdx.workbench.testing import written

Kind = Literal["rule", "gate", "unless", "rules_out", "symptom"]
STATES: tuple[State, ...] = (True, False, None)
_CHECKS: tuple[Kind, ...] = ("gate", "unless", "rules_out")


@dataclass(frozen=True, slots=True)
class Site:
    """A condition and where it stands.

    `owner` is the cause, or the symptom; `part` is the rule, or the number of the gate.
    """

    kind: Kind
    owner: str
    part: str
    node: Node
    path: NodePath
    direction: str = ""  # of a rule

    @property
    def of(self) -> str:
        """`cause/rule`, `cause/gate 1`, `symptom:name`."""
        if self.kind == "symptom":
            return f"symptom:{self.owner}"
        if self.kind == "rule":
            return f"{self.owner}/{self.part}"
        return f"{self.owner}/{self.kind} {self.part}"


@dataclass(frozen=True, slots=True)
class LeafSeen:
    """One leaf, where it stands and in which states the tests have seen it."""

    site: Site
    leaf: Leaf | Asked
    place: Problem
    possible: tuple[State, ...]
    seen: tuple[State, ...]

    @property
    def lacks(self) -> tuple[State, ...]:
        """The states that no test shows."""
        return tuple(s for s in self.possible if s not in self.seen)


@dataclass
class _Seen:
    """States of the leaves of each condition, in the order they are written."""

    states: dict[str, list[set[State]]] = field(default_factory=dict)

    def add(self, site: str, outcome: Outcome) -> None:
        found = [leaf.state for leaf in outcome.leaves()]
        rows = self.states.setdefault(site, [set() for _ in found])
        for row, state in zip(rows, found, strict=True):
            row.add(state)

    def of(self, site: str, number: int) -> set[State]:
        rows = self.states.get(site)
        return rows[number] if rows else set()


def leaves(knowledge: KnowledgeBase) -> list[LeafSeen]:
    """Every leaf of the written conditions: causes in id order, then symptoms."""
    seen = _Seen()
    for cause in knowledge.causes.values():
        conditions = list(sites(cause))
        for test in cause.spec.tests:
            world = Given(knowledge, test.given)
            for site in conditions:
                seen.add(site.of, evaluate(site.node, world))
            for harm in cause.spec.explains:
                world.read(f"symptom:{harm}")
            for name, outcome in world.opened.items():
                seen.add(f"symptom:{name}", outcome)
    found: list[LeafSeen] = []
    for cause in knowledge.causes.values():
        for site in sites(cause):
            found += _rows(knowledge, "causes", site, seen)
    for symptom in knowledge.symptoms.values():
        site = Site("symptom", symptom.id, "", symptom.node, ("if",))
        found += _rows(knowledge, "symptoms", site, seen)
    return found


def sites(cause: ReadyCause) -> Iterator[Site]:
    """The conditions of a cause: written rules, gates, what cancels or refutes."""
    for rule in written(cause):
        path = (*rule.path, "if")
        yield Site("rule", cause.id, rule.id, rule.node, path, rule.direction)
    for kind in _CHECKS:
        for i, node in enumerate(getattr(cause, kind)):
            yield Site(kind, cause.id, str(i + 1), node, (kind, i))


def _rows(
    knowledge: KnowledgeBase, entries: str, site: Site, seen: _Seen
) -> Iterator[LeafSeen]:
    for i, (leaf, path) in enumerate(places(site.node, site.path)):
        states = seen.of(site.of, i)
        possible = possible_states(leaf)
        yield LeafSeen(
            site, leaf, knowledge.problem(entries, site.owner, path, "", ""), possible,
            tuple(s for s in possible if s in states),
        )  # fmt: skip


def places(node: Node, path: NodePath) -> Iterator[tuple[Leaf | Asked, NodePath]]:
    """The leaves of a condition with the place each is written at, left to right."""
    if isinstance(node, Leaf | Asked):
        yield node, path
        return
    inside = (*path, node.kind, "of") if node.kind == "at_least" else (*path, node.kind)
    for i, part in enumerate(node.parts):
        yield from places(part, inside if node.kind == "not" else (*inside, i))


def possible_states(leaf: Leaf | Asked) -> tuple[State, ...]:
    """Whether something is known is never unknown."""
    settled = isinstance(leaf, Asked) and leaf.what in ("known", "unknown")
    return (True, False) if settled else STATES


def share(found: Sequence[LeafSeen]) -> float:
    """How much of the states that leaves can take was seen; 1 when there are none."""
    possible = sum(len(row.possible) for row in found)
    return sum(len(row.seen) for row in found) / possible if possible else 1.0


def of_cause(found: Sequence[LeafSeen], cause: ReadyCause,
             knowledge: KnowledgeBase) -> list[LeafSeen]:  # fmt: skip
    """The leaves of one cause, and of the symptoms that its conditions read."""
    nodes = {i: s.node for i, s in knowledge.symptoms.items()}
    read = {n for site in sites(cause) for n in opened(site.node, nodes)}
    read |= {f"symptom:{s}" for s in cause.spec.explains}
    return [
        row for row in found
        if (row.site.kind != "symptom" and row.site.owner == cause.id)
        or (row.site.kind == "symptom" and row.site.of in read)
    ]  # fmt: skip
