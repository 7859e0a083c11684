"""Counts of deals by slice: what conversions, shares and money are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from salesdx.facts import COMPANY, Slice, slice_of
from salesdx.metrics.data import Data, fetch
from salesdx.metrics.deal_rows import (
    DAY,
    DIMENSIONS,
    by_dimension,
    deal_rows,
    dimensions,
    sought,
)
from salesdx.metrics.deals.maturity import cutoff, truncated_before
from salesdx.metrics.shares import ranked
from salesdx.statistics import survival

Counts = Mapping[str, int]
# a dimension known this much less often on deals that were not won is written down
# at the win: its "conversion" would be near 100 % for everyone
KNOWN_RATIO = 0.5
MIX = ("segment", "source")  # held equal when conversions are compared
_counts: WeakKeyDictionary[Data, dict[Slice, Counts]] = WeakKeyDictionary()
_blind: WeakKeyDictionary[Data, frozenset[str]] = WeakKeyDictionary()
_life_tables: WeakKeyDictionary[Data, dict[int, pa.Table]] = WeakKeyDictionary()
_horizons: WeakKeyDictionary[Data, "Horizon"] = WeakKeyDictionary()


def counts(data: Data) -> dict[Slice, Counts]:
    """Counts of the company and of every value of every dimension, sorted.

    Keys: entries, won, lost, open; dated (age known); revenue, cost (minor units of won
    deals), priced, costed (won deals with an amount, with both). Without repeat
    orders: sought, sought_won, sought_revenue, sought_priced, sought_cost,
    sought_costed, mature, mature_won, aged30, won30, aged90, won90 (old enough, and won
    in time).
    """
    if data not in _counts:
        rows = by_dimension(
            data, deal_rows(data), "status", "age", "wait", "amount", "cost", "repeat"
        )
        keys, wanted = ("dimension", "value"), _sums(data, rows)
        found = data.rows(rows.group_by(keys).agg(**wanted))
        order = ("", *dimensions(data))
        found.sort(key=lambda r: (order.index(r["dimension"]), r["value"]))
        whole = {COMPANY: _row(dict.fromkeys(wanted, 0))}
        _counts[data] = whole | {
            slice_of(**{r["dimension"]: r["value"]}) if r["dimension"] else COMPANY:
            _row({name: n for name, n in r.items() if name not in keys})
            for r in found
        }  # fmt: skip
    return _counts[data]


def _row(row: dict[str, Any]) -> Counts:
    return {name: int(value or 0) for name, value in row.items()}


def _sums(data: Data, rows: Any) -> dict[str, Any]:
    days = cutoff(data).days
    won = rows.status == "won"
    mature = rows.age >= days if days is not None else rows.age.isnull() & False
    mature, new = mature & ~rows.repeat, won & ~rows.repeat
    sums = {
        "entries": rows.count(),
        "won": won.sum(),
        "lost": (rows.status == "lost").sum(),
        "open": (rows.status == "open").sum(),
        "dated": rows.age.count(),
        "sought": (~rows.repeat).sum(),
        "sought_won": new.sum(),
        "sought_revenue": rows.amount.sum(where=new),
        "sought_priced": rows.amount.count(where=new),
        "sought_cost": rows.cost.sum(where=new & rows.amount.notnull()),
        "sought_costed": rows.amount.count(where=new & rows.cost.notnull()),
        "mature": mature.sum(),
        "mature_won": (mature & won).sum(),
        "revenue": rows.amount.sum(where=won),
        "priced": rows.amount.count(where=won),
        "cost": rows.cost.sum(where=won & rows.amount.notnull()),
        "costed": rows.amount.count(where=won & rows.cost.notnull()),
    }
    for limit in (30, 90):
        # a win without its date is neither in time nor late: it leaves the metric
        seen = (rows.age >= limit) & (~won | rows.wait.notnull()) & ~rows.repeat
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

    @classmethod
    def empty(cls, size: int) -> "LifeTable":
        """A table of so many days without a deal."""
        return cls(np.zeros(size, np.int64), np.zeros(size, np.int64))


Tables = dict[tuple[str | None, ...], LifeTable]


def life_tables(data: Data, names: tuple[str, ...], horizon: int) -> Tables:
    """Day tables of entries by one dimension, or none, within cells of the mix.

    Entries of truncated cohorts, without a date, and wins without a date stay out.
    Days beyond `horizon` fall into one last bucket, day horizon + 1.

    Args:
        data: the tables.
        names: a dimension, then dimensions of `MIX` to be held equal; () is all deals.
        horizon: day at which conversions are read.

    Returns:
        Tables by the values of `names` (None = not known), sorted.
    """
    if data.as_of is None:
        return {}
    known = _life_tables.setdefault(data, {})
    if horizon not in known:
        known[horizon] = _cube(data, horizon)
    cube = known[horizon]
    cube = cube.filter(pc.equal(cube["dimension"], names[0] if names else ""))
    keys = ["value", *names[1:]] if names else []
    ranks = [ranked(cube[key]) for key in keys]
    last, won, n = (
        np.asarray(cube[c].to_numpy(), np.int64) for c in ("last", "won", "n")
    )
    if not len(last):
        return {}
    sizes = [len(values) for values, _ in ranks]
    place = np.zeros(len(last), np.int64)  # one number for all keys of a row
    for size, (_, codes) in zip(sizes, ranks, strict=True):
        place = place * size + codes
    cells, which = np.unique(place, return_inverse=True)
    sums = np.zeros((2, len(cells), horizon + 2), np.int64)
    np.add.at(sums[0], (which, last), won)
    np.add.at(sums[1], (which, last), n - won)
    tables: Tables = {}
    for i, cell in enumerate(cells.tolist()):
        at = []
        for (values, _), size in zip(reversed(ranks), reversed(sizes), strict=True):
            at.append(values[cell % size])
            cell //= size
        tables[tuple(reversed(at))] = LifeTable(sums[0, i], sums[1, i])
    return tables


def _cube(data: Data, horizon: int) -> pa.Table:
    """Counts by slice, cell of the mix and last-seen day: one pass for all of them."""
    rows = followed(data)
    last = rows["last"].clip(upper=horizon + 1)
    rows = by_dimension(data, rows.mutate(last=last), *MIX, "won", "last")
    keys = ("dimension", "value", *MIX, "last")
    return fetch(rows.group_by(keys).agg(won=rows.won.sum(), n=rows.count()))


def followed(data: Data) -> Any:
    """Deals that can be followed: dimensions, `entered`, `won` (0/1), `last` day."""
    return data.kept("followed", lambda: _followed_rows(data))


def _followed_rows(data: Data) -> Any:
    rows = sought(data)
    won = rows.status == "won"
    rows = rows.filter(rows.age.notnull(), ~won | rows.wait.notnull())
    start = truncated_before(data)
    if start is not None:
        day = (rows.entered / DAY).floor().cast("int64")
        rows = rows.filter(day >= start.toordinal() - 719_163)  # days since 1970
    won = rows.status == "won"
    waited = (rows.wait / DAY).floor().cast("int64").clip(lower=0)
    return rows.select(
        *DIMENSIONS, "entered",
        won=won.cast("int64"), last=won.ifelse(waited, rows.age),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Horizon:
    """The horizon of the company, in days from entry; None when no win has dates."""

    days: int | None


def horizon(data: Data) -> int | None:
    """P90 of the time to win from the incidence curve, as far as it is observed."""
    if data not in _horizons:
        table = _whole(data)
        days = None
        if table.won.sum():
            risk = survival.at_risk(table.won, table.left)
            end = survival.observable_horizon(risk, len(risk) - 1)
            if end is not None:
                curve = survival.incidence(table.won, table.left)[: end + 1]
                days = survival.time_quantile(curve, 0.9)
        _horizons[data] = Horizon(days)
    return _horizons[data].days


def _whole(data: Data) -> LifeTable:
    """The day table of all deals, as long as the oldest was followed."""
    if data.as_of is None:
        return LifeTable.empty(1)
    rows = followed(data)
    found = data.rows(rows.group_by("last").agg(won=rows.won.sum(), n=rows.count()))
    table = LifeTable.empty(max((r["last"] for r in found), default=0) + 1)
    for r in found:
        table.won[r["last"]] += r["won"]
        table.left[r["last"]] += r["n"] - r["won"]
    return table


def mature_tables(data: Data, names: tuple[str, ...]) -> Tables:
    """Mature entries as tables read on day 0, for data whose wins have no dates."""
    days = cutoff(data).days
    if days is None:
        return {}
    rows = sought(data)
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
