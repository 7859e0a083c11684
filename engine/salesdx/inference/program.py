"""The compiled rules: which conjunctions fire, and what an executor is.

A rule reaches an engine as a conjunction of at most 15 leaves: the top-level parts of
its `all`. Whatever is nested (`any`, `not`, `at_least`) is one leaf, decided in
Python. A leaf that is a symptom carries the symptom's name, so that the engine chains
it by itself; every other leaf is private to its rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeGuard

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Group, Leaf, Node, Outcome

MAX_LEAVES = 15
SYMPTOMS = "symptoms"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ChainRule:
    """All leaves of one group hold -> the rule fires."""

    group: str
    id: str
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule (or symptom) with its evaluated tree, offered to an executor."""

    group: str
    id: str
    outcome: Outcome


class Session(Protocol):
    """One case on one slice; rules are offered stratum by stratum."""

    def fire(self, candidates: Sequence[Candidate]) -> frozenset[Key]:
        """Return the (group, id) pairs of the candidates that hold."""
        ...

    def close(self) -> None:
        """Forget the case."""
        ...


class Executor(Protocol):
    """Matches the rules of one knowledge base."""

    name: str

    def session(self, dimension: str) -> Session:
        """Start a fresh case; "" is the company, else rules run for each slice."""
        ...


def parts(node: Node) -> tuple[Node, ...]:
    """The leaves of a rule as an engine sees them, each once."""
    return node.parts if _is_cut(node) else (node,)


def _is_cut(node: Node) -> TypeGuard[Group]:
    """Whether a rule is a conjunction that an engine can join itself."""
    return (
        isinstance(node, Group) and node.kind == "all" and len(node.parts) <= MAX_LEAVES
    )


def leaves(rule: str, node: Node) -> tuple[str, ...]:
    """Names of the leaves of a rule within its group; each name once."""
    named = [_leaf(rule, i, p) for i, p in enumerate(parts(node))]
    return tuple(dict.fromkeys(named))


def _leaf(rule: str, i: int, node: Node) -> str:
    if isinstance(node, Leaf) and node.name.startswith("symptom:"):
        return node.name
    return f"{rule}/{i}"


def true_leaves(candidate: Candidate) -> list[str]:
    """The leaves of a candidate that hold."""
    outcome = candidate.outcome
    tops = outcome.parts if _is_cut(outcome.node) else (outcome,)
    found = [
        _leaf(candidate.id, i, top.node)
        for i, top in enumerate(tops)
        if top.state is True
    ]
    return list(dict.fromkeys(found))


def rule_key(direction: str, rule: str) -> str:
    """The id of a rule within its cause: ids may repeat for and against."""
    return f"{direction} {rule}"


def compile_rules(knowledge: KnowledgeBase, dimension: str) -> tuple[ChainRule, ...]:
    """Symptoms and rules that run on a dimension ("" = company), in id order."""
    rules = [
        ChainRule(SYMPTOMS, s.id, leaves(s.id, s.node))
        for s in knowledge.symptoms.values()
        if (s.spec.for_each or "") == dimension
    ]
    rules += [
        ChainRule(c.id, key, leaves(key, r.node))
        for c in knowledge.causes.values()
        for r in c.rules
        if (r.for_each or "") == dimension
        for key in [rule_key(r.direction, r.id)]
    ]
    return tuple(rules)
