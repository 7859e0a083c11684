"""Cohort curves: what a person can count, where a curve ends, and which has none."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company, Funnel
from salesdx.metrics.data import Data
from salesdx.metrics.deals.cohort_curves import cohort_curves
from salesdx.result import CohortCurve

AS_OF = dt.datetime(2018, 12, 31, 23, 59, 59)
NOVEMBER, DECEMBER = dt.datetime(2018, 11, 1), dt.datetime(2018, 12, 1)
Deal = tuple[dt.datetime, str, int | None]


def curves(deals: list[Deal], cycle_days: float = 30) -> dict[str, CohortCurve]:
    closed = [
        None if wait is None else entered + dt.timedelta(days=wait)
        for entered, _, wait in deals
    ]
    columns: dict[str, Any] = {
        "deal_id": pa.array([str(i) for i in range(len(deals))]),
        "entered_at": pa.array([d[0] for d in deals], pa.timestamp("s")),
        "status": pa.array([d[1] for d in deals]),
        "closed_at": pa.array(closed, pa.timestamp("s")),
    }
    company = Company(format=1, name="A", funnels=[Funnel(cycle_days=cycle_days)])
    found = cohort_curves(Data({"deals": pa.table(columns)}, company, AS_OF))
    return {c.period: c for c in found}


def two_months() -> list[Deal]:
    """November: 4 of 20 won. December: 8 of 30, ten of which are ten days old."""
    old: list[Deal] = [(NOVEMBER, "won", 10)] * 4 + [(NOVEMBER, "lost", 20)] * 16
    new: list[Deal] = [(DECEMBER, "won", 5)] * 5 + [(DECEMBER, "won", 20)] * 3
    new += [(DECEMBER, "open", None)] * 12
    return [*old, *new, *[(dt.datetime(2018, 12, 21), "open", None)] * 10]


def test_entries_that_are_still_young_count_as_long_as_they_were_followed() -> None:
    december = curves(two_months())["2018-12"]
    at = {p.age: p for p in december.points}
    assert (december.entries, december.wins) == (30, 8)
    assert (at[3].rate, at[3].at_risk) == (0, 30)
    assert (at[6].rate, at[6].at_risk) == (pytest.approx(5 / 30), 25)
    assert (at[12].rate, at[12].at_risk) == (pytest.approx(5 / 30), 15)
    # 3 of the 15 that were followed for 20 days: not 8 of 30
    assert at[21].rate == pytest.approx(1 - 25 / 30 * 12 / 15)
    assert at[21].interval[0] < 8 / 30 < at[21].rate < at[21].interval[1]


def test_a_curve_ends_where_its_period_does() -> None:
    found = curves(two_months())
    assert [p.age for p in found["2018-11"].points] == list(range(0, 61, 3))
    assert found["2018-11"].points[-1].rate == pytest.approx(4 / 20)
    assert found["2018-11"].points[-1].at_risk == 16
    assert [p.age for p in found["2018-12"].points] == list(range(0, 31, 3))


def test_fewer_than_ten_entries_have_no_curve() -> None:
    few: list[Deal] = [(dt.datetime(2018, 10, 1), "lost", 3)] * 9
    assert set(curves([*few, *two_months()])) == {"2018-11", "2018-12"}


def test_a_period_whose_wins_have_no_date_has_no_curve() -> None:
    """It would lie at zero, beside a bar of a fifth."""
    blind: list[Deal] = [
        (day, "won", None) if status == "won" and day == NOVEMBER else (day, status, w)
        for day, status, w in two_months()
    ]
    assert set(curves(blind)) == {"2018-12"}


def test_a_long_history_is_told_by_quarters_the_last_twelve() -> None:
    deals: list[Deal] = []
    for i in range(16):
        day = dt.datetime(2015 + i // 4, i % 4 * 3 + 1, 5)
        deals += [(day, "won", 20)] * 3 + [(day, "lost", 30)] * 17
    found = curves(deals, 60)
    assert next(iter(found)) == "2016-Q1"
    assert len(found) == 12
    assert all(len(c.points) <= 24 for c in found.values())
    newest = found["2018-Q4"].points[-1]
    assert newest.age <= 87  # 5 October to the end of the year
    assert newest.rate == pytest.approx(3 / 20)


def test_nobody_won_and_all_open_are_no_error() -> None:
    assert all(
        p.rate == 0 for c in curves([(NOVEMBER, "open", None)] * 20).values()
        for p in c.points
    )  # fmt: skip
    assert curves([(NOVEMBER, "won", 3)] * 20) == {}
