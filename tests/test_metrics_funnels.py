"""Cold, repeat and new-client funnels; links, next steps and overdue deals."""

from typing import Any

import pytest
from metric_tables import day, measured

from salesdx.metrics.deals import funnels
from salesdx.metrics.work import follow_up

CYCLE = {"funnels": [{"id": "main", "cycle_days": 30}]}
# C1 bought in January and comes back twice; C2 and C3 come for the first time
DEALS: dict[str, list[Any]] = {
    "deal_id": ["1", "2", "3", "4", "5"],
    "client_id": ["C1", "C1", "C1", "C2", "C3"],
    "manager_id": ["A", "A", "B", "B", "B"],
    "status": ["won", "won", "lost", "won", "lost"],
    "entered_at": [day("2025-01-10"), day("2025-03-01"), day("2025-04-01"),
                   day("2025-04-01"), day("2025-05-01")],
    "closed_at": [day("2025-01-20"), day("2025-03-11"), day("2025-04-20"),
                  day("2025-04-15"), day("2025-05-09")],
}  # fmt: skip
CLIENTS = {
    "client_id": ["C1", "C2", "C3"],
    "new_current": ["current", "new", "new"],
}


def test_a_client_who_has_bought_before_is_a_repeat_client() -> None:
    found = measured(funnels.METRICS, CYCLE, deals=DEALS, clients=CLIENTS)
    repeat = found["conversion.repeat", ""]
    assert (repeat.value, repeat.n) == (0.5, 2)  # deals 2 and 3; the first was new
    new = found["conversion.new-clients", ""]
    assert (new.numerator, new.n) == (2, 3)  # deals 1, 4 and 5
    assert found["conversion.new-clients", "B"].value == 0.5


def test_a_purchase_before_the_data_makes_a_repeat_client() -> None:
    known = {
        "client_id": ["C1", "C2", "C3"],
        "first_purchase_at": [None, day("2020-02-01").date(), None],
    }
    found = measured(funnels.METRICS, CYCLE, deals=DEALS, clients=known)
    assert found["conversion.repeat", ""].n == 3
    assert found["conversion.new-clients", ""].n == 2


def test_without_purchase_dates_the_first_year_tells_no_new_clients() -> None:
    found = measured(funnels.METRICS, CYCLE, deals=DEALS)
    assert found["conversion.repeat", ""].n == 2
    new = found["conversion.new-clients", ""]
    assert new.state == "unknown"
    assert new.reason
    assert "new or current" in new.reason.en
    late = {**DEALS, "entered_at": [*DEALS["entered_at"][:4], day("2026-02-01")]}
    found = measured(funnels.METRICS, CYCLE, deals=late)
    assert found["conversion.new-clients", ""].n == 1


def test_a_funnel_that_says_its_kind_is_believed() -> None:
    company = {"funnels": [
        {"id": "main", "cycle_days": 30}, {"id": "outbound", "kind": "cold"},
        {"id": "again", "kind": "repeat"},
    ]}  # fmt: skip
    funnel = ["main", "outbound", "outbound", "again", "main"]
    deals = {**DEALS, "funnel_id": funnel}
    found = measured(funnels.METRICS, company, deals=deals, clients=CLIENTS)
    assert (found["conversion.cold", ""].value, found["conversion.cold", ""].n) == (
        0.5, 2,
    )  # fmt: skip
    assert found["conversion.cold", "outbound"].n == 2
    assert found["conversion.repeat", ""].n == 1
    bare = measured(funnels.METRICS, CYCLE, deals=DEALS)
    assert bare["conversion.cold", ""].state == "unknown"


def test_new_clients_go_through_the_stages() -> None:
    company = {"funnels": [
        {"id": "main", "cycle_days": 30, "stages": ["new", "meeting", "offer"]},
    ]}  # fmt: skip
    stage = ["new", "new", "new", "offer", "meeting"]
    deals = {**DEALS, "stage_id": stage}
    found = measured(funnels.METRICS, company, deals=deals, clients=CLIENTS)
    # new clients: 1 (won), 4 (won), 5 (lost at the meeting)
    assert found["conversion.new-clients", "new"].value == 1
    assert found["conversion.new-clients", "meeting"].value == pytest.approx(2 / 3)
    assert found["conversion.new-clients", "B+meeting"].value == 0.5


def test_broken_links_are_counted_once_a_link_and_deal() -> None:
    # deal 1: the request reached nobody; its quote was asked for twice, sent once
    # deal 2: all is well; deal 3: the client is ready, nothing happened
    deals = {
        "deal_id": ["1", "2", "3"], "lead_id": ["L1", "L2", None],
        "manager_id": ["A", "A", "B"], "stage_id": ["s", "s", "t"],
        "status": ["open"] * 3,
    }  # fmt: skip
    leads = {
        "lead_id": ["L1", "L2"],
        "created_at": [day("2026-06-01 10:00"), day("2026-06-01 10:00")],
        "notified_at": [None, day("2026-06-01 11:00")],
        "first_response_at": [day("2026-06-01 12:00"), day("2026-06-01 12:00")],
    }
    quotes = {
        "quote_id": ["Q1", "Q2", "Q3"], "deal_id": ["1", "1", "2"],
        "requested_at": [day("2026-06-02 10:00")] * 3,
        "sent_at": [None, day("2026-06-03 10:00"), day("2026-06-02 15:00")],
    }  # fmt: skip
    contracts = {"deal_id": ["3"], "client_ready_at": [day("2026-06-08 10:00")]}
    found = measured(
        follow_up.METRICS, deals=deals, leads=leads, quotes=quotes, contracts=contracts
    )
    assert found["chain.broken-links", ""].value == 1  # 2 + 0 + 1 over 3 deals
    assert found["chain.broken-links", "A"].value == 1
    assert found["chain.broken-links", "t"].value == 1


