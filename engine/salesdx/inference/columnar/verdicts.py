"""From points to verdicts over many rows: the order of `inference.verdicts`."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.bill import Item, Sums, counted, total
from salesdx.inference.columnar.judgement import (
    CANNOT_JUDGE,
    LIKELY,
    NO_ROW,
    OPEN,
    POSSIBLE,
    RULED_OUT,
    UNLIKELY,
    Judged,
)
from salesdx.inference.columnar.planes import Bits, Flags, Rows, both, enough, unpack
from salesdx.inference.columnar.world import World
from salesdx.inference.points import LIKELY as LIKELY_POINTS
from salesdx.inference.points import POSSIBLE as POSSIBLE_POINTS
from salesdx.inference.points import TWO_GROUPS
from salesdx.inference.points import UNLIKELY as UNLIKELY_POINTS
from salesdx.inference.program import rule_key
from salesdx.knowledge.base import ReadyCause
from salesdx.knowledge.conditions import Leaf
from salesdx.knowledge.grammar import HOLDS


def verdicts(
    world: World, cause: ReadyCause, items: Sequence[Item], dimension: str
) -> Judged:
    """The verdict of a cause on every row of a level, before rivals are compared."""
    rows = world.level(dimension).rows
    sums = total(items, rows)
    points = sums.points
    verdict = np.full(rows, OPEN, np.int8)
    verdict[points <= UNLIKELY_POINTS] = UNLIKELY
    verdict[(points >= TWO_GROUPS) | _two_groups(items, sums)] = POSSIBLE
    likely = points >= LIKELY_POINTS
    able = _able(world, cause, dimension)
    if able is not None:
        likely &= unpack(able, rows)
    verdict[likely] = LIKELY
    if cause.spec.needs:
        known = [world.known(n, dimension) for n in cause.spec.needs]
        verdict[~unpack(np.bitwise_and.reduce(known), rows)] = CANNOT_JUDGE
    cancel = [world.state(n, dimension).true for n in (*cause.unless, *cause.rules_out)]
    if cancel:
        verdict[unpack(np.bitwise_or.reduce(cancel), rows)] = RULED_OUT
    fits = world.fits(tuple(cause.spec.applies_to), dimension)
    if fits is not None:
        verdict[~unpack(fits, rows)] = NO_ROW
    if dimension and not cause.spec.for_each:
        verdict[~_speaks(cause, items, rows)] = NO_ROW
    return Judged(verdict, sums, items, np.zeros(rows, np.bool_))


def _able(world: World, cause: ReadyCause, dimension: str) -> Bits | None:
    """Rows where it may be likely: its gates hold, harm is not known to be absent."""
    able = None
    if cause.gate:
        gate = [world.state(n, dimension) for n in cause.gate]
        able = enough(gate, len(gate)).true
    if cause.spec.explains:
        leaves = [Leaf(f"symptom:{s}", HOLDS) for s in cause.spec.explains]
        absent = np.bitwise_and.reduce([
            world.state(leaf, dimension).false for leaf in leaves
        ])  # fmt: skip
        able = both(able, world.every(dimension) & ~absent)
    return able


def _two_groups(items: Sequence[Item], sums: Sums) -> Flags:
    """Rows where two groups of evidence make a few points possible."""
    points, rows = sums.points, len(sums.points)
    few = (points >= POSSIBLE_POINTS) & (points < TWO_GROUPS)
    two: Flags = few & (sums.groups >= 2)
    doubtful = np.flatnonzero(two & sums.cut)
    if len(doubtful):
        two[doubtful] = _groups_for(items, doubtful, rows) >= 2
    return two


def _groups_for(items: Sequence[Item], rows: Rows, size: int) -> NDArray[np.int16]:
    """Groups of evidence that count for a cause."""
    each = counted([i for i in items if i.direction == "for"], rows, size)
    groups: dict[str, Flags] = {}
    for item in items:
        if item.direction == "for":
            hit = each[item.key] > 0
            groups[item.group] = groups.get(item.group, np.False_) | hit
    found: NDArray[np.int16] = np.sum(list(groups.values()), axis=0, dtype=np.int16)
    return found


def _speaks(cause: ReadyCause, items: Sequence[Item], rows: int) -> Flags:
    """Whether the rules of the slice itself add anything."""
    own = {rule_key(r.direction, r.id) for r in cause.rules if r.for_each}
    held = [i.true for i in items if i.key in own]
    speaks = np.zeros(rows, np.bool_)
    if not held:
        return speaks
    some = np.flatnonzero(unpack(np.bitwise_or.reduce(held), rows))
    if len(some):
        each = counted(items, some, rows)
        speaks[some] = np.any([each[k] != 0 for k in each if k in own], axis=0)
    return speaks
