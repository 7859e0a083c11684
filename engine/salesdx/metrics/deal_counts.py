"""Counts of deals by slice: what conversions, shares and money are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from salesdx.facts import COMPANY, Slice, slice_of
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import DAY, deal_rows, dimensions
from salesdx.metrics.maturity import cutoff, truncated_before
from salesdx.statistics import survival

Counts = Mapping[str, int]
# a dimension known this much less often on deals that were not won is written down
# at the win: its "conversion" would be near 100 % for everyone
KNOWN_RATIO = 0.5
_counts: WeakKeyDictionary[Data, dict[Slice, Counts]] = WeakKeyDictionary()
_blind: WeakKeyDictionary[Data, frozenset[str]] = WeakKeyDictionary()
_horizons: WeakKeyDictionary[Data, "Horizon"] = WeakKeyDictionary()


def counts(data: Data) -> dict[Slice, Counts]:
    """Counts of the company and of every value of every dimension, sorted.

    Keys: entries, won, lost, open; dated (age known), mature, mature_won; aged30,
    won30, aged90, won90 (old enough, and won in time); revenue, cost (minor units of
    won deals), priced, costed (won deals with an amount, with both).
    """
    if data not in _counts:
        rows = deal_rows(data)
        found = {COMPANY: _row(data.rows(rows.agg(**_sums(data, rows)))[0])}
        for dimension in dimensions(data):
            known = rows.filter(rows[dimension].notnull())
            grouped = known.group_by(dimension).agg(**_sums(data, known))
            for row in data.rows(grouped.order_by(dimension)):
                where = slice_of(**{dimension: row.pop(dimension)})
                found[where] = _row(row)
        _counts[data] = found
    return _counts[data]


def _row(row: dict[str, Any]) -> Counts:
    return {name: int(value or 0) for name, value in row.items()}


def _sums(data: Data, rows: Any) -> dict[str, Any]:
    days = cutoff(data).days
    won = rows.status == "won"
    mature = rows.age >= days if days is not None else rows.age.isnull() & False
    sums = {
        "entries": rows.count(),
        "won": won.sum(),
        "lost": (rows.status == "lost").sum(),
        "open": (rows.status == "open").sum(),
        "dated": rows.age.count(),
        "mature": mature.sum(),
        "mature_won": (mature & won).sum(),
        "revenue": rows.amount.sum(where=won),
        "priced": rows.amount.count(where=won),
        "cost": rows.cost.sum(where=won & rows.amount.notnull()),
        "costed": rows.amount.count(where=won & rows.cost.notnull()),
    }
    for limit in (30, 90):
        # a win without its date is neither in time nor late: it leaves the metric
        seen = (rows.age >= limit) & (~won | rows.wait.notnull())
        sums[f"aged{limit}"] = seen.sum()
        sums[f"won{limit}"] = (seen & (rows.wait <= limit * DAY)).sum()
    return sums


def blind_dimensions(data: Data) -> frozenset[str]:
    """Dimensions known for won deals but hardly for others: no conversion by them."""
    if data not in _blind:
        rows = deal_rows(data)
        names = dimensions(data)
        won = rows.status == "won"
        sums = {"won": won.sum(), "rest": (~won).sum()}
        for name in names:
            sums[f"won_{name}"] = rows[name].count(where=won)
            sums[f"rest_{name}"] = rows[name].count(where=~won)
        row = _row(data.rows(rows.agg(**sums))[0])
        _blind[data] = frozenset(
            name for name in names
            if row["won"] and row["rest"]
            and row[f"rest_{name}"] / row["rest"]
            < KNOWN_RATIO * row[f"won_{name}"] / row["won"]
        )  # fmt: skip
    return _blind[data]


@dataclass(frozen=True, slots=True)
class LifeTable:
    """Wins and other last-seen days of one group, days 0..T (T may mean "later")."""

    won: NDArray[np.int64]
    left: NDArray[np.int64]

    @property
    def entries(self) -> int:
        """Deals in the table."""
        return int(self.won.sum() + self.left.sum())


def life_tables(
    data: Data, names: tuple[str, ...], horizon: int | None = None
) -> dict[tuple[str | None, ...], LifeTable]:
    """Day tables of entries by the values of some dimensions (None = not known).

    Entries of truncated cohorts, without a date, and wins without a date stay out.
    Days beyond `horizon` fall into one last bucket, day horizon + 1.
    """
    if data.as_of is None:
        return {}
    rows = deal_rows(data)
    won = rows.status == "won"
    rows = rows.filter(rows.age.notnull(), ~won | rows.wait.notnull())
    start = truncated_before(data)
    if start is not None:
        day = (rows.entered / DAY).floor().cast("int64")
        rows = rows.filter(day >= start.toordinal() - 719_163)  # days since 1970
    waited = (rows.wait / DAY).floor().cast("int64").clip(lower=0)
    last = (rows.status == "won").ifelse(waited, rows.age)
    if horizon is not None:
        last = last.clip(upper=horizon + 1)
    rows = rows.mutate(last=last)
    sums = {"won": (rows.status == "won").sum(), "n": rows.count()}
    found = data.rows(rows.group_by(*names, "last").agg(**sums))
    # sorted here: engines put an unknown value first or last as they please
    found.sort(key=lambda r: tuple((r[k] is None, r[k] or "") for k in names))
    if not found:
        return {}
    size = (max(r["last"] for r in found) if horizon is None else horizon + 1) + 1
    tables: dict[tuple[str | None, ...], LifeTable] = {}
    for row in found:
        key = tuple(row[name] for name in names)
        if key not in tables:
            tables[key] = LifeTable(np.zeros(size, np.int64), np.zeros(size, np.int64))
        tables[key].won[row["last"]] += row["won"]
        tables[key].left[row["last"]] += row["n"] - row["won"]
    return tables


@dataclass(frozen=True, slots=True)
class Horizon:
    """The horizon of the company, in days from entry; None when no win has dates."""

    days: int | None


def horizon(data: Data) -> int | None:
    """P90 of the time to win from the incidence curve, as far as it is observed."""
    if data not in _horizons:
        table = life_tables(data, ()).get(())
        days = None
        if table is not None and table.won.sum():
            risk = survival.at_risk(table.won, table.left)
            end = survival.observable_horizon(risk, len(risk) - 1)
            if end is not None:
                curve = survival.incidence(table.won, table.left)[: end + 1]
                days = survival.time_quantile(curve, 0.9)
        _horizons[data] = Horizon(days)
    return _horizons[data].days


def mature_tables(
    data: Data, names: tuple[str, ...]
) -> dict[tuple[str | None, ...], LifeTable]:
    """Mature entries as tables read on day 0, for data whose wins have no dates."""
    days = cutoff(data).days
    if days is None:
        return {}
    rows = deal_rows(data)
    rows = rows.filter(rows.age >= days)
    sums = {"won": (rows.status == "won").sum(), "n": rows.count()}
    found = data.rows(rows.group_by(*names).agg(**sums))
    found.sort(key=lambda r: tuple((r[k] is None, r[k] or "") for k in names))
    return {
        tuple(r[name] for name in names): LifeTable(
            np.array([r["won"], 0], np.int64),
            np.array([0, r["n"] - r["won"]], np.int64),
        )
        for r in found
    }
