"""Quirks of amoCRM and Kommo that a twin case does not show."""

import json
from pathlib import Path

import pytest
from crm_case import reasons_of, rows_of
from crm_fixture import excel, files_of

from salesdx.crm.importing import plan_import, run_import
from salesdx.errors import DataError

FIXTURES = Path(__file__).parent / "crm_files" / "amocrm"
SUMMARY = [
    ["Этап сделки", "Количество сделок", "Бюджет", "Доля, %"],
    ["Переговоры", "12", "480 000", "60"],
    ["Успешно реализовано", "8", "320 000", "40"],
]


def written(folder, name, text):
    path = folder.parent / name
    path.write_text(text, encoding="utf-8")
    return path


def imported(acme, *files):
    return run_import(plan_import(acme, files))


def test_a_consolidated_report_is_refused_with_the_reason(acme):
    path = excel(SUMMARY, acme.parent / "сводный отчёт")
    with pytest.raises(DataError, match="Conversion cannot be computed") as told:
        plan_import(acme, [path])
    assert "Конверсию по нему не посчитать" in told.value.message.ru
    deals = files_of(FIXTURES / "export-ru")
    plan = plan_import(acme, [path, *deals])
    assert plan.unused == [path.name]
    assert plan.advice[0].file == path.name
    run_import(plan)
    assert len(rows_of(acme)) == 3


def test_a_list_of_deals_is_no_consolidated_report(acme):
    text = "ID,Статус,Количество,Сумма,Доля\n1,Успешно,2,10,5\n2,Отказ,1,20,5\n"
    imported(acme, written(acme, "deals.csv", text))
    assert [r["status"] for r in rows_of(acme)] == ["won", "lost"]


def test_contacts_are_refused_as_personal_data(acme):
    dump = {"_embedded": {"contacts": [{
        "id": 1, "name": "Иван Б.", "first_name": "Иван", "last_name": "Б.",
        "responsible_user_id": 55, "group_id": 0, "account_id": 99,
        "custom_fields_values": None,
    }]}}  # fmt: skip
    path = written(acme, "contacts.json", json.dumps(dump))
    with pytest.raises(DataError, match="personal data"):
        plan_import(acme, [path])


def kommo(*days):
    head = "id,Lead title,Sale,Responsible user,Lead status,Pipeline,Created at\n"
    return head + "".join(
        f"{i},a,10,Ann,Offer made,Main,{day} 10:00:00\n" for i, day in enumerate(days)
    )


def test_kommo_dates_are_decided_over_the_column_or_asked(acme):
    sure = written(acme, "us.csv", kommo("03.04.2026", "03.25.2026"))
    plan = plan_import(acme, [sure])
    assert plan.crm == "amocrm"
    assert not any("3rd of April" in q.text.en for q in plan.questions)
    run_import(plan)
    assert [r["entered_at"][:10] for r in rows_of(acme)] == ["2026-03-04", "2026-03-25"]
    unsure = plan_import(acme, [written(acme, "x.csv", kommo("03.04.2026"))])
    assert any("3rd of April" in q.text.en for q in unsure.questions)


def test_dots_of_the_russian_export_are_day_first_without_a_question(acme):
    text = (
        "ID;Название сделки;Бюджет;Ответственный;Этап сделки;Дата создания сделки\n"
        "1;Стол;10;Анна;Переговоры;03.04.2026 10:00:00\n"
    )
    plan = plan_import(acme, [written(acme, "amo.csv", text)])
    assert not any("3 апреля" in q.text.ru for q in plan.questions)
    run_import(plan)
    assert rows_of(acme)[0]["entered_at"] == "2026-04-03 10:00:00"


def test_the_headers_of_the_older_export(acme):
    text = (
        "id,Название сделки,Бюджет сделки,Ответственный за сделку,"
        "Дата создания (сделка),Кем создана сделка,Тег сделки,Статус сделки,Воронка,"
        "Дата закрытия,Полное имя (контакт)\n"
        "1,Стол,10,Пётр,03.04.2026,Анна,,Закрыто и не реализовано,Опт,05.04.2026,Иван\n"
        "2,Стул,20,Пётр,04.04.2026,Анна,,В работе,Опт,не закрыта,Мария\n"
    )
    report = imported(acme, written(acme, "amo.csv", text))
    assert report.questions == []
    assert [(r["status"], r["manager_id"], r["closed_at"][:10]) for r in rows_of(acme)
            ] == [("lost", "Пётр", "2026-04-05"), ("open", "Пётр", "")]  # fmt: skip
    everything = (acme / "data" / "deals.csv").read_text(encoding="utf-8")
    assert "Иван" not in everything and "не закрыта" not in everything


def test_what_is_set_aside_of_the_dumps_is_told(acme):
    report = imported(acme, *files_of(FIXTURES / "api-activities"))
    by_file = {f.file: (f.rows_in, f.accepted, f.rejected) for f in report.files}
    assert by_file["notes.json"] == (4, 3, 1)
    assert by_file["tasks.json"] == (3, 2, 1)
    assert by_file["statuses.json"] == (4, 3, 1)
    assert reasons_of(acme, "notes") == ["no-contact-with-a-client"]
    assert reasons_of(acme, "tasks") == ["not-held"]
    assert reasons_of(acme, "statuses") == ["incoming-stage"]
    everything = "".join(
        p.read_text(encoding="utf-8") for p in (acme / "data").glob("*.csv")
    )
    assert "7900000000" not in everything


def test_a_change_of_the_responsible_user_is_no_change_of_stage(acme):
    imported(acme, *files_of(FIXTURES / "api"))
    assert reasons_of(acme, "events") == ["another-kind-of-event"] * 2
    assert reasons_of(acme, "pipelines") == ["incoming-stage"]


def test_a_deal_in_the_tray_still_has_the_name_of_its_stage(acme):
    leads, statuses = (
        next(p for p in files_of(FIXTURES / "api-activities") if p.name == name)
        for name in ("leads.json", "statuses.json")
    )
    text = leads.read_text(encoding="utf-8").replace("50002", "50000")
    imported(acme, written(acme, "leads.json", text), statuses)
    assert rows_of(acme)[1]["stage_id"] == "Неразобранное"


def test_advice_says_what_to_dump_besides(acme):
    plan = plan_import(acme, files_of(FIXTURES / "api-activities"))
    told = {a.file: a.text.ru for a in plan.advice}
    assert "with=loss_reason" in told["leads.json"]
    assert "телефония" in told["tasks.json"]


def test_a_deleted_deal_is_set_aside_and_no_budget_is_unknown_not_zero(acme):
    path = next(p for p in files_of(FIXTURES / "api-activities") if "leads" in p.name)
    text = path.read_text(encoding="utf-8").replace("88000", "0")
    text = text.replace('"is_deleted": false', '"is_deleted": true', 1)
    imported(acme, written(acme, "leads.json", text))
    assert [(r["deal_id"], r["amount"]) for r in rows_of(acme)] == [("902", "")]
    assert reasons_of(acme, "leads") == ["deleted-in-the-crm"]
