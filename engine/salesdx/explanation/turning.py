"""The smallest changes that would make a cause likely, found by trying them.

A change sets one figure or answer to another value. Single changes are tried first,
then every pair, then every triple; each is judged by the rules themselves. Where there
are too many triples, or three changes do not suffice, the search goes step by step:
then the set is one that nothing can be left out of, and is not proved the smallest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from salesdx.answers.relevance import active, applies, conditions
from salesdx.explanation.bound import Bound
from salesdx.facts import COMPANY, Fact, FactBase, Slice
from salesdx.inference.infer import infer
from salesdx.inference.part import part_of
from salesdx.inference.points import LIKELY
from salesdx.inference.possible import Values
from salesdx.inference.reference import ReferenceExecutor
from salesdx.inference.verdicts import CauseOutcome
from salesdx.inference.world import Case
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Group, Leaf, Node, Outcome, State, names

MOST = 3  # changes of a set that is proved to be the smallest
_TRIES = 1200  # sets of one size that are tried
_STEPS = 8
Place = tuple[str, Slice]


@dataclass(frozen=True, slots=True)
class Turn:
    """One change: the fact as it would be, and as it is; `leaf` says what counts."""

    fact: Fact
    now: Fact
    leaf: Leaf
    state: State

    @property
    def place(self) -> Place:
        """Where the change is made."""
        return self.fact.name, self.fact.slice

    @property
    def unknown(self) -> bool:
        """Whether it only has to be looked up: nothing known would be otherwise."""
        return self.now.value is None


@dataclass(frozen=True, slots=True)
class Turned:
    """Sets of changes that make the cause likely, all of one size.

    `proved` says that no smaller set does.
    """

    sets: tuple[tuple[Turn, ...], ...]
    proved: bool

    @property
    def size(self) -> int:
        """Changes in each set; 0 where no set was found."""
        return len(self.sets[0]) if self.sets else 0


@dataclass
class Turning:
    """The search for one outcome."""

    outcome: CauseOutcome
    case: Case
    model: str | None
    _seen: dict[frozenset[int], CauseOutcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cause, self.where = self.outcome.cause, self.outcome.where
        self.part = part_of(self.case.knowledge, self.cause.id)
        self.leaves = _by_name(self._nodes())
        self.read = set(_by_name(_all_nodes(self.part)))
        self.facts = self._relevant()
        self.turns = list(self._turns())
        names = [t.fact.name for t in self.turns]
        self.bound = Bound(self.outcome, self.part, names)

    def smallest(self, *, unknown_only: bool = False) -> Turned:
        """The smallest sets; with `unknown_only` of things to be looked up."""
        able = [t for t in self.turns if t.unknown or not unknown_only]
        numbers = [self.turns.index(t) for t in able]
        for size in range(1, MOST + 1):
            sets = [s for s in self._sets(numbers, size) if self.bound.may(s)]
            if len(sets) > _TRIES:
                break
            found = [s for s in sets if self._tried(s).verdict == "likely"]
            if found:
                return Turned(tuple(map(self._of, found)), True)
        else:
            if unknown_only:
                return Turned((), True)
        climbed = self._climb(numbers)
        return Turned((self._of(climbed),) if climbed else (), False)

    def _of(self, numbers: Sequence[int]) -> tuple[Turn, ...]:
        return tuple(self.turns[n] for n in numbers)

    def _sets(self, numbers: Sequence[int], size: int) -> list[tuple[int, ...]]:
        """Sets of changes of different things."""
        places = {n: self.turns[n].place for n in numbers}
        return [
            s for s in combinations(numbers, size)
            if len({places[n] for n in s}) == size
        ]  # fmt: skip

    def _tried(self, numbers: Sequence[int]) -> CauseOutcome:
        key = frozenset(numbers)
        if key not in self._seen:
            facts = self.facts.with_facts(self.turns[n].fact for n in sorted(key))
            found = infer(
                self.part, active(facts, self.part, self.model), ReferenceExecutor(),
                sales_model=self.model, benchmarks=self.case.benchmarks,
            )  # fmt: skip
            self._seen[key] = found.causes.get(
                (self.cause.id, self.where), self.outcome
            )
        return self._seen[key]

    def _climb(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Add the change that helps most, two at once where one does not help."""
        held: tuple[int, ...] = ()
        for _ in range(_STEPS):
            best = self._better(held, numbers, 1) or self._better(held, numbers, 2)
            if best is None:
                return ()
            held = best
            if self._tried(held).verdict == "likely":
                return self._without_spare(held)
        return ()

    def _better(
        self, held: tuple[int, ...], numbers: Sequence[int], more: int
    ) -> tuple[int, ...] | None:
        taken = {self.turns[n].place for n in held}
        free = [n for n in numbers if self.turns[n].place not in taken]
        best, worth = None, _worth(self._tried(held))
        for some in self._sets(free, more)[: _TRIES // 2]:
            found = _worth(self._tried((*held, *some)))
            if found > worth:
                best, worth = (*held, *some), found
        return best

    def _without_spare(self, held: tuple[int, ...]) -> tuple[int, ...]:
        for n in held:
            fewer = tuple(x for x in held if x != n)
            if self._tried(fewer).verdict == "likely":
                held = fewer
        return held

    def _nodes(self) -> Iterator[Node]:
        """Own conditions, symptoms opened, and what tells the cause from its rivals."""
        own = self.cause
        nodes = [r.node for r in own.rules]
        nodes += [*own.gate, *own.unless, *own.rules_out]
        nodes += [
            r.node for other in self.part.causes.values() for r in other.rules
            if own.id in r.spec.discriminates
        ]  # fmt: skip
        open_ = [*nodes, *(self.part.symptoms[s].node for s in own.spec.explains)]
        seen: set[str] = set()
        while open_:
            node = open_.pop(0)
            yield node
            for name in names(node):
                symptom = self.part.symptoms.get(name.removeprefix("symptom:"))
                if name.startswith("symptom:") and symptom and name not in seen:
                    seen.add(name)
                    open_.append(symptom.node)

    def _relevant(self) -> FactBase:
        """The facts that the part reads; of other people none where one is judged."""
        each = self.cause.spec.for_each
        kept = {}
        for (name, where), fact in self.case.facts.items():
            read = name in self.read or name in self.part.questions
            other = each and where and where[0][0] == each and where != self.where
            if read and not other:
                kept[name, where] = fact
        if self.where and not any(w == self.where for _, w in kept):
            kept["slice", self.where] = Fact("slice", None, self.where)
        return FactBase(kept)

    def _turns(self) -> Iterator[Turn]:
        """Every other value that a comparison can tell from the one there is."""
        values = Values(self.part)
        relevance = conditions(self.part)
        for name in sorted(self.leaves):
            place = self._place(name)
            if place is None:
                continue
            question = self.part.questions.get(name)
            if question is not None and applies(
                question, self.facts, self.part, relevance, self.model
            ) is False:  # fmt: skip
                continue
            now = self.facts.fact(*place)
            seen = {self._signature(name, now)}
            options = _gaps(place) if name.startswith("gap:") else values.of(*place)
            for fact in options:
                signature = self._signature(name, fact)
                if signature not in seen:
                    seen.add(signature)
                    leaf, state = self._telling(name, now, fact)
                    yield Turn(fact, now, leaf, state)

    def _place(self, name: str) -> Place | None:
        """Where a change of a name is tried; None where nobody could make one."""
        plain = name.removeprefix("gap:")
        metric = self.part.metrics.get(plain)
        if metric is not None and not metric.needs:
            return None
        where = self.part.where(name, self.where)
        if where or not self._sliced_only(name):
            return name, where
        known = sorted(w for n, w in self.facts if n == name and w)
        return (name, known[0]) if known else None

    def _sliced_only(self, name: str) -> bool:
        """Gaps and answers about somebody exist on slices, not for the company."""
        question = self.part.questions.get(name)
        return name.startswith("gap:") or bool(question and question.about)

    def _signature(self, name: str, fact: Fact) -> tuple[State, ...]:
        if fact.value is None:
            return (None,) * len(self.leaves[name])
        world = self.case.at(COMPANY)
        return tuple(x.comparison.holds(fact.value, world) for x in self.leaves[name])

    def _telling(self, name: str, now: Fact, then: Fact) -> tuple[Leaf, State]:
        """The first comparison that turns: true rather than false."""
        before, after = self._signature(name, now), self._signature(name, then)
        turned = [
            i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b
        ]
        best = min(turned, key=lambda i: (after[i] is not True, i))
        return self.leaves[name][best], after[best]


def _gaps(place: Place) -> list[Fact]:
    name, where = place
    return [Fact(name, s, where, origin="gap") for s in ("confirmed", "noise")]


def _worth(outcome: CauseOutcome) -> tuple[bool, bool, int, int, float]:
    """Better outcomes are greater: likely, not cancelled, gates met, points, near."""
    met = sum(g.state is True for g in outcome.gate)
    free = outcome.verdict not in ("ruled_out", "cannot_judge")
    near = sum(
        r.item.full / (1 + _lacking(r.outcome, True)) for r in outcome.rules
        if r.item.direction == "for" and not r.item.state
    )  # fmt: skip
    return (
        outcome.verdict == "likely", free and outcome.harm is not False, met,
        min(outcome.total.points, LIKELY) - len(outcome.rivals), near,
    )  # fmt: skip


def _lacking(outcome: Outcome, wanted: bool) -> int:
    """The fewest leaves that have to turn for a condition to become what is wanted."""
    if outcome.state is wanted:
        return 0
    node = outcome.node
    if not isinstance(node, Group) or not outcome.parts:
        return 1
    if node.kind == "not":
        return _lacking(outcome.parts[0], not wanted)
    size = len(outcome.parts)
    n = {"all": size, "any": 1}.get(node.kind, node.n)
    costs = sorted(_lacking(p, wanted) for p in outcome.parts)
    return sum(costs[: n if wanted else size - n + 1])


def _by_name(nodes: Iterable[Node]) -> Mapping[str, tuple[Leaf, ...]]:
    """Comparisons of figures, answers and gaps by name, each once, in order."""
    found: dict[str, dict[str, Leaf]] = {}
    for node in nodes:
        for leaf in _leaves(node):
            found.setdefault(leaf.name, {}).setdefault(str(leaf), leaf)
    return {n: tuple(x.values()) for n, x in found.items()}


def _all_nodes(part: KnowledgeBase) -> Iterator[Node]:
    for cause in part.causes.values():
        yield from (r.node for r in cause.rules)
        yield from (*cause.gate, *cause.unless, *cause.rules_out)
    yield from (s.node for s in part.symptoms.values())


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        if not node.name.startswith(("symptom:", "cause:")):
            yield node
    elif not isinstance(node, Asked):
        for inner in node.parts:
            yield from _leaves(inner)
