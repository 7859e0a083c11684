"""Tables as people keep them: whatever is not sure is asked, never guessed silently."""

import csv

import pytest

from salesdx.crm.importing import plan_import, run_import
from salesdx.errors import DataError


def export(case, text, name="x.csv"):
    path = case.parent / name
    path.write_text(text, encoding="utf-8")
    return path


def planned(case, text):
    plan = plan_import(case, [export(case, text)])
    columns = {c.column: c.header for c in plan.columns if c.column}
    return plan, {t.table for f in plan.mapping.files for t in f.tables}, columns


def stored(case, table):
    with (case / "data" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


ORDERS = (
    "Номер;Дата;Контрагент;Менеджер;Сумма документа;Состояние\n"
    "0001;02.03.2026 09:07:00;Мак;Ким;1 234,50;Закрыт\n"
    "0002;03.03.2026 09:14:00;Лютик;Ким;2 000,00;Отменен\n"
)
LATER = (
    "Номер;Клиент;Ответственный;Создана;Закрыта;Сумма;Статус\n"
    "1;Мак;Ким;01.06.2026;04.06.2026;1000;Продано\n"
    "2;Лютик;Ким;02.06.2026;;2000;В работе\n"
)


@pytest.mark.parametrize("text", [ORDERS, LATER])
def test_a_number_and_a_sum_are_deals_not_calls(acme, text):
    _, tables, columns = planned(acme, text)
    assert tables == {"deals"}
    assert columns["deal_id"] == "Номер"
    assert columns["amount"].startswith("Сумма")


PAID = (
    "№ сделки;Дата платежа;Плательщик;Сумма платежа\n"
    "1;01.03.2026;Мак;1 234 567,00 ₽\n2;02.03.2026;Лютик;500,00 ₽\n"
)
RECEIPTS = (
    "Дата;Номер;Сумма;Контрагент;Назначение платежа\n"
    "08.01.2026;00БП-1;1 000,00;Мак;Оплата по счету 1\n"
    "11.01.2026;00БП-2;2 000,00;Лютик;Оплата по счету 2\n"
)


@pytest.mark.parametrize("text", [PAID, RECEIPTS])
def test_payments_are_neither_deals_nor_calls(acme, text):
    with pytest.raises(DataError):
        plan_import(acme, [export(acme, text)])


@pytest.mark.parametrize(
    "header",
    ["Value (k$)", "Amount, kUSD", "Amount ($000)", "Сумма, т.р.", "Сумма (тр)"],
)
def test_an_amount_in_thousands_is_never_whole(acme, header):
    text = f"Deal ID;Created;Status;{header}\n1;2026-02-17;Won;5\n2;2026-02-18;Lost;7\n"
    plan, _, columns = planned(acme, text)
    assert "amount" not in columns
    assert [header in a.text.en for a in plan.advice].count(True) == 1


def test_headers_that_a_report_prints_again_are_no_deal(acme):
    head = "Номер сделки;Клиент;Дата создания;Сумма;Статус\n"
    one, two = "1;Мак;01.02.2026;100;Продано\n", "2;Мак;02.02.2026;200;Отказ\n"
    total = "Итого;;;300;\n"
    report = run_import(
        plan_import(acme, [export(acme, head + one + total + head + two)])
    )
    assert [d["deal_id"] for d in stored(acme, "deals")] == ["1", "2"]
    assert report is not None


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("1 500,50 бел. руб.", "BYN"),
        ("1 500,50 белорусских рублей", "BYN"),
        ("1 500,50 тг", "KZT"),
        ("1 500,50 тенге", "KZT"),
        ("1 500,50р", "RUB"),
    ],
)
def test_currencies_as_neighbours_write_them(acme, amount, code):
    text = f"Номер сделки;Дата создания;Сумма;Статус\n1;17.02.2026;{amount};Продано\n"
    plan, _, columns = planned(acme, text)
    assert columns["amount"] == "Сумма"
    run_import(plan)
    (deal,) = stored(acme, "deals")
    assert float(deal["amount"]) == 1500.5
    assert deal.get("currency", "RUB") == code
    asked = [q for q in plan.questions if q.kind == "currency"]
    assert len(asked) == (code != "RUB")


