"""Merge new rows into a canonical table without duplicates.

The rules (told to users in docs/importing.md):

- A row with a key replaces the row of that key, column by column; a column that the
  file does not have, or has only empty, stays as it was. Nothing is ever deleted.
- Events (moves between stages, complaints ...) have no key: an event is the same when
  `SAME_EVENT` agrees. Other events stay, so that the dump of one month leaves the
  months before. What comes whole (the items of a deal) is replaced whole.
- Of several files of one import and one form the newer wins: the one whose last date
  is later; of equal dates the one whose name is later. Files of different forms
  (activities and calls) each know a part: the later name wins where both know a value.
- What is imported now wins over the case.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.asof import event_days, plausible_period
from salesdx.crm.staging import set_column_aside
from salesdx.crm.values import ARROW_TYPES
from salesdx.tables import Table

# columns that tell one event of a table without a key from the others
SAME_EVENT: dict[str, tuple[str, ...]] = {
    "stage_history": ("deal_id", "stage_id", "entered_at"),
    "deal_items": ("deal_id",),
    "complaints": ("client_id", "department", "manager_id", "opened_at"),
    "surveys": ("client_id", "date"),
    "churn_log": ("client_id", "date"),
    "marketing_costs": ("channel", "source", "campaign", "period"),
    "absences": ("manager_id", "type", "from"),
    "plans": ("period", "manager_id", "product", "client_id", "metric"),
    "buying_centre": ("deal_id", "contact_id"),
    "wallet": ("client_id", "measured_at"),
    "funnel_definition": ("funnel_id",),
    "call_reviews": ("activity_id", "date", "reviewer"),
    "management_reviews": ("date", "head"),
}
# of what is replaced whole: which row of the old is the same, where columns lack
_SAME_ROW: dict[str, tuple[str, ...]] = {
    "deal_items": ("deal_id", "product_id"),
    "funnel_definition": ("funnel_id", "stage_id"),
}
# an event can happen once only; of other tables equal rows of one file all count
ONCE = frozenset({"stage_history"})
_STEP = 1 << 16  # rows taken at once
_BETWEEN, _NOTHING = "\x1f", "\x00"


@dataclass(frozen=True, slots=True)
class Part:
    """What one file gives to a table.

    `weak` are columns that were assumed, not read: they only fill new rows. `form` is
    the kind of file, empty where it was guessed.
    """

    source: str
    rows: pa.Table
    weak: frozenset[str] = frozenset()
    form: str = ""


def merged(old: pa.Table, parts: Sequence[Part], table: Table) -> pa.Table:
    """The table with what several files know of it, whatever their order."""
    found = old
    first = {p.form: min(q.source.casefold() for q in parts if q.form == p.form)
             for p in parts}  # fmt: skip
    told: list[Part] = []
    for part in sorted(parts, key=lambda p: (first[p.form], p.form, _age(p, table))):
        rows = part.rows
        others = [p.rows for p in told if p.form != part.form and p.rows.num_rows]
        if table.key and others and rows.num_rows:
            rows = _completed(found, rows, others, table.key)
        found = merge(found, rows, table, part.weak)
        told.append(part)
    if table.key and len(parts) > 1 and found.num_rows:
        found = _as_they_came(found, [old, *(p.rows for p in parts)], table.key)
    return found


def _completed(
    found: pa.Table, new: pa.Table, others: Sequence[pa.Table], key: str
) -> pa.Table:
    """Fill what `new` leaves empty, in rows that other forms of this import know."""
    keys = _one(new[key])
    theirs = pa.concat_arrays([_one(other[key]) for other in others])
    place = pc.index_in(keys, value_set=_one(found[key]))
    both = pc.is_in(keys, value_set=theirs)
    place = pc.if_else(both, place, pa.scalar(None, pa.int32()))
    for name in new.column_names:
        if name in found.column_names and new[name].null_count:
            filled = pc.coalesce(_one(new[name]), _one(found[name]).take(place))
            new = new.set_column(new.column_names.index(name), name, filled)
    return new


def _age(part: Part, table: Table) -> tuple[bool, dt.date, str]:
    """Older first; a file without any date only adds to those that have some."""
    period = plausible_period(*event_days({table.name: part.rows}))
    day = period[1] if period else None
    return day is None, day or dt.date.min, part.source.casefold()


def merge(
    old: pa.Table, new: pa.Table, table: Table, weak: Collection[str] = ()
) -> pa.Table:
    """Rows of both by the rules above.

    Args:
        old: the table so far.
        new: rows to add, typed.
        table: the schema.
        weak: columns of `new` that were assumed, not read: they only fill new rows.
    """
    if not new.num_rows:
        return old
    once = table.name in ONCE
    if not old.num_rows:
        return _ordered(_distinct(new) if once else new, table)
    if table.key:
        new = _aligned(old, _filled(old, new), weak, table)
        return _ordered(_by_key(old, new, table.key), table)
    new = _distinct(new) if once else new
    names = SAME_EVENT[table.name]
    new = _aligned_events(old, new, _SAME_ROW.get(table.name, names))
    stays = pc.invert(pc.is_in(_events(old, names), value_set=_events(new, names)))
    return _ordered(_stack(old.filter(stays), new), table)


def _one(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def _filled(old: pa.Table, new: pa.Table) -> pa.Table:
    """Without columns of `old` that hold nothing here: they say nothing of the rows."""
    empty = {n for n in new.column_names if new[n].null_count == new.num_rows}
    return new.drop_columns(sorted(empty & set(old.column_names)))


def _aligned(
    old: pa.Table, new: pa.Table, weak: Collection[str], table: Table
) -> pa.Table:
    """Fill in `new` the columns that only `old` knows, by key."""
    given = set(new.column_names) - set(weak)
    lacking = [n for n in old.column_names if n not in given]
    if lacking:
        place = pc.index_in(_one(new[table.key]), value_set=_one(old[table.key]))
    for name in lacking:
        if name not in new.column_names:
            new = new.append_column(name, _one(old[name]).take(place))
        else:
            known = pc.coalesce(_one(old[name]).take(place), _one(new[name]))
            new = new.set_column(new.column_names.index(name), name, known)
    return _reopened(new) if table.name == "deals" else new


def _reopened(deals: pa.Table) -> pa.Table:
    """A deal that is open again has no closing any more."""
    if not {"status", "closed_at"} <= set(deals.column_names):
        return deals
    closed = pc.fill_null(pc.not_equal(deals["status"], "open"), True)
    kept = pc.if_else(closed, deals["closed_at"], pa.scalar(None, pa.timestamp("s")))
    return deals.set_column(deals.column_names.index("closed_at"), "closed_at", kept)


def _events(table: pa.Table, names: Sequence[str]) -> pa.Array:
    """One text an event; what is not known is a value like any other."""
    parts = []
    for name in names:
        if name in table.column_names:
            parts.append(pc.fill_null(_one(table[name]).cast(pa.string()), _NOTHING))
        else:
            parts.append(pa.array([_NOTHING] * table.num_rows))
    return pc.binary_join_element_wise(*parts, _BETWEEN)


def _aligned_events(old: pa.Table, new: pa.Table, names: Sequence[str]) -> pa.Table:
    """Fill in `new` the columns that only `old` knows, where a row is one in both."""
    lacking = [n for n in old.column_names if n not in new.column_names]
    if not lacking:
        return new
    before, after = _events(old, names), _events(new, names)
    place = pc.index_in(after, value_set=before)
    single = pc.and_(
        pc.is_in(after, value_set=_once(after)),
        pc.is_in(after, value_set=_once(before)),
    )
    place = pc.if_else(single, place, pa.scalar(None, pa.int32()))
    for name in lacking:
        new = new.append_column(name, _one(old[name]).take(place))
    return new


def _once(events: pa.Array) -> pa.Array:
    counted = pc.value_counts(events)
    return counted.field("values").filter(pc.equal(counted.field("counts"), 1))


def _by_key(old: pa.Table, new: pa.Table, key: str) -> pa.Table:
    """Old order kept, replaced in place; new keys at the end."""
    keys = _one(old[key])
    if keys.equals(_one(new[key])):
        return new  # the same rows again
    place = pc.index_in(keys, value_set=_one(new[key]))
    known = pc.is_valid(place).to_numpy(zero_copy_only=False)
    at = np.arange(old.num_rows)
    at[known] = old.num_rows + place.drop_null().to_numpy(zero_copy_only=False)
    added = pc.invert(pc.is_in(_one(new[key]), value_set=keys))
    rest = np.flatnonzero(added.to_numpy(zero_copy_only=False)) + old.num_rows
    places = np.concatenate([at, rest])
    if np.array_equal(places, np.arange(new.num_rows) + old.num_rows):
        return new  # the same rows again, and some after them
    return _taken(_stack(old, new), places)


def _taken(table: pa.Table, places: npt.NDArray[np.int64]) -> pa.Table:
    """Rows by place, a column at a time; texts of a large table are set aside."""
    return pa.table(
        {n: set_column_aside(n, _column_taken(table[n], places))
         for n in table.column_names}
    )  # fmt: skip


def _column_taken(
    column: pa.ChunkedArray, places: npt.NDArray[np.int64]
) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_string(kind):  # one array may hold more text than 2 GB
        column = column.cast(pa.large_string())
    whole = _one(column)
    steps = range(0, len(places), _STEP)
    taken = [whole.take(pa.array(places[i : i + _STEP])).cast(kind) for i in steps]
    return pa.chunked_array(taken, kind)


def _as_they_came(table: pa.Table, sources: Sequence[pa.Table], key: str) -> pa.Table:
    """Rows in the order in which their keys first stand in the sources."""
    given = [_one(s[key]) for s in sources if s.num_rows]
    keys = pc.unique(pa.concat_arrays(given)) if given else pa.array([], pa.string())
    return table.take(pc.index_in(keys, value_set=_one(table[key])))


def _stack(first: pa.Table, second: pa.Table) -> pa.Table:
    return pa.concat_tables([first, second], promote_options="default")


def _distinct(table: pa.Table) -> pa.Table:
    names = table.column_names
    numbered = table.append_column("", pa.array(np.arange(table.num_rows)))
    first = numbered.group_by(names, use_threads=False).aggregate([("", "min")])
    return table.take(pa.array(np.sort(first["_min"].to_numpy())))


def _ordered(table: pa.Table, schema: Table) -> pa.Table:
    """Declared columns in the order of the schema, typed; then the extra ones."""
    declared = [c for c in schema.columns if c.name in table.column_names]
    extra = sorted(n for n in table.column_names if schema.column(n) is None)
    arrays = {c.name: table[c.name].cast(ARROW_TYPES[c.type]) for c in declared}
    return pa.table(arrays | {n: table[n].cast(pa.string()) for n in extra})
