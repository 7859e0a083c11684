"""Money and requests by month, and what never reached the CRM, counted by hand."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.market import inflow
from salesdx.metrics.months import month_of
from salesdx.metrics.registry import compute

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
COMPANY = Company.model_validate({"format": 1, "name": "Acme"})
Found = dict[tuple[str, str, str], Measurement]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text} 10:00:00")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def measured(as_of: dt.datetime = AS_OF, **tables: Any) -> Found:
    data = Data({n: pa.table(t) for n, t in tables.items()}, COMPANY, as_of)
    rows = compute(data, inflow.METRICS)
    found = {(r.metric, "+".join(v for _, v in r.slice), r.period): r for r in rows}
    assert len(found) == len(rows), "one row a figure, slice and period"
    return found


DEALS = {
    "deal_id": ["d1", "d2"], "manager_id": ["A", "B"], "status": ["won", "won"],
    "channel": ["site", "phone"],
}  # fmt: skip
PAYMENTS = {
    "invoice_id": ["1", "2", "3", "4", "5", "6"],
    "deal_id": ["d1", "d1", "d2", "d1", "d2", "d2"],
    "paid_at": [
        at("04-01"), at("04-20"), at("05-10"), at("06-15"), at("06-16"), at("09-01"),
    ],
    "amount": [100.0, 200.0, 300.0, 800.0, -200.0, 9999.0],
}  # fmt: skip


def test_money_is_summed_by_month_and_averaged_over_whole_months() -> None:
    found = measured(deals=DEALS, payments=PAYMENTS)
    monthly = {p: m.value for (i, s, p), m in found.items()
               if i == "money.inflow-monthly" and not s}  # fmt: skip
    # the refund of June is taken off, what is dated after as-of never counts
    assert monthly == {"": 400, "2026-04": 300, "2026-05": 300, "2026-06": 600}
    whole = found["money.inflow-monthly", "", ""]
    assert (whole.numerator, whole.denominator) == (1200, 3)
    # sd of 300, 300, 600 is 173.2; half the interval 1.96 * 173.2 / sqrt(3)
    assert whole.interval == pytest.approx((400 - 196, 400 + 196), abs=0.1)


def test_a_manager_is_averaged_from_his_own_first_month_on() -> None:
    found = measured(deals=DEALS, payments=PAYMENTS)
    assert found["money.inflow-monthly", "A", ""].value == pytest.approx(1100 / 3)
    assert found["money.inflow-monthly", "B", ""].value == 50  # 300 - 200 over 2
    assert found["money.inflow-monthly", "B", ""].state == "insufficient"
    assert found["money.inflow-monthly", "site", "2026-04"].value == 300


def test_deviation_is_from_the_mean_month_and_from_the_mean_manager() -> None:
    found = measured(deals=DEALS, payments=PAYMENTS)
    assert found["money.inflow-deviation", "", "2026-06"].value == pytest.approx(0.5)
    assert found["money.inflow-deviation", "", "2026-05"].value == pytest.approx(-0.25)
    norm = (1100 / 3 + 50) / 2
    own = found["money.inflow-deviation", "B", ""].value
    assert own == pytest.approx(50 / norm - 1)


def test_an_unfinished_month_is_no_fall() -> None:
    found = measured(dt.datetime(2026, 6, 20, 23, 59, 59),
                     deals=DEALS, payments=PAYMENTS)  # fmt: skip
    assert ("money.inflow-monthly", "", "2026-06") not in found
    assert found["money.inflow-monthly", "", ""].value == 300


def test_less_than_a_month_of_payments_is_unknown() -> None:
    found = measured(
        payments={"invoice_id": ["1"], "paid_at": [at("06-20")], "amount": [5.0]}
    )
    for metric in ("money.inflow-monthly", "money.inflow-deviation"):
        row = found[metric, "", ""]
        assert (row.state, row.value) == ("unknown", None)
        assert row.reason is not None
        assert "месяца" in row.reason.ru


LEADS = {
    "lead_id": [str(i) for i in range(6)],
    "created_at": [
        at("05-02"), at("05-09"), at("05-20"), at("06-01"), at("06-30"), at("07-02"),
    ],
    "channel": ["site", "site", "phone", "site", None, "site"],
    "source": ["ads", "ads", "call", "ads", "ads", "ads"],
    "segment": ["small", "large", "small", "small", "small", "small"],
}  # fmt: skip


def test_requests_are_counted_by_channel_group_and_month() -> None:
    found = measured(leads=LEADS)
    requests = {(s, p): m.value for (i, s, p), m in found.items()
                if i == "inflow.requests"}  # fmt: skip
    assert requests == {
        ("", ""): 5, ("", "2026-05"): 3, ("", "2026-06"): 2,
        ("site", ""): 3, ("phone", ""): 1, ("ads", ""): 4, ("call", ""): 1,
        ("site", "2026-05"): 2, ("site", "2026-06"): 1, ("phone", "2026-05"): 1,
        ("ads", "2026-05"): 2, ("ads", "2026-06"): 2, ("call", "2026-05"): 1,
        ("small", ""): 4, ("large", ""): 1,
        ("small", "2026-05"): 2, ("small", "2026-06"): 2, ("large", "2026-05"): 1,
    }  # fmt: skip
    assert found["inflow.requests-monthly", "", ""].value == 2.5
    assert found["inflow.requests-monthly", "", "2026-05"].value == 3
    assert found["inflow.requests-monthly", "site", ""].value == 1.5


COSTS = {
    "channel": ["site", "site", "phone", "mail"],
    "period": [dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 5, 1),
               dt.date(2026, 5, 1)],
    "cost": [10.0, 10.0, 10.0, 10.0],
    "leads": [4.0, 4.0, 1.0, 7.0],
}  # fmt: skip


def test_contacts_that_the_crm_lacks_are_a_gap() -> None:
    found = measured(leads=LEADS, marketing_costs=COSTS)
    site = found["capture.gap-share", "site", ""]
    assert (site.numerator, site.denominator) == (5, 8)  # 3 of 8 are in the CRM
    assert found["capture.gap-share", "phone", ""].value == 0
    company = found["capture.gap-share", "", ""]
    assert (company.numerator, company.denominator) == (5, 9)
    mail = found["capture.gap-share", "mail", ""]
    assert mail.state == "unknown", "the CRM may call this channel otherwise"


def test_without_channels_the_gap_is_read_by_source() -> None:
    costs = {"source": ["ads", "call"], "period": [day("05-01")] * 2,
             "cost": [1.0, 1.0], "leads": [4.0, 1.0]}  # fmt: skip
    found = measured(leads=LEADS, marketing_costs=costs)
    assert found["capture.gap-share", "ads", ""].value == 0.5
    company = found["capture.gap-share", "", ""]
    assert (company.numerator, company.denominator) == (2, 5)


def test_without_tables_everything_is_unknown_with_a_reason() -> None:
    assert all(m.state == "unknown" and m.reason for m in measured().values())


@pytest.mark.parametrize(
    "day",
    ["1970-01-01", "1999-12-31", "2000-02-29", "2000-03-01", "2023-12-31",
     "2024-02-29", "2024-03-01", "2026-06-30", "2099-12-31"],
)  # fmt: skip
def test_the_month_of_a_moment(day: str) -> None:
    moment = dt.datetime.fromisoformat(f"{day} 23:59:59")
    seconds = int(moment.replace(tzinfo=dt.UTC).timestamp())
    data = Data({"days": pa.table({"at": [seconds]})}, COMPANY, AS_OF)
    rows = data.table("days")
    found = data.rows(rows.select(month=month_of(rows["at"])))[0]["month"]
    assert found == moment.year * 12 + moment.month - 1
