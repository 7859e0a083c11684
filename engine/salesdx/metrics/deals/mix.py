"""Is a manager's gap his own, or the mix of clients and leads he gets? (A-05, A-06)."""

import math
from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import sought
from salesdx.metrics.deals.maturity import NO_CYCLE, cutoff
from salesdx.metrics.grain import flag
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import FEW, dated, figure, sums

CHANCE = 1.96  # standard errors: a gap within them is nobody's


def _mature(data: Data) -> Any | None:
    """Mature entries with `hit` (won) and `base`; None when no cycle is known."""
    days = cutoff(data).days
    if days is None:
        return None
    rows = sought(data)
    rows = rows.filter(rows.age >= days)
    return rows.mutate(hit=flag(rows.status == "won"), base=ibis.literal(1, "int64"))


def weak_share(data: Data) -> Iterator[Measurement]:
    """A manager's share of entries from weak sources above the company's (A-06).

    All entries are counted, also young ones: the mix is known before the outcome.
    What a source is worth shows on mature entries only.
    """
    rows = _mature(data)
    if rows is None:
        yield _unknown("lead-mix.weak-share")
        return
    rates = list(sums(rows, ("hit", "base"), (("source",),)))
    total = rates[0][1]
    company = total["hit"] / total["base"] if total["base"] else 0.0
    enough = data.setting("lead-mix.source-entries")
    floor = data.setting("lead-mix.weak-source") * company
    weak = [
        where[0][1]
        for where, row in rates[1:]
        if row["base"] >= enough and row["hit"] / row["base"] < floor
    ]
    rows = sought(data)
    rows = rows.filter(rows.source.notnull())
    rows = rows.mutate(
        hit=flag(rows.source.isin(weak)) if weak else ibis.literal(0, "int64"),
        base=ibis.literal(1, "int64"),
    )
    overall = 0.0
    for where, row in sums(rows, ("hit", "base"), (("manager",),)):
        if not row["base"]:
            continue
        own = row["hit"] / row["base"]
        if where == COMPANY:
            overall = own
            continue
        yield figure(
            "lead-mix.weak-share", own - overall, where, row["base"], row["hit"],
            row["base"],
        )  # fmt: skip


def explained(data: Data) -> Iterator[Measurement]:
    """Part of a manager's conversion gap that a like-for-like comparison removes.

    The gap is the colleagues' mature conversion minus the manager's. Expected is what
    colleagues convert in each of the manager's cells segment x source (a cell where
    they have few entries takes their overall rate). Explained = (colleagues' rate -
    expected) / gap, within 0..1; 0 where there is no gap beyond chance, and where the
    data have neither segment nor source, which the definition says.
    """
    rows = _mature(data)
    if rows is None:
        yield _unknown("mix.explained-share")
        return
    rows = rows.filter(rows.manager.notnull())
    rows = rows.mutate(
        cell=ibis.coalesce(rows.segment, "") + "\n" + ibis.coalesce(rows.source, "")
    )
    own: dict[str, dict[str, tuple[int, int]]] = {}
    every: dict[str, list[int]] = {}
    for where, row in sums(rows, ("hit", "base"), (("manager", "cell"),)):
        if where == COMPANY:
            continue
        at = dict(where)
        own.setdefault(at["manager"], {})[at["cell"]] = (row["hit"], row["base"])
        cell = every.setdefault(at["cell"], [0, 0])
        cell[0], cell[1] = cell[0] + row["hit"], cell[1] + row["base"]
    for manager, cells in sorted(own.items()):
        found = _explained(cells, every)
        if found is not None:
            n = sum(base for _, base in cells.values())
            where = (("manager", manager),)
            yield figure("mix.explained-share", found, where, n)


def _explained(
    cells: dict[str, tuple[int, int]], every: dict[str, list[int]]
) -> float | None:
    hits, n = sum(k for k, _ in cells.values()), sum(b for _, b in cells.values())
    peers_hits = sum(k for k, _ in every.values()) - hits
    peers_n = sum(b for _, b in every.values()) - n
    if not peers_n or not n:
        return None
    peers = peers_hits / peers_n
    gap = peers - hits / n
    pooled = (hits + peers_hits) / (n + peers_n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / peers_n))
    if gap <= CHANCE * error:
        return 0.0
    expected = 0.0
    for cell, (k, base) in cells.items():
        others_k, others_n = every[cell][0] - k, every[cell][1] - base
        rate = others_k / others_n if others_n >= FEW else peers
        expected += rate * base
    return min(max((peers - expected / n) / gap, 0.0), 1.0)


def _unknown(metric: str) -> Measurement:
    return Measurement(metric, None, state="unknown", reason=NO_CYCLE)


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("lead-mix.weak-share",), ("deals.manager_id", "deals.entered_at"), weak_share
    ),
    Metric(
        ("mix.explained-share",), ("deals.manager_id", "deals.entered_at"), explained
    ),
)
