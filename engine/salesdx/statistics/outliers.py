"""How large a gap is, when most peers are alike and a few really differ.

One common prior pulls a real outlier half-way back to its peers and so halves its
loss. Three groups do not: the ordinary ones vary a little around the norm, a share of
all lies behind, some way off, and a few are far ahead. How much the ordinary vary,
how many lie behind and how far is not known; all of it is weighed by how well it fits
the peers, and the gap of each is averaged over it (a hierarchical model on a grid).

The gap is a log-ratio to the norm throughout, so one model serves rates and amounts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Triple = tuple[float, float, float]

# log-ratios: steps grow with the distance from 0, so that they are 4.5 % of any gap
_STEPS = np.geomspace(0.004, 3.5, 150)
GRID = np.r_[-_STEPS[::-1], 0.0, _STEPS[_STEPS < 1.6]]
_CUTS = np.sqrt(_STEPS[1:] * _STEPS[:-1])
EDGES = np.r_[
    -3.6, -_CUTS[::-1], -0.0035, 0.0035, _CUTS[: int((_STEPS < 1.6).sum())]
]  # fmt: skip
SHARES = 1 - np.exp(GRID)  # gap as a share of the norm

# what may be, and how likely it is before the peers are seen; chosen by simulation
# (docs/proof.md)
ORDINARY = (0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3)  # spread of the ordinary
ORDINARY_ODDS = (16, 2, 1, 1, 0.5, 0.5, 0.25)
BEHIND = (-0.35, -0.5, -0.7, -0.9, -1.2, -1.6)  # where those behind lie
BEHIND_SPREAD = (0.03, 0.08)
SHARE_BEHIND = (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3)
GUESS, GUESS_WEIGHT = 0.1, 5.0  # one in ten lies behind: a belief worth five peers
AHEAD = 0.03  # share far ahead, not fitted: it only keeps stars out of the norm
CHUNK = 500  # values weighed at once: bounds the memory of thousands of sellers


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap as a share of the norm, 0 or more: P10, mean, P90.

    `real` is the same once it is granted that the value lies below its norm.
    """

    low: float
    mean: float
    high: float
    real: Triple

    def each(self, change: Callable[[float], float]) -> "Gap":
        """The same gap on another scale (`change` must grow with its argument)."""
        low, mean, high = self.real
        return Gap(
            change(self.low), change(self.mean), change(self.high),
            (change(low), change(mean), change(high)),
        )  # fmt: skip

    def scaled(self, factor: float) -> "Gap":
        """The gap times a positive factor."""
        return self.each(lambda x: x * factor)


NO_GAP = Gap(0.0, 0.0, 0.0, (0.0, 0.0, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """How well each (spread of the ordinary, place behind, share behind) fits."""

    weight: Floats


def rate_likelihood(wins: ArrayLike, n: ArrayLike, norm: float) -> Floats:
    """Likelihood of rates (may be effective counts) at every log-ratio to the norm.

    Args:
        wins: wins of each value.
        n: tries of each value.
        norm: the common norm, between 0 and 1.

    Returns:
        values x grid, the largest of each row 1.
    """
    k, size = np.asarray(wins, float)[:, None], np.asarray(n, float)[:, None]
    p = np.minimum(norm * np.exp(GRID), 1 - 1e-9)
    return _scaled(k * np.log(p) + np.maximum(size - k, 0) * np.log1p(-p))


def shift_likelihood(shift: ArrayLike, error: ArrayLike) -> Floats:
    """Likelihood of log-ratios with standard errors > 0; values x grid."""
    d, se = np.asarray(shift, float)[:, None], np.asarray(error, float)[:, None]
    return _scaled(-0.5 * ((d - GRID) / se) ** 2)


def _scaled(log: Floats) -> Floats:
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))


def fit(likelihood: Floats) -> Groups:
    """Weigh every composition of the peers by how well it explains them."""
    log = _LOG_PRIOR.copy()
    for _, part in _chunks(likelihood):
        log += np.log(_marginal(part)).sum(axis=0)
    weight = np.exp(log - log.max())
    return Groups(weight / weight.sum())


