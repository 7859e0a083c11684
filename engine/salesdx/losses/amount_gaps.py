"""Average check of slices against their peers, on the log scale, mix held equal."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from salesdx.losses.candidate import Candidate, but, norm_text
from salesdx.losses.settings import GateSettings
from salesdx.statistics import amounts, norms, outliers

Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogSum:
    """Count, sum and sum of squares of log amounts.

    `repeats` is the sum of the squared numbers of deals of each client, 0 where clients
    are not known. The orders of one client are alike: taken for independent they make
    chance look like a finding.
    """

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    repeats: int = 0

    def plus(self, other: "LogSum", sign: int = 1) -> "LogSum":
        """Add (or take away) another sum."""
        return LogSum(
            self.n + sign * other.n,
            self.total + sign * other.total,
            self.squares + sign * other.squares,
            self.repeats + sign * other.repeats,
        )

    @property
    def mean(self) -> float:
        """Mean log amount; 0 without deals."""
        return self.total / self.n if self.n else 0.0

    @property
    def independent(self) -> float:
        """How many observations the deals are worth (Kish 1965, fully alike orders)."""
        return self.n**2 / self.repeats if self.repeats else float(self.n)

    @property
    def scatter(self) -> float:
        """Sum of squares about the mean, 0 or more."""
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
    spread = _spreads(sums)
    left_out = _left_out(sums, size, spread, novices, settings)
    members = {v for v, reason in left_out.items() if reason is None}
    shifts = _shifts(sums, members, spread)
    eligible = [v for v in shifts if size[v] >= settings.min_wins]
    if len(eligible) < 2:
        return []
    judged = _judge(shifts, eligible)
    relevant = float(np.log(1 - settings.relevant_check_gap))
    typical = float(np.sqrt(np.mean([spread[c] for c in sorted(spread)])))
    needed = _needed(typical, relevant, settings)
    excluded = tuple((v, r) for v, r in left_out.items() if r is not None)
    reached = {v for v in eligible if shifts[v].shift >= 0}
    found = []
    for value, s in shifts.items():
        probability, gap = judged[value]
        peers = len(members) - (value in members)
        comparable = s.comparable >= settings.min_comparable
        found.append(
            Candidate(
                metric, dimension, value, size[value], average[value],
                average[value] * float(np.exp(-s.shift)), probability,
                _lower_tail(s), gap, size[value] >= settings.min_wins,
                s.shift >= 0 or needed is None or size[value] >= needed, comparable,
                needed_n=needed,
                settling_n=_needed(typical, s.shift, settings) if s.shift < 0 else None,
                reachable=len(reached) > (value in reached),
                excluded=but(value, excluded),
                norm_of=norm_text(
                    peers, peers < settings.min_peers, comparable, cells
                ),
                kind="amount",
            )
        )  # fmt: skip
    return found


def _judge(
    shifts: Mapping[str, _Shift], eligible: Collection[str]
) -> dict[str, tuple[float, outliers.Gap]]:
    """(P below the norm, gap) of each value."""
    d = np.array([s.shift for s in shifts.values()])
    errors = np.array([s.error for s in shifts.values()])
    fitted = np.array([v in eligible for v in shifts])
    between = amounts.between_variance(d[fitted], errors[fitted])
    likelihood = outliers.shift_likelihood(d, np.maximum(errors, 1e-9))
    gaps = outliers.gaps(likelihood, outliers.fit(likelihood[fitted]), fitted)
    return {
        value: (amounts.p_below(s.shift, s.error, between), gap)
        if s.error > 0
        else (0.5, outliers.NO_GAP)
        for (value, s), gap in zip(shifts.items(), gaps, strict=True)
    }


def _lower_tail(s: _Shift) -> float:
    return float(special.ndtr(s.shift / s.error)) if s.error > 0 else 1.0


def _needed(spread: float, shift: float, settings: GateSettings) -> int | None:
    alone = amounts.needed_amounts(spread, shift)
    return None if alone is None else int(np.ceil(alone * settings.grid_factor))


def _left_out(
    sums: Sums,
    size: Mapping[str, int],
    spread: Mapping[Cell, float],
    novices: Collection[str],
    settings: GateSettings,
) -> dict[str, norms.Reason | None]:
    """Who makes no norm and why, by the log-ratio to all others in the same cells."""
    values = sorted(size)
    rough = _shifts(sums, frozenset(values), spread)
    ratio = np.array([np.exp(rough[v].shift) if v in rough else 1.0 for v in values])
    error = np.array([rough[v].error if v in rough else 0.0 for v in values])
    n = np.array([size[v] for v in values], float)
    young = np.array([v in novices for v in values], bool)
    usable = (n >= settings.min_wins) & ~young
    level = np.log(norms.middle(ratio[usable], n[usable], settings.trim))
    surprise = np.divide(
        np.log(ratio) - level, error, out=np.zeros_like(error), where=error > 0
    )
    reasons = norms.left_out(
        ratio, surprise, n, young, settings.min_wins, settings.trim,
        -float(special.ndtri(settings.extreme_chance)),
    )  # fmt: skip
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


def _shifts(
    sums: Sums, members: Collection[str], spread: Mapping[Cell, float]
) -> dict[str, _Shift]:
    """Deal-weighted log-ratio to the peers of the same cells, by value, sorted.

    Values without peers are left out. Peers are the sum of all members less the value
    itself: comparing pairs would take hours for thousands of sellers.
    """
    pool: dict[Cell, LogSum] = {}
    for (value, cell), part in sums.items():
        if value in members:
            pool[cell] = pool.get(cell, LogSum()).plus(part)
    found: dict[str, list[float]] = {}
    for (value, cell), part in sums.items():
        own = found.setdefault(value, [0.0, 0.0, 0.0, 0.0])
        own[0] += part.n
        peers = pool.get(cell, LogSum())
        if value in members:
            peers = peers.plus(part, -1)
        if not part.n or not peers.n:
            continue
        own[1] += part.n
        own[2] += part.n * (part.mean - peers.mean)
        error = 1 / part.independent + 1 / peers.independent
        own[3] += part.n**2 * spread[cell] * error
    return {
        value: _Shift(shift / alike, float(np.sqrt(variance)) / alike, alike / n)
        for value, (n, alike, shift, variance) in sorted(found.items())
        if alike
    }
