"""A saved map and its headers, found again under other names."""

import difflib
from collections.abc import Iterable, Iterator

from salesdx.crm import words
from salesdx.crm.guess import declared
from salesdx.crm.headers import plain, sure_of
from salesdx.crm.mapping import FileMap, Mapping, StatusRule, TableMap
from salesdx.crm.opening import Opened
from salesdx.crm.rows import normalise_header
from salesdx.crm.samples import Samples
from salesdx.crm.vendors import form_of
from salesdx.tables import TABLES

SAME_TABLE = 0.6  # share of the headers of two files that are the same
ANOTHER_TABLE = 0.4  # below it a file of the same name is another file
SPELT_ALIKE = 0.8  # a letter or two mistyped, not another word


def find_map(mapping: Mapping, opened: Opened, form: str | None) -> FileMap | None:
    """The map of a file: by its name, else the one whose headers it shares most.

    Args:
        mapping: the saved mapping.
        opened: the file.
        form: the form that it was recognised as.
    """
    named = mapping.of(opened.name)
    if named is not None and not _another_table(named, opened):
        return named
    shares = [
        (share, -place, one)
        for place, one in enumerate(mapping.files)
        if one is not named
        and (one.form is None or form is None or one.form == form)
        and (share := _share(one, opened)) >= SAME_TABLE
        and not list(_lost_needed(one, opened))
    ]
    return max(shares, key=lambda s: s[:2])[2] if shares else None


def _another_table(one: FileMap, opened: Opened) -> bool:
    """A file of an old name with quite other columns: `export.csv` of another CRM."""
    if not one.headers:
        return False  # written by hand: the name decides
    return _share(one, opened) < ANOTHER_TABLE


def _share(one: FileMap, opened: Opened) -> float:
    present = {plain(n) for n in opened.rows().table.column_names}
    wanted = one.headers or [
        h for t in one.tables if t.shape is None for h in t.all_headers
    ]
    known = {plain(h) for h in wanted}
    return len(known & present) / max(len(known | present if one.headers else known), 1)


def _lost_needed(one: FileMap, opened: Opened) -> Iterator[str]:
    """Headers that tables cannot be read without and that are not found again."""
    for table in one.tables:
        samples = opened.samples(table.shape)
        again = Again(samples, one, table)
        for column, header in needed_headers(table):
            if again.find(header, column, sure=True) is None:
                yield header


class Again:
    """Finds a header of a saved map in a file, under its own name or another."""

    def __init__(self, samples: Samples, saved: FileMap, table: TableMap) -> None:
        self.samples = samples
        self.table = table
        used = {normalise_header(h) for h in table.all_headers}
        before = {normalise_header(h) for h in saved.headers}
        self.free = [n for n in samples.names if n not in used and n not in before]
        self.lost = [h for h in used if h not in samples.names]
        form = form_of(saved.form) if saved.form else None
        self.form = form.tables.get(table.table) if form else None

    def find(self, header: str, column: str, sure: bool) -> str | None:
        """The header itself, a certain successor, or (unless `sure`) a likely one."""
        name = normalise_header(header)
        if name in self.samples.names:
            return name
        certain = [n for n in self.free if self.certain(header, column, n)]
        if certain or sure:
            return certain[0] if certain else None
        likely = [n for n in self.free if self._likely(name, column, n)]
        return likely[0] if likely else None

    def certain(self, header: str, column: str, name: str) -> bool:
        """The same letters or a known name of the column, and values that fit."""
        if not self.samples.fits(name, declared(self.table.table, column)):
            return False
        if plain(name) == plain(header):
            return True
        if name in self._of_form(column):
            return True
        label = self.samples.labels[name]
        return sure_of(self.table.table, column, name, label, alike=False) > 0

    def by_words(self, rule: StatusRule) -> str | None:
        """A new column that holds the words of a rule."""
        wanted = {words.normalise(w) for w in (*rule.won, *rule.lost)}
        for name in self.free:
            counts = self.samples.counts(name) or {}
            if wanted & {words.normalise(w) for w in counts}:
                return name
        return None

    def _likely(self, header: str, column: str, name: str) -> bool:
        kind = declared(self.table.table, column)
        if self.samples.fits(name, kind) < 1.0:
            return False
        close = difflib.SequenceMatcher(None, plain(header), plain(name)).ratio()
        told = kind.type in {"time", "date", "money", "number"}
        alone = told and len(self.lost) == 1 and len(self._telling(column)) == 1
        return close >= SPELT_ALIKE or alone

    def _telling(self, column: str) -> list[str]:
        kind = declared(self.table.table, column)
        return [n for n in self.free if self.samples.fits(n, kind) == 1.0]

    def _of_form(self, column: str) -> set[str]:
        if self.form is None:
            return set()
        many: Iterable[str] = self.form.columns.get(column, [])
        return {normalise_header(h) for h in many}


def needed_headers(table: TableMap) -> list[tuple[str, str]]:
    """Column and header of what a table cannot be read without."""
    return [
        (c.name, h)
        for c in TABLES[table.table].columns
        if c.required
        for h in table.headers(c.name)
    ]
