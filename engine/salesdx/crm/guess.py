"""Guess which table a file is and which header feeds which column.

Names first (headers.yaml), then the values have their say: a date column that holds
no dates, or a key that repeats, is no match. Every guess carries a confidence 0..1
and one sample, so that a person can agree at a glance.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.amounts import parse_numbers
from salesdx.crm.headers import bare, is_personal, sureness
from salesdx.crm.mapping import StatusRule
from salesdx.crm.rows import Rows, first_distinct
from salesdx.crm.times import date_order, parse_times
from salesdx.crm.vendors.form import NameKind
from salesdx.tables import TABLES, Column, Table

SAMPLE = 2_000
FITS = 0.8  # share of sampled values that must read as the type
KEY_UNIQUE = 0.95  # above this share of distinct ids a row is a deal
KEY_DISTINCT = 0.2  # a key repeats at most about five times (rows of products)
EXTRA = (Column("currency"), Column("expected_close"), Column("title"))
_ORDERS = ("order", "заказ")


@dataclass(frozen=True, slots=True)
class Match:
    """One header of a file for one column."""

    column: str
    header: str  # normalised, unique in the file
    confidence: float


@dataclass(frozen=True, slots=True)
class Guess:
    """One table that a file seems to hold.

    `more` are further headers of a column: cell by cell the first filled one counts.
    """

    table: str
    matches: tuple[Match, ...]
    status: StatusRule | None = None
    status_sure: bool = True
    score: float = 0.0
    columns: Mapping[str, str] = field(default_factory=dict)
    shape: str | None = None  # qualified name, see `vendors`
    named: Mapping[str, NameKind] = field(default_factory=dict)
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def used(self) -> set[str]:
        """Headers that feed a column."""
        more = {h for many in self.more.values() for h in many}
        return {*self.columns.values(), *more}


def guess_tables(rows: Rows, exact: bool = False) -> list[Guess]:
    """The table of a file, and `deal_items` beside `deals` where rows are products.

    Args:
        rows: the file.
        exact: accept our own column names only (`--crm table`).

    Returns:
        The best guess first; empty when no table fits.
    """
    found = [
        guess
        for name in TABLES
        if (guess := _guess(rows, TABLES[name], exact)) is not None
    ]
    own_name = Path(rows.source).stem.casefold()
    moves = any(g.table == "stage_history" for g in found)
    found = [g for g in found if not (moves and _repeats(rows, g))]
    found.sort(key=lambda g: (g.table != own_name, -g.score, g.table))
    best = found[:1]
    items = [g for g in found[1:] if g.table == "deal_items" and "qty" in g.columns]
    return best + (items if best and best[0].table == "deals" else [])


def lacking_of(
    table: Table, columns: Mapping[str, str], status: StatusRule | None
) -> list[str]:
    """Required columns that no header feeds."""
    return [
        c.name
        for c in table.columns
        if c.required and c.name not in columns and not (c.name == "status" and status)
    ]


def _repeats(rows: Rows, guess: Guess) -> bool:
    """Deals without an outcome whose ids repeat: rather moves between stages."""
    if guess.table != "deals" or guess.status_sure:
        return False
    cells = rows.table[guess.columns["deal_id"]]
    return len(pc.unique(cells)) < KEY_UNIQUE * len(cells)


def personal_headers(rows: Rows, mapped: set[str]) -> list[str]:
    """Unmapped headers of personal data: phones, addresses, mail."""
    return [n for n in rows.table.column_names if n not in mapped and is_personal(n)]


def _guess(rows: Rows, table: Table, exact: bool) -> Guess | None:
    matches = matches_of(rows, table, exact)
    columns = {m.column: m.header for m in matches}
    status, sure = None, True
    if table.name == "deals" and "deal_id" in columns:
        status, sure = status_of(rows, columns, exact)
        if status is not None and columns.get("status"):
            matches = [m for m in matches if m.column != "status"]
            columns.pop("status")
        if status is not None and status.always == "won" and "entered_at" in columns:
            # an order is a deal won on its day
            columns.setdefault("closed_at", columns["entered_at"])
    lacking = lacking_of(table, columns, status)
    told = status is not None and status.always is None
    if lacking or len(columns) + told < 2:
        return None
    if table.key and not _is_key(rows.table[columns[table.key]]):
        return None
    score = sum(m.confidence for m in matches)
    return Guess(table.name, tuple(matches), status, sure, round(score, 6), columns)


def matches_of(rows: Rows, table: Table, exact: bool) -> list[Match]:
    """One header a column, surest pairs first; each header is used once."""
    wanted = [*table.columns, *(EXTRA if table.name == "deals" else ())]
    pairs = []
    for place, name in enumerate(rows.table.column_names):
        for order, column in enumerate(wanted):
            sure = sureness(table.name, column.name)
            confidence = max(sure.get(name, 0.0), sure.get(bare(name), 0.0) - 0.01)
            if exact and name != column.name:
                continue
            if confidence > 0:
                confidence *= fit(rows.table[name], column)
                if confidence > 0:
                    pairs.append((-confidence, order, place, column.name, name))
    chosen: dict[str, Match] = {}
    used: set[str] = set()
    for negative, _, _, column_name, name in sorted(pairs):
        if column_name not in chosen and name not in used:
            chosen[column_name] = Match(column_name, name, round(-negative, 3))
            used.add(name)
    ordered = [c.name for c in wanted]
    return sorted(chosen.values(), key=lambda m: ordered.index(m.column))


def _sample(cells: pa.ChunkedArray) -> pa.Array:
    """Up to `SAMPLE` distinct values from the whole column."""
    return first_distinct(cells, SAMPLE)


def fit(cells: pa.ChunkedArray, column: Column) -> float:
    """1 when the values read as the column's type, 0 when they do not."""
    sample = _sample(cells)
    if not len(sample):
        return 0.5  # an empty column says nothing
    if column.type in {"time", "date"}:
        order = date_order([sample])
        good = len(parse_times(sample, order.order, "UTC").drop_null())
    elif column.type in {"number", "money"}:
        good = len(parse_numbers(sample).drop_null())
    elif column.type == "bool":
        known = words.booleans()
        good = sum(words.normalise(w) in known for w in sample.to_pylist())
    elif column.type == "enum" and column.name != "status":
        codes = words.codes(column.name)
        good = sum(words.normalise(w) in codes for w in sample.to_pylist())
    else:
        return 1.0
    return 1.0 if good >= FITS * len(sample) else 0.0


