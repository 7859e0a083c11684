"""Answers to requests: the clock, working time, and those who never got one."""

import datetime as dt

import pyarrow as pa
import pytest

from salesdx.company import Company, WorkingHours
from salesdx.facts import Measurement
from salesdx.metrics.calendar import is_working
from salesdx.metrics.data import Data
from salesdx.metrics.registry import compute
from salesdx.metrics.work import speed

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)


def at(day: int, clock: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-06-{day:02d} {clock}:00")


def measured(**tables: dict[str, list[object]]) -> dict[tuple[str, str], Measurement]:
    company = Company.model_validate(
        {"format": 1, "name": "Acme", "working_hours": {"holidays": "RU"}}
    )
    data = Data({n: pa.table(t) for n, t in tables.items()}, company, AS_OF)
    rows = compute(data, speed.METRICS)
    return {(r.metric, "+".join(v for _, v in r.slice)): r for r in rows}


# June 2026: Monday 1, Friday 5, Friday 12 is a Russian holiday, Tuesday 30
LEADS = {
    "lead_id": ["1", "2", "3", "4", "5"],
    "assigned_to": ["A", "A", "A", "B", "B"],
    "created_at": [
        at(1, "10:00"), at(5, "17:30"), at(6, "12:00"), at(11, "17:00"), at(2, "10:00"),
    ],
    "first_response_at": [
        at(1, "10:10"), at(8, "09:30"), at(8, "10:00"), at(15, "10:00"), None,
    ],
}  # fmt: skip


def test_working_time_skips_nights_weekends_and_holidays() -> None:
    found = measured(leads=LEADS)
    # 600 s, 3600 s, 3600 s, 7200 s, and one who still waits
    assert found["response.first-business", ""].value == 3600
    assert found["response.first-business", ""].n == 5
    assert found["response.first-business", ""].numerator == 4
    # clock: 600, 46 h, 64 h, 89 h, waiting: the middle is 64 h
    assert found["response.first-clock", ""].value == 64 * 3600
    # in hours: 600, 3600, 7200, waiting: half are answered within 3600
    assert found["response.in-hours-business", ""].value == 3600


def test_unanswered_requests_are_counted_not_dropped() -> None:
    found = measured(leads=LEADS)
    assert found["response.unanswered-share", ""].value == pytest.approx(0.2)
    assert found["response.unanswered-share", "B"].value == 0.5
    assert found["response.unanswered-share", "B"].state == "insufficient"


def test_when_most_still_wait_the_median_is_a_lower_bound() -> None:
    leads = {**LEADS, "first_response_at": [at(1, "10:10"), *[None] * 4]}
    row = measured(leads=leads)["response.first-clock", ""]
    assert row.reason is not None
    assert "at least" in row.reason.en
    assert (row.value or 0) > 15 * 86_400


def test_requests_outside_hours_are_a_class_of_their_own() -> None:
    found = measured(leads=LEADS)
    assert found["response.off-hours-share", ""].value == pytest.approx(0.2)
    # Saturday's request was answered on Monday, before the close
    assert found["response.off-hours-answered-share", ""].value == 1
    late = {**LEADS, "first_response_at": [None, None, at(9, "09:00"), None, None]}
    assert measured(leads=late)["response.off-hours-answered-share", ""].value == 0


def test_a_given_mark_of_after_hours_beats_the_clock() -> None:
    leads = {**LEADS, "after_hours": [True, None, None, None, False]}
    found = measured(leads=leads)
    assert found["response.off-hours-share", ""].value == pytest.approx(0.4)


def test_days_from_request_to_deal() -> None:
    deals = {
        "deal_id": ["d1", "d2"],
        "lead_id": ["1", "3"],
        "status": ["open", "won"],
        "entered_at": [at(2, "10:00"), at(10, "12:00")],
    }
    found = measured(leads=LEADS, deals=deals)
    assert found["lead.to-deal-days", ""].value == 1
    assert found["lead.to-deal-days", ""].n == 2


def test_without_requests_speed_is_unknown_with_a_reason() -> None:
    rows = measured()
    assert {r.state for r in rows.values()} == {"unknown"}
    assert all(r.reason for r in rows.values())


def test_the_calendar_knows_moved_days_and_unknown_countries() -> None:
    russia = WorkingHours(holidays="RU")
    assert is_working(dt.date(2025, 11, 1), russia)  # a Saturday made working
    assert not is_working(dt.date(2026, 1, 9), russia)
    assert is_working(dt.date(2026, 1, 9), WorkingHours(holidays="XX"))
