"""What sellers did, how long they talked and what came of it, counted by hand."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.registry import compute
from salesdx.metrics.work import contact_steps, dialogue, process, replies

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
ALL = (
    *process.METRICS, *contact_steps.METRICS, *dialogue.METRICS, *replies.METRICS,
)  # fmt: skip
Found = dict[tuple[str, str, str], Measurement]


def at(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(f"2026-{text}:00") if text else None


def times(*texts: str) -> list[dt.datetime | None]:
    return [at(t) for t in texts]


def measured(company: dict[str, Any] | None = None, **tables: Any) -> Found:
    known = Company.model_validate({"format": 1, "name": "Acme", **(company or {})})
    data = Data({n: pa.table(t) for n, t in tables.items()}, known, AS_OF)
    rows = compute(data, ALL)
    found = {(r.metric, "+".join(v for _, v in r.slice), r.period): r for r in rows}
    assert len(found) == len(rows), "one row a figure, slice and period"
    return found


# --- counts ----------------------------------------------------------------------

ACTIVITIES = {
    "activity_id": [str(i) for i in range(9)],
    "type": ["letter", "call", "call", "chat", "call", "letter", "meeting",
             "quote", "call"],
    "direction": ["out", "out", "in", None, "out", "out", "out", "out", "out"],
    "manager_id": ["A", "A", "A", "A", "B", "B", "B", "B", "B"],
    "started_at": times(
        "05-04 10:00", "05-05 10:00", "05-06 10:00", "06-01 10:00", "05-04 11:00",
        "06-02 10:00", "06-10 10:00", "06-11 10:00", "07-02 10:00",
    ),
}  # fmt: skip


def test_contacts_are_counted_by_type_manager_and_month() -> None:
    found = measured(activities=ACTIVITIES)
    made = {(s, p): m.value for (i, s, p), m in found.items()
            if i == "activity.contacts"}  # fmt: skip
    # the client's own call, the quote and the call after as-of are not contacts made
    assert made == {
        ("", ""): 6, ("", "2026-05"): 3, ("", "2026-06"): 3,
        ("A", ""): 3, ("A", "2026-05"): 2, ("A", "2026-06"): 1,
        ("B", ""): 3, ("B", "2026-05"): 1, ("B", "2026-06"): 2,
    }  # fmt: skip
    assert found["activity.calls", "", ""].value == 2
    assert found["activity.letters", "B", "2026-06"].value == 1
    assert found["activity.meetings", "A", ""].value == 0


def test_what_is_never_recorded_is_unknown_not_zero() -> None:
    row = measured(activities=ACTIVITIES)["activity.presentations", "", ""]
    assert (row.value, row.state) == (None, "unknown")


def test_papers_are_counted_in_their_tables_else_among_the_contacts() -> None:
    found = measured(
        activities=ACTIVITIES,
        deals={"deal_id": ["d1"], "manager_id": ["A"], "status": ["won"]},
        payments={
            "invoice_id": ["1", "2"], "deal_id": ["d1", "d1"],
            "issued_at": times("05-04 10:00", "06-04 10:00"),
            "paid_at": times("05-14 10:00", ""),
        },
    )  # fmt: skip
    assert found["activity.quotes-issued", "B", "2026-06"].value == 1
    assert found["activity.invoices-issued", "A", ""].value == 2
    assert found["activity.payments-received", "", "2026-05"].value == 1
    contracts = found["activity.contracts-issued", "", ""]
    assert contracts.state == "unknown"


def test_papers_for_each_working_day_present() -> None:
    found = measured(
        quotes={
            "quote_id": ["1", "2", "3"], "deal_id": ["d1", "d1", "d2"],
            "sent_at": times("06-22 10:00", "06-25 10:00", "07-02 10:00"),
        },
        payments={
            "invoice_id": ["1"], "deal_id": ["d1"],
            "issued_at": times("06-26 10:00"),
        },
        deals={"deal_id": ["d1", "d2"], "manager_id": ["A", "B"],
               "status": ["won", "open"]},
        absences={"manager_id": ["A"], "from": [dt.date(2026, 6, 23)],
                  "to": [dt.date(2026, 6, 23)]},
        activities={"activity_id": ["1"], "type": ["call"],
                    "started_at": times("06-01 10:00")},
    )  # fmt: skip
    row = found["activity.papers-per-day", "A", ""]
    # Monday 22 to Friday 26 June without the Tuesday away
    assert (row.numerator, row.denominator) == (3, 4)


def test_new_requests_of_a_manager() -> None:
    found = measured(
        leads={
            "lead_id": ["1", "2", "3"], "assigned_to": ["A", "A", None],
            "channel": ["site", "phone", "site"],
            "created_at": times("05-04 10:00", "06-04 10:00", "06-05 10:00"),
        }
    )  # fmt: skip
    assert found["activity.leads-created", "", ""].value == 3
    assert found["activity.leads-created", "A", ""].value == 2
    assert found["activity.leads-created", "A", "2026-06"].value == 1
    assert found["activity.leads-created", "site", ""].value == 2


def test_a_move_is_a_change_of_stage_not_the_first_one() -> None:
    found = measured(
        stage_history={
            "deal_id": ["d1", "d1", "d1", "d1", "d2"],
            "stage_id": ["new", "talk", "talk", "new", "new"],
            "entered_at": times(
                "05-01 10:00", "05-10 10:00", "05-11 10:00", "06-02 10:00",
                "05-03 10:00",
            ),
            "changed_by": [None, "B", "B", None, None],
        },
        deals={"deal_id": ["d1", "d2"], "manager_id": ["A", "A"],
               "status": ["open", "open"]},
    )  # fmt: skip
    moves = {(s, p): m.value for (i, s, p), m in found.items()
             if i == "activity.stage-moves" and not p}  # fmt: skip
    assert moves == {
        ("", ""): 2, ("talk", ""): 1, ("new", ""): 1, ("A", ""): 1, ("B", ""): 1,
    }  # fmt: skip
    assert found["activity.stage-moves", "new", "2026-06"].value == 1


# --- from step to step -----------------------------------------------------------

STEPS = {
    "activity_id": [str(i) for i in range(11)],
    "type": ["letter", "letter", "call", "call", "letter", "call", "letter",
             "meeting", "call", "meeting", "letter"],
    "manager_id": ["A"] * 4 + ["A", "B"] + ["A"] * 5,
    "client_id": ["c1"] * 4 + ["c2", "c2", "c3", "c1", "c4", "c4", "c5"],
    "started_at": times(
        "05-01 10:00", "05-02 10:00", "05-10 10:00", "05-11 10:00",  # c1
        "05-01 10:00", "05-02 10:00",  # c2: another seller calls
        "05-01 10:00",  # c3: nothing follows
        "05-20 10:00",  # c1 again
        "04-01 10:00", "05-05 10:00",  # c4: the meeting comes after 34 days
        "06-25 10:00",  # c5: the window is still open
    ),
    "duration_s": [None, None, 60, 120, None, 60, None, 3600, 60, 3600, None],
}  # fmt: skip


def test_a_call_is_credited_to_the_last_letter_before_it() -> None:
    found = measured(activities=STEPS)
    row = found["conversion.letter-to-call", "", ""]
    # c1: the second of two letters; c2 and c3: none; c5 is too young to judge
    assert (row.numerator, row.denominator) == (1, 4)


def test_a_meeting_is_credited_to_the_last_call_before_it() -> None:
    found = measured(activities=STEPS)
    row = found["conversion.call-to-meeting", "A", ""]
    assert (row.numerator, row.denominator) == (1, 3)


def test_a_missed_call_follows_from_nothing() -> None:
    missed = {**STEPS, "duration_s": [0] * 11}
    found = measured(activities=missed)
    assert found["conversion.letter-to-call", "", ""].value == 0
    assert found["conversion.call-to-meeting", "", ""].state == "unknown"


def test_the_window_is_a_benchmark_of_the_company() -> None:
    data = Data(
        {"activities": pa.table(STEPS)},
        Company.model_validate({"format": 1, "name": "Acme"}), AS_OF,
        {"process.letter-to-call-days": 7, "process.call-to-meeting-days": 40},
    )  # fmt: skip
    rows = {(r.metric, r.slice): r for r in compute(data, contact_steps.METRICS)}
    assert rows["conversion.letter-to-call", ()].numerator == 0  # came after 8 days
    assert rows["conversion.call-to-meeting", ()].numerator == 2


LEADS = {
    "lead_id": ["1", "2", "3", "4"], "assigned_to": ["A", "A", "B", "B"],
    "source": ["ads", "ads", "call", "call"],
    "created_at": times("01-10 10:00", "02-10 10:00", "02-10 10:00", "06-20 10:00"),
}  # fmt: skip
DEALS = {
    "deal_id": ["d1", "d2", "d3"], "lead_id": ["1", "1", "3"],
    "status": ["won", "won", "lost"],
    "entered_at": times("01-11 10:00", "01-11 10:00", "02-11 10:00"),
    "closed_at": times("01-20 10:00", "01-21 10:00", "02-20 10:00"),
}  # fmt: skip
CYCLE = {"funnels": [{"id": "main", "cycle_days": 30, "stages": ["new"]}]}


def test_requests_become_sales_once_and_young_ones_wait() -> None:
    found = measured(CYCLE, leads=LEADS, deals=DEALS)
    row = found["conversion.lead-to-sale", "", ""]
    assert (row.numerator, row.denominator) == (1, 3)
    assert found["conversion.lead-to-sale", "ads", ""].value == 0.5
    assert found["conversion.lead-to-sale", "B", ""].value == 0


def test_deals_that_do_not_name_their_request_prove_nothing() -> None:
    deals = {**DEALS, "lead_id": [None, None, "3"]}
    row = measured(CYCLE, leads=LEADS, deals=deals)["conversion.lead-to-sale", "", ""]
    assert row.state == "unknown"


def test_a_manager_written_down_at_the_sale_has_no_conversion() -> None:
    leads = {**LEADS, "assigned_to": ["A", None, None, None]}
    found = measured(CYCLE, leads=leads, deals=DEALS)
    assert ("conversion.lead-to-sale", "A", "") not in found
    assert found["conversion.lead-to-sale", "ads", ""].value == 0.5


# --- talks -----------------------------------------------------------------------

TALKS = {
    "activity_id": [str(i) for i in range(6)],
    "type": ["call", "call", "call", "meeting", "letter", "call"],
    "manager_id": ["A", "A", "A", "A", "A", "B"],
    "deal_id": ["d1", "d1", "d1", "d1", "d1", None],
    "started_at": times(
        "05-01 10:00", "05-02 10:00", "05-10 10:00", "05-20 10:00", "05-21 10:00",
        "05-22 10:00",
    ),
    "duration_s": [100.0, 0.0, 200.0, 240.0, 900.0, None],
}  # fmt: skip
STAGES = {
    "deal_id": ["d1", "d1"], "stage_id": ["new", "talk"],
    "entered_at": times("05-01 09:00", "05-05 10:00"),
}  # fmt: skip
ONE_DEAL = {"deal_id": ["d1"], "status": ["open"], "channel": ["site"]}


def test_a_talk_lasts_as_its_middle_and_missed_calls_are_no_talks() -> None:
    found = measured(activities=TALKS, deals=ONE_DEAL, stage_history=STAGES)
    assert found["dialogue.duration-median", "", ""].value == 200  # 100, 200, 240
    assert found["dialogue.duration-median", "", ""].n == 3
    assert found["dialogue.duration-median", "site", ""].n == 3
    # the stage is the one the deal stood in at that moment
    assert found["dialogue.duration-median", "new", ""].value == 100
    assert found["dialogue.duration-median", "talk", ""].n == 2


def test_a_habit_of_short_talks_shows_against_the_team() -> None:
    n = 42
    talks = {
        "activity_id": [str(i) for i in range(n)],
        "type": ["call"] * n,
        "manager_id": ["A"] * 20 + ["B"] * 20 + ["C"] * 2,
        "started_at": times(*["05-04 10:00"] * n),
        "duration_s": [100.0] * 20 + [300.0] * 22,
    }
    found = measured(activities=talks)
    assert found["dialogue.deviation", "A", ""].value == pytest.approx(-2 / 3)
    assert found["dialogue.deviation", "B", ""].value == 0
    assert ("dialogue.deviation", "C", "") not in found  # two talks are no habit


def test_calls_without_a_duration_are_neither_missed_nor_answered() -> None:
    row = measured(activities=TALKS)["dialogue.missed-call-share", "", ""]
    assert (row.numerator, row.denominator) == (1, 3)


# --- the spread of replies -------------------------------------------------------


def requests_answered_after(seconds: list[int | None]) -> dict[str, Any]:
    """Requests at ten on Monday 1 June 2026; the last five are of manager B."""
    asked = dt.datetime(2026, 6, 1, 10, 0, 0)
    n = len(seconds)
    return {
        "lead_id": [str(i) for i in range(n)],
        "assigned_to": ["A"] * (n - 5) + ["B"] * 5,
        "created_at": [asked] * n,
        "first_response_at": [
            None if s is None else asked + dt.timedelta(seconds=s) for s in seconds
        ],
    }


def test_replies_of_a_manager_against_the_whole_company() -> None:
    leads = requests_answered_after([60] * 15 + [120] * 4 + [600])
    found = measured(leads=leads)
    # half of all waits are 60 s, B's middle is 120 s
    assert found["response.deviation", "B", ""].value == pytest.approx(1.0)
    assert found["response.deviation", "A", ""].value == 0
    # nine of ten are answered within 120 s: one of twenty is not
    assert found["response.over-p90-share", "", ""].value == pytest.approx(1 / 20)
    assert found["response.over-p90-share", "B", ""].value == pytest.approx(1 / 5)


def test_those_who_still_wait_longer_count_as_late() -> None:
    leads = requests_answered_after([60] * 15 + [120] * 4 + [None])
    found = measured(leads=leads)
    assert found["response.over-p90-share", "", ""].numerator == 1


def test_when_a_tenth_still_waits_nobody_knows_what_is_late() -> None:
    leads = requests_answered_after([60] * 15 + [None] * 5)
    found = measured(leads=leads)
    assert found["response.over-p90-share", "", ""].state == "unknown"
