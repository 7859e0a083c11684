"""Many tests at once: is there anything in a family, and which of its members is it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Mask = NDArray[np.bool_]


def family_p(p: ArrayLike) -> float:
    """P of "none of these values lies below its norm"; 1 without values.

    Two questions are asked of the one-sided p-values and answered together: is the
    smallest too small for so many (Simes: one seller far behind), and are the small
    ones too small taken together (chi-bar-square: some sellers behind).
    """
    values = np.asarray(p, float)
    if not len(values):
        return 1.0
    return cauchy(np.array([simes(values), chi_bar(values)]))


def simes(p: ArrayLike) -> float:
    """Smallest of p times tests over rank (Simes 1986)."""
    values = np.sort(np.asarray(p, float))
    return float(min((values * len(values) / np.arange(1, len(values) + 1)).min(), 1))


def chi_bar(p: ArrayLike) -> float:
    """P of the sum of squared normal scores of all values that lie below.

    Without gaps each value lies below by even chance, so the sum is a mixture of
    chi-squares with binomial weights.
    """
    score = -special.ndtri(np.clip(np.asarray(p, float), 1e-300, 1.0))
    total = float((np.maximum(score, 0) ** 2).sum())
    below = np.arange(1, len(score) + 1)
    log_weight = (
        special.gammaln(len(score) + 1) - special.gammaln(below + 1)
        - special.gammaln(len(score) - below + 1) - len(score) * np.log(2)
    )  # fmt: skip
    # none below: the sum is 0, which is not more than any total
    nothing = 0.5 ** len(score) if total <= 0 else 0.0
    tail = np.exp(log_weight) * special.chdtrc(below, total)
    return float(min(tail.sum() + nothing, 1.0))


def cauchy(p: ArrayLike) -> float:
    """One p from several dependent ones (Cauchy combination, Liu and Xie 2020)."""
    values = np.clip(np.asarray(p, float), 1e-15, 1 - 1e-15)
    mean = float(np.tan((0.5 - values) * np.pi).mean())
    return float(0.5 - np.arctan(mean) / np.pi)


def holm(p: ArrayLike, error: float) -> Mask:
    """Which tests survive so that any false one has a chance of `error` at most."""
    values = np.asarray(p, float)
    order = np.argsort(values, kind="stable")
    limit = error / np.arange(len(values), 0, -1)
    survives = np.zeros(len(values), bool)
    survives[order] = np.cumprod(values[order] <= limit).astype(bool)
    return survives


def benjamini_hochberg(p: ArrayLike, q: float) -> Mask:
    """Which of many tests survive at false-discovery rate q."""
    values = np.asarray(p, float)
    order = np.argsort(values)
    # p times tests over rank, and never above the value of the next larger p
    # (scipy.stats has the same, but takes half a second to import)
    scaled = values[order] * (len(values) / np.arange(1, len(values) + 1))
    adjusted = np.empty_like(scaled)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.asarray(adjusted <= q)
