"""The second reading: every cause of every company, counted.

Only whole numbers are added up, so neither the order of the rows nor the size of a
batch changes anything. Matrices have a row a company and a column a cause; they live as
long as their batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesdx.inference.columnar.judging import VERDICTS
from salesdx.inference.points import LIKELY as ENOUGH
from salesdx.portfolio.model import STATES, Marks
from salesdx.portfolio.overview.companies import Companies
from salesdx.portfolio.overview.table import ResultTable, numbers, verdicts
from salesdx.portfolio.overview.treating import Treating

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
LIKELY, POSSIBLE, NOT_LIKELY, UNKNOWN = range(len(STATES))
NOT_JUDGED = -1
# an open cause is settled by what it could become: see `states`
_STATE = np.array(
    [
        {"likely": LIKELY, "possible": POSSIBLE, "open": UNKNOWN,
         "cannot_judge": UNKNOWN}.get(v, NOT_LIKELY)
        for v in VERDICTS
    ] + [NOT_JUDGED],
    np.int8,
)  # fmt: skip
_OPEN, _POSSIBLE = VERDICTS.index("open"), VERDICTS.index("possible")
MOST_GROUPS = 50  # that are compared: the largest


@dataclass(frozen=True, eq=False)
class Counted:
    """What the second reading found; a column of an array is a cause.

    `compared` are the places of the groups whose causes are counted apart. `both`,
    `examined_both` and `likely_where` are causes by causes: likely together, examined
    together, and the one likely where the other was examined. `nearly` counts of each
    company the causes that are possible and could still become likely. `treated` are
    the companies with a likely cause that a remedy treats: packed bits, a row a remedy,
    batch by batch.
    """

    state: Counts
    examined: Counts
    likely_examined: Counts
    blind: Counts
    compared: list[int]
    group_examined: Counts
    group_likely: Counts
    both: Counts
    examined_both: Counts
    likely_where: Counts
    nearly: NDArray[np.int16]
    treated: list[NDArray[np.uint8]] = field(default_factory=list)
    traced: dict[tuple[int, int], list[float]] = field(default_factory=dict)


def count(
    table: ResultTable, held: Companies, marks: Marks, treating: Treating
) -> Counted:
    """Read the causes batch by batch."""
    causes, rows = len(table.causes), table.rows
    compared = _compared(held, marks)
    slots = np.full(len(held.groups) + 1, -1, np.int64)
    slots[compared] = np.arange(len(compared))

    def zeros(*shape: int) -> Counts:
        return np.zeros(shape, np.int64)

    found = Counted(
        state=zeros(len(STATES), causes), examined=zeros(causes),
        likely_examined=zeros(causes), blind=zeros(causes), compared=compared,
        group_examined=zeros(len(compared), causes),
        group_likely=zeros(len(compared), causes), both=zeros(causes, causes),
        examined_both=zeros(causes, causes), likely_where=zeros(causes, causes),
        nearly=np.zeros(rows, np.int16),
    )  # fmt: skip
    for first, batch in table.batches(_columns(table)):
        here = slice(first, first + batch.num_rows)
        seen = _Seen.of(batch, table.causes, marks)
        _totals(found, seen)
        found.nearly[here] = seen.nearly
        _by_group(found, seen, slots[held.group[here]])
        _pairs(found, seen)
        treated = treating.by(seen.state == LIKELY)
        found.treated.append(np.packbits(treated, axis=0).T)
        if table.measured:
            _trace(found, batch, table.causes, held.currency[here])
    return found


def columns_of(causes: Sequence[str], names: Sequence[str]) -> list[str]:
    """The columns of some causes."""
    return [f"{c}.{n}" for c in causes for n in names]


def _columns(table: ResultTable) -> list[str]:
    names = ["verdict", "worst", "best", "coverage", *["money"] * table.measured]
    return columns_of(table.causes, names)


def _compared(held: Companies, marks: Marks) -> list[int]:
    """The largest groups of enough companies, by name if equal."""
    sizes = np.bincount(held.group[held.group >= 0], minlength=len(held.groups))
    large = [int(g) for g in np.nonzero(sizes >= marks.group_least)[0]]
    large.sort(key=lambda g: (-int(sizes[g]), g))
    return large[:MOST_GROUPS]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """The causes of a batch: their states, and what was examined."""

    state: NDArray[np.int8]
    examined: Flags
    blind: Flags
    nearly: NDArray[np.int16]

    @classmethod
    def of(cls, batch: pa.RecordBatch, causes: Sequence[str], marks: Marks) -> "_Seen":
        shape = (batch.num_rows, len(causes))
        state = np.empty(shape, np.int8)
        examined, blind = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        nearly = np.zeros(batch.num_rows, np.int16)
        for place, cause in enumerate(causes):
            verdict = verdicts(batch, cause)
            best = numbers(batch.column(f"{cause}.best"))
            state[:, place] = states(verdict, best)
            share = np.nan_to_num(numbers(batch.column(f"{cause}.coverage")))
            judged = verdict >= 0
            looked = judged & (verdict != _CANNOT) & (share >= marks.examined)
            examined[:, place] = looked
            blind[:, place] = judged & (share == 0)
            worst = numbers(batch.column(f"{cause}.worst"))
            turning = (worst < ENOUGH) & (best >= ENOUGH)
            nearly += turning & (verdict == _POSSIBLE)
        return cls(state, examined, blind, nearly)


_CANNOT = VERDICTS.index("cannot_judge")


def states(verdict: NDArray[np.int16], best: NDArray[np.float64]) -> NDArray[np.int8]:
    """Which of `STATES` each company is in, `NOT_JUDGED` where it is in none."""
    found = _STATE[verdict]
    found[(verdict == _OPEN) & (best < ENOUGH)] = NOT_LIKELY
    return np.asarray(found)


def _totals(found: Counted, seen: _Seen) -> None:
    for state in range(len(STATES)):
        found.state[state] += (seen.state == state).sum(axis=0)
    found.examined[:] += seen.examined.sum(axis=0)
    found.likely_examined[:] += (seen.examined & (seen.state == LIKELY)).sum(axis=0)
    found.blind[:] += seen.blind.sum(axis=0)


def _by_group(found: Counted, seen: _Seen, slot: Counts) -> None:
    if not found.compared:
        return
    likely = seen.examined & (seen.state == LIKELY)
    for flags, kept in (
        (seen.examined, found.group_examined), (likely, found.group_likely),
    ):  # fmt: skip
        for cause in range(flags.shape[1]):
            places = slot[flags[:, cause] & (slot >= 0)]
            kept[:, cause] += np.bincount(places, minlength=len(found.compared))


def _pairs(found: Counted, seen: _Seen) -> None:
    # a batch has fewer rows than 2**24, so these sums of ones are exact
    examined = seen.examined.astype(np.float32)
    likely = examined * (seen.state == LIKELY)
    found.both[:] += (likely.T @ likely).astype(np.int64)
    found.examined_both[:] += (examined.T @ examined).astype(np.int64)
    found.likely_where[:] += (likely.T @ examined).astype(np.int64)


def _trace(
    found: Counted, batch: pa.RecordBatch, causes: Sequence[str],
    currency: NDArray[np.int32],
) -> None:  # fmt: skip
    """Money traced to each cause, by currency: added up when all of it is there."""
    for place, cause in enumerate(causes):
        money = numbers(batch.column(f"{cause}.money"))
        for row in np.nonzero(~np.isnan(money))[0]:
            key = place, int(currency[row])
            found.traced.setdefault(key, []).append(float(money[row]))
