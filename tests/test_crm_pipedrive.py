"""Quirks of Pipedrive that no twin shows: languages, mixed numbers, activities."""

import csv

import openpyxl
from crm_case import beside

from salesdx.crm.importing import plan_import, run_import

HEAD = "Deal - ID,Deal - Title,Deal - Status,Deal - Value,Deal - Deal created,"
DEAL = {
    "id": 1, "title": "a", "owner_id": 11, "org_id": 41, "pipeline_id": 1,
    "stage_id": 142, "value": 5, "currency": "EUR", "add_time": "2026-01-12T09:15:00Z",
    "status": "open", "is_deleted": False, "close_time": None, "won_time": None,
    "lost_time": None, "lost_reason": None,
}  # fmt: skip
CHANGE = {
    "item_id": 1, "user_id": 11, "field_key": "stage_id", "old_value": "1",
    "new_value": "2", "log_time": "2026-01-15 14:30:00", "is_bulk_update_flag": None,
}  # fmt: skip


def imported(acme, **files):
    plan = plan_import(acme, beside(acme, **files))
    assert plan.crm == "pipedrive"
    return run_import(plan)


def column(acme, name, table="deals"):
    with (acme / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def reasons(acme, stem):
    lines = (acme / "data" / "rejects" / f"{stem}.csv").read_text("utf-8-sig")
    return [line.split(",")[1] for line in lines.splitlines()[1:]]


def test_czech_headers_with_a_star_and_another_dash_are_understood(acme):
    text = (
        "Obchod – ID;Obchod – Název*;Obchod – Hodnota;Obchod – Fáze;Obchod – Stav;"
        "Obchod – Vlastník;Organizace – Název*;Obchod – Datum výhry;"
        "Obchod – Datum prohry;Obchod – Důvod prohry\n"
        "1;a;120 000;Jednání;Vyhráno;Eva;Lípa;2026-02-01 10:00:00;;\n"
        "2;b;9 000,50;Nabídka;Prohráno;Jan;Dub;;2026-03-01 10:00:00;cena\n"
        "3;c;;Nabídka;Otevřeno;Jan;Dub;;;\n"
    )
    report = imported(acme, obchody=text)
    assert column(acme, "status") == ["won", "lost", "open"]
    assert column(acme, "amount") == ["120000", "9000.5", ""]
    assert column(acme, "client_id") == ["Lípa", "Dub", "Dub"]
    assert [t[:10] for t in column(acme, "closed_at")] == ["2026-02-01", "2026-03-01",
                                                           ""]  # fmt: skip
    assert [q for q in report.questions if q.column == "status"] == []


def test_russian_headers_are_understood(acme):
    text = (
        "Сделка - ID,Сделка - Название,Сделка - Стоимость,Сделка - Этап,"
        "Сделка - Статус,Сделка - Владелец,Организация,Сделка - Время проигрыша\n"
        '1,a,"1 500,00",Переговоры,Выиграно,Анна,Ромб,\n'
        "2,b,10,Переговоры,Проиграно,Пётр,Ромб,2026-03-01 10:00:00\n"
    )
    imported(acme, deals=text)
    assert column(acme, "status") == ["won", "lost"]
    assert column(acme, "amount") == ["1500", "10"]
    assert column(acme, "manager_id") == ["Анна", "Пётр"]


def test_statuses_of_an_unknown_language_are_asked_for_not_assumed(acme):
    text = HEAD + "Deal - Stage\n1,a,Vunnet,5,2026-01-01,x\n2,b,Tapt,5,2026-01-01,x\n"
    report = imported(acme, deals=text)
    assert "status" in {q.column for q in report.questions}


def test_a_number_that_can_mean_two_things_beside_both_marks_is_not_read(acme):
    rows = [
        f'{i},t,Won,"{value}",2026-01-01 10:00:00,x'
        for i, value in enumerate(
            ["1.234,56", "1,234.56", "1 234,56", "1,234", "1.234", "12 500", "0.5"]
        )
    ]
    report = imported(acme, deals=HEAD + "Deal - Stage\n" + "\n".join(rows) + "\n")
    amounts = ["1234.56", "1234.56", "1234.56", "", "", "12500", "0.5"]
    assert column(acme, "amount") == amounts
    notes = [n for f in report.files for n in f.notes if n.id == "unreadable-values"]
    assert [n.params["count"] for n in notes] == [2]


def test_a_file_without_a_lost_deal_says_so(acme):
    text = HEAD + "Deal - Stage\n1,a,Won,5,2026-01-01,x\n2,b,Open,5,2026-01-01,x\n"
    report = imported(acme, deals=text)
    assert any("not one lost deal" in a.text.en for a in report.advice)
    more = HEAD + "Deal - Stage\n3,a,Lost,5,2026-01-01,x\n"
    report = imported(acme, deals=text, lost=more)
    assert not any("not one lost deal" in a.text.en for a in report.advice)


def test_stage_142_is_no_win_here(acme):
    imported(acme, deals={"success": True, "data": [DEAL]})
    assert column(acme, "status") == ["open"]


def test_a_move_of_a_closed_deal_is_no_closing(acme):
    """The stage stays when a deal is closed, so its last move is older than that."""
    lost = DEAL | {"status": "lost", "stage_id": 2}
    imported(acme, deals={"data": [lost]}, flow={"data": [{"object": "dealChange",
             "data": CHANGE}]})  # fmt: skip
    assert column(acme, "closed_at") == [""]
    assert column(acme, "deal_id", "stage_history") == ["1"]


def test_records_of_a_flow_without_their_envelope_are_read(acme):
    changes = [
        CHANGE,
        CHANGE | {"field_key": "status", "new_value": "won"},
        CHANGE | {"old_value": "2"},
        CHANGE | {"is_bulk_update_flag": "1"},
    ]
    report = imported(acme, changes={"data": changes})
    assert column(acme, "stage_id", "stage_history") == ["2"]
    assert reasons(acme, "changes") == [
        "another-kind-of-event", "no-change-of-stage", "move-of-many-at-once",
    ]  # fmt: skip
    assert [(f.rows_in, f.accepted, f.rejected) for f in report.files] == [(4, 1, 3)]


def test_an_export_of_activities_is_read(acme):
    text = (
        "Activity - Pipedrive System ID,Activity - Subject*,Activity - Type,"
        "Activity - Due date,Activity - Due time,Activity - Duration,Activity - Done,"
        "Activity - Assigned to user,Activity - Deal ID,Organization\n"
        "1,x,Call,2026-01-12,09:30,00:20,Done,Ann,7,Rhomb\n"
        "2,x,Meeting,46034,14:00,01:30,Done,Ann,7,Rhomb\n"
        "3,x,Email,13.01.2026,,00:00,Done,Bob,8,\n"
        "4,x,Task,2026-01-14,,,Done,Bob,8,\n"
        "5,x,Call,2026-12-14,10:00,,To do,Bob,8,\n"
    )
    imported(acme, activities=text)
    assert column(acme, "started_at", "activities") == [
        "2026-01-12 09:30:00", "2026-01-12 14:00:00", "2026-01-13 00:00:00",
    ]  # fmt: skip
    assert column(acme, "duration_s", "activities") == ["1200", "5400", ""]
    assert column(acme, "type", "activities") == ["call", "meeting", "letter"]
    assert column(acme, "deal_id", "activities") == ["7", "7", "8"]
    assert reasons(acme, "activities") == [
        "no-contact-with-a-client", "not-held",
    ]  # fmt: skip


def test_leads_of_the_api_are_leads(acme):
    lead = {
        "id": "adf21080-0e10-11eb", "title": "a", "owner_id": 11, "organization_id": 41,
        "person_id": None, "is_archived": False, "source_name": "Web forms",
        "value": {"amount": 10, "currency": "EUR"}, "label_ids": [], "was_seen": True,
        "add_time": "2026-01-12T09:15:00.000Z",
    }  # fmt: skip
    imported(acme, leads={"data": [lead]})
    assert column(acme, "lead_id", "leads") == ["adf21080-0e10-11eb"]
    assert column(acme, "source", "leads") == ["Web forms"]


def test_dates_of_a_workbook_and_serials_in_texts_read_alike(acme):
    book = openpyxl.Workbook()
    book.active.append(["Deal - ID", "Deal - Title", "Deal - Status", "Deal - Value",
                        "Deal - Deal created", "Deal - Won time"])  # fmt: skip
    book.active.append([1, "a", "Won", 5, 45631, "30.09.2026"])
    book.active.append([2, "b", "Lost", 5, "2026-01-02 10:00:00", None])
    path = acme.parent / "deals.xlsx"
    book.save(path)
    run_import(plan_import(acme, [path]))
    assert column(acme, "entered_at")[0] == "2024-12-05 00:00:00"
    assert column(acme, "closed_at") == ["2026-09-30 00:00:00", ""]


def test_one_answer_after_another_is_one_flow(acme):
    answers = [
        {"success": True, "data": [{"object": "dealChange", "data": CHANGE}],
         "related_objects": {"user": {"11": {"id": 11, "name": "Ann"}}}},
        {"success": True, "data": None,
         "related_objects": {"user": {"12": {"id": 12, "name": "Bob"}}}},
    ]  # fmt: skip
    report = imported(acme, flow=answers)
    assert [(f.rows_in, f.accepted) for f in report.files] == [(1, 1)]
