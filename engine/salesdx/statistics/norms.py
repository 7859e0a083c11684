"""The norm: what peers reach on the same mix, without novices and extremes (X-1)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Reason = Literal["novice", "few", "extreme"]


def left_out(
    rate: ArrayLike, n: ArrayLike, novice: ArrayLike, minimum: int, trim: float
) -> list[Reason | None]:
    """Why a value makes no norm; None for those who make it.

    Novices, values with fewer than `minimum` deals, and the outer `trim` of the rest
    on each side stay out.
    """
    values, size = np.asarray(rate, float), np.asarray(n, float)
    young = np.asarray(novice, bool)
    found = np.flatnonzero((size >= minimum) & ~young)
    order = found[np.argsort(values[found], kind="stable")]
    cut = int(np.floor(trim * len(order)))
    reasons: list[Reason | None] = ["novice" if y else "few" for y in young]
    for place, i in enumerate(order):
        reasons[i] = None if cut <= place < len(order) - cut else "extreme"
    return reasons


@dataclass(frozen=True, slots=True)
class Expected:
    """What a slice would reach at the norm of each of its cells.

    `comparable` is the share of its deals in cells where peers exist.
    """

    norm: float
    peers_n: float
    comparable: float


def standardise(own_n: Floats, norm: Floats, peers_n: Floats, pooled: float) -> (
    Expected | None
):  # fmt: skip
    """Indirect standardisation of one slice over its cells.

    Args:
        own_n: deals of the slice in each cell.
        norm: leave-one-out norm of each cell, NaN where peers are missing.
        peers_n: deals of peers behind each norm.
        pooled: norm over all cells, used where a cell has no peers; may be NaN.

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
    weights = (own_n[known & (own_n > 0)] / total) ** 2
    sizes = peers_n[known & (own_n > 0)]
    spread = float((weights / np.maximum(sizes, 1)).sum())
    size = comparable**2 / spread if spread > 0 else float(peers_n.sum())
    return Expected(expected, size, comparable)


def kitagawa(w0: Floats, r0: Floats, w1: Floats, r1: Floats) -> tuple[float, float]:
    """Split a change of a rate into (rates changed, mix changed)."""
    rate = float(((w0 + w1) / 2 * (r1 - r0)).sum())
    return rate, float(((r0 + r1) / 2 * (w1 - w0)).sum())
