"""What the points say of the causes, in nats: for choosing questions, never shown.

The only place where points become nats: twenty points, the weight `considerable`, are
one nat: they make a cause e times as likely to be at work. Points add and so do nats,
so the map is a straight line. What counts is by how much the points exceed those to be
expected before anything was answered; else a cause would win by having many questions.

This belief says how likely each answer is. What an answer decides is another matter,
and stands in `outlook`.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NAT = 20.0  # points
PRIOR = -1.8  # nats: of seven causes one is at work (expert judgement, EX)
_FAR = 12.0  # beyond this many nats nothing changes any more


def nats(points: Floats, before: Floats) -> Floats:
    """Evidence in nats: points above those to be expected with nothing answered."""
    found: Floats = np.clip(PRIOR + (points - before) / NAT, -_FAR, _FAR)
    return found


def presence(evidence: Floats) -> Floats:
    """Whether each cause is at work: several may be."""
    found: Floats = 1.0 / (1.0 + np.exp(-evidence))
    return found


def coherent(moved: Floats, share: Floats, cell: Ints, cells: int) -> Floats:
    """Points that outcomes add, as nats, balanced so that they add none on average.

    A cell is one matter as one cause reads it; `share` how usual each outcome is.
    """
    shift = moved / NAT
    mean = summed(cell, share * np.exp(shift), cells)
    found: Floats = shift - np.log(mean)[cell]
    return found


def summed(cell: Ints, values: Floats, cells: int) -> Floats:
    """The sum of the values of each cell."""
    found: Floats = np.bincount(cell, values, cells).astype(np.float64)
    return found
