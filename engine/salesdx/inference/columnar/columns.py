"""The facts of many cases as columns: what a batch holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salesdx.facts import Value
from salesdx.inference.columnar.planes import Flags, Rows, Sure

Threshold = float | None | NDArray[np.float64]  # one for all rows, or one a row (NaN)


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
