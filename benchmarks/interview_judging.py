"""Judging a case after every answer: only what an answer can reach is judged anew.

Every cause is judged by the part of the knowledge that can bear on it, with the same
inference as a diagnosis, so the result is the same (tests/test_interview_simulated.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from salesdx.diagnosis import VERDICTS, diagnose
from salesdx.facts import COMPANY, Fact, FactBase, Slice
from salesdx.inference.infer import Inference, infer
from salesdx.inference.part import part_of
from salesdx.inference.reference import ReferenceExecutor
from salesdx.inference.verdicts import CauseOutcome
from salesdx.inference.world import Case
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, names

Outcomes = dict[tuple[str, Slice], CauseOutcome]
SPEAKING = ("likely", "possible")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands: in the order of the diagnosis, and by points alone.

    `first` and `three` hold only causes that are likely or possible; `points` are the
    causes with points, the most first.
    """

    first: str | None
    three: frozenset[str]
    points: str | None
    points_three: frozenset[str]


@dataclass(frozen=True)
class Part:
    """Causes that are judged together, and the names that bear on them."""

    knowledge: KnowledgeBase
    own: tuple[str, ...]
    reads: tuple[str, ...]


@dataclass
class Judge:
    """Judges cases of one knowledge base; remembers what it has judged of a company."""

    knowledge: KnowledgeBase
    parts: list[Part] = field(default_factory=list)
    readers: dict[str, list[int]] = field(default_factory=dict)
    seen: dict[tuple[object, ...], Outcomes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        groups: dict[frozenset[str], list[str]] = {}
        parts = {c: part_of(self.knowledge, c) for c in self.knowledge.causes}
        for cause, part in parts.items():
            groups.setdefault(frozenset(part.causes), []).append(cause)
        for own in groups.values():
            part = parts[own[0]]
            self.parts.append(Part(part, tuple(own), tuple(sorted(_reads(part)))))
        for i, ready in enumerate(self.parts):
            for name in ready.reads:
                self.readers.setdefault(name, []).append(i)

    def part(self, i: int, facts: Mapping[str, Fact], model: str) -> Outcomes:
        """The outcomes of the causes of one part."""
        part = self.parts[i]
        mine = [facts[n] for n in part.reads if n in facts]
        key = (i, model, *((f.name, f.value, f.dont_know) for f in mine))
        if key not in self.seen:
            found = infer(
                part.knowledge, FactBase.of(mine), ReferenceExecutor(),
                sales_model=model,
            )  # fmt: skip
            self.seen[key] = {k: o for k, o in found.causes.items() if k[0] in part.own}
        return self.seen[key]


@dataclass
class Judgement:
    """One case as it grows."""

    judge: Judge
    model: str
    facts: dict[str, Fact] = field(default_factory=dict)
    outcomes: list[Outcomes] = field(default_factory=list)
    stale: set[int] = field(default_factory=set)
    last: Standing | None = None

    def __post_init__(self) -> None:
        self.outcomes = [{} for _ in self.judge.parts]
        self.stale = set(range(len(self.judge.parts)))

    def take(self, facts: Mapping[str, Fact]) -> None:
        """The facts that hold now; those that went are forgotten."""
        for name in facts.keys() | self.facts.keys():
            if facts.get(name) != self.facts.get(name):
                self.stale.update(self.judge.readers.get(name, ()))
        self.facts = dict(facts)

    def standing(self) -> Standing:
        """How it stands."""
        if self.last is not None and not self.stale:
            return self.last
        moved = self.last is None
        for i in sorted(self.stale):
            found = self.judge.part(i, self.facts, self.model)
            moved = moved or found is not self.outcomes[i]
            self.outcomes[i] = found
        self.stale.clear()
        if moved or self.last is None:
            self.last = self._standing()
        return self.last

    def _standing(self) -> Standing:
        case = Case(self.judge.knowledge, FactBase())
        causes = {k: o for part in self.outcomes for k, o in part.items()}
        rows = diagnose(Inference("reference", case, causes=causes), [])
        spoken = [r.id for r in rows if r.outcome.verdict in SPEAKING]
        some = [r for r in rows if r.outcome.total.points > 0]
        some.sort(key=lambda r: (-r.outcome.total.points, r.id))
        most = [r.id for r in some]
        return Standing(
            spoken[0] if spoken else None, frozenset(spoken[:3]),
            most[0] if most else None, frozenset(most[:3]),
        )  # fmt: skip

    def scores(self) -> dict[tuple[str, Slice], tuple[str, int]]:
        """Verdict and points of every cause."""
        self.standing()
        return {
            k: (o.verdict, o.total.points)
            for part in self.outcomes for k, o in part.items()
        }  # fmt: skip


def _reads(part: KnowledgeBase) -> Iterable[str]:
    nodes: list[Node] = [s.node for s in part.symptoms.values()]
    nodes += [n for c in part.causes.values() for n in c.nodes]
    found = {n for node in nodes for n in names(node)}
    found |= {n for c in part.causes.values() for n in c.spec.needs}
    return {n for n in found if not n.startswith(("symptom:", "cause:"))}


__all__ = ["COMPANY", "VERDICTS", "Judge", "Judgement", "Standing"]
