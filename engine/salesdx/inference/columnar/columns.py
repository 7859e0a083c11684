"""The facts of many cases as columns: what a batch holds, and how a leaf reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salesdx.facts import Fact, Value
from salesdx.inference.columnar.planes import Flags, Plane, Rows, Sure
from salesdx.knowledge.conditions import Comparison

Threshold = float | None | NDArray[np.float64]  # one for all rows, or one a row (NaN)
_ORDER = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
_NUMERIC = {*_ORDER, "between", "==", "one_of", "!="}


@dataclass(frozen=True, slots=True)
class Column:
    """One name on every row of a level.

    `values` are numbers in the base unit of the name (float64), or places in `kinds`,
    the different values that occur (int32). `known` says where there is one, `answered`
    where somebody said it, `sure` how sure (uint8, 0..100; None: 100). All are one a
    row; a bool holds for every row.
    """

    values: NDArray[np.float64] | NDArray[np.int32]
    known: Flags
    kinds: tuple[Value, ...] | None = None
    sure: Sure = None
    answered: Flags | bool = False
    dont_know: Flags | None = None
    disagree: Flags | None = None

    def compared(
        self, how: Comparison, thresholds: Mapping[str, Threshold]
    ) -> Plane:  # fmt: skip
        """The states of a comparison."""
        if self.kinds is None and how.op in _NUMERIC:
            true, settled = _numbers(how, self.values, thresholds)
        else:
            true, settled = self._looked_up(how, thresholds)
        return Plane.of(true, self.known & settled, self.sure)

    def _looked_up(
        self, how: Comparison, thresholds: Mapping[str, Threshold]
    ) -> tuple[Flags, Flags | bool]:
        """Each different value is compared once, as the reference does it."""
        kinds: tuple[Value, ...] | None = self.kinds
        places: Any = self.values  # among the kinds
        if kinds is None:
            different, places = np.unique(self.values, return_inverse=True)
            kinds = tuple(map(float, different))
        true, settled = (np.zeros(len(places), np.bool_) for _ in range(2))
        for rows, world in _worlds(how.thresholds, thresholds, len(places)):
            states = [how.holds(k, world) for k in kinds] or [None]
            held = np.array([s is True for s in states])
            said = np.array([s is not None for s in states])
            if rows is None:
                return held.take(places), bool(said.all()) or said.take(places)
            true[rows], settled[rows] = held[places[rows]], said[places[rows]]
        return true, settled

    def measured(self) -> Flags:
        """Rows where it is known and nobody's word."""
        return self.known & np.logical_not(self.answered)


@dataclass(frozen=True, slots=True)
class Level:
    """The rows of one dimension: one a case (`""`), or one a slice of a case.

    `owner` is the case of each row, in order of cases; `labels` what the slice is.
    """

    dimension: str
    rows: int
    columns: Mapping[str, Column]
    owner: Rows | None = None
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Some thousand cases: the company's level, and those of slices that occur.

    `thresholds` hold the benchmarks that differ from the shipped ones; `models` the
    sales model of each case, where that is known.
    """

    levels: Mapping[str, Level]
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    models: Sequence[str | None] | None = None

    @property
    def cases(self) -> int:
        """How many."""
        return self.levels[""].rows


def _numbers(
    how: Comparison, values: NDArray[Any], thresholds: Mapping[str, Threshold]
) -> tuple[Flags, Flags | bool]:
    """Where numbers hold a comparison, and where its thresholds have a value."""
    named = how.benchmarks or (False,) * len(how.operands)
    operands: list[Any] = []
    settled: Flags | bool = True
    for operand, is_named in zip(how.operands, named, strict=True):
        value = thresholds[str(operand)] if is_named else operand
        if isinstance(value, np.ndarray):
            settled = settled & ~np.isnan(value)
        elif value is None:
            value, settled = np.nan, False
        operands.append(value)
    if how.op == "between":
        return (values >= operands[0]) & (values <= operands[1]), settled
    if how.op in _ORDER:
        return _ORDER[how.op](values, operands[0]), settled
    same = np.zeros(len(values), np.bool_)
    for operand in operands:
        if not isinstance(operand, bool | str):  # a number is no word and no yes
            same |= values == operand
    return (~same if how.op == "!=" else same), settled


class _World:
    """Thresholds of one company, for comparisons that read nothing else."""

    def __init__(self, found: Mapping[str, float | None]) -> None:
        self._found = found

    def read(self, name: str) -> Fact:
        raise KeyError(name)

    def benchmark(self, name: str) -> float | None:
        return self._found[name]


def _worlds(
    names: Sequence[str], thresholds: Mapping[str, Threshold], rows: int
) -> Iterator[tuple[Rows | None, _World]]:
    """Rows of equal thresholds, with them; None where all rows have the same."""
    varied = {n: v for n in names if isinstance(v := thresholds[n], np.ndarray)}
    same = {n: v for n in names if not isinstance(v := thresholds[n], np.ndarray)}
    if not varied:
        yield None, _World(same)
        return
    table = np.column_stack([np.broadcast_to(v, rows) for v in varied.values()])
    different, places = np.unique(table, axis=0, return_inverse=True)
    for i, row in enumerate(different):
        own = (None if np.isnan(v) else float(v) for v in row)
        at = np.flatnonzero(places.ravel() == i)
        yield at, _World(same | dict(zip(varied, own, strict=True)))
