"""Guided mapping: what is guessed, what is asked, what an answer does, what drifts."""

import csv
import io
import json

import numpy as np
import pyarrow as pa
import pytest

from salesdx.cli import importing as _  # noqa: F401 - worded when it is imported
from salesdx.cli import run, wording
from salesdx.crm.answering import answer, by_default
from salesdx.crm.guess import SURE
from salesdx.crm.importing import load_mapping, plan_import, run_import
from salesdx.crm.keeping import kept_mapping, merged
from salesdx.crm.mapping import Mapping
from salesdx.crm.rows import from_columns
from salesdx.crm.samples import Samples
from salesdx.errors import DataError, UsageError

AMOUNTS = ["1 234,50", "2 000,00", "500,00", "17,25"]
DOTS = ["1,234.50", "2,000.00", "500.00", "17.25"]
DAYS = ["2026-02-01", "2026-02-17", "2026-03-05", "2026-03-28"]
RU_DAYS = ["01.02.2026", "17.02.2026", "05.03.2026", "28.03.2026"]
PEOPLE = ["Анна Белова", "Пётр Иванов", "Анна Белова", "Олег Ким"]
FIRMS = ["ООО Ромашка", "ИП Сидоров", "АО Лютик", "ООО Мак"]
WORDS = ["сайт", "выставка", "сайт", "звонок"]
PHONES = ["+7 900 111-22-33", "8 (495) 123-45-67", "+7 900 111-22-34", "89001112235"]
MAILS = ["a@b.ru", "c@d.ru", "e@f.com", "g@h.org"]
OUTCOMES = ["Продано", "Отказ", "Продано", "Отказ"]
YES = ["да", "нет", "да", "нет"]
# header, values -> the column of deals; None: kept or left out, never a column
SURELY = [
    ("Сумма, руб.", AMOUNTS, "amount"),
    ("Сумма (₽)", AMOUNTS, "amount"),
    ("Бюджет ₽", AMOUNTS, "amount"),
    ("Сумма сделки, RUB", AMOUNTS, "amount"),
    ("Стоимость договора (с НДС)", AMOUNTS, "amount"),
    ("Amount (USD)", DOTS, "amount"),
    ("Deal Value [EUR]", DOTS, "amount"),
    ("dealAmount", DOTS, "amount"),
    ("order_total", DOTS, "amount"),
    ("Contract Value", DOTS, "amount"),
    ("Дата создания (МСК)", RU_DAYS, "entered_at"),
    ("Дата обращения", RU_DAYS, "entered_at"),
    ("Дата поступления", RU_DAYS, "entered_at"),
    ("createdAt", DAYS, "entered_at"),
    ("CreatedDate", DAYS, "entered_at"),
    ("created_on", DAYS, "entered_at"),
    ("Date Created", DAYS, "entered_at"),
    ("Создано", RU_DAYS, "entered_at"),
    ("Дата закрытия сделки", RU_DAYS, "closed_at"),
    ("Дата оплаты", RU_DAYS, "closed_at"),
    ("closeDate", DAYS, "closed_at"),
    ("Date closed (UTC)", DAYS, "closed_at"),
    ("Ожидаемая дата закрытия", RU_DAYS, "expected_close"),
    ("Ответственный менеджер", PEOPLE, "manager_id"),
    ("Менеджер по продажам", PEOPLE, "manager_id"),
    ("Sales Rep", PEOPLE, "manager_id"),
    ("accountManager", PEOPLE, "manager_id"),
    ("Deal owner", MAILS, "manager_id"),
    ("Наименование контрагента", FIRMS, "client_id"),
    ("Клиент", FIRMS, "client_id"),
    ("Company name", FIRMS, "client_id"),
    ("CustomerID", ["C1", "C2", "C1", "C3"], "client_id"),
    ("Откуда узнали о нас", WORDS, "source"),
    ("Источник обращения", WORDS, "source"),
    ("lead_source", WORDS, "source"),
    ("utm_source", WORDS, "source"),
    ("Канал привлечения", WORDS, "channel"),
    ("Причина отказа клиента", WORDS, "lost_reason"),
    ("Reason for loss", WORDS, "lost_reason"),
    ("Воронка продаж", WORDS, "funnel_id"),
    ("Pipeline", WORDS, "funnel_id"),
    ("Этап воронки", WORDS, "stage_id"),
    ("Sales Stage", WORDS, "stage_id"),
    ("Себестоимость, руб.", AMOUNTS, "cost"),
    ("Следующий контакт", RU_DAYS, "next_task_at"),
    ("Регион продаж", WORDS, "region"),
    ("Валюта сделки", ["RUB"] * 4, "currency"),
]
# the name says something, yet not enough: proposed and asked
DOUBTFUL = [
    ("Сумма контракта клиента", AMOUNTS, "amount"),
    ("Gross amount", DOTS, "amount"),
    ("Ответственный техник", PEOPLE, "manager_id"),
    ("Контрагент наш", FIRMS, "client_id"),
    ("Причина отказа подробно", WORDS, "lost_reason"),
]
NEVER = [
    ("Сумма", PHONES, "amount"),
    ("Бюджет", MAILS, "amount"),
    ("Сумма, тыс. руб.", AMOUNTS, "amount"),
    ("Выручка, млн", AMOUNTS, "amount"),
    ("Создана", PEOPLE, "entered_at"),
    ("Дата закрытия", WORDS, "closed_at"),
    ("Источник", RU_DAYS, "source"),
    ("Клиент", YES, "client_id"),
    ("Компания", PHONES, "client_id"),
    ("Менеджер", PHONES, "manager_id"),
    ("Валюта сделки", MAILS, "currency"),
]


