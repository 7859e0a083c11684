"""Where the table begins among rows of cells: under a title, at the row of headers.

Reports put their name, a period or a filter above the table. The headers are the first
row that is about as wide as the table and holds words only; unless the first row is
far narrower than that, it is taken as it stands.
"""

import re
from collections.abc import Sequence

LOOK = 30  # rows among which the headers may stand
MOST_TITLE = 500  # characters of a title that are kept
_WIDE = 0.8  # share of the width of the table that headers fill
_MOSTLY = 0.8  # share of different words among them
_FIGURE = re.compile(r"^[-+(]?[\d\s.,:/%()T+-]+\w?$")
Cells = Sequence[str | None]


def header_place(records: Sequence[Cells]) -> int:
    """The place of the headers among the first rows; 0 unless a title is above them."""
    first = records[:LOOK]
    filled = [_filled(r) for r in first]
    if not filled:
        return 0
    widest = max(filled)
    alone = filled[0] < 2 and (widest > 2 or len(first[0]) < widest)
    if not (alone or filled[0] * 2 <= widest):
        return 0
    for place, record in enumerate(first[:-1]):
        if filled[place] >= _WIDE * widest and _words(record):
            return place
    return 0


def _filled(record: Cells) -> int:
    return sum(1 for cell in record if cell and cell.strip())


def _words(record: Cells) -> bool:
    """Whether the filled cells are words, and mostly different ones."""
    cells = [c.strip() for c in record if c and c.strip()]
    if any(_FIGURE.match(c) for c in cells):
        return False
    return len(set(cells)) >= _MOSTLY * len(cells)