def _is_key(cells: pa.ChunkedArray) -> bool:
    filled = len(cells) - cells.null_count
    distinct = len(pc.unique(cells).drop_null())
    return bool(filled >= FITS * len(cells) and distinct >= KEY_DISTINCT * filled)


def status_of(
    rows: Rows, columns: Mapping[str, str], exact: bool
) -> tuple[StatusRule | None, bool]:
    """How the status of a deal is told, and whether anything says so."""
    told = [
        rule
        for name in ("status", "stage_id")
        if name in columns and (rule := by_words(rows, columns[name])) is not None
    ]
    closed = _flag(rows, ("is closed", "isclosed", "сделка закрыта", "is deal closed?"))
    if told:
        rule = max(told, key=lambda r: bool(r.won) + bool(r.lost))
        return rule.model_copy(update={"closed_if": closed}), True
    won = _flag(rows, ("is won", "iswon", "is closed won", "is_won"))
    won = won or _dates(rows, ("won time", "won_time", "won date", "won_date"))
    if won:
        lost = _dates(rows, ("lost time", "lost_time", "lost date", "lost_date"))
        return StatusRule(won_if=won, lost_if=lost, closed_if=closed), True
    if "status" in columns and len(_sample(rows.table[columns["status"]])):
        return StatusRule(column=columns["status"]), False
    if exact:
        return None, False
    if any(bare(columns["deal_id"]).startswith(word) for word in _ORDERS):
        return StatusRule(always="won"), False
    if "stage_id" in columns:
        return StatusRule(column=columns["stage_id"]), False
    return StatusRule(always="open"), False


def by_words(rows: Rows, header: str) -> StatusRule | None:
    """A rule from the distinct words of a column, when some mean won or lost."""
    distinct = first_distinct(rows.table[header], 201)
    if len(distinct) > 200:
        return None
    found: dict[str, list[str]] = {"won": [], "lost": []}
    for word in sorted(distinct.to_pylist()):
        code = status_code(word)
        if code in found:
            found[code].append(word)
    if not any(found.values()):
        return None
    return StatusRule(column=header, won=found["won"], lost=found["lost"])


def status_code(word: str) -> str | None:
    """won, lost or open for a status or stage name; None when it says neither.

    `6 - Closed Won (Sales)` is won: numbering and a pipeline in brackets are dropped.
    """
    codes = words.codes("status")
    text = words.normalise(word)
    plain = re.sub(r"^[\d\s.\-)#:]+|\s*\([^)]*\)$|^c\d+:", "", text)
    return codes.get(text) or codes.get(plain)


def _flag(rows: Rows, names: tuple[str, ...]) -> str | None:
    known = words.booleans()
    for name in rows.table.column_names:
        if bare(name) in names:
            sample = _sample(rows.table[name]).to_pylist()
            if sample and all(words.normalise(w) in known for w in sample):
                return str(name)
    return None


def _dates(rows: Rows, names: tuple[str, ...]) -> str | None:
    for name in rows.table.column_names:
        if bare(name) in names and fit(rows.table[name], Column("", "time")) == 1.0:
            return str(name)
    return None
