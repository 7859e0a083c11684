"""The durable_rules executor: it matches conjunctions and chains symptoms.

durable_rules 2.0.28 has sharp edges; this adapter keeps away from all of them: an own
host without timer threads, canonical equality facts only, sizes, hashes and cycles
checked before anything is registered, a boot rule that fires first in every session
(without it `delete_state` can crash the process), a fresh sid a case, deleted in
`close`. Importing this module raises ImportError where the package cannot be used.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import durable_rules_engine
from durable import engine

from salesdx.errors import KnowledgeError, Said
from salesdx.inference.limits import check
from salesdx.inference.program import (
    SYMPTOMS,
    Candidate,
    ChainRule,
    Key,
    compile_rules,
    true_leaves,
)
from salesdx.knowledge.base import KnowledgeBase

_BOOT = ChainRule("", "boot", ("boot",))


class _Host(engine.Host):  # type: ignore[misc]
    """A host without polling threads; its actions only append and chain."""

    def __init__(self, rules: Sequence[ChainRule]) -> None:
        self.readers = _readers(rules)
        self.fired: list[Key] = []  # of the session that asserts right now
        self.errors: list[BaseException] = []
        super().__init__()
        self.set_rulesets({"kb": {
            f"{r.group}|{r.id}": {
                "all": [
                    {f"a{i}": {"$and": [{"g": r.group}, {"k": leaf}, {"v": 1}]}}
                    for i, leaf in enumerate(r.leaves)
                ],
                "run": f"{r.group}|{r.id}",
            }
            for r in (*rules, _BOOT)
        }})  # fmt: skip

    def _run(self) -> None:
        """Start nothing: the default starts two timer chains that race with us."""

    def get_action(self, action_name: str) -> Callable[[Any], None]:
        """An action is a plain one-argument function; its errors are kept."""
        group, _, rule = action_name.partition("|")

        def act(c: Any) -> None:
            try:
                if group or rule != _BOOT.id:
                    self.fired.append((group, rule))
                if group == SYMPTOMS:
                    for reader in self.readers.get(f"symptom:{rule}", ()):
                        c.assert_fact(_fact(reader, f"symptom:{rule}"))
            except BaseException as error:  # durable_rules would swallow it
                self.errors.append(error)

        return act


def _readers(rules: Sequence[ChainRule]) -> dict[str, tuple[str, ...]]:
    """Which groups read a symptom that is derived in the same ruleset."""
    own = {f"symptom:{r.id}" for r in rules if r.group == SYMPTOMS}
    found: dict[str, set[str]] = {}
    for rule in rules:
        for leaf in own.intersection(rule.leaves):
            found.setdefault(leaf, set()).add(rule.group)
    return {leaf: tuple(sorted(groups)) for leaf, groups in found.items()}


def _fact(group: str, leaf: str) -> dict[str, object]:
    return {"id": f"{group}:{leaf}", "g": group, "k": leaf, "v": 1}


class DurableSession:
    """One case in one sid."""

    _sids = itertools.count(1)

    def __init__(self, host: _Host) -> None:
        self._host, self._sid = host, f"case{next(self._sids)}"
        self._asserted: set[Key] = set()
        self._fired: list[Key] = []
        self._assert(_BOOT.group, _BOOT.leaves[0])

    def fire(self, candidates: Sequence[Candidate]) -> frozenset[Key]:
        """Assert the true leaves; return which of the candidates fired."""
        for candidate in sorted(candidates, key=lambda c: (c.group, c.id)):
            for leaf in true_leaves(candidate):
                if not self._chained(leaf):
                    self._assert(candidate.group, leaf)
        offered = {(c.group, c.id) for c in candidates}
        return frozenset(offered.intersection(self._fired))

    def _chained(self, leaf: str) -> bool:
        """Whether the engine itself has derived this symptom in this session."""
        return (SYMPTOMS, leaf.removeprefix("symptom:")) in self._fired

    def _assert(self, group: str, leaf: str) -> None:
        if (group, leaf) in self._asserted:
            return
        self._asserted.add((group, leaf))
        self._host.fired, self._host.errors = self._fired, []
        state = self._host.assert_fact("kb", _fact(group, leaf) | {"sid": self._sid})
        if self._host.errors:
            raise self._host.errors[0]
        if isinstance(state, Mapping) and "exception" in state:
            raise RuntimeError(state["exception"])

    def close(self) -> None:
        """Delete the session; its memory is freed only here."""
        self._host.delete_state("kb", self._sid)


class DurableExecutor:
    """One host a dimension, registered on first use. Not thread-safe."""

    name = "durable"

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._hosts: dict[str, _Host] = {}
        problems = [
            p
            for d in ("", *_dimensions(knowledge))
            for p in check((*compile_rules(knowledge, d), _BOOT))
        ]
        if problems:
            raise KnowledgeError(
                Said(
                    "the knowledge base is beyond the limits of durable_rules: "
                    + "; ".join(problems),
                    "база знаний не помещается в пределы durable_rules: "
                    + "; ".join(p.ru for p in problems),
                )
            )

    def session(self, dimension: str) -> DurableSession:
        """Start a fresh case."""
        if dimension not in self._hosts:
            self._hosts[dimension] = _Host(compile_rules(self._knowledge, dimension))
        return DurableSession(self._hosts[dimension])

    def close(self) -> None:
        """Free the C memory of all rulesets; the executor is dead afterwards."""
        for host in self._hosts.values():
            durable_rules_engine.delete_ruleset(host.get_ruleset("kb")._handle)
        self._hosts.clear()


def _dimensions(knowledge: KnowledgeBase) -> list[str]:
    each = {r.for_each for c in knowledge.causes.values() for r in c.rules}
    each |= {s.spec.for_each for s in knowledge.symptoms.values()}
    return sorted(d for d in each if d)
