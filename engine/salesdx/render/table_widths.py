"""How wide the columns of a table are: by what stands in them, not by guess.

Every column gets the room of its longest word; what is left over is poured into the
columns until the short ones (a figure, a state, a date) need not wrap, and the columns
of sentences share the rest.
"""

import math
import re
from collections.abc import Sequence

from salesdx.render.charts.svg import text_width
from salesdx.render.report import Table

_GAP = 1.2  # em between two columns
_WORD = 22  # letters: a longer word is hyphenated or broken
_BREAK = re.compile(r"[ \n\t\u200b]+")  # not at a no-break space: `4 200 ₽` is one word


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
    least = [max(map(_word, cells)) + _GAP for cells in texts]
    if sum(least) >= line:
        return _of(least)
    return _of(_poured(least, longest, [_weight(c) for c in texts], line))


def _poured(
    least: list[float], longest: list[float], weights: list[float], line: float
) -> list[float]:
    """By weight, no column above what it can use: what one leaves, the others get."""
    found, spare = list(least), line - sum(least)
    thirsty = {i for i in range(len(least)) if longest[i] > least[i]}
    while thirsty and spare > 0.01:
        level = spare / sum(weights[i] for i in thirsty)
        full = {i for i in thirsty if longest[i] - found[i] <= level * weights[i]}
        for i in full or thirsty:
            more = longest[i] - found[i] if full else level * weights[i]
            found[i] += more
            spare -= more
        thirsty = thirsty - full if full else set()
    return found


def too_long(table: Table, widths: Sequence[float], line: float) -> list[list[int]]:
    """The cells, as row and column, with a word that is wider than its column."""
    room = [w * line - _GAP for w in widths]
    return [
        [y, x]
        for y, row in enumerate(table.rows)
        for x, cell in enumerate(row)
        if len(cell) * 0.3 > room[x]
        and max(map(_width, _BREAK.split(cell))) > room[x] + 0.01
    ]


def lines(table: Table, widths: Sequence[float], line: float) -> int:
    """About how many lines of type the rows take."""
    room = [max(w * line - _GAP, 1.0) for w in widths]
    return sum(
        max((math.ceil(_width(c) / room[x]) for x, c in enumerate(row)), default=1)
        for row in table.rows
    )


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
    return math.pow(max(sum(map(len, cells)), 1), 0.62)


def _width(text: str) -> float:
    return text_width(text, 1.0)


def _word(text: str) -> float:
    return max((_width(w[:_WORD]) for w in _BREAK.split(text)), default=0.0)


def _of(widths: list[float]) -> list[float]:
    whole = sum(widths) or 1.0
    return [round(w / whole, 4) for w in widths]
