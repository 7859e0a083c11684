"""Quirks of Odoo that no twin shows: hidden losses, grouped exports, partial dumps."""

import csv

import openpyxl
import pytest
from crm_case import beside

from salesdx.case import load_case
from salesdx.crm.importing import plan_import, run_import
from salesdx.errors import DataError

HEAD = "ID,Opportunity,Salesperson,Stage,Expected Revenue,Created on"
LEAD = {
    "id": 1, "name": "a", "type": "opportunity", "active": True, "user_id": [2, "Ann"],
    "stage_id": [142, "Proposal"], "partner_id": False, "expected_revenue": 5.0,
    "create_date": "2026-01-12 08:15:00", "date_closed": False,
    "lost_reason_id": False, "probability": 20.0,
}  # fmt: skip


def imported(acme, **files):
    plan = plan_import(acme, beside(acme, **files))
    assert plan.crm == "odoo"
    return run_import(plan)


def column(acme, name, table="deals"):
    with (acme / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def warned(report):
    return any("NOT ONE LOST DEAL" in a.text.en for a in report.advice)


def test_an_ordinary_export_hides_its_losses_and_that_is_said_loudly(acme):
    text = HEAD + (
        ",Probability\n1,a,Ann,Won,5,2026-01-12 10:00:00,100.0\n"
        "2,b,Ann,New,5,2026-01-13 10:00:00,10.0\n"
    )
    assert warned(imported(acme, active=text))
    assert column(acme, "status") == ["won", "open"]
    notes = {n.id for n in load_case(acme).notes}
    assert "no-lost-deals" in notes
    archived = HEAD + (
        ",Probability,Lost Reason,Active\n"
        "3,c,Ann,New,5,2026-01-14 10:00:00,0.0,Too expensive,\n"
    )
    assert not warned(imported(acme, active=text, archived=archived))
    assert column(acme, "status") == ["won", "open", "lost"]
    assert "no-lost-deals" not in {n.id for n in load_case(acme).notes}


def test_a_low_probability_alone_is_no_loss(acme):
    text = HEAD + (
        ",Probability,Active,Lost Reason\n1,a,Ann,New,5,2026-01-12 10:00:00,0.0,True,\n"
        "2,b,Ann,New,5,2026-01-12 10:00:00,30.0,False,\n"
        "3,c,Ann,New,5,2026-01-12 10:00:00,0.0,False,\n"
    )
    imported(acme, leads=text)
    assert column(acme, "status") == ["open", "open", "lost"]


def test_without_probability_stages_and_the_archive_tell_the_outcome(acme):
    records = [
        LEAD | {"id": 1, "stage_id": [4, "Signed"]},
        LEAD | {"id": 2, "active": False},
        LEAD | {"id": 3},
    ]
    for record in records:
        del record["probability"]
    stage = {"sequence": 1, "fold": False, "team_id": False}
    stages = [
        stage | {"id": 4, "name": "Signed", "is_won": True},
        stage | {"id": 142, "name": "Proposal", "is_won": False},
    ]
    alone = imported(acme, leads=records)
    assert column(acme, "status") == ["open", "lost", "open"]
    assert "status" in {q.column for q in alone.questions}
    both = imported(acme, leads=records, stages=stages)
    assert column(acme, "status") == ["won", "lost", "open"]
    assert "status" not in {q.column for q in both.questions}


def test_stage_142_is_no_win_here(acme):
    imported(acme, leads=[LEAD])
    assert column(acme, "status") == ["open"]
    assert column(acme, "stage_id") == ["Proposal"]


def test_the_newer_field_for_the_outcome_is_used(acme):
    records = [
        LEAD | {"id": 1, "won_status": "won"}, LEAD | {"id": 2, "won_status": "lost"},
        LEAD | {"id": 3, "won_status": "pending"},
    ]  # fmt: skip
    imported(acme, leads=records)
    assert column(acme, "status") == ["won", "lost", "open"]


def test_false_is_nothing_and_never_a_text(acme):
    imported(acme, leads=[LEAD | {"partner_name": False, "source_id": False}])
    text = (acme / "data" / "deals.csv").read_text(encoding="utf-8")
    assert "false" not in text.casefold()


def test_an_answer_with_one_record_is_that_record(acme):
    answer = {"jsonrpc": "2.0", "id": 3, "result": [LEAD]}
    report = imported(acme, leads=answer)
    assert column(acme, "deal_id") == ["1"]
    assert [f.rows_in for f in report.files] == [1]


@pytest.mark.parametrize("first", ["Stage", "ID"])
def test_headings_of_groups_are_no_deals(acme, first):
    names = ["Stage", "ID", "Opportunity", "Salesperson", "Expected Revenue",
             "Created on", "Probability"]  # fmt: skip
    names.sort(key=lambda n: n != first)
    rows = [
        {first: "Won (2)", "Expected Revenue": 30.0, "Probability": 100.0},
        {first: "    Ann (1)", "Expected Revenue": 10.0, "Probability": 100.0},
        {"Stage": "Won", "ID": 1, "Opportunity": "a", "Salesperson": "Ann",
         "Expected Revenue": 10.0, "Created on": "2026-01-01", "Probability": 100.0},
        {first: "    Bob (1)", "Expected Revenue": 20.0, "Probability": 100.0},
        {"Stage": "Won", "ID": 2, "Opportunity": "Chairs (12)", "Salesperson": "Bob",
         "Expected Revenue": 20.0, "Created on": "2026-01-02", "Probability": 100.0},
        {first: "New (1)", "Expected Revenue": 5.0, "Probability": 10.0},
        {"Stage": "New", "ID": 3, "Opportunity": "b", "Salesperson": "Bob",
         "Expected Revenue": 5.0, "Created on": "2026-01-03", "Probability": 10.0},
    ]  # fmt: skip
    book = openpyxl.Workbook()
    for cells in [names, *([r.get(n) for n in names] for r in rows)]:
        book.active.append(cells)
    path = acme.parent / "grouped.xlsx"
    book.save(path)
    report = run_import(plan_import(acme, [path]))
    assert column(acme, "deal_id") == ["1", "2", "3"]
    assert column(acme, "status") == ["won", "won", "open"]
    assert [(f.rows_in, f.accepted, f.rejected) for f in report.files] == [(7, 3, 4)]
    rejects = (acme / "data" / "rejects" / "grouped.csv").read_text("utf-8-sig")
    assert rejects.count("heading-of-a-group") == 4


def test_an_export_without_ids_is_refused_with_what_to_add(acme):
    text = (
        "Opportunity,Salesperson,Sales Team,Stage,Expected Revenue,Created on\n"
        "a,Ann,Direct,New,5,2026-01-01 10:00:00\n"
    )
    with pytest.raises(DataError) as told:
        plan_import(acme, beside(acme, leads=text))
    assert "ID of the deal" in str(told.value)


def test_russian_labels_are_understood(acme):
    text = (
        "ID,Возможность,Тип,Клиент,Продавец,Команда продаж,Этап,Ожидаемый доход,"
        "Вероятность,Создано,Дата закрытия,Причина проигрыша,Активно\n"
        '1,Окна,Возможность,Ромб,Анна,Прямые,Выиграно,"48000,0","100,0",'
        "2026-01-12 09:15:00,2026-02-20 17:40:00,,Да\n"
        '2,Двери,Возможность,Куб,Пётр,Прямые,Новые,"9500,5","0,0",'
        "2026-01-14 11:00:00,2026-02-02 10:05:00,Дорого,\n"
        '3,Заявка,Лид,Куб,,Прямые,Новые,"0,0","5,0",2026-01-15 11:00:00,,,Да\n'
    )
    imported(acme, leads=text)
    assert column(acme, "status") == ["won", "lost"]
    assert column(acme, "lost_reason") == ["", "price"]
    assert column(acme, "lead_id", "leads") == ["3"]


def test_moves_need_their_message_and_keep_to_stages(acme):
    move = {
        "id": 1, "field": [300, "Stage"], "field_desc": "Stage",
        "field_type": "many2one", "old_value_integer": 1, "old_value_char": "New",
        "new_value_integer": 2, "new_value_char": "Proposal", "res_id": 12,
        "date": "2026-01-20 09:00:00", "create_uid": [6, "Ann"],
    }  # fmt: skip
    other = move | {"field": [301, "Salesperson"], "field_desc": "Salesperson"}
    same = move | {"old_value_integer": 2}
    report = imported(acme, moves=[move, other, same])
    assert column(acme, "stage_id", "stage_history") == ["Proposal"]
    assert column(acme, "changed_by", "stage_history") == ["Ann"]
    assert [(f.rows_in, f.accepted, f.rejected) for f in report.files] == [(3, 1, 2)]


def test_sales_orders_are_not_taken_for_leads(acme):
    order = {
        "id": 1, "name": "S001", "partner_id": [7, "Rhomb"], "user_id": [2, "Ann"],
        "team_id": [1, "Direct"], "source_id": False, "medium_id": False,
        "campaign_id": False, "create_date": "2026-01-12 08:15:00", "state": "sale",
    }  # fmt: skip
    plan = plan_import(acme, beside(acme, orders=[order, order | {"id": 2}]))
    assert [f.form for f in plan.mapping.files] == [None]
