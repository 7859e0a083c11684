"""Average check on tables that a person can add up."""

import datetime as dt

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.deals import check
from salesdx.metrics.registry import compute

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)


def measured(**tables: dict[str, list[object]]) -> dict[tuple[str, str], Measurement]:
    data = Data(
        {n: pa.table(t) for n, t in tables.items()},
        Company(format=1, name="Acme"),
        AS_OF,
    )
    rows = compute(data, check.METRICS)
    return {(r.metric, "+".join(v for _, v in r.slice)): r for r in rows}


DEALS = {
    "deal_id": ["1", "2", "3", "4", "5"],
    "status": ["won", "won", "won", "won", "lost"],
    "manager_id": ["A", "A", "C", "C", "C"],
    "segment": ["towns", "towns", "towns", "cities", "towns"],
    "amount": [60.0, 60.0, 30.0, 250.0, 999.0],
    "cost": [30.0, 30.0, 15.0, 200.0, 1.0],
}


def test_the_average_and_the_middle_check_of_won_deals() -> None:
    found = measured(deals=DEALS)
    assert found["check.average", ""].value == 100
    assert found["check.average", ""].denominator == 4
    assert found["check.median", ""].value == 60
    low, high = found["check.average", ""].interval or (0, 0)
    assert low < 100 < high
    assert found["check.average", "A"].value == 60
    assert found["check.average", "A"].state == "insufficient"


def test_a_manager_is_compared_inside_his_own_segments() -> None:
    found = measured(deals=DEALS)
    # towns average 50: C expected 50 + 250, has 30 + 250; A expected 100, has 120
    assert found["check.deviation", "C"].value == pytest.approx(280 / 300 - 1)
    assert found["check.deviation", "A"].value == pytest.approx(0.2)
    assert found["check.deviation", "towns"].value == pytest.approx(-0.5)


def test_margin_comes_from_deals_or_from_their_items() -> None:
    assert measured(deals=DEALS)["check.margin", ""].value == pytest.approx(125 / 400)
    without = {k: v for k, v in DEALS.items() if k != "cost"}
    items = {
        "deal_id": ["1", "1", "2"],
        "product_id": ["x", "y", "x"],
        "qty": [2.0, None, 1.0],
        "price": [10.0, 20.0, 60.0],
        "cost": [5.0, 10.0, 30.0],
    }
    found = measured(deals=without, deal_items=items)
    assert found["check.margin", ""].value == 0.5
    assert found["check.lines", ""].value == 1.5
    assert measured(deals=without)["check.margin", ""].value is None


def test_deals_without_amounts_are_unknown_not_zero() -> None:
    bare = {"deal_id": ["1"], "status": ["lost"], "amount": [5.0]}
    for row in measured(deals=bare).values():
        assert (row.value, row.state) == (None, "unknown")
        assert row.reason
