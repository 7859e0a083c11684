"""Statements on the quality of the data, by id; knowledge_base words them.

Faulty rows never stop a run: each statement counts what was left out or looks wrong,
so that a reader can weigh every figure. Ids are those of data_quality.yaml.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.company import LOST_REASONS, Company
from salesdx.crm import words
from salesdx.crm.asof import event_columns, event_times
from salesdx.crm.canonical import TableRead
from salesdx.crm.notes import Note
from salesdx.crm.reasons import COPY, DUPLICATE, REPEATED, SUPERFLUOUS

SAME_MINUTE = 0.05  # crm-formats: entered afterwards above this share
OTHER_REASON = 0.4  # reasons are not kept above this share
SHOWN = 3
_TEXT = pa.string()
ORDERED = {  # (table, from, to): the later may not precede the earlier
    "deals": (("entered_at", "closed_at"),),
    "leads": (
        ("created_at", "first_response_at"), ("created_at", "first_attempt_at"),
        ("created_at", "reached_at"),
    ),
    "stage_history": (("entered_at", "left_at"),),
    "quotes": (("requested_at", "sent_at"),),
    "contracts": (("client_ready_at", "signed_at"),),
    "tickets": (("opened_at", "closed_at"),),
    "complaints": (("opened_at", "resolved_at"),),
    "presales_tasks": (("requested_at", "started_at"), ("started_at", "finished_at")),
    "absences": (("from", "to"),),
    "payments": (("issued_at", "paid_at"),),
}  # fmt: skip
LINKS = (  # (table, column, table it points at, its key)
    ("deals", "manager_id", "managers", "manager_id"),
    ("deals", "client_id", "clients", "client_id"),
    ("deals", "lead_id", "leads", "lead_id"),
    ("deals", "product", "products", "product_id"),
    ("leads", "assigned_to", "managers", "manager_id"),
    ("leads", "client_id", "clients", "client_id"),
    ("stage_history", "deal_id", "deals", "deal_id"),
    ("deal_items", "deal_id", "deals", "deal_id"),
    ("deal_items", "product_id", "products", "product_id"),
    ("activities", "manager_id", "managers", "manager_id"),
    ("activities", "deal_id", "deals", "deal_id"),
    ("quotes", "deal_id", "deals", "deal_id"),
    ("contracts", "deal_id", "deals", "deal_id"),
    ("absences", "manager_id", "managers", "manager_id"),
    ("call_reviews", "manager_id", "managers", "manager_id"),
)


def reading_notes(read: TableRead) -> Iterator[Note]:
    """What reading one table left out."""
    if read.empty:
        yield Note("empty-table", read.name, {"count": 0, "source": read.source})
        return
    repeated = {COPY, REPEATED, DUPLICATE}
    apart = SUPERFLUOUS - repeated
    for note_id, chosen in (
        ("duplicate-keys", repeated),
        ("set-aside-rows", apart),
        ("rejected-rows", {r.reason for r in read.rejected} - repeated - apart),
    ):
        rows = [r for r in read.rejected if r.reason in chosen]
        if rows:
            shown = ", ".join(str(r.row) for r in rows[:SHOWN])
            yield Note(note_id, read.name, {
                "count": len(rows), "total": read.rows_in, "examples": shown,
                "dropped": len(rows),
                "before": read.rows_in, "after": read.arrow.num_rows,
            })  # fmt: skip
    for column in sorted(read.bad_values):
        bad = read.bad_values[column]
        shown = ", ".join(f"{row}: {text!r}" for row, text in bad.examples[:SHOWN])
        yield Note("unreadable-values", read.name, {
            "count": bad.count, "total": read.rows_in, "column": column,
            "examples": shown,
        })  # fmt: skip
    if read.order.mixed:
        yield Note("mixed-date-orders", read.name, {"order": read.order.order})
    if not read.order.evident:
        yield Note("ambiguous-dates", read.name, {"order": read.order.order})


def table_notes(
    tables: Mapping[str, pa.Table], company: Company, as_of: dt.datetime | None
) -> Iterator[Note]:
    """What looks wrong in the tables that were read."""
    for name in sorted(tables):
        if not tables[name].num_rows:
            continue
        if as_of is not None:
            yield from _future(name, tables[name], as_of)
        yield from _negative(name, tables[name])
    for table, column, target, key in LINKS:
        yield from _orphans(tables, table, column, target, key)
    deals = tables.get("deals")
    if deals is not None and deals.num_rows:
        yield from _deals(deals, tables, company)


def _future(name: str, table: pa.Table, as_of: dt.datetime) -> Iterator[Note]:
    for column in event_columns(name, table):
        times = event_times(name, table, column)
        late = times.filter(pc.greater(times, pa.scalar(as_of, pa.timestamp("s"))))
        late = late.drop_null()
        if len(late):
            days = sorted({t.date().isoformat() for t in late.to_pylist()})
            yield Note("future-dates", name, {
                "count": len(late), "column": column, "as_of": as_of.date().isoformat(),
                "examples": ", ".join(days[:SHOWN]),
            })  # fmt: skip


def _negative(name: str, table: pa.Table) -> Iterator[Note]:
    for start, end in ORDERED.get(name, ()):
        if not {start, end} <= set(table.column_names):
            continue
        first = table[start].cast(pa.timestamp("s"))
        wrong = pc.fill_null(pc.less(table[end].cast(pa.timestamp("s")), first), False)
        count = pc.sum(wrong).as_py() or 0
        if count:
            yield Note("negative-durations", name, {
                "count": count, "column": end, "start": start,
                "examples": _examples(table, wrong),
            })  # fmt: skip


def _examples(table: pa.Table, mask: pa.ChunkedArray) -> str:
    """First column (the key) of the first few rows of a mask."""
    rows = table.column(0).filter(mask).slice(0, SHOWN).to_pylist()
    return ", ".join(str(r) for r in rows)


def _orphans(
    tables: Mapping[str, pa.Table], name: str, column: str, target: str, key: str
) -> Iterator[Note]:
    table, other = tables.get(name), tables.get(target)
    if table is None or other is None or not table.num_rows or not other.num_rows:
        return
    if column not in table.column_names or key not in other.column_names:
        return
    values = table[column].combine_chunks().drop_null()
    lonely = values.filter(
        pc.invert(pc.is_in(values, value_set=other[key].combine_chunks()))
    )
    if len(lonely):
        shown = sorted(set(lonely.to_pylist()))
        yield Note("orphan-keys", name, {
            "count": len(lonely), "total": len(values), "column": column,
            "target": target, "values": len(shown),
            "examples": ", ".join(shown[:SHOWN]),
        })  # fmt: skip


def _deals(
    deals: pa.Table, tables: Mapping[str, pa.Table], company: Company
) -> Iterator[Note]:
    total = deals.num_rows
    undated = _nulls(deals, "entered_at")
    if undated:
        yield Note("undated-deals", "deals", {"count": undated, "total": total})
    status = deals["status"]
    won, lost = (pc.sum(pc.equal(status, s)).as_py() or 0 for s in ("won", "lost"))
    if not lost:
        yield Note("no-lost-deals", "deals", {"count": total, "won": won})
    history = tables.get("stage_history")
    if history is None or not history.num_rows:
        yield Note("no-stage-history", "deals", {"count": total})
    yield Note("current-owner-only", "deals", {"count": total})
    closed = won + lost
    undated_closed = _count(deals, "closed_at", pc.not_equal(status, "open"), null=True)
    if undated_closed:
        params = {"count": undated_closed, "total": closed}
        yield Note("closed-undated", "deals", params)
    yield from _stages(deals, company)
    yield from _same_minute(deals)
    yield from _other_reason(deals)
    yield from _unmapped_reasons(deals)
    yield from _manager_for_won(deals)


def _nulls(table: pa.Table, column: str) -> int:
    if column not in table.column_names:
        return int(table.num_rows)
    return int(table[column].null_count)


def _count(table: pa.Table, column: str, mask: pa.ChunkedArray, null: bool) -> int:
    """Rows of a mask whose column is (not) null."""
    rows = table.filter(mask)
    nulls = _nulls(rows, column)
    return nulls if null else rows.num_rows - nulls


def _stages(deals: pa.Table, company: Company) -> Iterator[Note]:
    known = {s.id for f in company.funnels for s in f.stages}
    if not known or "stage_id" not in deals.column_names:
        return
    stages = deals["stage_id"].combine_chunks().drop_null()
    unknown = stages.filter(
        pc.invert(pc.is_in(stages, value_set=pa.array(sorted(known))))
    )
    shown: list[str] = []
    if len(unknown):
        shown = [s for s in sorted(set(unknown.to_pylist())) if not _outcome(s)]
        count = len(unknown.filter(pc.is_in(unknown, value_set=pa.array(shown, _TEXT))))
    if shown:
        yield Note("unknown-stage", "deals", {
            "count": count, "total": deals.num_rows, "column": "stage_id",
            "values": len(shown), "examples": ", ".join(shown[:SHOWN]),
        })  # fmt: skip


def _outcome(stage: str) -> bool:
    """Whether a stage is an outcome (`Won`), which no funnel needs to list."""
    code = words.codes("status").get(words.normalise(stage))
    return code in {"won", "lost"}


def _same_minute(deals: pa.Table) -> Iterator[Note]:
    """Closed in the minute of entry; only where the data hold a time of day."""
    if not {"entered_at", "closed_at"} <= set(deals.column_names):
        return
    minutes = [
        pc.floor_temporal(event_times("deals", deals, c), unit="minute")
        for c in ("entered_at", "closed_at")
    ]
    entered, closed = minutes
    timed = pc.or_(
        pc.not_equal(entered, pc.floor_temporal(entered, unit="day")),
        pc.not_equal(closed, pc.floor_temporal(closed, unit="day")),
    )
    same = pc.and_(pc.equal(entered, closed), timed)
    count, total = (pc.sum(x).as_py() or 0 for x in (same, pc.is_valid(closed)))
    if total and count > SAME_MINUTE * total:
        yield Note("closed-same-minute", "deals", {
            "count": count, "total": total, "share": count / total,
        })  # fmt: skip


def _other_reason(deals: pa.Table) -> Iterator[Note]:
    if "lost_reason" not in deals.column_names:
        return
    reasons = deals.filter(pc.equal(deals["status"], "lost"))["lost_reason"]
    total = len(reasons) - reasons.null_count
    count = pc.sum(pc.equal(reasons, "other")).as_py() or 0
    if total and count > OTHER_REASON * total:
        yield Note("other-reason", "deals", {
            "count": count, "total": total, "share": count / total,
        })  # fmt: skip


def _unmapped_reasons(deals: pa.Table) -> Iterator[Note]:
    if "lost_reason" not in deals.column_names:
        return
    reasons = deals.filter(pc.equal(deals["status"], "lost"))["lost_reason"]
    found = reasons.combine_chunks().drop_null()
    codes = pa.array(LOST_REASONS)
    other = found.filter(pc.invert(pc.is_in(found, value_set=codes)))
    if len(other):
        shown = sorted(set(other.to_pylist()))
        yield Note("unmapped-lost-reasons", "deals", {
            "count": len(other), "total": len(found), "column": "lost_reason",
            "examples": ", ".join(shown[:SHOWN]),
        })  # fmt: skip


def _manager_for_won(deals: pa.Table) -> Iterator[Note]:
    """Managers known for wins only: then no conversion of a manager exists."""
    if "manager_id" not in deals.column_names:
        return
    won = pc.equal(deals["status"], "won")
    of_won = _count(deals, "manager_id", won, null=False)
    rest = deals.num_rows - (pc.sum(won).as_py() or 0)
    of_rest = _count(deals, "manager_id", pc.invert(won), null=False)
    if of_won and rest and not of_rest:
        yield Note("manager-known-for-won-only", "deals", {
            "count": rest, "total": deals.num_rows,
        })  # fmt: skip
