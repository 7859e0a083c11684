"""What a repeated import says of the deals that the case had before."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.merging import Part
from salesdx.language import Text


def remarks(old: pa.Table, parts: Sequence[Part], found: pa.Table) -> Iterator[Text]:
    """Deals that vanished from the export, and deals that are open again.

    Args:
        old: the deals of the case before.
        parts: the deals of the files.
        found: the deals after the import.
    """
    told = [p for p in parts if p.rows.num_rows]
    if not old.num_rows or not told:
        return
    lost = _absent(old, told)
    if lost:
        yield Text(
            en=f"{lost} deals of the case fall into the period of this export but are"
            " not in it; they stay. Deleted in the CRM, or left out by a filter?",
            ru=f"сделок, которые по датам должны быть в этой выгрузке, а их там нет:"
            f" {lost}. В разборе они остались. Их удалили из CRM или отсёк фильтр?",
        )
    opened = _open_again(old, found)
    if opened:
        yield Text(
            en=f"{opened} deals that were closed in the case are open now. If this"
            " export is older than the last one, import the last one again.",
            ru=f"сделок, которые в разборе были закрыты, а теперь снова открыты:"
            f" {opened}. Если эта выгрузка старее прошлой, загрузите прошлую ещё раз.",
        )


def _absent(old: pa.Table, parts: Sequence[Part]) -> int:
    """Deals entered within the period of the files that no file has."""
    if "entered_at" not in old.column_names:
        return 0
    spans = [
        pc.min_max(p.rows["entered_at"])
        for p in parts
        if "entered_at" in p.rows.column_names
    ]
    known = pa.concat_arrays([
        chunk for p in parts for chunk in p.rows["deal_id"].chunks
    ])  # fmt: skip
    inside = pa.chunked_array([pa.array([False] * old.num_rows)])
    for span in spans:
        if span["min"].is_valid:
            entered = old["entered_at"]
            after = pc.greater_equal(entered, span["min"])
            within = pc.and_(after, pc.less_equal(entered, span["max"]))
            inside = pc.or_(inside, pc.fill_null(within, False))
    gone = pc.invert(pc.is_in(old["deal_id"], value_set=known))
    return int(pc.sum(pc.and_(inside, gone)).as_py() or 0)


def _open_again(old: pa.Table, found: pa.Table) -> int:
    place = pc.index_in(old["deal_id"], value_set=found["deal_id"].combine_chunks())
    now = found["status"].combine_chunks().take(place.combine_chunks())
    closed = pc.not_equal(old["status"], "open")
    return int(pc.sum(pc.and_(closed, pc.equal(now, "open"))).as_py() or 0)
