"""Bitrix24: rows of products, closings, stages of all pipelines, calls and letters."""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.amounts import parse_numbers
from salesdx.crm.headers import header_of
from salesdx.crm.reasons import (
    NO_CONTACT,
    NO_PRODUCT,
    NOT_DONE,
    OTHER_RECORD,
    SAME_STAGE,
)
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.columns import (
    Record,
    column,
    made,
    reference,
    set_aside,
    with_columns,
    without_columns,
)

_AMOUNT = ("сумма", "income")
_PRODUCT = ("товар", "product")
_PRICE = ("цена", "price")
_QUANTITY = ("количество", "quantity")
_CENT = 0.011
_CLOSED = pa.array(["S", "F"])
# codes of the stages that every portal starts with; old portals cut a code with its
# pipeline at 21 characters: C14:PREPAYMENT_INVOIC
_CODES = ("PREPAYMENT_INVOICE", "FINAL_INVOICE", "PREPARATION", "EXECUTING")
_CUT = 21
_STAGES = re.compile(r"DEAL_STAGE(?:_(\d+))?")
_FOREIGN_STAGE = re.compile(r"DT\d+_")  # invoices and smart processes: DT31_1:N
_KINDS = {"1": "meeting", "2": "call", "4": "letter"}
_PROVIDERS = {  # of activities of type 6; all but the first two are unverified
    "CRM_MEETING": "meeting", "CRM_SMS": "chat", "CRM_EMAIL": "letter",
    "VOXIMPLANT_CALL": "call", "IMOPENLINES_SESSION": "chat",
    "CRM_CALENDAR_SHARING": "meeting", "CRM_ZOOM": "meeting",
}  # fmt: skip
_WAYS = {"1": "in", "2": "out"}
_CALL_WAYS = {"1": "out", "2": "in", "3": "in", "4": "out"}
_CALL_RESULTS = {"200": "answered", "304": "missed", "603": "declined", "486": "busy"}
_OWNERS = {"1": "LEAD", "2": "DEAL", "3": "CONTACT", "4": "COMPANY"}
_DONE = ("activity_id", "manager_id", "client_id", "deal_id", "lead_id", "type",
         "direction", "started_at")  # fmt: skip


def deals(rows: Rows) -> Rows:
    """Deals (or leads) of a file: the amount of the whole deal in each of its product rows.

    With products the export writes price x quantity of the row as the amount of the
    deal; the deal is worth the sum of its rows. Where the rows repeat the whole
    amount they stay as they are. A deal of several products has no one product.
    """
    amount, product, price, quantity = (
        header_of(rows, names) for names in (_AMOUNT, _PRODUCT, _PRICE, _QUANTITY)
    )
    bare = without_columns(rows, [price, quantity])
    key = header_of(rows, ["id"])
    if key is None or not rows.table.num_rows:
        return bare
    codes = pc.dictionary_encode(rows.table[key]).combine_chunks().indices
    which = codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    if not (np.bincount(which)[1:] > 1).any():
        return bare
    if product is not None:
        bare = with_columns(bare, **{product: _common(rows.table[product], which)})
    if amount is None or price is None or quantity is None:
        return bare
    parts, prices, counts = (_numbers(rows, n) for n in (amount, price, quantity))
    ours = np.abs(parts - prices * counts) <= _CENT  # false where a number lacks
    by_row = np.bincount(which, ~ours) == 0
    summed = by_row & (np.bincount(which) > 1)
    summed[0] = False  # rows without an id
    if not summed.any():
        return bare
    totals = np.bincount(which, np.where(ours, parts, 0.0))
    worth = np.where(summed[which], totals[which], parts)
    written = [None if np.isnan(w) else f"{w:.2f}" for w in worth]
    cells = pa.chunked_array([pa.array(written, pa.string())])
    return with_columns(bare, **{amount: pc.coalesce(cells, rows.table[amount])})


def _common(cells: pa.ChunkedArray, which: npt.NDArray[np.int64]) -> pa.ChunkedArray:
    """Cells, but null where the rows of one deal differ."""
    codes = pc.dictionary_encode(cells).combine_chunks().indices
    found = codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    least = np.full(which.max() + 1, np.iinfo(np.int64).max)
    most = np.full(which.max() + 1, -1)
    np.minimum.at(least, which, found)
    np.maximum.at(most, which, found)
    same = (least == most) | (np.arange(len(least)) == 0)
    return pc.if_else(pa.array(same[which]), cells, pa.scalar(None, pa.string()))


