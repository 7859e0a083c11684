"""How wide the columns of a table are: by what stands in them, not by guess.

A short column (a figure, a state, a date) gets the room of its longest cell, so that it
does not wrap; what is left goes to the columns of sentences. Where nothing is known to
be too long, the shares of the table itself decide.
"""

from collections.abc import Sequence

from salesdx.render.charts.svg import text_width
from salesdx.render.report import Table

_GAP = 1.2  # em between two columns
_SHORT = 0.24  # of the line: a column no wider than this does not wrap
_WORD = 18  # letters: longer words are broken anyway


def shares(table: Table, line: float) -> list[float]:
    """The part of each column of a line of `line` em; together they are 1."""
    texts = [
        [c.title, *(row[i] for row in table.rows)] for i, c in enumerate(table.columns)
    ]
    longest = [
        max(_word(cells[0]), _width(cells[0]) / 2, *map(_width, cells[1:])) + _GAP
        for cells in texts
    ]
    if sum(longest) <= line:
        return _stretched(table, longest, line)
    fixed = [w <= _SHORT * line for w in longest]
    if all(fixed):  # cannot be, with a sum above the line: many columns
        return _of(longest)
    rest = line - sum(w for w, short in zip(longest, fixed, strict=True) if short)
    least = [max(map(_word, cells)) + _GAP for cells in texts]
    open_ = [i for i, short in enumerate(fixed) if not short]
    if rest < sum(least[i] for i in open_):
        return _of([min(w, line / 3) for w in longest])
    weights = [_weight(texts[i]) for i in open_]
    room = rest - sum(least[i] for i in open_)
    found = list(longest)
    for i, weight in zip(open_, weights, strict=True):
        found[i] = least[i] + room * weight / sum(weights)
    return _of(found)


def too_long(table: Table, widths: Sequence[float], line: float) -> list[list[int]]:
    """The cells, as row and column, with a word that is wider than its column."""
    room = [w * line - _GAP for w in widths]
    return [
        [y, x]
        for y, row in enumerate(table.rows)
        for x, cell in enumerate(row)
        if len(cell) * 0.3 > room[x] and max(map(_width, cell.split())) > room[x]
    ]


def _stretched(table: Table, longest: list[float], line: float) -> list[float]:
    """Everything fits: what is left over goes to the columns of words."""
    left = [i for i, c in enumerate(table.columns) if c.align == "left"]
    spare = line - sum(longest)
    takes = left or list(range(len(longest)))
    whole = sum(longest[i] for i in takes)
    return _of([
        w + (spare * w / whole if i in takes else 0.0) for i, w in enumerate(longest)
    ])  # fmt: skip


def _weight(cells: Sequence[str]) -> float:
    """Long columns get more, though not in proportion."""
    return float(max(sum(map(len, cells)), 1)) ** 0.62


def _width(text: str) -> float:
    return text_width(text, 1.0)


def _word(text: str) -> float:
    return max((_width(w[:_WORD]) for w in text.split()), default=0.0)


def _of(widths: list[float]) -> list[float]:
    whole = sum(widths) or 1.0
    return [round(w / whole, 4) for w in widths]