def gaps(likelihood: Floats, groups: Groups, fitted: ArrayLike) -> list[Gap]:
    """The gap of every value.

    Args:
        likelihood: values x grid.
        groups: what `fit` found.
        fitted: whether each value was among those fitted; what a value says about
            the peers must not speak for it a second time.
    """
    found: list[Gap] = []
    known = np.asarray(fitted, bool)
    for first, part in _chunks(likelihood):
        own = known[first : first + CHUNK, None, None, None]
        taken = np.where(own, _marginal(part), 1.0)
        weight = groups.weight / taken
        ordinary = (weight * (1 - _PI - AHEAD)).sum(axis=(2, 3))
        behind = (weight * _PI).sum(axis=(1, 3))
        ahead = (weight * AHEAD).sum(axis=(1, 2, 3))
        prior = ordinary @ _ORDINARY + behind @ _BEHIND + ahead[:, None] * _AHEAD
        found += [_gap(row) for row in prior * part]
    return found


def _chunks(rows: Floats) -> Iterator[tuple[int, Floats]]:
    return ((i, rows[i : i + CHUNK]) for i in range(0, len(rows), CHUNK))


def _cells(centre: float, spread: float) -> Floats:
    """Mass of a normal law on every cell of the grid; on 0 alone without spread."""
    if spread == 0:
        return np.asarray(GRID == 0, float)
    mass = np.diff(special.ndtr((EDGES - centre) / spread))
    return np.asarray(mass / mass.sum())


_ORDINARY = np.array([_cells(0, s) for s in ORDINARY])
_BEHIND = np.array([_cells(c, s) for c in BEHIND for s in BEHIND_SPREAD])
# a little is left for anything at all, so that nothing observed is impossible
_AHEAD = 0.9 * _cells(0.45, 0.3) + 0.1 * np.diff(EDGES) / (EDGES[-1] - EDGES[0])
_PI = np.array(SHARE_BEHIND)
_LOG_PRIOR = (
    np.log(np.array(ORDINARY_ODDS) / sum(ORDINARY_ODDS))[:, None, None]
    + np.zeros((len(_BEHIND), 1))
    + GUESS * GUESS_WEIGHT * np.log(_PI)
    + ((1 - GUESS) * GUESS_WEIGHT - 1) * np.log1p(-_PI)
)


def _marginal(likelihood: Floats) -> Floats:
    """Chance of each value under each composition."""
    ordinary = (likelihood @ _ORDINARY.T)[:, :, None, None]
    behind = (likelihood @ _BEHIND.T)[:, None, :, None]
    ahead = (likelihood @ _AHEAD)[:, None, None, None]
    chance = (1 - _PI - AHEAD) * ordinary + _PI * behind + AHEAD * ahead
    return np.asarray(np.maximum(chance, 1e-300))


def _gap(posterior: Floats) -> Gap:
    total = posterior.sum()
    below = posterior[GRID < 0].sum()
    if total <= 0 or below <= 0:
        return NO_GAP
    real = np.where(GRID < 0, posterior, 0.0) / below
    low, mean, high = _triple(posterior / total)
    return Gap(low, mean, high, _triple(real))


def _triple(mass: Floats) -> Triple:
    """P10, mean and P90 of the gap; the lowest ratio is the largest gap."""
    upto = np.cumsum(mass)
    mean = max(float(mass @ SHARES), 0.0)
    low, high = _quantile(mass, upto, 0.9), _quantile(mass, upto, 0.1)
    return min(max(low, 0.0), mean), mean, max(high, mean)


def _quantile(mass: Floats, upto: Floats, share: float) -> float:
    at = min(int(np.searchsorted(upto, share)), len(GRID) - 1)
    if GRID[at] == 0:
        return 0.0
    inside = (share - (upto[at] - mass[at])) / mass[at] if mass[at] > 0 else 0.5
    place = EDGES[at] + min(max(inside, 0.0), 1.0) * (EDGES[at + 1] - EDGES[at])
    return float(1 - np.exp(place))
