"""What a rule sees on one slice: facts, symptoms and verdicts reached so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from salesdx.facts import COMPANY, Fact, FactBase, Slice
from salesdx.inference.points import LIKELY
from salesdx.inference.verdicts import CauseOutcome
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Outcome


@dataclass(slots=True)
class Case:
    """All that is known of one case while it is judged; derived facts are added."""

    knowledge: KnowledgeBase
    facts: FactBase
    benchmarks: Mapping[str, float | None] = field(default_factory=dict)
    derived: dict[tuple[str, Slice], Fact] = field(default_factory=dict)
    points: dict[tuple[str, Slice], int] = field(default_factory=dict)

    def at(self, where: Slice) -> "View":
        """Look at one slice."""
        return View(self, where)

    def slices(self, dimension: str) -> list[Slice]:
        """Every slice of a dimension that any fact names."""
        return [((dimension, v),) for v in self.facts.values_of(dimension)]

    def add_symptom(self, symptom: str, where: Slice, outcome: Outcome) -> None:
        """Make a symptom readable for the rules above it."""
        name = f"symptom:{symptom}"
        self.derived[name, where] = Fact(
            name, outcome.state, where, outcome.confidence, "metric"
        )

    def add_verdict(self, found: CauseOutcome) -> None:
        """Make a verdict readable: true when likely, false when it cannot become so."""
        name = f"cause:{found.cause.id}"
        state: bool | None = found.verdict == "likely"
        settled = found.verdict in ("ruled_out", "unlikely") or found.rivals
        if not state and not settled and found.total.best >= LIKELY:
            state = None
        self.derived[name, found.where] = Fact(name, state, found.where)
        self.points[name, found.where] = max(0, found.total.points)

    def add_any_verdict(self, cause: str) -> None:
        """The company's reading of a cause judged per slice: likely on any of them."""
        name = f"cause:{cause}"
        rows = {w: f.value for (n, w), f in self.derived.items() if n == name and w}
        held = [self.points[name, w] for w, value in rows.items() if value]
        unknown = not rows or None in rows.values()
        state = True if held else None if unknown else False
        self.derived[name, COMPANY] = Fact(name, state, COMPANY)
        self.points[name, COMPANY] = max(held, default=0)


@dataclass(frozen=True, slots=True)
class View:
    """The world of one slice: names are read on the slice where they have a grain."""

    case: Case
    where: Slice

    def read(self, name: str) -> Fact:
        """The fact behind a name; an unknown fact when nothing is known."""
        where = self.case.knowledge.where(name, self.where)
        found = self.case.derived.get((name, where))
        if found is not None:
            return found
        fact = self.case.facts.fact(name, where)
        if fact.value is None and name.startswith("gap:") and where == COMPANY:
            return any_gap(self.case.facts, name)
        return fact

    def benchmark(self, name: str) -> float | None:
        """A threshold: the one that fits the company, else the shipped one."""
        if name in self.case.benchmarks:
            return self.case.benchmarks[name]
        return self.case.knowledge.benchmarks[name].value


def any_gap(facts: FactBase, name: str) -> Fact:
    """A gap of the company: confirmed on any slice, noise when it is on all."""
    states = {str(f.value) for (n, _), f in facts.items() if n == name and f.value}
    if "confirmed" in states:
        return Fact(name, "confirmed", origin="gap")
    return Fact(name, "noise" if states == {"noise"} else None, origin="gap")
