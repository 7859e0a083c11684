"""Breaks in time: claimed when they are there, explained by the values behind them."""

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from salesdx.company import Company, Funnel
from salesdx.metrics.data import Data
from salesdx.metrics.trends.breaks import breaks, conversion_breaks
from salesdx.metrics.trends.changes import changes
from salesdx.result import Break
from salesdx.statistics.levels import amount_levels, rate_levels
from salesdx.statistics.location import explain

Row = dict[str, Any]
TYPES = {"entered_at": pa.timestamp("s"), "closed_at": pa.timestamp("s"),
         "created_at": pa.timestamp("s"), "first_response_at": pa.timestamp("s"),
         "amount": pa.float64()}  # fmt: skip
FIRST = 2023 * 12


@pytest.mark.filterwarnings("error")
def test_an_average_is_no_share_and_is_not_explained() -> None:
    before = {"a": (50, 10), "b": (900, 10)}  # sums and counts of deals
    after = {"a": (60, 10), "b": (400, 10)}
    assert explain(before, after) is None


def day_of(month: int, place: int) -> dt.datetime:
    month += FIRST
    return dt.datetime(month // 12, month % 12 + 1, 1 + place % 28, 12)


def entries(month: int, n: int, wins: int, wait: int = 10, **more: Any) -> list[Row]:
    found = []
    for i in range(n):
        at = day_of(month, i)
        won = i * wins // n < (i + 1) * wins // n  # spread over the month
        found.append({
            "entered_at": at, "closed_at": at + dt.timedelta(days=wait if won else 20),
            "status": "won" if won else "lost", **more,
        })  # fmt: skip
    return found


def case(rows: list[Row], months: int = 24, leads: list[Row] | None = None) -> Data:
    tables = {"deals": table("deal_id", rows)} if rows else {}
    if leads:
        tables["leads"] = table("lead_id", leads)
    last = months + FIRST
    as_of = dt.datetime(last // 12, last % 12 + 1, 1) - dt.timedelta(seconds=1)
    company = Company(format=1, name="Acme", funnels=[Funnel(cycle_days=30)])
    return Data(tables, company, as_of)


def table(key: str, rows: list[Row]) -> pa.Table:
    numbered = [{key: str(i), **r} for i, r in enumerate(rows)]
    names = sorted({n for r in numbered for n in r})
    return pa.table({
        n: pa.array([r.get(n) for r in numbered], TYPES.get(n, pa.string()))
        for n in names
    })  # fmt: skip


def only(data: Data) -> Break:
    (found,) = conversion_breaks(data)
    return found


def test_a_fall_of_one_seller_is_found_in_him() -> None:
    rows = []
    for month in range(24):
        for name in ("a", "b", "c", "d"):
            wins = 0 if name == "d" and month >= 14 else 10
            rows += entries(month, 25, wins, manager_id=name, segment="x")
    found = only(case(rows))
    assert found.at == "2024-03"
    assert (found.before, found.after) == (
        pytest.approx(0.4),
        pytest.approx(0.3, abs=0.005),
    )
    assert (found.by[0].dimension, found.by[0].because) == ("manager", "rate")
    assert [v.value for v in found.by[0].values] == ["d"]
    assert found.by[0].values[0].share > 0.9
    # 0.3 - 0.4: all of it rates, none of it mix
    assert found.by[0].rate == pytest.approx(-0.1, abs=0.005)
    assert found.by[0].mix == pytest.approx(0, abs=0.005)


def test_a_fall_of_all_alike_blames_no_value() -> None:
    rows = []
    for month in range(24):
        for name in ("a", "b"):
            for product in ("p", "q"):
                wins = 10 if month < 14 else 2
                rows += entries(month, 25, wins, manager_id=name, product=product)
    found = only(case(rows))
    assert (found.severity, found.by) == ("warning", [])
    assert found.alike == ["manager", "product"]


def test_a_shift_to_hard_clients_is_a_change_of_mix() -> None:
    rows = []
    for month in range(24):
        easy, hard = (80, 20) if month < 12 else (20, 80)
        rows += entries(month, easy, easy // 2, segment="easy")
        rows += entries(month, hard, hard // 10, segment="hard")
    found = only(case(rows))
    assert (found.by[0].dimension, found.by[0].because) == ("segment", "mix")
    # 0.42 to 0.18 while neither segment moved
    assert found.by[0].mix == pytest.approx(0.18 - 0.42, abs=0.005)
    assert found.by[0].rate == pytest.approx(0, abs=0.005)


def test_a_fall_that_returns_every_year_is_no_break() -> None:
    rows = []
    for month in range(48):
        rows += entries(month, 100, 10 if month % 12 in (5, 6, 7) else 30)
    assert conversion_breaks(case(rows, 48)) == []


def test_a_fall_that_stays_is_a_break_in_spite_of_the_season() -> None:
    rows = []
    for month in range(48):
        wins = 20 if month % 12 in (5, 6, 7) else 40
        rows += entries(month, 100, wins if month < 30 else wins // 3)
    (found,) = conversion_breaks(case(rows, 48))
    assert found.at == "2025-07"
    assert found.severity == "warning"


def test_more_entries_and_as_many_deals_ask_about_the_count_first() -> None:
    rows = []
    for month in range(24):
        rows += entries(month, 40 if month < 12 else 200, 16)
    found = only(case(rows))
    assert found.counting_changed
    assert found.counting is not None
    assert found.counting.en.startswith("Was counting changed? 40 entries and 16 deals")


def test_as_many_entries_and_fewer_deals_say_so() -> None:
    rows = [r for m in range(24) for r in entries(m, 60, 24 if m < 12 else 4)]
    found = only(case(rows))
    assert not found.counting_changed
    assert found.counting is not None
    assert "60 entries and 24 deals a month before, 60 and 4 after" in found.counting.en


def test_a_small_but_certain_fall_is_for_information() -> None:
    rows = [r for m in range(24) for r in entries(m, 400, 200 if m < 12 else 160)]
    found = only(case(rows))
    assert (found.severity, found.factor) == ("info", pytest.approx(1.25, abs=0.01))


def test_a_fall_too_small_to_matter_is_not_told() -> None:
    rows = [r for m in range(24) for r in entries(m, 4000, 2000 if m < 12 else 1900)]
    assert conversion_breaks(case(rows)) == []


def test_late_wins_of_old_entries_make_no_fall() -> None:
    """A quarter of the wins come after half a year: young cohorts lack them."""
    rows = []
    for month in range(24):
        rows += entries(month, 200, 60)
        late = [r for r in entries(month, 40, 40, wait=200)
                if r["closed_at"] < dt.datetime(2025, 1, 1)]  # fmt: skip
        rows += late
        rows += entries(month, 40 - len(late), 0)
    assert conversion_breaks(case(rows)) == []


def test_revenue_and_inflow_break_by_whole_months() -> None:
    rng = np.random.default_rng(1)
    rows = []
    for month in range(24):
        n = int(rng.poisson(100 if month < 12 else 40))
        rows += entries(month, n, n // 4, amount=1000.0)
    found = {b.metric: b for b in breaks(case(rows))}
    assert set(found) == {"deals.entries", "revenue.won"}
    inflow = found["deals.entries"]
    assert (inflow.at, inflow.severity, inflow.unit) == ("2024-01", "info", "count")
    assert inflow.before == pytest.approx(100, rel=0.1)
    assert inflow.before_counts[1] == 12


def test_growth_is_no_break() -> None:
    assert amount_levels([100 * 1.05**i for i in range(30)]).points == ()
    assert amount_levels([100, 104, 97] * 4 + [50, 53, 48] * 4).points == (12,)
    assert amount_levels([100.0] * 6 + [50.0] * 5).points == ()


def test_restless_months_are_not_levels() -> None:
    rng = np.random.default_rng(3)
    told = 0
    for _ in range(40):
        rate = np.clip(rng.normal(0.3, 0.08, 24), 0.01, 0.99)
        told += bool(rate_levels(rng.binomial(300, rate).tolist(), [300] * 24).points)
    assert told <= 4


def test_a_steady_company_is_seldom_said_to_have_broken() -> None:
    rng = np.random.default_rng(8)
    told = 0
    for _ in range(40):
        rows: list[Row] = []
        for month in range(24):
            n = int(rng.poisson(60))
            rows += entries(month, n, int(rng.binomial(n, 0.25)), amount=1000.0)
        told += bool(breaks(case(rows)))
    assert told <= 2


def test_unanswered_requests_break() -> None:
    leads = []
    for month in range(24):
        for i in range(60):
            at = day_of(month, i)
            silent = i < (3 if month < 12 else 20)
            answer = None if silent else at + dt.timedelta(hours=1)
            leads.append({"created_at": at, "first_response_at": answer})
    (found,) = breaks(case([], leads=leads))
    assert (found.metric, found.at) == ("response.unanswered-share", "2024-01")
    assert found.before == pytest.approx(0.05)
    assert found.after == pytest.approx(1 / 3, abs=0.01)


def test_power_and_surprise_by_hand() -> None:
    before = {"a": (50, 100), "b": (50, 100)}
    found = explain(before, {"a": (10, 100), "b": (50, 100)})
    assert found is not None
    assert found.values == (("a", pytest.approx(1.0)),)
    # 0.5 to 0.3: half of the entries lost 0.4
    assert (found.rate, found.mix) == (pytest.approx(-0.2), pytest.approx(0))
    assert explain(before, {"a": (30, 100), "b": (30, 100)}) is None
    assert explain(before, before) is None
    assert explain({}, before) is None
    assert explain({"a": (5, 10)}, {"a": (1, 10)}) is None


def test_two_years_are_split_into_rate_and_mix() -> None:
    """Both segments sell better, and the whole sells worse: more hard clients."""
    rows = []
    for month in range(24):
        easy, hard = (80, 20) if month < 12 else (20, 80)
        better = month >= 12
        rows += entries(month, easy, easy * (6 if better else 5) // 10, segment="easy")
        rows += entries(month, hard, hard * (3 if better else 2) // 20, segment="hard")
    (found,) = changes(case(rows, 25))
    assert (found.before_of, found.after_of) == ("2023-01/2023-12", "2024-01/2024-12")
    assert (found.before, found.after) == (pytest.approx(0.42), pytest.approx(0.24))
    # mean weights one half: rates 0.5 x 0.1 + 0.5 x 0.05
    assert found.rate == pytest.approx(0.075)
    assert found.mix == pytest.approx(-0.255)
    assert found.rate + found.mix == pytest.approx(found.after - found.before)
    assert found.certain


def test_departments_are_compared_with_the_others() -> None:
    rows = []
    for month in range(8):
        rows += entries(month, 50, 20, department="north", segment="easy")
        rows += entries(month, 50, 5, department="south", segment="hard")
    found = [c for c in changes(case(rows, 9)) if c.kind == "department"]
    assert [c.after_of for c in found] == ["north", "south"]
    # nobody else serves the segment, so nothing says that the rate is better
    assert found[0].mix == pytest.approx(0.3)
    assert found[0].rate == pytest.approx(0)
