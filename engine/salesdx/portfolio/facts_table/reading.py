"""Some rows of a table, read: every column by what it is, and what is wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesdx.language import Text
from salesdx.portfolio.facts_table import identity, reasons
from salesdx.portfolio.facts_table.answers import read_answers, read_gaps
from salesdx.portfolio.facts_table.cells import Cells, Flags, there
from salesdx.portfolio.facts_table.faults import Faults, Rows, Told
from salesdx.portfolio.facts_table.layout import ANY, ID, NORM, Layout, limits
from salesdx.portfolio.facts_table.numbers import read_numbers
from salesdx.portfolio.facts_table.source import FAULT, ROW
from salesdx.portfolio.facts_table.texts import BROKEN, TOO_LONG, Texts, texts

_CURRENCY = re.compile("[A-Z]{3}")
_LINES = {"too-many-cells": reasons.MANY_CELLS}


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Rows as columns; `numbers` count them from 1 through the whole table."""

    numbers: NDArray[np.int64]
    words: Mapping[str, Texts]
    figures: Mapping[str, Cells]
    answers: Mapping[str, Cells]
    norms: Mapping[str, Cells]
    gaps: Mapping[str, Cells]
    faults: Faults

    def only(self, rows: Flags) -> "ReadRows":
        """Some of the rows."""
        if rows.all():
            return self

        def of(cells: Mapping[str, Cells]) -> dict[str, Cells]:
            return {n: c.only(rows) for n, c in cells.items()}

        words = {n: Texts(t.codes[rows], t.values) for n, t in self.words.items()}
        return ReadRows(
            self.numbers[rows], words, of(self.figures), of(self.answers),
            of(self.norms), of(self.gaps), Faults(self.faults.counts[rows]),
        )  # fmt: skip


def read_rows(
    columns: Iterator[tuple[str, pa.Array]], numbers: NDArray[np.int64], layout: Layout,
    repeats: identity.Repeats,
) -> ReadRows:  # fmt: skip
    """Read rows, each column as one array; `numbers` unless the columns hold some."""
    rows, start = len(numbers), int(numbers[0]) - 1
    faults = Faults.none(rows)
    words: dict[str, Texts] = {}
    figures, answers, norms, gaps = (dict[str, Cells]() for _ in range(4))
    broken = np.zeros(rows, np.bool_)
    lines: pa.Array | None = None
    for name, column in columns:
        if name == ROW:
            numbers = np.asarray(column)
        elif name == FAULT:
            lines = column
        elif name == ID:
            words[ID] = texts(column)
            if lines is not None:
                broken = _broken(words[ID], lines, faults)
            _ids(words[ID], broken, faults)
            _repeated(words[ID], repeats, start, rows, faults)
        elif name in _CHECKS:
            words[name] = _checked(texts(column), name, _CHECKS[name], faults)
        elif (metric := layout.figures.get(name)) is not None:
            figures[name] = read_numbers(column, name, limits(metric), faults)
        elif (question := layout.answers.get(name)) is not None:
            answers[name] = read_answers(column, name, question, faults)
        elif name.startswith(NORM):
            norms[name.removeprefix(NORM)] = read_numbers(column, name, ANY, faults)
        else:
            gaps[name] = read_gaps(column, name, faults)
    return ReadRows(numbers, words, figures, answers, norms, gaps, faults)


def _broken(ids: Texts, column: pa.Array, faults: Faults) -> Flags:
    """Lines that could not be split; their start stands where the id would."""
    why = texts(column).each()
    lines = ids.each()

    def tell(rows: Rows) -> list[Told]:
        found = ((lines[r], why[r] or "") for r in rows.tolist())
        return [(line, _LINES.get(w, reasons.FEW_CELLS)) for line, w in found]

    bad = there(column)
    faults.add("", bad, tell)
    return bad


def _ids(ids: Texts, broken: Flags, faults: Faults) -> None:
    why = identity.faults(ids)
    bad = (ids.codes < 0) & ~broken
    if why:
        bad |= np.isin(ids.codes, list(why)) & ~broken

    def tell(rows: Rows) -> list[Told]:
        codes = ids.codes[rows].tolist()
        return [
            ("", reasons.NO_ID) if c < 0 else (_plain(ids.values[c]), why[c])
            for c in codes
        ]

    faults.add(ID, bad, tell)


def _repeated(
    ids: Texts, repeats: identity.Repeats, start: int, count: int, faults: Faults
) -> None:
    rows, first = repeats.within(start, start + count)
    bad = np.zeros(count, np.bool_)
    bad[rows] = True
    before = dict(zip(rows.tolist(), first, strict=True))

    def tell(rows: Rows) -> list[Told]:
        each = zip(rows.tolist(), ids.codes[rows].tolist(), strict=True)
        return [
            (_plain(ids.values[code]), reasons.repeated(before[row]))
            for row, code in each
        ]

    faults.add(ID, bad, tell)


def _checked(
    found: Texts, name: str, check: Callable[[str], str | Text], faults: Faults
) -> Texts:
    """Words that are known, in their usual form."""
    longest = max(map(len, found.values), default=0)
    if check is _name and found.readable and longest <= reasons.LONGEST_NAME:
        return found
    values, why = list(found.values), dict[int, Text]()
    for place, value in enumerate(found.values):
        said = check(value)
        if value == BROKEN:
            said = reasons.NOT_UTF8
        if isinstance(said, Text):
            why[place] = said
        else:
            values[place] = said

    def tell(rows: Rows) -> list[Told]:
        codes = found.codes[rows].tolist()
        return [(_plain(found.values[c]), why[c]) for c in codes]

    if why:
        faults.add(name, np.isin(found.codes, list(why)), tell)
    return Texts(found.codes, values, not why)


def _plain(value: str) -> str:
    return "" if value in (BROKEN, TOO_LONG) else value


def _name(value: str) -> str | Text:
    if value == TOO_LONG or len(value) > reasons.LONGEST_NAME:
        return reasons.LONG_NAME
    return value


def _model(value: str) -> str | Text:
    folded = value.casefold()
    return folded if folded in ("b2b", "b2c") else reasons.MODEL


def _currency(value: str) -> str | Text:
    return value if _CURRENCY.fullmatch(value) else reasons.CURRENCY


_CHECKS: Mapping[str, Callable[[str], str | Text]] = {
    "name": _name, "group": _name, "sales_model": _model, "industry": _name,
    "currency": _currency,
}  # fmt: skip
