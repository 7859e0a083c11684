"""What the peers of every slice reach on the same mix of deals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from salesdx.losses.settings import GateSettings
from salesdx.metrics.deals.deal_counts import LifeTable
from salesdx.statistics import norms, survival

Cell = tuple[str, ...]
Tables = Mapping[tuple[str, Cell], LifeTable]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Compared:
    """One value with its rate and the norm of its peers.

    `informative` is the number of fully followed deals that would say as much;
    `left_out` why the value is no peer of the others.
    """

    value: str
    rate: float
    entries: int
    informative: float
    enough: bool
    left_out: norms.Reason | None
    expected: norms.Expected
    peers: int


def compare(
    tables: Tables, horizon: int, novices: Collection[str], settings: GateSettings
) -> list[Compared]:
    """The norm of every value without itself; values without any norm are left out.

    Args:
        tables: (value, cell) -> day table.
        horizon: day at which rates are read.
        novices: values that are compared but make no norm.
        settings: thresholds.
    """
    values = sorted({value for value, _ in tables})
    cells = _by_cell(tables, values)
    if not cells:
        return []
    whole = _sum(cells, len(values))
    own = survival.at_horizons(whole.won, whole.left, horizon)
    enough = (own.entries >= settings.min_deals) & (own.at_risk >= settings.min_at_risk)
    young = np.array([v in novices for v in values], bool)
    reasons = _left_out(cells, own, enough, young, horizon, settings)
    member = np.array([r is None for r in reasons])
    if not member.any():
        return []
    n = np.zeros((len(values), len(cells)))
    rate, peers_n = np.full(n.shape, np.nan), np.zeros(n.shape)
    for j, cell in enumerate(cells):
        at = cell.rows
        n[at, j] = cell.entries
        rate[at, j], peers_n[at, j] = _without_own(cell, member, horizon, settings)
    pooled, pooled_n = _without_own(whole, member, horizon, settings)
    found = []
    for i, value in enumerate(values):
        seen = n[i] > 0
        expected = norms.standardise(
            n[i][seen], rate[i][seen], peers_n[i][seen], pooled[i], pooled_n[i]
        )
        if expected is not None:
            found.append(
                Compared(
                    value, float(own.rate[i]), int(own.entries[i]),
                    float(own.effective_n[i]), bool(enough[i]), reasons[i], expected,
                    int(member.sum() - member[i]),
                )
            )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class _Cell:
    """Day tables of one mix, values x days; `rows` are places among all values."""

    rows: NDArray[np.intp]
    won: survival.Counts
    left: survival.Counts

    @property
    def entries(self) -> Floats:
        """Deals of each value."""
        return np.asarray(self.won.sum(axis=1) + self.left.sum(axis=1), float)


def _by_cell(tables: Tables, values: Sequence[str]) -> list[_Cell]:
    place = {value: i for i, value in enumerate(values)}
    parts: dict[Cell, list[tuple[int, LifeTable]]] = {}
    for (value, cell), table in tables.items():
        if table.entries:
            parts.setdefault(cell, []).append((place[value], table))
    found = []
    for cell in sorted(parts):
        rows = sorted(parts[cell], key=lambda row: row[0])
        found.append(
            _Cell(
                np.array([i for i, _ in rows]),
                np.stack([t.won for _, t in rows]),
                np.stack([t.left for _, t in rows]),
            )
        )
    return found


def _sum(cells: Sequence[_Cell], values: int) -> _Cell:
    days = cells[0].won.shape[1]
    won, left = np.zeros((values, days), np.int64), np.zeros((values, days), np.int64)
    for cell in cells:
        won[cell.rows] += cell.won
        left[cell.rows] += cell.left
    return _Cell(np.arange(values), won, left)


def _left_out(
    cells: Sequence[_Cell],
    own: survival.Incidences,
    enough: Mask,
    young: Mask,
    horizon: int,
    settings: GateSettings,
) -> list[norms.Reason | None]:
    """Extremes are those far from what their mix would give at the common rates."""
    usable = enough & ~young
    expected = np.zeros(len(enough))
    for cell in cells:
        inside = usable[cell.rows]
        pool = survival.at_horizons(
            cell.won[inside].sum(axis=0), cell.left[inside].sum(axis=0), horizon
        )
        expected[cell.rows] += cell.entries * float(pool.rate)
    expected /= np.maximum(own.entries, 1)
    known = (expected > 0) & (expected < 1)
    ratio = np.divide(own.rate, expected, out=np.ones_like(expected), where=known)
    level = norms.middle(ratio[usable], (own.effective_n * expected)[usable],
                         settings.trim)  # fmt: skip
    common = np.clip(expected * level, 1e-9, 1 - 1e-9)
    error = np.sqrt(common * (1 - common) / np.maximum(own.effective_n, 1))
    surprise = np.where(known, (own.rate - common) / error, 0.0)
    limit = -float(special.ndtri(settings.extreme_chance))
    return norms.left_out(
        ratio, surprise, np.where(enough, own.entries, -1), young, 0, settings.trim,
        limit,
    )  # fmt: skip


def _without_own(
    cell: _Cell, member: Mask, horizon: int, settings: GateSettings
) -> tuple[Floats, Floats]:
    """(rate, deals) of the peers without each value itself; NaN where too few."""
    mine = member[cell.rows][:, None]
    own_won, own_left = np.where(mine, cell.won, 0), np.where(mine, cell.left, 0)
    found = survival.at_horizons(
        own_won.sum(axis=0) - own_won, own_left.sum(axis=0) - own_left, horizon
    )
    few = (found.at_risk < settings.min_at_risk) | (found.entries == 0)
    return np.where(few, np.nan, found.rate), np.where(few, 0.0, found.effective_n)
