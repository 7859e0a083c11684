"""Quantiles finished in Python from (bucket, count) pairs that an engine returned."""

from collections.abc import Sequence

import numpy as np

from salesdx.statistics import survival


def quantile(
    buckets: Sequence[float], counts: Sequence[int], share: float
) -> float | None:
    """Quantile with linear interpolation between neighbours, as numpy computes it.

    Args:
        buckets: ascending values (lower edges).
        counts: how many observations each holds.
        share: 0..1.

    Returns:
        The quantile in the unit of the buckets; None without observations.
    """
    total = int(sum(counts))
    if total == 0:
        return None
    ends = np.cumsum(np.asarray(counts, dtype=np.int64))
    place = share * (total - 1)
    below, above = int(np.floor(place)), int(np.ceil(place))
    low = buckets[int(np.searchsorted(ends, below, side="right"))]
    high = buckets[int(np.searchsorted(ends, above, side="right"))]
    return float(low + (high - low) * (place - below))


def median(buckets: Sequence[float], counts: Sequence[int]) -> float | None:
    """Middle value; None without observations."""
    return quantile(buckets, counts, 0.5)


def censored_quantile(
    buckets: Sequence[float], happened: Sequence[int], waiting: Sequence[int],
    share: float = 0.5,
) -> float | None:  # fmt: skip
    """Quantile of a waiting time when some still wait (Kaplan-Meier).

    A mean over those that were served drops exactly the bad cases.

    Returns:
        First bucket by which `share` was served; None while fewer were.
    """
    curve = survival.incidence(
        np.asarray(happened, dtype=np.int64), np.asarray(waiting, dtype=np.int64)
    )
    reached = np.flatnonzero(curve >= share - 1e-12)
    return float(buckets[int(reached[0])]) if len(reached) else None
