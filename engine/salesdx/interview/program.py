"""Conditions compiled for the interview: how far each is true, false, or still open.

A condition comes to (true, false, confidence). Of a settled one, true or false is 1 and
the confidence is that of the answers behind it; while all else is 0 this is the
three-valued logic of `knowledge.conditions`, which tests hold it to. An open question
may lend its leaves chances between 0 and 1: then a condition says how likely it is to
become true or false, as if questions were independent. So one evaluation gives the
score as it stands and the score to be expected.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from salesdx.facts import Fact
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Group, Leaf, Node

Odds = tuple[float, float, int]  # true, false, confidence 0..100
Facts = Mapping[str, Fact]
Chances = Mapping[int, Odds]  # of leaves that an open question decides, by their number
Test = Callable[[Facts, Chances], Odds]

OPEN: Odds = (0.0, 0.0, 100)
TRUE: Odds = (1.0, 0.0, 100)
FALSE: Odds = (0.0, 1.0, 100)
SYMPTOM, CAUSE = "symptom:", "cause:"
NOTHING: Chances = {}  # no question is open


def state_of(odds: Odds) -> bool | None:
    """True or false where it is settled, else unknown."""
    if odds[0] == 1.0:
        return True
    return False if odds[1] == 1.0 else None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Benchmarks as they are for one company."""

    knowledge: KnowledgeBase
    own: Mapping[str, float | None]

    def benchmark(self, name: str) -> float | None:
        """The value that fits the company, else the shipped one."""
        if name in self.own:
            return self.own[name]
        return self.knowledge.benchmarks[name].value

    def read(self, name: str) -> Fact:
        """No facts here: only thresholds are looked up."""
        return Fact(name, None)


@dataclass
class Compiler:
    """Makes tests of conditions; equal leaves get one number."""

    thresholds: Thresholds
    symptoms: dict[str, Test] = field(default_factory=dict)
    leaves: dict[Leaf | Asked, int] = field(default_factory=dict)

    def test(self, node: Node) -> Test:
        """Compile one condition; the symptoms it reads must have been compiled."""
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Asked):
            return _asked(node, self._number(node))
        parts = [self.test(p) for p in node.parts]
        return _group(node, parts)

    def _number(self, node: Leaf | Asked) -> int:
        return self.leaves.setdefault(node, len(self.leaves))

    def _leaf(self, node: Leaf) -> Test:
        if node.name.startswith(SYMPTOM):
            return _symptom(node.name, self.symptoms.get(node.name))
        return _compared(node, self._number(node), self.thresholds)


def _compared(node: Leaf, number: int, thresholds: Thresholds) -> Test:
    name, comparison = node.name, node.comparison
    seen: dict[object, bool | None] = {}

    def test(facts: Facts, chances: Chances) -> Odds:
        fact = facts.get(name)
        if fact is None or fact.value is None:
            return chances.get(number, OPEN)
        value = fact.value
        key = value.__class__, value  # True is not 1
        if key not in seen:
            seen[key] = comparison.holds(value, thresholds)
        state = seen[key]
        if state is None:
            return OPEN
        return (1.0, 0.0, fact.confidence) if state else (0.0, 1.0, fact.confidence)

    return test


def _symptom(name: str, inside: Test | None) -> Test:
    """A settled symptom is a fact; an open one is as likely as its condition."""

    def test(facts: Facts, chances: Chances) -> Odds:
        fact = facts.get(name)
        if fact is not None and fact.value is not None:
            sure = fact.confidence
            return (1.0, 0.0, sure) if fact.value else (0.0, 1.0, sure)
        return inside(facts, chances) if inside and chances else OPEN

    return test


def _asked(node: Asked, number: int) -> Test:
    name, what = node.name, node.what
    unsettled = {"known": FALSE, "unknown": TRUE}.get(what, OPEN)
    settled = TRUE if what == "known" else FALSE

    def test(facts: Facts, chances: Chances) -> Odds:
        fact = facts.get(name)
        if fact is None:
            return chances.get(number, unsettled)
        if what == "disagree" and fact.disagree:
            return TRUE
        if what == "dont_know" and fact.dont_know:
            return TRUE
        if fact.value is not None:
            return settled
        return chances.get(number, unsettled)

    return test


def _group(node: Group, parts: Sequence[Test]) -> Test:
    if node.kind == "not":
        return _not(parts[0])
    if node.kind == "all":
        return _all(parts)
    if node.kind == "any":
        return _any(parts)
    return _at_least(parts, node.n)


def _not(part: Test) -> Test:
    def test(facts: Facts, chances: Chances) -> Odds:
        true, false, sure = part(facts, chances)
        return false, true, sure

    return test


def _all(parts: Sequence[Test]) -> Test:
    def test(facts: Facts, chances: Chances) -> Odds:
        true, standing, least, most = 1.0, 1.0, 100, 0
        for part in parts:
            up, down, sure = part(facts, chances)
            true *= up
            standing *= 1.0 - down
            if up and sure < least:
                least = sure
            if down == 1.0 and sure > most:
                most = sure
        return true, 1.0 - standing, least if standing else most

    return test


def _any(parts: Sequence[Test]) -> Test:
    def test(facts: Facts, chances: Chances) -> Odds:
        false, standing, least, most = 1.0, 1.0, 100, 0
        for part in parts:
            up, down, sure = part(facts, chances)
            false *= down
            standing *= 1.0 - up
            if down and sure < least:
                least = sure
            if up and sure > most:
                most = sure
        return 1.0 - standing, false, least if false == 1.0 else most

    return test


def _at_least(parts: Sequence[Test], n: int) -> Test:
    fatal = len(parts) - n + 1

    def test(facts: Facts, chances: Chances) -> Odds:
        odds = [part(facts, chances) for part in parts]
        held = sorted((s for up, _, s in odds if up == 1.0), reverse=True)
        if len(held) >= n:
            return 1.0, 0.0, held[n - 1]
        failed = sorted((s for _, down, s in odds if down == 1.0), reverse=True)
        if len(failed) >= fatal:
            return 0.0, 1.0, failed[fatal - 1]
        if not chances:
            return OPEN
        true = enough([up for up, _, _ in odds], n)
        false = enough([down for _, down, _ in odds], fatal)
        return true, false, 100

    return test


def enough(chances: Sequence[float], n: int) -> float:
    """The chance that at least n of independent events come about."""
    exactly = [1.0] + [0.0] * n  # the last place: n or more
    for chance in chances:
        if not chance:
            continue
        for i in range(n, 0, -1):
            stays = exactly[i] if i == n else exactly[i] * (1.0 - chance)
            exactly[i] = stays + exactly[i - 1] * chance
        exactly[0] *= 1.0 - chance
    return exactly[n]


def numbered(node: Node) -> Iterator[Leaf | Asked]:
    """The leaves of a condition, as they are numbered."""
    if isinstance(node, Group):
        for part in node.parts:
            yield from numbered(part)
    else:
        yield node
