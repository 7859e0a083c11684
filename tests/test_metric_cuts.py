"""Figures cut by what the domain cuts them by, on tables that a person can count."""

from typing import Any

import pytest
from metric_tables import day, measured

from salesdx.metrics.deals import check, conversion, funnel, maturity
from salesdx.metrics.products import assortment
from salesdx.metrics.work import chain, papers, presales, speed

DEALS: dict[str, list[Any]] = {
    "deal_id": ["1", "2", "3", "4"],
    "lead_id": ["L1", "L2", "L3", "L4"],
    "manager_id": ["A", "A", "B", "B"],
    "stage_id": ["new", "offer", "offer", "new"],
    "segment": ["big", "small", "small", "big"],
    "product": ["P", "Q", "Q", "P"],
    "channel": ["site", "phone", "phone", "site"],
    "source": ["ads", "ads", "fair", "fair"],
    "department": ["north", "north", "south", "south"],
    "status": ["won", "won", "won", "lost"],
    "amount": [100.0, 100.0, 200.0, 900.0],
    "cost": [50.0, 80.0, 100.0, 1.0],
    "entered_at": [day("2026-03-05"), day("2026-03-05"), day("2026-03-05"),
                   day("2026-06-20")],
    "closed_at": [day("2026-03-15"), day("2026-04-04"), day("2026-04-24"),
                  day("2026-06-25")],
}  # fmt: skip
COMPANY = {"funnels": [{"id": "main", "cycle_days": 60, "main_stage": "offer",
                        "stages": ["new", "offer"]}]}  # fmt: skip


def test_margin_and_cycle_by_product_segment_and_channel() -> None:
    found = measured([*check.METRICS, *maturity.METRICS], COMPANY, deals=DEALS)
    assert found["check.margin", "phone"].value == pytest.approx(0.4)
    assert found["check.margin", "P"].value == 0.5
    assert found["cycle.won-median", "P"].value == 10
    assert found["cycle.won-median", "small"].value == 30


def test_young_entries_by_source_and_the_main_stage_by_manager() -> None:
    found = measured([*conversion.METRICS, *funnel.METRICS], COMPANY, deals=DEALS)
    assert found["maturity.young-share", "ads"].value == 0
    assert found["maturity.young-share", "fair"].value == 0.5
    main = found["conversion.main-stage", "A"]
    assert (main.numerator, main.denominator) == (2, 2)


def test_papers_by_stage_product_channel_and_department() -> None:
    quotes = {
        "quote_id": ["a", "b", "c"], "deal_id": ["1", "2", "3"],
        "requested_at": [day("2026-03-10 10:00")] * 3,
        "sent_at": [day("2026-03-11 10:00"), day("2026-03-12 10:00"),
                    day("2026-03-16 10:00")],
        "promised_at": [day("2026-03-12")] * 3,
        "received_confirmed_at": [day("2026-03-12"), None, None],
    }  # fmt: skip
    contracts = {
        "deal_id": ["1", "3"],
        "client_ready_at": [day("2026-03-10"), day("2026-03-10")],
        "draft_sent_at": [day("2026-03-13"), day("2026-03-19")],
    }
    found = measured(papers.METRICS, deals=DEALS, quotes=quotes, contracts=contracts)
    assert found["quote.days", "new"].value == 1
    assert found["quote.on-time-share", "Q"].value == 0.5
    assert found["quote.confirmed-share", "site"].value == 1
    assert found["quote.confirmed-share", "phone"].value == 0
    assert found["ready-client.service-days", "south"].value == 9


def test_contacts_by_stage_and_requests_by_channel() -> None:
    leads = {
        "lead_id": ["L1", "L2", "L3", "L4"],
        "channel": ["site", "phone", "phone", "site"],
        "created_at": [day("2026-03-02 10:00"), day("2026-03-01 10:00"),
                       day("2026-03-02 10:00"), day("2026-06-10 22:00")],
        "notified_at": [day("2026-03-02 10:05"), None, day("2026-03-02 10:05"), None],
        "first_response_at": [day("2026-03-02 11:00"), None, None,
                              day("2026-06-11 10:00")],
    }  # fmt: skip
    contacts = {
        "activity_id": ["x", "y", "z"], "deal_id": ["1", "2", "3"],
        "client_id": ["C1", "C2", "C3"],
        "type": ["call", "call", "letter"], "direction": ["out", "out", "in"],
        "started_at": [day("2026-03-10 10:00")] * 3,
        "outcome": ["agreed", None, None],
    }  # fmt: skip
    found = measured(
        [*chain.METRICS, *speed.METRICS], deals=DEALS, leads=leads, activities=contacts
    )
    assert found["chain.notified-share", "phone"].value == 0.5
    assert found["chain.logged-share", "new"].value == 1
    assert found["chain.logged-share", "offer"].value == 0
    assert found["chain.answered-share", "offer"].value == 0
    # the first of March is a Sunday, and ten in the evening is late
    assert found["response.off-hours-share", "phone"].value == 0.5
    assert found["response.off-hours-answered-share", "site"].value == 1
    assert found["lead.to-deal-days", "P"].value == pytest.approx(2.6, abs=0.1)


def test_presales_demos_and_refusals_by_manager_stage_and_product() -> None:
    tasks = {
        "task_id": ["t", "u"], "deal_id": ["1", "3"], "stage": ["new", "offer"],
        "requested_at": [day("2026-03-06"), day("2026-03-06")],
        "started_at": [day("2026-03-08"), day("2026-03-10")],
    }  # fmt: skip
    contacts = {
        "activity_id": ["x", "y", "z"], "deal_id": ["1", "3", "3"],
        "type": ["demo", "meeting", "demo"],
        "started_at": [day("2026-03-10"), day("2026-03-10"), day("2026-03-12")],
        "adapted": [True, None, False], "outcome": ["agreed", None, "agreed"],
    }  # fmt: skip
    refused = {**DEALS, "lost_reason": [None, None, None, "not_available"]}
    found = measured(
        [*presales.METRICS, *assortment.METRICS], COMPANY, deals=refused,
        presales_tasks=tasks, activities=contacts, products={"product_id": ["P", "Q"]},
    )  # fmt: skip
    assert found["presales.wait-days", "A"].value == 2
    assert found["presales.early-share", "A"].value == 1
    assert found["presales.early-share", "offer"].value == 0
    assert found["demo.instead-share", "A"].value == 1
    assert found["demo.instead-share", "B"].value == 0
    assert found["demo.adapted-share", "B"].value == 0
    assert found["history.complete-share", "B"].value == 0.5
    assert found["assortment.false-unavailable", "P"].value == 1