def _numbers(rows: Rows, name: str) -> npt.NDArray[np.float64]:
    numbers: npt.NDArray[np.float64] = parse_numbers(
        rows.table[name].combine_chunks()
    ).to_numpy(zero_copy_only=False)
    return numbers.astype(np.float64)


def items(rows: Rows) -> Rows:
    """Products of the deals of a file; a deal without products has none."""
    names = [header_of(rows, n) for n in (_PRODUCT, _PRICE, _QUANTITY)]
    if names[0] is None or names[2] is None:  # a product, but not how much of it
        return without_columns(rows, rows.table.column_names)
    empty = np.ones(rows.table.num_rows, dtype=bool)
    for name in names:
        empty &= pc.is_null(column(rows, name or "")).to_numpy()
    return set_aside(rows, [NO_PRODUCT if e else None for e in empty])


def records(rows: Rows) -> Rows:
    """Deals or leads of the API or the BI connector: client, lead and true closing."""
    company = pc.coalesce(column(rows, "company_name"), reference(rows, "company_id"))
    contact = pc.binary_join_element_wise("C", reference(rows, "contact_id"), "_")
    closed = pc.is_in(column(rows, "stage_semantic_id"), value_set=_CLOSED)
    moved, nothing = column(rows, "moved_time"), pa.scalar(None, pa.string())
    bare = without_columns(rows, _FOLDED)
    return with_columns(
        bare,
        client=pc.coalesce(company, contact),
        lead=reference(rows, "lead_id"),
        moved_to_end=pc.if_else(closed, moved, nothing),
    )


_FOLDED = ("company_id", "company_name", "company", "contact_id", "contact_name",
           "contact", "contact_ids", "lead_id", "moved_time")  # fmt: skip


def moves(rows: Rows) -> Rows:
    """Moves of deals between stages; those of leads and invoices are set aside."""
    stages = column(rows, "stage_id").to_pylist()
    owner = "deal_id" if "deal_id" in rows.table.column_names else "owner_id"
    owners = column(rows, owner).to_pylist()
    last: dict[str | None, str] = {}
    reasons: list[str | None] = [None] * len(stages)
    for place in _in_time(rows):
        stage = stages[place]
        if stage is None or _FOREIGN_STAGE.match(stage):
            reasons[place] = OTHER_RECORD
            continue
        if last.get(owners[place]) == stage:
            reasons[place] = SAME_STAGE
        last[owners[place]] = stage
    return set_aside(rows, reasons)


def _in_time(rows: Rows) -> list[int]:
    """Places of the records in the order in which they were written (by their id)."""
    ids = column(rows, "id").to_pylist()
    known = all(i is not None and i.isdigit() for i in ids)
    return sorted(range(len(ids)), key=lambda p: (int(ids[p]) if known else 0, p))


def lead_moves(rows: Rows) -> Rows:
    """Moves of leads: nothing of ours keeps them, and they are no moves of deals."""
    columns = {
        "owner_id": pc.coalesce(column(rows, "owner_id"), column(rows, "lead_id")),
        "created_time": pc.coalesce(
            column(rows, "created_time"), column(rows, "date_create")
        ),
    }
    return set_aside(
        with_columns(rows, **columns), [OTHER_RECORD] * rows.table.num_rows
    )


def deal_stages(rows: Rows) -> Rows:
    """Stages of deals among the entries of all directories, with their pipeline."""
    found: list[Record | str] = []
    for record in rows.table.to_pylist():
        stages = _STAGES.fullmatch(record.get("entity_id") or "")
        found.append(_stage(record, stages[1]) if stages else OTHER_RECORD)
    return made(rows, found, ("status_id", "name", "category", "outcome"))


def _stage(record: Record, pipeline: str | None) -> Record:
    code = record.get("status_id") or ""
    whole = code if pipeline is None or ":" in code else f"C{pipeline}:{code}"
    return {
        "status_id": whole or None,
        "name": record.get("name"),
        "category": pipeline or "0",
        "outcome": record.get("semantics") or record.get("extra.semantics"),
    }


def stage_names(rows: Rows) -> Rows:
    """Stages of deals, each also by the code that an old portal has cut."""
    stages = deal_stages(rows)
    found = [
        record | {"status_id": code}
        for record in stages.table.to_pylist()
        for code in (record["status_id"], *_spellings(record["status_id"] or ""))
    ]
    table = pa.Table.from_pylist(found, schema=stages.table.schema)
    return Rows(
        rows.source, table, np.arange(1, len(found) + 1), stages.headers,
        encoding=rows.encoding,
    )  # fmt: skip


