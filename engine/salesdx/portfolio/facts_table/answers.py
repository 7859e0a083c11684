"""A column of answers: each different value is read once, as answers.yaml reads it."""

import re
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from salesdx.answers.values import BadValue, bounds, read_value
from salesdx.facts import Value
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import Text
from salesdx.portfolio.facts_table import reasons
from salesdx.portfolio.facts_table.cells import Cells, Flags, some, there
from salesdx.portfolio.facts_table.faults import Faults, Rows, Told
from salesdx.portfolio.facts_table.numbers import (
    BAD,
    SAID,
    STATES,
    Limits,
    read_numbers,
)
from salesdx.portfolio.facts_table.texts import BROKEN, TOO_LONG, Coded, coded

_BETWEEN = re.compile(r"[;|]")
_GAPS = ("confirmed", "suspected", "noise", "insufficient")
Read = Callable[[str], Value | Text]  # the value of a text, or why it is none


def read_answers(
    column: pa.Array, name: str, question: QuestionEntry, faults: Faults
) -> Cells:
    """Answers to a question."""
    if question.type in ("scale", "number"):
        low, high = bounds(question)
        outside = reasons.outside(low, high)
        hundred = 100.0 if question.unit == "percent" else None
        limits = Limits(low, high, question.type == "scale", outside, hundred)
        return read_numbers(column, name, limits, faults, asked=True)
    if pa.types.is_boolean(column.type):
        return _yes_and_no(column)
    found = coded(column, tidy=question.type != "text")

    def read(text: str) -> Value | Text:
        given: object = text
        if question.type == "multi":
            given = _options(text)
            if "" in given:
                return reasons.NO_CELL
        value = read_value(question, given)
        return _told(question, given, value) if isinstance(value, BadValue) else value

    return _answered(found, name, read, STATES, faults)


def read_gaps(column: pa.Array, name: str, faults: Faults) -> Cells:
    """States of a gap."""

    def read(text: str) -> Value | Text:
        return text if text in _GAPS else reasons.GAP

    return _answered(coded(column), name, read, {}, faults)


def _answered(
    found: Coded, name: str, read: Read, states: Mapping[str, int], faults: Faults
) -> Cells:
    codes = np.zeros(max(1, len(found.values)), np.int32)
    kinds: dict[tuple[type, Value], int] = {}  # True and 1 are one key to Python
    why: dict[int, Text] = {}
    for place, text in enumerate(found.values):
        state = states.get(text.strip().casefold())
        if state is not None:
            codes[place] = state
            continue
        value = _unreadable(text) or read(text)
        if isinstance(value, Text):
            codes[place], why[place] = BAD, value
        else:
            codes[place] = kinds.setdefault((type(value), value), len(kinds))
    known = found.there
    as_they_are = np.array_equal(codes, np.arange(len(kinds)))
    if as_they_are and found.places.view(np.uint32).max(initial=0) < len(kinds):
        return Cells(found.places, known, tuple(v for _, v in kinds))
    places = codes.take(found.places, mode="clip")
    words: list[Flags | None] = [None, None]
    if codes.min() < 0:
        if why:
            faults.add(name, known & (places == BAD), _teller(found, why))
        words = [some(known & (places == s)) for s in SAID]
        known = known & (places >= 0)
        np.maximum(places, 0, out=places)  # a place that is none must still be one
    return Cells(places, known, tuple(v for _, v in kinds), *words)


def _teller(found: Coded, why: Mapping[int, Text]) -> Callable[[Rows], list[Told]]:
    def tell(rows: Rows) -> list[Told]:
        codes = found.places[rows].tolist()
        return [(_shown(found.values[c]), why[c]) for c in codes]

    return tell


def _shown(text: str) -> str:
    return "" if text in (BROKEN, TOO_LONG) else text


def _unreadable(text: str) -> Text | None:
    if text == BROKEN:
        return reasons.NOT_UTF8
    return reasons.LONG_TEXT if text == TOO_LONG else None


def _yes_and_no(column: pa.BooleanArray) -> Cells:
    yes = column.fill_null(True) if column.null_count else column
    no = ~np.asarray(yes)
    return Cells(no.astype(np.int32), there(column), (True, False))


def _options(text: str) -> list[str]:
    """Options as CSV has them; `[]` is none of them."""
    if text == "[]":
        return []
    return [part.strip() for part in _BETWEEN.split(text)]


def _told(question: QuestionEntry, given: object, why: BadValue) -> Text:
    """Why a value is no answer; a long one is not told in full."""
    short: object = given
    if isinstance(given, str):
        short = given[: reasons.SHOWN]
    elif isinstance(given, list):
        short = [str(v)[: reasons.SHOWN] for v in given]
    again = read_value(question, short)
    bad = again if isinstance(again, BadValue) else why
    return reasons.said(bad.message, bad.hint, question.id)
