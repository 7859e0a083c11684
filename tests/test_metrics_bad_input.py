"""Whatever is wrong with the tables: a figure, or unknown with a reason."""

import datetime as dt
import math
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import made_up_tables
import pytest

from salesdx.facts import Measurement
from salesdx.knowledge.load import load
from salesdx.losses.loss_map import loss_map
from salesdx.measured.measuring import shapes
from salesdx.metrics import METRICS
from salesdx.metrics.data import Data
from salesdx.metrics.registry import compute

Tables = dict[str, dict[str, list[Any]]]
Damage = Callable[[Tables], Tables]
GROUPS = 5  # columns of all tables are damaged in so many goes


def every(change: Callable[[str, list[Any]], list[Any]]) -> Damage:
    """Damage that changes each column by name."""
    return lambda tables: {
        name: {c: change(c, v) for c, v in columns.items()}
        for name, columns in tables.items()
    }


def only(columns: dict[str, Any]) -> Damage:
    """Damage that sets whole columns of whatever table has them."""

    def change(name: str, values: list[Any]) -> list[Any]:
        return [columns[name]] * len(values) if name in columns else values

    return every(change)


def keys_of(tables: Tables) -> set[tuple[str, str]]:
    return {
        (name, column.name)
        for name in tables
        for column in made_up_tables.TABLES[name].columns
        if column.required
    }


def without(group: int) -> Damage:
    def damage(tables: Tables) -> Tables:
        keys = keys_of(tables)
        return {
            name: {
                c: v for i, (c, v) in enumerate(columns.items())
                if i % GROUPS != group or (name, c) in keys
            }
            for name, columns in tables.items()
        }  # fmt: skip

    return damage


def empty(group: int) -> Damage:
    def damage(tables: Tables) -> Tables:
        for columns in tables.values():
            for i, (c, v) in enumerate(columns.items()):
                if i % GROUPS == group:
                    columns[c] = [None] * len(v)
        return tables

    return damage


def rows(count: int) -> Damage:
    return every(lambda _, values: values[:count])


def times(shift: dt.timedelta) -> Damage:
    def change(_: str, values: list[Any]) -> list[Any]:
        return [v + shift if isinstance(v, dt.date) else v for v in values]

    return every(change)


def scaled(kind: str, factor: float) -> Damage:
    """Every number of a kind (money, number) times a factor."""

    def damage(tables: Tables) -> Tables:
        for name, columns in tables.items():
            for column in made_up_tables.TABLES[name].columns:
                if column.type == kind and column.name in columns:
                    columns[column.name] = [v * factor for v in columns[column.name]]
        return tables

    return damage


def backwards(tables: Tables) -> Tables:
    for columns in tables.values():
        for chain in made_up_tables.ORDER:
            if all(c in columns for c in chain):
                values = [columns[c] for c in chain]
                columns.update(zip(chain, reversed(values), strict=True))
    return tables


def half_missing(tables: Tables) -> Tables:
    return every(
        lambda _, values: [v if i % 2 else None for i, v in enumerate(values)]
    )(tables)


def repeated(tables: Tables) -> Tables:
    return every(lambda _, values: [*values, *values])(tables)


def with_future(tables: Tables) -> Tables:
    """Every second row lies ten years ahead."""
    ahead = dt.timedelta(days=3650)
    return every(
        lambda _, values: [
            v + ahead if i % 2 and isinstance(v, dt.date) else v
            for i, v in enumerate(values)
        ]
    )(tables)


DAMAGES: dict[str, Damage] = {
    "nothing is wrong": lambda tables: tables,
    **{f"columns {g} are missing": without(g) for g in range(GROUPS)},
    **{f"columns {g} are empty": empty(g) for g in range(GROUPS)},
    "one row in each table": rows(1),
    "two rows in each table": rows(2),
    "one manager": only(
        dict.fromkeys(("manager_id", "assigned_to", "assignee", "owner_manager"), "M1")
    ),
    "no wins": only({"status": "lost"}),
    "no losts": only({"status": "won"}),
    "everything open": only({"status": "open"}),
    "negative money": scaled("money", -1.0),
    "no money at all": scaled("money", 0.0),
    "huge money": scaled("money", 1e9),
    "money beyond all bounds": scaled("money", 1e17),
    "negative numbers": scaled("number", -1.0),
    "numbers are all nothing": scaled("number", 0.0),
    "huge numbers": scaled("number", 1e8),
    "everything in one moment": only(
        {c: dt.datetime(2026, 1, 1, 12) for chain in made_up_tables.ORDER for c in chain
         if c not in {"from", "to"}}
    ),
    "all dates in the future": times(dt.timedelta(days=3650)),
    "all dates long ago": times(dt.timedelta(days=-20_000)),
    "half of the dates ten years ahead": with_future,
    "ends before beginnings": backwards,
    "half of the cells missing": half_missing,
    "every row twice": repeated,
}  # fmt: skip


@pytest.fixture(scope="module")
def declared() -> dict[str, Any]:
    return dict(load().metrics)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_each_figure_is_a_number_or_unknown_with_a_reason(
    damage: Damage, declared: dict[str, Any]
) -> None:
    made = made_up_tables.arrow(damage(deepcopy(made_up_tables.tables())))
    data = Data(made, made_up_tables.COMPANY, made_up_tables.AS_OF)
    found = compute(data, METRICS)
    assert {m.metric for m in found} == {i for m in METRICS for i in m.ids}
    faults = [text for m in found if (text := fault(m, declared[m.metric]))]
    assert not faults, "\n".join(faults)
    map_ = loss_map(data, found, data.settings)
    for loss in map_.losses:
        assert math.isfinite(loss.norm)
        assert math.isfinite(loss.actual)
        assert loss.money is None or 0 <= loss.money.low <= loss.money.high
    shapes(data)


def fault(m: Measurement, entry: Any) -> str | None:
    """What is wrong with a figure; None when it is sound."""
    where = f"{m.metric} {dict(m.slice)} {m.period}"
    numbers = [m.value, m.numerator, m.denominator, *(m.interval or ())]
    if any(x is not None and not math.isfinite(x) for x in numbers):
        return f"{where}: not finite: {numbers}"
    known = m.value is not None
    if m.state in ({"unknown"} if known else {"ok"}):
        return f"{where}: value {m.value} in state {m.state}"
    if m.state != "ok" and (m.reason is None or not m.reason.ru):
        return f"{where}: {m.state} without a reason"
    if m.value is not None and entry.type == "share":
        if m.numerator is None or not m.denominator:
            return f"{where}: a share of what?"
        if not 0 <= m.value <= 1 or m.numerator > m.denominator:
            return f"{where}: a share of {m.value}"
    if (
        m.value is not None
        and entry.unit in {"count", "days", "seconds"}
        and m.value < 0
    ):
        return f"{where}: negative {entry.unit}: {m.value}"
    if m.interval is not None and not m.interval[0] <= m.interval[1]:
        return f"{where}: interval {m.interval}"
    grain = set(entry.grain)
    if not {d for d, _ in m.slice} <= grain or (m.period and "period" not in grain):
        return f"{where}: not in the grain {sorted(grain)}"
    return None
