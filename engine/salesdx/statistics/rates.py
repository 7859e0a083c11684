"""Rates with intervals, shrunk towards their peers, and tested against a norm."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

MAX_STRENGTH = 1e5  # a beta prior of this many deals is "all the same"


def wilson(wins: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson interval of a rate; (0, 1) without data."""
    if n <= 0:
        return 0.0, 1.0
    z = float(special.ndtri((1 + level) / 2))
    p = wins / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if wins <= 0 else max(0.0, centre - half)
    high = 1.0 if wins >= n else min(1.0, centre + half)
    return float(low), float(high)


def jeffreys(wins: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Jeffreys interval of a rate; (0, 1) without data."""
    if n <= 0:
        return 0.0, 1.0
    tail, a, b = (1 - level) / 2, wins + 0.5, n - wins + 0.5
    low = 0.0 if wins <= 0 else float(special.betaincinv(a, b, tail))
    high = 1.0 if wins >= n else float(special.betaincinv(a, b, 1 - tail))
    return low, high


def overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two intervals have a point in common."""
    return one[0] <= other[1] and other[0] <= one[1]


def prior_strength(wins: ArrayLike, n: ArrayLike) -> float:
    """How many deals the peer group is worth as a beta prior (by moments).

    Args:
        wins: wins of each peer; may be fractional (effective counts).
        n: deals of each peer, all > 0.

    Returns:
        K of Beta(mK, (1-m)K), between 1 and 1e5: small where peers differ much,
        1e5 where they differ no more than chance allows.
    """
    k, size = np.asarray(wins, float), np.asarray(n, float)
    if len(k) < 2 or size.sum() <= 0:
        return MAX_STRENGTH
    m = float(k.sum() / size.sum())
    if not 0 < m < 1:
        return MAX_STRENGTH
    # nbar is the harmonic kind that makes the chance part exact for unequal sizes
    nbar = float(size.sum() / len(size))
    if nbar <= 1:
        return MAX_STRENGTH
    v = float(np.average((k / size - m) ** 2, weights=size))
    # one degree of freedom went into the mean; without this few peers look alike
    v *= len(k) / (len(k) - 1)
    s2 = max((v - m * (1 - m) / nbar) / (1 - 1 / nbar), 1e-12)
    return float(min(max(m * (1 - m) / s2 - 1, 1.0), MAX_STRENGTH))


def shrunk(wins: float, n: float, norm: float, strength: float) -> float:
    """Rate pulled towards the norm as far as its sample is thin."""
    return (norm * strength + wins) / (strength + n)


def p_below(wins: float, n: float, norm: float, strength: float) -> float:
    """Posterior probability that the true rate lies below the norm.

    The prior is centred at the norm: until shown otherwise a slice is like its peers.
    """
    a, b = norm * strength + wins, (1 - norm) * strength + n - wins
    if a <= 0:
        return 1.0
    return float(special.betainc(a, b, norm)) if b > 0 else 0.0


def posterior_quantile(
    wins: float, n: float, norm: float, strength: float, share: float
) -> float:
    """Quantile of the same posterior."""
    a, b = norm * strength + wins, (1 - norm) * strength + n - wins
    if a <= 0:
        return 0.0
    return float(special.betaincinv(a, b, share)) if b > 0 else 1.0


def tail_probability(wins: float, n: float, norm_wins: float, norm_n: float) -> float:
    """P(this few wins or fewer | the slice sells at the norm), norm uncertain too.

    Beta-binomial tail: with two sellers the norm is one seller, and a test that takes
    it as known would blame the unluckier of the two. The exact number of wins counts
    half (mid-p): counted in full, few wins would hardly ever be few enough. Counts may
    be effective ones, between two whole numbers.
    """
    size = max(round(n), 1)
    k = min(max(wins * size / n, 0.0), float(size)) if n > 0 else 0.0
    if size > 20_000:  # the normal limit: the sum below would only cost time
        return _normal_tail(wins, n, norm_wins, norm_n)
    a, b = norm_wins + 0.5, max(norm_n - norm_wins, 0.0) + 0.5
    x = np.arange(int(k) + 2, dtype=float)
    x = x[x <= size]
    log_pmf = (
        special.gammaln(size + 1) - special.gammaln(x + 1)
        - special.gammaln(size - x + 1) + special.betaln(a + x, b + size - x)
        - special.betaln(a, b)
    )  # fmt: skip
    mass = np.exp(log_pmf)
    middle = np.cumsum(mass) - mass / 2
    return float(min(np.interp(k, x, middle), 1.0))


def _normal_tail(wins: float, n: float, norm_wins: float, norm_n: float) -> float:
    pooled = (wins + norm_wins) / (n + norm_n)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / norm_n))
    if spread <= 0:
        return 0.5
    return float(special.ndtr((wins / n - norm_wins / norm_n) / spread))


def needed_deals(p0: float, p1: float) -> int | None:
    """Deals to see a fall from p0 to p1 with one test at 80 % power."""
    if not 0 < p0 < 1 or not 0 <= p1 < p0:
        return None
    top = 1.645 * np.sqrt(p0 * (1 - p0)) + 0.84 * np.sqrt(p1 * (1 - p1))
    return int(np.ceil((top / (p0 - p1)) ** 2))
