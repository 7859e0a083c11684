"""Conversion with deals still open: incidence by a fixed horizon, from day counts.

All arrays run over days 0..T along their last axis; leading axes are groups. A deal
that is won on day t counts in `won[t]`; one that is not won counts in `left[t]` on
its own age (a lost deal is kept at risk: it can no longer be won, but it was an entry
like the others). Censoring lost deals instead would nearly double the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from salesdx.statistics.rates import wilson

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


def at_risk(*leaving: Counts) -> Counts:
    """Deals still under observation at the start of each day."""
    total = np.sum(np.stack(leaving), axis=0)
    return np.asarray(np.cumsum(total[..., ::-1], axis=-1)[..., ::-1])


def incidence(won: Counts, left: Counts) -> Floats:
    """Share won by each day: 1 - Kaplan-Meier with lost deals kept at risk."""
    risk = at_risk(won, left)
    staying = 1 - won / np.maximum(risk, 1)
    return np.asarray(1 - np.cumprod(staying, axis=-1), dtype=float)


def competing_incidence(won: Counts, lost: Counts, censored: Counts) -> Floats:
    """Share won by each day where the day of a loss is known (Aalen-Johansen)."""
    risk = np.maximum(at_risk(won, lost, censored), 1)
    survival = np.cumprod(1 - (won + lost) / risk, axis=-1)
    before = np.concatenate(
        [np.ones_like(survival[..., :1]), survival[..., :-1]], axis=-1
    )
    return np.asarray(np.cumsum(before * won / risk, axis=-1), dtype=float)


@dataclass(frozen=True, slots=True)
class Incidence:
    """Share won by `horizon` days, its interval, and how much is known.

    `effective_n` is the number of fully observed deals that would be as informative.
    """

    rate: float
    low: float
    high: float
    horizon: int
    at_risk: int
    entries: int
    wins: int
    effective_n: float


def at_horizon(won: Counts, left: Counts, horizon: int, level: float = 0.95) -> (
    Incidence | None
):  # fmt: skip
    """Incidence at a horizon with a Greenwood interval on the cloglog scale.

    Returns None without entries. Where everybody or nobody won, Greenwood has no
    variance and the Wilson interval of the deals at risk takes over.
    """
    entries = int(won.sum() + left.sum())
    if entries == 0:
        return None
    last = min(horizon, len(won) - 1)
    risk = at_risk(won, left)
    rate = float(incidence(won, left)[last])
    wins = int(won[: last + 1].sum())
    # beyond the table nobody is left, unless the table ends in a "later" bucket
    seen = int(risk[last]) if horizon < len(won) else 0
    variance = _greenwood(won[: last + 1], risk[: last + 1])
    survival = 1 - rate
    if variance <= 0 or not 0 < survival < 1:
        low, high = wilson(wins, entries, level)
        return Incidence(rate, low, high, horizon, seen, entries, wins, float(entries))
    low, high = _cloglog(survival, variance, level)
    effective = rate * survival / (survival**2 * variance)
    return Incidence(
        rate, low, high, horizon, seen, entries, wins, float(min(effective, entries))
    )


def _cloglog(survival: float, variance: float, level: float) -> tuple[float, float]:
    """Interval of the share won, from the variance of log survival."""
    z = float(special.ndtri((1 + level) / 2))
    spread = z * np.sqrt(variance) / abs(np.log(survival))
    low = 1 - survival ** np.exp(-spread)
    high = 1 - survival ** np.exp(spread)
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class AtAge:
    """Share won by an age, its interval, and deals followed up to the age."""

    age: int
    rate: float
    low: float
    high: float
    at_risk: int


def by_age(
    won: Counts, left: Counts, ages: Sequence[int], level: float = 0.95
) -> list[AtAge]:
    """The incidence curve at some ages, as `at_horizon` gives it for each alone.

    But where nobody won so far, or everybody, the Wilson interval is that of the deals
    whose fate by that age is known: of the entries of a young cohort most are not.
    """
    risk, rates = at_risk(won, left), incidence(won, left)
    wins = np.cumsum(won)
    found = []
    for age in ages:
        rate, seen, k = float(rates[age]), int(risk[age]), int(wins[age])
        variance = _greenwood(won[: age + 1], risk[: age + 1])
        if variance > 0 and 0 < rate < 1:
            low, high = _cloglog(1 - rate, variance, level)
        else:
            low, high = wilson(k, k + seen - int(won[age]), level)
        found.append(AtAge(age, rate, low, high, seen))
    return found


def _greenwood(won: Counts, risk: Counts) -> float:
    """Sum d / (n (n - d)): the variance of log survival."""
    event = won > 0
    d, n = won[event].astype(float), risk[event].astype(float)
    if np.any(n <= d):
        return 0.0
    return float(np.sum(d / (n * (n - d))))


@dataclass(frozen=True, slots=True)
class Incidences:
    """Share won by a horizon of many groups, and how much is known of each.

    `rate` is 0 where nobody entered; `effective_n` is the number of fully observed
    deals that would be as informative, where all or none won the deals whose fate by
    the horizon is known.
    """

    rate: Floats
    effective_n: Floats
    at_risk: Counts
    entries: Counts


def at_horizons(won: Counts, left: Counts, horizon: int) -> Incidences:
    """Incidence of many groups at once; groups x days."""
    last = min(horizon, won.shape[-1] - 1)
    risk = at_risk(won, left)[..., : last + 1]
    d, n = won[..., : last + 1].astype(float), risk.astype(float)
    staying = np.prod(1 - d / np.maximum(n, 1), axis=-1)
    rate = 1 - staying
    all_won = ((n <= d) & (d > 0)).any(axis=-1)
    left_over = np.maximum(n - d, 1)
    variance = np.where(d > 0, d / (np.maximum(n, 1) * left_over), 0.0).sum(axis=-1)
    entries = won.sum(axis=-1) + left.sum(axis=-1)
    seen = risk[..., last] if horizon < won.shape[-1] else np.zeros_like(entries)
    decided = d.sum(axis=-1) + n[..., last] - d[..., last]
    exact = (variance > 0) & ~all_won & (staying > 0)
    effective = np.where(
        exact, rate / np.where(exact, staying * variance, 1.0), decided
    )
    return Incidences(np.asarray(rate), np.minimum(effective, entries), seen, entries)


def observable_horizon(risk: Counts, horizon: int, minimum: int = 10) -> int | None:
    """The horizon, shortened to the last day with enough deals at risk."""
    enough = np.flatnonzero(risk[: horizon + 1] >= minimum)
    return int(enough[-1]) if len(enough) else None


def time_quantile(curve: Floats, share: float) -> int | None:
    """First day by which `share` of all wins to come have come; None without wins.

    Taken from the incidence curve, not from won deals: in a growing company these
    are mostly the quick ones.
    """
    if not len(curve) or curve[-1] <= 0:
        return None
    # the tolerance keeps the same day where the product of ratios rounds differently
    return int(np.argmax(curve >= share * curve[-1] - 1e-12))
