"""The points calculus: integer weights of evidence, exact and order-independent.

Within a group only the strongest for and the strongest against count; groups add.
Rules that rest on a single answer add at most 20 together in each direction, so that
a cause does not win by having more questions. Points are never called a probability.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SINGLE_CAP = 20
LIKELY = 42
POSSIBLE = 10
TWO_GROUPS = 20
UNLIKELY = -42


@dataclass(frozen=True, slots=True)
class Item:
    """One rule as the calculus sees it; `points` are not negative.

    `state` is the state of the rule's condition; unknown items have their full
    weight in `points`, true items already what the answer's confidence leaves.
    """

    rule: str
    direction: str
    points: int
    full: int
    group: str
    single: bool
    state: bool | None


@dataclass(frozen=True, slots=True)
class Total:
    """The bill of one cause: points, interval, coverage and who counted what."""

    points: int
    worst: int
    best: int
    coverage: float
    counted: dict[tuple[str, str], int]
    groups_for: int


def total(items: Iterable[Item]) -> Total:
    """Add up the evidence of one cause.

    `best` counts every unknown rule for as true, `worst` every unknown rule against;
    both are outer bounds. Coverage is points of evaluated rules over all points.
    """
    items = sorted(items, key=lambda i: (i.direction, i.rule))
    held = [i for i in items if i.state]
    maybe = [i for i in items if i.state is None]
    counted = _bill(held, "for") | {k: -v for k, v in _bill(held, "against").items()}
    up, down = _sum(held, "for"), _sum(held, "against")
    best = _sum([*held, *maybe], "for") - down
    worst = up - _sum([*held, *maybe], "against")
    weight = sum(i.full for i in items)
    known = sum(i.full for i in items if i.state is not None)
    groups = {i.group for i in held if counted.get((i.direction, i.rule), 0) > 0}
    return Total(
        up - down, worst, best, known / weight if weight else 0.0, counted, len(groups)
    )


def _sum(items: list[Item], direction: str) -> int:
    return sum(_bill(items, direction).values())


def _bill(items: list[Item], direction: str) -> dict[tuple[str, str], int]:
    """What each rule adds. A single answer counts only above the best other rule.

    Within a group the strongest rule that is not a single answer counts in full; a
    stronger single answer adds the difference, out of the common allowance. So more
    evidence never lowers a sum.
    """
    groups: dict[str, list[Item]] = {}
    for item in items:
        if item.direction == direction and item.points > 0:
            groups.setdefault(item.group, []).append(item)
    bill: dict[tuple[str, str], int] = {}
    extras: list[tuple[int, Item]] = []
    for members in groups.values():
        firm = [i for i in members if not i.single]
        base = max((i.points for i in firm), default=0)
        if firm:
            first = min((i for i in firm if i.points == base), key=lambda i: i.rule)
            bill[direction, first.rule] = base
        alone = [i for i in members if i.single and i.points > base]
        if alone:
            top = min(alone, key=lambda i: (-i.points, i.rule))
            extras.append((top.points - base, top))
    left = SINGLE_CAP
    for points, item in sorted(extras, key=lambda e: (-e[0], e[1].rule)):
        share = min(points, left)
        left -= share
        if share:
            bill[direction, item.rule] = share
    return bill
