"""Zoho CRM: ids of files without their prefix, stage history, stages, calls."""

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.headers import header_of
from salesdx.crm.reasons import NOT_HELD, SAME_STAGE
from salesdx.crm.rows import Mask, Rows
from salesdx.crm.vendors.columns import (
    NOTHING,
    column,
    in_order,
    seconds,
    stays,
    texts,
    with_columns,
)
from salesdx.crm.vendors.records import explode

_ID = re.compile(r"(^|[ .])id$|^id ")
_PREFIX = "^zcrm_"
_DEAL = (
    "potential_name.id", "deal.id", "deal_name.id", "parent_id.id", "deal_id", "deal",
    "potential_name",
)  # fmt: skip
_WAYS = {"outbound": "out", "inbound": "in", "missed": "in"}
_PLANNED = pa.array(["scheduled", "overdue", "cancelled", "canceled"])
_CLOCK = r"^(?:(?P<h>\d+):)?(?P<m>\d+):(?P<s>\d{2})$"


def plain_ids(rows: Rows) -> Rows:
    """Ids without `zcrm_`, as the API writes them."""
    ids = [n for n in rows.table.column_names if _ID.search(n)]
    return with_columns(
        rows, {n: pc.replace_substring_regex(rows.table[n], _PREFIX, "") for n in ids}
    )


def moves(rows: Rows) -> Rows:
    """Entries into stages; a row without a change of stage is set aside.

    Zoho writes a row for other changes of a deal, too, with the stage it had.
    """
    deal = header_of(rows, _DEAL)
    if deal is None:
        return rows
    rows = with_columns(
        rows, {deal: pc.replace_substring_regex(rows.table[deal], _PREFIX, "")}
    )
    same = stays(rows.table[deal], rows.table["stage"], seconds(rows, "modified_time"))
    return rows.without(same, SAME_STAGE)


def stages(rows: Rows) -> Rows:
    """Stages of all pipelines in their order."""
    found = explode(rows, "maps", keep=["display_value"])
    return in_order(found, "sequence_number")


def calls(rows: Rows) -> Rows:
    """Calls with direction, seconds, and the deal where the call is about one.

    Calls that were only planned are set aside.
    """
    rows = rows.without(_planned(rows), NOT_HELD)
    told = rows.table["call_type"].to_pylist()
    deals = pc.equal(column(rows, "$se_module"), "Deals")
    clock = _seconds(column(rows, "call_duration"))
    return with_columns(rows, {
        "type": texts(["call"] * len(told)),
        "direction": texts([_WAYS.get((way or "").casefold()) for way in told]),
        "deal_id": pc.if_else(
            pc.fill_null(deals, False), column(rows, "what_id.id"), NOTHING
        ),
        "call_duration_in_seconds": pc.coalesce(
            column(rows, "call_duration_in_seconds"), clock
        ),
    })  # fmt: skip


def _planned(rows: Rows) -> Mask:
    states = pc.utf8_lower(column(rows, "outbound_call_status"))
    found: Mask = pc.is_in(states, value_set=_PLANNED).to_numpy()
    return found


def _seconds(clock: pa.ChunkedArray) -> pa.ChunkedArray:
    """`05:10` (minutes and seconds) as seconds; what is no clock stays as it is."""
    found = []
    for text in clock.to_pylist():
        parts = re.match(_CLOCK, text) if text else None
        seconds = parts and (
            int(parts["h"] or 0) * 3600 + int(parts["m"]) * 60 + int(parts["s"])
        )
        found.append(text if parts is None else str(seconds))
    return texts(found)


SHAPES: dict[str, Callable[[Rows], Rows]] = {
    "plain-ids": plain_ids,
    "moves": moves,
    "stages": stages,
    "calls": calls,
}
