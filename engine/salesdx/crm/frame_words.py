"""The words that a report prints around its table (words.yaml, `frame`)."""

import csv
import re
from functools import cache

from salesdx.crm import words


@cache
def patterns() -> tuple[str, str]:
    """Of a row of totals, and of a line of one cell; for lower-case texts."""
    total, after, line = (
        "|".join(map(re.escape, words.words().frame[part]))
        for part in ("total", "after", "line")
    )
    behind = rf"\s*:.*|\s*\([^)]*\)\s*:?|\s+({after})\b.*"
    return rf"^({total})({behind})?$", rf"^({line})\b"


def is_frame(line: str, delimiter: str) -> bool:
    """Whether a line of a text file, shorter than the table, belongs to its frame."""
    cells = [c.strip() for c in next(csv.reader([line], delimiter=delimiter), [])]
    filled = [c for c in cells if c]
    if not filled:
        return False
    total, alone = patterns()
    first = words.normalise(filled[0])
    return bool(re.search(total, first) or (
        len(filled) == 1 and re.search(alone, first)
    ))  # fmt: skip
