"""From points to verdicts over many rows: the order of `inference.verdicts`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from salesdx.inference.columnar.adding import Sum
from salesdx.inference.columnar.bill import Bill, Item, Sums, total
from salesdx.inference.columnar.compiled import CauseTerms
from salesdx.inference.columnar.counting import counted_by, groups_for
from salesdx.inference.columnar.judgement import (
    CANNOT_JUDGE,
    NO_ROW,
    OPEN,
    POSSIBLE,
    RULED_OUT,
    UNLIKELY,
    Judged,
)
from salesdx.inference.columnar.planes import (
    Bits,
    Plane,
    all_of,
    any_of,
    both,
    pack,
    unpack,
    zeros,
)
from salesdx.inference.columnar.world import World
from salesdx.inference.points import LIKELY as LIKELY_POINTS
from salesdx.inference.points import POSSIBLE as POSSIBLE_POINTS
from salesdx.inference.points import TWO_GROUPS
from salesdx.inference.points import UNLIKELY as UNLIKELY_POINTS


@dataclass(slots=True)
class Standing:
    """How a cause stands on the rows of a level, rival by rival until it is settled.

    A row that is in none of the verdicts is open; `judged` are the rows that there are.
    """

    rows: int
    items: Sequence[Item]
    sums: Sums
    judged: Bits
    likely: Bits
    possible: Bits
    unlikely: Bits
    cannot: Bits
    out: Bits
    demoted: Bits

    def settled(self) -> Judged:
        """The verdicts as codes."""
        possible = self.possible | self.demoted
        open_ = self.judged & ~any_of([
            self.likely, possible, self.unlikely, self.cannot, self.out
        ])  # fmt: skip
        codes = Sum()
        codes.add([
            (POSSIBLE, possible), (OPEN, open_), (UNLIKELY, self.unlikely),
            (CANNOT_JUDGE, self.cannot), (RULED_OUT, self.out),
        ])  # fmt: skip
        verdict = codes.numbers(self.rows).astype(np.int8)
        missing = ~unpack(self.judged, self.rows)
        if missing.any():
            verdict[missing] = NO_ROW
        return Judged(verdict, self.sums, self.items, unpack(self.demoted, self.rows))

    def readable(self) -> Plane:
        """The verdict as a fact: true when likely, false when it cannot become so."""
        true = self.likely & ~self.demoted
        known = any_of([
            self.likely, self.out, self.unlikely,
            pack(self.sums.best < LIKELY_POINTS) & self.judged,
        ])  # fmt: skip
        return Plane(self.rows, true, known & ~true)


def standing(
    world: World, cause: CauseTerms, items: Sequence[Item], dimension: str
) -> Standing:
    """The verdict of a cause on every row of a level, before rivals are compared."""
    rows, every = world.level(dimension).rows, world.every(dimension)
    bill = total(items, every, rows)
    points = bill.sums.points
    judged = both(every, world.fits(cause.models, dimension))
    if dimension and not cause.cause.spec.for_each:
        judged = both(judged, _speaks(cause, items, every, rows))
    assert judged is not None
    out = cannot = zeros(rows)
    if cause.cancel:
        out = judged & any_of([world.state(t, dimension).true for t in cause.cancel])
    free = judged & ~out
    if cause.cause.spec.needs:
        known = all_of([world.known(n, dimension) for n in cause.cause.spec.needs])
        cannot, free = free & ~known, free & known
    likely = free & pack(points >= LIKELY_POINTS)
    for term in cause.gate:
        likely = likely & world.state(term, dimension).true
    if cause.harm:  # known to be absent only where every symptom of it is
        likely = likely & ~all_of([world.state(t, dimension).false for t in cause.harm])
    free = free & ~likely
    possible = free & (pack(points >= TWO_GROUPS) | _two_groups(items, bill))
    unlikely = free & pack(points <= UNLIKELY_POINTS)
    return Standing(
        rows, items, bill.sums, judged, likely, possible, unlikely, cannot, out,
        zeros(rows),
    )  # fmt: skip


def _two_groups(items: Sequence[Item], bill: Bill) -> Bits:
    """Rows where two groups of evidence make a few points possible."""
    points = bill.sums.points
    few = pack(points >= POSSIBLE_POINTS)
    two, doubtful = few & bill.two, few & bill.doubtful & pack(points < TWO_GROUPS)
    if doubtful.any():
        flags = unpack(doubtful, len(points))
        some = np.flatnonzero(flags)
        flags[some] = groups_for(items, some, len(points)) >= 2
        two = two | pack(flags)
    return two


def _speaks(cause: CauseTerms, items: Sequence[Item], every: Bits, rows: int) -> Bits:
    """Rows where the rules of the slice itself add anything."""
    found = zeros(rows)
    for rule in cause.rules:
        if rule.rule.for_each:
            found = found | pack(
                counted_by(items, frozenset({rule.key}), every, rows) != 0
            )
    return found
