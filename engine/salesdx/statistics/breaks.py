"""When a level changed: change points in rates of mature cohorts and in amounts."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SHORT = 12  # below this many points PELT is unreliable: one split and a permutation
LEAST = 3  # points of the shortest level
PERMUTATIONS = 999
BETTER = 0.7  # unexplained by levels over unexplained by a straight line
SEED = 20200216


def arcsine(wins: Sequence[float], n: Sequence[float]) -> Floats:
    """Rates as unit-variance deviations from the pooled rate."""
    k, size = np.asarray(wins, float), np.asarray(n, float)
    pooled = k.sum() / size.sum() if size.sum() > 0 else 0.0
    rate = np.divide(k, size, out=np.zeros_like(k), where=size > 0).clip(0, 1)
    shift = np.arcsin(np.sqrt(rate)) - math.asin(math.sqrt(pooled))
    return np.asarray(2 * np.sqrt(size) * shift)


def change_points(wins: Sequence[int], n: Sequence[int]) -> list[int]:
    """Indices at which a new level starts; [] when the level is one."""
    if len(n) < 4 or sum(n) == 0:
        return []
    if len(n) < SHORT:
        at, p = single_split(wins, n)
        return [at] if at is not None and p <= 0.05 else []
    return best_levels(arcsine(wins, n))[0]


def dispersion(wins: Sequence[float], n: Sequence[float]) -> float:
    """How much more months differ than chance lets them; 1 when no more.

    Neighbours are compared, so that a level that changes does not count as unrest.
    """
    if len(n) < SHORT:
        return 1.0
    return max(_unrest(arcsine(wins, n)) ** 2, 1.0)


def _unrest(signal: Floats) -> float:
    """Standard deviation of one point, from differences of neighbours."""
    steps = np.abs(np.diff(signal)) / math.sqrt(2)
    return float(np.median(steps)) / 0.6745 if len(steps) else 0.0


def amount_signal(amounts: Sequence[float]) -> tuple[Floats, float] | None:
    """Logarithms of positive amounts and the unrest of one; None below 12 of them."""
    x = np.asarray(amounts, float)
    if len(x) < SHORT or np.any(x <= 0) or not np.all(np.isfinite(x)):
        return None
    log = np.log(x)
    unrest = _unrest(log) or float(log.std())
    return (log, unrest) if unrest > 1e-9 else None


def grows_steadily(log: Floats, points: Sequence[int]) -> bool:
    """Whether one straight line does nearly as well as the levels."""
    edges = [0, *points, len(log)]
    steps = sum(
        float(((log[a:b] - log[a:b].mean()) ** 2).sum()) for a, b in pairwise(edges)
    )
    place = np.arange(len(log), dtype=float)
    line = np.polyval(np.polyfit(place, log, 1), place)
    return steps >= BETTER * float(((log - line) ** 2).sum())


def best_levels(signal: Floats) -> tuple[list[int], float]:
    """Change points of a series of unit variance, and what they cost with penalties.

    PELT (Killick 2012): l2 cost, at least LEAST points a level, penalty 3 ln n.

    Equal to `ruptures.Pelt(model="l2", min_size=3, jump=1)`, whose import takes longer
    than the rest of a diagnosis.
    """
    signal = signal.reshape(-1, 1)
    size = len(signal)
    penalty = 3 * math.log(size)
    cost: dict[int, float] = {0: 0.0}  # end of a level -> cost of the best way there
    before: dict[int, int] = {}
    starts: list[int] = []
    for end in range(LEAST, size + 1):
        if end - LEAST in cost:
            starts.append(end - LEAST)
        found = [
            cost[s] + (float(signal[s:end].var(axis=0).sum() * (end - s)) + penalty)
            for s in starts
        ]
        cost[end] = min(found)
        before[end] = starts[found.index(cost[end])]
        # what is worse by more than one change can never become part of the best
        limit = cost[end] + penalty
        starts = [s for s, c in zip(starts, found, strict=True) if c <= limit]
    points: list[int] = []
    at = before[size]
    while at:
        points.insert(0, at)
        at = before[at]
    return points, cost[size] - penalty


def single_split(wins: Sequence[int], n: Sequence[int]) -> tuple[int | None, float]:
    """Best single split by likelihood ratio and its permutation p (seeded)."""
    k, size = np.asarray(wins, float), np.asarray(n, float)
    if len(k) < 2 or size.sum() == 0:
        return None, 1.0
    at, best = _best_split(k, size)
    rng = np.random.default_rng(SEED)
    # wins are dealt out anew over all entries: to permute whole periods could never
    # convince with six of them, however clear the fall
    dealt = rng.multivariate_hypergeometric(
        np.asarray(n, np.int64), int(k.sum()), PERMUTATIONS, method="marginals"
    )
    beaten = sum(_best_split(d, size)[1] >= best - 1e-9 for d in dealt.astype(float))
    return at, (1 + beaten) / (1 + PERMUTATIONS)


def _best_split(k: Floats, n: Floats) -> tuple[int, float]:
    left_k, left_n = np.cumsum(k)[:-1], np.cumsum(n)[:-1]
    ratio = (
        _likelihood(left_k, left_n)
        + _likelihood(k.sum() - left_k, n.sum() - left_n)
        - _likelihood(k.sum(), n.sum())
    )
    at = int(np.argmax(ratio))
    return at + 1, float(ratio[at])


def _likelihood(k: Floats | float, n: Floats | float) -> Floats:
    """Binomial log-likelihood at its maximum; 0 ln 0 = 0."""
    size = np.maximum(n, 1)
    p = np.clip(np.asarray(k) / size, 1e-12, 1 - 1e-12)
    return np.asarray(k * np.log(p) + (n - k) * np.log(1 - p))


def locate(
    before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]
) -> list[tuple[str, float]]:
    """How much of a change of the total rate each value of a dimension explains.

    Args:
        before: value -> (wins, entries) at the old level.
        after: the same at the new level.

    Returns:
        (value, share of the change), the largest first; shares add up to 1 over the
        values when the rate did change (Adtributor's explanatory power for a ratio).
    """
    names = sorted({*before, *after})
    k0 = np.array([before.get(x, (0, 0))[0] for x in names], float)
    n0 = np.array([before.get(x, (0, 0))[1] for x in names], float)
    k1 = np.array([after.get(x, (0, 0))[0] for x in names], float)
    n1 = np.array([after.get(x, (0, 0))[1] for x in names], float)
    if not n0.sum() or not n1.sum():
        return []
    r0, r1 = k0.sum() / n0.sum(), k1.sum() / n1.sum()
    if math.isclose(r0, r1):
        return []
    # contribution of a value: its wins above the common level, old against new
    middle = (r0 + r1) / 2
    part = (k1 - n1 * middle) / n1.sum() - (k0 - n0 * middle) / n0.sum()
    found = [(x, float(v / (r1 - r0))) for x, v in zip(names, part, strict=True)]
    return sorted(found, key=lambda f: (-f[1], f[0]))
