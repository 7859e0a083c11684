"""Numbers, dates and words of whole columns."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from salesdx.crm import words
from salesdx.crm.amounts import parse_numbers
from salesdx.crm.outcomes import status_code
from salesdx.crm.times import date_order, parse_times
from salesdx.crm.values import Reading, convert
from salesdx.tables import TABLES, Column

MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1 234,56", "5"], [1234.56, 5]),
        (["1\u00a0234,56 ₽", "(12)", "15 %"], [1234.56, -12, 0.15]),
        (["1\u202f000 руб.", "20 р."], [1000, 20]),
        (["1,234", "2,345"], [1234, 2345]),
        (["1,234", "5,75"], [1.234, 5.75]),
        (["$1,234,567", "$0.50"], [1234567, 0.5]),
        (["1.234,56"], [1234.56]),
        (["1.234", "2.5"], [1.234, 2.5]),
        (["1.234.567", "1.234"], [1234567, 1234]),
        (["1234,5", "1234.5"], [1234.5, 1234.5]),
        (["−5", "+3"], [-5, 3]),
        (["abc", "1e999", "--", "1,2,3", "12 шт"], [None] * 5),
    ],
)
def test_numbers_as_people_and_spreadsheets_write_them(texts, numbers):
    assert parse_numbers(pa.array(texts)).to_pylist() == numbers


def test_an_amount_is_read_beside_each_currency_that_is_known():
    texts = [f"100 {word}" for word in words.codes("currency")]
    assert parse_numbers(pa.array(texts)).to_pylist() == [100] * len(texts)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-31", dt.datetime(2026, 1, 31)),
        ("31.01.2026 10:05", dt.datetime(2026, 1, 31, 10, 5)),
        ("01.02.26", dt.datetime(2026, 2, 1)),
        ("2026-01-31T10:00:00Z", dt.datetime(2026, 1, 31, 13)),
        ("2013-07-01 10:00:00+00:00", dt.datetime(2013, 7, 1, 14)),
        ("2026-01-31 10:00:00.123+05:00", dt.datetime(2026, 1, 31, 8)),
        ("45631", dt.datetime(2024, 12, 5)),
        ("45631.5", dt.datetime(2024, 12, 5, 12)),
        ("1700000000", dt.datetime(2023, 11, 15, 1, 13, 20)),
        ("20 окт 2016", dt.datetime(2016, 10, 20)),
        ("5 мая 2020 г.", dt.datetime(2020, 5, 5)),
        ("Oct 20, 2016", dt.datetime(2016, 10, 20)),
        ("29.02.2024", dt.datetime(2024, 2, 29)),
        ("29.02.2026", None),
        ("2026-13-01", None),
        ("0000-00-00", None),
        ("25:00", None),
        ("soon", None),
    ],
)
def test_dates_become_the_companys_own_clock(text, time):
    assert parse_times(pa.array([text]), "day-first", MOSCOW).to_pylist() == [time]


@pytest.mark.parametrize(
    ("texts", "order", "evident"),
    [
        (["03/04/2026", "31/01/2026"], "day-first", True),
        (["03/04/2026", "01/31/2026"], "month-first", True),
        (["03/04/2026"], "day-first", False),
        (["03/04/2026 1:00 PM"], "month-first", False),
        (["03.04.2026"], "day-first", True),
        (["2026-04-03"], "day-first", True),
    ],
)
def test_the_order_of_day_and_month_is_decided_over_the_column(texts, order, evident):
    found = date_order([pa.array(texts)])
    assert (found.order, found.evident) == (order, evident)


def test_one_date_column_decides_for_the_other():
    columns = [pa.array(["03/04/2026"]), pa.array(["12/31/2026"])]
    assert date_order(columns).order == "month-first"


def one(column, *texts, **reading):
    cells = pa.chunked_array([pa.array(texts, pa.string())])
    numbers = np.arange(2, len(texts) + 2)
    array, bad = convert(column, cells, numbers, Reading(MOSCOW, **reading))
    return array.to_pylist(), bad


def test_yes_and_no_in_both_languages():
    values, bad = one(Column("x", "bool"), "да", "Нет", "TRUE", "0", "maybe")
    assert values == [True, False, True, False, None]
    assert (bad.count, bad.examples) == (1, ((6, "maybe"),))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Won", "won"), ("Сделка успешна", "won"), ("УСПЕШНО РЕАЛИЗОВАНО", "won"),
        ("closedwon", "won"), ("6 - Closed Won (Sales)", "won"), ("C14:WON", "won"),
        ("Закрыто и не реализовано", "lost"), ("Сделка провалена", "lost"),
        ("LOSE", "lost"), ("143", "lost"), ("В работе", "open"), ("Переговоры", None),
    ],
)  # fmt: skip
def test_words_for_the_outcome_of_a_deal(word, status):
    assert status_code(word) == status


def test_lost_reasons_go_through_the_words_of_the_company_first():
    column = TABLES["deals"].column("lost_reason")
    values, bad = one(
        column, "ДОРОГО ", "Нет в наличии", "price", "Сломался лифт",
        lost_reasons={"Дорого": "competitor"},
    )  # fmt: skip
    assert values == ["competitor", "not_available", "price", "Сломался лифт"]
    assert bad is None


def test_an_id_cut_by_a_spreadsheet_is_unreadable_not_wrong():
    values, bad = one(Column("deal_id", "id"), "1234567890123456789", "1,23457E+18")
    assert values == ["1234567890123456789", None]
    assert bad.examples == ((3, "1,23457E+18"),)


def test_signs_for_nothing_are_null_and_not_counted():
    values, bad = one(Column("amount", "money"), "-", "NULL", "н/д?", "n/a")
    assert values == [None] * 4
    assert bad.count == 1


def test_a_slip_of_the_keyboard_is_no_amount():
    values, bad = one(Column("amount", "money"), "1000000", "1e15", "-5")
    assert values == [1_000_000, None, -5]
    assert bad is not None
    assert bad.count == 1


def test_both_marks_in_a_column_leave_a_lone_group_of_three_unread():
    cells = pa.array(["1 234,56", "1,234.56", "1.234", "1,234", "0.125", "1.234.567"])
    assert parse_numbers(cells).to_pylist() == [
        1234.56, 1234.56, None, None, 0.125, 1234567,
    ]  # fmt: skip
