"""Plan against fact, what clients could buy, and months of sales, counted by hand."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics.clients import potential
from salesdx.metrics.data import Data
from salesdx.metrics.market import plans
from salesdx.metrics.market.plan_words import measure_of
from salesdx.metrics.registry import compute
from salesdx.metrics.trends import by_month, trend

AS_OF = dt.datetime(2026, 6, 15, 23, 59, 59)  # a Monday in the middle of June
ALL = (*plans.METRICS, *potential.METRICS, *by_month.METRICS)
COMPANY = Company.model_validate({"format": 1, "name": "Acme"})
Found = dict[tuple[str, str, str], Measurement]


def at(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(f"2026-{text} 10:00:00") if text else None


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def measured(**tables: Any) -> Found:
    data = Data({n: pa.table(t) for n, t in tables.items()}, COMPANY, AS_OF)
    rows = compute(data, ALL)
    found = {(r.metric, "+".join(v for _, v in r.slice), r.period): r for r in rows}
    assert len(found) == len(rows), "one row a figure, slice and period"
    return found


DEALS: dict[str, Any] = {
    "deal_id": ["1", "2", "3", "4", "5", "6", "7"],
    "manager_id": ["A", "A", "B", "B", "A", "C", "B"],
    "product": ["tables", "chairs", "tables", "tables", "tables", "chairs", "tables"],
    "client_id": ["c1", "c1", "c2", "c2", "c1", "c3", "c2"],
    "status": ["won", "won", "won", "won", "won", "lost", "won"],
    "entered_at": [at("04-01")] * 7,
    "closed_at": [
        at("04-10"), at("05-10"), at("04-20"), at("05-20"), at("06-10"), at("05-01"),
        at("08-01"),
    ],
    "amount": [100.0, 200.0, 300.0, 400.0, 150.0, 999.0, 5000.0],
    "cost": [60.0, 120.0, 180.0, 240.0, 90.0, 1.0, 1.0],
}  # fmt: skip


def plan(
    *rows: tuple[str, str, float],
    metric: str = "Выручка",
    dimension: str = "manager_id",
) -> dict[str, list[Any]]:
    return {
        "period": [day(month) for month, _, _ in rows],
        dimension: [name or None for _, name, _ in rows],
        "metric": [metric] * len(rows),
        "plan_value": [value for _, _, value in rows],
    }


BY_MANAGER = (
    ("04-01", "A", 200.0), ("05-01", "A", 200.0), ("06-01", "A", 200.0),
    ("04-01", "B", 500.0), ("05-01", "B", 500.0), ("06-01", "B", 500.0),
    ("05-01", "C", 100.0), ("05-01", "Somebody", 100.0),
)  # fmt: skip


def test_a_seller_is_judged_by_the_months_that_are_over() -> None:
    found = measured(deals=DEALS, plans=plan(*BY_MANAGER))
    own = found["plan.attainment", "A", ""]
    assert (own.numerator, own.denominator) == (300, 400)
    assert found["plan.attainment", "B", ""].value == pytest.approx(0.7)
    assert found["plan.attainment", "C", ""].value == 0, "a plan and no sale"
    assert found["plan.revenue-attainment", "A", ""].value == 0.75


def test_a_name_that_no_deal_bears_is_a_slip_not_a_failure() -> None:
    found = measured(deals=DEALS, plans=plan(*BY_MANAGER))
    assert found["plan.attainment", "Somebody", ""].state == "unknown"
    company = found["plan.attainment", "", ""]
    assert (company.numerator, company.denominator) == (1000, 1500)


def test_the_company_has_a_plan_of_its_own() -> None:
    rows = (*BY_MANAGER, ("04-01", "", 500.0), ("05-01", "", 500.0))
    company = measured(deals=DEALS, plans=plan(*rows))[
        "plan.revenue-attainment", "", ""
    ]
    assert (company.numerator, company.denominator) == (1000, 1000)


def test_a_running_period_is_stretched_by_working_days() -> None:
    found = measured(deals=DEALS, plans=plan(*BY_MANAGER))
    # 11 of 22 working days of June have passed (no holidays are set)
    assert found["plan.run-rate", "A", ""].value == pytest.approx(150 / 0.5 / 200)
    assert found["plan.run-rate", "B", ""].value == 0
    assert found["plan.run-rate", "", ""].value == pytest.approx(150 / 0.5 / 700)


def test_quarters_are_told_by_the_step_between_dates() -> None:
    rows = (("01-01", "A", 1000.0), ("04-01", "A", 600.0))
    found = measured(deals=DEALS, plans=plan(*rows))
    # no sale is recorded before April, and April to June is not over
    assert found["plan.attainment", "", ""].state == "unknown"
    # 54 of 65 working days have passed, 450 is sold
    running = found["plan.run-rate", "A", ""].value
    assert running == pytest.approx(450 / (54 / 65) / 600)


def test_one_january_date_may_be_a_year() -> None:
    row = measured(deals=DEALS, plans=plan(("01-01", "A", 9.0)))
    assert row["plan.attainment", "", ""].state == "unknown"


def test_profit_by_product_and_client() -> None:
    by_product = plan(("04-01", "tables", 200.0), ("05-01", "tables", 120.0),
                      metric="gross profit", dimension="product")  # fmt: skip
    found = measured(deals=DEALS, plans=by_product)
    row = found["plan.profit-attainment", "tables", ""]
    assert (row.numerator, row.denominator) == (320, 320)  # 40 + 120, then 160
    by_client = plan(("04-01", "c1", 80.0), ("05-01", "c1", 80.0),
                     metric="Валовая прибыль", dimension="client_id")  # fmt: skip
    found = measured(deals=DEALS, plans=by_client)
    assert found["plan.profit-attainment", "c1", ""].value == 120 / 160
    assert found["plan.attainment", "", ""].value == 120 / 160


def test_profit_is_unknown_where_costs_are() -> None:
    deals = {**DEALS, "cost": [60.0, None, 180.0, None, None, None, None]}
    by_manager = plan(*BY_MANAGER, metric="profit")
    row = measured(deals=deals, plans=by_manager)["plan.profit-attainment", "", ""]
    assert row.state == "unknown"


def test_a_plan_in_an_unknown_measure_is_not_judged() -> None:
    row = measured(deals=DEALS, plans=plan(*BY_MANAGER, metric="звонки"))
    assert row["plan.attainment", "", ""].state == "unknown"


@pytest.mark.parametrize(
    ("word", "measure"),
    [("Выручка", "revenue"), ("  объём   продаж ", "revenue"), ("вп", "profit"),
     ("gross_profit", "profit"), ("Кол-во сделок", "deals"), ("звонки", None),
     (None, None)],
)  # fmt: skip
def test_the_words_of_plans(word: str | None, measure: str | None) -> None:
    assert measure_of(word) == measure


# --- what clients could buy ------------------------------------------------------

CLIENTS = {
    "client_id": ["c1", "c2", "c3"], "region": ["north", "north", "south"],
    "potential_revenue": [7300.0, None, None],
}  # fmt: skip
WALLET = {
    "client_id": ["c2", "c2", "c1"],
    "measured_at": [day("01-01"), day("02-01"), day("02-01")],
    "total_demand": [1.0, 3650.0, 1.0],
}  # fmt: skip


def test_sales_of_a_year_against_the_potential() -> None:
    deals = {
        **DEALS,
        "closed_at": [dt.datetime(2025, 8, 14, 0), *DEALS["closed_at"][1:]],
    }
    found = measured(deals=deals, clients=CLIENTS, wallet=WALLET)
    days = (dt.date(2026, 6, 15) - dt.date(2025, 8, 14)).days
    # c1: 100 + 200 + 150 of 7,300 a year; c2: 300 + 400, demand as last measured
    assert found["potential.realised-share", "c1", ""].value == pytest.approx(
        450 / (7300 * days / 365)
    )
    assert found["potential.realised-share", "c2", ""].value == pytest.approx(
        700 / (3650 * days / 365)
    )
    assert found["potential.realised-share", "north", ""].numerator == 1150
    assert ("potential.realised-share", "c3", "") not in found, "not known, not zero"


def test_a_few_months_of_sales_say_nothing_of_a_year() -> None:
    found = measured(deals=DEALS, clients=CLIENTS)
    assert found["potential.realised-share", "", ""].state == "unknown"


# --- months of sales, conversions and replies ------------------------------------


def test_revenue_stands_in_the_month_of_closing() -> None:
    found = measured(deals=DEALS)
    months = {(s, p): m.value for (i, s, p), m in found.items() if i == "revenue.won"}
    assert months == {
        ("", "2026-04"): 400, ("", "2026-05"): 600, ("", "2026-06"): 150,
        ("A", "2026-04"): 100, ("A", "2026-05"): 200, ("A", "2026-06"): 150,
        ("B", "2026-04"): 300, ("B", "2026-05"): 400,
    }  # fmt: skip
    assert found["check.average", "", "2026-05"].value == 300
    assert found["check.average", "", "2026-05"].state == "insufficient"


def test_conversion_stands_in_the_month_of_entry() -> None:
    deals = {**DEALS, "entered_at": [at("04-01")] * 5 + [at("05-01")] * 2}
    found = measured(deals=deals)
    assert found["conversion.raw", "", "2026-04"].value == 1
    may = found["conversion.raw", "", "2026-05"]
    assert (may.numerator, may.denominator) == (1, 2)
    assert found["conversion.raw", "C", "2026-05"].value == 0


def test_months_before_closings_were_recorded_show_no_conversion() -> None:
    early = [dt.datetime(2025, 11, 10, 10)] * 30
    closed = [dt.datetime(2026, 2, 1, 10)] * 30
    later = [dt.datetime(2026, 3, 2, 10)] * 60
    done = [dt.datetime(2026, 3, 20, 10)] * 60
    deals = {
        "deal_id": [str(i) for i in range(90)],
        "status": ["won"] * 60 + ["lost"] * 30,
        "entered_at": early + later,
        "closed_at": closed + done,
    }
    found = measured(deals=deals)
    assert ("conversion.raw", "", "2025-11") not in found
    assert found["conversion.raw", "", "2026-03"].value == 0.5


def test_replies_stand_in_the_month_of_the_request() -> None:
    leads = {
        "lead_id": ["1", "2", "3"],
        "created_at": [at("04-30"), at("05-04"), at("05-05")],
        "first_response_at": [dt.datetime(2026, 5, 4, 10), at("05-04"), None],
    }
    found = measured(leads=leads)
    assert found["response.first-clock", "", "2026-04"].value == 4 * 86_400
    assert found["response.unanswered-share", "", "2026-05"].value == 0.5
    assert found["response.first-business", "", "2026-04"].state == "insufficient"


def test_sales_of_a_segment_against_its_year_before() -> None:
    def sold(segment: str, year: int, count: int) -> list[tuple[str, dt.datetime]]:
        return [(segment, dt.datetime(year, 1, 15, 10))] * count

    rows = [
        *sold("small", 2025, 10), *sold("small", 2026, 15),
        *sold("large", 2025, 20), *sold("large", 2026, 10),
        ("small", dt.datetime(2024, 6, 1, 10)),  # two years of records, no more
    ]  # fmt: skip
    deals = {
        "deal_id": [str(i) for i in range(len(rows))],
        "status": ["won"] * len(rows),
        "segment": [segment for segment, _ in rows],
        "closed_at": [closed for _, closed in rows],
        "amount": [100.0] * len(rows),
    }
    data = Data({"deals": pa.table(deals)}, COMPANY, AS_OF)
    found = {(m.metric, m.slice): m for m in compute(data, trend.METRICS)}
    growth = found["trend.sales-change", (("segment", "small"),)]
    assert growth.value == pytest.approx(0.5)
    fall = found["trend.sales-change", (("segment", "large"),)]
    assert fall.value == pytest.approx(-0.5)
    # a segment is no product: what falls everywhere is asked of products alone
    assert found["trend.products-falling-share", ()].state == "unknown"
