"""Who is lost, how many a year, why, and who comes back: countable by hand."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.knowledge.benchmarks import shipped_settings
from salesdx.metrics.clients import acquisition, churn, losing, reasons, returns
from salesdx.metrics.clients.client_words import churn_reason, client_words, code_of
from salesdx.metrics.data import Data
from salesdx.metrics.deals import prospects
from salesdx.metrics.registry import compute

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
COMPANY = Company(format=1, name="Acme", lost_reasons={"Ушли к Ромашке": "price"})
METRICS = (
    *churn.METRICS, *losing.METRICS, *reasons.METRICS, *returns.METRICS,
    *acquisition.METRICS, *prospects.METRICS,
)  # fmt: skip
Found = dict[tuple[str, str], Measurement]


def measured(
    settings: dict[str, float] | None = None, **tables: dict[str, list[Any]]
) -> Found:
    """Figures by (id, value of the slice or period)."""
    data = Data(
        {n: pa.table(t) for n, t in tables.items()}, COMPANY, AS_OF,
        {**shipped_settings(), **(settings or {})},
    )  # fmt: skip
    rows = compute(data, METRICS)
    return {(r.metric, "+".join(v for _, v in r.slice) or r.period): r for r in rows}


def ago(days: int) -> dt.datetime:
    return dt.datetime(2026, 6, 30, 12) - dt.timedelta(days=days)


def won(**clients: list[int]) -> dict[str, list[Any]]:
    """One won deal of 100 (cost 60) a client and number of days ago."""
    bought = [(c, days) for c, all_ in clients.items() for days in all_]
    return {
        "deal_id": [f"D{i}" for i in range(len(bought))],
        "client_id": [c for c, _ in bought],
        "status": ["won"] * len(bought),
        "entered_at": [ago(d + 5) for _, d in bought],
        "closed_at": [ago(d) for _, d in bought],
        "manager_id": ["Anna" if c < "C" else "Boris" for c, _ in bought],
        "amount": [100.0] * len(bought),
        "cost": [60.0] * len(bought),
    }


# A buys every 10 days, B every 100; both were silent for 95 days. C came once.
RHYTHMS = won(A=[95, 105, 115], B=[95, 195, 295], C=[400], D=[1, 30])


def test_silence_is_judged_by_the_rhythm_of_each_client() -> None:
    found = measured(deals=RHYTHMS)
    # A is silent beyond 90 days and three gaps of 10; B may be silent for 300 days
    share = found["churn.inactive-share", ""]
    assert (share.numerator, share.denominator) == (2, 4)  # A and C
    assert found["churn.inactive-clients", ""].value == 2
    assert found["churn.inactive-share", "Anna"].numerator == 1
    assert found["churn.inactive-share", "Boris"].numerator == 1


def test_the_middle_gap_is_between_days_of_purchase() -> None:
    # twice on one day is one day: gaps 10 and 60, middle 35, limit 105 days
    deals = won(A=[100, 160, 170, 170], B=[1, 2])
    assert measured(deals=deals)["churn.inactive-share", ""].numerator == 0
    deals = won(A=[106, 166, 176, 176], B=[1, 2])
    assert measured(deals=deals)["churn.inactive-share", ""].numerator == 1


def test_three_and_six_months_are_definitions_of_their_own() -> None:
    found = measured(deals=won(A=[90], B=[91], C=[180], D=[181]))
    assert found["churn.inactive-3m-share", ""].numerator == 3
    assert found["churn.inactive-6m-share", ""].numerator == 1


def test_silence_says_nothing_where_nobody_buys_twice() -> None:
    found = measured(deals=won(A=[200], B=[300], C=[400]))
    for metric in ("churn.inactive-share", "churn.rate", "churn.profit-lost"):
        assert found[metric, ""].value is None
        reason = found[metric, ""].reason
        assert reason is not None
        assert "повторно" in reason.ru


def test_the_clients_table_knows_later_purchases_and_the_owner() -> None:
    clients = {
        "client_id": ["A", "Z"],
        "owner_manager": ["Vera", "Vera"],
        "last_purchase_at": [ago(3).date(), ago(700).date()],
    }
    found = measured(deals=won(A=[300, 310], B=[1, 20]), clients=clients)
    three = found["churn.inactive-3m-share", ""]
    assert (three.numerator, three.denominator) == (1, 3)  # Z alone; A came back
    assert found["churn.inactive-3m-share", "Vera"].denominator == 2


def asked(**clients: int) -> dict[str, list[Any]]:
    requests = [c for c, n in clients.items() for _ in range(n)]
    return {
        "lead_id": [f"L{i}" for i in range(len(requests))],
        "client_id": requests,
        "created_at": [ago(50 - i) for i in range(len(requests))],
        "assigned_to": ["Boris" if c == "E" else "Anna" for c in requests],
        "source": ["site"] * len(requests),
        "product": ["desk"] * len(requests),
    }


def test_who_asked_more_than_three_times_and_never_bought_is_counted() -> None:
    found = measured(deals=won(A=[10]), leads=asked(A=9, E=4, F=3))
    assert found["churn.inquirers-lost", ""].value == 1
    assert found["churn.inquirers-lost", ""].n == 3
    assert found["churn.inquirers-lost", "Boris"].value == 1
    assert found["churn.inquirers-lost", "Anna"].value == 0
    assert found["churn.inquirers-lost", "desk"].value == 1


def test_deals_that_came_from_no_lead_are_requests_too() -> None:
    deals = won(A=[10])
    open_ = {
        "deal_id": ["X1", "X2"], "client_id": ["E", "E"], "status": ["lost", "open"],
        "entered_at": [ago(9), ago(8)], "closed_at": [ago(2), None],
        "manager_id": ["Boris", "Boris"], "amount": [None, None],
        "cost": [None, None], "lead_id": ["L0", None],
    }  # fmt: skip
    deals |= {"lead_id": ["L9"]}
    together = {k: [*deals[k], *open_[k]] for k in deals}
    found = measured(deals=together, leads=asked(E=3))
    assert found["churn.inquirers-lost", ""].value == 1  # three leads and X2, not X1


LOYALTY = {
    "deals": won(A=[10], B=[20], C=[30], D=[300]),
    "surveys": {
        "client_id": ["A", "A", "B"],
        "date": [ago(90).date(), ago(5).date(), ago(5).date()],
        "nps_score": [2.0, 9.0, 6.0],
    },
    "complaints": {
        "client_id": ["C", "C", "Z"],
        "opened_at": [ago(9), ago(8), ago(7)],
        "manager_id": ["Vera", None, "Vera"],
        "department": ["service", "service", None],
    },
    "leads": asked(E=4),
}


def test_the_company_chooses_what_makes_a_client_lost() -> None:
    # B by the score, C by the conflict, D by silence, E by asking; A answered well
    found = measured(**LOYALTY)["churn.lost-share", ""]
    assert (found.numerator, found.denominator) == (4, 5)
    only_silence = {
        "churn.lost-by-score": 0.0, "churn.lost-by-conflict": 0.0,
        "churn.lost-by-inquiries": 0.0, "churn.lost-after-days": 25.0,
    }  # fmt: skip
    found = measured(only_silence, **LOYALTY)["churn.lost-share", ""]
    assert (found.numerator, found.denominator) == (2, 4)  # C and D


def test_a_client_in_conflict_counts_once_for_each_manager() -> None:
    found = measured(**LOYALTY)
    assert found["churn.conflict-clients", ""].value == 2
    assert found["churn.conflict-clients", "Vera"].value == 2
    # the second complaint of C names nobody: it is with the owner
    assert found["churn.conflict-clients", "Boris"].value == 1
    assert found["churn.conflict-clients", "service"].value == 1
    share = found["churn.conflict-share", ""]
    assert (share.numerator, share.denominator) == (1, 4)  # Z never bought


# a year and a half of records: the year at stake begins 273 days ago
BASE = won(A=[545, 300], B=[540, 290, 280], C=[535, 300, 10], D=[530, 420], E=[5])
LOG = {
    "client_id": ["A", "B", "D"],
    "date": [ago(100).date(), ago(20).date(), ago(400).date()],
    "reason": ["Дорого", "Ушли к Ромашке", "переехали в Омск"],
    "manager_id": ["Anna", "Anna", "Boris"],
    "channel": ["site", "phone", "phone"],
    "region": ["north", "north", "south"],
    "win_back_method": ["личная встреча", "Письмо", None],
    "returned_at": [None, ago(3).date(), None],
}


def test_churn_is_on_the_clients_at_the_opening() -> None:
    found = measured(deals=BASE, churn_log=LOG)
    # D had left before; E came after; A and B are lost out of A, B and C
    rate = found["churn.rate", ""]
    assert (rate.numerator, rate.denominator) == (2, 3)
    assert found["churn.rate", "Anna"].denominator == 2
    assert found["churn.rate", "Boris"].value == 0
    assert found["churn.rate", "site"].value == 1
    assert found["churn.rate", "north"].numerator == 2


def test_churn_by_month_uses_the_clients_at_the_opening_of_the_month() -> None:
    found = measured(deals=BASE, churn_log=LOG)
    # A left on 22 March; D in May 2025; B came back, so B was there all the time
    march = found["churn.rate", "2026-03"]
    assert (march.numerator, march.denominator) == (1, 3)
    # B had bought nothing for 180 days by April
    april = found["churn.rate", "2026-04"]
    assert (april.numerator, april.denominator) == (0, 1)


def test_losses_written_down_are_counted_by_month() -> None:
    found = measured(deals=BASE, churn_log=LOG)
    assert found["churn.refusals", ""].value == 2  # D left before the last period
    assert found["churn.refusals", "2026-03"].value == 1
    assert found["churn.refusals", "2026-04"].value == 0
    assert found["churn.refusals", "2026-06"].value == 1


def test_without_a_log_silence_makes_the_churn() -> None:
    # A bought every ten days, C every ninety; B came back; E is of no opening
    deals = won(A=[545, 300, 290, 280], B=[540, 290, 10], C=[400, 310], E=[5])
    found = measured(deals=deals)
    rate = found["churn.rate", ""]
    assert (rate.numerator, rate.denominator) == (2, 3)
    assert found["churn.profit-lost", ""].value == 240  # 4 and 2 purchases of 40


def test_profit_lost_is_what_the_lost_clients_brought_a_year() -> None:
    found = measured(deals=BASE, churn_log=LOG)
    # A: 80 in 245 days, B: 120 in 260 days: less than a year counts as a year
    lost = found["churn.profit-lost", ""]
    assert lost.value == 200
    assert lost.reason is not None
    assert "new client" in lost.reason.en
    costs = {
        "channel": ["site", "site"], "campaign": ["search", "Реактивация базы"],
        "period": [ago(30).date(), ago(30).date()], "cost": [50.0, 30.0],
    }  # fmt: skip
    found = measured(deals=BASE, churn_log=LOG, marketing_costs=costs)
    # one new client (E) cost 50; two are to be replaced
    assert found["churn.profit-lost", ""].value == 300
    assert found["churn.profit-lost", ""].reason is None
    # 30 was spent on keeping C, who bought before and again
    assert found["cost.acquisition-to-retention", ""].value == pytest.approx(50 / 30)


def test_keeping_costs_are_unknown_until_a_campaign_says_so() -> None:
    costs = {"campaign": ["search"], "period": [ago(30).date()], "cost": [50.0]}
    row = measured(deals=BASE, marketing_costs=costs)[
        "cost.acquisition-to-retention", ""
    ]
    assert row.value is None
    assert row.reason is not None
    assert "keep" in row.reason.en


def test_profit_is_unknown_without_costs() -> None:
    deals = {k: v for k, v in BASE.items() if k != "cost"}
    assert measured(deals=deals, churn_log=LOG)["churn.profit-lost", ""].value is None


def test_reasons_are_shares_of_losses_with_a_reason() -> None:
    found = measured(deals=BASE, churn_log=LOG)
    price = found["churn.reason-price-share", ""]
    assert (price.numerator, price.denominator) == (2, 3)
    assert found["churn.reason-moved-share", ""].numerator == 1
    assert found["churn.reason-price-share", "Anna"].numerator == 2
    assert found["churn.reason-quality-share", "Anna"].value == 0
    assert found["churn.reason-price-share", "2026-03"].value == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Дорого", "price"), ("слишком высокая цена", "price"),
        ("Конфликт с менеджером", "conflict"), ("сменился менеджер", "manager_changed"),
        ("Закрыли бизнес", "business_gone"), ("closed_business", "business_gone"),
        ("moved to another city", "moved"), ("Брак в партии", "quality"),
        ("slow delivery", "service"), ("просто так", "other"),
        ("Ушли к Ромашке", "price"), ("business_gone", "business_gone"),
    ],
)  # fmt: skip
def test_words_of_a_reason_are_understood(words: str, code: str) -> None:
    assert churn_reason(words, COMPANY) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("видеописьмо", "video"), ("Личная встреча", "meeting"), ("phone call", "call"),
        ("Письмо директора", "letter"), ("скидка 10 %", "special_offer"),
        ("новинки каталога", "new_products"), ("чудо", "other"),
    ],
)  # fmt: skip
def test_words_of_a_method_are_understood(words: str, code: str) -> None:
    assert code_of(words, client_words().return_methods) == code


def test_returns_are_counted_by_method_among_those_attempted() -> None:
    found = measured(deals=BASE, churn_log=LOG)
    assert found["return.rate", ""].value == 0.5
    assert found["return.letter-rate", ""].value == 1
    assert found["return.meeting-rate", ""].value == 0
    assert found["return.gift-rate", ""].state == "unknown"


def test_a_purchase_after_the_loss_is_a_return() -> None:
    log = {"client_id": ["A", "C"], "date": [ago(100).date(), ago(100).date()],
           "win_back_method": ["call", "call"]}  # fmt: skip
    found = measured(deals=BASE, churn_log=log)
    assert found["return.call-rate", ""].value == 0.5  # C bought 10 days ago
    assert measured(churn_log=log)["return.rate", ""].state == "unknown"


def test_worth_returning_is_who_bought_often_and_enough() -> None:
    deals = won(A=[545, 300], B=[540, 290], C=[535], D=[10, 20])
    # A pays 400 an order, B 100; the mean of all is below A's
    deals["amount"] = [400.0, 400.0, 100.0, 100.0, 900.0, 100.0, 100.0]
    log = {"client_id": ["A", "B", "C"], "date": [ago(90).date()] * 3}
    found = measured(deals=deals, churn_log=log)
    assert found["winback.priority-clients", ""].value == 1
    assert found["winback.order-size", "A"].value == 400
    assert found["winback.orders-per-year", "A"].value == 2
    blocked = {"client_id": ["A"], "do_not_return": [True]}
    found = measured(deals=deals, churn_log=log, clients=blocked)
    assert found["winback.priority-clients", ""].value == 0
    assert found["winback.order-size", ""].value is None


def test_who_closed_or_moved_away_is_not_to_be_returned() -> None:
    deals = won(A=[545, 300], B=[540, 290], C=[530, 280])
    log = {
        "client_id": ["A", "B", "C", "C"],
        "date": [ago(90).date(), ago(90).date(), ago(200).date(), ago(90).date()],
        "reason": ["Закрыли бизнес", "Дорого", "Дорого", "Переехали в Омск"],
    }
    found = measured(deals=deals, churn_log=log)
    assert found["winback.priority-clients", ""].value == 1
    assert found["winback.order-size", "B"].value == 100
    assert ("winback.order-size", "A") not in found
    assert found["churn.reason-business-gone-share", ""].numerator == 1


def test_a_score_of_six_is_lost_and_seven_is_not() -> None:
    said = {"client_id": ["A", "B"], "date": [ago(5).date()] * 2,
            "nps_score": [6.0, 7.0]}  # fmt: skip
    found = measured(deals=won(A=[10], B=[10]), surveys=said)
    assert found["churn.lost-share", ""].numerator == 1


@pytest.mark.parametrize(("limit", "lost"), [(90.0, 2), (180.0, 1), (181.0, 0)])
def test_the_limit_of_silence_is_the_company_s(limit: float, lost: int) -> None:
    deals = won(A=[90], B=[91], C=[181])
    found = measured({"churn.lost-after-days": limit}, deals=deals)
    assert found["churn.lost-share", ""].numerator == lost


def test_figures_by_client_stop_at_the_largest() -> None:
    deals = won(**{f"C{i:02}": [300, 400] for i in range(30)}, Z=[1, 2, 3])
    log = {
        "client_id": [f"C{i:02}" for i in range(30)],
        "date": [ago(90).date()] * 30,
    }
    found = measured({"clients.listed": 5.0}, deals=deals, churn_log=log)
    shown = [at for metric, at in found if metric == "winback.order-size" and at]
    assert shown == ["C00", "C01", "C02", "C03", "C04"]
    assert found["winback.priority-clients", ""].value == 30


def test_prospects_are_lost_at_the_furthest_stage_they_reached() -> None:
    days = [*range(100, 130)]
    deals = {
        "deal_id": [f"D{i}" for i in days],
        "status": ["won"] * 10 + ["lost"] * 20,
        "entered_at": [ago(d) for d in days],
        "closed_at": [ago(d - 5) for d in days],
        "stage_id": ["offer"] * 10 + ["call"] * 15 + ["offer"] * 5,
        "manager_id": ["Anna"] * 20 + ["Boris"] * 10,
    }
    company = Company.model_validate(
        {"format": 1, "name": "Acme",
         "funnels": [{"id": "main", "stages": ["call", "offer"], "cycle_days": 10}]}
    )  # fmt: skip
    data = Data({"deals": pa.table(deals)}, company, AS_OF)
    rows = compute(data, prospects.METRICS)
    found = {tuple(v for _, v in r.slice): r for r in rows}
    assert (found["call",].numerator, found["call",].denominator) == (15, 30)
    assert (found["offer",].numerator, found["offer",].denominator) == (5, 15)
    assert found["Anna", "call"].numerator == 10
    assert found["Boris", "offer"].value == 1


def test_nothing_is_said_of_clients_nobody_knows() -> None:
    deals = {"deal_id": ["1"], "status": ["won"], "closed_at": [ago(5)]}
    for (metric, _), row in measured(deals=deals).items():
        assert row.value is None, metric
        assert row.reason is not None, metric
