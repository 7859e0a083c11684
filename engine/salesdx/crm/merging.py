"""Merge new rows into a canonical table without duplicates."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.staging import set_column_aside
from salesdx.crm.values import ARROW_TYPES
from salesdx.tables import Table

_STEP = 1 << 16  # rows taken at once


def merge(
    old: pa.Table, new: pa.Table, table: Table, weak: Collection[str] = ()
) -> pa.Table:
    """Rows of both; where a key stands in both, the columns of `new` replace the old.

    Columns that `new` does not have keep their values, so files that each know a part
    of a deal join. Tables without a key replace all rows of the same first required
    column (the deal, the client); without that, exact copies are dropped.

    Args:
        old: the table so far.
        new: rows to add, typed.
        table: the schema.
        weak: columns of `new` that were assumed, not read: they only fill new rows.
    """
    if not old.num_rows:
        return _ordered(new, table)
    old, new = _aligned(old, new, weak, table)
    if table.key:
        return _ordered(_by_key(old, new, table.key), table)
    group = next((c for c in table.columns if c.required), None)
    if group is not None and group.type in {"id", "date"}:
        stays = pc.invert(pc.is_in(old[group.name], value_set=_one(new[group.name])))
        return _ordered(_stack(old.filter(stays), new), table)
    both = _stack(old, new)
    return _ordered(_distinct(both), table)


def _one(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def _aligned(
    old: pa.Table, new: pa.Table, weak: Collection[str], table: Table
) -> tuple[pa.Table, pa.Table]:
    """Fill in `new` the columns that only `old` knows, by key."""
    if not table.key:
        return old, new
    if not weak and set(old.column_names) <= set(new.column_names):
        return old, new
    place = pc.index_in(_one(new[table.key]), value_set=_one(old[table.key]))
    for name in old.column_names:
        if name not in new.column_names:
            new = new.append_column(name, _one(old[name]).take(place))
        elif name in weak:
            known = pc.coalesce(_one(old[name]).take(place), _one(new[name]))
            new = new.set_column(new.column_names.index(name), name, known)
    return old, new


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
