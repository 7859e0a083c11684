"""The sums of the column executor are those of the calculus, on any rules at all."""

import random

import numpy as np
import pytest

from salesdx.inference import points
from salesdx.inference.columnar.bill import Bill, Item, total
from salesdx.inference.columnar.counting import counted_by, groups_for
from salesdx.inference.columnar.planes import Bits, Flags, Plane, ones, pack, unpack

ROWS = 43
Row = list[points.Item]


def flags(chance: random.Random, share: float) -> Flags:
    return np.array([chance.random() < share for _ in range(ROWS)])


def drawn(chance: random.Random) -> tuple[list[Item], list[Row]]:
    """Rules on many rows, and the same row by row."""
    items: list[Item] = []
    rows: list[Row] = [[] for _ in range(ROWS)]
    for number in range(chance.randint(1, 9)):
        rule, group = f"r{number}", f"g{chance.randint(0, 3)}"
        direction = chance.choice(["for", "for", "against"])
        full = chance.choice([5, 10, 20, 20, 40, 40, 80])
        true, known, there = (flags(chance, s) for s in (0.7, 0.8, 0.9))
        everywhere = chance.random() < 0.7
        single: Bits | bool = chance.random() < 0.6
        alone = np.full(ROWS, single)
        if chance.random() < 0.2:
            alone = flags(chance, 0.5)
            single = pack(alone)
        held = np.full(ROWS, full, np.int16)
        if uneven := chance.random() < 0.2:
            held = np.array([full * chance.choice([0, 30, 60, 100]) // 100
                             for _ in range(ROWS)], np.int16)  # fmt: skip
        items.append(Item(
            rule, direction, group, full, Plane.of(true, known),
            held if uneven else full, None if everywhere else pack(there), single,
        ))  # fmt: skip
        for at, row in enumerate(rows):
            if everywhere or there[at]:
                state = bool(true[at]) if known[at] else None
                weighs = int(held[at]) if state else full
                row.append(points.Item(
                    rule, direction, weighs, full, group, bool(alone[at]), state
                ))  # fmt: skip
    return items, rows


@pytest.mark.parametrize("seed", range(120))
def test_as_the_calculus(seed: int) -> None:
    items, rows = drawn(random.Random(seed))
    bill = total(items, ones(ROWS), ROWS)
    right = [points.total(row) for row in rows]
    assert bill.sums.points.tolist() == [r.points for r in right]
    assert bill.sums.worst.tolist() == [r.worst for r in right]
    assert bill.sums.best.tolist() == [r.best for r in right]
    assert bill.sums.coverage.tolist() == [r.coverage for r in right]
    assert two_groups(items, bill) == [r.groups_for >= 2 for r in right]
    for item in items:
        counted = counted_by(items, frozenset({item.key}), ones(ROWS), ROWS)
        key = (item.direction, item.rule)
        assert counted.tolist() == [r.counted.get(key, 0) for r in right]


def two_groups(items: list[Item], bill: Bill) -> list[bool]:
    found = unpack(bill.two, ROWS)
    some = np.flatnonzero(unpack(bill.doubtful, ROWS))
    if len(some):
        found[some] = groups_for(items, some, ROWS) >= 2
    return [bool(f) for f in found]


def test_doubtful_rows_are_among_those_drawn() -> None:
    bills = (total(drawn(random.Random(s))[0], ones(ROWS), ROWS) for s in range(120))
    assert sum(unpack(b.doubtful, ROWS).sum() for b in bills) > 20
