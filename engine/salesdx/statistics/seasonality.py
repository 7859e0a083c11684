"""How far each month of the year lies from the trend, as far as years agree on it.

A share that returns every year is the season; one that comes once is a change. With
two or three years a single odd month looks like a season, so the factors are shrunk by
how much the years disagree (empirical Bayes).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
YEAR = 12
LEAST = 2 * YEAR  # months: a season seen once is not a season


@dataclass(frozen=True, slots=True)
class Season:
    """Twelve factors around 1 and how far the years support them.

    `index[i]` belongs to the calendar month of the i-th value given (the first value
    is month 0, the thirteenth month 0 again). `weight` is 0 where the years disagree
    as much as the months, and close to 1 where every year repeats; `p` is the chance of
    months that differ so much in years without a season.
    """

    index: tuple[float, ...]
    weight: float
    p: float = 1.0

    @property
    def swing(self) -> float:
        """The best month over the mean (M-98); 1 without a season."""
        return max(self.index)


def seasonal_index(monthly: Sequence[float]) -> Season | None:
    """Seasonal factors of consecutive months, relative to a moving trend.

    Args:
        monthly: one value a calendar month without gaps, 0 where nothing came.

    Returns:
        The season; None below 24 months, or where the trend touches zero.
    """
    x = np.asarray(monthly, float)
    if len(x) < LEAST or not np.all(np.isfinite(x)) or np.any(x < 0):
        return None
    trend = _trend(x)
    if np.any(trend <= 0):
        return None
    ratio = x / trend
    years = [ratio[i::YEAR] for i in range(YEAR)]
    mean = np.array([y.mean() for y in years])
    size = np.array([len(y) for y in years], float)
    freedom = float((size - 1).sum())
    within = sum(float(((y - y.mean()) ** 2).sum()) for y in years) / freedom
    between_years = float((size * (mean - ratio.mean()) ** 2).sum()) / (YEAR - 1)
    p = special.fdtrc(YEAR - 1, freedom, between_years / within) if within > 0 else 0.0
    between = float(mean.var(ddof=1)) - within * float((1 / size).mean())
    if between <= 0:
        return Season((1.0,) * YEAR, 0.0)
    keep = between / (between + within / size)
    factors = 1 + keep * (mean - mean.mean())
    factors = np.maximum(factors, 0.0)
    factors = factors / factors.mean()
    return Season(tuple(float(f) for f in factors), float(keep.mean()), float(p))


def _trend(x: Floats) -> Floats:
    """Centred moving average of a year; its edges go on at its own growth."""
    weights = np.array([0.5, *[1.0] * (YEAR - 1), 0.5]) / YEAR
    centre = np.convolve(x, weights, mode="valid")
    half = YEAR // 2
    if np.any(centre <= 0):
        return np.zeros_like(x)
    slope = 0.0
    if len(centre) > 1:
        place = np.arange(len(centre)) - (len(centre) - 1) / 2
        slope = float((place * np.log(centre)).sum() / (place**2).sum())
    before = centre[0] * np.exp(slope * np.arange(-half, 0))
    after = centre[-1] * np.exp(slope * np.arange(1, half + 1))
    return np.asarray(np.concatenate([before, centre, after]))
