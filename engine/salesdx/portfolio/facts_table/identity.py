"""Whose row it is: ids that cannot be used, and those that stand twice.

Repeats are looked for once, when a table is opened, so that they are the same in
whatever order and by however many processes its chunks are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesdx.errors import UNSEEN
from salesdx.language import Text
from salesdx.portfolio.facts_table import reasons
from salesdx.portfolio.facts_table.layout import ID
from salesdx.portfolio.facts_table.source import FAULT, ROW, Source
from salesdx.portfolio.facts_table.texts import BROKEN, TOO_LONG, Texts, texts


@dataclass(frozen=True, slots=True)
class Repeats:
    """Places of rows whose id stands before, in order, and the places where it does."""

    later: NDArray[np.int64]
    first: NDArray[np.int64]

    def within(self, start: int, stop: int) -> tuple[NDArray[np.int64], list[int]]:
        """Those of a range, from its start, and the places of the first ones."""
        low, high = np.searchsorted(self.later, [start, stop])
        return self.later[low:high] - start, self.first[low:high].tolist()


def fault(value: str) -> Text | None:
    """Why an id cannot be used."""
    if value == BROKEN:
        return reasons.NOT_UTF8
    if value == TOO_LONG or len(value) > reasons.LONGEST_ID:
        return reasons.LONG_ID
    return reasons.UNSEEN_ID if UNSEEN.search(value) else None


def numbers_of(table: pa.Table, start: int) -> NDArray[np.int64]:
    """The numbers of rows, counted from 1 through the table as it was given."""
    if ROW in table.column_names:
        return np.asarray(table.column(ROW).chunk(0))
    return np.arange(start + 1, start + 1 + table.num_rows, dtype=np.int64)


def identities(source: Source, rows: int) -> Iterator[tuple[int, Texts, pa.Table]]:
    """The ids of a table, so many rows at once, with where they start."""
    columns = [n for n in (ID, ROW, FAULT) if n in source.columns]
    for start in range(0, source.rows, rows):
        stop = min(start + rows, source.rows)
        table = source.read(start, stop, columns)
        found = texts(table.column(ID).chunk(0))
        if FAULT in columns:  # a line that could not be split is nobody's
            broken = np.asarray(table.column(FAULT).is_valid())
            found = Texts(np.where(broken, np.int32(-1), found.codes), found.values)
        yield start, found, table


def repeats(source: Source, rows: int) -> Repeats:
    """Rows whose id stands before; only marks of the ids are kept in memory."""
    marks = np.zeros(source.rows, np.int64)
    for start, found, _ in identities(source, rows):
        each = np.fromiter(map(hash, found.values), np.int64, len(found.values))
        each = np.append(each, 0)
        marks[start : start + len(found.codes)] = each[found.codes]
    order = np.argsort(marks, kind="stable")
    ordered = marks[order]
    same = ordered[1:] == ordered[:-1]
    twin = np.zeros(len(marks), np.bool_)
    twin[order[1:][same]] = twin[order[:-1][same]] = True
    twin &= marks != 0
    if not twin.any():
        nothing = np.empty(0, np.int64)
        return Repeats(nothing, nothing)
    return _told_apart(source, rows, twin)


def _told_apart(source: Source, rows: int, twin: NDArray[np.bool_]) -> Repeats:
    """Two ids may have one mark by chance: the ids themselves decide."""
    seen: dict[str, int] = {}
    later: list[int] = []
    first: list[int] = []
    for start, found, _ in identities(source, rows):
        here = np.flatnonzero(twin[start : start + len(found.codes)])
        for place, code in zip(here.tolist(), found.codes[here].tolist(), strict=True):
            before = seen.setdefault(found.values[code], start + place)
            if before != start + place:
                later.append(start + place)
                first.append(before)
    return Repeats(np.array(later, np.int64), np.array(first, np.int64))
