"""New clients, those who stay, orders, wallets and evenness: countable by hand."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.knowledge.benchmarks import shipped_settings
from salesdx.metrics.clients import base, constancy, regularity, wallet
from salesdx.metrics.data import Data
from salesdx.metrics.products import extras
from salesdx.metrics.registry import compute
from salesdx.metrics.work import touches

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
METRICS = (
    *base.METRICS, *constancy.METRICS, *extras.METRICS, *regularity.METRICS,
    *touches.METRICS, *wallet.METRICS,
)  # fmt: skip
Table = dict[str, list[Any]]


def measured(
    settings: dict[str, float] | None = None, **tables: Table
) -> dict[tuple[str, str], Measurement]:
    data = Data(
        {n: pa.table(t) for n, t in tables.items()}, Company(format=1, name="Acme"),
        AS_OF, {**shipped_settings(), **(settings or {})},
    )  # fmt: skip
    rows = compute(data, METRICS)
    return {(r.metric, "+".join(v for _, v in r.slice) or r.period): r for r in rows}


def on(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(day)


def bought(*rows: tuple[Any, ...], names: str) -> Table:
    """Won deals; `names` of the columns beside status, the id and the entry."""
    table: Table = {n: [r[i] for r in rows] for i, n in enumerate(names.split())}
    days = [on(d) for d in table.pop("day")]
    return table | {
        "deal_id": [f"D{i}" for i in range(len(rows))],
        "status": ["won"] * len(rows), "entered_at": days, "closed_at": days,
    }  # fmt: skip


# two years of records: the last one begins on 1 July 2025
SALES = bought(
    ("A", "2024-07-01", "Anna", "site", 100.0, 60.0, "desk"),
    ("A", "2025-03-01", "Anna", "site", 100.0, 60.0, "desk"),
    ("A", "2025-08-05", "Boris", "phone", 100.0, 60.0, "chair"),
    ("B", "2025-05-01", "Boris", "phone", 300.0, 200.0, "desk"),
    ("C", "2025-08-03", "Boris", "phone", 500.0, None, "desk"),
    ("C", "2025-08-20", "Anna", "site", 50.0, 20.0, "lamp"),
    ("C", "2026-02-20", "Anna", "site", 70.0, 20.0, "lamp"),
    names="client_id day manager_id channel amount cost product",
)


def test_new_clients_are_those_whose_first_purchase_is_in_the_period() -> None:
    found = measured(deals=SALES)
    assert found["clients.new", ""].value == 1
    assert found["clients.new-revenue", ""].value == 620
    # by whom and how the first purchase came, not by who serves the client now
    assert found["clients.new", "Boris"].value == 1
    assert ("clients.new", "Anna") not in found
    assert found["clients.new-revenue", "phone"].value == 620


def test_a_month_shows_what_its_new_clients_paid_in_it() -> None:
    found = measured(deals=SALES)
    assert found["clients.new", "2025-08"].value == 1
    assert found["clients.new-revenue", "2025-08"].value == 550
    assert found["clients.new", "2025-09"].value == 0
    assert ("clients.new", "2025-05") not in found


def test_retention_is_of_the_clients_of_the_period_before() -> None:
    kept = measured(deals=SALES)["clients.retention", ""]
    assert (kept.numerator, kept.denominator) == (1, 2)  # A stayed, B did not


def test_repeat_purchases_count_clients_and_products() -> None:
    found = measured(deals=SALES)
    share = found["repeat.share", ""]
    assert (share.numerator, share.denominator) == (2, 3)
    later = found["repeat.orders-per-client", ""]
    assert (later.numerator, later.denominator) == (4, 3)
    assert found["repeat.share", "desk"].numerator == 1  # A bought two
    assert found["repeat.share", "lamp"].value == 1
    assert found["repeat.share", "chair"].value == 0


def test_lifetime_value_needs_every_cost_of_a_client() -> None:
    found = measured(deals=SALES)
    # A: 3 x 40, B: 100; a cost of C is not known
    assert found["ltv.mean", ""].value == pytest.approx(110)
    assert found["ltv.mean", ""].n == 2
    assert found["ltv.mean", "site"].value == 120


def test_short_records_have_no_period_to_compare_with() -> None:
    deals = bought(("A", "2026-05-01"), ("B", "2026-06-01"), names="client_id day")
    found = measured(deals=deals)
    for metric in ("clients.new", "clients.retention"):
        assert found[metric, ""].state == "unknown"
    assert found["repeat.share", ""].value == 0


def test_managers_with_both_duties_are_counted() -> None:
    rows = [("old", "2024-07-01", "Chief")]
    rows += [("old", f"2026-05-{i + 10}", "Anna") for i in range(8)]
    rows += [(f"n{i}", f"2026-05-{i + 10}", "Anna") for i in range(4)]
    rows += [(f"m{i}", f"2026-05-{i + 10}", "Boris") for i in range(10)]
    rows += [("x", "2026-05-11", "Clara")]
    found = measured(deals=bought(*rows, names="client_id day manager_id"))
    assert found["roles.new-business-share", "Anna"].value == pytest.approx(4 / 12)
    assert found["roles.new-business-share", "Boris"].value == 1
    both = found["roles.dual-duty-share", ""]
    assert (both.numerator, both.denominator) == (1, 2)  # Clara has too few deals


def test_recommendations_are_understood_in_both_languages() -> None:
    sources = ["Рекомендация", "По знакомству", "word of mouth", "Реклама", None]
    deals = bought(
        *[(s, "2026-05-01", "site" if i else "phone") for i, s in enumerate(sources)],
        names="source day channel",
    )
    found = measured(deals=deals)
    share = found["referral.share", ""]
    assert (share.numerator, share.denominator) == (3, 4)
    assert found["referral.share", "site"].numerator == 2


def test_the_same_quantity_every_month_is_a_constant_order() -> None:
    months = ["2026-01-10", "2026-02-10", "2026-03-10", "2026-04-10", "2026-05-10",
              "2026-06-10"]  # fmt: skip
    rows = [("same", d, "Anna", 900.0) for d in months]
    rows += [("swings", d, "Boris", 10.0) for d in (months[0], months[5])]
    rows += [("short", d, "Anna", 10.0) for d in months[:2]]
    deals = bought(*rows, names="client_id day manager_id amount")
    items = {
        "deal_id": [*deals["deal_id"], "D0"],
        "qty": [*[10.0] * 6, 30.0, 30.0, 5.0, 5.0, 99.0],
        "accepted": [*[True] * 10, False],  # what was refused is not in the order
    }
    found = measured(deals=deals, deal_items=items)
    assert found["order.constancy-cv", "same"].value == 0
    # 30, 0, 0, 0, 0, 30: mean 10, deviation 14.14
    assert found["order.constancy-cv", "swings"].value == pytest.approx(
        2**0.5, abs=1e-5
    )
    assert ("order.constancy-cv", "short") not in found
    share = found["order.constant-clients-share", ""]
    assert (share.numerator, share.denominator) == (1, 2)
    assert found["order.constant-clients-share", "Anna"].value == 1


def test_extra_lines_are_offered_and_accepted() -> None:
    deals = bought(*[(m, "2026-05-01") for m in "AABB"], names="manager_id day")
    items = {
        "deal_id": ["D0", "D0", "D1", "D1", "D2", "D3"],
        "origin": ["requested", "upsell", "requested", "cross-sell", "upsell", None],
        "offered": [True, True, True, None, False, True],
        "accepted": [True, True, True, False, False, True],
    }
    found = measured(deals=deals, deal_items=items)
    assert found["attach.offered-share", ""].value == 0.5  # D0, D1
    assert found["attach.accepted-share", ""].value == 0.25  # D0
    assert found["attach.offered-share", "A"].value == 1
    assert found["attach.offered-share", "B"].value == 0


BUYERS = bought(
    *[(f"C{i}", "2026-05-01", 1000.0 if i == 0 else 10.0 + i) for i in range(5)],
    ("gone", "2024-05-01", 1.0), names="client_id day amount",
)  # fmt: skip
WALLET = {
    "client_id": ["C0", "C0", "C1", "C2", "gone"],
    "measured_at": [dt.date(2026, 1, 1), dt.date(2026, 6, 1), dt.date(2026, 6, 1),
                    dt.date(2026, 6, 1), dt.date(2026, 6, 1)],
    "total_demand": [1.0, 2000.0, 4000.0, 100.0, 9000.0],
    "our_share": [99.0, 50.0, 10.0, 10.0, 1.0],
    "residual_stock": [None, 3.0, None, None, 1.0],
}  # fmt: skip


def test_the_wallet_is_that_of_the_clients_of_the_last_year() -> None:
    found = measured(deals=BUYERS, wallet=WALLET)
    known = found["wallet.known-share", ""]
    assert (known.numerator, known.denominator) == (3, 5)
    stock = found["wallet.stock-known-share", ""]
    assert (stock.numerator, stock.denominator) == (1, 5)
    # 1000 of 2000, 400 of 4000, 10 of 100
    share = found["wallet.share", ""]
    assert (share.numerator, share.denominator) == (1410, 6100)
    assert found["wallet.share", "C0"].value == 0.5


def test_shares_may_be_written_as_parts_of_one() -> None:
    parts = WALLET | {"our_share": [v / 100 for v in WALLET["our_share"]]}
    found = measured(deals=BUYERS, wallet=parts)
    assert found["wallet.share", ""].numerator == 1410
    bare = {k: parts[k] for k in ("client_id", "measured_at", "our_share")}
    found = measured(deals=BUYERS, wallet=bare)
    assert found["wallet.share", ""].value == pytest.approx(0.7 / 3)


def test_hidden_potential_is_small_with_us_and_large_elsewhere() -> None:
    found = measured(deals=BUYERS, wallet=WALLET)
    # C1 and the one who left buy much and little of it here; C0 is of class A
    assert found["wallet.hidden-potential-clients", ""].value == 2
    assert found["wallet.hidden-potential", ""].value == 3600 + 8910


def test_evenness_counts_months_without_a_sale() -> None:
    deals = bought(
        *[(f"2026-0{m}-02", 100.0) for m in (1, 2, 4, 5)], names="day amount"
    )
    found = measured(deals=deals)
    assert found["revenue.silent-months", ""].value == 2  # March, June
    # 100 100 0 100 100 0: mean 66.7, deviation 47.1
    assert found["revenue.regularity-cv", ""].value == pytest.approx(0.5**0.5)
    assert found["orders.regularity-cv", ""].value == pytest.approx(0.5**0.5)
    short = bought(("2026-03-05", 1.0), names="day amount")
    assert measured(deals=short)["revenue.silent-months", ""].value is None


def test_advertising_is_compared_with_as_many_months_before() -> None:
    months = [f"2025-{m:02}-03" for m in range(7, 13)] + [
        f"2026-{m:02}-03" for m in range(1, 7)
    ]
    # from April on: three months of 4 requests against three of 2
    leads = [(d, "ads") for d in months for _ in range(4 if d >= "2026-04" else 2)]
    asked = {
        "lead_id": [f"L{i}" for i in range(len(leads))],
        "created_at": [on(d) for d, _ in leads],
        "source": [s for _, s in leads],
    }
    deals = bought(*[(d, 100.0) for d in months], names="day amount")
    costs = {
        "source": ["ads", "ads"],
        "period": [dt.date(2026, 1, 1), dt.date(2026, 4, 1)],
        "cost": [0.0, 5.0],
    }
    found = measured(leads=asked, deals=deals, marketing_costs=costs)
    change = found["ads.lead-change", ""]
    assert (change.numerator, change.denominator, change.value) == (12, 6, 2)
    assert found["ads.lead-change", "ads"].value == 2
    assert found["ads.order-change", ""].value == 1
    assert found["ads.revenue-change", ""].value == 1
    early = costs | {"period": [dt.date(2025, 7, 1)] * 2}
    found = measured(leads=asked, deals=deals, marketing_costs=early)
    assert found["ads.lead-change", ""].value is None


def test_touches_are_contacts_up_to_the_decision() -> None:
    deals = bought(
        ("2026-05-10", "towns"), ("2026-05-10", "towns"), ("2026-05-10", "cities"),
        ("2024-01-01", "cities"), names="day segment",
    )  # fmt: skip
    deals["status"][1] = "lost"
    made = [("D0", "2026-05-01", "call"), ("D0", "2026-05-02", "letter"),
            ("D0", "2026-05-20", "call"), ("D0", "2026-05-03", "invoice"),
            ("D1", "2026-05-04", "meeting")]  # fmt: skip
    activities = {
        "activity_id": [str(i) for i in range(len(made))],
        "deal_id": [d for d, _, _ in made],
        "started_at": [on(d) for _, d, _ in made],
        "type": [t for _, _, t in made],
    }
    found = measured(deals=deals, activities=activities)
    # 2, 1 and 0; the deal of 2024 was closed before contacts were written down
    assert (found["touches.per-deal", ""].value, found["touches.per-deal", ""].n) == (
        1,
        3,
    )
    assert found["touches.per-deal", "towns"].value == 1.5


def test_nothing_is_said_without_clients() -> None:
    deals: Table = {
        "deal_id": ["1"],
        "status": ["lost"],
        "closed_at": [on("2026-06-01")],
    }
    for (metric, _), row in measured(deals=deals).items():
        assert row.value is None, metric
        assert row.reason is not None, metric
