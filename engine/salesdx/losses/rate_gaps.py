"""Conversion of slices against the norm of their peers on the same mix of deals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from salesdx.losses.candidate import Candidate, but, norm_text
from salesdx.losses.rate_norms import Compared, Tables, compare
from salesdx.losses.settings import GateSettings
from salesdx.statistics import outliers, rates

Floats = NDArray[np.float64]


def rate_candidates(
    metric: str,
    dimension: str,
    tables: Tables,
    horizon: int,
    novices: Collection[str],
    cells: Sequence[str],
    settings: GateSettings,
) -> list[Candidate]:
    """Compare every value of one dimension with the norm of the others.

    Args:
        metric: the id the gaps belong to.
        dimension: what is compared.
        tables: (value, cell) -> day table; a cell is one mix of `cells`.
        horizon: day at which the conversions are read.
        novices: values that are compared but make no norm (X-1).
        cells: names of the dimensions held equal (X-3).
        settings: thresholds.

    Returns:
        One candidate a value that has a norm; none where there are no peers.
    """
    compared = [_not_certain(c) for c in compare(tables, horizon, novices, settings)]
    if not any(c.enough for c in compared):
        return []
    judged = _judge(compared)
    excluded = tuple((c.value, c.left_out) for c in compared if c.left_out is not None)
    reached = {c.value for c in compared if c.enough and c.rate >= c.expected.norm}
    found = []
    for c, (probability, gap) in zip(compared, judged, strict=True):
        norm = c.expected.norm
        fallen = norm * (1 - settings.relevant_conversion_gap)
        comparable = c.expected.comparable >= settings.min_comparable
        found.append(
            Candidate(
                metric, dimension, c.value, c.entries, c.rate, norm, probability,
                _p_value(c), gap, c.enough, _sensitive(c, settings), comparable,
                needed_n=_needed(norm, fallen, settings),
                settling_n=_needed(norm, c.rate, settings),
                reachable=len(reached) > (c.value in reached),
                excluded=but(c.value, excluded),
                norm_of=norm_text(
                    c.peers, c.peers < settings.min_peers, comparable, cells
                ),
            )
        )  # fmt: skip
    return found


def _not_certain(c: Compared) -> Compared:
    """Peers who never failed in n tries may fail yet: half a case in n + 1."""
    most = 1 - 0.5 / (c.expected.peers_n + 1)
    if c.expected.norm <= most:
        return c
    return replace(c, expected=replace(c.expected, norm=most))


@dataclass(frozen=True, slots=True)
class _OneScale:
    """All values as if their norm were the common level.

    `n` counts no more than a comparison tells: own deals against those of the norm.
    """

    level: float
    wins: Floats
    n: Floats
    enough: NDArray[np.bool_]


def _one_scale(compared: Sequence[Compared]) -> _OneScale:
    rate = np.array([c.rate for c in compared])
    norm = np.array([c.expected.norm for c in compared])
    own = np.array([c.informative for c in compared])
    peers = np.array([c.expected.peers_n for c in compared])
    n = own * peers / np.maximum(own + peers, 1e-9)
    enough = np.array([c.enough for c in compared])
    weight = np.where(enough, own, 0.0)
    total = weight.sum()
    level = float((norm * weight).sum() / total) if total > 0 else 0.0
    ratio = np.divide(rate, norm, out=np.ones_like(rate), where=norm > 0)
    return _OneScale(level, np.minimum(ratio * level, 1.0) * n, n, enough)


def _judge(compared: Sequence[Compared]) -> list[tuple[float, outliers.Gap]]:
    """(P below the norm, gap) of each."""
    scale = _one_scale(compared)
    if not 0 < scale.level < 1:
        return [(0.5, outliers.NO_GAP)] * len(compared)
    wins, n, level, enough = scale.wins, scale.n, scale.level, scale.enough
    strength = rates.prior_strength(wins[enough], np.maximum(n[enough], 1e-9))
    likelihood = outliers.rate_likelihood(wins, n, level)
    groups = outliers.fit(likelihood[enough])
    gaps = outliers.gaps(likelihood, groups, enough)
    return [
        (rates.p_below(wins[i], n[i], level, strength), gap)
        if 0 < c.expected.norm < 1
        else (0.5, outliers.NO_GAP)
        for i, (c, gap) in enumerate(zip(compared, gaps, strict=True))
    ]


def _p_value(c: Compared) -> float:
    norm, peers = c.expected.norm, c.expected.peers_n
    if not 0 < norm < 1:
        return 1.0
    n = c.informative
    return rates.tail_probability(c.rate * n, n, norm * peers, peers)


def _sensitive(c: Compared, settings: GateSettings) -> bool:
    """Whether a fall that matters would have been seen, or cannot be there."""
    norm, n = c.expected.norm, c.informative
    fallen = norm * (1 - settings.relevant_conversion_gap)
    needed = _needed(norm, fallen, settings)
    if not 0 < norm < 1 or c.rate >= norm or needed is None or n >= needed:
        return True
    # a flat prior, worth one deal: what the slice's own deals say
    possible = rates.p_below(c.rate * n, n, fallen, 1.0)
    return possible < 1 - settings.confirmed_probability


def _needed(norm: float, rate: float, settings: GateSettings) -> int | None:
    """Deals to see a fall: one test's number, times what the whole grid asks."""
    alone = rates.needed_deals(norm, rate)
    return None if alone is None else int(np.ceil(alone * settings.grid_factor))