def _spellings(stage: str) -> Iterator[str]:
    pipeline, mark, code = stage.partition(":")
    if len(stage) > _CUT:
        yield stage[:_CUT]
    if mark and len(stage) == _CUT:
        yield from (
            f"{pipeline}:{whole}"
            for whole in _CODES
            if whole != code and whole.startswith(code)
        )


def sources(rows: Rows) -> Rows:
    """Sources of deals and leads among the entries of all directories."""
    known = column(rows, "entity_id").to_pylist()
    return set_aside(rows, [None if e == "SOURCE" else OTHER_RECORD for e in known])


def pipelines(rows: Rows) -> Rows:
    """Pipelines of deals; those of smart processes have numbers of their own."""
    types = column(rows, "entitytypeid").to_pylist()
    return set_aside(rows, [None if t in {None, "2"} else OTHER_RECORD for t in types])


def users(rows: Rows) -> Rows:
    """Users with their names as the file export writes them: first name, last name."""
    full = pc.binary_join_element_wise(
        column(rows, "name"), column(rows, "last_name"), " ",
        null_handling="replace", null_replacement="",
    )  # fmt: skip
    name = pc.utf8_trim_whitespace(full)
    blank = pc.equal(name, "")
    return with_columns(
        rows, full_name=pc.if_else(blank, pa.scalar(None, pa.string()), name)
    )


def activities(rows: Rows) -> Rows:
    """Contacts with clients; tasks, notes and what is only planned are set aside."""
    return made(rows, [_activity(r) for r in rows.table.to_pylist()], _DONE)


def _activity(record: Record) -> Record | str:
    kind = _KINDS.get(record.get("type_id") or "") or _PROVIDERS.get(
        record.get("provider_id") or ""
    )
    if kind is None:
        return NO_CONTACT
    way = _WAYS.get(record.get("direction") or "")
    if way != "in" and record.get("completed") == "N":
        return NOT_DONE  # what came in did take place, even if nobody dealt with it
    owner = _OWNERS.get(record.get("owner_type_id") or "")
    return {
        "activity_id": record.get("id"),
        "manager_id": record.get("responsible_id"),
        "type": kind,
        "direction": way,
        "started_at": record.get("start_time") or record.get("created"),
    } | _with_whom(owner, record.get("owner_id"))


def _with_whom(kind: str | None, record_id: str | None) -> Record:
    if not record_id or record_id == "0":
        return {}
    if kind == "CONTACT":
        return {"client_id": f"C_{record_id}"}
    name = {"LEAD": "lead_id", "DEAL": "deal_id", "COMPANY": "client_id"}.get(
        kind or ""
    )
    return {name: record_id} if name else {}


def calls(rows: Rows) -> Rows:
    """Calls of the telephony; one that did not take place lasted no second.

    The code of the result is kept beside, not as the outcome: an outcome is what the
    manager wrote down.
    """
    taken: set[str] = set()
    found = [_call(r, taken) for r in rows.table.to_pylist()]
    return made(rows, found, (*_DONE, "duration_s", "outcome", "call_result"))


def _call(record: Record, taken: set[str]) -> Record | str:
    way = _CALL_WAYS.get(record.get("call_type") or "")
    if way is None:
        return NO_CONTACT  # a recorded message read out by the machine
    # the leg of a call put through has the activity of the first one
    activity = record.get("crm_activity_id") or "0"
    own = record.get("call_id") or f"call-{record.get('id')}"
    call_id = own if activity == "0" or activity in taken else activity
    taken.add(call_id)
    code = record.get("call_failed_code")
    missed = code is not None and code != "200"
    return {
        "activity_id": call_id,
        "manager_id": record.get("portal_user_id"),
        "type": "call",
        "direction": way,
        "started_at": record.get("call_start_date"),
        "duration_s": "0" if missed else record.get("call_duration"),
        "outcome": record.get("comment"),
        "call_result": _CALL_RESULTS.get(code or "", code),
    } | _with_whom(record.get("crm_entity_type"), record.get("crm_entity_id"))


SHAPES = {
    "deals": deals, "items": items, "records": records, "moves": moves,
    "lead-moves": lead_moves, "deal-stages": deal_stages, "stage-names": stage_names,
    "sources": sources, "pipelines": pipelines, "users": users,
    "activities": activities, "calls": calls,
}  # fmt: skip