ENGLISH = (
    "Deal ID,Account,Rep,Open date,Expected close,Actual close,Status\n"
    "1,Acme,Bob,14-Jan-26,15-Mar-26,13-Feb-26,Won\n"
    "2,Zeta,Ann,25-Jan-26,16-Mar-26,,Open\n"
)


def test_dates_of_an_english_pipeline(acme):
    plan, _, columns = planned(acme, ENGLISH)
    assert columns["entered_at"] == "Open date"
    assert columns["closed_at"] == "Actual close"
    assert columns["expected_close"] == "Expected close"
    assert columns["manager_id"] == "Rep"
    run_import(plan)
    won, still = stored(acme, "deals")
    assert won["entered_at"][:10] == "2026-01-14"
    assert won["closed_at"][:10] == "2026-02-13"
    assert still["closed_at"] == ""


def test_closed_is_a_date_of_closing(acme):
    text = "Deal ID,Created,Closed,Status\n1,1/16/2026,1/22/2026,Won\n"
    _, _, columns = planned(acme, text)
    assert columns["closed_at"] == "Closed"


def test_likely_words_are_offered_as_the_answer_not_taken_for_sure(acme):
    text = "Номер сделки;Статус\n1;Оплачено\n2;Отменён\n3;Думает\n4;Думает\n"
    plan, _, _ = planned(acme, text)
    assert {q.kind: q.default for q in plan.questions} == {
        "won-words": ["Оплачено"],
        "lost-words": ["Отменён"],
    }
    run_import(plan)
    assert [d["status"] for d in stored(acme, "deals")] == [
        "won",
        "lost",
        "open",
        "open",
    ]


def test_a_likely_word_beside_a_sure_one_is_asked(acme):
    text = "Номер сделки;Статус\n1;Оплачено\n2;Отказ\n3;Думает\n4;Новая\n"
    plan, _, _ = planned(acme, text)
    assert {q.kind: q.default for q in plan.questions} == {"won-words": ["Оплачено"]}


def test_a_likely_word_is_a_step_where_another_is_sure(acme):
    text = "Номер сделки;Этап\n1;Оплачено\n2;Отказ\n3;Сделка успешна\n"
    plan, _, _ = planned(acme, text)
    assert plan.questions == []
    rule = plan.mapping.files[0].tables[0].status
    assert (rule.won, rule.lost) == (["Сделка успешна"], ["Отказ"])


def test_our_own_firm_is_not_the_client(acme):
    text = (
        "Номер;Дата;Организация;Контрагент;Сумма документа;Состояние\n"
        "1;17.02.2026;Мы;Мак;1;Закрыт\n2;18.02.2026;Мы;Лютик;2;Закрыт\n"
    )
    _, _, columns = planned(acme, text)
    assert columns["client_id"] == "Контрагент"


@pytest.mark.parametrize(
    ("header", "values", "column"),
    [
        ("Сумма", ["10к", "по запросу", "от 50000"], "сумма"),
        ("Дата закрытия", ["скоро", "в мае", "?"], "дата закрытия"),
    ],
)
def test_a_column_that_does_not_read_is_named_with_a_sample(
    acme, header, values, column
):
    rows = "".join(f"{n};17.02.2026;{v};Новая\n" for n, v in enumerate(values))
    text = f"Номер сделки;Дата создания;{header};Статус\n{rows}"
    plan, _, _ = planned(acme, text)
    (told,) = (a.text.ru for a in plan.advice)
    assert header in told
    assert values[0] in told
    assert column in told


MONTHS = [
    ("январь 2026", "2026-01-01"),
    ("янв.26", "2026-01-01"),
    ("Февраль 2026 г.", "2026-02-01"),
    ("03.2026", "2026-03-01"),
    ("3/2026", "2026-03-01"),
    ("2026-03", "2026-03-01"),
    ("May 2026", "2026-05-01"),
    ("Jan-26", "2026-01-01"),
    ("01.03.2026", "2026-03-01"),
]