def records(*columns):
    """Rows of a file from (header, values); the first columns make it deals."""
    base = [("Номер сделки", ["11", "12", "13", "14"]), ("Исход сделки", OUTCOMES)]
    labels, cells = zip(*base, *columns, strict=True)
    return [list(labels), *map(list, zip(*cells, strict=True))]


@pytest.fixture(autouse=True)
def in_english_again():
    yield
    wording.choose(["--lang", "en"], {})


def export(acme, name, text, encoding="utf-8"):
    path = acme.parent / name
    path.write_text(text, encoding=encoding)
    return path


def table(acme, name, rows):
    return export(acme, name, "\n".join(";".join(r) for r in rows) + "\n")


def proposed(acme, *columns):
    return plan_import(acme, [table(acme, "x.csv", records(*columns))])


def found(plan, column):
    return next((c for c in plan.columns if c.column == column), None)


def kinds(plan):
    return [q.kind for q in plan.questions]


def question(plan, kind):
    return next(q for q in plan.questions if q.kind == kind)


@pytest.mark.parametrize(("header", "values", "column"), SURELY)
def test_what_people_call_a_column_is_known(acme, header, values, column):
    plan = proposed(acme, (header, values))
    row = found(plan, column)
    assert row is not None
    assert row.header == header
    assert row.confidence >= SURE
    assert [q for q in plan.questions if q.column == column] == []


@pytest.mark.parametrize(("header", "values", "column"), DOUBTFUL)
def test_a_known_name_within_another_is_asked(acme, header, values, column):
    plan = proposed(acme, (header, values))
    asked = [q for q in plan.questions if q.column == column]
    assert [c.code for q in asked for c in q.choices if c.code] == [header]
    row = found(plan, column)
    assert row is None or row.doubtful


@pytest.mark.parametrize(("header", "values", "column"), NEVER)
def test_values_that_do_not_fit_are_not_taken(acme, header, values, column):
    assert found(proposed(acme, (header, values)), column) is None


@pytest.mark.parametrize("values", [PHONES, MAILS])
def test_personal_data_are_known_by_their_values(acme, values):
    plan = proposed(acme, ("Связь", values))
    assert plan.dropped == {"x.csv": ["Связь"]}
    assert [x.why for x in plan.seen[0].left_out] == ["personal"]


@pytest.mark.parametrize("values", [["7707083893", "7736050003", "500100732259"]])
def test_tax_numbers_are_no_telephones(values):
    cells = pa.chunked_array([pa.array(values)])
    rows = from_columns("x.csv", ["ИНН"], [cells], np.arange(2, 5))
    assert not Samples(rows).is_personal("инн")


def test_words_for_won_and_lost_tell_the_outcome_under_any_header(acme):
    rows = [["Сделка №", "Чем всё кончилось"], ["1", "Продано"], ["2", "Отказ"]]
    rows = [[*r, d] for r, d in zip(rows, ["Дата создания", *RU_DAYS], strict=False)]
    rows[0][0] = "Номер сделки"
    plan = plan_import(acme, [table(acme, "x.csv", rows)])
    assert found(plan, "status").header == "Чем всё кончилось"
    assert plan.questions == []


