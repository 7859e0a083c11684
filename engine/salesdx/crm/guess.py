"""Guess which table a file is and which header feeds which column.

Names first (headers.yaml), then the values have their say: a date column that holds
no dates, or a key that repeats, is no match; words for won and lost tell the outcome
whatever stands above them. Every guess carries a confidence 0..1: below `SURE` it is
shown as doubtful and asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow.compute as pc

from salesdx.crm.headers import (
    FAR,
    in_minutes,
    is_personal,
    is_scaled,
    scaled_by,
    speaks_against,
    sure_of,
)
from salesdx.crm.mapping import StatusRule
from salesdx.crm.outcomes import only_likely, status_of
from salesdx.crm.rows import Rows
from salesdx.crm.samples import Samples
from salesdx.crm.times import date_order, parse_times
from salesdx.crm.vendors.form import NameKind
from salesdx.tables import TABLES, Column, Table

SURE = 0.6  # below it a match is a doubt
BY_VALUES = 0.5  # nothing but the values speaks for a match
KEY_UNIQUE = 0.95  # above this share of distinct ids a row is a deal
EXTRA = (Column("currency"), Column("expected_close", "date"), Column("title"))
# columns worth a question even where the name alone is no reason to take a header
_WORTH_ASKING = frozenset({
    "amount", "entered_at", "closed_at", "client_id", "manager_id", "lost_reason",
})  # fmt: skip


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
    `maybe` are headers too far from the column to be taken without an answer.
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
    maybe: tuple[Match, ...] = ()

    @property
    def used(self) -> set[str]:
        """Headers that feed a column."""
        more = {h for many in self.more.values() for h in many}
        return {*self.columns.values(), *more}


def guess_tables(samples: Samples, exact: bool = False) -> list[Guess]:
    """The table of a file, and `deal_items` beside `deals` where rows are products.

    Args:
        samples: the file.
        exact: accept our own column names only (`--crm table`).

    Returns:
        The best guess first; empty when no table fits.
    """
    found = [
        guess
        for name in TABLES
        if (guess := _guess(samples, TABLES[name], exact)) is not None
    ]
    own_name = Path(samples.rows.source).stem.casefold()
    moves = any(g.table == "stage_history" for g in found)
    found = [g for g in found if not (moves and _repeats(samples.rows, g))]
    if any(_is_of_deals(g) for g in found):
        found = [g for g in found if g.table not in _OF_DEALS]
    found.sort(key=lambda g: (g.table != own_name, -g.score, g.table))
    best = found[:1]
    items = [
        g
        for g in found[1:]
        if g.table == "deal_items"
        and any(m.column == "qty" and m.confidence >= SURE for m in g.matches)
    ]
    return best + (items if best and best[0].table == "deals" else [])


# what says nothing without it
_NEEDED: dict[str, tuple[set[str], ...]] = {  # one of each set
    "activities": ({"started_at"},),
    "complaints": ({"opened_at"},),
    "plans": ({"period"},),
    "marketing_costs": ({"period"}, {"channel", "source", "campaign"}),
    "surveys": ({"nps_score", "liked", "disliked", "improve_topics"},),
}
# what a row with the number of a deal of its own is not
_OF_DEALS = frozenset({"clients", "managers", "products"})
NAMED = 0.85  # a header that can hardly be anything else


def _is_of_deals(guess: Guess) -> bool:
    named = any(m.column == "deal_id" and m.confidence > NAMED for m in guess.matches)
    return guess.table == "deals" and named


# the shape that gives rows without ids one, what they then are, and what shows it
WITHOUT_IDS = (
    ("table.calls", "activities", {"duration_s", "direction"}),
    ("table.requests", "leads", {"source", "channel", "campaign", "assigned_to"}),
)


def guess_without_ids(samples: Samples, shape: str) -> Guess | None:
    """Calls and requests whose ids a shape makes; None where it finds too little."""
    table, telling = next((t, c) for s, t, c in WITHOUT_IDS if s == shape)
    guess = _guess(samples, TABLES[table], exact=False)
    if guess is None or telling.isdisjoint(guess.columns):
        return None
    return replace(guess, shape=shape)


def guess_as(samples: Samples, name: str) -> Guess:
    """The best guess for a table that a person named: what lacks, the values choose.

    Required columns that no header feeds get the headers most like them, each with
    little confidence, so that a person can put it right.
    """
    table = TABLES[name]
    guess = _with_status(samples, table, matches_of(samples, table, False), False)
    matches = list(guess.matches)
    columns = dict(guess.columns)
    for column in lacking_of(table, columns, guess.status):
        free = [n for n in samples.names if n not in columns.values()]
        fits = [n for n in free if samples.fits(n, declared(table.name, column)) == 1.0]
        if column == table.key:
            fits.sort(key=lambda n: not samples.is_unique(n))
        if fits:
            matches.append(Match(column, fits[0], BY_VALUES - 0.1))
            columns[column] = fits[0]
    again = _with_status(samples, table, matches, False)
    return replace(again, maybe=guess.maybe)


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
    return bool(pc.count_distinct(cells).as_py() < KEY_UNIQUE * len(cells))


def personal_headers(samples: Samples, mapped: set[str]) -> list[str]:
    """Unmapped headers of personal data: by their name, or by what they hold."""
    return [
        n
        for n in samples.names
        if n not in mapped and (is_personal(n) or samples.is_personal(n))
    ]


def _guess(samples: Samples, table: Table, exact: bool) -> Guess | None:
    matches = matches_of(samples, table, exact)
    if table.name == "deals" and not exact:
        matches = _with_key(samples, matches)
    guess = _with_status(samples, table, matches, exact)
    if not exact and _spoken_against(samples, guess):
        return None
    told = guess.status is not None and guess.status.always is None
    if lacking_of(table, guess.columns, guess.status) or len(guess.columns) + told < 2:
        return None
    needed = () if exact else _NEEDED.get(table.name, ())
    if any(one_of.isdisjoint(guess.columns) for one_of in needed):
        return None
    if table.key and not samples.is_key(guess.columns[table.key]):
        return None
    filled = samples.rows.rows_in > 0  # of empty columns nothing can be sure
    if filled and not any(m.confidence >= SURE for m in guess.matches):
        return None
    return guess


def _spoken_against(samples: Samples, guess: Guess) -> bool:
    """Whether a header shows that the file is another table, no outcome being told."""
    told = guess.status if guess.status_sure else None
    sure = told is not None and ("amount" in guess.columns or not only_likely(told))
    if guess.table == "deals" and sure:
        return False
    return any(speaks_against(guess.table, name) for name in samples.names)


def _with_status(
    samples: Samples, table: Table, matches: Sequence[Match], exact: bool
) -> Guess:
    columns = {m.column: m.header for m in matches}
    status, sure = None, True
    if table.name == "deals" and "deal_id" in columns:
        status, sure = status_of(samples, columns, exact)
        if status is not None and columns.get("status"):
            matches = [m for m in matches if m.column != "status"]
            columns.pop("status")
        if not exact:
            matches = [*matches, *_entry(samples, columns, status)]
            columns = {m.column: m.header for m in matches}
        if status is not None and status.always == "won" and "entered_at" in columns:
            # an order is a deal won on its day
            columns.setdefault("closed_at", columns["entered_at"])
    score = round(sum(m.confidence for m in matches), 6)
    maybe = () if exact else tuple(_maybe(samples, table, columns))
    return Guess(table.name, tuple(matches), status, sure, score, columns, maybe=maybe)


def _with_key(samples: Samples, matches: list[Match]) -> list[Match]:
    """A unique column as the id of deals whose outcome is there in words."""
    if not matches or any(m.column == "deal_id" for m in matches):
        return matches
    used = {m.header for m in matches}
    told, sure = status_of(
        samples, {m.column: m.header for m in matches} | {"deal_id": ""}, False
    )
    if not sure or told is None or len(matches) < 2 or only_likely(told):
        return matches
    for name in samples.names:
        free = name not in used and name != told.column
        if free and samples.is_unique(name) and samples.fits(name, _ID) == 1.0:
            return [Match("deal_id", name, BY_VALUES), *matches]
    return matches


_ID = Column("", "id")


def _entry(
    samples: Samples, columns: Mapping[str, str], status: StatusRule | None
) -> list[Match]:
    """The earliest column of dates, where no header says when a deal entered."""
    if "entered_at" in columns or "closed_at" in columns or (status and status.won_if):
        return []
    free = [n for n in dates_of(samples) if n not in columns.values()]
    return [Match("entered_at", free[0], BY_VALUES)] if free else []


def dates_of(samples: Samples) -> list[str]:
    """Headers of columns that hold dates, the earliest on the whole first."""
    starts = {}
    for name in samples.names:
        if samples.is_date(name):
            sample = samples.of(name)
            times = parse_times(sample, date_order([sample]).order, "UTC")
            middle = pc.mean(times.cast("int64")).as_py()
            if middle is not None:
                starts[name] = middle
    return sorted(starts, key=lambda n: starts[n])


def _maybe(samples: Samples, table: Table, columns: Mapping[str, str]) -> list[Match]:
    """Far names of columns that matter, where nothing nearer was found."""
    found = []
    for column in table.columns:
        if column.name not in _WORTH_ASKING or column.name in columns:
            continue
        far = [
            Match(column.name, n, FAR)
            for n in samples.names
            if n not in columns.values()
            and not _scaled(samples, n)
            and sure_of(table.name, column.name, n, samples.labels[n], True) == FAR
            and samples.fits(n, column) == 1.0
        ]
        found += far[:1]
    if table.name == "deals" and "closed_at" in columns:
        found += _before_closing(samples, columns)
    return found


def _before_closing(samples: Samples, columns: Mapping[str, str]) -> list[Match]:
    """A free column of dates before the closing: perhaps the entry, perhaps not."""
    if "entered_at" in columns:
        return []
    order = dates_of(samples)
    closed = columns["closed_at"]
    earlier = order[: order.index(closed)] if closed in order else []
    free = [n for n in earlier if n not in columns.values()]
    return [Match("entered_at", free[0], FAR)] if free else []


def _scaled(samples: Samples, name: str) -> bool:
    label = samples.labels[name]
    return is_scaled(label) or scaled_by(samples.rows.title, label)


def matches_of(
    samples: Samples, table: Table, exact: bool, alike: bool = True
) -> list[Match]:
    """One header a column, surest pairs first; each header is used once."""
    wanted = [*table.columns, *(EXTRA if table.name == "deals" else ())]
    pairs = []
    for place, name in enumerate(samples.names):
        label = samples.labels[name]
        for order, column in enumerate(wanted):
            if exact and name != column.name:
                continue
            amount = column.type == "money" or column.name == "plan_value"
            if amount and _scaled(samples, name):
                continue
            if column.name == "duration_s" and in_minutes(label):
                continue
            sure = sure_of(table.name, column.name, name, label, alike and not exact)
            if sure <= FAR:
                continue
            sure *= samples.fits(name, column)
            if sure > 0 and (column.name != table.key or samples.is_key(name)):
                pairs.append((-sure, order, place, column.name, name))
    chosen: dict[str, Match] = {}
    used: set[str] = set()
    for negative, _, _, column_name, name in sorted(pairs):
        if column_name not in chosen and name not in used:
            chosen[column_name] = Match(column_name, name, round(-negative, 3))
            used.add(name)
    ordered = [c.name for c in wanted]
    return sorted(chosen.values(), key=lambda m: ordered.index(m.column))


def declared(table: str, name: str) -> Column:
    """A column of the schema, or one of those that deals keep besides."""
    extra = {c.name: c for c in EXTRA}
    return TABLES[table].column(name) or extra.get(name, Column(name))
