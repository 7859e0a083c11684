"""Bitrix24 activities and calls of the API: contacts with clients."""

from salesdx.crm.reasons import NO_CONTACT, NOT_HELD
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.records import Record, made

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
        return NOT_HELD  # what came in did take place, even if nobody dealt with it
    owner = _OWNERS.get(record.get("owner_type_id") or "")
    return {
        "activity_id": record.get("id"),
        "manager_id": record.get("responsible_id"),
        "type": kind,
        "direction": way,
        "started_at": record.get("start_time") or record.get("created"),
    } | _with_whom(owner, record.get("owner_id"))


def _with_whom(kind: str | None, record_id: str | None) -> dict[str, str | None]:
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
