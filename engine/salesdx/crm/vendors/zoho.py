"""Zoho CRM: ids of files without their prefix, stage history, stages, calls."""

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.headers import header_of
from salesdx.crm.reasons import NOT_HELD, SAME_STAGE
from salesdx.crm.rows import Reject, Rows
from salesdx.crm.times import parse_times
from salesdx.crm.vendors.exploding import explode
from salesdx.crm.vendors.reshaping import in_order, only, with_cells

_ID = re.compile(r"(^|[ .])id$|^id ")
_PREFIX = "^zcrm_"
_DEAL = (
    "potential_name.id", "deal.id", "deal_name.id", "parent_id.id", "deal_id", "deal",
    "potential_name",
)  # fmt: skip
_WAYS = {"outbound": "out", "inbound": "in", "missed": "in"}
_STATE = "outbound_call_status"
_PLANNED = pa.array(["scheduled", "overdue", "cancelled", "canceled"])
_CLOCK = r"^(?:(?P<h>\d+):)?(?P<m>\d+):(?P<s>\d{2})$"


def plain_ids(rows: Rows) -> Rows:
    """Ids without `zcrm_`, as the API writes them."""
    ids = [n for n in rows.table.column_names if _ID.search(n)]
    return with_cells(
        rows, {n: pc.replace_substring_regex(rows.table[n], _PREFIX, "") for n in ids}
    )


def moves(rows: Rows) -> Rows:
    """Entries into stages, oldest first; a row without a change of stage is set aside.

    Zoho writes a row for other changes of a deal, too, with the stage it had.
    """
    deal = header_of(rows, _DEAL)
    if deal is None or not rows.rows_in:
        return rows
    rows = with_cells(
        rows, {deal: pc.replace_substring_regex(rows.table[deal], _PREFIX, "")}
    )
    written = rows.table["modified_time"].combine_chunks()
    times = parse_times(written, "day-first", "UTC")
    both = pa.table({"deal": rows.table[deal], "at": times, "row": rows.numbers})
    wanted = [("deal", "ascending"), ("at", "ascending"), ("row", "ascending")]
    order = pc.sort_indices(both, wanted)
    deals, stages = (rows.table[n].take(order).to_pylist() for n in (deal, "stage"))
    pairs = list(zip(deals, stages, strict=True))
    same = [False] + [a == b and a[0] is not None for a, b in pairwise(pairs)]
    again = np.zeros(len(pairs), bool)
    again[order.to_numpy()] = same
    aside = tuple(Reject(int(n), SAME_STAGE) for n in rows.numbers[again])
    return only(rows, ~again, aside)


def stages(rows: Rows) -> Rows:
    """Stages of all pipelines in their order."""
    found = explode(rows, "maps", keep=["display_value"])
    if "sequence_number" not in found.table.column_names:
        return found
    places = found.table["sequence_number"].cast(pa.float64())
    both = pa.table({"row": found.numbers, "place": places})
    wanted = [("row", "ascending"), ("place", "ascending")]
    return in_order(found, pc.sort_indices(both, wanted))


def calls(rows: Rows) -> Rows:
    """Calls with direction, seconds, and the deal where the call is about one.

    Calls that were only planned are set aside.
    """
    planned = _planned(rows)
    aside = [Reject(int(n), NOT_HELD) for n in rows.numbers[planned]]
    rows = only(rows, ~planned, aside)
    blank = pa.nulls(len(rows.numbers), pa.string())
    columns = dict(zip(rows.table.column_names, rows.table.columns, strict=True))
    ways = [_WAYS.get((w or "").casefold()) for w in columns["call_type"].to_pylist()]
    about = columns.get("what_id.id", blank)
    module = columns.get("$se_module", blank)
    deals = pc.fill_null(pc.equal(module, "Deals"), False)
    told = columns.get("call_duration_in_seconds", blank)
    clock = columns.get("call_duration", blank)
    return with_cells(rows, {
        "type": pa.array(["call"] * len(ways), pa.string()),
        "direction": pa.array(ways, pa.string()),
        "deal_id": pc.if_else(deals, about, pa.scalar(None, pa.string())),
        "call_duration_in_seconds": pc.coalesce(told, _seconds(clock)),
    })  # fmt: skip


def _planned(rows: Rows) -> npt.NDArray[np.bool_]:
    if _STATE not in rows.table.column_names:
        return np.zeros(len(rows.numbers), bool)
    states = pc.utf8_lower(rows.table[_STATE])
    found: npt.NDArray[np.bool_] = pc.is_in(states, value_set=_PLANNED).to_numpy()
    return found


def _seconds(clock: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """`05:10` (minutes and seconds) as seconds; what is no clock stays as it is."""
    found = []
    for text in clock.to_pylist():
        parts = re.match(_CLOCK, text) if text else None
        seconds = parts and (
            int(parts["h"] or 0) * 3600 + int(parts["m"]) * 60 + int(parts["s"])
        )
        found.append(text if parts is None else str(seconds))
    return pa.array(found, pa.string())


SHAPES: dict[str, Callable[[Rows], Rows]] = {
    "plain-ids": plain_ids,
    "moves": moves,
    "stages": stages,
    "calls": calls,
}