@pytest.mark.parametrize(("month", "day"), MONTHS)
def test_months_of_plans_and_costs(acme, month, day):
    _, tables, _ = planned(acme, f"Месяц;Менеджер;План, руб.\n{month};Ким;500 000\n")
    assert tables == {"plans"}
    run_import(plan_import(acme, [acme.parent / "x.csv"]))
    assert stored(acme, "plans")[0]["period"] == day
    text = (
        f"Месяц;Канал;Расход с НДС;Показы;Клики;Заявки\n{month};ВК;5 000 руб.;9;8;7\n"
    )
    _, tables, columns = planned(acme, text)
    assert tables == {"marketing_costs"}
    assert set(columns) >= {"period", "channel", "cost", "impressions", "clicks"}
    run_import(plan_import(acme, [acme.parent / "x.csv"]))
    assert stored(acme, "marketing_costs")[0]["period"] == day


def test_a_plan_without_a_month_is_not_taken(acme):
    with pytest.raises(DataError):
        planned(acme, "Менеджер;План, руб.\nКим;500 000\n")


@pytest.mark.parametrize(
    ("header", "length", "seconds"),
    [
        ("Длительность", "00:03:15", "195"),
        ("Длительность", "3:15", "195"),
        ("Длительность", "1:02:03", "3723"),
        ("Длительность, сек", "195", "195"),
        ("Duration (hh:mm:ss)", "0:03:15", "195"),
        ("Длительность, мин", "3,5", None),
        ("Duration, minutes", "3.5", None),
    ],
)
def test_lengths_of_calls(acme, header, length, seconds):
    text = f"ID звонка;Дата звонка;Менеджер;{header}\n7;01.06.2026 10:15;Ким;{length}\n"
    plan, tables, columns = planned(acme, text)
    assert tables == {"activities"}
    assert ("duration_s" in columns) == (seconds is not None)
    run_import(plan)
    assert stored(acme, "activities")[0].get("duration_s") == seconds


def test_a_list_of_people(acme):
    text = (
        "ФИО;Должность;Отдел;Дата приема;Оклад, руб.\n"
        "Ким Олег;РОП;Продажи;01.02.2024;60 000\nМак Ия;Менеджер;Продажи;01.03.2024;1\n"
    )
    _, tables, columns = planned(acme, text)
    assert tables == {"managers"}
    assert (columns["manager_id"], columns["hired_at"]) == ("ФИО", "Дата приема")


def test_contacts_of_clients_are_not_our_people(acme):
    text = "ФИО;Должность;Компания;Телефон\nКим Олег;Директор;Мак;+7 900 111-22-33\n"
    with pytest.raises(DataError):
        planned(acme, text + "Мак Ия;Бухгалтер;Лютик;89001112235\n")


@pytest.mark.parametrize(
    "head", ["Дата;Статья;Расход", "Дата;Источник;Клиент;Расходы", "Дата;Клиент;Сумма"]
)
def test_other_costs_are_not_marketing(acme, head):
    cells = ["17.02.2026", "сайт", *["500"] * (head.count(";") - 1)]
    with pytest.raises(DataError):
        planned(acme, f"{head}\n{';'.join(cells)}\n")


LOG = (
    "Дата;Время;Тип звонка;Телефон клиента;Сотрудник;Длительность разговора;Результат\n"
    "01.06.2026;09:03:10;Входящий;79001234567;Ким;3:15;Состоялся\n"
    "01.06.2026;09:03:10;Исходящий;79001234568;Ким;0:00;Пропущен\n"
    "02.06.2026;10:00:00;Входящий;79001234567;Мак;0:30;Состоялся\n"
)
LOG_2 = (
    "Дата и время,Направление,Номер абонента,Виртуальный номер,Сотрудник,Длительность\n"
    "2026-06-01 09:03:10,входящий,+7 (900) 123-45-67,74951234567,Ким,00:03:15\n"
    "2026-06-01 12:03:00,исходящий,+7 (900) 123-45-68,74951234567,Ким,00:00:00\n"
    "2026-06-02 10:00:00,входящий,+7 (900) 123-45-67,74951234567,Мак,00:00:30\n"
)


