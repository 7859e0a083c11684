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

Floats = NDArray[np.float64]
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
