"""Checks and durations: compared on the log scale."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special


def between_variance(shift: ArrayLike, error: ArrayLike) -> float:
    """Variance between peers beyond chance (DerSimonian-Laird), >= 0."""
    d, se = np.asarray(shift, float), np.asarray(error, float)
    if len(d) < 2 or np.any(se <= 0):
        return 0.0
    w = 1 / se**2
    centre = np.average(d, weights=w)
    q = float(np.sum(w * (d - centre) ** 2))
    scale = float(w.sum() - (w**2).sum() / w.sum())
    return max((q - (len(d) - 1)) / scale, 0.0) if scale > 0 else 0.0


def p_below(shift: float, error: float, between: float) -> float:
    """Posterior probability of lying below the norm (normal prior around it)."""
    if between <= 0 or error <= 0:
        return 0.5
    keep = between / (between + error**2)
    return float(special.ndtr(-shift * keep / (np.sqrt(keep) * error)))


def needed_amounts(spread: float, shift: float) -> int | None:
    """Deals to see a log shift at 80 % power when single deals vary by `spread`."""
    if spread <= 0 or shift == 0:
        return None
    return int(np.ceil(((1.645 + 0.84) * spread / shift) ** 2))
