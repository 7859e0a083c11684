"""Text to canonical types, a whole column at once; what fails is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.amounts import parse_numbers
from salesdx.crm.rows import trimmed
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
) -> tuple[pa.Array, BadValues | None]:
    """Convert one column.

    Args:
        column: the canonical column.
        cells: trimmed texts, null where blank.
        numbers: spreadsheet row number of every cell.
        reading: time zone, date order and lost reasons.

    Returns:
        The typed array (type by `ARROW_TYPES`) and the unreadable cells, if any.
    """
    text = _without_nothing(_combined(cells), column)
    encoded = pc.dictionary_encode(text)
    distinct = encoded.dictionary
    typed = _typed(column, distinct, reading)
    array = typed.take(encoded.indices)
    lost = pc.and_(pc.is_valid(text), pc.is_null(array))
    return array, _bad(text, lost.to_numpy(zero_copy_only=False), numbers)


def unchanged(column: Column, texts: pa.Array, reading: Reading) -> bool:
    """Whether distinct texts of a column are as `convert` would leave them."""
    plain = _combined(trimmed(pa.chunked_array([texts])))
    typed = _typed(column, _without_nothing(plain, column), reading)
    return bool(typed.equals(texts))


def _combined(cells: pa.ChunkedArray) -> pa.Array:
    found = cells.combine_chunks()
    if isinstance(found, pa.ChunkedArray):  # older Arrow keeps the chunks
        return (
            pa.concat_arrays(found.chunks)
            if found.num_chunks
            else pa.array([], pa.string())
        )
    return found


def _without_nothing(text: pa.Array, column: Column) -> pa.Array:
    typed = column.type not in {"id", "text", "bool"}
    nothing = pa.array(_NOTHING_TYPED if typed else _NOTHING)
    empty = pc.is_in(pc.utf8_lower(text), value_set=nothing)
    return pc.if_else(empty, pa.scalar(None, pa.string()), text)


def _typed(column: Column, distinct: pa.Array, reading: Reading) -> pa.Array:
    kind = column.type
    if kind in {"number", "money"}:
        found = parse_numbers(distinct)
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
    text: pa.Array, lost: npt.NDArray[np.bool_], numbers: npt.NDArray[np.int64]
) -> BadValues | None:
    places = np.flatnonzero(lost)
    if not len(places):
        return None
    first = places[:EXAMPLES]
    examples = zip(numbers[first].tolist(), text.take(first).to_pylist(), strict=True)
    return BadValues(len(places), tuple((n, t[:80]) for n, t in examples))
