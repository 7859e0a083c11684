"""Some rows of a table, read: every column by what it is, and what is wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesdx.language import Text
from salesdx.portfolio.facts_table import identity, reasons
from salesdx.portfolio.facts_table.answers import read_answers, read_gaps
from salesdx.portfolio.facts_table.cells import Cells, Flags
from salesdx.portfolio.facts_table.faults import Faults, Rows, Told
from salesdx.portfolio.facts_table.layout import ANY, ID, NORM, Layout, limits
from salesdx.portfolio.facts_table.numbers import read_numbers
from salesdx.portfolio.facts_table.source import FAULT
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
    table: pa.Table, start: int, layout: Layout,
    repeats: identity.Repeats | None = None,
) -> ReadRows:  # fmt: skip
    """Read rows from a place on; each column is one array."""
    faults = Faults.none(table.num_rows)
    columns = {n: table.column(n).chunk(0) for n in table.column_names}
    numbers = identity.numbers_of(table, start)
    words = {n: texts(columns[n]) for n in layout.words}
    broken = np.zeros(table.num_rows, np.bool_)
    if FAULT in columns:
        broken = _broken(words[ID], columns[FAULT], faults)
    _ids(words[ID], broken, faults)
    if repeats is not None:
        _repeated(words[ID], repeats, start, table.num_rows, faults)
    for name, check in _CHECKS.items():
        if name in words:
            words[name] = _checked(words[name], name, check, faults)
    return ReadRows(
        numbers, words,
        {n: read_numbers(columns[n], n, limits(m), faults)
         for n, m in layout.figures.items()},
        {n: read_answers(columns[n], n, q, faults) for n, q in layout.answers.items()},
        {n: read_numbers(columns[NORM + n], NORM + n, ANY, faults)
         for n in layout.norms},
        {n: read_gaps(columns[n], n, faults) for n in layout.gaps},
        faults,
    )  # fmt: skip


def _broken(ids: Texts, column: pa.Array, faults: Faults) -> Flags:
    """Lines that could not be split; their start stands where the id would."""
    why = texts(column).each()
    lines = ids.each()

    def tell(rows: Rows) -> list[Told]:
        found = ((lines[r], why[r] or "") for r in rows.tolist())
        return [(line, _LINES.get(w, reasons.FEW_CELLS)) for line, w in found]

    bad = np.asarray(column.is_valid())
    faults.add("", bad, tell)
    return bad


def _ids(ids: Texts, broken: Flags, faults: Faults) -> None:
    why = {i: w for i, v in enumerate(ids.values) if (w := identity.fault(v))}
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
    return Texts(found.codes, values)


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
