"""Whose row it is: ids that cannot be used, and those that stand twice.

Repeats are looked for once, when a table is opened, so that they are the same in
whatever order and by however many processes its chunks are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesdx.errors import UNSEEN
from salesdx.language import Text
from salesdx.portfolio.facts_table import reasons
from salesdx.portfolio.facts_table.cells import there
from salesdx.portfolio.facts_table.layout import ID
from salesdx.portfolio.facts_table.source import FAULT, ROW, Source
from salesdx.portfolio.facts_table.texts import BROKEN, TOO_LONG, Texts, texts


@dataclass(frozen=True, slots=True)
class Repeats:
    """Places of rows whose id stands before, in order, and the rows where it does."""

    later: NDArray[np.int64]
    first: NDArray[np.int64]

    def within(self, start: int, stop: int) -> tuple[NDArray[np.int64], list[int]]:
        """Those of a range, from its start, and the numbers of the first ones."""
        low, high = np.searchsorted(self.later, [start, stop])
        return self.later[low:high] - start, self.first[low:high].tolist()


def fault(value: str) -> Text | None:
    """Why an id cannot be used."""
    if value == BROKEN:
        return reasons.NOT_UTF8
    if value == TOO_LONG or len(value) > reasons.LONGEST_ID:
        return reasons.LONG_ID
    return reasons.UNSEEN_ID if UNSEEN.search(value) else None


def faults(ids: Texts) -> dict[int, Text]:
    """Those of the ids that cannot be used, by place, and why."""
    short = max(map(len, ids.values), default=0) <= reasons.LONGEST_ID
    # what nobody sees is never printable
    if ids.readable and short and "".join(ids.values).isprintable():
        return {}
    return {i: why for i, v in enumerate(ids.values) if (why := fault(v))}


def identities(
    source: Source, rows: int
) -> Iterator[tuple[int, Texts, NDArray[np.int64]]]:
    """The ids of a table, so many rows at once: where they start, and their numbers."""
    columns = [n for n in (ID, FAULT, ROW) if n in source.columns]
    for start in range(0, source.rows, rows):
        stop = min(start + rows, source.rows)
        table = dict(source.read(start, stop, columns))
        found = texts(table[ID])
        if FAULT in columns:  # a line that could not be split is nobody's
            codes = np.where(there(table[FAULT]), np.int32(-1), found.codes)
            found = Texts(codes, found.values, found.readable)
        numbers = np.arange(start + 1, stop + 1, dtype=np.int64)
        yield start, found, np.asarray(table.get(ROW, numbers))


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
    seen: dict[str, int] = {}  # the row of each
    later: list[int] = []
    first: list[int] = []
    for start, found, numbers in identities(source, rows):
        for place in np.flatnonzero(twin[start : start + len(numbers)]).tolist():
            row = int(numbers[place])
            before = seen.setdefault(found.values[found.codes[place]], row)
            if before != row:
                later.append(start + place)
                first.append(before)
    return Repeats(np.array(later, np.int64), np.array(first, np.int64))
