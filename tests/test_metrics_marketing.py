"""What a request and a deal cost, and how many ideas are tried, counted by hand."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.market import marketing
from salesdx.metrics.registry import compute

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
COMPANY = Company.model_validate(
    {"format": 1, "name": "Acme",
     "funnels": [{"id": "main", "cycle_days": 31, "stages": ["new"]}]}
)  # fmt: skip
Found = dict[tuple[str, str], Measurement]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def times(*texts: str) -> list[dt.datetime | None]:
    return [
        dt.datetime.fromisoformat(f"2026-{t} 10:00:00") if t else None for t in texts
    ]


def measured(**tables: Any) -> Found:
    data = Data({n: pa.table(t) for n, t in tables.items()}, COMPANY, AS_OF)
    rows = compute(data, marketing.METRICS)
    found = {(r.metric, "+".join(v for _, v in r.slice)): r for r in rows}
    assert len(found) == len(rows), "one row a figure and slice"
    return found


LEADS = {
    "lead_id": [str(i) for i in range(6)],
    "created_at": times("04-02", "04-03", "05-04", "05-05", "05-06", "06-07"),
    "channel": ["site", "phone", "site", "site", "phone", "phone"],
    "source": ["ads", "walk", "ads", "ads", "walk", "walk"],
}  # fmt: skip
COSTS: dict[str, Any] = {
    "channel": ["site", "site", "phone", "print", "site"],
    "source": ["ads", "ads", None, None, "ads"],
    "period": [day("03-01"), day("04-01"), day("05-01"), day("05-01"), day("05-01")],
    "cost": [999.0, 100.0, 90.0, 70.0, 200.0],
}  # fmt: skip


def test_money_is_set_against_requests_of_the_same_months() -> None:
    found = measured(leads=LEADS, marketing_costs=COSTS)
    # March is left out: the CRM had no requests yet
    site = found["cost.per-inquiry", "site"]
    assert (site.value, site.numerator, site.denominator) == (100, 300, 3)
    assert found["cost.per-inquiry", "ads"].value == 100
    # the phone cost money in May alone, so the requests of May alone count
    assert found["cost.per-inquiry", "phone"].value == 90
    assert found["cost.per-inquiry", "print"].state == "unknown"
    company = found["cost.per-inquiry", ""]
    assert (company.numerator, company.denominator) == (390, 4)


def test_without_requests_the_channels_own_count_stands_in() -> None:
    costs = {**COSTS, "leads": [1.0, 4.0, 9.0, 7.0, 1.0]}
    found = measured(marketing_costs=costs)
    assert found["cost.per-inquiry", "site"].value == 1299 / 6
    assert found["cost.per-inquiry", "print"].value == 10


def test_money_that_brought_nobody_has_no_price() -> None:
    costs = {**COSTS, "period": [day("06-01")] * 5}
    row = measured(leads=LEADS, marketing_costs=costs)["cost.per-inquiry", "site"]
    assert row.state == "unknown"
    assert row.reason is not None


DEALS = {
    "deal_id": ["1", "2", "3", "4", "5"],
    "status": ["won", "lost", "won", "won", "won"],
    "source": ["ads", "ads", "ads", "walk", "ads"],
    "entered_at": times("04-10", "04-11", "05-12", "05-13", "06-01"),
    "closed_at": times("05-01", "05-02", "06-01", "06-02", "06-03"),
}  # fmt: skip


def test_a_deal_costs_the_money_of_the_months_old_enough() -> None:
    found = measured(deals=DEALS, marketing_costs=COSTS)
    # deals of May are not one cycle old: their money and wins wait
    row = found["cost.per-deal", "ads"]
    assert (row.value, row.numerator, row.denominator) == (100, 100, 1)
    assert found["cost.per-deal", ""].value == 100


def test_without_a_cycle_nobody_knows_what_a_deal_costs() -> None:
    deals = {k: v for k, v in DEALS.items() if k != "closed_at"}
    data = Data(
        {"deals": pa.table(deals), "marketing_costs": pa.table(COSTS)},
        Company.model_validate({"format": 1, "name": "Acme"}), AS_OF,
    )  # fmt: skip
    rows = [m for m in compute(data, marketing.METRICS) if m.metric == "cost.per-deal"]
    assert [m.state for m in rows] == ["unknown"]


CAMPAIGNS = {
    "channel": ["site", "site", "site", "site", "mail", "site"],
    "campaign": [None, "old", "spring", "old", "letter", "spring"],
    "period": [day("06-01"), day("06-01"), day("06-02"), day("06-02"), day("06-05"),
               day("06-11")],
    "cost": [9.0, 500.0, 30.0, 500.0, 50.0, 900.0],
}  # fmt: skip


def test_a_new_campaign_is_a_hypothesis_tried_with_its_first_money() -> None:
    found = measured(marketing_costs=CAMPAIGNS)
    row = found["marketing.hypotheses-per-day", ""]
    # two new campaigns from 2 to 11 June; what ran on the first day may be older
    assert (row.numerator, row.denominator) == (2, 10)
    assert found["marketing.test-budget", ""].value == 40
    assert found["marketing.test-budget", "site"].value == 30


def test_monthly_records_last_to_the_end_of_the_month() -> None:
    costs = {**CAMPAIGNS, "period": [day(f"{m}-01") for m in
                                     ("04", "04", "05", "05", "05", "06")]}  # fmt: skip
    row = measured(marketing_costs=costs)["marketing.hypotheses-per-day", ""]
    assert (row.numerator, row.denominator) == (2, 61)


@pytest.mark.parametrize("metric", ["hypotheses-per-day", "test-budget"])
def test_one_period_cannot_tell_new_campaigns(metric: str) -> None:
    costs = {**CAMPAIGNS, "period": [day("06-01")] * 6}
    row = measured(marketing_costs=costs)[f"marketing.{metric}", ""]
    assert row.state == "unknown"
