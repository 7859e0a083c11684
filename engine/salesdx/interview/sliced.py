"""What is judged slice by slice, read for the company: taken from an inference.

Rules that run for each seller, stage or source, the symptoms of slices, and causes that
blame a person. Few questions bear on them, so they are inferred anew only where one of
those is answered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from salesdx.facts import COMPANY, Fact, FactBase
from salesdx.inference.infer import infer
from salesdx.inference.points import Item
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import names
from salesdx.result import Verdict


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


class Sliced:
    """The part of a knowledge base that is judged on slices."""

    def __init__(
        self, knowledge: KnowledgeBase, sales_model: str | None,
        thresholds: Mapping[str, float | None],
    ) -> None:  # fmt: skip
        self._model, self._thresholds = sales_model, thresholds
        self._symptoms = {s.id for s in knowledge.symptoms.values() if s.spec.for_each}
        causes, self.names = _closure(knowledge, self._symptoms)
        self._part = replace(
            knowledge,
            causes={i: c for i, c in knowledge.causes.items() if i in causes},
        )

    def readings(self, facts: FactBase) -> Readings:
        """What slices come to; nothing where no fact is about one."""
        if not any(where for _, where in facts):
            return Readings()
        found = infer(
            self._part, facts, ReferenceExecutor(), sales_model=self._model,
            benchmarks=self._thresholds,
        )  # fmt: skip
        derived = found.case.derived
        read = {
            name: derived[name, COMPANY]
            for name in [f"symptom:{i}" for i in sorted(self._symptoms)]
        }
        points: dict[str, int] = {}
        items: dict[str, tuple[Item, ...]] = {}
        people: dict[str, tuple[Verdict, int]] = {}
        for cause in self._part.causes.values():
            if cause.spec.for_each:
                name = f"cause:{cause.id}"
                if (name, COMPANY) in derived:
                    read[name] = derived[name, COMPANY]
                    points[name] = found.case.points[name, COMPANY]
                rows = [o for (i, _), o in found.causes.items() if i == cause.id]
                if rows:
                    best = min(rows, key=lambda o: (_worth(o.verdict), -o.total.points))
                    people[cause.id] = best.verdict, best.total.points
            elif (cause.id, COMPANY) in found.causes:
                row = found.causes[cause.id, COMPANY]
                items[cause.id] = tuple(r.item for r in row.rules if r.rule.for_each)
        return Readings(read, points, items, people)


_ACTIVE: tuple[Verdict, ...] = ("likely", "possible")


def _worth(verdict: Verdict) -> int:
    return _ACTIVE.index(verdict) if verdict in _ACTIVE else len(_ACTIVE)


def _closure(
    knowledge: KnowledgeBase, symptoms: set[str]
) -> tuple[set[str], frozenset[str]]:
    """Causes that are judged on slices or read by them, and every name they read."""
    causes = {c.id for c in knowledge.causes.values() if _on_slices(c)}
    read: set[str] = set()
    left = [*sorted(causes)]
    for symptom in sorted(symptoms):
        left += _follow(knowledge, names(knowledge.symptoms[symptom].node), read)
    while left:
        cause = knowledge.causes[left.pop()]
        causes.add(cause.id)
        own = [n for node in cause.nodes for n in names(node)]
        own += [*cause.spec.needs, *(f"symptom:{s}" for s in cause.spec.explains)]
        rivals = {i for i, c in knowledge.causes.items() if cause.id in c.spec.rivals}
        found = _follow(knowledge, iter(own), read)
        left += sorted({*found, *rivals, *cause.spec.rivals} - causes)
    return causes, frozenset(read)


def _on_slices(cause: ReadyCause) -> bool:
    return bool(cause.spec.for_each) or any(r.for_each for r in cause.rules)


def _follow(
    knowledge: KnowledgeBase, found: Iterator[str], read: set[str]
) -> list[str]:
    """Add names and what stands behind symptoms; return the causes among them."""
    causes = []
    left = list(found)
    while left:
        name = left.pop()
        if name in read:
            continue
        read.add(name)
        prefix, _, rest = name.partition(":")
        if prefix == "symptom" and rest in knowledge.symptoms:
            left += names(knowledge.symptoms[rest].node)
        elif prefix == "cause" and rest in knowledge.causes:
            causes.append(rest)
    return causes
