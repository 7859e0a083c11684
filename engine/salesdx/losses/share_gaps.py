"""Shares of work done as it should be, against colleagues: late quotes, lost requests.

Every metric of type share that the knowledge base marks with `loss` is compared by
manager, department, and the channels where its grain has them. What is compared is
always the share done well: for a figure that should be low that is the rest of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from salesdx.facts import Measurement
from salesdx.knowledge.models import MetricEntry
from salesdx.losses.candidate import Candidate
from salesdx.losses.rate_gaps import rate_candidates
from salesdx.losses.settings import GateSettings
from salesdx.metrics.deals.deal_counts import LifeTable

BY = ("manager", "department", "channel")
Tables = dict[tuple[str, tuple[str, ...]], LifeTable]


def compared(metrics: Mapping[str, MetricEntry]) -> list[MetricEntry]:
    """Shares with a better side whose gaps the map shows, in the order declared."""
    return [
        m for m in metrics.values()
        if m.loss and m.type == "share" and m.direction in ("up", "down")
    ]  # fmt: skip


def share_candidates(
    measurements: Iterable[Measurement],
    metrics: Mapping[str, MetricEntry],
    novices: Collection[str],
    yields: Mapping[str, float],
    gate: GateSettings,
) -> list[Candidate]:
    """Candidates of all such shares; priced where a success is worth won deals.

    Args:
        measurements: all figures; those with a numerator and a denominator count.
        metrics: declarations of the knowledge base.
        novices: managers that make no norm.
        yields: won deals to one success, by what it is worth as (`request`, `deal`).
        gate: thresholds.
    """
    tables = _tables(measurements, compared(metrics))
    found: list[Candidate] = []
    for (metric, dimension), rows in tables.items():
        left_out = novices if dimension == "manager" else ()
        worth = metrics[metric].worth
        each = yields.get(worth.per) if worth else None
        found += good_share_candidates(
            metric, dimension, rows, left_out, (), gate, each
        )
    return found


def _tables(
    measurements: Iterable[Measurement], entries: Iterable[MetricEntry]
) -> dict[tuple[str, str], Tables]:
    """(metric, dimension) -> counts of good and other cases by value."""
    wanted = {e.id: e for e in entries}
    order = list(wanted)
    found: dict[tuple[str, str], Tables] = {}
    for m in measurements:
        entry = wanted.get(m.metric)
        if entry is None or m.period or len(m.slice) != 1:
            continue
        dimension, value = m.slice[0]
        if dimension not in BY or m.numerator is None or not m.denominator:
            continue
        hits = round(m.numerator)
        n = round(m.denominator)
        good = hits if entry.direction == "up" else n - hits
        rows = found.setdefault((m.metric, dimension), {})
        rows[value, ()] = counted(good, n)
    return {
        key: dict(sorted(found[key].items()))
        for key in sorted(found, key=lambda k: (order.index(k[0]), BY.index(k[1])))
    }


def counted(good: int, n: int) -> LifeTable:
    """Counts as a table that is read on day 0."""
    good = min(max(good, 0), n)
    return LifeTable(np.array([good, 0], np.int64), np.array([0, n - good], np.int64))


def good_share_candidates(
    metric: str,
    dimension: str,
    tables: Tables,
    novices: Collection[str],
    cells: tuple[str, ...],
    gate: GateSettings,
    yields: float | None,
    horizon: int = 0,
) -> list[Candidate]:
    """Compare shares done well; a share near 1 cannot halve, its odds can."""
    fitted = replace(gate, relevant_conversion_gap=relevant(tables, gate))
    found = rate_candidates(metric, dimension, tables, horizon, novices, cells, fitted)
    if yields is None:
        return [replace(c, kind="other") for c in found]
    return [replace(c, kind="rate", yields=yields) for c in found]


def relevant(tables: Tables, gate: GateSettings) -> float:
    """The fall of the share that equals the fall of odds not to be missed.

    Odds fall by `relevant_conversion_gap`; for a small share this is the share itself.
    Near 1 it is a few points at least: from 99.8 to 99.6 % nobody needs to see.
    """
    good = sum(int(t.won.sum()) for t in tables.values())
    n = sum(t.entries for t in tables.values())
    if not n or not good:
        return gate.relevant_conversion_gap
    fall = fall_of_share(good / n, gate.relevant_conversion_gap)
    return min(max(fall, gate.least_points_of_work * n / good), 1.0)


def fall_of_share(share: float, fall_of_odds: float) -> float:
    """By how much of itself a share falls when its odds fall by a part of themselves.

    0.8 has odds of 4; halved they are 2, a share of 2/3: a fall by a sixth.
    """
    return 1 - (1 - fall_of_odds) / (1 - share * fall_of_odds)


def material(c: Candidate, gate: GateSettings) -> bool:
    """Whether a gap without a price is large enough to speak of: in odds and points."""
    if c.kind != "other":
        return True
    enough = c.gap.real[1] * c.norm >= gate.least_points_of_work
    return enough and c.gap.real[1] >= fall_of_share(c.norm, gate.least_gap_of_work)
