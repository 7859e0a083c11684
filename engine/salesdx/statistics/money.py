"""Money of a gap: factors that add up, intervals, nothing counted twice."""

import math
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np


def lmdi(own: Sequence[float], norm: Sequence[float]) -> list[float]:
    """Split prod(norm) - prod(own) over its factors (log-mean Divisia index).

    The parts add up to the whole, whatever the order. Factors must be > 0; use
    `shapley` where one is zero.
    """
    a, b = np.asarray(own, float), np.asarray(norm, float)
    vo, vn = float(a.prod()), float(b.prod())
    mean = vo if math.isclose(vo, vn) else (vn - vo) / math.log(vn / vo)
    return [float(x) for x in mean * np.log(b / a)]


def shapley(own: Sequence[float], norm: Sequence[float]) -> list[float]:
    """The same split by exact Shapley values; zeros allowed, at most 8 factors."""
    count = len(own)
    if count > 8:
        raise ValueError("exact Shapley values of more than 8 factors")

    def value(lifted: Sequence[int]) -> float:
        return math.prod(norm[i] if i in lifted else own[i] for i in range(count))

    return [_shapley_part(i, count, value) for i in range(count)]


def _shapley_part(
    factor: int, count: int, value: Callable[[Sequence[int]], float]
) -> float:
    rest = [j for j in range(count) if j != factor]
    part = 0.0
    for size in range(count):
        weight = 1 / (count * math.comb(count - 1, size))
        for lifted in combinations(rest, size):
            part += weight * (value((*lifted, factor)) - value(lifted))
    return part


def decompose(own: Sequence[float], norm: Sequence[float]) -> list[float]:
    """LMDI, or Shapley where a factor is zero."""
    if min(*own, *norm) > 0:
        return lmdi(own, norm)
    return shapley(own, norm)


def sum_independent(
    parts: Sequence[tuple[float, float, float]],
) -> tuple[float, float, float]:
    """Sum (low, expected, high) of independent losses.

    Adding all lows and all highs would claim that everything goes wrong together;
    half-widths of independent parts add as squares.
    """
    expected = math.fsum(p[1] for p in parts)
    down = math.sqrt(math.fsum((p[1] - p[0]) ** 2 for p in parts))
    up = math.sqrt(math.fsum((p[2] - p[1]) ** 2 for p in parts))
    return max(expected - down, 0.0), expected, expected + up
