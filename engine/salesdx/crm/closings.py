"""When a deal was really closed, where only its stage history knows."""

import pyarrow as pa
import pyarrow.compute as pc

_CLOSED = pa.array(["won", "lost"])


def with_closings(deals: pa.Table, history: pa.Table) -> pa.Table:
    """Fill the closing time of closed deals from their last move to their stage.

    A close date that a CRM lets people edit is no closing; the move to the stage where
    the deal ended is. A closing that was read stays.

    Args:
        deals: typed deals; needs `stage_id`.
        history: typed stage history.
    """
    if "stage_id" not in deals.column_names or "entered_at" not in history.column_names:
        return deals
    last = history.group_by(["deal_id", "stage_id"], use_threads=False).aggregate(
        [("entered_at", "max")]
    )
    keys = _keys(deals)
    place = pc.index_in(keys, value_set=_keys(last))
    moved = last["entered_at_max"].combine_chunks().take(place)
    closed = pc.is_in(deals["status"], value_set=_CLOSED).combine_chunks()
    nothing = pa.scalar(None, pa.timestamp("s"))
    found = pc.if_else(closed, moved, nothing)
    if "closed_at" not in deals.column_names:
        return (
            deals
            if found.null_count == len(found)
            else deals.append_column("closed_at", found)
        )
    known = pc.coalesce(deals["closed_at"], pa.chunked_array([found]))
    return deals.set_column(deals.column_names.index("closed_at"), "closed_at", known)


def _keys(table: pa.Table) -> pa.Array:
    """Deal and stage in one text; a deal without a stage has no key."""
    joined = pc.binary_join_element_wise(table["deal_id"], table["stage_id"], "\x1f")
    return joined.combine_chunks()
