"""kb coverage: can a cause become likely, from answers, from data, from both?

The proof is a witness: facts under which the real inference says `likely`. That none
is found does not prove that there is none, so the best that was reached is told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from salesdx.answers.relevance import conditions
from salesdx.inference.part import part_of
from salesdx.inference.possible import Values
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import Asked, Leaf, Node
from salesdx.knowledge.models import SalesModel
from salesdx.workbench.reach_climbing import Attempt, Climb
from salesdx.workbench.reach_judging import marks_of
from salesdx.workbench.reach_solving import Side, Solver

SIDES: tuple[Side, ...] = ("answers", "data", "both")
_MODELS: tuple[SalesModel, ...] = ("b2b", "b2c")


@dataclass(frozen=True, slots=True)
class Reach:
    """The attempts for one cause, by side."""

    cause: ReadyCause
    attempts: Mapping[Side, Attempt]

    @property
    def shortest(self) -> Attempt | None:
        """The witness with the fewest facts."""
        return _shortest(self.attempts.values())


def _shortest(attempts: Iterable[Attempt]) -> Attempt | None:
    found = [a for a in attempts if a.found]
    return min(found, key=lambda a: len(a.facts), default=None)


def reach(knowledge: KnowledgeBase, causes: Sequence[str] = ()) -> list[Reach]:
    """Look for a witness from every side, for all causes (or some), in id order."""
    search = _Search(knowledge)
    judged = [i for i in knowledge.causes if not knowledge.is_off("causes", i)]
    return [search.cause(i) for i in sorted(causes or judged)]


def unreachable(knowledge: KnowledgeBase, causes: Sequence[str]) -> list[Attempt]:
    """The best attempts for causes that nothing is found to make likely."""
    search = _Search(knowledge)
    tried = [search.anyhow(i) for i in sorted(causes)]
    return [a for a in tried if not a.found]


@dataclass
class _Search:
    """Searches of one knowledge base; what was found is kept for those that read it."""

    knowledge: KnowledgeBase
    _found: dict[tuple[str, Side, SalesModel], Attempt] = field(default_factory=dict)
    _parts: dict[str, KnowledgeBase] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._values = Values(self.knowledge)
        self._relevance = conditions(self.knowledge)
        self._marks = {m: marks_of(self.knowledge, m) for m in _MODELS}

    def cause(self, name: str) -> Reach:
        """From answers, from data, from both: facts of one side are facts of both."""
        found: dict[Side, Attempt] = {
            side: self._from(name, side) for side in ("answers", "data")
        }
        alone = _shortest(found.values())
        found["both"] = (
            replace(alone, side="both") if alone else self._from(name, "both")
        )
        return Reach(self.knowledge.causes[name], found)

    def anyhow(self, name: str) -> Attempt:
        """The first witness from any side, else the attempt from both."""
        attempt = self._from(name, "answers")
        return attempt if attempt.found else self._from(name, "both")

    def _from(self, name: str, side: Side) -> Attempt:
        """In the sales models the cause belongs to, the first that works."""
        tried = []
        for model in self.knowledge.causes[name].spec.applies_to or _MODELS:
            attempt = self._in(name, side, model)
            if attempt.found:
                return attempt
            tried.append(attempt)
        return max(tried, key=lambda a: a.points)

    def _in(self, name: str, side: Side, model: SalesModel) -> Attempt:
        key = (name, side, model)
        if key not in self._found:
            self._found[key] = Attempt(name, side, model, 0)  # a ring finds nothing
            part = self._parts.setdefault(name, part_of(self.knowledge, name))
            below = {
                other: {(f.name, f.slice): f for f in attempt.facts}
                for other in _verdicts_read(part.causes[name])
                for attempt in [self._in(other, side, model)]
                if attempt.found
            }
            marks = self._marks[model]
            solver = Solver(
                part, self._values, side, model, self._relevance, below, marks
            )
            climb = Climb(part, name, side, model, solver, marks)
            self._found[key] = climb.attempt()
        return self._found[key]


def _verdicts_read(cause: ReadyCause) -> list[str]:
    return sorted({n for node in cause.nodes for n in _verdicts_in(node)})


def _verdicts_in(node: Node) -> Iterator[str]:
    if isinstance(node, Leaf):
        if node.name.startswith("cause:"):
            yield node.name.removeprefix("cause:")
    elif not isinstance(node, Asked):
        for part in node.parts:
            yield from _verdicts_in(part)
