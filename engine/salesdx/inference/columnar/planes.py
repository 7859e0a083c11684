"""Three-valued logic over many rows: two bits a row, eight rows a byte.

A plane holds in `true` the rows where a condition holds and in `false` those where it
does not; a row in neither is unknown (Kleene). Bits after the last row are never set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]  # packed, the first row in the lowest bit
Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]
Sure = NDArray[np.uint8] | None  # confidence 0..100 a row; None: 100 everywhere


def pack(flags: Flags) -> Bits:
    """One bit a row: uint8 of a byte per eight rows."""
    return np.packbits(flags, bitorder="little")


def unpack(bits: Bits, rows: int) -> Flags:
    """One flag a row; `bits` may be longer."""
    return np.unpackbits(bits, count=rows, bitorder="little").view(np.bool_)


@dataclass(frozen=True, slots=True)
class Plane:
    """The states of one condition on `rows` rows; `sure` counts where it is settled."""

    rows: int
    true: Bits
    false: Bits
    sure: Sure = None

    @classmethod
    def of(cls, true: Flags, known: Flags, sure: Sure = None) -> Self:
        """From flags; what is not known is neither."""
        return cls(len(true), pack(true & known), pack(~true & known), sure)

    @classmethod
    def unknown(cls, rows: int) -> Self:
        """Nothing is known on any row."""
        none = np.zeros((rows + 7) // 8, np.uint8)
        return cls(rows, none, none)

    @property
    def known(self) -> Bits:
        """Rows where it is settled."""
        return self.true | self.false

    def negated(self) -> "Plane":
        """`not`: unknown stays unknown."""
        return Plane(self.rows, self.false, self.true, self.sure)

    def only(self, where: Bits) -> "Plane":
        """Unknown outside of `where`."""
        return Plane(self.rows, self.true & where, self.false & where, self.sure)

    def at(self, rows: Rows) -> "Plane":
        """The states of these rows, in this order."""
        true, false = (unpack(b, self.rows)[rows] for b in (self.true, self.false))
        sure = None if self.sure is None else self.sure[rows]
        return Plane(len(rows), pack(true), pack(false), sure)


def ones(rows: int) -> Bits:
    """Every row."""
    return pack(np.ones(rows, np.bool_))


def both(one: Bits | None, other: Bits | None) -> Bits | None:
    """Rows of the one and the other; None is all rows."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def enough(parts: Sequence[Plane], n: int) -> Plane:
    """At least `n` of the parts hold; false when so many fail that n cannot.

    As `conditions._enough`: `all` asks for every part, `any` for one.
    """
    true = _count([p.true for p in parts], n)
    false = _count([p.false for p in parts], len(parts) - n + 1)
    rows = parts[0].rows
    if all(p.sure is None for p in parts):
        return Plane(rows, true, false)
    return Plane(rows, true, false, _sure(parts, n, unpack(true, rows)))


def _count(planes: Sequence[Bits], n: int) -> Bits:
    """Rows that at least n of the planes hold."""
    found: Bits
    if n == 1 or n == len(planes):
        found = (
            np.bitwise_or.reduce(planes) if n == 1 else np.bitwise_and.reduce(planes)
        )
        return found
    none = np.zeros_like(planes[0])
    if n > len(planes):
        return none
    reached = [none] * n
    for plane in planes:
        for k in range(n - 1, 0, -1):
            reached[k] = reached[k] | (reached[k - 1] & plane)
        reached[0] = reached[0] | plane
    return reached[-1]


def _sure(parts: Sequence[Plane], n: int, true: Flags) -> NDArray[np.uint8]:
    """The n-th best of what holds, or the fatal one of what fails; else 100."""
    rows = parts[0].rows
    sure = np.empty((len(parts), rows), np.int16)
    for i, part in enumerate(parts):
        sure[i] = 100 if part.sure is None else part.sure

    def best(which: Sequence[Bits], k: int) -> NDArray[np.int16]:
        flags = np.stack([unpack(b, rows) for b in which])
        there = np.where(flags, sure, np.int16(-1))
        found: NDArray[np.int16] = np.sort(there, axis=0)[len(parts) - k]
        return found

    held = best([p.true for p in parts], n)
    failed = best([p.false for p in parts], len(parts) - n + 1)
    found = np.where(true, held, failed)
    return np.where(found < 0, 100, found).astype(np.uint8)
