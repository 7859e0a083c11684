"""Odoo: leads beside deals, archived losses, `false` for nothing, moves in tracking."""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from salesdx.crm import words
from salesdx.crm.amounts import parse_numbers
from salesdx.crm.headers import header_of
from salesdx.crm.reasons import GROUP_ROW, OTHER_EVENT, OTHER_RECORD, SAME_STAGE
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.odoo_outcomes import numbers, outcomes
from salesdx.crm.vendors.odoo_records import plain
from salesdx.crm.vendors.records import Record, from_dicts, made

_TYPES = ["type", "тип"]
_LEAD = frozenset({"lead", "лид"})
_GROUP = re.compile(r".*\(\d+\)")
_STAGE = frozenset({"stage_id", "stage", "этап", "стадия"})


def opportunities(rows: Rows) -> Rows:
    """Deals, with yes or no for won and for lost as far as the file tells."""
    return _part(rows, leads_wanted=False)


def leads(rows: Rows) -> Rows:
    """Leads that nobody turned into an opportunity yet."""
    return _part(rows, leads_wanted=True)


def _part(rows: Rows, leads_wanted: bool) -> Rows:
    kind = header_of(rows, _TYPES)
    group = _group_test(rows)
    flags = outcomes(rows)
    found: list[Record | str] = []
    for place, record in enumerate(plain(rows)):
        is_lead = words.normalise(record.get(kind or "") or "") in _LEAD
        if group(record):
            found.append(GROUP_ROW)
        elif is_lead is not leads_wanted:
            found.append(OTHER_RECORD)
        else:
            found.append(record | {n: many[place] for n, many in flags.items()})
    return made(rows, found)


def references(rows: Rows) -> Rows:
    """Records where each many2one has its id and its name side by side."""
    return made(rows, plain(rows, names=True))


def _group_test(rows: Rows) -> Callable[[Record], bool]:
    """Whether a record is the heading of a group: `Won (12)` and totals, no deal.

    In a grouped export the first cell of such a row is the label of the group; of the
    other columns only numbers are filled.
    """
    names: Sequence[str] = rows.table.column_names
    key = header_of(rows, [".id", "id", "external id"])

    def is_group(record: Record) -> bool:
        first = record.get(names[0]) if names else None
        if first is None or not _GROUP.fullmatch(first):
            return False
        if key not in {None, names[0]} and record.get(key or "") is not None:
            return False
        rest = [c for n, c in record.items() if n != names[0] and c is not None]
        return all(_is_total(c) for c in rest)

    return is_group


def _is_total(cell: str) -> bool:
    number = parse_numbers(pa.array([cell])).null_count == 0
    return number or words.normalise(cell) in words.booleans()


def stages(rows: Rows) -> Rows:
    """Stages in their order."""
    records = list(plain(rows))
    places = numbers(rows, "sequence")
    order = np.argsort(np.where(np.isnan(places), np.inf, places), kind="stable")
    return from_dicts(rows, [records[i] for i in order], sorted(rows.numbers.tolist()))


def stage_changes(rows: Rows) -> Rows:
    """Moves between stages out of the tracked values; the latest name of each stage."""
    found: list[Record | str] = []
    latest: dict[str, tuple[str, str]] = {}
    for record in plain(rows, names=True):
        reason = _superfluous(record)
        if reason is not None:
            found.append(reason)
            continue
        stage, name = record["new_value_integer"], record.get("new_value_char")
        moment = next((m for n in _MOMENTS if (m := record.get(n))), "")
        if stage and name and latest.get(stage, ("", ""))[0] <= moment:
            latest[stage] = (moment, name)
        found.append(record)
    return made(
        rows, [f if isinstance(f, str) else _named_today(f, latest) for f in found]
    )


def _named_today(record: Record, latest: Mapping[str, tuple[str, str]]) -> Record:
    known = latest.get(record["new_value_integer"] or "")
    return {
        **record, "new_value_char": known[1] if known else record.get("new_value_char"),
    }  # fmt: skip


_MOMENTS = ("date", "mail_message_id.date", "mail_message_id/date", "create_date")
_FIELDS = ("field_name", "field_id", "field", "field_desc")
_MODELS = ("model", "mail_message_id.model", "mail_message_id/model")


def _superfluous(record: Record) -> str | None:
    """Changes of other fields and of other documents are no moves."""
    named = {
        words.normalise(re.sub(r"\s*\([^)]*\)$", "", text))
        for n in _FIELDS
        for text in (record.get(n), record.get(f"{n}.name"))
        if text
    }
    model = next((m for n in _MODELS if (m := record.get(n))), "crm.lead")
    if not named & _STAGE or model != "crm.lead":
        return OTHER_EVENT
    stage = record.get("new_value_integer")
    if stage in {None, "0", record.get("old_value_integer")}:
        return SAME_STAGE
    return None


SHAPES = {
    "opportunities": opportunities, "leads": leads, "references": references,
    "stages": stages, "stage-changes": stage_changes,
}  # fmt: skip
