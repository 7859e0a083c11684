"""The smallest changes that would make a cause likely, found by trying them.

A change sets one figure or answer to another value. Single changes are tried first,
then every pair, then every triple; each is judged by the rules themselves. Where there
are too many triples, or three changes do not suffice, the search goes step by step:
then the set is one that nothing can be left out of, and is not proved the smallest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from salesdx.answers.findings import FINDING
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
from salesdx.knowledge.grammar import HOLDS

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
        self.stand_ins: set[Slice] = set()  # slices that stand for several alike
        self.read = {x.name for node in _all_nodes(self.part) for x in _leaves(node)}
        self.facts = self._relevant()
        self.leaves = self._by_place()
        self.turns = list(self._turns())
        names = [t.fact.name for t in self.turns]
        self.bound = Bound(self.outcome, self.part, names)

    def smallest(self, *, unknown_only: bool = False) -> Turned:
        """The smallest sets; with `unknown_only` of things to be looked up."""
        able = [t for t in self.turns if t.unknown or not unknown_only]
        numbers = [self.turns.index(t) for t in able]
        proved = True
        for size in range(1, MOST + 1):
            sets = [s for s in self._sets(numbers, size) if self.bound.may(s)]
            if len(sets) > _TRIES:
                break
            found = [s for s in sets if self._tried(s).verdict == "likely"]
            if found:
                return Turned(tuple(map(self._of, found)), proved)
            # on another slice than the one that was tried it might have sufficed
            proved = proved and not any(self._stands_in(n) for s in sets for n in s)
        else:
            if unknown_only:
                return Turned((), proved)
        climbed = self._climb(numbers)
        return Turned((self._of(climbed),) if climbed else (), False)

    def _stands_in(self, number: int) -> bool:
        where = self.turns[number].fact.slice
        return where != self.where and where in self.stand_ins

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
            facts = self._supposing([self.turns[n].fact for n in sorted(key)])
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

    def _supposing(self, changed: Sequence[Fact]) -> FactBase:
        """The facts with the changes; what is said of all slices, the company says."""
        facts = self.facts.with_facts(changed)
        for fact in changed:
            question = self.part.questions.get(fact.name)
            if question is None or not question.about or not fact.slice:
                continue
            said = {
                f.value for (n, w), f in facts.items()
                if n == fact.name and w and f.value is not None
            }  # fmt: skip
            value = fact.value if len(said) == 1 else None
            whole = replace(fact, value=value, slice=COMPANY, disagree=value is None)
            facts = facts.with_facts([whole])
        return facts

    def _nodes(self) -> Iterator[tuple[Node, Slice]]:
        """Own conditions, symptoms opened, and what tells the cause from its rivals.

        Each with the slice on which it is read.
        """
        own, where = self.cause, self.where
        nodes = [(r.rule.node, r.where) for r in self.outcome.rules]
        nodes += [(n, where) for n in (*own.gate, *own.unless, *own.rules_out)]
        nodes += [
            (r.node, where) for other in self.part.causes.values() for r in other.rules
            if own.id in r.spec.discriminates
        ]  # fmt: skip
        harm = [Leaf(f"symptom:{s}", HOLDS) for s in own.spec.explains]
        open_ = [*nodes, *((leaf, where) for leaf in harm)]
        seen: set[tuple[str, Slice]] = set()
        while open_:
            node, there = open_.pop(0)
            yield node, there
            for name in names(node):
                symptom = self.part.symptoms.get(name.removeprefix("symptom:"))
                if not name.startswith("symptom:") or symptom is None:
                    continue
                at = self.part.where(name, there)
                if not at and symptom.spec.for_each:
                    at = self._one_of(symptom.spec.for_each)
                if (name, at) not in seen:
                    seen.add((name, at))
                    open_.append((symptom.node, at))

    def _one_of(self, dimension: str) -> Slice:
        """A slice that stands for all of a dimension; the company where it has none."""
        known = self.facts.values_of(dimension)
        where = ((dimension, known[0]),) if known else COMPANY
        if len(known) > 1:
            self.stand_ins.add(where)
        return where

    def _by_place(self) -> dict[Place, tuple[Leaf, ...]]:
        """Comparisons of figures, answers and gaps by where they read, each once."""
        found: dict[Place, dict[str, Leaf]] = {}
        for node, where in self._nodes():
            for leaf in _leaves(node):
                place = self._place(leaf.name, where)
                if place is not None:
                    found.setdefault(place, {}).setdefault(str(leaf), leaf)
        return {p: tuple(x.values()) for p, x in sorted(found.items())}

    def _relevant(self) -> FactBase:
        """The facts that the part reads; of other people none where one is judged."""
        each = self.cause.spec.for_each
        kept = {}
        for (name, where), fact in self.case.facts.items():
            read = name in self.read or name in self.part.questions
            other = each and where and where[0][0] == each and where != self.where
            if read and not other:
                kept[name, where] = fact
        used = {r.for_each for c in self.part.causes.values() for r in c.rules}
        used |= {s.spec.for_each for s in self.part.symptoms.values()}
        used |= {q.about for q in self.part.questions.values()}
        for dimension in sorted(d for d in used if d and d != each):
            for value in self.case.facts.values_of(dimension):
                where = ((dimension, value),)
                kept["slice", where] = Fact("slice", None, where)
        if self.where:
            kept["slice", self.where] = Fact("slice", None, self.where)
        return FactBase(kept)

    def _turns(self) -> Iterator[Turn]:
        """Every other value that a comparison can tell from the one there is."""
        values = Values(self.part)
        relevance = conditions(self.part)
        for place in self.leaves:
            name = place[0]
            question = self.part.questions.get(name)
            if question is not None and applies(
                question, self.facts, self.part, relevance, self.model
            ) is False:  # fmt: skip
                continue
            now = self.facts.fact(*place)
            seen = {self._signature(place, now)}
            options = _gaps(place) if name.startswith("gap:") else values.of(*place)
            for fact in options:
                signature = self._signature(place, fact)
                if signature not in seen:
                    seen.add(signature)
                    leaf, state = self._telling(place, now, fact)
                    yield Turn(fact, now, leaf, state)

    def _place(self, name: str, where: Slice) -> Place | None:
        """Where a change of a name is tried; None where nobody could make one."""
        metric = self.part.metrics.get(name.removeprefix("gap:"))
        if metric is not None and not metric.needs:
            return None
        at = self.part.where(name, where)
        question = self.part.questions.get(name)
        if question is not None and question.about == FINDING:
            return None  # a meeting writes it down beside a row of the loss map
        cuts = [question.about] if question and question.about else []
        if metric is not None and name.startswith("gap:"):
            cuts = [d for d in metric.grain if d != "period"]
        if at or not cuts:  # gaps, and answers about somebody, exist on slices only
            return name, at
        known = sorted(w for n, w in self.facts if n == name and w)
        if len(known) > 1:
            self.stand_ins.add(known[0])
        slices = known or [w for d in cuts if (w := self._one_of(d))]
        return (name, slices[0]) if slices else None

    def _signature(self, place: Place, fact: Fact) -> tuple[State, ...]:
        if fact.value is None:
            return (None,) * len(self.leaves[place])
        world = self.case.at(COMPANY)
        return tuple(x.comparison.holds(fact.value, world) for x in self.leaves[place])

    def _telling(self, place: Place, now: Fact, then: Fact) -> tuple[Leaf, State]:
        """The first comparison that turns: true rather than false."""
        before, after = self._signature(place, now), self._signature(place, then)
        turned = [
            i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b
        ]
        best = min(turned, key=lambda i: (after[i] is not True, i))
        return self.leaves[place][best], after[best]


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


def _all_nodes(part: KnowledgeBase) -> Iterator[Node]:
    for cause in part.causes.values():
        yield from cause.nodes
    yield from (s.node for s in part.symptoms.values())


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        if not node.name.startswith(("symptom:", "cause:")):
            yield node
    elif not isinstance(node, Asked):
        for inner in node.parts:
            yield from _leaves(inner)
