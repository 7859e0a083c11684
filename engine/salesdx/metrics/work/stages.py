"""Time in stages against the reference, and deals that are stuck (M-27, M-28)."""

from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import pyarrow as pa

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, epoch, flag, moment, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, unknown, waits

_NO_REFERENCE = (
    "no stage has a reference duration",
    "ни для одного этапа не задан эталонный срок",
)

_CENTURY = 36_500  # days; a longer reference is no limit at all


def references(data: Data) -> dict[str, float]:
    """Reference days by stage: from company.yaml, else from funnel_definition."""
    found: dict[str, float] = {}
    for funnel in data.company.funnels:
        for stage in funnel.stages:
            if stage.reference_days is not None:
                found.setdefault(stage.id, stage.reference_days)
    if data.has("funnel_definition", "reference_days"):
        rows = picked(data, "funnel_definition", "stage_id reference_days")
        rows = rows.filter(rows.reference_days > 0)
        known = rows.group_by("stage_id").agg(days=rows.reference_days.max())
        for row in data.rows(known):
            found.setdefault(str(row["stage_id"]), float(row["days"]))
    return dict(sorted(found.items()))


def _reference_table(data: Data) -> Any:
    return data.supplied("references", lambda: _limits(references(data)))


def _limits(days: Mapping[str, float]) -> pa.Table:
    """Stages with the longest stay in whole seconds."""
    limits = [round(min(d, _CENTURY) * DAY) for d in days.values()]
    return pa.table(
        {
            "reference_stage": pa.array(list(days), pa.string()),
            "reference": pa.array(limits, pa.int64()),
        }
    )


def visits(data: Data) -> Any:
    """One row a visit of a deal to a stage: `stage`, `manager`, `wait`, `done`.

    A visit ends when the deal leaves, enters the next stage, or closes (then without
    having passed: it no longer waits); an open one lasts until as-of.
    """
    return data.kept("visits", lambda: _visits(data), always=True)


def _visits(data: Data) -> Any:
    rows = picked(data, "stage_history", "deal_id entered_at left_at", stage="stage_id")
    rows = rows.select(
        "deal_id", "stage", begun=epoch(rows.entered_at), left=epoch(rows.left_at)
    )
    rows = rows.filter(rows.begun <= moment(data))
    in_order = ibis.window(
        group_by=rows.deal_id, order_by=[rows.begun, rows.stage, rows.left]
    )
    rows = rows.mutate(following=rows.begun.lead().over(in_order))
    rows = rows.mutate(gone=ibis.coalesce(rows.left, rows.following))
    if data.has("deals"):
        known = deals(data)
        known = known.select(
            of=known.deal_id, manager=known.manager, closed=known.closed
        )
        rows = rows.left_join(known, rows.deal_id == known.of)
    else:
        rows = rows.mutate(manager=ibis.null("string"), closed=ibis.null("int64"))
    now = ibis.literal(moment(data), "int64")
    passed = rows.gone.notnull() & (rows.gone <= now)
    until = ibis.least(ibis.coalesce(rows.closed, now), now)
    wait = ibis.ifelse(passed, rows.gone, until) - rows.begun
    rows = rows.select("stage", "manager", done=flag(passed), wait=wait)
    return rows.filter(rows.wait >= 0)


def durations(data: Data) -> Iterator[Measurement]:
    """Median days in a stage, with those who are still there (M-27)."""
    yield from waits("stage.days", visits(data), DAY, (("stage",),))


def over_reference(data: Data) -> Iterator[Measurement]:
    """Visits longer than the reference, among those that are decided (M-27).

    A visit is decided when it ended, or already lasts longer than the reference.
    """
    if not references(data):
        yield unknown("stage.over-reference-share", *_NO_REFERENCE)
        return
    rows = visits(data)
    table = _reference_table(data)
    rows = rows.inner_join(table, rows.stage == table.reference_stage)
    rows = rows.mutate(over=flag(rows.wait > rows.reference))
    rows = rows.filter((rows.done == 1) | (rows.over == 1))
    grains = (("stage",), ("manager",))
    yield from shares("stage.over-reference-share", rows, rows.over, grains)


def stuck(data: Data) -> Iterator[Measurement]:
    """Open deals that sit in their stage beyond its reference (M-28).

    Without a stage history the age of the deal is compared with the reference of all
    stages up to the current one.
    """
    if not references(data):
        yield unknown("stage.stuck-share", *_NO_REFERENCE)
        return
    rows = deals(data)
    rows = rows.filter((rows.status == "open") & rows.stage_id.notnull())
    rows = rows.mutate(stage=rows.stage_id)
    if data.has("stage_history", "entered_at"):
        rows = _since_stage(data, rows)
    else:
        rows = _since_entry(data, rows)
    rows = rows.filter(rows.since.notnull() & (rows.since <= moment(data)))
    hit = flag(moment(data) - rows.since > rows.reference)
    grains = (("stage",), ("manager",))
    yield from shares("stage.stuck-share", rows, hit, grains)


def _since_stage(data: Data, rows: Any) -> Any:
    seen = picked(data, "stage_history", "deal_id stage_id entered_at")
    # only the asked deals are grouped: open ones are few among all
    asked = rows.select(asked_deal=rows.deal_id, asked_stage=rows.stage)
    seen = seen.semi_join(
        asked, [seen.deal_id == asked.asked_deal, seen.stage_id == asked.asked_stage]
    )
    seen = seen.mutate(begun=epoch(seen.entered_at))
    last = seen.group_by(
        [seen.deal_id.name("seen_deal"), seen.stage_id.name("seen_stage")]
    ).agg(since=seen.begun.max())
    rows = rows.inner_join(
        last, [rows.deal_id == last.seen_deal, rows.stage == last.seen_stage]
    )
    table = _reference_table(data)
    return rows.inner_join(table, rows.stage == table.reference_stage)


def _since_entry(data: Data, rows: Any) -> Any:
    known, total = references(data), 0.0
    limits: dict[str, float] = {}
    for stage in data.funnel.stages:
        if stage.id not in known:
            break  # beyond a gap the sum of references says nothing
        total += known[stage.id]
        limits[stage.id] = total
    table = data.supplied("references_so_far", lambda: _limits(limits))
    rows = rows.inner_join(table, rows.stage == table.reference_stage)
    return rows.mutate(since=rows.entered)


METRICS: tuple[Metric, ...] = dated(
    Metric(("stage.days",), ("stage_history.entered_at",), durations),
    Metric(
        ("stage.over-reference-share",), ("stage_history.entered_at",), over_reference
    ),
    Metric(("stage.stuck-share",), ("deals.stage_id", "deals.status"), stuck),
)
