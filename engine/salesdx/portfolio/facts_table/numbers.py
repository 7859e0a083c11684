"""A column of numbers: typed ones at once, written ones by what they look like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from salesdx.answers.values import as_number
from salesdx.crm.arrow_texts import is_bytes
from salesdx.language import Text
from salesdx.portfolio.facts_table import reasons
from salesdx.portfolio.facts_table.cells import Cells, Flags, some, there
from salesdx.portfolio.facts_table.faults import Faults, Rows, Told
from salesdx.portfolio.facts_table.texts import BROKEN, TOO_LONG, Codes, indices, texts

_PLAIN = r"^-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?$"
MOST = 1e18  # of a figure: sums and squares of any number of them are numbers still
BAD = -2  # a place among kinds that is none: nothing is −1
STATES: Mapping[str, int] = {
    "dont_know": -3, "don't know": -3, "не знаю": -3,
    "not_applicable": -4, "not applicable": -4, "не применимо": -4, "неприменимо": -4,
}  # fmt: skip
SAID = (-3, -4)  # dont_know and not_applicable, as Cells takes them


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number may be, and what to say of one that is not.

    `hundred` is what `100 %` means; None where a percent sign means nothing.
    """

    low: float
    high: float
    whole: bool
    outside: Text
    hundred: float | None = None


@dataclass(slots=True)
class _Parsed:
    """Numbers, and what stands instead of one (None: nothing does)."""

    numbers: NDArray[np.float64]
    known: Flags
    states: NDArray[np.int8] | None = None


def read_numbers(
    column: pa.Array, name: str, limits: Limits, faults: Faults, *, asked: bool = False
) -> Cells:
    """Numbers within limits; `asked` where a word may stand for no answer."""
    found = _parsed(column, asked, limits.hundred)
    known, numbers = found.known, found.numbers
    fits = (numbers >= limits.low) & (numbers <= limits.high)
    if limits.high == np.inf or limits.low == -np.inf:
        fits &= np.isfinite(numbers)
    if limits.whole:
        fits &= numbers == np.floor(numbers)
    bad = known & ~fits
    states = found.states
    if states is not None:
        bad |= states == BAD
    if bad.any():
        known = known & fits
        faults.add(name, bad, _teller(column, found, limits))
    if states is None:
        return Cells(numbers, known)
    words = (some(states == s) for s in SAID)
    return Cells(numbers, known, None, *words)


def _teller(
    column: pa.Array, found: _Parsed, limits: Limits
) -> Callable[[Rows], list[Told]]:
    def why(row: int) -> Text:
        number = float(found.numbers[row])
        if found.states is not None and found.states[row] == BAD:
            return reasons.NO_NUMBER
        if not np.isfinite(number):
            return reasons.NOT_FINITE
        if limits.low <= number <= limits.high:
            return reasons.NOT_WHOLE
        if abs(number) > MOST:
            return reasons.TOO_LARGE
        return limits.outside

    def tell(rows: Rows) -> list[Told]:
        some_rows = column.take(pa.array(rows))
        written = texts(some_rows)
        told = written.each()
        return [
            (text or "", _unreadable(text) or why(int(row)))
            for text, row in zip(told, rows, strict=True)
        ]

    return tell


def _unreadable(text: str | None) -> Text | None:
    if text == BROKEN:
        return reasons.NOT_UTF8
    return reasons.LONG_TEXT if text == TOO_LONG else None


def _parsed(column: pa.Array, asked: bool, hundred: float | None) -> _Parsed:
    kind = column.type
    if pa.types.is_null(kind):
        nothing = np.zeros(len(column))
        return _Parsed(nothing, nothing.astype(np.bool_))
    if pa.types.is_dictionary(kind):
        return _spread(_parsed(column.dictionary, asked, hundred), *indices(column))
    if is_bytes(kind):
        return _written(column, asked, hundred)
    if pa.types.is_boolean(kind):
        column = column.cast(pa.uint8())
    if not pa.types.is_float64(column.type):
        column = column.cast(pa.float64(), safe=False)
    return _typed(column)


def _typed(column: pa.DoubleArray) -> _Parsed:
    """The numbers where they lie; under a null anything may stand."""
    if not column.null_count:
        return _Parsed(np.asarray(column), np.ones(len(column), np.bool_))
    values = column.buffers()[1]
    numbers = np.frombuffer(values, np.float64)[column.offset :][: len(column)]
    return _Parsed(numbers, there(column))


def _spread(found: _Parsed, places: Codes, rows: Flags) -> _Parsed:
    """What was read of each different value, where it stands."""
    if not len(found.numbers):
        return _Parsed(np.zeros(len(places)), rows & False)
    numbers = found.numbers.take(places, mode="clip")
    known = rows & found.known.take(places, mode="clip")
    states = found.states
    if states is not None:
        states = np.where(rows, states.take(places, mode="clip"), np.int8(0))
    return _Parsed(numbers, known, states)


def _written(column: pa.Array, asked: bool, hundred: float | None) -> _Parsed:
    """With a point or a comma at the speed of Arrow, anything else one by one."""
    try:
        return _typed(column.cast(pa.float64()))
    except pa.ArrowInvalid:
        pointed = pc.replace_substring(column, ",", ".")
        plain = pc.fill_null(pc.match_substring_regex(pointed, _PLAIN), False)
        kept = pc.if_else(plain, pointed, pa.scalar(None, column.type))
    found = _typed(kept.cast(pa.float64()))
    odd = np.flatnonzero(~np.asarray(plain) & np.asarray(column.is_valid()))
    if len(odd):
        rest = texts(column.take(pa.array(odd)))
        read = [_number(text, asked, hundred) for text in rest.values] + [(0.0, 0)]
        numbers, states = found.numbers.copy(), np.zeros(len(column), np.int8)
        numbers[odd] = np.array([n for n, _ in read])[rest.codes]
        states[odd] = np.array([s for _, s in read], np.int8)[rest.codes]
        known = found.known.copy()
        known[odd] = (rest.codes >= 0) & (states[odd] == 0)
        return _Parsed(numbers, known, states)
    return found


def _number(text: str, asked: bool, hundred: float | None) -> tuple[float, int]:
    if asked and text.casefold() in STATES:
        return 0.0, STATES[text.casefold()]
    if hundred is not None and text.endswith("%"):
        number = as_number(text[:-1])
        return (0.0, BAD) if number is None else (number / (100 / hundred), 0)
    number = as_number(text)
    return (0.0, BAD) if number is None else (number, 0)
