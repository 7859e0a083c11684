"""Where in the funnel a manager falls behind: each stage against colleagues there.

The clock of a stage starts when a deal reaches it (or a later one: a skipped stage
counts as passed). A deal is judged at a stage once it has been there as long as nine
of ten deals need to go on, whatever became of it: judging the quick ones earlier would
flatter whoever has many new deals.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from salesdx.facts import COMPANY
from salesdx.losses.candidate import Candidate
from salesdx.losses.places import at_stage
from salesdx.losses.settings import GateSettings
from salesdx.losses.share_gaps import Tables, counted, good_share_candidates
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import DAY, deal_rows, dimensions
from salesdx.metrics.deals.conversion import unjudged
from salesdx.metrics.deals.deal_counts import MIX, blind_dimensions
from salesdx.metrics.deals.funnel import Stages, funnel_steps, stages
from salesdx.metrics.grain import moment
from salesdx.statistics import survival

METRIC = "conversion.stage"
PASSED = 0.9  # share of those who go on that have gone by the time a stage is judged
LONGEST = 3650  # days


@dataclass(frozen=True, slots=True)
class AtStages:
    """Candidates by stage, in the order of the funnel, and the company's rates."""

    stages: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)


def stage_candidates(
    data: Data, novices: Collection[str], gate: GateSettings
) -> AtStages:
    """Managers at every stage of the main funnel; nothing without dated stages.

    A success at a stage is worth the chance of the company to win from the next one.
    """
    order = _usable(data)
    if order is None:
        return AtStages()
    rows = data.kept("stage_clocks", lambda: _clocks(data, order))
    limits = _limits(data, rows, len(order.ids))
    present = dimensions(data)
    cells = tuple(c for c in MIX if c in present)
    tables = _tables(data, rows, limits, order, cells)
    rates = {s: _rate(t) for s, t in tables.items() if t}
    found: list[Candidate] = []
    later = _later(data)
    for stage in order.ids:
        if stage in rates:
            worth = later.get(stage)
            found += _at(stage, tables[stage], novices, cells, worth, gate)
    return AtStages(order.ids, tuple(found), rates)


def _later(data: Data) -> dict[str, float]:
    """Chance to win of a deal that went on from each stage, over mature entries."""
    steps = funnel_steps(data)
    return {
        here.stage: min(steps[-1].count / following.count, 1.0)
        for here, following in pairwise(steps)
        if following.count
    }


def _usable(data: Data) -> Stages | None:
    needed = ("deal_id", "stage_id", "entered_at")
    if data.as_of is None or not data.has("stage_history", *needed):
        return None
    if not data.has("deals", "status") or unjudged(data, COMPANY) is not None:
        return None
    if "manager" not in dimensions(data) or "manager" in blind_dimensions(data):
        return None
    return stages(data)


def _clocks(data: Data, order: Stages) -> Any:
    """One row a deal and stage reached: dimensions, stage, age there, wait to go on."""
    now = moment(data)
    places = {stage: i for i, stage in enumerate(order.ids)}
    history = data.table("stage_history")
    at = history.entered_at.cast("timestamp").epoch_seconds().cast("int64")
    history = history.mutate(
        place=history.stage_id.cases(*places.items(), else_=-1).cast("int64"), at=at
    )
    history = history.filter(history["at"].notnull(), history["at"] <= now)
    missing = ibis.null().cast("int64")
    first = {
        f"at_{i}": ibis.ifelse(history.place >= i, history["at"], missing).min()
        for i in range(len(order.ids))
    }
    seen = history.group_by(history.deal_id.name("history_id")).agg(**first)
    rows = _main(data, deal_rows(data))
    rows = rows.inner_join(seen, rows.deal_id == seen.history_id)
    won = (rows.status == "won") & (rows.closed <= now)
    end = ibis.ifelse(won, rows.closed, missing)
    times = [ibis.coalesce(rows[f"at_{i}"], end) for i in range(len(order.ids))]
    times.append(end)
    rows = rows.select("manager", *MIX, **{f"time_{i}": t for i, t in enumerate(times)})
    copies = data.supplied(
        "stage_numbers",
        lambda: pa.table({"number": pa.array(range(len(order.ids)), pa.int64())}),
    )
    rows = rows.cross_join(copies)
    begun = rows.number.cases(
        *((i, rows[f"time_{i}"]) for i in range(len(order.ids))), else_=missing
    )
    ended = rows.number.cases(
        *((i, rows[f"time_{i + 1}"]) for i in range(len(order.ids))), else_=missing
    )
    rows = rows.select("manager", *MIX, "number", begun=begun, ended=ended)
    rows = rows.filter(rows.begun.notnull())
    age = ((now - rows.begun) / DAY).floor().cast("int64").clip(lower=0, upper=LONGEST)
    wait = ((rows.ended - rows.begun) / DAY).floor().cast("int64")
    return rows.select(
        "manager", *MIX, "number", age=age, wait=wait.clip(lower=0, upper=LONGEST)
    )


