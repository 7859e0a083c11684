"""Which values of a dimension explain a change of a rate: power, surprise, mix or rate.

Adtributor (Bhagwan et al. 2014) for a rate: explanatory power is a value's part of the
change, surprise how far its parts of wins and entries moved (Jensen-Shannon), and the
answer is the shortest list of surprising values that covers most of the change. That
list exists for every change, also one that hit all alike; so the values must besides
differ beyond chance, or the mix of them must have moved.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from salesdx.statistics.breaks import locate
from salesdx.statistics.norms import kitagawa

Floats = NDArray[np.float64]
Counts = Mapping[str, tuple[int, int]]
EACH = 0.1  # least part of the change of a value worth naming
TOGETHER = 0.67  # part of the change that the named values cover
MOST = 3  # longer lists explain nothing to anybody
CHANCE = 0.01  # of values that changed alike
MIX = 1 / 3  # part of the change from which the mix is what moved


@dataclass(frozen=True, slots=True)
class Explanation:
    """The values of one dimension behind a change of the total rate.

    `rate` and `mix` are the parts of the change (Kitagawa) and add up to it; `power` is
    the share of the change that `values` cover, each with its own share.
    """

    values: tuple[tuple[str, float], ...]
    power: float
    surprise: float
    rate: float
    mix: float
    alike: float

    @property
    def by_mix(self) -> bool:
        """Whether the mix moved rather than the rates."""
        whole = self.rate + self.mix
        return bool(whole) and self.mix / whole >= MIX


def explain(before: Counts, after: Counts, tests: int = 1) -> Explanation | None:
    """Explain a change by the values of one dimension, or not at all.

    Args:
        before: value -> (wins, entries) at the old level.
        after: the same at the new level.
        tests: dimensions that are tried; chance is divided by it.

    Returns:
        None where no short list of values stands out, and for what is no share.
    """
    names = sorted(x for x in {*before, *after} if _n(before, x) + _n(after, x))
    k0, n0 = _columns(before, names)
    k1, n1 = _columns(after, names)
    if len(names) < 2 or not n0.sum() or not n1.sum():
        return None
    if (k0 > n0).any() or (k1 > n1).any():  # an average has no odds
        return None
    rate, mix = parts_of(k0, n0, k1, n1)
    alike = interaction(k0, n0, k1, n1)
    whole = rate + mix
    moved = bool(whole) and mix / whole >= MIX
    if math.isclose(whole, 0, abs_tol=1e-12) or (alike * tests > CHANCE and not moved):
        return None
    surprise = dict(zip(names, _surprise(k0, k1) + _surprise(n0, n1), strict=True))
    values = _shortest(dict(locate(before, after)), surprise)
    if not values:
        return None
    return Explanation(
        values, math.fsum(p for _, p in values),
        math.fsum(surprise[x] for x, _ in values), rate, mix, alike,
    )  # fmt: skip


def _shortest(
    power: Mapping[str, float], surprise: Mapping[str, float]
) -> tuple[tuple[str, float], ...]:
    """Most surprising values first, until they cover most of the change."""
    found: list[tuple[str, float]] = []
    for name in sorted(surprise, key=lambda x: (-surprise[x], x)):
        if power.get(name, 0.0) >= EACH:
            found.append((name, power[name]))
        if math.fsum(p for _, p in found) >= TOGETHER:
            return tuple(sorted(found, key=lambda f: (-f[1], f[0])))
        if len(found) == MOST:
            break
    return ()


def _n(counts: Counts, name: str) -> int:
    return counts.get(name, (0, 0))[1]


def _columns(counts: Counts, names: list[str]) -> tuple[Floats, Floats]:
    pairs = np.array([counts.get(x, (0, 0)) for x in names], float).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def parts_of(k0: Floats, n0: Floats, k1: Floats, n1: Floats) -> tuple[float, float]:
    """A change as (rates, mix); a value absent on one side keeps its rate there."""
    common0, common1 = k0.sum() / n0.sum(), k1.sum() / n1.sum()
    r0 = np.divide(k0, n0, out=np.full_like(k0, np.nan), where=n0 > 0)
    r1 = np.divide(k1, n1, out=np.full_like(k1, np.nan), where=n1 > 0)
    r0 = np.where(np.isnan(r0), np.where(np.isnan(r1), common0, r1), r0)
    r1 = np.where(np.isnan(r1), np.where(np.isnan(r0), common1, r0), r1)
    return kitagawa(n0 / n0.sum(), r0, n1 / n1.sum(), r1)


def interaction(k0: Floats, n0: Floats, k1: Floats, n1: Floats) -> float:
    """P of "the odds of all values changed by the same factor" (Woolf)."""
    use = (n0 > 0) & (n1 > 0)
    if use.sum() < 2:
        return 1.0
    a, b = k0[use] + 0.5, n0[use] - k0[use] + 0.5
    c, d = k1[use] + 0.5, n1[use] - k1[use] + 0.5
    ratio = np.log(c / d) - np.log(a / b)
    weight = 1 / (1 / a + 1 / b + 1 / c + 1 / d)
    mean = (weight * ratio).sum() / weight.sum()
    q = float((weight * (ratio - mean) ** 2).sum())
    return float(special.chdtrc(int(use.sum()) - 1, q))


def _surprise(before: Floats, after: Floats) -> Floats:
    """Jensen-Shannon parts of two distributions over the values."""
    p = before / before.sum() if before.sum() > 0 else before
    q = after / after.sum() if after.sum() > 0 else after
    middle = (p + q) / 2
    return np.asarray(0.5 * (_against(p, middle) + _against(q, middle)))


def _against(p: Floats, middle: Floats) -> Floats:
    ratio = np.divide(p, middle, out=np.ones_like(p), where=(middle > 0) & (p > 0))
    return np.asarray(p * np.log(ratio))
