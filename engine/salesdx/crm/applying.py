"""Apply a mapping to the rows of a file: canonical headers, status, sure closings."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.company import Company
from salesdx.crm import words
from salesdx.crm.canonical import TableRead, to_table
from salesdx.crm.currency_marks import marked_currency
from salesdx.crm.drift import no_such_header
from salesdx.crm.mapping import FileMap, StatusRule, TableMap
from salesdx.crm.names import with_names
from salesdx.crm.progress import Progress, silent
from salesdx.crm.questions import AS_WRITTEN
from salesdx.crm.reasons import REPEATED
from salesdx.crm.repeats import identical, repeats
from salesdx.crm.rows import Mask, Rows, normalise_header
from salesdx.crm.staging import let_go
from salesdx.crm.vendors.form import NameKind
from salesdx.tables import TABLES

Names = Mapping[NameKind, Mapping[str, str]]
_OUTCOMES = pa.array(["won", "lost", "open"])
_SAME_DEAL = ("status", "entered_at", "closed_at", "amount")


def apply(
    rows: Rows,
    file: FileMap,
    table: TableMap,
    company: Company,
    names: Names,
    progress: Progress = silent,
) -> TableRead:
    """Read one table out of one file by a mapping.

    Args:
        rows: the file, after the shape of this table.
        file: its mapping, for what is dropped and the time zone.
        table: the table wanted.
        company: whose clock counts.
        names: names of ids, see `Mapping.names`.
        progress: told how many columns are converted.

    Unmapped columns of deals are kept as extra text, except those dropped. Repeated
    deal rows that agree in status, dates and amount (one row a product) count once.

    Raises:
        DataError: a header of the mapping is not in the file, or see `to_table`.
    """
    mapped = pa.table(_columns(rows, file, table, company, names))
    changed = replace(rows, table=mapped)
    if table.table == "deals":
        let_go()
        changed = _one_row_a_deal(changed)
    return to_table(
        changed, TABLES[table.table], company, file.zone, file.dates, progress
    )


def _columns(
    rows: Rows, file: FileMap, table: TableMap, company: Company, names: Names
) -> dict[str, pa.ChunkedArray]:
    """Texts by canonical column, further columns of deals behind them."""
    found = {h: _find(rows, h) for h in table.all_headers}
    columns = {
        c: pc.coalesce(*(rows.table[found[h]] for h in table.headers(c)))
        for c in table.columns
    }
    if table.status is not None:
        columns["status"] = _status(rows, table.status, found)
    if "status" in columns and "closed_at" in columns:
        _only_closed(columns)
    if table.table == "deals":
        taken = set(found.values()) | {normalise_header(h) for h in file.drop}
        for name in rows.table.column_names:
            extra = re.sub(r"\W+", "_", name).strip("_")
            if name not in taken and extra and extra not in columns:
                columns[extra] = rows.table[name]
    currency = marked_currency(columns, TABLES[table.table], company.currency)
    if currency is not None:
        columns["currency"] = currency
    for column, kind in table.named.items():
        if column in columns:
            columns[column] = with_names(columns[column], names.get(kind, {}))
    if file.currency and file.currency != AS_WRITTEN and _has_money(table):
        columns["currency"] = _same(rows, file.currency)
    return columns


def _same(rows: Rows, text: str) -> pa.ChunkedArray:
    return pa.chunked_array([pa.repeat(pa.scalar(text), rows.table.num_rows)])


def _has_money(table: TableMap) -> bool:
    money = {c.name for c in TABLES[table.table].columns if c.type == "money"}
    return bool(money & set(table.columns))


def outcomes(rows: Rows, rule: StatusRule) -> set[str]:
    """What a rule makes of the deals of a file; nothing where it does not fit."""
    if not {normalise_header(h) for h in rule.headers} <= set(rows.table.column_names):
        return set()
    found = _status(rows, rule, {h: _find(rows, h) for h in rule.headers})
    return set(pc.unique(found).drop_null().to_pylist())


def _find(rows: Rows, header: str) -> str:
    name = normalise_header(header)
    if name in rows.table.column_names:
        return name
    raise no_such_header(rows, header)


def _status(rows: Rows, rule: StatusRule, names: dict[str, str]) -> pa.ChunkedArray:
    size = rows.table.num_rows
    if rule.always:
        return _same(rows, rule.always)
    won, lost = np.zeros(size, bool), np.zeros(size, bool)
    known = np.ones(size, bool)
    if rule.column:
        cells = rows.table[names[rule.column]]
        known = pc.is_valid(cells).to_numpy()
        won, lost = (_is_one(cells, many) for many in (rule.won, rule.lost))
    if rule.won_if:
        flag = rows.table[names[rule.won_if]]
        won |= _holds(flag)
        known |= pc.is_valid(flag).to_numpy()  # told even where the stage is blank
    if rule.lost_if:
        lost |= _holds(rows.table[names[rule.lost_if]])
    if rule.closed_if:
        lost |= _holds(rows.table[names[rule.closed_if]]) & ~won
    place = np.where(won, 0, np.where(lost, 1, 2))
    return pa.chunked_array([_OUTCOMES.take(pa.array(place, mask=~known))])


def _is_one(cells: pa.ChunkedArray, many: list[str]) -> Mask:
    wanted = {words.normalise(w) for w in many}
    distinct = pc.unique(cells).drop_null()
    chosen = [w for w in distinct.to_pylist() if words.normalise(w) in wanted]
    found = pc.is_in(cells, value_set=pa.array(chosen, pa.string()))
    result: Mask = found.to_numpy()
    return result


def _holds(cells: pa.ChunkedArray) -> Mask:
    """Yes in a yes/no column; any value (a date) in another column."""
    known = words.booleans()
    distinct = pc.unique(cells).drop_null().to_pylist()
    flags = all(words.normalise(w) in known for w in distinct)
    yes = [w for w in distinct if not flags or known[words.normalise(w)]]
    found: Mask = pc.is_in(cells, value_set=pa.array(yes, pa.string())).to_numpy()
    return found


def _only_closed(columns: dict[str, pa.ChunkedArray]) -> None:
    """The close date of an open deal is a forecast: keep it apart."""
    closed, nothing = columns["closed_at"], pa.scalar(None, pa.string())
    codes = words.codes("status")
    distinct = pc.unique(columns["status"]).drop_null().to_pylist()
    opened = [w for w in distinct if codes.get(words.normalise(w)) == "open"]
    is_open = pc.is_in(columns["status"], value_set=pa.array(opened, pa.string()))
    planned = pc.if_else(is_open, closed, nothing)
    if planned.null_count < len(planned):
        own = columns.get("expected_close")
        columns["expected_close"] = (
            planned if own is None else pc.coalesce(own, planned)
        )
    columns["closed_at"] = pc.if_else(is_open, nothing, closed)


def _one_row_a_deal(rows: Rows) -> Rows:
    """Without later rows of a deal that agree with its first row: one row a product."""
    places, first = repeats(rows.table["deal_id"])
    if not len(places):
        return rows
    known = [name for name in _SAME_DEAL if name in rows.table.column_names]
    same = identical(rows.table.select(known), first, places)
    away = np.zeros(len(rows.numbers), bool)
    away[places[same]] = True
    return rows.without(away, REPEATED)
