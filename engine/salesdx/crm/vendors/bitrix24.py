"""Bitrix24: deals and leads of its API and BI connector, and their moves."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.reasons import OTHER_RECORD, SAME_STAGE
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.bitrix24_contacts import activities, calls
from salesdx.crm.vendors.bitrix24_products import deals, items, product_rows
from salesdx.crm.vendors.bitrix24_stages import (
    deal_stages,
    pipelines,
    sources,
    stage_names,
    users,
)
from salesdx.crm.vendors.columns import (
    NOTHING,
    among,
    column,
    stays,
    unless_zero,
    with_columns,
)

_CLOSED = pa.array(["S", "F"])
_FOREIGN_STAGE = r"^DT\d+_"  # invoices and smart processes: DT31_1:N


def records(rows: Rows) -> Rows:
    """Deals or leads of the API or the BI connector: client, lead and true closing.

    `moved_time` is when a record came to the stage where it stands: of a closed deal,
    its closing.
    """
    company = pc.coalesce(column(rows, "company_name"), unless_zero(rows, "company_id"))
    contact = pc.binary_join_element_wise("C", unless_zero(rows, "contact_id"), "_")
    told: dict[str, pa.ChunkedArray] = {}
    if not _SEMANTIC.isdisjoint(rows.table.column_names):
        told["semantic"] = _semantic(rows)
    closed = pc.is_in(told.get("semantic", column(rows, "")), value_set=_CLOSED)
    moved = pc.if_else(closed, column(rows, "moved_time"), NOTHING)
    return with_columns(rows, dict.fromkeys(_FOLDED) | told | {
        "client": pc.coalesce(company, contact),
        "lead": unless_zero(rows, "lead_id"),
        "moved_to_end": moved,
    })  # fmt: skip


_SEMANTIC = frozenset({"stage_semantic_id", "closed"})
_FOLDED = ("company_id", "company_name", "company", "contact_id", "contact_name",
           "contact", "contact_ids", "lead_id", "moved_time",
           *_SEMANTIC)  # fmt: skip


def _semantic(rows: Rows) -> pa.ChunkedArray:
    """P, S or F; of a dump without it by `closed`: all that is not won is lost.

    The won stage of a pipeline cannot be deleted and always has the code WON.
    """
    won = pc.match_substring_regex(column(rows, "stage_id"), r"^(C\d+:)?WON$")
    ended = pc.if_else(won, "S", "F")
    closed = column(rows, "closed")
    by_flag = pc.if_else(pc.equal(closed, "Y"), ended, "P")
    return pc.coalesce(column(rows, "stage_semantic_id"), by_flag)


_FIELDS = {  # of crm.item.list -> of crm.deal.list
    "createdtime": "date_create", "movedtime": "moved_time", "stageid": "stage_id",
    "categoryid": "category_id", "stagesemanticid": "stage_semantic_id",
    "companyid": "company_id", "contactid": "contact_id", "leadid": "lead_id",
    "assignedbyid": "assigned_by_id", "currencyid": "currency_id",
    "sourceid": "source_id", "sourcedescription": "source_description",
    "isreturncustomer": "is_return_customer", "utmsource": "utm_source",
    "utmmedium": "utm_medium", "utmcampaign": "utm_campaign",
    "utmcontent": "utm_content", "utmterm": "utm_term",
}  # fmt: skip


def item_records(rows: Rows) -> Rows:
    """Deals among the records of the API's list of any kind (crm.item.list)."""
    rows = rows.without(~among(rows, "entitytypeid", [None, "2"]), OTHER_RECORD)
    names = [_FIELDS.get(n, n) for n in rows.table.column_names]
    table = rows.table.rename_columns(names)
    return records(replace(rows, table=table, headers=tuple(names)))


def contacts(rows: Rows) -> Rows:
    """Persons as clients, by an id that is no company's; their names are theirs."""
    key = pc.binary_join_element_wise("C", unless_zero(rows, "id"), "_")
    return with_columns(rows, {"client": key})


def moves(rows: Rows) -> Rows:
    """Moves of deals between stages; those of leads and invoices are set aside."""
    stages = column(rows, "stage_id")
    ours = pc.invert(pc.match_substring_regex(stages, _FOREIGN_STAGE))
    rows = rows.without(~pc.fill_null(ours, False).to_numpy(), OTHER_RECORD)
    owner = "deal_id" if "deal_id" in rows.table.column_names else "owner_id"
    same = stays(column(rows, owner), column(rows, "stage_id"), _written(rows))
    return rows.without(same, SAME_STAGE)


def _written(rows: Rows) -> npt.NDArray[np.int64]:
    """What puts records in the order in which they were written: their ids."""
    try:
        ids = pc.fill_null(column(rows, "id").cast(pa.int64()), 0)
    except pa.ArrowInvalid:
        return np.zeros(len(rows.numbers), np.int64)
    found: npt.NDArray[np.int64] = ids.to_numpy()
    return found


def lead_moves(rows: Rows) -> Rows:
    """Moves of leads: nothing of ours keeps them, and they are no moves of deals."""
    columns = {
        "owner_id": pc.coalesce(column(rows, "owner_id"), column(rows, "lead_id")),
        "created_time": pc.coalesce(
            column(rows, "created_time"), column(rows, "date_create")
        ),
    }
    every = np.ones(len(rows.numbers), bool)
    return with_columns(rows, columns).without(every, OTHER_RECORD)


SHAPES = {
    "deals": deals,
    "items": items,
    "product-rows": product_rows,
    "records": records,
    "item-records": item_records,
    "contacts": contacts,
    "moves": moves,
    "lead-moves": lead_moves,
    "deal-stages": deal_stages,
    "stage-names": stage_names,
    "sources": sources,
    "pipelines": pipelines,
    "users": users,
    "activities": activities,
    "calls": calls,
}
