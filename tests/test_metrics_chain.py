"""The chain of communication, papers, tickets and stages, counted by hand."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.registry import compute
from salesdx.metrics.work import chain, papers, requests, stages

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
ALL = (*chain.METRICS, *papers.METRICS, *requests.METRICS, *stages.METRICS)
STAGES = [{"id": "new", "reference_days": 5}, {"id": "talk", "reference_days": 10}]
Found = dict[tuple[str, str], Measurement]


def at(text: str) -> dt.datetime | None:
    """`03 10:00` in June 2026; an empty text is unknown."""
    return dt.datetime.fromisoformat(f"2026-06-{text}:00") if text else None


def times(*texts: str) -> list[dt.datetime | None]:
    return [at(t) for t in texts]


def measured(company: dict[str, Any] | None = None, **tables: Any) -> Found:
    known = Company.model_validate({"format": 1, "name": "Acme", **(company or {})})
    data = Data({n: pa.table(t) for n, t in tables.items()}, known, AS_OF)
    rows = compute(data, ALL)
    return {(r.metric, "+".join(v for _, v in r.slice)): r for r in rows}


DEALS = {
    "deal_id": ["d1", "d2", "d3"],
    "manager_id": ["A", "A", "B"],
    "status": ["open", "open", "lost"],
    "entered_at": times("01 10:00", "02 10:00", "02 10:00"),
    "closed_at": times("", "", "12 10:00"),
}


def test_requests_that_are_due_tell_who_knew_and_who_was_reached() -> None:
    leads = {
        "lead_id": ["1", "2", "3", "4", "5"],
        "created_at": times("01 10:00", "02 10:00", "03 10:00", "04 10:00", "30 20:00"),
        "assigned_to": ["A", "A", "A", "B", "B"],
        "notified_at": times("01 10:00", "02 10:00", "03 10:00", "", ""),
        "reached_at": times("01 11:00", "", "", "", ""),
    }
    found = measured(leads=leads)
    assert found["chain.notified-share", ""].value == 0.75  # the last is not due
    assert found["chain.reached-share", ""].value == 0.25
    assert found["chain.reached-share", "A"].value == pytest.approx(1 / 3)


def test_outcomes_are_logged_in_time_late_or_never() -> None:
    activities = {
        "activity_id": ["1", "2", "3", "4", "5"],
        "type": ["call", "call", "meeting", "letter", "invoice"],
        "direction": ["out", "out", "in", "in", "out"],
        "deal_id": ["d1", "d1", "d3", "d1", "d1"],
        "started_at": times("01 10:00", "02 10:00", "03 10:00", "03 11:00", "04 10:00"),
        "outcome": ["ok", "ok", None, None, "ok"],
        "outcome_logged_at": times("02 17:00", "09 10:00", "", "", "04 10:00"),
    }
    found = measured(activities=activities, deals=DEALS)
    # a client's letter has no outcome to log; an invoice is no contact
    assert found["chain.logged-share", ""].value == pytest.approx(1 / 3)
    assert found["chain.logged-share", "A"].value == 0.5


def test_client_actions_are_answered_by_a_later_action_in_time() -> None:
    activities = {
        "activity_id": ["1", "2", "3", "4", "5", "6"],
        "type": ["letter", "letter", "call", "letter", "call", "letter"],
        "direction": ["in", "out", "in", "in", "out", "in"],
        "client_id": ["x", "x", "x", "y", "y", "z"],
        "duration_s": [None, None, 60.0, None, 30.0, None],
        "started_at": times(
            "01 10:00", "02 10:00", "03 10:00", "03 10:00", "09 10:00", "30 22:00"
        ),
    }
    row = measured(activities=activities)["chain.answered-share", ""]
    # x: answered, then talked; y: six days late; z: not due yet
    assert (row.numerator, row.denominator) == (2, 3)


def test_consultations_lead_to_quotes() -> None:
    leads = {
        "lead_id": ["1", "2", "3", "4"],
        "client_id": ["x", "x", "y", "z"],
        "request_type": ["consultation", "quote", "Consultation", "consultation"],
        "created_at": [
            dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 9),
            dt.datetime(2026, 3, 1), dt.datetime(2026, 6, 29),
        ],
    }  # fmt: skip
    row = measured(leads=leads)["conversion.consultation-to-quote", ""]
    assert (row.value, row.n) == (0.5, 2)
    deals = {**DEALS, "lead_id": ["3", None, None]}
    quotes = {"quote_id": ["q"], "deal_id": ["d1"]}
    found = measured(leads=leads, deals=deals, quotes=quotes)
    assert found["conversion.consultation-to-quote", ""].value == 1


def test_quotes_count_with_the_time_they_have_been_awaited() -> None:
    quotes = {
        "quote_id": ["1", "2", "3"],
        "deal_id": ["d1", "d2", "d3"],
        "requested_at": times("01 10:00", "01 10:00", "01 10:00"),
        "promised_at": times("03 00:00", "02 10:00", "05 10:00"),
        "sent_at": times("03 10:00", "03 10:00", ""),
        "received_confirmed_at": times("04 10:00", "", ""),
    }
    found = measured(quotes=quotes, deals=DEALS)
    assert found["quote.days", ""].value == 2
    assert found["quote.days", ""].numerator == 2
    # the first promise names a day and holds until its end
    assert found["quote.on-time-share", ""].value == pytest.approx(1 / 3)
    assert found["quote.confirmed-share", ""].value == 0.5
    assert found["promise.kept-share", "A"].value == 0.5


def test_the_forgotten_ready_buyer() -> None:  # K-04
    contracts = {
        "deal_id": ["d1", "d3"],
        "client_ready_at": times("05 10:00", "02 10:00"),
        "promised_at": times("08 18:00", "04 18:00"),
        "start_agreed_at": times("05 10:00", ""),
        "draft_sent_at": times("15 10:00", ""),
        "signed_at": times("18 10:00", ""),
    }
    found = measured(contracts=contracts, deals=DEALS)
    assert found["ready-client.service-days", ""].value == 10
    # the lost client waited ten days and then no longer
    row = found["ready-client.service-days", "B"]
    assert (row.value, row.numerator) == (10, 0)
    assert found["promise.kept-share", ""].value == 0
    assert found["contract.start-lag-days", ""].value == 10
    assert found["contract.approval-days", ""].value == 3


def test_tickets_and_requests_get_lost() -> None:
    tickets = {
        "ticket_id": ["1", "2", "3", "4", "5"],
        "assignee": ["A", "A", None, "B", "B"],
        "next_task": ["call", None, "call", None, None],
        "due_at": times("05 10:00", "05 10:00", "30 10:00", "05 00:00", ""),
        "closed_at": times("05 09:00", "", "", "05 20:00", ""),
        "deleted": [False, False, None, False, True],
    }
    leads = {
        "lead_id": ["1", "2"],
        "created_at": times("01 10:00", "02 10:00"),
        "first_attempt_at": times("01 11:00", ""),
    }
    found = measured(tickets=tickets, leads=leads)
    # lost: ticket 2 (overdue), 5 (deleted unserved) and request 2
    assert found["requests.lost-share", ""].numerator == 3
    assert found["requests.lost-share", ""].denominator == 7
    # open and kept: 2 has no task, 3 has no owner
    assert found["tasks.missing-share", ""].value == 1
    # closed or overdue: 1 and 4 in time, 2 and 3 late
    assert found["tickets.on-time-share", ""].value == 0.5


def test_open_deals_without_a_next_task() -> None:
    deals = {**DEALS, "next_task_at": times("30 10:00", "", "")}
    row = measured(deals=deals)["tasks.missing-share", ""]
    assert (row.numerator, row.denominator) == (1, 2)


HISTORY = {
    "deal_id": ["d1", "d1", "d2", "d3"],
    "stage_id": ["new", "talk", "new", "new"],
    "entered_at": times("01 10:00", "03 10:00", "02 10:00", "02 10:00"),
}


def test_time_in_a_stage_with_those_still_there() -> None:
    deals = {**DEALS, "stage_id": ["talk", "new", "new"]}
    company = {"funnels": [{"id": "main", "stages": STAGES}]}
    found = measured(company, deals=deals, stage_history=HISTORY)
    # new: passed in 2 days, still there after 28, lost after 10 without passing
    assert found["stage.days", "new"].numerator == 1
    assert found["stage.over-reference-share", "new"].value == pytest.approx(2 / 3)
    assert found["stage.stuck-share", ""].value == 1
    assert found["stage.stuck-share", "talk"].n == 1


def test_without_history_the_age_of_the_deal_decides() -> None:
    deals = {
        **DEALS,
        "stage_id": ["talk", "new", "new"],
        "entered_at": times("16 10:00", "24 10:00", ""),
    }
    company = {"funnels": [{"id": "main", "stages": STAGES}]}
    found = measured(company, deals=deals)
    # 14 days of 15 allowed up to "talk", 6 of 5 in "new"
    assert found["stage.stuck-share", ""].value == 0.5
    assert found["stage.stuck-share", "new"].value == 1


def test_without_references_nobody_is_stuck_or_free() -> None:
    deals = {**DEALS, "stage_id": ["talk", "new", "new"]}
    row = measured(deals=deals)["stage.stuck-share", ""]
    assert (row.value, row.state) == (None, "unknown")


def test_without_tables_everything_is_unknown_with_a_reason() -> None:
    for row in measured().values():
        assert row.state == "unknown"
        assert row.reason
