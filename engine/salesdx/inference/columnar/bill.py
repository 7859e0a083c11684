"""The points calculus over many rows: the sums of `inference.points`, bit for bit.

Rules weigh a few fixed numbers, so a group of evidence is a plane a weight and sums are
made in bits. Where confidence or a chain leaves a rule another number on every row, its
group is added as integers.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.adding import Level, Sum
from salesdx.inference.columnar.planes import Bits, Plane, any_of, pack, unpack, zeros
from salesdx.inference.points import SINGLE_CAP
from salesdx.inference.program import rule_key

Points = NDArray[np.int16]


@dataclass(frozen=True)
class Item:
    """A rule on the bill of a cause, on every row of a level.

    `held` is what it weighs in points where it holds, `full` where nothing is lost to
    confidence or to a chain: one number, or an int16 a row. `there` are the rows where
    it is on the bill at all (None: all), `alone` those where it rests on one answer.
    """

    rule: str
    direction: str
    group: str
    full: int
    state: Plane
    held: int | Points
    there: Bits | None = None
    alone: Bits | bool = False

    @property
    def key(self) -> str:
        """Its key within its cause."""
        return rule_key(self.direction, self.rule)

    @cached_property
    def true(self) -> Bits:
        """Rows where it holds and counts."""
        return self.state.true if self.there is None else self.state.true & self.there

    def could(self, every: Bits) -> Bits:
        """Rows where it holds or is not known."""
        return (every if self.there is None else self.there) & ~self.state.false

    def resting(self, where: Bits, alone: bool) -> Bits | None:
        """Rows of some where it rests on one answer, or on more; None: on no row."""
        if isinstance(self.alone, bool):
            return where if self.alone == alone else None
        return where & (self.alone if alone else ~self.alone)


@dataclass(frozen=True, slots=True)
class Sums:
    """The bill of one cause: an int16 a row, in points; `coverage` is 0..1, float64.

    `known` of the `weight` of all evidence could be looked at.
    """

    points: Points
    worst: Points
    best: Points
    coverage: NDArray[np.float64]
    known: Points
    weight: Points


@dataclass(frozen=True, slots=True)
class Bill:
    """The sums, and the rows where two groups of evidence hold for the cause.

    On rows that are `doubtful` it has to be counted who takes the allowance of answers.
    """

    sums: Sums
    two: Bits
    doubtful: Bits


def total(items: Sequence[Item], every: Bits, rows: int) -> Bill:
    """Points, interval and coverage on all rows (`every`)."""
    up, down = (
        groups_of(i for i in items if i.direction == d) for d in ("for", "against")
    )
    unit = math.gcd(SINGLE_CAP, *(i.full for i in items))
    found = _Groups(rows)
    held = _sum(up, unit, every, rows, maybe=False, told=found)
    could = _sum(up, unit, every, rows, maybe=True)
    denied = _sum(down, unit, every, rows, maybe=False)
    deniable = _sum(down, unit, every, rows, maybe=True)
    return Bill(
        Sums(held - denied, held - deniable, could - denied, *_coverage(items, rows)),
        *found.two(),
    )


def _coverage(
    items: Sequence[Item], rows: int
) -> tuple[NDArray[np.float64], Points, Points]:
    """Points of evaluated rules over all points, 0 where there are none; and both."""
    unit = math.gcd(*(i.full for i in items)) or 1
    known, weight = Sum(), Sum()
    always = 0
    for item in items:
        full, settled = item.full // unit, item.state.known
        if item.there is None:
            always += full
        else:
            weight.add([(full, item.there)])
            settled = settled & item.there
        known.add([(full, settled)])
    found, part = np.zeros(rows), known.numbers(rows)
    if weight.most:
        over = weight.numbers(rows) + np.int16(always)
        np.divide(part, over, out=found, where=over > 0)
    else:
        over = np.full(rows, always, np.int16)
        if always:
            np.divide(part, np.float64(always), out=found)
    return found, part * np.int16(unit), over * np.int16(unit)


class _Groups:
    """On which rows one group of evidence holds, or two; `cut` where not all may count.

    `firm` groups hold by more than single answers and always count. A `great` single
    answer takes the whole allowance.
    """

    def __init__(self, rows: int) -> None:
        none = zeros(rows)
        self._one = self._two = self._firm = self._two_firm = none
        self._great = self._great_on_firm = self.cut = none

    def add(self, some: Bits | None, firm: Bits | None, great: Bits | None) -> None:
        """Add a group: where any of it holds, firmly, with a great single answer."""
        if some is not None:
            self._one, self._two = self._one | some, self._two | (self._one & some)
        if firm is not None:
            self._two_firm = self._two_firm | (self._firm & firm)
            self._firm = self._firm | firm
        if great is not None:
            self._great = self._great | great
            if firm is not None:
                self._great_on_firm = self._great_on_firm | (great & firm)

    def two(self) -> tuple[Bits, Bits]:
        """Rows where two groups count, and where only `counted` can tell.

        Where the allowance is cut and no answer takes all of it, the two largest get
        something. Where one does, it is the only group beside the firm ones that
        counts; which of several such it is matters if one stands on a firm group.
        """
        cut = self.cut & ~self._two_firm
        doubtful = cut & self._firm & self._great_on_firm
        alone = cut & self._great & ~self._firm
        return self._two & ~doubtful & ~alone, doubtful


def _sum(
    groups: Sequence[Sequence[Item]], unit: int, every: Bits, rows: int,
    maybe: bool, told: _Groups | None = None,
) -> Points:  # fmt: skip
    """The points of what holds, or may hold; `told` learns which groups do."""
    cap = SINGLE_CAP // unit
    base, extra = Sum(), Sum()  # in units
    uneven: list[tuple[Points, Points]] = []
    for group in groups:
        if not all(isinstance(i.held, int) for i in group):
            uneven.append(_tops(group, every, rows, maybe))
            continue
        firm = _levels(group, unit, every, maybe, alone=False)
        single = _levels(group, unit, every, maybe, alone=True)
        above = _above(single, firm, cap)
        base.add(firm)
        extra.add(above)
        if told is not None:
            great = [level for level in above if level[0] == cap]
            told.add(_rows([*firm, *single]), _rows(firm), _rows(great))
    if not uneven and extra.most <= cap:
        base.join(extra)
        return base.numbers(rows) * np.int16(unit)
    points, answers = (s.numbers(rows) * np.int16(unit) for s in (base, extra))
    for firm_points, top in uneven:
        more = top - firm_points
        points += firm_points
        answers += more
        if told is not None:
            told.add(pack(top > 0), pack(firm_points > 0), pack(more >= SINGLE_CAP))
    if told is not None:
        told.cut = pack(answers > SINGLE_CAP)
    points += np.minimum(answers, np.int16(SINGLE_CAP))
    return points


def groups_of(items: Iterable[Item]) -> list[list[Item]]:
    """Rules by group of evidence, in the order of the first."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    return list(groups.values())


