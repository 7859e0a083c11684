"""amoCRM / Kommo: custom fields, stage changes, stages, calls and tasks that were done.

A note or a task says what it is about: notes by the address they were asked from,
tasks by the type of their entity.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.json_dumps import flatten
from salesdx.crm.reasons import DELETED, INCOMING, NO_CONTACT, NOT_HELD, OTHER_EVENT
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.columns import (
    NOTHING,
    among,
    holds,
    texts,
    unless_zero,
    with_columns,
)
from salesdx.crm.vendors.records import Record, explode, made

_STAGE_CHANGE = "lead_status_changed"
_CLOSING = {"дата закрытия", "closed at", "date closed", "closing date"}
_NOT_CLOSED = pa.array(["не закрыта", "не закрыто", "not closed"])
_DOTTED = r"^(\d{1,2})\.(\d{1,2})\.(\d{4})\b"
# what a note is: our type and whose move it was
_NOTES: dict[str, tuple[str, str | None]] = {
    "call_in": ("call", "in"), "call_out": ("call", "out"),
    "sms_in": ("chat", "in"), "sms_out": ("chat", "out"),
    "amomail_message": ("letter", None),
}  # fmt: skip
_TASKS = {"1": "call", "2": "meeting"}


def leads(rows: Rows) -> Rows:
    """Deals with a column for each custom field, called by its name.

    The API writes 0 for a budget that nobody has filled in; a file leaves it blank.
    """
    rows = rows.without(holds(rows, "is_deleted"), DELETED)
    if "price" in rows.table.column_names:
        rows = with_columns(rows, {"price": unless_zero(rows, "price")})
    name = "custom_fields_values"
    if name not in rows.table.column_names:
        return rows
    return made(rows, [r | _custom(r[name]) for r in rows.table.to_pylist()])


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
    return made(rows, [_move(record) for record in rows.table.to_pylist()])


def _move(record: Record) -> Record | str:
    stage = _stage(record.get("value_after"))
    if record.get("type", _STAGE_CHANGE) != _STAGE_CHANGE or stage is None:
        return OTHER_EVENT
    return {**record, "status_id": flatten(stage).get("id")}


def _stage(cell: str | None) -> Mapping[str, Any] | None:
    """`[{"lead_status": {"id": 142, "pipeline_id": 7}}]` of an event."""
    after = json.loads(cell) if cell and cell.startswith("[") else []
    stage = (
        after[0].get("lead_status") if after and isinstance(after[0], dict) else None
    )
    return stage if isinstance(stage, dict) else None


def statuses(rows: Rows) -> Rows:
    """Stages of all pipelines, each beside the name of its pipeline."""
    return stages(statuses_named(rows))


def statuses_named(rows: Rows) -> Rows:
    """The same with the tray of incoming requests, which has a name too."""
    return explode(rows, "_embedded.statuses", keep=["name"])


def stages(rows: Rows) -> Rows:
    """Stages without the tray of incoming requests (type 1), which is none."""
    return rows.without(among(rows, "type", ["1"]), INCOMING)


def export(rows: Rows) -> Rows:
    """A file of deals; in words, an open deal is «не закрыта», not closed on a day."""
    changed = {}
    for name in rows.table.column_names:
        if name in _CLOSING:
            open_ = pc.is_in(pc.utf8_lower(rows.table[name]), value_set=_NOT_CLOSED)
            changed[name] = pc.if_else(open_, NOTHING, rows.table[name])
    return with_columns(rows, changed)


def kommo_export(rows: Rows) -> Rows:
    """The same of Kommo, where `03.04.2026` may be the 4th of March.

    Slashes say so to the reader of dates, who then asks unless the column decides.
    """
    rows = export(rows)
    return with_columns(rows, {
        name: pc.replace_substring_regex(rows.table[name], _DOTTED, r"\1/\2/\3")
        for name in rows.table.column_names
        if pc.any(pc.match_substring_regex(rows.table[name], _DOTTED)).as_py()
    })  # fmt: skip


def contacts_made(rows: Rows) -> Rows:
    """Calls, letters and messages among the notes; what people noted is set aside."""
    records = rows.table.to_pylist()
    kinds = [_NOTES.get(record["note_type"] or "") for record in records]
    about = [_about(record) for record in records]
    rows = with_columns(rows, {
        "kind": texts([kind and kind[0] for kind in kinds]),
        "way": texts([kind and kind[1] for kind in kinds]),
        "deal id": texts([i if kind == "leads" else None for kind, i in about]),
        "company id": texts([i if kind == "companies" else None for kind, i in about]),
    })  # fmt: skip
    if "responsible_user_id" in rows.table.column_names:
        somebody = unless_zero(rows, "responsible_user_id")
        rows = with_columns(rows, {"responsible_user_id": somebody})
    return rows.without(among(rows, "kind", [None]), NO_CONTACT)


def tasks_done(rows: Rows) -> Rows:
    """Tasks that were done; a meeting took place at its hour, a call when it was done.

    Kinds that the company added itself have no kind of ours. Ids of tasks and of notes
    are counted apart, so a task is `task-7`.
    """
    rows = rows.without(~holds(rows, "is_completed"), NOT_HELD)
    records = rows.table.to_pylist()
    kinds = [_TASKS.get(r["task_type_id"] or "") for r in records]
    meetings = [kind == "meeting" for kind in kinds]
    return with_columns(rows, {
        "task id": texts([r["id"] and f"task-{r['id']}" for r in records]),
        "kind": texts(kinds),
        "done at": texts([
            r["complete_till"] if meeting else r.get("updated_at") or r["complete_till"]
            for r, meeting in zip(records, meetings, strict=True)
        ]),
        "length": texts([
            r.get("duration") if meeting and r.get("duration") != "0" else None
            for r, meeting in zip(records, meetings, strict=True)
        ]),
        "deal id": _entity(records, "leads"),
        "company id": _entity(records, "companies"),
    })  # fmt: skip


def _entity(records: Sequence[Record], kind: str) -> pa.ChunkedArray:
    return texts([
        r.get("entity_id") if r.get("entity_type", "leads") == kind else None
        for r in records
    ])  # fmt: skip


def _about(record: Record) -> tuple[str, str | None]:
    """What a note belongs to: `leads`, and its id."""
    told = re.search(r"/api/v\d+/(\w+)/", record.get("_links.self.href") or "")
    kind = record.get("entity_type") or (told.group(1) if told else "leads")
    return kind, record.get("entity_id")


SHAPES = {
    "leads": leads, "stage-changes": stage_changes, "statuses": statuses,
    "statuses-named": statuses_named, "stages": stages, "export": export,
    "kommo-export": kommo_export, "contacts-made": contacts_made,
    "tasks-done": tasks_done,
}  # fmt: skip
