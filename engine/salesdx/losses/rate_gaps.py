"""Conversion of slices against the norm of their peers on the same mix of deals."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesdx.losses.candidate import Candidate, norm_text
from salesdx.losses.settings import GateSettings
from salesdx.metrics.deal_counts import LifeTable
from salesdx.statistics import norms, outliers, rates, survival

Cell = tuple[str, ...]
Tables = Mapping[tuple[str, Cell], LifeTable]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Slice:
    """One value: its incidence, and whether it may make and meet a norm."""

    value: str
    own: survival.Incidence
    enough: bool
    left_out: norms.Reason | None


@dataclass(frozen=True, slots=True)
class _Compared:
    """A slice with its expected rate on its own mix."""

    slice: _Slice
    expected: norms.Expected
    peers: int


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
    slices = _slices(tables, horizon, novices, settings)
    compared = _compare(slices, tables, horizon, settings)
    eligible = [c for c in compared if c.slice.enough]
    if not eligible:
        return []
    own = [c.slice.own for c in eligible]
    n = np.array([o.effective_n for o in own])
    rate = np.array([o.rate for o in own])
    norm = np.array([c.expected.norm for c in eligible])
    # one scale for all: what each would reach if its norm were the common level
    level = float((norm * n).sum() / n.sum())
    adjusted = np.minimum(_ratio(rate, norm) * level, 1.0)
    peers = _Peers(
        level, rates.prior_strength(adjusted * n, n), _groups(adjusted, n, level)
    )
    excluded = [(s.value, s.left_out) for s in slices if s.left_out is not None]
    reached = {c.slice.value for c in eligible if c.slice.own.rate >= c.expected.norm}
    found = []
    for c in compared:
        peer_reaches = bool(reached - {c.slice.value})
        judged = _judge(c, peers, settings)
        found.append(
            Candidate(
                metric, dimension, c.slice.value, c.slice.own.entries,
                c.slice.own.rate, c.expected.norm, *judged,
                comparable=c.expected.comparable >= settings.min_comparable,
                needed_n=_needed(
                    c.expected.norm,
                    c.expected.norm * (1 - settings.relevant_conversion_gap),
                    settings,
                ),
                settling_n=_needed(c.expected.norm, c.slice.own.rate, settings),
                reachable=peer_reaches,
                excluded=tuple(e for e in excluded if e[0] != c.slice.value),
                norm_of=norm_text(
                    c.peers, c.peers < settings.min_peers,
                    c.expected.comparable >= settings.min_comparable, cells,
                ),
            )
        )  # fmt: skip
    return found


def _ratio(rate: Floats, norm: Floats) -> Floats:
    return np.divide(rate, norm, out=np.ones_like(rate), where=norm > 0)


@dataclass(frozen=True, slots=True)
class _Peers:
    """What the eligible slices together say: level, prior, and who differs."""

    level: float
    strength: float
    groups: outliers.Groups


def _groups(rate: Floats, n: Floats, level: float) -> outliers.Groups:
    if not 0 < level < 1:
        return outliers.Groups(0.0, float(outliers.STRENGTHS[-1]))
    return outliers.fit_rates(rate * n, n, level)


def _judge(
    c: _Compared, peers: _Peers, settings: GateSettings
) -> tuple[float, float, outliers.Gap, bool, bool]:
    """(probability, p, gap as a share of the norm, enough, sensitive)."""
    own, norm, level = c.slice.own, c.expected.norm, peers.level
    if not 0 < norm < 1 or not 0 < level < 1:
        return 0.5, 1.0, outliers.NO_GAP, c.slice.enough, True
    n = own.effective_n
    wins = min(own.rate / norm * level, 1.0) * n
    probability = rates.p_below(wins, n, level, peers.strength)
    p = rates.tail_probability(
        own.rate * n, n, norm * c.expected.peers_n, c.expected.peers_n
    )
    gap = outliers.rate_gap(wins, n, level, peers.groups).scaled(1 / level)
    return probability, p, gap, c.slice.enough, _sensitive(own, norm, settings)


def _sensitive(own: survival.Incidence, norm: float, settings: GateSettings) -> bool:
    """Whether a fall that matters would have been seen, or cannot be there."""
    fallen = norm * (1 - settings.relevant_conversion_gap)
    needed = _needed(norm, fallen, settings)
    if own.rate >= norm or needed is None or own.effective_n >= needed:
        return True
    # a flat prior, worth one deal: what the slice's own deals say
    n = own.effective_n
    possible = rates.p_below(own.rate * n, n, fallen, 1.0)
    return possible < 1 - settings.confirmed_probability


def _needed(norm: float, rate: float, settings: GateSettings) -> int | None:
    """Deals to see a fall: one test's number, times what the whole grid asks."""
    alone = rates.needed_deals(norm, rate)
    return None if alone is None else int(np.ceil(alone * settings.grid_factor))


