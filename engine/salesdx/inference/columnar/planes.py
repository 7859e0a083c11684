"""Three-valued logic over many rows: two bits a row, eight rows a byte.

A plane holds in `true` the rows where a condition holds and in `false` those where it
does not; a row in neither is unknown (Kleene). Bits after the last row are never set.
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
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
    """One flag a row."""
    return np.unpackbits(bits, count=rows, bitorder="little").view(np.bool_)


def ones(rows: int) -> Bits:
    """Every row."""
    return pack(np.ones(rows, np.bool_))


def zeros(rows: int) -> Bits:
    """No row."""
    return np.zeros((rows + 7) // 8, np.uint8)


def any_of(planes: Sequence[Bits]) -> Bits:
    """Rows in one of the planes at least; there is at least one plane."""
    return reduce(operator.or_, planes)


def all_of(planes: Sequence[Bits]) -> Bits:
    """Rows in every one of the planes; there is at least one plane."""
    return reduce(operator.and_, planes)


def both(one: Bits | None, other: Bits | None) -> Bits | None:
    """Rows of the one and the other; None is all rows."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


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
        none = zeros(rows)
        return cls(rows, none, none)

    @property
    def known(self) -> Bits:
        """Rows where it is settled."""
        return self.true | self.false

    def negated(self) -> "Plane":
        """`not`: unknown stays unknown."""
        return Plane(self.rows, self.false, self.true, self.sure)

    def at(self, rows: Rows) -> "Plane":
        """The states of these rows, in this order."""
        true, false = (
            pack(unpack(b, self.rows)[rows]) for b in (self.true, self.false)
        )
        sure = None if self.sure is None else self.sure[rows]
        return Plane(len(rows), true, false, sure)


def enough(parts: Sequence[Plane], n: int) -> Plane:
    """At least `n` of the parts hold; false when so many fail that n cannot.

    As `conditions._enough`: `all` asks for every part, `any` for one.
    """
    true = _count([p.true for p in parts], n)
    false = _count([p.false for p in parts], len(parts) - n + 1)
    sure = None
    if any(p.sure is not None for p in parts):
        sure = _sure(parts, n)
    return Plane(parts[0].rows, true, false, sure)


def _count(planes: Sequence[Bits], n: int) -> Bits:
    """Rows that at least n of the planes hold."""
    if n == 1:
        return any_of(planes)
    if n == len(planes):
        return all_of(planes)
    none = np.zeros_like(planes[0])
    reached = [none] * n
    for plane in planes:
        for k in range(n - 1, 0, -1):
            reached[k] = reached[k] | (reached[k - 1] & plane)
        reached[0] = reached[0] | plane
    return reached[-1]


def _sure(parts: Sequence[Plane], n: int) -> NDArray[np.uint8]:
    """The n-th best of what holds, or the fatal one of what fails, where settled.

    Only one of the two is there: fewer than n hold where so many fail that n cannot.
    """
    held = _best(parts, [p.true for p in parts], n)
    failed = _best(parts, [p.false for p in parts], len(parts) - n + 1)
    return np.maximum(held, failed, out=held)


def _best(parts: Sequence[Plane], where: Sequence[Bits], n: int) -> NDArray[np.uint8]:
    """The n-th highest confidence of the parts that are there; 0 where fewer are."""
    found = np.zeros((n, parts[0].rows), np.uint8)
    for part, bits in zip(parts, where, strict=True):
        sure = np.uint8(100) if part.sure is None else part.sure
        mine = unpack(bits, part.rows).view(np.uint8) * sure
        for higher in found[:-1]:  # what is higher stays, the other goes down
            mine, higher[:] = np.minimum(mine, higher), np.maximum(mine, higher)
        np.maximum(mine, found[-1], out=found[-1])
    last: NDArray[np.uint8] = found[-1]
    return last
