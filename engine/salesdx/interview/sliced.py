"""What is judged slice by slice, read for the company: taken from inferences.

Rules that run for each seller, stage or source, the symptoms of slices, and causes that
blame a person. Each is a part of its own, inferred with the little that it reads, and
anew only where an answer bears on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from salesdx.facts import COMPANY, DIMENSIONS, Fact, FactBase
from salesdx.inference.infer import Inference, infer
from salesdx.inference.points import Item
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import names
from salesdx.result import Verdict

_ACTIVE: tuple[Verdict, ...] = ("likely", "possible")


@dataclass(frozen=True, slots=True)
class Readings:
    """Facts and items as the company's own rules and causes read them.

    `facts` are symptoms and verdicts of slices; `points` those behind the verdicts;
    `items` the best slice of each sliced rule, by its cause; `people` the best verdict
    and points of each cause that has no row of the company.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    people: Mapping[str, tuple[Verdict, int]] = field(default_factory=dict)
    parts: tuple["Readings", ...] = ()

    @classmethod
    def of(cls, parts: Sequence["Readings"]) -> "Readings":
        """All parts together."""
        whole: tuple[dict[str, Fact], dict[str, int]] = ({}, {})
        items: dict[str, tuple[Item, ...]] = {}
        people: dict[str, tuple[Verdict, int]] = {}
        for part in parts:
            whole[0].update(part.facts)
            whole[1].update(part.points)
            items.update(part.items)
            people.update(part.people)
        return cls(*whole, items, people, tuple(parts))


@dataclass(frozen=True)
class Part:
    """One symptom of slices, or one cause with rules for slices, and what they read."""

    knowledge: KnowledgeBase
    names: frozenset[str]
    symptom: str | None = None
    cause: str | None = None

    def read(self, found: Inference) -> Readings:
        """What an inference of the part says of the company."""
        derived = found.case.derived
        if self.symptom is not None:
            name = f"symptom:{self.symptom}"
            return Readings({name: derived[name, COMPANY]})
        assert self.cause is not None
        rows = [o for (i, _), o in found.causes.items() if i == self.cause]
        if self.knowledge.causes[self.cause].spec.for_each:
            name = f"cause:{self.cause}"
            if (name, COMPANY) not in derived:
                return Readings()
            people: dict[str, tuple[Verdict, int]] = {}
            if rows:
                best = min(rows, key=lambda o: (_worth(o.verdict), -o.total.points))
                people[self.cause] = best.verdict, best.total.points
            points = {name: found.case.points[name, COMPANY]}
            return Readings({name: derived[name, COMPANY]}, points, people=people)
        items = [
            tuple(r.item for r in o.rules if r.rule.for_each)
            for o in rows if not o.where
        ]  # fmt: skip
        return Readings(items={self.cause: items[0]} if items else {})


class Sliced:
    """The parts of a knowledge base that are judged on slices."""

    def __init__(
        self, knowledge: KnowledgeBase, sales_model: str | None,
        thresholds: Mapping[str, float | None],
    ) -> None:  # fmt: skip
        self._model, self._thresholds = sales_model, thresholds
        self._parts = list(_parts(knowledge))
        self.names = frozenset(n for p in self._parts for n in p.names)

    def readings(
        self, facts: FactBase, changed: Set[str] = frozenset(),
        old: Readings | None = None,
    ) -> Readings:  # fmt: skip
        """What slices come to; nothing where no fact is about one.

        With `old` only the parts that read what has `changed` are inferred anew.
        """
        if not any(where for _, where in facts):
            return Readings()
        known: dict[str, list[Fact]] = {}
        for fact in facts.values():
            known.setdefault(fact.name, []).append(fact)
        slices = [
            Fact("", None, ((d, v),)) for d in DIMENSIONS for v in facts.values_of(d)
        ]
        kept = old.parts if old is not None else ()
        return Readings.of([
            kept[i] if kept and part.names.isdisjoint(changed)
            else self._inferred(part, known, slices)
            for i, part in enumerate(self._parts)
        ])  # fmt: skip

    def _inferred(
        self, part: Part, known: Mapping[str, list[Fact]], slices: Sequence[Fact]
    ) -> Readings:
        read = [f for n in sorted(part.names) for f in known.get(n, ())]
        return part.read(infer(
            part.knowledge, FactBase.of([*slices, *read]), ReferenceExecutor(),
            sales_model=self._model, benchmarks=self._thresholds,
        ))  # fmt: skip


def _worth(verdict: Verdict) -> int:
    return _ACTIVE.index(verdict) if verdict in _ACTIVE else len(_ACTIVE)


def _parts(knowledge: KnowledgeBase) -> Iterator[Part]:
    for symptom in knowledge.symptoms.values():
        if symptom.spec.for_each:
            found = _Closure(knowledge)
            found.add([f"symptom:{symptom.id}"])
            yield Part(found.part({}), frozenset(found.names), symptom=symptom.id)
    for cause in knowledge.causes.values():
        own = cause if cause.spec.for_each else _only_sliced(cause)
        if own.rules and any(r.for_each for r in own.rules):
            found = _Closure(knowledge)
            found.cause(own)
            yield Part(found.part({own.id: own}), frozenset(found.names), cause=own.id)


def _only_sliced(cause: ReadyCause) -> ReadyCause:
    """The rules for slices of a cause of the company, without its checks."""
    bare: dict[str, list[str]] = {"explains": [], "needs": [], "rivals": []}
    return replace(
        cause, rules=tuple(r for r in cause.rules if r.for_each), gate=(), unless=(),
        rules_out=(), spec=cause.spec.model_copy(update=bare),
    )  # fmt: skip


class _Closure:
    """Every name that something reads, behind symptoms and verdicts too."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self.names: set[str] = set()
        self._causes: dict[str, ReadyCause] = {}

    def cause(self, cause: ReadyCause) -> None:
        """All that a cause reads, and its rivals."""
        self._causes[cause.id] = cause
        self.add(n for node in cause.nodes for n in names(node))
        self.add([*cause.spec.needs, *(f"symptom:{s}" for s in cause.spec.explains)])
        if cause.spec.for_each or cause.spec.rivals:
            others = self._knowledge.causes.values()
            near = [c.id for c in others if cause.id in c.spec.rivals]
            self.add(f"cause:{i}" for i in sorted({*near, *cause.spec.rivals}))

    def add(self, found: Iterable[str]) -> None:
        """These names and what stands behind them."""
        for name in found:
            if name in self.names:
                continue
            self.names.add(name)
            prefix, _, rest = name.partition(":")
            if prefix == "symptom" and rest in self._knowledge.symptoms:
                self.add(names(self._knowledge.symptoms[rest].node))
            elif prefix == "cause" and rest not in self._causes:
                other = self._knowledge.causes.get(rest)
                if other is not None:
                    self.cause(other)

    def part(self, own: Mapping[str, ReadyCause]) -> KnowledgeBase:
        """The knowledge that is read, no more; `own` causes as they are given."""
        read = self._knowledge
        causes = {**self._causes, **own}
        return replace(
            read, causes=dict(sorted(causes.items())),
            symptoms={
                i: s for i, s in read.symptoms.items() if f"symptom:{i}" in self.names
            },
        )  # fmt: skip
