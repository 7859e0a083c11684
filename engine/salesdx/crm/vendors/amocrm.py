"""amoCRM / Kommo: custom fields of a deal, stage changes among the events, stages."""

import json
from collections.abc import Mapping
from typing import Any

from salesdx.crm.json_dumps import flatten
from salesdx.crm.reasons import OTHER_EVENT
from salesdx.crm.rows import Reject, Rows
from salesdx.crm.vendors.exploding import explode, from_dicts

_STAGE_CHANGE = "lead_status_changed"


def leads(rows: Rows) -> Rows:
    """Deals with a column for each custom field, called by its name."""
    name = "custom_fields_values"
    if name not in rows.table.column_names:
        return rows
    cells = rows.table[name].to_pylist()
    records = [
        record | _custom(cell)
        for record, cell in zip(rows.table.to_pylist(), cells, strict=True)
    ]
    return from_dicts(rows, records, rows.numbers.tolist())


def _custom(cell: str | None) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for one in json.loads(cell) if cell else ():
        values = [v.get("value") for v in one.get("values") or ()]
        texts = [t for v in values if (t := flatten({"v": v}).get("v"))]
        found[str(one.get("field_name") or one.get("field_id"))] = (
            ", ".join(texts) or None
        )
    return found


def stage_changes(rows: Rows) -> Rows:
    """Moves between stages; events of other kinds are set aside with that reason."""
    records, numbers, others = [], [], []
    for record, number in zip(rows.table.to_pylist(), rows.numbers, strict=True):
        stage = _stage(record.get("value_after"))
        if record.get("type", _STAGE_CHANGE) != _STAGE_CHANGE or stage is None:
            others.append(Reject(int(number), OTHER_EVENT))
            continue
        record["status_id"] = flatten(stage).get("id")
        records.append(record)
        numbers.append(int(number))
    return from_dicts(rows, records, numbers, others)


def _stage(cell: str | None) -> Mapping[str, Any] | None:
    """`[{"lead_status": {"id": 142, "pipeline_id": 7}}]` of an event."""
    after = json.loads(cell) if cell and cell.startswith("[") else []
    stage = (
        after[0].get("lead_status") if after and isinstance(after[0], dict) else None
    )
    return stage if isinstance(stage, dict) else None


def statuses(rows: Rows) -> Rows:
    """Stages of all pipelines, each beside the name of its pipeline."""
    return explode(rows, "_embedded.statuses", keep=["name"])


SHAPES = {"leads": leads, "stage-changes": stage_changes, "statuses": statuses}
