"""The range: regular sales, season, margin, parts of cost, ways of selling."""

import datetime as dt
from typing import Any

import pytest
from metric_tables import day, measured

from salesdx.company import Company
from salesdx.metrics.products import catalogue, products
from salesdx.metrics.products.sales_words import channel_kinds, corporate


def monthly(amounts: list[float], first: int = 2024 * 12) -> dict[str, list[Any]]:
    """One won deal a month of product P, in the middle of it."""
    months = [first + i for i in range(len(amounts))]
    return {
        "deal_id": [str(m) for m in months],
        "status": ["won"] * len(months),
        "product": ["P"] * len(months),
        "closed_at": [dt.datetime(m // 12, m % 12 + 1, 15) for m in months],
        "amount": amounts,
    }


def test_months_with_sales_are_counted_in_the_last_twelve_whole_ones() -> None:
    deals = monthly([100.0] * 30)
    kept = {k: v[:20] + v[28:] for k, v in deals.items()}  # September 2025 on: a gap
    found = measured(products.METRICS, deals=kept)
    # July 2025 … June 2026: sold in July, August, May, June
    assert found["product.months-with-sales", "P"].value == 4
    assert found["product.months-with-sales", ""].value == 4
    assert found["product.months-with-profit", ""].value is None  # no costs
    costed = {**kept, "cost": [90.0] * 21 + [150.0]}
    found = measured(products.METRICS, deals=costed)
    assert found["product.months-with-profit", "P"].value == 3
    short = measured(products.METRICS, deals=monthly([1.0] * 5, 2026 * 12))
    assert short["product.months-with-sales", ""].state == "unknown"


def test_a_season_is_what_returns_every_year() -> None:
    steady = measured(products.METRICS, deals=monthly([100.0] * 30))
    assert steady["product.seasonality", "P"].value == pytest.approx(1)
    # every December sells twice the usual 100: 200 over a mean of 108.3
    december = [200.0 if i % 12 == 11 else 100.0 for i in range(30)]
    found = measured(products.METRICS, deals=monthly(december))
    swing = found["product.seasonality", "P"].value or 0
    assert 1.6 < swing < 2
    short = measured(products.METRICS, deals=monthly([100.0] * 20, 2024 * 12 + 10))
    assert short["product.seasonality", ""].value is None


DEALS: dict[str, list[Any]] = {
    "deal_id": ["1", "2"],
    "status": ["won", "won"],
    "region": ["north", "south"],
    "closed_at": [day("2026-05-01"), day("2026-06-01")],
}
ITEMS: dict[str, list[Any]] = {
    "deal_id": ["1", "1", "2", "2"],
    "product_id": ["P", "Q", "P", "Q"],
    "qty": [2.0, None, 1.0, 5.0],
    "price": [100.0, 50.0, None, 50.0],
    "cost": [60.0, 40.0, None, 40.0],
    "accepted": [True, None, True, False],
}
GOODS: dict[str, list[Any]] = {
    "product_id": ["P", "Q"],
    "price": [100.0, 60.0],
    "cost": [70.0, 30.0],
    "logistics_share": [0.1, 0.3],
    "foreign_components_share": [40.0, 0.0],
    "online": [True, True],
    "offline": [True, False],
}


def test_margin_is_that_of_what_was_sold() -> None:
    found = measured(products.METRICS, deals=DEALS, deal_items=ITEMS, products=GOODS)
    # P: 200 - 120 and, by the catalogue, 100 - 70; Q: 50 - 40, the refused line is out
    assert found["product.margin", "P"].value == pytest.approx(110 / 300)
    assert found["product.margin", ""].value == pytest.approx(120 / 350)
    listed = measured(products.METRICS, products=GOODS)
    assert listed["product.margin", "Q"].value == 0.5
    assert listed["product.margin", "Q"].state == "ok"
    assert listed["product.margin", ""].value == pytest.approx(60 / 160)
    assert measured(products.METRICS)["product.margin", ""].value is None


def test_parts_of_the_price_are_weighted_by_sales() -> None:
    found = measured(catalogue.METRICS, deals=DEALS, deal_items=ITEMS, products=GOODS)
    # sold: P for 300 (10 %), Q for 50 (30 %); in the south only P
    assert found["product.logistics-share", ""].value == pytest.approx(45 / 350)
    assert found["product.logistics-share", "Q"].value == 0.3
    assert found["product.logistics-share", "north"].value == pytest.approx(35 / 250)
    assert found["product.logistics-share", "south"].value == pytest.approx(0.1)
    # 40 and 0 are percent
    assert found["product.foreign-share", "P"].value == 0.4
    listed = measured(catalogue.METRICS, products=GOODS)
    assert listed["product.foreign-share", ""].value == 0.2
    assert listed["product.both-ways-share", ""].value == 0.5


def test_online_sales_are_known_by_their_channel() -> None:
    deals = {
        "deal_id": ["1", "2", "3"], "status": ["won"] * 3,
        "channel": ["Сайт", "Магазин на Лесной", "Интернет-магазин"],
        "amount": [100.0, 300.0, 100.0], "closed_at": [day("2026-06-01")] * 3,
    }  # fmt: skip
    found = measured(catalogue.METRICS, deals=deals)
    assert found["sales.online-share", ""].value == pytest.approx(0.4)
    unclear = {**deals, "channel": ["Сайт", "звонок", "звонок"]}
    found = measured(catalogue.METRICS, deals=unclear)
    assert found["sales.online-share", ""].state == "unknown"
    told = {"channels": {"звонок": "offline"}}
    found = measured(catalogue.METRICS, told, deals=unclear)
    assert found["sales.online-share", ""].value == pytest.approx(0.2)
    bare = {k: v for k, v in deals.items() if k != "amount"}
    found = measured(catalogue.METRICS, deals=bare)
    assert found["sales.online-share", ""].value == pytest.approx(2 / 3)


def test_words_for_channels_and_corporate_clients() -> None:
    acme = Company(format=1, name="Acme")
    kinds = channel_kinds(
        ["e-shop", "Доставка с сайта", "Retail", "Phone", "Website"], acme
    )
    assert kinds == {
        "e-shop": "online", "Доставка с сайта": "delivery", "Retail": "offline",
        "Website": "online",
    }  # fmt: skip
    assert corporate(["Корпоративные", "Розница", "B2B"], acme) == [
        "B2B", "Корпоративные",
    ]  # fmt: skip
