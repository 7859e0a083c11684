"""Text to canonical types, a whole column at once; what fails is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.amounts import Marks, marks_of, parse_numbers
from salesdx.crm.periods import plainly
from salesdx.crm.rows import text_bytes, trim
from salesdx.crm.times import Order, parse_times
from salesdx.tables import MOST_MONEY, MOST_NUMBER, Column

EXAMPLES = 5
ARROW_TYPES: dict[str, pa.DataType] = {
    "id": pa.string(), "text": pa.string(), "enum": pa.string(),
    "number": pa.float64(), "money": pa.float64(), "time": pa.timestamp("s"),
    "date": pa.date32(), "bool": pa.bool_(),
}  # fmt: skip
# how exports write "nothing"; a dash is nothing only where a type is expected
_NOTHING = ("null", "nan", "none", "#n/a", "#н/д", "(пусто)")
_NOTHING_TYPED = (*_NOTHING, "-", "—", "–", "n/a", "na", "нет данных", "не указано")
_NO_TEXT = pa.scalar(None, pa.string())
# first bytes of all these words, in capitals too
_NOTHING_STARTS = np.zeros(256, bool)
_NOTHING_STARTS[[
    w.encode()[0] for word in _NOTHING_TYPED for w in (word, word.upper())
]] = True  # fmt: skip
# a long number after a spreadsheet: its last digits are gone
_DAMAGED_ID = r"^[-+]?\d([.,]\d+)?[eE]\+\d+$"


@dataclass(frozen=True, slots=True)
class BadValues:
    """Cells of one column that could not be read: how many, and the first few."""

    count: int
    examples: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one file read: its clock and its words for lost reasons.

    `zone` is the company's; `written_in` that of times without a zone, if another.
    """

    zone: str
    order: Order = "day-first"
    lost_reasons: Mapping[str, str] | None = None
    written_in: str | None = None


def convert(
    column: Column,
    cells: pa.ChunkedArray,
    numbers: npt.NDArray[np.int64],
    reading: Reading,
) -> tuple[pa.ChunkedArray, BadValues | None]:
    """Convert one column, chunk by chunk; what is the same afterwards is not copied.

    Args:
        column: the canonical column.
        cells: trimmed texts, null where blank.
        numbers: spreadsheet row number of every cell.
        reading: time zone, date order and lost reasons.

    Returns:
        The typed column (type by `ARROW_TYPES`) and the unreadable cells, if any.
    """
    cells = pa.chunked_array([c for c in cells.chunks if len(c)], pa.string())
    if column.type in {"enum", "bool"} or column.name == "lost_reason":
        found = _by_word(column, cells, reading)
    else:
        numbers_in = column.type in {"number", "money"}
        marks = marks_of(cells, column.type == "money") if numbers_in else None
        found = [
            _typed(column, text, reading, marks)
            for text in (_without_nothing(c, column) for c in cells.chunks)
        ]
    array = pa.chunked_array(found, ARROW_TYPES[column.type])
    return array, _bad(column, cells, array, numbers)


def _by_word(
    column: Column, cells: pa.ChunkedArray, reading: Reading
) -> list[pa.Array]:
    """Few words in many cells: each is looked up once."""
    encoded = pc.dictionary_encode(cells)
    chunks = encoded.chunks
    if not chunks:
        return []
    text = _without_nothing(chunks[-1].dictionary, column)
    typed = _typed(column, text, reading)
    return [typed.take(c.indices) for c in chunks]


def unchanged(column: Column, texts: pa.Array, reading: Reading) -> bool:
    """Whether distinct texts of a column are as `convert` would leave them."""
    plain = trim(texts)
    typed = _typed(column, _without_nothing(plain, column), reading)
    return bool(typed.equals(texts))


def _without_nothing(text: pa.Array, column: Column) -> pa.Array:
    typed = column.type not in {"id", "text", "bool"}
    starts, ends, data = text_bytes(text)
    places = np.flatnonzero(ends > starts)
    places = places[_NOTHING_STARTS[data[starts[places]]]]
    if not len(places):
        return text
    nothing = pa.array(_NOTHING_TYPED if typed else _NOTHING)
    some = pc.utf8_lower(text.take(pa.array(places)))
    places = places[pc.is_in(some, value_set=nothing).to_numpy(zero_copy_only=False)]
    if not len(places):
        return text
    empty = np.zeros(len(text), bool)
    empty[places] = True
    return pc.if_else(pa.array(empty), _NO_TEXT, text)


def _typed(
    column: Column, distinct: pa.Array, reading: Reading, marks: Marks | None = None
) -> pa.Array:
    kind = column.type
    distinct = plainly(distinct, column)
    if kind in {"number", "money"}:
        found = parse_numbers(distinct, marks)
        most = MOST_MONEY if kind == "money" else MOST_NUMBER
        sane = pc.less_equal(pc.abs(found), most)
        return pc.if_else(sane, found, pa.scalar(None, found.type))
    if kind in {"time", "date"}:
        times = parse_times(distinct, reading.order, reading.zone, reading.written_in)
        return (
            times.cast(pa.timestamp("s")).cast(pa.date32(), safe=False)
            if (kind == "date")
            else times
        )
    if kind == "bool":
        known = words.booleans()
        flags = [known.get(words.normalise(w)) for w in distinct.to_pylist()]
        return pa.array(flags, pa.bool_())
    if kind == "enum":
        codes = words.codes(column.name)
        found_codes = [codes.get(words.normalise(w)) for w in distinct.to_pylist()]
        allowed = [c if c in column.choices else None for c in found_codes]
        return pa.array(allowed, pa.string())
    if kind == "id":
        if not pc.any(pc.match_substring(distinct, "+")).as_py():
            return distinct  # no regular expression over millions of good ids
        damaged = pc.match_substring_regex(distinct, _DAMAGED_ID)
        return pc.if_else(damaged, pa.scalar(None, pa.string()), distinct)
    if column.name == "lost_reason":
        return pa.array(_reasons(distinct.to_pylist(), reading), pa.string())
    return distinct


def _reasons(texts: list[str], reading: Reading) -> list[str]:
    """The company's own words first, then the usual ones; others stay as written."""
    own = {words.normalise(w): c for w, c in (reading.lost_reasons or {}).items()}
    known = words.codes("lost_reason") | own
    return [known.get(words.normalise(t), t) for t in texts]


def _bad(
    column: Column,
    cells: pa.ChunkedArray,
    array: pa.ChunkedArray,
    numbers: npt.NDArray[np.int64],
) -> BadValues | None:
    count, start = 0, 0
    examples: list[tuple[int, str]] = []
    for chunk, typed in zip(cells.chunks, array.chunks, strict=True):
        if typed.null_count > chunk.null_count:
            text = _without_nothing(chunk, column)
            lost = pc.and_(pc.is_valid(text), pc.is_null(typed))
            places = np.flatnonzero(lost.to_numpy(zero_copy_only=False))
            count += len(places)
            first = places[: EXAMPLES - len(examples)]
            texts = text.take(pa.array(first)).to_pylist()
            found = zip(numbers[start + first].tolist(), texts, strict=True)
            examples += [(n, t[:80]) for n, t in found]
        start += len(chunk)
    return BadValues(count, tuple(examples)) if count else None
