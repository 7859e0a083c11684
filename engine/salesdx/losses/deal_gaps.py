"""Conversion and average check of slices against their peers: the sales themselves."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.facts import COMPANY
from salesdx.losses.amount_gaps import LogSum, check_candidates
from salesdx.losses.candidate import Candidate
from salesdx.losses.rate_gaps import rate_candidates
from salesdx.losses.settings import GateSettings
from salesdx.metrics import amount_grid
from salesdx.metrics.data import Data, fetch
from salesdx.metrics.deal_rows import DAY, deal_rows, dimensions
from salesdx.metrics.deals.conversion import unjudged
from salesdx.metrics.deals.deal_counts import (
    MIX,
    LifeTable,
    blind_dimensions,
    counts,
    horizon,
    life_tables,
    mature_tables,
)
from salesdx.metrics.shares import ranked

CHECK_MIX = ("segment", "product")
CHECKED_BY = ("manager",)  # checks of unlike segments are not compared
Cell = tuple[str, ...]
Tables = dict[tuple[str, Cell], LifeTable]


def comparable_conversions(
    data: Data,
) -> Iterator[tuple[str, str, Cell, Tables, int]]:
    """What conversions are compared on, dimension by dimension.

    Yields:
        (metric, dimension, names of the cells, day tables, horizon in days).
    """
    if data.as_of is None or not data.has("deals", "status", "entered_at"):
        return
    if unjudged(data, COMPANY) is not None:
        return
    days = horizon(data)
    blind = blind_dimensions(data)
    usable = [d for d in dimensions(data) if d not in blind]
    for dimension in usable:
        cells = tuple(c for c in MIX if c in usable and c != dimension)
        names = (dimension, *cells)
        if days is not None:
            tables = _named(life_tables(data, names, days))
            yield "conversion.at-horizon", dimension, cells, tables, days
        else:
            tables = _named(mature_tables(data, names))
            yield "conversion.mature", dimension, cells, tables, 0


def conversion_candidates(data: Data, gate: GateSettings) -> list[Candidate]:
    """Conversions of every dimension, on the same mix of segment and source."""
    found: list[Candidate] = []
    for metric, dimension, cells, tables, days in comparable_conversions(data):
        known = novices(data, gate) if dimension == "manager" else frozenset()
        found += rate_candidates(metric, dimension, tables, days, known, cells, gate)
    return found


def _named(tables: Mapping[tuple[str | None, ...], LifeTable]) -> Tables:
    """Split keys into value and cell; an unknown cell is a cell of its own, ""."""
    return {
        (key[0], tuple(c or "" for c in key[1:])): table
        for key, table in tables.items()
        if key[0] is not None
    }


def novices(data: Data, gate: GateSettings) -> frozenset[str]:
    """Managers most of whose entries came in their first days in the job."""
    if not data.has("deals", "entered_at"):
        return frozenset()
    rows = deal_rows(data)
    rows = rows.filter(
        rows.manager.notnull(), rows.hired.notnull(), rows.entered.notnull()
    )
    early = rows.entered < rows.hired + int(gate.novice_days) * DAY
    found = data.rows(rows.group_by("manager").agg(n=rows.count(), early=early.sum()))
    return frozenset(r["manager"] for r in found if 2 * r["early"] > r["n"])


def amount_candidates(data: Data, gate: GateSettings) -> list[Candidate]:
    """Checks of managers, on the same mix of segment and product."""
    if not data.has("deals", "amount"):
        return []
    company = counts(data)[COMPANY]
    if company["priced"] < gate.money_coverage * company["won"]:
        return []
    present = dimensions(data)
    found: list[Candidate] = []
    for dimension in CHECKED_BY:
        if dimension not in present:
            continue
        cells = tuple(c for c in CHECK_MIX if c in present and c != dimension)
        sums, average = _log_sums(data, (dimension, *cells))
        known = novices(data, gate) if dimension == "manager" else frozenset()
        found += check_candidates(
            "check.average", dimension, sums, average, known, cells, gate
        )
    return found


def _log_sums(
    data: Data, names: tuple[str, ...]
) -> tuple[dict[tuple[str, Cell], LogSum], dict[str, float]]:
    """Sums of log amounts by value and cell, and the mean check of each value."""
    rows = deal_rows(data)
    rows = rows.filter(rows[names[0]].notnull(), rows.status == "won", rows.amount > 0)
    # a repeat order is another kind of check than the first sale to a client
    rows = rows.mutate(
        bucket=amount_grid.cell(rows.amount),
        order=ibis.ifelse(rows.repeat, "repeat", ""),
    )
    names = (*names, "order")
    grouped = rows.group_by(*names, "bucket").agg(
        n=rows.count(), paid=rows.amount.sum()
    )
    found = fetch(grouped)
    if not found.num_rows:
        return {}, {}
    repeats = _repeats(rows, names)
    sums = {
        key: replace(part, repeats=repeats.get(key, 0))
        for key, part in _added(found, names).items()
    }
    return sums, _means(found, names[0])


def _repeats(rows: Any, names: tuple[str, ...]) -> dict[tuple[str, Cell], int]:
    """Sum of the squared numbers of deals of each client, by value and cell.

    A deal whose client is not known stands alone.
    """
    one = ibis.ifelse(rows.client.isnull(), rows.deal_id, ibis.literal(None, "string"))
    by_client = rows.group_by(*names, "client", one=one).agg(n=rows.count())
    square = (by_client.n * by_client.n).sum()
    found = fetch(by_client.group_by(*names).agg(squares=square.cast("int64")))
    return {
        (row[names[0]], tuple(row[c] or "" for c in names[1:])): int(row["squares"])
        for row in found.to_pylist()
    }


def _added(found: pa.Table, names: tuple[str, ...]) -> dict[tuple[str, Cell], LogSum]:
    """Sums by value and cell; in arrays, for there are nearly as many rows as deals."""
    ranks = [ranked(pc.fill_null(found[name], "")) for name in names]
    bucket, n = (np.asarray(found[c].to_numpy(), np.int64) for c in ("bucket", "n"))
    order = np.lexsort((bucket, *(codes for _, codes in reversed(ranks))))
    places = np.array([codes[order] for _, codes in ranks])
    starts = np.flatnonzero(
        np.concatenate(([True], np.any(places[:, 1:] != places[:, :-1], axis=0)))
    )
    distinct, which = np.unique(bucket[order], return_inverse=True)
    logs = np.array([math.log(amount_grid.middle(b)) for b in distinct.tolist()])
    x, n = logs[which], n[order]
    parts = (np.add.reduceat(part, starts).tolist() for part in (n, n * x, n * x * x))
    sums = zip(*parts, strict=True)
    keys = (
        tuple(values[i] for (values, _), i in zip(ranks, at, strict=True))
        for at in places[:, starts].T.tolist()
    )
    return {
        (key[0], key[1:]): LogSum(*part) for key, part in zip(keys, sums, strict=True)
    }


def _means(found: pa.Table, name: str) -> dict[str, float]:
    """Mean amount of each value, in currency units."""
    added = found.group_by(name).aggregate([("paid", "sum"), ("n", "sum")])
    rows = sorted(added.to_pylist(), key=lambda r: str(r[name]))
    return {r[name]: r["paid_sum"] / r["n_sum"] / 100 for r in rows}
