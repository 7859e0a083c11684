"""Lines above the headers of a CSV file: the name of a report, its period, filters."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from salesdx.crm.table_area import LOOK, header_place

_SAMPLE = 50_000
_EVEN = 0.8  # share of the lines below that are as wide as the headers


@dataclass(frozen=True, slots=True)
class Titles:
    """A title: the delimiter of the table below it, where that starts, its lines."""

    delimiter: str
    start: int
    lines: tuple[int, ...]  # from 1


def titles_above(text: str, delimiters: Sequence[str]) -> Titles | None:
    """The title above the headers of a CSV text, if there is one.

    Args:
        text: a CSV text without leading blank lines.
        delimiters: those to try.

    Returns:
        None where the first line is that of the headers.
    """
    found = [_titles(text[:_SAMPLE], d) for d in delimiters]
    even = [(width, titles) for width, titles in filter(None, found)]
    if not even:
        return None
    titles = max(even, key=lambda f: f[0])[1]
    return titles if titles.lines else None


def _titles(text: str, delimiter: str) -> tuple[int, Titles] | None:
    """The width of the table below the title; None where its rows are not even."""
    physical = list(io.StringIO(text, newline=""))
    reader = csv.reader(physical, delimiter=delimiter)
    records: list[list[str]] = []
    lines: list[int] = []
    before: list[int] = []  # lines before each record
    line = 0
    try:
        for record in islice(reader, 4 * LOOK):
            if any(cell.strip() for cell in record):
                records.append(record)
                lines.append(reader.line_num)
                before.append(line)
            line = reader.line_num
            if len(records) == LOOK:
                break
    except csv.Error:
        return None
    if len(records) < 2:
        return None
    place = header_place(records)
    width = len(records[place])
    below = records[place + 1 :]
    even = sum(len(r) == width for r in below)
    if width < 2 or not below or even < _EVEN * len(below):
        return None
    start = sum(map(len, physical[: before[place]]))
    return width, Titles(delimiter, start, tuple(lines[:place]))
