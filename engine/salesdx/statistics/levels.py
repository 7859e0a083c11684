"""Levels of a monthly series with its season: which of the two explains it better.

A fall that comes every summer looks like many changes of level, and one change of
level in two years of data looks like a season. Both readings are fitted, and the one
that needs fewer changes and factors for the same fit is taken (the penalties are those
of the change points and of BIC).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from salesdx.statistics.breaks import (
    SHORT,
    amount_signal,
    best_levels,
    change_points,
    dispersion,
    grows_steadily,
)

Floats = NDArray[np.float64]
YEAR = 12
LEAST = 2 * YEAR
ROUNDS = 3  # season and levels are fitted in turn


@dataclass(frozen=True, slots=True)
class Levels:
    """Where new levels start, and the series without its season.

    `values` are rates (or amounts) as they would be in an average month; `seasonal`
    says that a season was taken out.
    """

    points: tuple[int, ...]
    values: tuple[float, ...]
    seasonal: bool


def rate_levels(
    wins: Sequence[int], n: Sequence[int], consecutive: bool = True
) -> Levels:
    """Levels of monthly rates; a season only where two years of months follow on."""
    k, size = np.asarray(wins, float), np.asarray(n, float)
    rate = np.divide(k, size, out=np.zeros_like(k), where=size > 0).clip(0, 1)
    plain = tuple(float(r) for r in rate)
    if len(n) < SHORT or not size.sum():
        return Levels(tuple(change_points(wins, n)), plain, False)
    scale = 2 * np.sqrt(size / dispersion(wins, n))
    middle = math.asin(math.sqrt(min(k.sum() / size.sum(), 1.0)))
    angle = np.arcsin(np.sqrt(rate)) - middle
    points, season = _fit(angle, scale, consecutive)
    if season is None:
        return Levels(tuple(points), plain, False)
    turned = (angle + middle - season).clip(0, math.pi / 2)
    values = np.where(size > 0, np.sin(turned) ** 2, 0.0)
    return Levels(tuple(points), tuple(float(v) for v in values), True)


def amount_levels(amounts: Sequence[float]) -> Levels:
    """Levels of positive monthly amounts; none where they only grow steadily."""
    plain = tuple(float(x) for x in amounts)
    found = amount_signal(amounts)
    if found is None:
        return Levels((), plain, False)
    log, unrest = found
    points, season = _fit(log - log.mean(), np.full(len(log), 1 / unrest), True)
    rest = log if season is None else log - season
    if grows_steadily(rest, points):
        points = []
    values = plain if season is None else tuple(float(v) for v in np.exp(rest))
    return Levels(tuple(points), values, season is not None)


def _fit(
    y: Floats, scale: Floats, consecutive: bool
) -> tuple[list[int], Floats | None]:
    """Levels alone, or levels and a season, whichever costs less."""
    points, cost = best_levels(y * scale)
    if len(y) < LEAST or not consecutive:
        return points, None
    best: tuple[list[int], Floats | None] = points, None
    factors = (YEAR - 1) * math.log(len(y))
    season = _season(y, scale, _trend(y))
    for _ in range(ROUNDS):
        other, rest = best_levels((y - season) * scale)
        if rest + factors < cost:
            best, cost = (other, season), rest + factors
        season = _season(y, scale, _means(y - season, scale, other))
    return best


def _trend(y: Floats) -> Floats:
    place = np.arange(len(y), dtype=float)
    return np.asarray(np.polyval(np.polyfit(place, y, 1), place))


def _means(y: Floats, scale: Floats, points: Sequence[int]) -> Floats:
    """The level of every month."""
    found = np.zeros_like(y)
    for a, b in pairwise([0, *points, len(y)]):
        found[a:b] = _mean(y[a:b], scale[a:b])
    return found


def _season(y: Floats, scale: Floats, level: Floats) -> Floats:
    """Mean deviation of each calendar month, repeated over the series."""
    rest = y - level
    months = np.array([_mean(rest[i::YEAR], scale[i::YEAR]) for i in range(YEAR)])
    months -= months.mean()
    return np.asarray(months[np.arange(len(y)) % YEAR])


def _mean(y: Floats, scale: Floats) -> float:
    weight = scale**2
    total = float(weight.sum())
    return float((weight * y).sum()) / total if total > 0 else 0.0
