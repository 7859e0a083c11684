"""The norm: what peers reach on the same mix, without novices and extremes (X-1)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Reason = Literal["novice", "few", "extreme"]


def middle(ratio: ArrayLike, weight: ArrayLike, trim: float) -> float:
    """Weighted mean of ratios without the outer `trim` on each side; 1 without any."""
    values, size = np.asarray(ratio, float), np.asarray(weight, float)
    order = np.argsort(values, kind="stable")
    cut = int(np.floor(trim * len(order)))
    inner = order[cut : len(order) - cut]
    total = size[inner].sum()
    return float((values[inner] * size[inner]).sum() / total) if total > 0 else 1.0


def left_out(
    ratio: ArrayLike,
    surprise: ArrayLike,
    n: ArrayLike,
    novice: ArrayLike,
    minimum: float,
    trim: float,
    limit: float,
) -> list[Reason | None]:
    """Why a value makes no norm; None for those who make it.

    Novices and values with fewer than `minimum` deals stay out, and the extremes: of
    the lowest and of the highest `trim` those that chance does not explain. Leaving
    out the best tenth whatever it is would lower the norm where nobody is too good.

    Args:
        ratio: each value against the common level; above 1 is better.
        surprise: the same in standard errors from the level.
        n: deals of each value.
        novice: whether it is a newcomer.
        minimum: fewest deals.
        trim: largest share left out on each side.
        limit: standard errors beyond which a value is an extreme.
    """
    values, far = np.asarray(ratio, float), np.asarray(surprise, float)
    young = np.asarray(novice, bool)
    found = np.flatnonzero((np.asarray(n, float) >= minimum) & ~young)
    order = found[np.argsort(values[found], kind="stable")]
    cut = int(np.floor(trim * len(order)))
    low = [i for i in order[:cut] if far[i] < -limit]
    high = [i for i in order[len(order) - cut :] if far[i] > limit]
    reasons: list[Reason | None] = ["novice" if y else "few" for y in young]
    for i in order:
        reasons[i] = None
    for i in (*low, *high):
        reasons[i] = "extreme"
    return reasons


@dataclass(frozen=True, slots=True)
class Expected:
    """What a slice would reach at the norm of each of its cells.

    `comparable` is the share of its deals in cells where peers exist.
    """

    norm: float
    peers_n: float
    comparable: float


def standardise(
    own_n: Floats, norm: Floats, peers_n: Floats, pooled: float, pooled_n: float
) -> Expected | None:
    """Indirect standardisation of one slice over its cells.

    Args:
        own_n: deals of the slice in each cell.
        norm: leave-one-out norm of each cell, NaN where peers are missing.
        peers_n: deals of peers behind each norm.
        pooled: norm over all cells, used where a cell has no peers; may be NaN.
        pooled_n: deals behind it.

    Returns:
        The expected rate and the deals it rests on, or None without any norm.
    """
    total = own_n.sum()
    known = ~np.isnan(norm)
    if total <= 0 or (np.isnan(pooled) and not known.all()):
        return None
    filled = np.where(known, norm, pooled)
    expected = float((own_n * filled).sum() / total)
    comparable = float(own_n[known].sum() / total)
    # a norm mixed of cells is as uncertain as the harmonic mix of their sizes
    sizes = np.maximum(np.where(known, peers_n, pooled_n), 1)
    spread = float(((own_n / total) ** 2 / sizes).sum())
    return Expected(expected, 1 / spread, comparable)


def kitagawa(w0: Floats, r0: Floats, w1: Floats, r1: Floats) -> tuple[float, float]:
    """Split a change of a rate into (rates changed, mix changed)."""
    rate = float(((w0 + w1) / 2 * (r1 - r0)).sum())
    return rate, float(((r0 + r1) / 2 * (w1 - w0)).sum())
