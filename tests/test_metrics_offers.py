"""Offers and the warmth of the base on tables that a person can count."""

from typing import Any

import pytest
from metric_tables import day, measured

from salesdx.metrics.clients import warmth
from salesdx.metrics.products import offers

DEALS: dict[str, list[Any]] = {
    "deal_id": ["1", "2", "3", "4"],
    "status": ["won", "lost", "open", "won"],
    "segment": ["towns", "towns", "cities", "cities"],
    "manager_id": ["A", "A", "B", "B"],
    "entered_at": [day("2026-05-01")] * 4,
    "closed_at": [day("2026-06-10"), day("2026-06-11"), None, day("2026-05-20")],
}


def test_an_offer_is_followed_to_its_deal() -> None:
    made = {
        "offer_id": ["a", "b", "c", "d", "e"],
        "deal_id": ["1", "2", "3", "4", None],
        "target_group": ["bakers", None, None, None, "bakers"],
        "granted_at": [day("2026-06-01")] * 5,
    }
    found = measured(offers.METRICS, deals=DEALS, offers=made)
    # c is on an open deal, d was made after its deal was won, e has no deal
    assert found["offer.conversion", ""].value == pytest.approx(1 / 3)
    assert found["offer.conversion", "bakers"].value == 1
    assert found["offer.conversion", "towns"].value == 0


def test_a_deadline_that_does_not_hold() -> None:
    made = {
        "offer_id": ["a", "b", "c", "d"],
        "deal_id": ["1", "2", "3", "4"],
        "deadline_at": [day("2026-06-05"), day("2026-06-05"), day("2026-06-05"),
                        day("2026-08-01")],
        "granted_at": [day("2026-06-05 18:00"), day("2026-06-06"), None,
                       day("2026-06-06")],
    }  # fmt: skip
    found = measured(offers.METRICS, deals=DEALS, offers=made)
    # a on the last day, b a day late, c never; d has not expired yet
    late = found["offer.after-deadline-share", ""]
    assert (late.value, late.n) == (pytest.approx(1 / 3), 3)
    assert found["offer.after-deadline-share", "A"].value == 0.5
    marked = {"offer_id": ["a"], "deadline_at": [day("2026-06-05")],
              "granted_after_deadline": [True]}  # fmt: skip
    found = measured(offers.METRICS, offers=marked)
    assert found["offer.after-deadline-share", ""].value == 1


def test_offers_without_a_trace_are_unknown() -> None:
    found = measured(offers.METRICS, deals=DEALS, offers={
        "offer_id": ["a"], "deadline_at": [day("2026-06-05")],
    })  # fmt: skip
    limit = found.pop(("offer.limited-share", ""))
    assert limit.value == 1  # the deadline is there; what came of it is not
    assert {m.state for m in found.values()} == {"unknown"}


CLIENTS: dict[str, list[Any]] = {
    "client_id": ["C1", "C2", "C3", "C4"],
    "owner_manager": ["A", "A", None, None],
    "warmth": ["cold", "hot", "warm", "cold"],
    "do_not_return": [False, None, None, True],
}


def test_clients_without_an_open_deal() -> None:
    deals = {
        "deal_id": ["1", "2", "3"],
        "client_id": ["C1", "C2", "C3"],
        "status": ["won", "open", "lost"],
        "manager_id": ["A", "A", "B"],
        "entered_at": [day("2026-01-01")] * 3,
    }
    found = measured(warmth.METRICS, clients=CLIENTS, deals=deals)
    # C2 has an open deal, C4 must not return; C3 belongs to whom he dealt with last
    assert found["clients.without-deals", ""].value == 2
    assert found["clients.without-deals", ""].n == 3
    assert found["clients.without-deals", "B"].value == 1


def test_cold_clients_of_sellers_and_warm_ones_of_nobody_are_in_wrong_hands() -> None:
    found = measured(warmth.METRICS, clients=CLIENTS)
    assert found["warmth.cold-share", ""].value == 0.5
    assert found["warmth.warm-share", ""].value == 0.25
    assert found["warmth.hot-share", "A"].value == 0.5
    # C1 is cold and has a seller, C3 is warm and has nobody
    assert found["warmth.mismatch-share", ""].value == 0.5
    tickets = {"ticket_id": ["T"], "client_id": ["C3"], "assignee": ["B"]}
    found = measured(warmth.METRICS, clients=CLIENTS, tickets=tickets)
    assert found["warmth.mismatch-share", ""].value == 0.25


def test_without_owners_nobody_is_in_wrong_hands() -> None:
    bare = {k: CLIENTS[k] for k in ("client_id", "warmth")}
    found = measured(warmth.METRICS, clients=bare)
    assert found["warmth.mismatch-share", ""].value is None
    assert found["warmth.cold-share", ""].value == 0.5


def test_limits_and_calls_of_offers() -> None:
    made = {
        "offer_id": ["a", "b", "c", "d"],
        "deal_id": ["1", "1", "3", "3"],
        "deadline_at": [day("2026-06-05"), None, None, None],
        "limit_qty": [None, 5.0, None, None],
        "cta": ["call us", "", None, None],
    }
    found = measured(offers.METRICS, deals=DEALS, offers=made)
    assert found["offer.limited-share", ""].value == 0.5
    assert found["offer.with-call-share", ""].value == 0.25
    assert found["offer.limited-share", "A"].numerator == 2
    bare = {"offer_id": ["a"], "deal_id": ["1"]}
    found = measured(offers.METRICS, deals=DEALS, offers=bare)
    for metric in ("offer.limited-share", "offer.with-call-share"):
        assert found[metric, ""].state == "unknown"