def _slices(
    tables: Tables, horizon: int, novices: Collection[str], settings: GateSettings
) -> list[_Slice]:
    totals: dict[str, LifeTable] = {}
    for (value, _), table in tables.items():
        totals[value] = _plus(totals.get(value), table)
    own = {
        value: survival.at_horizon(totals[value].won, totals[value].left, horizon)
        for value in sorted(totals)
    }
    known = {value: found for value, found in own.items() if found is not None}
    enough = {
        value: found.entries >= settings.min_deals
        and found.at_risk >= settings.min_at_risk
        for value, found in known.items()
    }
    left_out = norms.left_out(
        [found.rate for found in known.values()],
        [found.entries if enough[value] else 0 for value, found in known.items()],
        [value in novices for value in known],
        max(int(settings.min_deals), 1),
        settings.trim,
    )
    return [
        _Slice(value, found, enough[value], reason)
        for (value, found), reason in zip(known.items(), left_out, strict=True)
    ]


def _plus(one: LifeTable | None, other: LifeTable) -> LifeTable:
    if one is None:
        return other
    return LifeTable(one.won + other.won, one.left + other.left)


def _compare(
    slices: Sequence[_Slice], tables: Tables, horizon: int, settings: GateSettings
) -> list[_Compared]:
    members = {s.value for s in slices if s.left_out is None}
    pool: dict[Cell, LifeTable] = {}
    of: dict[str, dict[Cell, LifeTable]] = defaultdict(dict)
    for (value, cell), table in tables.items():
        of[value][cell] = table
        if value in members:
            pool[cell] = _plus(pool.get(cell), table)
    if not pool:
        return []
    company = _total(pool.values())
    found = []
    for s in slices:
        own = of[s.value] if s.left_out is None else {}
        cells = sorted(of[s.value])
        norm = [_norm(pool.get(c), own.get(c), horizon, settings) for c in cells]
        whole = _norm(company, _total(own.values()) if own else None, horizon, settings)
        expected = norms.standardise(
            np.array([of[s.value][c].entries for c in cells], float),
            np.array([rate for rate, _ in norm]),
            np.array([n for _, n in norm]),
            whole[0],
        )
        if expected is not None:
            found.append(_Compared(s, expected, len(members - {s.value})))
    return found


def _total(tables: Collection[LifeTable]) -> LifeTable:
    return LifeTable(
        np.sum(np.stack([t.won for t in tables]), axis=0),
        np.sum(np.stack([t.left for t in tables]), axis=0),
    )


def _norm(
    pool: LifeTable | None, own: LifeTable | None, horizon: int, settings: GateSettings
) -> tuple[float, float]:
    """(rate, deals) of the peers without the slice itself; NaN where too few."""
    if pool is None:
        return np.nan, 0.0
    won, left = pool.won, pool.left
    if own is not None:
        won, left = won - own.won, left - own.left
    found = survival.at_horizon(won, left, horizon)
    if found is None or found.at_risk < settings.min_at_risk:
        return np.nan, 0.0
    return found.rate, found.effective_n
