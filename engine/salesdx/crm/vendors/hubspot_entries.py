"""HubSpot: entries into stages, out of the whole history or of columns of dates."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.headers import header_of
from salesdx.crm.reasons import SAME_STAGE
from salesdx.crm.rows import Reject, Rows
from salesdx.crm.vendors.columns import column, texts
from salesdx.crm.vendors.hubspot_names import dated_columns, pipelines_of, stage_alone
from salesdx.crm.vendors.records import from_dicts

_ID = ("record id", "deal id", "datensatz-id", "id de registro", "hs_object_id", "id")
HISTORIES = "propertieswithhistory."  # of any property
_HISTORY = f"{HISTORIES}dealstage"


def stage_entries(rows: Rows) -> Rows:
    """One row for each entry into a stage.

    Deals with `propertiesWithHistory` give all of theirs; the others one for each
    stage that has a date in its column.
    """
    if _HISTORY not in rows.table.column_names:
        return _out_of_columns(rows)
    told = pc.is_valid(rows.table[_HISTORY]).to_numpy()
    history = _out_of_history(rows.only(told))
    rest = _out_of_columns(rows.only(~told))
    both = pa.concat_tables([history.table, rest.table], promote_options="default")
    numbers = np.concatenate([history.numbers, rest.numbers])
    order = np.argsort(numbers, kind="stable")
    return replace(
        history, table=both.take(pa.array(order)), numbers=numbers[order],
        headers=tuple(both.column_names),
    )  # fmt: skip


def _out_of_history(rows: Rows) -> Rows:
    """Every version of the stage; one that repeats the stage before is set aside."""
    ids = _ids(rows).to_pylist()
    records, numbers, aside = [], [], []
    cells = rows.table[_HISTORY].to_pylist()
    for deal, cell, number in zip(ids, cells, rows.numbers, strict=True):
        before = None
        for version in _oldest_first(cell):
            stage, user = version.get("value"), version.get("updatedByUserId")
            if stage == before:
                aside.append(Reject(int(number), SAME_STAGE))
                continue
            before = stage
            records.append({
                "deal_id": deal, "stage_id": stage,
                "entered_at": version.get("timestamp"),
                "changed_by": user and f"user:{user}",
            })  # fmt: skip
            numbers.append(int(number))
    return from_dicts(rows, records, numbers, aside)


def _oldest_first(cell: str) -> Iterator[Mapping[str, Any]]:
    """The dump lists the newest first, also of two in the same millisecond."""
    versions = json.loads(cell) if cell.startswith("[") else []
    versions.reverse()
    yield from sorted(versions, key=lambda v: str(v.get("timestamp")).rstrip("Z"))


def _out_of_columns(rows: Rows) -> Rows:
    """Columns of dates turned into rows; two kinds of one column count once."""
    known = pipelines_of(rows)
    cells: dict[str, dict[bool, list[pa.ChunkedArray]]] = {}
    for dated in sorted(dated_columns(rows), key=lambda d: not d.newer):
        of_stage = cells.setdefault(dated.stage, {True: [], False: []})
        of_stage[dated.entered].append(rows.table[dated.header])
    parts = [
        _entries(rows, stage_alone(stage, known), many) for stage, many in cells.items()
    ]
    if not parts:
        return from_dicts(rows, [], [])
    table = pa.concat_tables(parts)
    table = table.take(pc.sort_indices(
        table, [("row", "ascending"), ("entered_at", "ascending")]
    ))  # fmt: skip
    numbers = table["row"].to_numpy()
    table = table.drop_columns(["row"])
    return replace(
        rows, table=table, numbers=numbers, headers=tuple(table.column_names)
    )


def _entries(
    rows: Rows, stage: str, many: Mapping[bool, list[pa.ChunkedArray]]
) -> pa.Table:
    """The rows of one stage: deals that have a date in one of its columns."""
    entered, left = (pc.coalesce(*many[e], column(rows, "")) for e in (True, False))
    table = pa.table({
        "row": rows.numbers, "deal_id": _ids(rows),
        "stage_id": texts([stage] * len(rows.numbers)),
        "entered_at": entered, "left_at": left,
    })  # fmt: skip
    return table.filter(pc.or_(pc.is_valid(entered), pc.is_valid(left)))


def _ids(rows: Rows) -> pa.ChunkedArray:
    return column(rows, header_of(rows, _ID) or "")