def test_a_unique_column_is_proposed_as_the_number_of_the_deal_and_asked(acme):
    rows = [
        ["Шифр", "Клиент", "Сумма", "Итог"], ["Q7", "a", "5", "Продано"],
        ["Q8", "b", "6", "Отказ"], ["Q9", "a", "7", "Отказ"],
    ]  # fmt: skip
    plan = plan_import(acme, [table(acme, "x.csv", rows)])
    assert found(plan, "deal_id").header == "Шифр"
    assert [(q.column, q.default) for q in plan.questions] == [("deal_id", ["Шифр"])]


def test_amounts_in_thousands_are_not_taken_and_it_is_said(acme):
    plan = proposed(acme, ("Сумма, тыс. руб.", AMOUNTS))
    assert any("тысячах" in a.text.ru for a in plan.advice)


def test_a_row_of_the_proposal_speaks_the_words_of_people(acme):
    plan = proposed(acme, ("Сумма, руб.", AMOUNTS), ("Создано", RU_DAYS))
    amount, entry = found(plan, "amount"), found(plan, "entered_at")
    assert (amount.title.ru, amount.title.en) == ("сумма", "amount")
    assert amount.samples == ["1 234,50", "2 000,00", "500,00"]
    assert "десятичная запятая" in amount.kind.ru
    assert entry.kind.ru == "даты, сначала день"


def test_the_zone_of_a_header_is_taken_when_it_is_not_the_companys(acme):
    times = [f"{d} 10:00" for d in RU_DAYS]
    plan = proposed(acme, ("Дата создания (UTC)", times))
    assert plan.mapping.files[0].zone == "UTC"
    assert plan.seen[0].zone == "UTC"
    run_import(plan)
    text = (acme / "data" / "deals.csv").read_text(encoding="utf-8")
    assert "2026-02-01 13:00:00" in text
    plan = proposed(acme, ("Дата создания (МСК)", times))
    assert plan.mapping.files[0].zone is None
    assert plan.seen[0].zone == "Europe/Moscow"


NO_OUTCOME = (
    "Номер сделки;Создано;Сумма;Финал\n1;01.02.2026;5;Ок\n2;17.02.2026;6;Мимо\n"
)


