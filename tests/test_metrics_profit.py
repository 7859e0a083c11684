"""Profitability, the long run, delivery and corporate clients."""

import datetime as dt
from typing import Any

import pytest
from metric_tables import day, measured

from salesdx.metrics.products import profit

DEALS: dict[str, list[Any]] = {
    "deal_id": ["1", "2", "3", "4"],
    "status": ["won", "won", "won", "lost"],
    "manager_id": ["A", "A", "B", "B"],
    "segment": ["Корпоративные", "Розница", "Розница", "Розница"],
    "channel": ["Сайт", "Доставка", "Магазин", "Магазин"],
    "amount": [100.0, 200.0, 100.0, 900.0],
    "cost": [50.0, 150.0, 120.0, 1.0],
    "closed_at": [day("2026-06-01")] * 4,
}


def test_profitability_by_who_and_to_whom() -> None:
    found = measured(profit.METRICS, deals=DEALS)
    assert found["profitability", ""].value == pytest.approx(80 / 400)
    assert found["profitability", "B"].value == pytest.approx(-0.2)
    assert found["profitability", "Корпоративные"].value == 0.5
    assert found["profitability", "Доставка"].value == 0.25


def test_costs_may_stand_in_the_positions() -> None:
    bare = {k: v for k, v in DEALS.items() if k != "cost"}
    items = {
        "deal_id": ["1", "1", "3"], "product_id": ["P", "Q", "P"],
        "price": [60.0, 40.0, 100.0], "cost": [30.0, 30.0, 80.0],
    }  # fmt: skip
    found = measured(profit.METRICS, deals=bare, deal_items=items)
    assert found["profitability", ""].value == pytest.approx(60 / 200)
    assert found["profitability", "P"].value == pytest.approx(50 / 160)
    assert measured(profit.METRICS, deals=bare)["profitability", ""].value is None


def test_shares_of_delivery_and_of_corporate_clients() -> None:
    found = measured(profit.METRICS, deals=DEALS)
    assert found["sales.delivery-share", ""].value == 0.75
    assert found["sales.corporate-share", ""].value == 0.25
    told = {"corporate_segments": ["Розница"]}
    found = measured(profit.METRICS, told, deals=DEALS)
    assert found["sales.corporate-share", ""].value == 0.75
    plain = {**DEALS, "segment": ["b", "b", "c", "c"]}
    found = measured(profit.METRICS, deals=plain)
    assert found["sales.corporate-share", ""].state == "unknown"


def two_years(now: float, then: float, since: int) -> dict[str, list[Any]]:
    """One won deal a month from `since` on; the level changes in June 2025."""
    months = range(since, 2026 * 12 + 6)
    return {
        "deal_id": [str(m) for m in months],
        "status": ["won"] * len(months),
        "amount": [now if m >= 2025 * 12 + 6 else then for m in months],
        "closed_at": [dt.datetime(m // 12, m % 12 + 1, 10) for m in months],
    }


def test_revenue_against_the_same_months_two_years_ago() -> None:
    found = measured(profit.METRICS, deals=two_years(33.0, 100.0, 2023 * 12))
    change = found["revenue.long-run-change", ""]
    assert change.value == pytest.approx(-0.67)
    assert (change.numerator, change.denominator) == (12 * 33, 12 * 100)
    # from March 2024 on: April, May and June can be compared
    found = measured(profit.METRICS, deals=two_years(50.0, 100.0, 2024 * 12 + 2))
    assert found["revenue.long-run-change", ""].denominator == 300
    found = measured(profit.METRICS, deals=two_years(50.0, 100.0, 2024 * 12 + 3))
    assert found["revenue.long-run-change", ""].state == "unknown"
