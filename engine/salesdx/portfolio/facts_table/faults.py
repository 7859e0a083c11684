"""What is wrong with the cells of some rows, told row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salesdx.language import Text
from salesdx.portfolio.chunk import Reject
from salesdx.portfolio.facts_table.cells import Flags
from salesdx.portfolio.facts_table.reasons import and_more, shown

MOST = 10  # reasons of one row: a file of nothing but faults stays within bounds
Rows = NDArray[np.intp]
Told = tuple[object, Text]  # a value, and why it cannot be used


@dataclass(slots=True)
class Faults:
    """Collected column by column; `counts` is how many each row has."""

    counts: NDArray[np.int32]
    _rows: list[Rows] = field(default_factory=list)
    _told: list[tuple[str, Sequence[Told]]] = field(default_factory=list)

    @classmethod
    def none(cls, rows: int) -> "Faults":
        """So far nothing is wrong."""
        return cls(np.zeros(rows, np.int32))

    def add(
        self, column: str, bad: Flags, tell: Callable[[Rows], Sequence[Told]]
    ) -> None:
        """Note the rows whose cell cannot be used; `tell` is asked for some of them."""
        rows = np.flatnonzero(bad)
        if len(rows):
            few = rows[self.counts[rows] < MOST]
            self.counts[rows] += 1
            self._rows.append(few)
            self._told.append((column, tell(few)))

    @property
    def sound(self) -> Flags:
        """Rows without any."""
        sound: Flags = self.counts == 0
        return sound

    def rejects(
        self, numbers: NDArray[np.int64], ids: Sequence[str | None]
    ) -> list[Reject]:
        """All faults by row, in the order in which the columns were read."""
        if not self._rows:
            return []
        told = [(c, *cell) for c, cells in self._told for cell in cells]
        rows = np.concatenate(self._rows)
        found = []
        order = np.argsort(rows, kind="stable")
        ends = np.diff(rows[order], append=-1) != 0
        for place, last in zip(order, ends, strict=True):
            row, (column, value, reason) = int(rows[place]), told[place]
            who = int(numbers[row]), shown(ids[row] or "")
            found.append(Reject(*who, column, shown(value), reason))
            more = int(self.counts[row]) - MOST
            if last and more > 0:
                found.append(Reject(*who, "", "", and_more(more)))
        return found
