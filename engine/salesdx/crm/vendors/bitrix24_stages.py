"""Bitrix24 directories of the API: stages, sources, pipelines, users."""

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.reasons import OTHER_RECORD
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.columns import NOTHING, among, column, with_columns
from salesdx.crm.vendors.records import Record, made

# codes of the stages that every portal starts with; old portals cut a code with its
# pipeline at 21 characters: C14:PREPAYMENT_INVOIC
_CODES = ("PREPAYMENT_INVOICE", "FINAL_INVOICE", "PREPARATION", "EXECUTING")
_CUT = 21
_STAGES = re.compile(r"DEAL_STAGE(?:_(\d+))?")


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
    return rows.without(~among(rows, "entity_id", ["SOURCE"]), OTHER_RECORD)


def pipelines(rows: Rows) -> Rows:
    """Pipelines of deals; those of smart processes have numbers of their own."""
    return rows.without(~among(rows, "entitytypeid", [None, "2"]), OTHER_RECORD)


def users(rows: Rows) -> Rows:
    """Users with their names as the file export writes them: first name, last name."""
    full = pc.binary_join_element_wise(
        column(rows, "name"), column(rows, "last_name"), " ",
        null_handling="replace", null_replacement="",
    )  # fmt: skip
    name = pc.utf8_trim_whitespace(full)
    full_name = pc.if_else(pc.equal(name, ""), NOTHING, name)
    return with_columns(rows, {"full_name": full_name})
