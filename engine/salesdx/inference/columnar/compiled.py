"""A knowledge base made ready for columns: what does not hang on any data, done once.

Every different condition is one `Term`, however many rules share it; causes stand in
strata, each with the terms of its rules and gates.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from salesdx.facts import Value
from salesdx.inference.program import rule_key
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule, ReadySymptom
from salesdx.knowledge.conditions import Comparison, Group, Leaf, Node, State, names
from salesdx.knowledge.grammar import HOLDS

Kinds = tuple[tuple[Value, ...], tuple[type, ...]]  # True and 1 are equal to Python


@dataclass(eq=False, slots=True)
class Term:
    """A condition; two are the same only if they are one.

    `least` of the `parts` must hold (0: the one part must not). `names` are what it
    reads, `varies` the dimensions on whose slices any of them has a value of its own.
    `states` remembers how a leaf compares different values.
    """

    node: Node
    parts: tuple["Term", ...]
    least: int
    names: tuple[str, ...]
    varies: frozenset[str]
    states: dict[Kinds, tuple[State, ...]] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class RuleTerms:
    """A rule: its condition, and the verdicts that the condition reads."""

    rule: ReadyRule
    key: str
    term: Term
    verdicts: tuple[Term, ...]
    models: tuple[tuple[str, ...], ...]


@dataclass(eq=False, slots=True)
class CauseTerms:
    """A cause: `cancel` rules it out, `harm` is what it explains.

    `dimensions` are the levels on which it is judged; `rivals` give the keys of the
    rules that speak for it and not for the rival; `is_read` if other causes read its
    verdict.
    """

    cause: ReadyCause
    rules: tuple[RuleTerms, ...]
    gate: tuple[Term, ...]
    cancel: tuple[Term, ...]
    harm: tuple[Term, ...]
    dimensions: tuple[str, ...]
    models: tuple[str, ...]
    rivals: Mapping[str, frozenset[str]]
    is_read: bool

    @property
    def id(self) -> str:
        """The id of the cause."""
        return self.cause.id


@dataclass(eq=False)
class Compiled:
    """All terms of a knowledge base, symptoms and causes in the order of judging."""

    knowledge: KnowledgeBase
    symptoms: Sequence[tuple[ReadySymptom, Term]]
    strata: Sequence[Sequence[CauseTerms]]
    leaves: Sequence[Term]


def compiled(knowledge: KnowledgeBase) -> Compiled:
    """The terms of a knowledge base; those of the last one are kept."""
    found = _last.get("base")
    if found is None or found.knowledge is not knowledge:
        found = _last["base"] = _Compiler(knowledge).compiled()
    return found


_last: dict[str, Compiled] = {}


class _Compiler:
    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self._terms: dict[object, Term] = {}
        self._own: dict[str, frozenset[str]] = {}

    def compiled(self) -> Compiled:
        symptoms = sorted(self.knowledge.symptoms.values(), key=lambda s: s.layer)
        causes = [
            c for c in self.knowledge.causes.values()
            if not self.knowledge.is_off("causes", c.id)
        ]  # fmt: skip
        read = {n for c in causes for node in c.nodes for n in names(node)}
        ready = [(s, self._term(s.node)) for s in symptoms]
        strata = [
            [self._cause(c, [o for o in causes if o.layer == layer], read)
             for c in causes if c.layer == layer]
            for layer in sorted({c.layer for c in causes})
        ]  # fmt: skip
        leaves = [t for t in self._terms.values() if isinstance(t.node, Leaf)]
        return Compiled(self.knowledge, ready, strata, leaves)

    def _cause(
        self, cause: ReadyCause, stratum: Sequence[ReadyCause], read: set[str]
    ) -> CauseTerms:
        each = sorted({str(r.for_each) for r in cause.rules if r.for_each})
        models = tuple(cause.spec.applies_to)
        return CauseTerms(
            cause,
            tuple(self._rule(r, models) for r in cause.rules),
            tuple(map(self._term, cause.gate)),
            tuple(map(self._term, (*cause.unless, *cause.rules_out))),
            tuple(self._term(Leaf(f"symptom:{s}", HOLDS)) for s in cause.spec.explains),
            (cause.spec.for_each,) if cause.spec.for_each else ("", *each),
            models,
            {
                other.id: frozenset(
                    rule_key(r.direction, r.id) for r in cause.rules
                    if other.id in r.spec.discriminates
                )
                for other in stratum
                if other is not cause
                and (other.id in cause.spec.rivals or cause.id in other.spec.rivals)
            },
            f"cause:{cause.id}" in read,
        )  # fmt: skip

    def _rule(self, rule: ReadyRule, models: tuple[str, ...]) -> RuleTerms:
        term = self._term(rule.node)
        verdicts = tuple(
            t for t in _leaves(term) if t.names[0].startswith("cause:")
        )  # fmt: skip
        own = tuple(rule.spec.applies_to)
        return RuleTerms(
            rule, rule_key(rule.direction, rule.id), term, verdicts,
            tuple(m for m in (models, own) if m),
        )  # fmt: skip

    def _term(self, node: Node) -> Term:
        if not isinstance(node, Group):
            key = (node, _types(node.comparison)) if isinstance(node, Leaf) else node
            if key not in self._terms:
                grain = self._grain(node.name)
                self._terms[key] = Term(node, (), 0, (node.name,), grain)
            return self._terms[key]
        parts = tuple(map(self._term, node.parts))
        least = {"all": len(parts), "any": 1, "not": 0}.get(node.kind, node.n)
        if (least, parts) not in self._terms:
            self._terms[least, parts] = Term(
                node, parts, least,
                tuple(dict.fromkeys(n for p in parts for n in p.names)),
                frozenset().union(*(p.varies for p in parts)),
            )  # fmt: skip
        return self._terms[least, parts]

    def _grain(self, name: str) -> frozenset[str]:
        if name not in self._own:
            self._own[name] = frozenset(self.knowledge.grain(name))
        return self._own[name]


def _types(how: Comparison | None) -> tuple[type, ...]:
    """To Python, a comparison with True is equal to one with 1."""
    return (*map(type, how.operands), *_types(how.inner)) if how else ()


def _leaves(term: Term) -> Iterator[Term]:
    """The comparisons of a condition, as often as it has them."""
    if isinstance(term.node, Leaf):
        yield term
    for part in term.parts:
        yield from _leaves(part)
