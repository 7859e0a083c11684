"""Whether chance alone explains that a figure is another one now."""

from collections.abc import Sequence

import numpy as np
from scipy import special

from salesdx.compare.model import Figure
from salesdx.statistics.multiple import benjamini_hochberg
from salesdx.statistics.rates import needed_deals, tail_probability

FALSE = 0.05  # share of the changes told that may be none
_Z = float(special.ndtri(0.975))  # figures carry 95 % intervals


def by_chance(then: Figure, now: Figure) -> float | None:
    """How likely chance alone makes such a difference; None where it cannot be told.

    Two results of one company overlap, which makes them more alike than two samples:
    taken for independent they are called different too rarely, never too often.
    """
    one, two = counts(then), counts(now)
    if one and two:
        # both are samples, so neither is the norm of the other: the worse case counts
        return max(_two_sided(one, two), _two_sided(two, one))
    a, b = _error(then), _error(now)
    if a is None or b is None or then.value is None or now.value is None:
        return None
    spread = float(np.hypot(a, b))
    if spread <= 0:
        return None
    return float(2 * special.ndtr(-abs(now.value - then.value) / spread))


def beyond(p: Sequence[float | None]) -> list[bool]:
    """Which of many differences are more than chance, however many were looked at."""
    known = [x for x in p if x is not None]
    found = iter(benjamini_hochberg(known, FALSE).tolist() if known else [])
    return [x is not None and bool(next(found)) for x in p]


def needed(then: Figure, now: Figure) -> int | None:
    """How many cases would show a change of this size."""
    a, b = then.value, now.value
    if not (counts(then) and counts(now)) or a is None or b is None:
        return None
    return needed_deals(a, b) if b < a else needed_deals(1 - a, 1 - b)


def counts(figure: Figure) -> tuple[float, float] | None:
    """(successes, cases) of a share of cases; a share of money is no count."""
    k, n = figure.numerator, figure.denominator
    if k is None or n is None or figure.value is None or figure.said_by:
        return None
    if not 0 <= k <= n or n <= 0 or figure.n != round(n):
        return None
    return (k, n) if abs(k / n - figure.value) < 1e-6 else None


def _two_sided(one: tuple[float, float], norm: tuple[float, float]) -> float:
    tail = tail_probability(*one, *norm)
    return min(1.0, 2 * min(tail, 1 - tail))


def _error(figure: Figure) -> float | None:
    if figure.interval is None or figure.said_by:
        return None
    low, high = figure.interval
    return (high - low) / (2 * _Z)
