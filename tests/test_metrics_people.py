"""Presales, range, activity, circumstances, entry rule, trend and mix by hand."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics import METRICS
from salesdx.metrics.data import Data
from salesdx.metrics.deals import entry, mix
from salesdx.metrics.products import assortment
from salesdx.metrics.registry import compute
from salesdx.metrics.trends import trend
from salesdx.metrics.work import activity, people, presales

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
ALL = (
    *presales.METRICS, *assortment.METRICS, *activity.METRICS, *people.METRICS,
    *entry.METRICS, *trend.METRICS, *mix.METRICS,
)  # fmt: skip
Found = dict[tuple[str, str], Measurement]


def at(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(f"2026-{text}:00") if text else None


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
    "status": ["open", "won", "lost"],
    "stage_id": ["talk", "talk", "new"],
    "entered_at": times("01-12 10:00", "02-02 10:00", "06-01 10:00"),
}
FUNNEL = {"funnels": [{"id": "main", "stages": ["new", "talk"]}]}


# --- presales, buying centre, demo ---------------------------------------------


def test_presales_tasks_that_wait_count_their_wait() -> None:
    tasks = {
        "task_id": ["1", "2", "3"],
        "deal_id": ["d1", "d2", "d3"],
        "specialist": ["X", "X", "Y"],
        "stage": ["talk", "new", "talk"],
        "requested_at": times("06-02 00:00", "06-10 00:00", "06-29 00:00"),
        "started_at": times("06-04 00:00", "06-14 00:00", ""),
        "finished_at": times("06-06 00:00", "06-18 00:00", ""),
    }
    found = measured(FUNNEL, deals=DEALS, presales_tasks=tasks)
    # 2 and 4 days, and one that has waited 47 full hours
    assert found["presales.wait-days", ""].value == pytest.approx((2 + 4 + 2) / 3, 0.01)
    assert found["presales.open-tasks", ""].value == 0.5
    assert found["presales.early-share", ""].value == pytest.approx(1 / 3)
    # both of the first half: 4 and 8 days; the second half still waits two days
    change = found["presales.lead-time-change", ""].value
    assert change == pytest.approx(2 / 4, 0.03)


def test_the_buying_centre_is_listed_covered_and_asked_before_the_quote() -> None:
    centre = {
        "deal_id": ["d1", "d1", "d2"],
        "contact_id": ["a", "b", "c"],
        "identified_at": times("02-01 10:00", "02-01 10:00", "05-01 10:00"),
        "contacted_at": times("02-02 10:00", "", ""),
        "needs_recorded": [True, False, True],
    }
    quotes = {
        "quote_id": ["1", "2"],
        "deal_id": ["d1", "d2"],
        "sent_at": times("03-01 10:00", "03-01 10:00"),
    }
    found = measured(FUNNEL, deals=DEALS, buying_centre=centre, quotes=quotes)
    assert found["buying-centre.coverage", ""].value == pytest.approx(1 / 3)
    assert found["buying-centre.listed-share", ""].value == 1  # d3 is in stage one
    assert found["needs.recorded-share", ""].value == 0.5
    without = measured(FUNNEL, deals=DEALS, buying_centre=centre)
    assert without["needs.recorded-share", ""].value == 1
    assert without["buying-centre.listed-share", ""].n == 2


def test_a_demo_before_any_talk_stands_in_its_place() -> None:
    activities = {
        "activity_id": ["1", "2", "3", "4", "5"],
        "type": ["demo", "meeting", "demo", "meeting", "call"],
        "deal_id": ["d1", "d2", "d2", "d3", "d3"],
        "started_at": times(
            "03-01 10:00", "03-01 10:00", "03-02 10:00", "03-03 10:00", "03-04 10:00"
        ),
        "adapted": [False, None, True, None, None],
        "outcome": ["x", "x", None, None, None],
    }
    found = measured(deals=DEALS, activities=activities)
    assert found["demo.instead-share", ""].value == pytest.approx(1 / 3)
    assert found["demo.adapted-share", ""].value == 0.5
    assert found["history.complete-share", ""].value == pytest.approx(0.4)


# --- the range -----------------------------------------------------------------


def seminars() -> dict[str, Any]:
    """K-02: A and B offer seminars to 90 % of 20 clients each, C and D to none."""
    ids = [f"{m}{i}" for m in "ABCD" for i in range(20)]
    offered = [i for i in ids if i[0] in "AB" and int(i[1:]) < 18]
    return {
        "deals": {
            "deal_id": ids,
            "manager_id": [i[0] for i in ids],
            "segment": ["small towns"] * 80,
            "status": ["won"] * 80,
        },
        "deal_items": {
            "deal_id": ids + offered,
            "product_id": ["course"] * 80 + ["seminar"] * len(offered),
        },
    }


def test_part_of_the_managers_never_offers_the_seminar() -> None:
    found = measured(**seminars())
    assert found["offer.rate", "A+seminar"].value == 0.9
    assert found["offer.rate", "C+seminar"].value == 0
    assert found["offer.rate", "seminar"].value == pytest.approx(0.45)
    row = found["offer.managers-without-share", ""]
    assert (row.numerator, row.denominator) == (2, 4)


def test_what_was_marked_as_not_offered_is_no_offer() -> None:
    tables = seminars()
    items = tables["deal_items"]
    items["offered"] = [p != "seminar" for p in items["product_id"]]
    found = measured(**tables)
    assert ("offer.rate", "seminar") not in found
    assert found["offer.managers-without-share", ""].value == 0


def test_one_manager_sells_part_of_the_range_and_refuses_the_rest() -> None:  # K-03
    ids = [f"{m}{i}" for m in "AB" for i in range(10)]
    reasons = ["not_available", "Нет в наличии", "price", None, "not_available"]
    deals = {
        "deal_id": [*ids, "x1", "x2", "x3", "x4", "x5"],
        "manager_id": [*(i[0] for i in ids), "B", "B", "A", "A", "A"],
        "status": ["won"] * 20 + ["lost"] * 5,
        "lost_reason": [None] * 20 + reasons,
        "product": [None] * 20 + ["door", "Wardrobes", "door", "door", "unicorn"],
    }
    products = {
        "product_id": ["door", "ward", "chair", "table"],
        "category": ["Doors", "Wardrobes", "Chairs", "Tables"],
    }
    names = products["product_id"]
    items = {
        "deal_id": ids,
        "product_id": [names[i % 4] for i in range(10)] + ["chair", "table"] * 5,
    }
    company = {"lost_reasons": {"Нет в наличии": "not_available"}}
    found = measured(company, deals=deals, products=products, deal_items=items)
    assert found["assortment.coverage", "A"].value == 1
    assert found["assortment.coverage", "B"].value == 0.5
    assert found["assortment.false-unavailable", ""].value == 2
    assert found["assortment.false-unavailable", "A"].value == 0  # no unicorns there
    assert found["assortment.false-unavailable-share", ""].value == 0.5
    reviews = {
        "activity_id": ["c1", "c2"],
        "manager_id": ["B", "B"],
        "refused_available": [True, None],
    }
    calls = measured(call_reviews=reviews)
    assert calls["assortment.false-unavailable", "B"].value == 1


# --- activity, scores, reviews -------------------------------------------------


def test_contacts_are_counted_by_the_working_day_present() -> None:
    activities = {
        "activity_id": list("12345"),
        "manager_id": ["A", "A", "A", "A", "B"],
        "type": ["call", "call", "letter", "invoice", "call"],
        "direction": ["out", "out", "in", "out", None],
        "started_at": times(
            "06-01 10:00", "06-05 10:00", "06-05 10:00", "06-05 11:00", "06-05 10:00"
        ),
    }
    absences = {
        "manager_id": ["A", "A"],
        "from": [dt.date(2026, 6, 2), dt.date(2026, 6, 3)],
        "to": [dt.date(2026, 6, 3), dt.date(2026, 6, 4)],
    }
    found = measured(activities=activities, absences=absences)
    # Monday and Friday, three days away counted once
    assert found["activity.contacts-per-day", "A"].value == 1
    assert found["activity.contacts-per-day", ""].value == 1


def test_scores_of_reviewed_calls() -> None:
    reviews = {
        "activity_id": ["1", "2", "3"],
        "manager_id": ["A", "A", "B"],
        "script_score": [80.0, 90.5, None],
    }
    found = measured(call_reviews=reviews)
    assert found["script.score", ""].value == 85.25
    assert found["objection.score", ""].state == "unknown"


def test_weeks_with_a_review() -> None:
    deals = {
        "deal_id": ["1"],
        "status": ["open"],
        "entered_at": times("06-01 10:00"),
    }
    days = [dt.date(2026, 6, d) for d in (30, 29, 10)]
    row = measured(deals=deals, management_reviews={"date": days})[
        "review.weekly-adherence", ""
    ]
    assert (row.numerator, row.denominator) == (2, 4)


# --- circumstances of a manager ------------------------------------------------


def test_absence_tenure_and_novices() -> None:
    ids = [str(i) for i in range(24)]
    days = ["02-02 10:00"] * 6 + ["06-08 10:00"] * 6
    deals = {
        "deal_id": ids,
        "manager_id": ["A"] * 12 + ["B"] * 12,
        "status": ["open"] * 24,
        "entered_at": [*times(*days), *times(*["06-08 10:00"] * 12)],
    }
    managers = {
        "manager_id": ["A", "B"],
        "hired_at": [dt.date(2020, 1, 1), dt.date(2026, 6, 1)],
    }
    absences = {
        "manager_id": ["B"],
        "from": [dt.date(2026, 6, 1)],
        "to": [dt.date(2026, 6, 11)],
    }
    found = measured(deals=deals, managers=managers, absences=absences)
    assert found["manager.absence-share", "A"].value == 0
    # 22 working days since the first of June, nine of them away
    assert found["manager.absence-share", "B"].numerator == 9
    assert found["manager.absence-share", "B"].denominator == 22
    assert found["manager.tenure-days", "B"].value == 29
    assert found["manager.novice", "A"].value == 0
    assert found["manager.novice", "B"].value == 1
    # without dates of hiring a late first entry says the same
    bare = measured(deals=deals)
    assert bare["manager.novice", "B"].value == 1
    assert bare["manager.novice", "A"].value == 0


# --- entry rule ----------------------------------------------------------------


def test_managers_enter_clients_at_different_moments() -> None:
    ids = [f"{m}{i}" for m in "AB" for i in range(20)]
    deals = {
        "deal_id": ids,
        "manager_id": [i[0] for i in ids],
        "status": ["open"] * 40,
        "entered_at": times(*["03-02 10:00"] * 39, "03-02 00:00"),
    }
    activities = {
        "activity_id": ids,
        "deal_id": ids,
        "type": ["meeting"] * 40,
        # A enters before the meeting, B after it; the last entry has a date only
        "started_at": times(
            *["03-05 10:00"] * 20, *["03-01 10:00"] * 19, "03-02 12:00"
        ),
    }
    found = measured(deals=deals, activities=activities)
    assert found["entry.before-meeting-share", "A"].value == 1
    assert found["entry.before-meeting-share", "B"].value == 0
    assert found["entry.rule-spread", ""].value == 1
    few = {k: v[:3] for k, v in deals.items()}
    assert measured(deals=few, activities=activities)["entry.rule-spread", ""].reason


# --- trend ---------------------------------------------------------------------


def sales(before: int, after: int, product: str) -> list[tuple[str, dt.datetime]]:
    old, new = dt.datetime(2025, 3, 1), dt.datetime(2026, 3, 1)
    return [(product, old)] * before + [(product, new)] * after


def test_one_product_falls_and_the_other_does_not() -> None:
    rows = [*sales(10, 4, "x"), *sales(10, 11, "y"), ("z", dt.datetime(2024, 6, 1))]
    deals = {
        "deal_id": [str(i) for i in range(len(rows))],
        "status": ["won"] * len(rows),
        "product": [p for p, _ in rows],
        "closed_at": [d for _, d in rows],
        "amount": [100.0] * len(rows),
    }
    found = measured(deals=deals)
    assert found["trend.sales-change", "x"].value == pytest.approx(-0.6)
    assert found["trend.sales-change", ""].value == pytest.approx(15 / 20 - 1)
    assert found["trend.products-falling-share", ""].value == 0.5
    short = {k: v[:3] for k, v in deals.items()}
    short["closed_at"] = times("05-01 10:00", "06-01 10:00", "06-02 10:00")
    row = measured(deals=short)["trend.sales-change", ""]
    assert (row.value, row.state) == (None, "unknown")


# --- mix -----------------------------------------------------------------------


def mixed(good: int, bad: int, manager: str, source: str = "") -> list[Any]:
    """Entries of one manager: 60 % won in the good segment, 20 % in the bad one."""
    return [(manager, "good", i % 10 < 6, source or "ads") for i in range(good)] + [
        (manager, "bad", i % 10 < 2, source or "site") for i in range(bad)
    ]


def mix_of(rows: list[Any]) -> Found:
    deals = {
        "deal_id": [str(i) for i in range(len(rows))],
        "manager_id": [r[0] for r in rows],
        "segment": [r[1] for r in rows],
        "status": ["won" if r[2] else "lost" for r in rows],
        "source": [r[3] for r in rows],
        "entered_at": times(*["01-12 10:00"] * len(rows)),
        "closed_at": times(*["01-22 10:00"] * len(rows)),
    }
    company = {"funnels": [{"id": "main", "cycle_days": 30}]}
    return measured(company, deals=deals)


def test_a_gap_that_the_mix_explains_is_nobodys_fault() -> None:
    found = mix_of([*mixed(80, 20, "A"), *mixed(20, 80, "B")])
    assert found["mix.explained-share", "B"].value == pytest.approx(1)
    assert found["mix.explained-share", "A"].value == 0
    # B gets 80 % of entries from the site, the company 50 %
    assert found["lead-mix.weak-share", "B"].value == pytest.approx(0.3)
    assert found["lead-mix.weak-share", "A"].value == pytest.approx(-0.3)


def test_a_gap_on_the_same_mix_remains() -> None:
    own = [("B", s, False, "s") for s in ("good", "bad") for _ in range(50)]
    found = mix_of([*mixed(50, 50, "A", "s"), *own])
    assert found["mix.explained-share", "B"].value == pytest.approx(0)
    assert found["lead-mix.weak-share", "B"].value == 0


# --- thin data -----------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_thin_tables_never_break_a_figure(rows: int) -> None:
    deals = {k: v[:rows] for k, v in DEALS.items()}
    empty: dict[str, Any] = {
        "activities": {"activity_id": ["1"], "type": pa.nulls(1, pa.string())},
        "buying_centre": {"deal_id": ["d1"], "contact_id": ["c"]},
        "deal_items": {"deal_id": ["d1"], "product_id": ["p"]},
        "products": {"product_id": ["p"]},
        "presales_tasks": {"task_id": ["1"], "requested_at": times("06-01 10:00")},
        "absences": {"manager_id": ["A"], "from": [dt.date(2026, 1, 1)]},
        "management_reviews": {"date": [dt.date(2026, 6, 30)]},
        "call_reviews": {"activity_id": ["1"]},
    }
    for row in measured(deals=deals, **empty).values():
        assert row.value is not None or row.reason


def test_a_case_without_any_date_is_unknown_with_a_reason() -> None:
    tables: dict[str, Any] = {
        "deals": {"deal_id": ["1"], "status": ["open"], "stage_id": ["new"]},
        "managers": {"manager_id": ["A"], "hired_at": [dt.date(2026, 1, 1)]},
        "tickets": {"ticket_id": ["1"], "deleted": [True]},
    }
    data = Data(
        {n: pa.table(t) for n, t in tables.items()},
        Company(format=1, name="Acme"),
        None,
    )
    for row in compute(data, METRICS):
        assert row.value is not None or row.reason
