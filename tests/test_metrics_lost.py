"""Why and where deals are lost, discounts, and what the average rests on."""

from typing import Any

import pytest
from metric_tables import day, measured

from salesdx.metrics.deals import discounts, lost, maturity, prospects
from salesdx.metrics.work import extremes

OWN = {"lost_reasons": {"Дорого": "price", "Разное": "other"}}


def deals_lost(*reasons: str | None) -> dict[str, list[Any]]:
    return {
        "deal_id": [f"D{i}" for i in range(len(reasons))],
        "status": ["lost"] * len(reasons),
        "manager_id": ["A"] * len(reasons),
        "lost_reason": list(reasons),
    }


def test_a_blank_and_other_are_no_reasons() -> None:
    rows = deals_lost("price", "other", "Разное", None, "", "К Ромашке")
    found = measured(lost.METRICS, OWN, deals=rows)
    share = found["lost.reason-known-share", ""]
    assert (share.numerator, share.denominator) == (2, 6)
    assert found["lost.reason-known-share", "A"].state == "insufficient"


def test_reasons_are_counted_among_those_that_have_a_code() -> None:
    rows = deals_lost(*["Дорого"] * 4, *["price"] * 3, *["no_decision"] * 5,
                      "К Ромашке", None)  # fmt: skip
    found = measured(lost.METRICS, OWN, deals=rows)
    assert found["lost.price-share", ""].value == pytest.approx(7 / 12)
    assert found["lost.no-decision-share", ""].value == pytest.approx(5 / 12)
    assert found["lost.price-share", "A"].state == "ok"


def test_reasons_nobody_translated_prove_nothing() -> None:
    rows = deals_lost(*["price"] * 10, *["К Ромашке"] * 11)
    found = measured(lost.METRICS, deals=rows)["lost.price-share", ""]
    assert found.state == "unknown"
    assert found.reason
    assert "lost_reasons" in found.reason.en


def test_few_reasons_are_shown_and_not_judged() -> None:
    found = measured(lost.METRICS, deals=deals_lost(*["price"] * 9))
    assert found["lost.price-share", ""].state == "insufficient"


def test_without_losses_there_is_no_reason() -> None:
    rows = {"deal_id": ["1"], "status": ["won"], "lost_reason": ["price"]}
    found = measured(lost.METRICS, deals=rows)
    assert {m.state for m in found.values()} == {"unknown"}


def won(*given: float | None) -> dict[str, list[Any]]:
    return {
        "deal_id": [f"D{i}" for i in range(len(given))],
        "status": ["won"] * len(given),
        "discount": list(given),
    }


def test_a_discount_is_counted_where_its_absence_is_recorded_too() -> None:
    share = measured(discounts.METRICS, deals=won(0, 5, 10, None))
    found = share["discount.given-share", ""]
    assert (found.numerator, found.denominator) == (2, 3)
    everybody = measured(discounts.METRICS, deals=won(5, 10))
    assert everybody["discount.given-share", ""].value == 1


def test_where_only_discounts_are_written_down_their_share_is_unknown() -> None:
    found = measured(discounts.METRICS, deals=won(5, None, None))
    assert found["discount.given-share", ""].state == "unknown"


FUNNEL = {"funnels": [{"id": "main", "stages": ["call", "offer", "deal"],
                       "main_stage": "offer", "cycle_days": 30}]}  # fmt: skip


def test_losses_at_the_main_stage_or_later_are_late() -> None:
    rows = {
        "deal_id": [f"D{i}" for i in range(14)],
        "status": ["lost"] * 12 + ["won", "lost"],
        "entered_at": [day("2026-01-10")] * 13 + [day("2026-06-20")],
        "stage_id": ["call"] * 3 + ["offer"] * 5 + ["deal"] * 4 + ["deal", "deal"],
        "manager_id": ["A"] * 12 + ["B", "B"],
    }
    found = measured(prospects.METRICS, FUNNEL, deals=rows)
    late = found["lost.late-share", ""]
    assert (late.numerator, late.denominator) == (9, 12)  # the young loss stays out
    assert found["lost.late-share", "A"].value == 0.75
    nameless = {"funnels": [{**FUNNEL["funnels"][0], "main_stage": None}]}
    found = measured(prospects.METRICS, nameless, deals=rows)
    assert found["lost.late-share", ""].state == "unknown"


def test_few_losses_have_no_place() -> None:
    rows = {
        "deal_id": [f"D{i}" for i in range(10)],
        "status": ["lost"] * 9 + ["won"],
        "entered_at": [day("2026-01-10")] * 10,
        "stage_id": ["offer"] * 10,
    }
    found = measured(prospects.METRICS, FUNNEL, deals=rows)
    assert found["lost.late-share", ""].state == "unknown"


def test_the_data_are_measured_in_sales_cycles() -> None:
    rows = {
        "deal_id": ["1", "2"],
        "status": ["open", "open"],
        "entered_at": [day("2026-04-01 12:00"), day("2026-06-01 12:00")],
    }
    found = measured(maturity.METRICS, FUNNEL, deals=rows)
    assert found["period.cycles", ""].value == 3  # 90 days of 30
    found = measured(maturity.METRICS, deals=rows)
    assert found["period.cycles", ""].state == "unknown"


def sellers(**won_of_forty: int) -> dict[str, list[Any]]:
    """Forty mature entries a manager, so many of them won."""
    who = [m for m in won_of_forty for _ in range(40)]
    status = [
        "won" if i < k else "lost" for k in won_of_forty.values() for i in range(40)
    ]
    return {
        "deal_id": [f"D{i}" for i in range(len(who))],
        "manager_id": who,
        "status": status,
        "entered_at": [day("2026-01-10")] * len(who),
    }


def test_a_beginner_pulls_the_average_down() -> None:
    rows = sellers(a=10, b=10, c=10, d=10, new=0)
    hired = {
        "manager_id": ["a", "b", "c", "d", "new"],
        "hired_at": [day("2020-01-01").date()] * 4 + [day("2026-01-01").date()],
    }
    found = measured(extremes.METRICS, FUNNEL, deals=rows, managers=hired)
    # 40 of 200 with the beginner, 40 of 160 without
    assert found["benchmark.extremes-shift", ""].value == pytest.approx(0.2)


def test_a_star_is_left_out_only_where_chance_does_not_explain_it() -> None:
    alike = sellers(**{f"m{i:02}": 10 for i in range(9)}, star=11)
    found = measured(extremes.METRICS, FUNNEL, deals=alike)
    assert found["benchmark.extremes-shift", ""].value == 0
    rows = sellers(**{f"m{i:02}": 10 for i in range(9)}, star=38)
    found = measured(extremes.METRICS, FUNNEL, deals=rows)
    # 128 of 400 with the star, 90 of 360 without
    assert found["benchmark.extremes-shift", ""].value == pytest.approx(0.28)


def test_three_colleagues_make_no_average() -> None:
    found = measured(extremes.METRICS, FUNNEL, deals=sellers(a=10, b=10, c=2))
    assert found["benchmark.extremes-shift", ""].state == "unknown"