@pytest.mark.parametrize("text", [LOG, LOG_2])
def test_calls_without_ids_are_told_apart_and_come_once(acme, text):
    plan, tables, _ = planned(acme, text)
    assert tables == {"activities"}
    assert plan.questions == []
    run_import(plan)
    first = stored(acme, "activities")
    assert len(first) == len({c["activity_id"] for c in first}) == 3
    assert [c["direction"] for c in first].count("in") == 2
    assert {c["type"] for c in first} == {"call"}
    assert "2026-06-01 09:03:10" in {c["started_at"] for c in first}
    assert "195" in {c["duration_s"] for c in first}
    assert "900" not in (acme / "data" / "activities.csv").read_text("utf-8")
    later = text.rstrip("\n").split("\n")
    plan, _, _ = planned(acme, "\n".join([later[0], later[2], later[3]]) + "\n")
    run_import(plan)
    assert stored(acme, "activities") == first
    assert "времени" in plan.advice[0].text.ru


def test_requests_of_a_site_without_ids(acme):
    text = (
        "Дата заявки;Имя;Телефон;Источник;Кто обработал;Первый звонок\n"
        "01.06.26 10:00;Ия;+7 900 111-22-33;Авито;Ким;01.06.26 10:04\n"
        "01.06.26 10:00;Олег;+7 900 111-22-34;ВК;Мак;01.06.26 10:08\n"
    )
    plan, tables, _ = planned(acme, text)
    assert tables == {"leads"}
    run_import(plan)
    first, _ = stored(acme, "leads")
    assert first["created_at"] == "2026-06-01 10:00:00"
    assert first["first_attempt_at"] == "2026-06-01 10:04:00"
    assert first["assigned_to"] == "Ким"


def test_calls_of_a_day_alone_are_not_told_apart(acme):
    with pytest.raises(DataError):
        planned(acme, "Дата звонка;Сотрудник;Тип звонка\n01.06.2026;Ким;Входящий\n")


def test_a_name_is_no_number_of_a_deal_where_the_outcome_is_only_likely(acme):
    text = (
        "Дата заявки;Имя;Телефон;Источник;Итог\n"
        "01.06.26 10:00;Ия;+7 900 111-22-33;Авито;Сделка\n"
        "01.06.26 10:00;Олег;+7 900 111-22-34;ВК;Спам\n"
    )
    _, tables, _ = planned(acme, text)
    assert tables == {"leads"}


def test_sales_without_a_number_are_not_a_list_of_clients(acme):
    with pytest.raises(DataError):
        planned(acme, "Клиент;Менеджер;Сумма;Оплата\nМак;Ким;5000 р.;да\n")


def test_minutes_are_left_out_and_that_is_said(acme):
    text = (
        "Дата звонка;Менеджер;Телефон клиента;Тип;Длительность, мин\n"
        "01.06.26 10:11;Ким;89001234567;исх;3,5\n02.06.26 10:12;Мак;89001234568;вх;2\n"
    )
    plan, tables, columns = planned(acme, text)
    assert tables == {"activities"}
    assert columns["direction"] == "Тип"
    assert "duration_s" not in columns
    assert any("Длительность, мин" in a.text.ru for a in plan.advice)


@pytest.mark.parametrize(
    "header",
    [
        "Насколько вероятно, что вы порекомендуете нас? (0-10)",
        "Насколько вероятно, что вы порекомендуете нас друзьям или коллегам?",
        "How likely are you to recommend us?",
    ],
)
def test_the_question_of_nps_is_its_score(acme, header):
    text = f'Отметка времени,"{header}",Компания\n01.05.2026 12:01:00,9,Мак\n'
    _, tables, columns = planned(acme, text)
    assert (tables, columns["nps_score"]) == ({"surveys"}, header)


def test_headers_of_two_rows(acme):
    from openpyxl import Workbook

    book = Workbook()
    rows = [
        ["Сделка", None, None, "Даты", None, "Деньги", None, None],
        ["Номер", "Клиент", "Менеджер", "Создана", "Закрыта", "Бюджет", "Оплачено",
         "Статус"],
        [101, "Мак", "Ким", "01.02.2026", "09.02.2026", 100, 100, "Успешно"],
        [102, "Лютик", "Ким", "17.02.2026", "19.02.2026", 200, 0, "Провал"],
    ]  # fmt: skip
    for row in rows:
        book.active.append(row)
    path = acme.parent / "two.xlsx"
    book.save(path)
    plan = plan_import(acme, [path])
    columns = {c.column: c.header for c in plan.columns if c.column}
    assert columns["deal_id"] == "Номер"
    assert columns["amount"] == "Бюджет"
    assert columns["status"] == "Статус"