def test_a_link_is_not_broken_before_its_time() -> None:
    deals = {"deal_id": ["1"], "status": ["open"]}
    quotes = {
        "quote_id": ["Q1"], "deal_id": ["1"],
        "requested_at": [day("2026-06-01 10:00")],
        "promised_at": [day("2026-07-05")],
    }  # fmt: skip
    found = measured(follow_up.METRICS, deals=deals, quotes=quotes)
    assert found["chain.broken-links", ""].state == "unknown"


def test_a_talk_ends_with_a_dated_next_step() -> None:
    deals = {
        "deal_id": ["1", "2", "3", "4", "5"],
        "manager_id": ["A", "A", "B", "B", "B"],
        "status": ["open", "open", "open", "won", "open"],
        "next_task_at": [day("2026-06-20"), day("2026-06-01"), None, None, None],
    }
    activities = {
        "activity_id": list("abcdef"),
        "deal_id": ["1", "2", "3", "4", "5", "1"],
        "type": ["meeting", "meeting", "demo", "meeting", "call", "meeting"],
        "started_at": [day("2026-06-20 15:00"), *[day("2026-06-10 15:00")] * 5],
    }
    tickets = {
        "ticket_id": ["T1"], "deal_id": ["3"], "due_at": [day("2026-07-03 12:00")],
    }  # fmt: skip
    found = measured(follow_up.METRICS, deals=deals, activities=activities)
    # 1 has a task on the day of the talk, 2 an older one, 3 none; 5 had no talk
    assert found["next-step.share", ""].value == pytest.approx(1 / 3)
    assert found["next-step.share", "A"].value == 0.5
    found = measured(
        follow_up.METRICS, deals=deals, activities=activities, tickets=tickets
    )
    assert found["next-step.share", ""].value == pytest.approx(2 / 3)


def test_overdue_deals_are_counted_unless_they_changed_hands() -> None:
    company = {"funnels": [{"id": "main", "stages": [
        {"id": "a", "reference_days": 10}, {"id": "b", "reference_days": 20},
    ]}]}  # fmt: skip
    deals = {
        "deal_id": ["1", "2", "3", "4"],
        "manager_id": ["A", "A", "A", "B"],
        "status": ["open", "open", "open", "lost"],
        "entered_at": [day("2026-05-01"), day("2026-05-01"), day("2026-06-20"),
                       day("2026-01-01")],
    }  # fmt: skip
    activities = {
        "activity_id": ["x", "y"], "deal_id": ["1", "2"], "type": ["call", "call"],
        "manager_id": ["A", "B"], "started_at": [day("2026-05-05")] * 2,
    }  # fmt: skip
    found = measured(follow_up.METRICS, company, deals=deals)
    assert found["deals.overdue-not-reassigned", ""].value == 2
    assert found["deals.overdue-not-reassigned", ""].n == 3
    assert found["deals.overdue-not-reassigned", ""].reason  # nobody can say who had it
    found = measured(follow_up.METRICS, company, deals=deals, activities=activities)
    assert found["deals.overdue-not-reassigned", "A"].value == 1  # 2 was B's before
    assert found["deals.overdue-not-reassigned", "A"].reason is None


def test_without_a_reference_nothing_is_overdue() -> None:
    deals = {
        "deal_id": ["1"], "status": ["open"], "manager_id": ["A"],
        "entered_at": [day("2020-01-01")],
    }  # fmt: skip
    found = measured(follow_up.METRICS, deals=deals)
    assert found["deals.overdue-not-reassigned", ""].value is None


def test_known_clients_are_compared_with_new_ones_from_thirty_deals_on() -> None:
    n = 40
    rows = {
        "deal_id": [f"D{i}" for i in range(2 * n)],
        "client_id": [f"C{i}" for i in range(2 * n)],
        "status": (["won"] * 20 + ["lost"] * 20) + (["won"] * 10 + ["lost"] * 30),
        "entered_at": [day("2026-02-01")] * 2 * n,
    }
    known = {
        "client_id": rows["client_id"],
        "new_current": ["current"] * n + ["new"] * n,
    }
    found = measured(funnels.METRICS, CYCLE, deals=rows, clients=known)
    factor = found["conversion.repeat-over-new", ""]
    assert (factor.value, factor.n) == (2, 80)
    few = {k: v[:69] for k, v in rows.items()}
    found = measured(funnels.METRICS, CYCLE, deals=few, clients=known)
    assert found["conversion.repeat-over-new", ""].state == "unknown"
