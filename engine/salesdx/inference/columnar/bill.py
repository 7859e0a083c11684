"""The points calculus over many rows: the sums of `inference.points`, bit for bit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.planes import Bits, Flags, Plane, Rows, unpack
from salesdx.inference.points import SINGLE_CAP
from salesdx.inference.program import rule_key

Points = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
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

    @property
    def true(self) -> Bits:
        """Rows where it holds and counts."""
        return self.state.true if self.there is None else self.state.true & self.there


@dataclass(frozen=True, slots=True)
class Sums:
    """The bill of one cause: an int16 a row, in points; `coverage` is 0..1, float64.

    `groups` of evidence hold for it; where the allowance of single answers is `cut`,
    some of them may not count (`counted` tells).
    """

    points: Points
    worst: Points
    best: Points
    coverage: NDArray[np.float64]
    groups: Points
    cut: Flags


def total(items: Sequence[Item], rows: int) -> Sums:
    """Points, interval and coverage."""
    weight, known = (np.zeros(rows, np.int32) for _ in range(2))
    fixed = 0
    for item in items:
        full = np.int32(item.full)
        settled = item.state.known
        if item.there is None:
            fixed += item.full
        else:
            weight += unpack(item.there, rows) * full
            settled = settled & item.there
        known += unpack(settled, rows) * full
    weight += fixed
    up = _side([i for i in items if i.direction == "for"], rows)
    down = _side([i for i in items if i.direction == "against"], rows)
    coverage = np.divide(known, weight, out=np.zeros(rows), where=weight > 0)
    return Sums(
        up.held - down.held, up.held - down.could, up.could - down.held, coverage,
        up.groups, up.cut,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Side:
    """One direction: what holds adds up to, and what it would if all unknown did."""

    held: Points
    could: Points
    groups: Points
    cut: Flags


def _side(items: Sequence[Item], rows: int) -> _Side:
    sums: list[Points] = []
    groups = np.zeros(rows, np.int16)
    cut = np.zeros(rows, np.bool_)
    for maybe in (False, True):
        base, extra = (np.zeros(rows, np.int16) for _ in range(2))
        for group in _groups(items):
            firm, single = _tops(group, rows, maybe)
            most = firm
            if firm is not None:
                base += firm
            if single is not None:
                most = single if firm is None else np.maximum(single, firm)
                extra += single if firm is None else most - firm
            if not maybe and most is not None:
                groups += most > 0
        if not maybe:
            cut = extra > SINGLE_CAP
        sums.append(base + np.minimum(extra, np.int16(SINGLE_CAP)))
    held, could = sums
    return _Side(held, could, groups, cut)


def _groups(items: Iterable[Item]) -> list[list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    return list(groups.values())


def _tops(
    group: list[Item], rows: int, maybe: bool
) -> tuple[Points | None, Points | None]:
    """The strongest of a group that is more than one answer, and that is not."""
    firm: Points | None = None
    single: Points | None = None
    for item in group:
        points = _points(item, rows, maybe)
        if item.alone is True:
            single = points if single is None else np.maximum(single, points)
        elif item.alone is False:
            firm = points if firm is None else np.maximum(firm, points)
        else:
            alone = unpack(item.alone, rows)
            said, seen = points * alone, points * ~alone
            single = said if single is None else np.maximum(single, said)
            firm = seen if firm is None else np.maximum(firm, seen)
    return firm, single


def _points(item: Item, rows: int, maybe: bool) -> Points:
    """What an item weighs on every row; what is unknown weighs in full."""
    true = unpack(item.true, rows)
    found: Points = true * (
        np.int16(item.held) if isinstance(item.held, int) else item.held
    )
    if maybe:
        open_ = ~item.state.known
        if item.there is not None:
            open_ = open_ & item.there
        found = np.maximum(found, unpack(open_, rows) * np.int16(item.full))
    return found


def counted(items: Sequence[Item], rows: Rows, whole: int) -> dict[str, Points]:
    """What each item counts on some rows: rule key -> points, signed by direction.

    Slower than the sums; asked only where it decides: two groups of evidence, rivals,
    whether a slice speaks.
    """
    found = {i.key: np.zeros(len(rows), np.int16) for i in items}
    for direction, sign in (("for", 1), ("against", -1)):
        mine = [i for i in items if i.direction == direction]
        extras: list[tuple[list[Item], NDArray[np.intp], Points]] = []
        for group in _groups(mine):
            group = sorted(group, key=lambda i: i.rule)
            points = np.stack([_points(i, whole, False)[rows] for i in group])
            alone = np.stack([_alone(i, whole)[rows] for i in group])
            firm = np.where(alone, np.int16(0), points)
            base, first = firm.max(axis=0), firm.argmax(axis=0)
            for place, item in enumerate(group):
                hit = (first == place) & (base > 0)
                found[item.key][hit] += sign * base[hit]
            single = np.where(alone, points, np.int16(0))
            top = single.max(axis=0)
            extras.append((group, single.argmax(axis=0), np.maximum(top - base, 0)))
        _share(extras, found, sign)
    return found


def _share(
    extras: list[tuple[list[Item], NDArray[np.intp], Points]],
    found: dict[str, Points], sign: int,
) -> None:  # fmt: skip
    """The allowance of single answers, the largest first, then by rule."""
    if not extras:
        return
    names = sorted({i.rule for group, _, _ in extras for i in group})
    place = {n: p for p, n in enumerate(names)}
    size = np.stack([points for _, _, points in extras]).astype(np.int64)
    rule = np.stack([
        np.array([place[i.rule] for i in group])[top] for group, top, _ in extras
    ])  # fmt: skip
    order = np.argsort(-size * len(names) + rule, axis=0, kind="stable")
    ordered = np.take_along_axis(size, order, axis=0)
    before = np.cumsum(ordered, axis=0) - ordered
    share = np.clip(np.minimum(ordered, SINGLE_CAP - before), 0, None)
    back = np.empty_like(share)
    np.put_along_axis(back, order, share, axis=0)
    for (group, top, _), given in zip(extras, back, strict=True):
        for number, item in enumerate(group):
            hit = (top == number) & (given > 0)
            found[item.key][hit] += (sign * given[hit]).astype(np.int16)


def _alone(item: Item, rows: int) -> Flags:
    if isinstance(item.alone, bool):
        return np.full(rows, item.alone)
    return unpack(item.alone, rows)
