"""HubSpot: pipelines after the names of stages, names of people, talks, stages."""

import re
from collections.abc import Callable

from salesdx.crm.headers import header_of
from salesdx.crm.reasons import NOT_HELD
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.columns import in_order, texts, with_columns, with_texts
from salesdx.crm.vendors.hubspot_entries import HISTORIES, stage_entries
from salesdx.crm.vendors.hubspot_names import dated_columns, pipelines_of, stage_alone
from salesdx.crm.vendors.records import Record, explode, made

# `Anna Orlova (a@example.com)`, `Anna Orlova (Deactivated User)`: unverified
_BESIDE_NAME = re.compile(r"\s*\((?:\S+@\S+|deactivated user)\)$", re.IGNORECASE)
_HOME_AMOUNT = ("amount in company currency", "amount_in_home_currency")
_CURRENCY = ("currency", "deal_currency_code")
# outcomes of a call that every portal has, see the docs of the calls API
_DISPOSITIONS = {
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "Busy",
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "Connected",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "Left live message",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "Left voicemail",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "No answer",
    "17b47fee-58de-441e-a44c-c6300d46f273": "Wrong number",
}
_WAYS = {"email": "out", "incoming_email": "in"}  # a forwarded letter says neither
_NOT_HELD = frozenset({"canceled", "cancelled", "no_show", "rescheduled"})


def deals(rows: Rows) -> Rows:
    """Deals whose stage, owner and amount read alike in every export.

    `Closed Won (Sales)` of the pipeline Sales is Closed Won; the owner is a name
    without the mail; beside an amount in the company's currency the currency of the
    deal would mislead. What `stage_entries` reads is left to it.
    """
    known = pipelines_of(rows)
    dated = {d.header for d in dated_columns(rows)}
    told = {n for n in rows.table.column_names if n.startswith(HISTORIES)}
    rows = with_columns(rows, dict.fromkeys(dated | told))
    rows = with_texts(
        rows, ("deal stage", "deal-phase", "etapa del negocio"),
        lambda stage: stage_alone(stage, known),
    )  # fmt: skip
    rows = with_texts(rows, ("deal owner",), lambda name: _BESIDE_NAME.sub("", name))
    home = header_of(rows, _HOME_AMOUNT)
    if home is None:
        return rows
    filled = rows.table[home].null_count < rows.table.num_rows
    away = header_of(rows, _CURRENCY) if filled else home
    return rows if away is None else with_columns(rows, {away: None})


def stages(rows: Rows) -> Rows:
    """Stages of all pipelines in their order, each with its outcome."""
    found = in_order(explode(rows, "stages", keep=["label"]), "displayorder")
    told = [_outcome(record) for record in found.table.to_pylist()]
    return with_columns(found, {"outcome": texts(told)})


def _outcome(stage: Record) -> str | None:
    """A closed stage is won at a probability of 1 and lost at 0."""
    if (stage.get("metadata.isclosed") or "true") != "true":
        return None
    chance = float(stage.get("metadata.probability") or "nan")
    return {1.0: "won", 0.0: "lost"}.get(chance)


def owners(rows: Rows) -> Rows:
    """Owners with their whole name, and the user that each of them is."""
    records = rows.table.to_pylist()
    names = [_joined(r.get("firstname"), r.get("lastname")) for r in records]
    users = [r.get("userid") or r.get("useridincludinginactive") for r in records]
    return with_columns(rows, {
        "name": texts(names),
        "user": texts([u and f"user:{u}" for u in users]),
    })  # fmt: skip


def _joined(*parts: str | None) -> str | None:
    return " ".join(p for p in parts if p) or None


def activities(rows: Rows) -> Rows:
    """Calls, meetings and letters; meetings that were not held are set aside."""
    return made(rows, [_talk(record) for record in rows.table.to_pylist()])


def _talk(found: Record) -> Record | str:
    """A record with what it says of a talk; a call lasts milliseconds in HubSpot."""
    record = {k.removeprefix("properties."): v for k, v in found.items()}
    if (record.get("hs_meeting_outcome") or "").casefold() in _NOT_HELD:
        return NOT_HELD
    way = (record.get("hs_email_direction") or "").casefold()
    outcome = record.get("hs_call_disposition") or record.get("hs_meeting_outcome")
    lasted = record.get("hs_call_duration")
    if "hs_call_duration" in record:
        kind, start = "call", "hs_timestamp"
    elif "hs_meeting_start_time" in record:
        kind, start = "meeting", "hs_meeting_start_time"
    else:
        kind, start = "letter", "hs_timestamp"
    return {
        **found,
        "type": kind,
        "started": record.get(start) or record.get("hs_timestamp"),
        "direction": record.get("hs_call_direction") or _WAYS.get(way),
        "seconds": lasted and _seconds(lasted),
        "outcome": outcome and _DISPOSITIONS.get(outcome, outcome),
    }


def _seconds(milliseconds: str) -> str:
    """What is no number stays, to be counted as unreadable."""
    if not milliseconds.replace(".", "", 1).isdecimal():
        return milliseconds
    return str(float(milliseconds) / 1000)


SHAPES: dict[str, Callable[[Rows], Rows]] = {
    "deals": deals,
    "stage-entries": stage_entries,
    "stages": stages,
    "owners": owners,
    "activities": activities,
}
