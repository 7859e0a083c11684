"""Pipedrive: deleted deals, moves between stages among the changes, held activities."""

import re
from collections.abc import Mapping

import numpy as np

from salesdx.crm import words
from salesdx.crm.headers import header_of
from salesdx.crm.reasons import (
    BULK_MOVE,
    DELETED,
    NO_CONTACT,
    NOT_HELD,
    OTHER_EVENT,
    SAME_STAGE,
)
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.columns import among, holds
from salesdx.crm.vendors.records import Record, from_dicts, made

_YES = frozenset({"true", "1", "yes"})
_DONE = _YES | {"done", "выполнено", "завершено", "готово"}
_UNDONE = frozenset({"false", "0", "no", "undone", "to do", "не выполнено"})
_INNER = frozenset({"task", "deadline", "задача", "дедлайн", "срок"})
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_SERIAL = re.compile(r"\d{5}")


def deals(rows: Rows) -> Rows:
    """Deals that are still there; a dump of the API may hold deleted ones."""
    deleted = holds(rows, "is_deleted") | holds(rows, "deleted")
    return rows.without(deleted | among(rows, "status", ["deleted"]), DELETED)


def stage_changes(rows: Rows) -> Rows:
    """Moves between stages out of a flow or a changelog of deals.

    Mass moves say when somebody tidied up, not when a deal went on: they are set aside,
    as are changes of other fields.
    """
    prefix = "data." if "data.field_key" in rows.table.column_names else ""
    changes = [
        {k.removeprefix(prefix): v for k, v in record.items()}
        for record in rows.table.to_pylist()
    ]
    return made(rows, [_superfluous(change) or _move(change) for change in changes])


def _move(change: Record) -> Record:
    return {
        "deal_id": change.get("item_id") or change.get("deal_id"),
        "stage_id": change["new_value"],
        "entered_at": change.get("log_time") or change.get("time"),
        "changed_by": change.get("user_id") or change.get("actor_user_id"),
    }


def _superfluous(change: Record) -> str | None:
    kind = (change.get("object") or "dealChange").casefold()
    if kind != "dealchange" or change.get("field_key") != "stage_id":
        return OTHER_EVENT
    if change.get("new_value") in {None, change.get("old_value")}:
        return SAME_STAGE
    bulk = (change.get("is_bulk_update_flag") or "").casefold() in _YES
    return BULK_MOVE if bulk else None


def activities(rows: Rows) -> Rows:
    """Activities that were held, with their moment and length in seconds.

    What is only planned did not happen yet, and a task is no contact with a client.
    """
    names = {
        part: header_of(rows, wanted)
        for part, wanted in (
            ("type", ["activity - type", "type"]),
            ("done", ["activity - done", "done"]),
            ("marked", ["activity - marked as done time", "marked_as_done_time"]),
            ("date", ["activity - due date", "due_date"]),
            ("time", ["activity - due time", "due_time"]),
            ("duration", ["activity - duration", "duration"]),
        )
    }
    return made(rows, [_activity(record, names) for record in rows.table.to_pylist()])


def _activity(record: Record, names: Mapping[str, str | None]) -> Record | str:
    cells = {part: record.get(name or "") for part, name in names.items()}
    if not _held(cells, names["marked"] is not None):
        return NOT_HELD
    if words.normalise(cells["type"] or "") in _INNER:
        return NO_CONTACT
    return {
        **record,
        "started_at": _moment(cells["date"], cells["time"]),
        "duration_s": _seconds(cells["duration"]),
    }


def _held(cells: Record, marks: bool) -> bool:
    """By the word of the column, else by the time at which it was marked as done."""
    word = words.normalise(cells["done"] or "")
    if word in _DONE or word in _UNDONE:
        return word in _DONE
    return cells["marked"] is not None or not marks


def _moment(date: str | None, time: str | None) -> str | None:
    """A date and a clock in two cells; a spreadsheet may have made a serial of one."""
    clock = _CLOCK.fullmatch(time or "")
    if date is None or clock is None:
        return date
    if _SERIAL.fullmatch(date):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return f"{int(date) + (hours * 3600 + minutes * 60 + seconds) / 86_400:.6f}"
    return f"{date.split()[0].split('T')[0]} {time}"


def _seconds(duration: str | None) -> str | None:
    """`01:30` is 5400; `00:00` is what an activity without a length has: unknown."""
    clock = _CLOCK.fullmatch(duration or "")
    if clock is None:
        return duration
    hours, minutes, seconds = (int(part or 0) for part in clock.groups())
    length = hours * 3600 + minutes * 60 + seconds
    return str(length) if length else None


def stages(rows: Rows) -> Rows:
    """Stages in the order of their pipelines."""
    records = rows.table.to_pylist()
    order = sorted(range(len(records)), key=lambda i: _place(records[i]))
    moved = [records[i] for i in order]
    return from_dicts(rows, moved, np.sort(rows.numbers).tolist())


def _place(record: Record) -> tuple[float, float]:
    cells = (record.get("pipeline_id"), record.get("order_nr"))
    pipeline, order = (float(c) if c and c.isdigit() else np.inf for c in cells)
    return pipeline, order


SHAPES = {
    "deals": deals, "stage-changes": stage_changes, "activities": activities,
    "stages": stages,
}  # fmt: skip
