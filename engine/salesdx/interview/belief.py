"""What the points say of the causes, in nats: for choosing questions, never shown.

The only place where points become nats: twenty points, the weight `considerable`, are
one nat, that is they make a cause e times as likely against the rest. Points add and so
do nats, so the map is a straight line. What counts is by how much the points exceed
those to be expected before anything was answered: else a cause would win by having many
questions. `presence` is the chance that a cause is at work, `first` that it comes out
first; both are estimates for selection and never a probability that is printed.
"""

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.points import LIKELY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_SURE = 1e-12
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


def normal(x: Floats) -> Floats:
    """The normal distribution function (Tocher's logistic form, within 0.01)."""
    clipped = np.clip(1.5958 * x + 0.07056 * x**3, -40.0, 40.0)
    found: Floats = 1.0 / (1.0 + np.exp(-clipped))
    return found


def first(
    points: Floats, spread: Floats, free: Floats, bar: Floats, rank: Ints
) -> Floats:
    """The chance of each cause to come out first, in the order of the diagnosis.

    `points` are those to be expected at the end, give or take `spread`; `free` the
    chance that checks let them count; `bar` what makes a cause possible; `rank` the
    place of role and kind, which go before points among equal verdicts.
    """
    found = np.zeros(len(points))
    left = 1.0
    for need, let in ((np.full(len(points), float(LIKELY)), free), (bar, None)):
        above = (points - need + 0.5) / spread
        chance = np.clip(normal(above), 0.0, 1.0 - _SURE)
        if let is not None:
            chance = chance * let
        for place in np.unique(rank):
            mine = rank == place
            none = float(np.prod(1.0 - chance[mine]))
            share = chance[mine] * np.exp(above[mine] - above[mine].max())
            if none < 1.0:
                found[mine] += left * (1.0 - none) * share / share.sum()
            left *= none
    return found