def _rows(levels: Sequence[Level]) -> Bits | None:
    return any_of([rows for _, rows in levels]) if levels else None


def _levels(
    group: Sequence[Item], unit: int, every: Bits, maybe: bool, alone: bool
) -> list[Level]:
    """The strongest of a group that rests on one answer, or on more: rows by units."""
    by_units: dict[int, Bits] = {}
    for item in group:
        rows = item.resting(item.could(every) if maybe else item.true, alone)
        if rows is not None:
            units = item.full // unit
            seen = by_units.get(units)
            by_units[units] = rows if seen is None else seen | rows
    found: list[Level] = []
    stronger: Bits | None = None
    for units in sorted(by_units, reverse=True):
        rows = by_units[units]
        found.append((units, rows if stronger is None else rows & ~stronger))
        stronger = rows if stronger is None else rows | stronger
    return found


def _above(single: Sequence[Level], firm: Sequence[Level], cap: int) -> list[Level]:
    """What the strongest single answer adds to the strongest other rule of a group."""
    if not single or not firm:
        return [(min(units, cap), rows) for units, rows in single]
    bare = ~any_of([rows for _, rows in firm])
    found = [(min(units, cap), rows & bare) for units, rows in single]
    found += [
        (min(units - less, cap), rows & under)
        for units, rows in single for less, under in firm if less < units
    ]  # fmt: skip
    return found


def _tops(
    group: Sequence[Item], every: Bits, rows: int, maybe: bool
) -> tuple[Points, Points]:
    """The strongest of a group that is more than one answer, and of all."""
    firm, top = (np.zeros(rows, np.int16) for _ in range(2))
    for item in group:
        points = points_of(item, rows)
        if maybe:
            open_ = item.could(every) & ~item.true
            points = np.maximum(points, unpack(open_, rows) * np.int16(item.full))
        np.maximum(top, points, out=top)
        if item.alone is False:
            np.maximum(firm, points, out=firm)
        elif item.alone is not True:
            np.maximum(firm, points * ~unpack(item.alone, rows), out=firm)
    return firm, top


def points_of(item: Item, rows: int) -> Points:
    """What an item weighs on every row; what does not hold weighs nothing."""
    held = np.int16(item.held) if isinstance(item.held, int) else item.held
    found: Points = unpack(item.true, rows) * held
    return found
