"""Salesforce: ids of two lengths, reports without ids, moves, tasks, stages.

An id has 15 characters in reports and 18 in the API and its exports: the last three say
which of the 15 are capitals. All ids become the long form, so that both kinds of files
speak of the same records.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.headers import header_of
from salesdx.crm.reasons import DELETED, NOT_HELD, OTHER_EVENT, SAME_STAGE
from salesdx.crm.rows import Mask, Rows
from salesdx.crm.vendors import form_of
from salesdx.crm.vendors.columns import (
    NOTHING,
    column,
    holds,
    seconds,
    stays,
    texts,
    with_columns,
)
from salesdx.crm.vendors.made_keys import MADE_KEY, with_made_key

_OF_ID = re.compile(r"id(__c)?$|\bid\b")  # headers of ids
_NOBODY = "^0{15}(AAA)?$"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_KINDS = {"006": "deal id", "001": "account id", "00Q": "lead id"}  # by the key prefix
_OF_LINE = {
    "product code", "quantity", "sales price", "list price", "total price",
    "product description", "line description",
}  # fmt: skip
_DONE = {"completed", "завершено", "abgeschlossen"}


def records(rows: Rows) -> Rows:
    """Records of an object: long ids, deleted ones set aside."""
    return _with_ids(rows).without(holds(rows, "isdeleted"), DELETED)


def report(rows: Rows) -> Rows:
    """A report: long ids, or a made-up key where it has no ID of the deal."""
    rows = _with_ids(_plain_spaces(rows))
    form = form_of("salesforce.report")
    assert form is not None
    columns = form.tables["deals"].columns
    if header_of(rows, columns["deal_id"]):
        return rows
    found = (header_of(rows, columns[c]) for c in ("title", "client_id"))
    dates = [header_of(rows, columns[c]) for c in ("entered_at", "closed_at")]
    return with_made_key(
        rows, [h for h in found if h], columns["entered_at"], [d for d in dates if d]
    )


def deals_of_products(rows: Rows) -> Rows:
    """Deals of a report with a row a product: what a row says of its product goes.

    A deal of one product keeps its name; of several, none is the product of the deal.
    """
    rows = report(rows)
    line = [n for n in rows.table.column_names if n in _OF_LINE]
    key = header_of(rows, ["opportunity id", MADE_KEY])
    if key is None:
        return rows
    deals = rows.table[key].to_pylist()
    names = rows.table["product name"].to_pylist()
    sold: dict[str | None, set[str | None]] = {}
    for deal, name in zip(deals, names, strict=True):
        sold.setdefault(deal, set()).add(name)
    only = [n if len(sold[d]) == 1 else None for d, n in zip(deals, names, strict=True)]
    return with_columns(rows, dict.fromkeys(line) | {"product name": texts(only)})


def users(rows: Rows) -> Rows:
    """Users; one without a full name is called by its parts."""
    rows = records(rows)
    parts = [n for n in ("firstname", "lastname") if n in rows.table.column_names]
    if "name" in rows.table.column_names or not parts:
        return rows
    joined = pc.binary_join_element_wise(
        *(rows.table[n] for n in parts), " ", null_handling="skip"
    )
    return with_columns(rows, {"name": joined})


def stages(rows: Rows) -> Rows:
    """Stages in their order, and how a deal in each of them ended."""
    won, closed = holds(rows, "iswon"), holds(rows, "isclosed")
    outcome = np.where(won, "won", np.where(closed, "lost", "open"))
    rows = with_columns(rows, {"outcome": texts(outcome.tolist())})
    if "sortorder" not in rows.table.column_names:
        return rows
    number = pc.cast(rows.table["sortorder"], pa.float64())
    order = pc.array_sort_indices(number.combine_chunks())
    numbers = rows.numbers[order.to_numpy(zero_copy_only=False)]
    return replace(rows, table=rows.table.take(order), numbers=numbers)


def stage_labels(rows: Rows) -> Rows:
    """The same by the label: reports write labels, the API the name behind them."""
    rows = stages(rows)
    return with_columns(rows, {"apiname": rows.table["masterlabel"]})


def stage_moves(rows: Rows) -> Rows:
    """Entries into stages; rows that changed only the amount or a date set aside."""
    rows = records(rows)
    return rows.without(_stays(rows, "stagename"), SAME_STAGE)


def stage_changes(rows: Rows) -> Rows:
    """Changes of the stage among the changes of all tracked fields."""
    rows = records(rows)
    other = pc.not_equal(pc.utf8_lower(rows.table["field"]), "stagename")
    rows = rows.without(pc.fill_null(other, True).to_numpy(), OTHER_EVENT)
    return rows.without(_stays(rows, "newvalue"), SAME_STAGE)


def tasks(rows: Rows) -> Rows:
    """Calls, letters and other tasks that were done."""
    rows = _linked(records(rows))
    names = rows.table.column_names
    if "isclosed" in names:
        rows = rows.without(~holds(rows, "isclosed"), NOT_HELD)
    elif "status" in names:
        state = pc.fill_null(pc.utf8_lower(rows.table["status"]), "")
        done = pc.is_in(state, value_set=pa.array(sorted(_DONE)))
        rows = rows.without(~done.to_numpy(), NOT_HELD)
    if "tasksubtype" not in names:
        return rows
    kind = rows.table["tasksubtype"]  # that of a plain task says nothing
    told = pc.fill_null(pc.not_equal(pc.utf8_lower(kind), "task"), False)
    return with_columns(rows, {"type": pc.if_else(told, kind, column(rows, "type"))})


def events(rows: Rows) -> Rows:
    """Meetings of the calendar; minutes become seconds, a whole day has no length."""
    rows = _linked(records(rows))
    changed: dict[str, pa.ChunkedArray] = {}
    whole = holds(rows, "isalldayevent")
    if "durationinminutes" in rows.table.column_names:
        minutes = rows.table["durationinminutes"].to_pylist()
        changed["duration, s"] = texts([
            str(int(m) * 60) if m and m.isdigit() and not day else None
            for m, day in zip(minutes, whole, strict=True)
        ])  # fmt: skip
    for name in ("startdatetime", "activitydatetime"):
        if name in rows.table.column_names and whole.any():
            date = pc.utf8_slice_codeunits(rows.table[name], 0, 10)
            changed[name] = pc.if_else(pa.array(whole), date, rows.table[name])
    changed["type"] = pc.coalesce(column(rows, "type"), pa.scalar("Meeting"))
    return with_columns(rows, changed)


def _with_ids(rows: Rows) -> Rows:
    """All ids in the form of 18 characters; the empty reference is blank."""
    changed = {
        name: pa.chunked_array([long_ids(rows.table[name].combine_chunks())])
        for name in rows.table.column_names
        if _OF_ID.search(name)
    }
    return with_columns(rows, changed)


def long_ids(cells: pa.Array) -> pa.Array:
    """Ids of 15 characters with their three more; other texts stay.

    Each of the three is five bits: which of five characters are capitals. The reference
    to nothing, as Data Export writes it, is null.
    """
    nobody = pc.match_substring_regex(cells, _NOBODY)
    cells = pc.if_else(nobody, NOTHING, cells)
    short = pc.and_(
        pc.match_substring_regex(cells, "^[0-9A-Za-z]{15}$"),
        pc.match_substring_regex(cells, "[0-9]"),  # a word of 15 letters is none
    )
    found = cells.filter(short)
    if not len(found):
        return cells
    letters = np.frombuffer("".join(found.to_pylist()).encode(), np.uint8)
    capital = (letters >= ord("A")) & (letters <= ord("Z"))
    bits = capital.reshape(-1, 3, 5) @ (1 << np.arange(5))
    suffix = np.array(list(_ALPHABET))[bits]
    joined = np.char.add(np.char.add(suffix[:, 0], suffix[:, 1]), suffix[:, 2])
    longer = pc.binary_join_element_wise(found, pa.array(joined), "")
    return pc.replace_with_mask(cells, pc.fill_null(short, False), longer)


def _plain_spaces(rows: Rows) -> Rows:
    """`3:05 PM` with the narrow space that newer locales put before AM and PM."""
    changed = {
        name: pc.replace_substring_regex(
            rows.table[name], "(\\d)[\u202f\u00a0]([AaPp][Mm])", "\\1 \\2"
        )
        for name in rows.table.column_names
        if "date" in name
    }
    return with_columns(rows, changed) if changed else rows


def _stays(rows: Rows, stage: str) -> Mask:
    moments = seconds(rows, "createddate")
    return stays(rows.table["opportunityid"], rows.table[stage], moments)


def _linked(rows: Rows) -> Rows:
    """What a task or an event is about, by the kind of its two references."""
    found: dict[str, list[str | None]] = {
        name: [None] * len(rows.numbers) for name in _KINDS.values()
    }
    for name in ("accountid", "whoid", "whatid"):
        _sorted_in(found, column(rows, name).to_pylist())
    return with_columns(rows, {name: texts(many) for name, many in found.items()})


def _sorted_in(
    found: Mapping[str, list[str | None]], ids: Iterable[str | None]
) -> None:
    for place, one in enumerate(ids):
        kind = _KINDS.get((one or "")[:3])
        if kind:
            found[kind][place] = one


SHAPES = {
    "records": records, "report": report, "deals-of-products": deals_of_products,
    "users": users, "stages": stages, "stage-labels": stage_labels,
    "stage-moves": stage_moves, "stage-changes": stage_changes, "tasks": tasks,
    "events": events,
}  # fmt: skip