def deals(acme):
    with (acme / "data" / "deals.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_outcome_is_asked_then_its_words_and_the_mapping_replays_it(acme):
    path = export(acme, "x.csv", NO_OUTCOME)
    plan = plan_import(acme, [path])
    assert kinds(plan) == ["outcome"]
    assert question(plan, "outcome").default == ["always:open"]
    plan = answer(plan, plan.questions[0], ["Финал"])
    assert kinds(plan) == ["won-words", "lost-words"]
    words = {c.code: c.title.ru for c in plan.questions[0].choices}
    assert words == {"Ок": "Ок (1)", "Мимо": "Мимо (1)"}
    plan = answer(plan, plan.questions[0], ["Ок"])
    plan = answer(plan, plan.questions[0], ["Мимо"])
    assert plan.questions == []
    run_import(plan)
    assert [d["status"] for d in deals(acme)] == ["won", "lost"]
    again = plan_import(acme, [path], mapping=plan.mapping)
    assert again.questions == []
    assert again.mapping == plan.mapping


def test_all_won_is_an_answer_too(acme):
    plan = plan_import(acme, [export(acme, "x.csv", NO_OUTCOME)])
    plan = answer(plan, plan.questions[0], ["always:won"])
    run_import(plan)
    assert {d["status"] for d in deals(acme)} == {"won"}
    assert deals(acme)[0]["closed_at"] == "2026-02-01 00:00:00"


def test_a_status_of_unknown_words_asks_for_the_words_only(acme):
    text = "Номер сделки;Статус\n1;Ура\n2;Увы\n3;Увы\n4;В работе\n"
    plan = plan_import(acme, [export(acme, "x.csv", text)])
    assert kinds(plan) == ["won-words", "lost-words"]
    assert [c.code for c in plan.questions[0].choices] == ["Увы", "Ура"]
    plan = answer(plan, plan.questions[0], ["Ура"])
    plan = answer(plan, plan.questions[0], ["Увы"])
    rule = plan.mapping.files[0].tables[0].status
    assert (rule.won, rule.lost, rule.open) == (["Ура"], ["Увы"], ["В работе"])


def test_only_won_words_asks_which_are_lost(acme):
    text = "Номер сделки;Статус\n1;Продано\n2;Увы\n3;В работе\n"
    plan = plan_import(acme, [export(acme, "x.csv", text)])
    assert [(q.kind, q.default) for q in plan.questions] == [("lost-words", [])]
    assert [c.code for c in plan.questions[0].choices] == ["Увы"]


AMERICAN = "Deal ID,Create Date,Deal Status\n1,03/04/2026,won\n2,05/04/2026,lost\n"


@pytest.mark.parametrize(
    ("order", "day"), [("day-first", "2026-04-03"), ("month-first", "2026-03-04")]
)
def test_the_order_of_dates_is_asked_and_kept(acme, order, day):
    path = export(acme, "x.csv", AMERICAN)
    plan = plan_import(acme, [path])
    assert kinds(plan) == ["dates"]
    assert "4 марта" in plan.questions[0].text.ru
    assert "the 3rd of April or the 4th of March" in plan.questions[0].text.en
    plan = answer(plan, plan.questions[0], [order])
    run_import(plan)
    assert deals(acme)[0]["entered_at"][:10] == day
    again = plan_import(acme, [path], mapping=plan.mapping)
    assert again.questions == []
    assert again.mapping.files[0].dates == order


def test_an_order_that_the_file_proves_beats_the_saved_one_and_is_told(acme):
    plan = plan_import(acme, [export(acme, "x.csv", AMERICAN)])
    saved = answer(plan, plan.questions[0], ["month-first"]).mapping
    path = export(acme, "x.csv", AMERICAN.replace("05/04", "25/04"))
    plan = plan_import(acme, [path], mapping=saved)
    assert plan.mapping.files[0].dates == "day-first"
    assert ["сначала день" in d.text.ru for d in plan.drift] == [True]


def test_what_a_file_proves_holds_for_the_next_short_one(acme):
    first = "Deal ID,Create Date,Deal Status\n1,03/25/2026,won\n2,05/04/2026,lost\n"
    saved = plan_import(acme, [export(acme, "x.csv", first)]).mapping
    plan = plan_import(acme, [export(acme, "x.csv", AMERICAN)], mapping=saved)
    assert plan.questions == []
    run_import(plan)
    assert deals(acme)[0]["entered_at"][:10] == "2026-03-04"


@pytest.mark.parametrize(
    ("chosen", "currency"), [("USD", "USD"), ("RUB", "RUB")]
)  # fmt: skip
def test_a_sign_of_another_currency_is_asked(acme, chosen, currency):
    rows = ("Amount", ["$5", "$6", "$7", "$8"])
    plan = proposed(acme, rows)
    assert kinds(plan) == ["currency"]
    assert plan.questions[0].default == ["USD"]
    plan = answer(plan, plan.questions[0], [chosen])
    run_import(plan)
    assert deals(acme)[0]["currency"] == currency


def test_several_currencies_are_asked(acme):
    columns = ("Сумма", AMOUNTS), ("Валюта", ["руб.", "USD", "руб.", "EUR"])
    plan = proposed(acme, *columns)
    assert kinds(plan) == ["currency"]
    kept = answer(plan, plan.questions[0], ["as-written"])
    run_import(kept)
    assert [d["currency"] for d in deals(acme)] == ["руб.", "USD", "руб.", "EUR"]
    path = acme.parent / "x.csv"
    assert plan_import(acme, [path], mapping=kept.mapping).questions == []
    run_import(answer(plan, plan.questions[0], ["RUB"]))
    assert {d["currency"] for d in deals(acme)} == {"RUB"}


def test_work_at_night_and_mixed_zones_ask_for_the_time_zone(acme):
    rows = "".join(f"{i},2026-02-{i % 27 + 1:02} 02:{i:02}:00,won\n" for i in range(40))
    path = export(acme, "x.csv", "Deal ID,Create Date,Deal Status\n" + rows)
    plan = plan_import(acme, [path])
    assert kinds(plan) == ["zone"]
    with pytest.raises(UsageError, match="Moskow"):
        answer(plan, plan.questions[0], ["Europe/Moskow"])
    moved = answer(plan, plan.questions[0], ["Asia/Vladivostok"])
    assert moved.mapping.files[0].zone == "Asia/Vladivostok"
    same = answer(plan, plan.questions[0], ["Europe/Moscow"])
    assert plan_import(acme, [path], mapping=same.mapping).questions == []
    mixed = (
        "Deal ID,Create Date,Close Date,Deal Status\n"
        "1,2026-02-01T10:00:00Z,2026-02-02 10:00:00,won\n"
    )
    assert kinds(plan_import(acme, [export(acme, "m.csv", mixed)])) == ["zone"]


def test_a_weak_match_may_be_confirmed_replaced_or_left_out(acme):
    plan = proposed(acme, ("Gross amount", DOTS), ("Paid", DOTS))
    asked = question(plan, "column")
    assert [c.code for c in asked.choices] == ["Gross amount", "Paid", ""]
    for chosen, column in (("Gross amount", "Gross amount"), ("Paid", "Paid")):
        after = answer(plan, asked, [chosen])
        row = found(after, "amount")
        assert (row.header, row.doubtful) == (column, False)
    assert found(answer(plan, asked, [""]), "amount") is None


def test_the_entry_date_is_asked_and_the_earliest_is_proposed(acme):
    later = ["2026-05-01", "2026-05-17", "2026-05-05", "2026-05-28"]
    plan = proposed(acme, ("Потом", later), ("Когда", DAYS))
    asked = question(plan, "column")
    assert [c.code for c in asked.choices] == ["Когда", "Потом", ""]
    assert asked.default == ["Когда"]
    assert found(plan, "entered_at").header == "Когда"
    assert found(answer(plan, asked, ["Потом"]), "entered_at").header == "Потом"


def test_a_date_before_the_closing_may_be_the_entry_but_only_if_so_said(acme):
    later = ["2026-05-01", "2026-05-17", "2026-05-05", "2026-05-28"]
    plan = proposed(acme, ("Дата закрытия", later), ("Когда", DAYS))
    assert found(plan, "entered_at") is None
    asked = question(plan, "column")
    assert asked.default == [""]
    assert found(answer(plan, asked, ["Когда"]), "entered_at").header == "Когда"


def test_columns_that_sound_like_an_outcome_are_offered_first(acme):
    text = "Номер сделки;Клиент;Город;Решение\n1;А;a;x\n2;Б;b;y\n3;В;b;z\n"
    plan = plan_import(acme, [export(acme, "x.csv", text)])
    offered = [c.code for c in question(plan, "outcome").choices]
    assert offered[:2] == ["Решение", "Город"]
    assert found(plan, "status").kind.ru == "все открыты"
    assert found(plan, "status").doubtful
    assert any("нет даты" in a.text.ru for a in plan.advice)


UNKNOWN = "Код;Кто;Вид\nA1;Анна;b\nA2;Пётр;b\nA3;Анна;c\n"


def test_an_unknown_file_becomes_the_table_that_a_person_names(acme):
    path = export(acme, "odd.csv", UNKNOWN)
    with pytest.raises(DataError):
        plan_import(acme, [path])
    plan = plan_import(acme, [path], ask=True)
    assert kinds(plan) == ["table"]
    plan = answer(plan, plan.questions[0], ["clients"])
    assert plan.unused == []
    key = question(plan, "column")
    assert (key.column, key.default) == ("client_id", ["Код"])
    assert "" not in [c.code for c in key.choices]
    plan = answer(plan, key, ["Код"])
    report = run_import(by_default(plan))
    assert [(f.table, f.accepted) for f in report.files] == [("clients", 3)]


def test_an_unknown_file_left_out_is_not_asked_again(acme):
    files = [export(acme, "odd.csv", UNKNOWN), export(acme, "x.csv", AMERICAN)]
    plan = plan_import(acme, files, ask=True)
    plan = answer(plan, question(plan, "table"), [""])
    assert plan.unused == ["odd.csv"]
    again = plan_import(acme, files, mapping=plan.mapping)
    assert [q.kind for q in again.questions] == ["dates"]
    assert again.unused == ["odd.csv"]


def test_a_table_needs_what_it_needs(acme):
    plan = plan_import(acme, [export(acme, "odd.csv", UNKNOWN)], ask=True)
    with pytest.raises(UsageError, match="from"):
        answer(plan, plan.questions[0], ["absences"])


@pytest.mark.parametrize("chosen", [["nonsense"], [], ["Финал", "always:won"]])
def test_what_is_no_choice_is_refused(acme, chosen):
    plan = plan_import(acme, [export(acme, "x.csv", NO_OUTCOME)])
    with pytest.raises(UsageError):
        answer(plan, plan.questions[0], chosen)


def test_unanswered_is_what_the_defaults_say(acme):
    plan = plan_import(acme, [export(acme, "x.csv", NO_OUTCOME)])
    settled = by_default(plan)
    assert [q.kind for q in settled.decided] == ["outcome"]
    assert settled.questions == []
    assert answer(plan, plan.questions[0], ["always:open"]).mapping == settled.mapping


EXPORT = (
    "ID;Название сделки;Бюджет;Ответственный;Дата создания сделки;Этап сделки;"
    "Источник;Рабочий телефон\n"
    "1;Стол;100;Анна;01.02.2026;Успешно реализовано;a;+7 900 111-22-33\n"
    "2;Стул;200;Пётр;17.02.2026;Переговоры;b;+7 900 111-22-33\n"
    "3;Шкаф;300;Пётр;18.02.2026;Закрыто и не реализовано;b;+7 900 111-22-33\n"
)


def saved_of(acme, name="deals-2024-08-27.csv", text=EXPORT):
    plan = plan_import(acme, [export(acme, name, text)])
    run_import(plan)
    return plan.mapping


def told(plan):
    return " | ".join(d.text.ru for d in plan.drift)


def test_the_next_export_is_known_under_another_name(acme):
    saved = saved_of(acme)
    path = export(acme, "deals-2024-09-30.csv", EXPORT)
    plan = plan_import(acme, [path], mapping=saved)
    assert plan.seen[0].known_as == "deals-2024-08-27.csv"
    assert plan.mapping.files[0].tables == saved.files[0].tables
    assert (plan.drift, plan.questions) == ([], [])


def test_a_renamed_header_is_found_again_and_told(acme):
    saved = saved_of(acme)
    text = EXPORT.replace("Бюджет", "Бюджет ₽").replace("Ответственный", "Менеджер")
    plan = plan_import(acme, [export(acme, "next.csv", text)], mapping=saved)
    assert "«Бюджет ₽» вместо «Бюджет»: читаем как «сумма»" in told(plan)
    assert "«Менеджер» вместо «Ответственный»" in told(plan)
    assert plan.questions == []
    assert run_import(plan).files[0].accepted == 3


def test_a_header_found_by_its_looks_only_is_asked(acme):
    saved = saved_of(acme)
    text = EXPORT.replace("Бюджет", "Всего денег")
    plan = plan_import(acme, [export(acme, "next.csv", text)], mapping=saved)
    assert [(q.column, q.default) for q in plan.questions] == [
        ("amount", ["Всего денег"])
    ]
    assert found(plan, "amount").doubtful


def test_a_lost_header_is_named_and_done_without(acme):
    saved = saved_of(acme)
    rows = [line.split(";") for line in EXPORT.splitlines()]
    path = table(acme, "next.csv", [r[:6] + r[7:] for r in rows])
    plan = plan_import(acme, [path], mapping=saved)
    assert "«Источник» больше нет" in told(plan)
    assert run_import(plan).files[0].accepted == 3


def test_new_columns_are_named_kept_or_left_out(acme):
    saved = saved_of(acme)
    lines = EXPORT.splitlines()
    more = [
        f"{lines[0]};Акция;Почта",
        *(f"{r};x{i};a{i}@b.ru" for i, r in enumerate(lines[1:])),
    ]
    plan = plan_import(acme, [export(acme, "n.csv", "\n".join(more))], mapping=saved)
    assert "оставим как есть: Акция" in told(plan)
    assert "личными данными, не берём: Почта" in told(plan)
    assert plan.dropped == {"n.csv": ["Рабочий телефон", "Почта"]}
    run_import(plan)
    assert [d["акция"] for d in deals(acme)] == ["x0", "x1", "x2"]


@pytest.mark.parametrize(
    ("lost", "now"), [("ID", "Idd"), ("Этап сделки", "Этап сделок")]
)
def test_a_lost_header_that_is_needed_is_an_error_with_a_hint(acme, lost, now):
    saved = saved_of(acme)
    text = EXPORT.replace("Успешно", "Неведомо").replace("Закрыто", "Ужасно")
    path = export(acme, "deals-2024-08-27.csv", text.replace(lost, now, 1))
    with pytest.raises(DataError, match=rf"'{lost}'.*did you mean '{now.lower()}'"):
        plan_import(acme, [path], mapping=saved)


def test_a_file_of_an_old_name_and_quite_other_columns_is_looked_at_anew(acme):
    saved = saved_of(acme, "export.csv")
    plan = plan_import(acme, [export(acme, "export.csv", AMERICAN)], mapping=saved)
    assert plan.seen[0].known_as is None
    assert kinds(plan) == ["dates"]


def test_new_words_of_the_outcome_are_asked_never_silently_open(acme):
    saved = saved_of(acme)
    text = EXPORT.replace("Переговоры", "Слился")
    plan = plan_import(acme, [export(acme, "n.csv", text)], mapping=saved)
    assert "новое в колонке «Этап сделки»: «Слился»" in told(plan)
    assert kinds(plan) == ["won-words", "lost-words"]
    assert [c.code for c in plan.questions[0].choices] == ["Слился"]
    plan = answer(plan, question(plan, "lost-words"), ["Слился"])
    plan = answer(plan, question(plan, "won-words"), [])
    rule = plan.mapping.files[0].tables[0].status
    assert "Слился" in rule.lost
    assert "Успешно реализовано" in rule.won
    path = acme.parent / "n.csv"
    assert plan_import(acme, [path], mapping=plan.mapping).questions == []


def test_new_words_that_say_themselves_what_they_mean_are_taken_and_told(acme):
    saved = saved_of(acme)
    text = EXPORT.replace("Переговоры", "Отказ клиента")
    plan = plan_import(acme, [export(acme, "n.csv", text)], mapping=saved)
    assert "Отказ клиента" in told(plan)
    assert plan.questions == []
    assert "Отказ клиента" in plan.mapping.files[0].tables[0].status.lost


def test_a_mapping_with_everything_in_it_reads_back(acme, tmp_path):
    files = [{
        "file": "x.csv", "zone": "UTC", "dates": "month-first", "currency": "USD",
        "headers": ["Номер", "«Цена», руб: \"a\""], "tables": [{
            "table": "deals", "columns": {"deal_id": "Номер"},
            "status": {"column": "s", "won": ["y"], "lost": ["n"], "open": ["o"]},
        }],
    }]  # fmt: skip
    mapping = Mapping.model_validate({"files": files})
    path = tmp_path / "map.yaml"
    path.write_text(mapping.to_yaml(), encoding="utf-8")
    assert load_mapping(path) == mapping


def test_merging_keeps_other_files_and_replaces_what_was_reused(acme):
    old = saved_of(acme)
    names = {"user": {"1": "Анна"}}
    old = merged(saved_of(acme, "team.csv", "Сотрудник;Отдел\nАнна;1\n"), old, {})
    old = old.model_copy(update={"names": names})
    plan = plan_import(acme, [export(acme, "next.csv", EXPORT)], mapping=old)
    new = merged(old, plan.mapping, {s.file: s.known_as for s in plan.seen})
    assert [f.file for f in new.files] == ["team.csv", "next.csv"]
    assert new.names == names
    assert new.crm == "amocrm"


class Terminal(io.StringIO):
    """What a person types."""

    def isatty(self):
        return True


@pytest.fixture
def typed(monkeypatch):
    monkeypatch.setenv("SALESDX_LANG", "ru")
    wording.choose(["--lang", "ru"], {})

    def type_(lines, *words):
        monkeypatch.setattr("sys.stdin", Terminal(lines))
        return run(["import", *map(str, words), "--lang", "ru"])

    return type_


def test_a_talk_decides_what_is_imported_and_is_kept(acme, typed, capsys):
    path = export(acme, "x.csv", NO_OUTCOME)
    assert typed("9\nчто?\n1\n2\n1\nд\n", acme, path) == 0
    out, err = capsys.readouterr()
    assert "По какой колонке понять исход?" in err
    assert err.count("Enter — как отмечено *") == 3 + 2  # asked, and twice explained
    assert "принято 2" in out
    assert [d["status"] for d in deals(acme)] == ["won", "lost"]
    assert kept_mapping(acme) is not None
    path.rename(acme.parent / "y-2026-10-01.csv")
    assert typed("д\n", acme, acme.parent / "y-2026-10-01.csv") == 0
    out, err = capsys.readouterr()
    assert "mapping.yaml, как подтвердили раньше" in err
    assert "понять исход" not in err
    assert [d["status"] for d in deals(acme)] == ["won", "lost"]
    assert [f.file for f in kept_mapping(acme).files] == ["y-2026-10-01.csv"]
    assert typed("\nд\n", acme, acme.parent / "y-2026-10-01.csv", "--no-map") == 0
    assert "понять исход" in capsys.readouterr().err


@pytest.mark.parametrize("lines", ["", "выход\n", "1\n", "\nн\n"])
def test_who_stops_writes_nothing(acme, typed, capsys, lines):
    assert typed(lines, acme, export(acme, "x.csv", NO_OUTCOME)) == 0
    assert "Ничего не записано." in capsys.readouterr().err
    assert list((acme / "data").iterdir()) == []
    assert kept_mapping(acme) is None


def test_no_question_no_talk(acme, typed, capsys):
    assert typed("д\n", acme, export(acme, "amo.csv", EXPORT)) == 0
    out, err = capsys.readouterr()
    assert "amoCRM / Kommo: сделки, выгрузка в файл" in out
    assert "не берём, личные данные: Рабочий телефон" in out
    assert err.strip() == "Загрузить так? [д/н]"


def test_an_unknown_file_alone_may_be_named_or_is_an_error(acme, typed, capsys):
    path = export(acme, "odd.csv", UNKNOWN)
    assert typed("3\n\nд\n", acme, path) == 0
    assert "принято 3" in capsys.readouterr().out
    path = export(acme, "odder.csv", UNKNOWN.replace("Код;Кто", "Цвет;Вкус"))
    assert typed("1\n", acme, path) == 3
    assert "--map" in capsys.readouterr().err


def piped(monkeypatch, *words):
    monkeypatch.setenv("SALESDX_LANG", "ru")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    return run(["import", *map(str, words), "--lang", "ru"])


def test_without_anyone_to_ask_the_questions_are_told(acme, monkeypatch, capsys):
    path = export(acme, "x.csv", NO_OUTCOME)
    assert piped(monkeypatch, acme, path) == 2
    out, err = capsys.readouterr()
    assert "Нужно уточнить" in out
    assert "никакая: все ещё открыты" in out
    assert "Вопросов: 1" in err
    assert piped(monkeypatch, acme, path, "--format", "json") == 2
    plan = json.loads(capsys.readouterr().out)["plan"]
    assert plan["questions"][0]["id"] == "x.csv:deals:status:outcome"
    assert plan["mapping"]["files"][0]["file"] == "x.csv"
    assert kept_mapping(acme) is None


def test_yes_says_what_was_decided_by_default(acme, monkeypatch, capsys):
    path = export(acme, "x.csv", NO_OUTCOME)
    assert piped(monkeypatch, acme, path, "--yes") == 0
    assert "Решено по умолчанию" in capsys.readouterr().out
    assert piped(monkeypatch, acme, path, "--yes", "--no-map", "--format", "json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["files"][0]["accepted"] == 2
    assert [q["kind"] for q in report["plan"]["decided"]] == ["outcome"]


def test_a_lone_save_map_saves_in_the_case_and_never_over_an_input(
    acme, monkeypatch, capsys
):
    path = export(acme, "amo.csv", EXPORT)
    assert piped(monkeypatch, acme, "--save-map", path) == 2
    assert path.read_text(encoding="utf-8") == EXPORT
    assert kept_mapping(acme).files[0].file == "amo.csv"
    assert piped(monkeypatch, acme, path, f"--save-map={path}") == 2
    assert path.read_text(encoding="utf-8") == EXPORT
    assert ".yaml" in capsys.readouterr().err
    other = acme.parent / "m.yml"
    assert piped(monkeypatch, acme, path, "--yes", "--save-map", other) == 0
    assert load_mapping(other).files[0].file == "amo.csv"


def test_the_kept_mapping_of_other_files_stays(acme, monkeypatch):
    team = export(acme, "team.csv", "Сотрудник;Отдел\nАнна;1\n")
    assert piped(monkeypatch, acme, export(acme, "amo.csv", EXPORT), "--yes") == 0
    assert piped(monkeypatch, acme, team, "--yes") == 0
    assert [f.file for f in kept_mapping(acme).files] == ["amo.csv", "team.csv"]


def test_a_broken_kept_mapping_is_told_before_anything_is_read(
    acme, monkeypatch, capsys
):
    (acme / "mapping.yaml").write_text("format: 1\nfils: []\n", encoding="utf-8")
    for more in ([], ["--no-map"]):
        path = export(acme, "amo.csv", EXPORT)
        assert piped(monkeypatch, acme, path, "--yes", *more) == 3
        assert "удалите файл" in capsys.readouterr().err
    assert list((acme / "data").iterdir()) == []


def test_the_proposal_says_which_words_mean_won_lost_and_open(acme):
    text = (
        "Номер сделки;Статус;Дата создания\n1;Успешно;01.02.2026\n2;Отказ;02.02.2026\n"
        "3;Звонок;03.02.2026\n4;Звонок;04.02.2026\n5;КП;05.02.2026\n"
    )
    (seen,) = plan_import(acme, [export(acme, "x.csv", text)]).seen
    assert seen.outcomes == {
        "won": ["Успешно"], "lost": ["Отказ"], "open": ["Звонок", "КП"],
    }  # fmt: skip


def test_where_a_flag_closes_deals_other_words_are_not_called_open(acme):
    text = (
        "ID;Стадия сделки;Сделка закрыта;Дата начала\n1;Сделка успешна;да;01.02.2026\n"
        "2;Отвалился;да;01.02.2026\n3;Звонок;нет;01.02.2026\n"
    )
    (seen,) = plan_import(acme, [export(acme, "x.csv", text)]).seen
    assert seen.outcomes == {"won": ["Сделка успешна"]}