TITLED = (
    "Сделки за 2026 год, тыс. руб.;;;\n"
    "Номер сделки;Дата создания;{header};Статус\n"
    "1;17.02.2026;85,2;Продано\n2;18.02.2026;17;Отказ\n"
)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
def test_thousands_said_above_the_table_hold_for_its_sums(acme, kind):
    from openpyxl import Workbook

    rows = [r.split(";") for r in TITLED.format(header="Сумма").splitlines()]
    path = acme.parent / f"x.{kind}"
    if kind == "csv":
        path.write_text(TITLED.format(header="Сумма"), encoding="utf-8")
    elif kind == "xlsx":
        book = Workbook()
        for row in rows:
            book.active.append([c or None for c in row])
        book.save(path)
    else:
        cells = "".join(
            f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows
        )
        path.write_text(f"<html><table>{cells}</table></html>", encoding="utf-8")
    plan = plan_import(acme, [path])
    assert "amount" not in {c.column for c in plan.columns}
    (told,) = (a.text.ru for a in plan.advice)
    assert "тыс. руб." in told
    run_import(plan)
    assert "amount" not in stored(acme, "deals")[0]


def test_a_header_in_roubles_beats_the_title(acme):
    plan, _, columns = planned(acme, TITLED.format(header="Сумма, руб."))
    assert columns["amount"] == "Сумма, руб."
    assert plan.advice == []


@pytest.mark.parametrize(
    "text",
    [
        "Месяц;Менеджер;План, тыс. руб.\n01.2026;Ким;500\n",
        "План на 2026 год, млн руб.;;\nМесяц;Менеджер;План\n01.2026;Ким;5\n",
    ],
)
def test_a_plan_in_thousands_is_not_taken_as_whole(acme, text):
    with pytest.raises(DataError):
        planned(acme, text)


def test_a_list_of_tasks_is_no_list_of_deals(acme):
    text = "Номер;Задача;Ответственный;Срок;Статус\n1;Позвонить;Ким;01.02.2026;"
    with pytest.raises(DataError):
        planned(acme, text + "Выполнена\n2;Встреча;Ким;17.02.2026;Новая\n")


def test_a_payment_date_beside_a_likely_outcome_is_of_a_deal(acme):
    text = "№ сделки;Дата платежа;Сумма;Статус\n1;17.02.2026;500;Оплачено\n"
    _, tables, _ = planned(acme, text + "2;;700;В работе\n")
    assert tables == {"deals"}


def test_points_before_three_digits_of_money_are_never_taken_for_decimals(acme):
    text = "Номер сделки;Дата создания;Сумма;Статус\n1;17.02.2026;1.234;Продано\n"
    plan, _, columns = planned(acme, text + "2;18.02.2026;12.500;Отказ\n")
    assert "amount" not in columns
    assert any("1.234" in a.text.ru for a in plan.advice)
    _, _, columns = planned(acme, text + "2;18.02.2026;1.012.500;Отказ\n")
    assert columns["amount"] == "Сумма"


def test_a_dash_throughout_is_nothing_to_mend(acme):
    text = "Дата;Кампания;Расход (руб.);Конверсии\n17.02.2026;Бренд;1 234,56;-\n"
    plan, tables, _ = planned(acme, text)
    assert (tables, plan.advice) == ({"marketing_costs"}, [])


def test_complaints_and_quotas(acme):
    text = "Клиент;Дата жалобы;Отдел;Дата решения\nМак;17.02.2026;Склад;18.02.2026\n"
    _, tables, columns = planned(acme, text)
    assert tables == {"complaints"}
    assert set(columns) == {"client_id", "opened_at", "department", "resolved_at"}
    _, tables, columns = planned(acme, 'Month,Rep,Quota\nFeb 2026,Bob,"120,000"\n')
    assert (tables, columns["manager_id"]) == ({"plans"}, "Rep")
