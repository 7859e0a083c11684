"""What a rule counts on the bill of its cause: asked only where it decides.

That is between rivals, for two groups of evidence, and whether a slice speaks.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.bill import Item, Points, groups_of, points_of
from salesdx.inference.columnar.planes import Bits, Flags, Rows, unpack
from salesdx.inference.points import SINGLE_CAP


def counted_by(
    items: Sequence[Item], keys: frozenset[str], where: Bits, rows: int
) -> Points:
    """What some rules count together on rows of interest, signed; elsewhere nothing.

    A rule that is more than an answer counts unless a better one of its group holds;
    only single answers, which share an allowance, have to be counted row by row.
    """
    found = np.zeros(rows, np.int16)
    for item in items:
        here = item.true & where
        if item.key not in keys or not here.any():
            continue
        sign = np.int16(1 if item.direction == "for" else -1)
        side = [i for i in items if i.direction == item.direction]
        group = [i for i in side if i.group == item.group]
        slow: Bits | None = here
        if all(isinstance(i.held, int) for i in group):
            firm, slow = (item.resting(here, alone) for alone in (False, True))
            if firm is not None:
                first = unpack(firm & ~_beaten(item, group), rows)
                found += first * (sign * np.int16(item.full))
        if slow is not None and slow.any():
            some = np.flatnonzero(unpack(slow, rows))
            found[some] += sign * counted(side, some, rows)[item.rule]
    return found


def _beaten(item: Item, group: Sequence[Item]) -> Bits:
    """Rows where a rule of the group counts instead: a stronger one, or an earlier."""
    beaten = np.zeros_like(item.true)
    for other in group:
        if (-other.full, other.rule) < (-item.full, item.rule):
            firm = other.resting(other.true, alone=False)
            beaten = beaten if firm is None else beaten | firm
    return beaten


def groups_for(items: Sequence[Item], some: Rows, rows: int) -> NDArray[np.intp]:
    """How many groups of evidence count for a cause, on some rows."""
    side = [i for i in items if i.direction == "for"]
    each = counted(side, some, rows)
    found: NDArray[np.intp] = np.sum(
        [np.any([each[i.rule] > 0 for i in g], axis=0) for g in groups_of(side)], axis=0
    )
    return found


def counted(items: Sequence[Item], some: Rows, rows: int) -> dict[str, Points]:
    """What each rule of one direction counts on some rows, by rule."""
    found = {i.rule: np.zeros(len(some), np.int16) for i in items}
    extras: list[tuple[list[Item], Rows, Points]] = []
    for group in groups_of(items):
        group = sorted(group, key=lambda i: i.rule)
        points = np.stack([points_of(i, rows)[some] for i in group])
        alone = np.stack([_alone(i, rows)[some] for i in group])
        firm = np.where(alone, np.int16(0), points)
        base, first = firm.max(axis=0), firm.argmax(axis=0)
        for place, item in enumerate(group):
            found[item.rule] += base * (first == place)
        single = np.where(alone, points, np.int16(0))
        top = single.max(axis=0)
        extras.append((group, single.argmax(axis=0), np.maximum(top - base, 0)))
    _share(extras, found)
    return found


def _share(
    extras: Sequence[tuple[list[Item], Rows, Points]], found: dict[str, Points]
) -> None:
    """The allowance of single answers, the largest first, then by rule."""
    names = sorted(found)
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
            found[item.rule] += (given * (top == number)).astype(np.int16)


def _alone(item: Item, rows: int) -> Flags:
    if isinstance(item.alone, bool):
        return np.full(rows, item.alone)
    return unpack(item.alone, rows)
