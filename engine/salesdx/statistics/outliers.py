"""How large a gap is, when most peers are alike and a few really differ.

One common prior pulls a real outlier half-way back to its peers and so halves its
loss. Two groups do not: with probability 1 - share a slice is at its norm, else it
comes from a wide prior around it. Share and width are fitted to the peers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
STRENGTHS = np.geomspace(4, 2000, 25)  # deals that the wide prior is worth
WIDTHS = np.geomspace(0.02, 2.0, 25)  # log-ratios
GUESS, GUESS_WEIGHT = 0.1, 5.0  # one in ten differs: so few peers cannot say 0 or 1
ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Groups:
    """Fitted share of slices that differ, and the prior they come from."""

    share: float
    width: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap, 0 or more: (P10, mean, P90), and its mean if the slice does differ."""

    low: float
    mean: float
    high: float
    if_real: float

    def each(self, change: Callable[[float], float]) -> "Gap":
        """The same gap on another scale (`change` must grow with its argument)."""
        return Gap(
            change(self.low), change(self.mean), change(self.high), change(self.if_real)
        )

    def scaled(self, factor: float) -> "Gap":
        """The gap times a positive factor."""
        return self.each(lambda x: x * factor)


NO_GAP = Gap(0.0, 0.0, 0.0, 0.0)


def fit_rates(wins: ArrayLike, n: ArrayLike, norm: float) -> Groups:
    """Fit to rates; `width` is the strength of the beta prior around the norm."""
    k, size = np.asarray(wins, float), np.asarray(n, float)
    return _fit([(float(s), _rate_odds(k, size, norm, s)) for s in STRENGTHS])


def fit_shifts(shift: ArrayLike, error: ArrayLike) -> Groups:
    """Fit to log-ratios with standard errors; `width` is a standard deviation."""
    d, se = np.asarray(shift, float), np.asarray(error, float)
    return _fit([(float(w), _shift_odds(d, se, w)) for w in WIDTHS])


def _fit(options: list[tuple[float, Floats]]) -> Groups:
    """Best width by likelihood, each with its share by expectation-maximisation."""
    best, found = -np.inf, Groups(GUESS, options[0][0])
    for width, log_odds in options:
        odds = np.exp(np.clip(log_odds, -500, 500))
        share = GUESS
        for _ in range(ROUNDS):
            weight = share * odds / (share * odds + 1 - share)
            share = (weight.sum() + GUESS * GUESS_WEIGHT) / (len(odds) + GUESS_WEIGHT)
        # the guess is a prior on the share and belongs to what is maximised
        score = np.log(share * odds + 1 - share).sum() + GUESS_WEIGHT * (
            GUESS * np.log(share) + (1 - GUESS) * np.log(1 - share)
        )
        if score > best + 1e-9:
            best, found = float(score), Groups(float(share), width)
    return found


def _rate_odds(k: Floats, n: Floats, norm: float, strength: float) -> Floats:
    a, b = norm * strength, (1 - norm) * strength
    same = k * np.log(norm) + (n - k) * np.log1p(-norm)
    return np.asarray(
        special.betaln(a + k, b + np.maximum(n - k, 0)) - special.betaln(a, b) - same
    )


def _shift_odds(d: Floats, se: Floats, width: float) -> Floats:
    wide = se**2 + width**2
    return np.asarray(0.5 * (np.log(se**2 / wide) + d**2 / se**2 - d**2 / wide))


def _weight(share: float, log_odds: float) -> float:
    odds = share * float(np.exp(np.clip(log_odds, -500, 500)))
    return odds / (odds + 1 - share)


def rate_gap(wins: float, n: float, norm: float, groups: Groups) -> Gap:
    """Gap norm - p in the unit of the rate."""
    k, size = np.array([wins]), np.array([n])
    odds = float(_rate_odds(k, size, norm, groups.width)[0])
    weight = _weight(groups.share, odds)
    a = norm * groups.width + wins
    b = (1 - norm) * groups.width + max(n - wins, 0.0)

    def quantile(share: float) -> float:
        return norm - float(special.betaincinv(a, b, 1 - share))

    return _mixed(weight, norm - a / (a + b), quantile)


def shift_gap(shift: float, error: float, groups: Groups) -> Gap:
    """Gap as a log-ratio."""
    if error <= 0:
        return NO_GAP
    odds = float(_shift_odds(np.array([shift]), np.array([error]), groups.width)[0])
    weight = _weight(groups.share, odds)
    keep = groups.width**2 / (groups.width**2 + error**2)
    mean, sd = -shift * keep, float(np.sqrt(keep)) * error

    def quantile(share: float) -> float:
        return mean + sd * float(special.ndtri(share))

    return _mixed(weight, mean, quantile)


def _mixed(weight: float, mean: float, quantile: Callable[[float], float]) -> Gap:
    """P10, mean and P90 of: 0 with 1 - weight, else the wide posterior."""
    rest = 1 - weight
    low = quantile((0.1 - rest) / weight) if rest < 0.1 else 0.0
    high = quantile(1 - 0.1 / weight) if weight > 0.1 else 0.0
    point = max(weight * mean, 0.0)
    return Gap(min(max(low, 0.0), point), point, max(high, point), max(mean, 0.0))
