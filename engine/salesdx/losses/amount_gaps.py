"""Average check of slices against their peers, on the log scale, mix held equal."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from salesdx.losses.candidate import Candidate, norm_text
from salesdx.losses.settings import GateSettings
from salesdx.statistics import amounts, norms, outliers

Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogSum:
    """Count, sum and sum of squares of log amounts."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def plus(self, other: "LogSum", sign: int = 1) -> "LogSum":
        """Add (or take away) another sum."""
        return LogSum(
            self.n + sign * other.n,
            self.total + sign * other.total,
            self.squares + sign * other.squares,
        )

    @property
    def mean(self) -> float:
        """Mean log amount; 0 without deals."""
        return self.total / self.n if self.n else 0.0

    @property
    def scatter(self) -> float:
        """Sum of squares about the mean."""
        if not self.n:
            return 0.0
        return max(self.squares - self.total**2 / self.n, 0.0)


Sums = Mapping[tuple[str, Cell], LogSum]
FEW = 10  # deals of a cell below which its own spread is not trusted


@dataclass(frozen=True, slots=True)
class _Shift:
    """Log-ratio of a value to its norm, its error, and how far the norm compares."""

    shift: float
    error: float
    comparable: float


def check_candidates(
    metric: str,
    dimension: str,
    sums: Sums,
    average: Mapping[str, float],
    novices: Collection[str],
    cells: Sequence[str],
    settings: GateSettings,
) -> list[Candidate]:
    """Compare the checks of every value of one dimension with those of the others.

    Args:
        metric: the id the gaps belong to.
        dimension: what is compared.
        sums: (value, cell) -> sums of log amounts of won deals.
        average: value -> arithmetic mean of its checks, in currency units.
        novices: values that are compared but make no norm.
        cells: names of the dimensions held equal.
        settings: thresholds.
    """
    size: dict[str, int] = defaultdict(int)
    for (value, _), part in sums.items():
        size[value] += part.n
    left_out = _left_out(sums, size, novices, settings)
    members = {v for v, reason in left_out.items() if reason is None}
    spread = _spreads(sums)
    shifts = {
        v: s
        for v in sorted(size)
        if (s := _shift(v, sums, members, spread)) is not None
    }
    eligible = [v for v in shifts if size[v] >= settings.min_wins]
    if len(eligible) < 2:
        return []
    d = [shifts[v].shift for v in eligible]
    errors = [shifts[v].error for v in eligible]
    between = amounts.between_variance(d, errors)
    groups = outliers.fit_shifts(d, np.maximum(errors, 1e-9))
    relevant = float(np.log(1 - settings.relevant_check_gap))
    typical = float(np.sqrt(np.mean([spread[c] for c in sorted(spread)])))
    excluded = [(v, r) for v, r in left_out.items() if r is not None]
    found = []
    for value, s in shifts.items():
        below = amounts.p_below(s.shift, s.error, between)
        gap = outliers.shift_gap(s.shift, s.error, groups).each(_share)
        needed = _needed(typical, relevant, settings)
        peers = len(members - {value})
        found.append(
            Candidate(
                metric, dimension, value, size[value], average[value],
                average[value] * float(np.exp(-s.shift)), below,
                _lower_tail(s), gap, size[value] >= settings.min_wins,
                s.shift >= 0 or needed is None or size[value] >= needed,
                s.comparable >= settings.min_comparable, needed,
                _needed(typical, s.shift, settings) if s.shift < 0 else None,
                any(shifts[v].shift >= 0 for v in eligible if v != value),
                tuple(e for e in excluded if e[0] != value),
                norm_text(
                    peers, peers < settings.min_peers,
                    s.comparable >= settings.min_comparable, cells,
                ),
                kind="amount",
            )
        )  # fmt: skip
    return found


def _lower_tail(s: _Shift) -> float:
    return float(special.ndtr(s.shift / s.error)) if s.error > 0 else 1.0


def _needed(spread: float, shift: float, settings: GateSettings) -> int | None:
    alone = amounts.needed_amounts(spread, shift)
    return None if alone is None else int(np.ceil(alone * settings.grid_factor))


def _share(log_gap: float) -> float:
    """A log gap as a share of the norm."""
    return 1 - float(np.exp(-log_gap))


def _left_out(
    sums: Sums,
    size: Mapping[str, int],
    novices: Collection[str],
    settings: GateSettings,
) -> dict[str, norms.Reason | None]:
    """Who makes no norm and why, ranked by the log-ratio to all in the same cells."""
    values = sorted(size)
    everyone = set(values)
    spread = _spreads(sums)
    rough = [_shift(v, sums, everyone, spread) for v in values]
    reasons = norms.left_out(
        [0.0 if s is None else s.shift for s in rough],
        [size[v] for v in values],
        [v in novices for v in values],
        max(int(settings.min_wins), 1),
        settings.trim,
    )
    return dict(zip(values, reasons, strict=True))


def _spreads(sums: Sums) -> dict[Cell, float]:
    """Variance of log checks inside each cell; the common one where deals are few."""
    cells: dict[Cell, LogSum] = {}
    for (_, cell), part in sums.items():
        cells[cell] = cells.get(cell, LogSum()).plus(part)
    freedom = sum(c.n - 1 for c in cells.values())
    common = sum(c.scatter for c in cells.values()) / freedom if freedom > 0 else 0.0
    return {
        cell: part.scatter / (part.n - 1) if part.n >= FEW else common
        for cell, part in cells.items()
    }


def _shift(
    value: str, sums: Sums, members: Collection[str], spread: Mapping[Cell, float]
) -> _Shift | None:
    """Deal-weighted log-ratio to the peers of the same cells; None without peers."""
    total = comparable = 0
    shift = variance = 0.0
    for (owner, cell), part in sums.items():
        if owner != value or not part.n:
            continue
        total += part.n
        peers = LogSum()
        for (other, place), theirs in sums.items():
            if place == cell and other != value and other in members:
                peers = peers.plus(theirs)
        if not peers.n:
            continue
        comparable += part.n
        shift += part.n * (part.mean - peers.mean)
        variance += part.n**2 * spread[cell] * (1 / part.n + 1 / peers.n)
    if not comparable:
        return None
    return _Shift(
        shift / comparable, float(np.sqrt(variance)) / comparable, comparable / total
    )
