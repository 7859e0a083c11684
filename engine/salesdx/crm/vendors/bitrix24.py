"""Bitrix24: deals and leads of its API and BI connector, and their moves."""

import re
from dataclasses import replace

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
    column,
    reference,
    set_aside,
    with_columns,
    without_columns,
)

_CLOSED = pa.array(["S", "F"])
_FOREIGN_STAGE = re.compile(r"DT\d+_")  # invoices and smart processes: DT31_1:N


def records(rows: Rows) -> Rows:
    """Deals or leads of the API or the BI connector: client, lead and true closing.

    `moved_time` is when a record came to the stage where it stands: of a closed deal,
    its closing.
    """
    company = pc.coalesce(column(rows, "company_name"), reference(rows, "company_id"))
    contact = pc.binary_join_element_wise("C", reference(rows, "contact_id"), "_")
    told = {}
    if not _SEMANTIC.isdisjoint(rows.table.column_names):
        told["semantic"] = _semantic(rows)
    closed = pc.is_in(told.get("semantic", column(rows, "")), value_set=_CLOSED)
    moved, nothing = column(rows, "moved_time"), pa.scalar(None, pa.string())
    return with_columns(
        without_columns(rows, _FOLDED),
        client=pc.coalesce(company, contact),
        lead=reference(rows, "lead_id"),
        moved_to_end=pc.if_else(closed, moved, nothing),
        **told,
    )


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
    types = column(rows, "entitytypeid").to_pylist()
    deals_only = set_aside(
        rows, [None if t in {None, "2"} else OTHER_RECORD for t in types]
    )
    names = [_FIELDS.get(n, n) for n in rows.table.column_names]
    table = deals_only.table.rename_columns(names)
    return records(replace(deals_only, table=table, headers=tuple(names)))


def contacts(rows: Rows) -> Rows:
    """Persons as clients, by an id that is no company's; their names are theirs."""
    return with_columns(
        rows, client=pc.binary_join_element_wise("C", reference(rows, "id"), "_")
    )


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
