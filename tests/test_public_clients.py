"""Repeat purchases of a public data set: figures as computed independently.

A table of orders is imported as deals: an order without a status is a deal won on its
day (`salesdx import CASE orders.csv --yes`).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from salesdx.analysis import Analysis, analyse
from salesdx.case import init_case
from salesdx.crm.importing import plan_import, run_import
from salesdx.result import MetricRow

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
pytestmark = [
    pytest.mark.public_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="no public data here"),
]


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    return dict(json.loads((DATA / "cdnow" / "expected.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("cdnow")
    init_case(folder, "cdnow")
    plan = plan_import(folder, [DATA / "cdnow" / "cdnow_orders.csv"])
    assert [q.column for q in plan.questions] == ["status"]
    run_import(plan)
    return analyse(folder)


def figure(found: Analysis, metric: str, period: str = "") -> MetricRow:
    return next(
        m for m in found.document.metrics
        if m.id == metric and not m.slice and m.period == period
    )  # fmt: skip


def counted(found: Analysis, metric: str) -> tuple[float | None, float | None]:
    row = figure(found, metric)
    return row.numerator, row.denominator


def test_orders_are_won_deals_of_their_day(
    orders: Analysis, truth: dict[str, Any]
) -> None:
    assert orders.document.case.as_of == truth["as_of"][:10]
    assert figure(orders, "deals.won").value == truth["n_orders"]
    assert figure(orders, "revenue.won").value == pytest.approx(truth["revenue"])


def test_repeat_purchases_equal_the_independent_ones(
    orders: Analysis, truth: dict[str, Any]
) -> None:
    repeat = figure(orders, "repeat.share")
    expected = truth["repeat_customer_share"]
    assert (repeat.numerator, repeat.denominator) == (expected["k"], expected["n"])
    assert repeat.interval == pytest.approx(expected["wilson95"], abs=1e-6)
    later = figure(orders, "repeat.orders-per-client")
    assert later.value is not None
    per_client = truth["orders_per_customer"]["mean"]
    assert later.value + 1 == pytest.approx(per_client, abs=1e-6)
    assert later.numerator == truth["gap_days_between_orders"]["n"]


def test_inactive_clients_equal_the_independent_ones(
    orders: Analysis, truth: dict[str, Any]
) -> None:
    silent = truth["churn_share_by_recency"]
    for metric, limit in (
        ("churn.inactive-3m-share", ">90d"), ("churn.inactive-6m-share", ">180d"),
    ):  # fmt: skip
        expected = silent[limit]
        assert counted(orders, metric) == (expected["k"], expected["n"])
        assert figure(orders, metric).interval == pytest.approx(
            expected["wilson95"], abs=1e-6
        )


def test_the_own_rhythm_forgives_slow_buyers(
    orders: Analysis, truth: dict[str, Any]
) -> None:
    own, n = counted(orders, "churn.inactive-share")
    assert n == truth["n_customers"]
    # one-time buyers have no rhythm of their own: they are judged by 90 days
    once = n - truth["repeat_customer_share"]["k"]
    assert own is not None
    assert once * 0.9 < own < truth["churn_share_by_recency"][">90d"]["k"]


def test_classes_by_revenue_equal_the_independent_ones(
    orders: Analysis, truth: dict[str, Any]
) -> None:
    expected = truth["abc_customers_80_95"]
    for name, of_class in expected.items():
        assert figure(orders, f"clients.abc-{name.lower()}").value == of_class["n"]
    money, whole = counted(orders, "clients.abc-a-revenue-share")
    assert money == pytest.approx(expected["A"]["rev"])
    assert whole == pytest.approx(truth["revenue"])


def test_no_client_was_won_after_the_first_quarter(
    orders: Analysis, truth: dict[str, Any]
) -> None:
    # first purchases all lie in January to March 1997: what follows is no growth
    assert figure(orders, "clients.new").value == 0
    months = [m for m in orders.document.metrics if m.id == "clients.new" and m.period]
    assert len(months) >= 8
    assert all(m.value == 0 for m in months)


def test_evenness_is_that_of_the_monthly_sums(
    orders: Analysis, truth: dict[str, Any]
) -> None:
    sums = [m["revenue"] for m in truth["monthly"].values()]
    mean = sum(sums) / len(sums)
    spread = (sum((s - mean) ** 2 for s in sums) / len(sums)) ** 0.5
    assert figure(orders, "revenue.regularity-cv").value == pytest.approx(spread / mean)
    assert figure(orders, "revenue.silent-months").value == 0


def test_figures_by_client_stay_few(orders: Analysis) -> None:
    by_client = [m for m in orders.document.metrics if "client" in m.slice]
    listed = 100  # clients.listed
    assert {m.id for m in by_client} == {
        "winback.order-size",
        "winback.orders-per-year",
    }
    assert len(by_client) == 2 * listed
