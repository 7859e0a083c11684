"""The loss of conversion of one manager, split over the stages of the funnel.

A conversion is the product of its stages, so the logarithms of what each stage lags add
up to what the whole lags (LMDI). Each stage is first pulled towards its norm as far as
its colleagues are alike, so that the split does not follow chance.
"""

import math
from collections.abc import Mapping, Sequence

from salesdx.losses.candidate import Candidate
from salesdx.losses.grid import Judged
from salesdx.losses.places import at_stage, place
from salesdx.losses.stage_gaps import AtStages
from salesdx.result import LossPart
from salesdx.statistics import rates

EXPLAINED = 0.5  # stages that show less than this of the gap do not explain it
Key = tuple[str, str]


def parts(judged: Sequence[Judged], at_stages: AtStages) -> dict[Key, list[LossPart]]:
    """Parts of every priced loss of conversion by manager; each adds up to its row.

    A row whose gap the stages do not show (deals without a history, a different
    horizon) stays whole.
    """
    of: dict[tuple[str, str], Candidate] = {
        (c.dimension, c.value): c for c in at_stages.candidates
    }
    strength = _strengths(at_stages)
    found = {}
    for j in judged:
        c = j.candidate
        conversion = c.metric.startswith("conversion.") and c.dimension == "manager"
        if not conversion or c.kind != "rate" or j.money is None:
            continue
        lags = _lags(c.value, at_stages, of, strength)
        whole = -math.log1p(-min(j.behind, 0.99))
        if not lags or math.fsum(lags.values()) < EXPLAINED * whole:
            continue
        split = _split(round(j.money[1], 2), lags, c.value, of)
        if split:
            found[c.dimension, c.value] = split
    return found


def _strengths(at_stages: AtStages) -> dict[str, float]:
    """How many deals the colleagues at a stage weigh against one manager's own."""
    found = {}
    for stage in at_stages.stages:
        name = at_stage("manager", stage)
        here = [c for c in at_stages.candidates if c.dimension == name and c.n]
        level = at_stages.rates.get(stage, 0.0)
        if here and level > 0:
            # on one scale: what each would reach if his norm were the common level
            wins = [
                min(c.actual / c.norm * level, 1.0) * c.n if c.norm > 0 else 0.0
                for c in here
            ]
            found[stage] = rates.prior_strength(wins, [c.n for c in here])
    return found


def _lags(
    value: str, at_stages: AtStages, of: Mapping[Key, Candidate],
    strength: Mapping[str, float],
) -> dict[str, float]:  # fmt: skip
    """Stage -> log of norm over own (below 0 where the manager is ahead)."""
    found = {}
    for stage in at_stages.stages:
        c = of.get((at_stage("manager", stage), value))
        if c is None or stage not in strength or c.norm <= 0:
            continue
        own = rates.shrunk(c.actual * c.n, c.n, c.norm, strength[stage])
        if own > 0:
            found[stage] = math.log(c.norm / own)
    return found


def _split(
    money: float, lags: Mapping[str, float], value: str, of: Mapping[Key, Candidate]
) -> list[LossPart]:
    whole = math.fsum(lags.values())
    if whole <= 0 or money <= 0:
        return []
    cents = {s: round(money * 100 * lag / whole) for s, lag in lags.items()}
    largest = max(cents, key=lambda s: (cents[s], s))
    cents[largest] += round(money * 100) - sum(cents.values())
    found = []
    for stage, part in cents.items():
        c = of[at_stage("manager", stage), value]
        where = dict(place(c.dimension, value))
        found.append(
            LossPart(
                metric=c.metric, slice=where, own=c.actual, norm=c.norm,
                money=part / 100,
            )
        )  # fmt: skip
    return found
