"""A rule base that belongs to no engine, and cases for it: seeded, plain data.

130 facts (40 numbers, 45 yes or no, 30 scales, 15 choices), rules in three levels with
and, or and not nested, 3.7 comparisons a rule. A rule may read rules below it, but only
whether they hold: an engine that chains forward knows no rule that is known to fail.
"""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Value = float | bool | str
Case = Mapping[str, Value]  # what is not known is not there
FACTS = {"number": 40, "yesno": 45, "scale": 30, "choice": 15}
CODES = ("a", "b", "c", "d", "e")
TOP = 10  # of a scale; numbers go to a hundred
LEVELS = (0.45, 0.35, 0.20)  # shares of the rules
UNKNOWN = (0.05, 0.15)
YES = 0.3
_OPPOSITE = {"<": ">=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison of one fact: `<`, `>=`, or `in` some values."""

    fact: str
    op: str
    value: float | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """Whether a rule below holds."""

    rule: str


@dataclass(frozen=True, slots=True)
class Join:
    """`all`, `any`, or `not` of one part."""

    kind: str
    parts: tuple["Condition", ...]


Condition = Test | Fired | Join


@dataclass(frozen=True, slots=True)
class Rule:
    """What an engine has to find out: whether the condition holds."""

    id: str
    level: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class Base:
    """The kinds of all facts by name, and rules in order of levels."""

    facts: Mapping[str, str]
    rules: tuple[Rule, ...]

    def level(self, number: int) -> list[Rule]:
        """Rules that read facts and rules of the levels below."""
        return [r for r in self.rules if r.level == number]

    def comparisons(self) -> int:
        """How often any rule compares a fact."""
        return sum(isinstance(c, Test) for r in self.rules for c in leaves(r.condition))


def make_base(rules: int = 150, seed: int = 1) -> Base:
    """The same for the same seed."""
    dice = random.Random(seed)
    facts = {f"{kind}{i}": kind for kind, n in FACTS.items() for i in range(n)}
    made: list[Rule] = []
    bounds = [round(rules * sum(LEVELS[:i])) for i in range(len(LEVELS) + 1)]
    for level in range(len(LEVELS)):
        below = [r.id for r in made if r.level == level - 1]
        for number in range(bounds[level], bounds[level + 1]):
            condition = _condition(dice, facts, below)
            made.append(Rule(f"r{number}", level, condition))
    return Base(facts, tuple(made))


def make_cases(base: Base, n: int, seed: int = 2) -> list[Case]:
    """Cases of which 5 to 15 % is not known, evenly drawn, whole numbers."""
    dice = random.Random(seed)
    return [_case(dice, base) for _ in range(n)]


def values(kind: str) -> tuple[Value, ...]:
    """What a fact of a kind can be."""
    match kind:
        case "number":
            return tuple(map(float, range(101)))
        case "scale":
            return tuple(map(float, range(TOP + 1)))
        case "yesno":
            return (True, False)
        case _:
            return CODES


def _case(dice: random.Random, base: Base) -> Case:
    share = dice.uniform(*UNKNOWN)
    return {
        name: dice.random() < YES if kind == "yesno" else dice.choice(values(kind))
        for name, kind in base.facts.items() if dice.random() >= share
    }  # fmt: skip


def _condition(
    dice: random.Random, facts: Mapping[str, str], below: list[str]
) -> Condition:
    size = dice.choices((2, 3, 4, 5, 6), (20, 29, 24, 16, 11))[0]
    if not below:
        return _tree(dice, facts, size, "all")
    reads = tuple(Fired(r) for r in dice.sample(below, dice.choice((1, 2))))
    if dice.random() < 0.5:  # a rule below, with something more
        more = _tree(dice, facts, size, "any")
        return Join("all", (Join("any", reads), more))
    one, more = _test(dice, facts), _tree(dice, facts, size - 1, "all")
    return Join("any", (Join("all", (*reads, one)), more))


def _tree(
    dice: random.Random, facts: Mapping[str, str], size: int, kind: str
) -> Condition:
    """`all` and `any` in turns; some of them are turned by `not`."""
    if size == 1:
        found: Condition = _test(dice, facts)
    else:
        sizes = _split(dice, size)
        other = "any" if kind == "all" else "all"
        found = Join(kind, tuple(_tree(dice, facts, n, other) for n in sizes))
    return Join("not", (found,)) if dice.random() < 0.12 else found


def _split(dice: random.Random, size: int) -> list[int]:
    """Two or three parts, none larger than three."""
    parts = min(size, dice.choice((2, 3)) if size < 6 else 3)
    sizes = [1] * parts
    for _ in range(size - parts):
        sizes[dice.randrange(parts)] += 1
    return sizes


def _test(dice: random.Random, facts: Mapping[str, str]) -> Test:
    """A comparison that holds in about a quarter of the cases."""
    name = dice.choice(list(facts))
    low = dice.random() < 0.5
    match facts[name]:
        case "number" if low:
            return Test(name, "<", dice.choice((15, 25, 35)))
        case "number":
            return Test(name, ">=", dice.choice((65, 75, 85)))
        case "scale" if low:
            return Test(name, "<", dice.choice((2, 3, 4)))
        case "scale":
            return Test(name, ">=", dice.choice((7, 8, 9)))
        case "yesno":
            return Test(name, "in", (dice.random() < 0.8,))
        case _:
            size = dice.choice((1, 2))
            return Test(name, "in", tuple(sorted(dice.sample(CODES, size))))


def leaves(condition: Condition) -> Iterator[Test | Fired]:
    """Comparisons and reads, left to right."""
    if isinstance(condition, Join):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def positive(
    condition: Condition, facts: Mapping[str, str], turned: bool = False
) -> Condition:
    """The same without `not`: true where it is true although things are unknown.

    With two values, an unknown fact failing every test, it then says what Kleene's
    three values say; a `not` of the engine's own would take unknown for no.
    """
    if isinstance(condition, Fired):
        assert not turned
        return condition
    if isinstance(condition, Test):
        return _turned(condition, facts) if turned else condition
    if condition.kind == "not":
        return positive(condition.parts[0], facts, not turned)
    kind = condition.kind
    if turned:
        kind = "any" if kind == "all" else "all"
    return Join(kind, tuple(positive(p, facts, turned) for p in condition.parts))


def _turned(test: Test, facts: Mapping[str, str]) -> Test:
    if test.op in _OPPOSITE:
        return Test(test.fact, _OPPOSITE[test.op], test.value)
    assert isinstance(test.value, tuple)
    rest = tuple(v for v in values(facts[test.fact]) if v not in test.value)
    return Test(test.fact, "in", rest)


def exponent(sizes: list[int], times: list[float]) -> float:
    """The slope of the logarithms: how the time grows with the size."""
    x, y = ([math.log(v) for v in found] for found in (sizes, times))
    mean, height = sum(x) / len(x), sum(y) / len(y)
    over = sum((a - mean) * (b - height) for a, b in zip(x, y, strict=True))
    return over / sum((a - mean) ** 2 for a in x)