def _main(data: Data, rows: Any) -> Any:
    """Deals of the main funnel, where deals name a funnel at all."""
    if data.has("deals", "funnel_id") and data.funnel.stages:
        in_main = rows.funnel_id == data.funnel.id
        if data.rows(rows.agg(n=in_main.sum()))[0]["n"]:
            return rows.filter(rows.funnel_id.isnull() | in_main)
    return rows


def _limits(data: Data, rows: Any, count: int) -> list[int | None]:
    """Days by which nine of ten of those who go on have gone on, by stage."""
    last = ibis.coalesce(rows.wait, rows.age)
    table = rows.mutate(last=last, gone=rows.wait.notnull().cast("int64"))
    grouped = table.group_by("number", "last").agg(
        gone=table.gone.sum(), n=table.count()
    )
    gone = np.zeros((count, LONGEST + 1), np.int64)
    left = np.zeros((count, LONGEST + 1), np.int64)
    for r in data.rows(grouped):
        gone[r["number"], r["last"]] += r["gone"]
        left[r["number"], r["last"]] += r["n"] - r["gone"]
    curves = [survival.incidence(g, w) for g, w in zip(gone, left, strict=True)]
    return [survival.time_quantile(c, PASSED) for c in curves]


def _tables(
    data: Data, rows: Any, limits: list[int | None], order: Stages,
    cells: tuple[str, ...],
) -> dict[str, Tables]:  # fmt: skip
    """Stage -> (manager, cell) -> how many went on in time, of those judged."""
    known = {i: limit for i, limit in enumerate(limits) if limit is not None}
    if not known:
        return {}
    limit = rows.number.cases(*known.items(), else_=LONGEST + 1).cast("int64")
    judged = rows.mutate(limit=limit)
    judged = judged.filter(judged.age >= judged["limit"], judged.manager.notnull())
    hit = (judged.wait <= judged["limit"]).fill_null(False).cast("int64")
    judged = judged.mutate(hit=hit)
    keys = ("number", "manager", *cells)
    grouped = judged.group_by(keys).agg(good=judged.hit.sum(), n=judged.count())
    found: dict[str, Tables] = {stage: {} for stage in order.ids}
    for r in sorted(data.rows(grouped), key=lambda r: tuple(str(r[k]) for k in keys)):
        cell = tuple(r[c] or "" for c in cells)
        found[order.ids[r["number"]]][r["manager"], cell] = counted(r["good"], r["n"])
    return found


def _rate(tables: Tables) -> float:
    n = sum(t.entries for t in tables.values())
    return sum(int(t.won.sum()) for t in tables.values()) / n if n else 0.0


def _at(
    stage: str, tables: Tables, novices: Collection[str], cells: tuple[str, ...],
    later: float | None, gate: GateSettings,
) -> list[Candidate]:  # fmt: skip
    found = good_share_candidates(
        METRIC, "manager", tables, novices, cells, gate, later
    )
    return [replace(c, dimension=at_stage("manager", stage)) for c in found]
