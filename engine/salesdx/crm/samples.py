"""What stands in the columns of a file: distinct samples, never a scan in Python.

A proposal must not depend on the length of a file: what is asked of every column is
answered from an even sample, and kept.
"""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.amounts import marks_of, parse_numbers
from salesdx.crm.periods import plainly
from salesdx.crm.rows import Rows
from salesdx.crm.staging import let_go
from salesdx.crm.times import date_order, parse_times
from salesdx.tables import Column

MOST_ROWS = 20_000  # rows looked at, evenly spread over the column
MOST_DISTINCT = 2_000
MOST_WORDS = 200  # a column of words that stand for something has fewer
FITS = 0.8  # share of sampled values that must read as the type
KEY_DISTINCT = 0.2  # a key repeats at most about five times (rows of products)
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
# a sign, brackets or dashes of a telephone; bare digits only as Russians write them
_PHONE = (
    r"^(\+\d[\d\s().-]{8,17}|[78]?[\s-]*\(\d{3,5}\)[\d\s-]{5,10}"
    r"|[78][\s-]\d{3}[\s-]\d{3}[\s-]\d{2}[\s-]?\d{2}|[78]9\d{9})$"
)
_DATE = r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([T\s,].*)?$"
_STAFF = frozenset({"manager_id", "owner_manager", "assigned_to", "changed_by"})
_FLAG_WORDS = re.compile(r"^\D{2,}$")  # yes, нет, true: not the ids 0 and 1


def _spread(cells: pa.ChunkedArray, most: int) -> pa.Array:
    """About so many filled cells, evenly from the whole column, chunk by chunk."""
    step = max(1, (len(cells) - cells.null_count) // most)
    parts, before = [pa.array([], cells.type)], 0
    for chunk in cells.chunks:
        filled = chunk.drop_null()
        places = np.arange(-before % step, len(filled), step)
        parts.append(filled.take(pa.array(places)))
        before += len(filled)
    return pa.concat_arrays(parts)


class Samples:
    """A file with what was found out about its columns, each once."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.names: list[str] = rows.table.column_names
        self.labels = dict(zip(self.names, rows.headers, strict=True))
        self._distinct: dict[str, pa.Array] = {}
        self._fits: dict[tuple[str, str, str], float] = {}
        self._keys: dict[str, bool] = {}
        self._counts: dict[str, dict[str, int] | None] = {}

    def of(self, name: str) -> pa.Array:
        """Up to `MOST_DISTINCT` distinct values from the whole column."""
        if name not in self._distinct:
            cells = _spread(self.rows.table[name], MOST_ROWS)
            self._distinct[name] = pc.unique(cells).slice(0, MOST_DISTINCT)
            let_go()
        return self._distinct[name]

    def counts(self, name: str) -> dict[str, int] | None:
        """How often each word stands in a column; None where they are too many."""
        if name not in self._counts:
            found = None
            if len(self.of(name)) <= MOST_WORDS:
                pairs = pc.value_counts(self.rows.table[name].drop_null())
                if len(pairs) <= MOST_WORDS:
                    found = {p["values"]: p["counts"] for p in pairs.to_pylist()}
            self._counts[name] = found
        return self._counts[name]

    def fits(self, name: str, column: Column) -> float:
        """1 when the values read as the column's type, 0 when they do not.

        An empty column says nothing: 0.5.
        """
        kind = (name, column.type, column.name)
        if kind not in self._fits:
            self._fits[kind] = self._fit(name, column)
        return self._fits[kind]

    def is_key(self, name: str) -> bool:
        """Whether a column is filled and repeats as little as a key does."""
        if name not in self._keys:
            cells = self.rows.table[name]
            filled = len(cells) - cells.null_count
            self._keys[name] = bool(
                filled >= FITS * len(cells)
                and pc.count_distinct(cells).as_py() >= KEY_DISTINCT * filled
            )
        return self._keys[name]

    def is_unique(self, name: str) -> bool:
        """Whether every row has its own value."""
        cells = self.rows.table[name]
        return not cells.null_count and pc.count_distinct(cells).as_py() == len(cells)

    def is_personal(self, name: str) -> bool:
        """Whether the values are telephones or mail addresses."""
        return self.matching(name, _EMAIL) or self.matching(name, _PHONE)

    def is_date(self, name: str) -> bool:
        """Whether the values are written as dates."""
        return self.matching(name, _DATE)

    def is_blank(self, name: str) -> bool:
        """Whether a column holds nothing, or nothing but dashes."""
        return self.matching(name, r"^[-–—]+$") or not len(self.of(name))

    def is_flag(self, name: str) -> bool:
        """Whether the values are words for yes and no."""
        known = words.booleans()
        found = self.of(name).to_pylist()
        return bool(found) and all(
            words.normalise(w) in known and _FLAG_WORDS.match(w) for w in found
        )

    def matching(self, name: str, pattern: str) -> bool:
        """Whether most values match a pattern."""
        sample = self.of(name)
        if not len(sample):
            return False
        good = pc.sum(pc.match_substring_regex(sample, pattern)).as_py() or 0
        return bool(good >= FITS * len(sample))

    def _fit(self, name: str, column: Column) -> float:
        sample = self.of(name)
        if not len(sample):
            return 0.5
        good = _good(sample, column)
        if good is not None:
            right = good >= FITS * len(sample)
            phones = column.type == "money" and self.matching(name, _PHONE)
            return 1.0 if right and not phones else 0.0
        if column.name in _STAFF and self.matching(name, _EMAIL):
            return 1.0
        strange = self.is_date(name) or self.is_personal(name)
        if column.type == "id":
            strange = strange or self.is_flag(name)
        return 0.0 if strange else 1.0


def _good(sample: pa.Array, column: Column) -> int | None:
    """How many values read as the column's type; None where any text would."""
    sample = plainly(sample, column)
    if column.type in {"time", "date"}:
        order = date_order([sample])
        return len(parse_times(sample, order.order, "UTC").drop_null())
    if column.type in {"number", "money"}:
        marks = marks_of(pa.chunked_array([sample]), column.type == "money")
        return len(parse_numbers(sample, marks).drop_null())
    if column.type == "bool":
        known = words.booleans()
        return sum(words.normalise(w) in known for w in sample.to_pylist())
    if column.type == "enum" and column.name != "status":
        codes = words.codes(column.name)
        return sum(words.normalise(w) in codes for w in sample.to_pylist())
    return None
