"""Amounts cut to three digits, so that a few thousand groups hold millions of deals.

The cells are at most 0.1 % wide. Whole numbers only: a logarithm differs in its last
bit from engine to engine, and with it the cell of an amount.
"""

from bisect import bisect_right
from typing import Any

import ibis

from salesdx.tables import MOST_MONEY

# amounts (minor units) below the first bound are told apart, below the next in twos …
_BOUNDS: list[int] = [
    lead * 10**power
    for power in range(3, len(str(int(MOST_MONEY))) + 3)
    for lead in (2, 5, 10)
]
_STEPS: list[int] = [
    step * 10**power for power in range(len(_BOUNDS) // 3 + 1) for step in (1, 2, 5)
][: len(_BOUNDS) + 1]


def cell(amount: Any) -> Any:
    """The lower end of the cell of a positive amount in minor units."""
    known = [
        (amount < bound, step) for bound, step in zip(_BOUNDS, _STEPS, strict=False)
    ]
    step = ibis.cases(*known, else_=_STEPS[-1]).cast("int64")
    return amount - amount % step


def middle(lower: int) -> float:
    """The amount that stands for a cell, in minor units."""
    return lower + (_STEPS[bisect_right(_BOUNDS, lower)] - 1) / 2
