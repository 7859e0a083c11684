"""Zoho CRM: quirks of its exports and dumps that a twin case does not show alone."""

import csv
import json

import pytest
from crm_case import rows_of

from salesdx.crm.importing import plan_import, run_import

LABELS = [
    "Record Id",
    "Deal Owner",
    "Deal Name",
    "Stage",
    "Closing Date",
    "Created Time",
]
ANN = {"name": "Ann", "id": "11"}


def export(folder, name, labels, *rows):
    path = folder.parent / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([labels, *rows])
    return path


def dump(folder, name, *records, key="data"):
    path = folder.parent / name
    path.write_text(json.dumps({key: records}), encoding="utf-8")
    return path


def imported(acme, *files):
    return run_import(plan_import(acme, files))


def row(number, stage, owner="Ann"):
    return [
        f"zcrm_{number}", owner, f"deal {number}", stage, "2026-02-01",
        "2026-01-01 10:00:00",
    ]  # fmt: skip


def deal(number, stage, **more):
    return {
        "id": number, "Deal_Name": f"deal {number}", "Stage": stage, "Owner": ANN,
        "Created_Time": "2026-01-01T10:00:00+03:00", "Closing_Date": "2026-02-01",
        **more,
    }  # fmt: skip


def move(number, stage, at, **more):
    return {
        "Potential_Name": {"id": number, "name": f"deal {number}"}, "Stage": stage,
        "Modified_Time": at, "Moved_To__s": None, **more,
    }  # fmt: skip


def test_a_file_and_a_dump_speak_of_the_same_deals(acme):
    number = "4876876000000333001"
    imported(acme, export(acme, "Deals.csv", LABELS, row(number, "Negotiation")))
    imported(acme, dump(acme, "deals.json", deal(number, "Closed Won")))
    [found] = rows_of(acme)
    assert (found["deal_id"], found["status"]) == (number, "won")


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("Closed Won", "won"), ("Closed-Won", "won"), ("Closed Lost", "lost"),
        ("Closed-Lost to Competition", "lost"), ("Closed Lost to Competition", "lost"),
        ("Negotiation/Review", "open"),
    ],
)  # fmt: skip
def test_stages_of_a_new_account_tell_the_outcome(acme, stage, status):
    imported(acme, export(
        acme, "Deals.csv", LABELS, row("1", stage), row("2", "Closed Won"),
    ))  # fmt: skip
    assert rows_of(acme)[0]["status"] == status


def test_the_closing_date_of_an_open_deal_is_a_forecast(acme):
    imported(acme, export(
        acme, "Deals.csv", LABELS, row("1", "Closed Won"), row("2", "Negotiation"),
    ))  # fmt: skip
    won, still = rows_of(acme)
    assert (won["closed_at"], won["expected_close"]) == ("2026-02-01 00:00:00", "")
    assert (still["closed_at"], still["expected_close"]) == ("", "2026-02-01")


def test_stages_with_names_of_their_own_are_asked_for(acme):
    files = [export(acme, "Deals.csv", LABELS, row("1", "Done"), row("2", "Gone"))]
    asked = plan_import(acme, files).questions
    assert ("deals", "status") in {(q.table, q.column) for q in asked}


def test_pipelines_tell_the_outcome_of_stages_with_names_of_their_own(acme):
    stages = [
        {"actual_value": name, "display_value": name, "forecast_type": kind, "id": name}
        for name, kind in (("Done", "Closed Won"), ("Gone", "Closed Lost"))
    ]
    pipelines = dump(acme, "pipeline.json", {
        "id": "7", "display_value": "Retail", "actual_value": "Retail", "default": True,
        "maps": stages,
    }, key="pipeline")  # fmt: skip
    deals = export(
        acme, "Deals.csv", LABELS, row("1", "Done"), row("2", "Gone"), row("3", "Talk"),
        row("4", "Closed Won"),
    )  # fmt: skip
    imported(acme, deals, pipelines)
    assert [r["status"] for r in rows_of(acme)] == ["won", "lost", "open", "won"]


def test_a_file_without_losses_says_what_to_export(acme):
    files = [export(acme, "Deals.csv", LABELS, row("1", "Closed Won"))]
    told = [a.text.en for a in plan_import(acme, files).advice]
    assert any("settings/pipeline" in t for t in told)


def test_owners_of_one_name_stay_two(acme):
    labels = ["Deal Owner.id", *LABELS]
    imported(acme, export(
        acme, "Deals.csv", labels, ["zcrm_11", *row("1", "Closed Won")],
        ["zcrm_12", *row("2", "Closed Lost")], ["zcrm_13", *row("3", "Talk", "Bob")],
    ))  # fmt: skip
    assert [r["manager_id"] for r in rows_of(acme)] == ["Ann (11)", "Ann (12)", "Bob"]


def test_changes_of_other_fields_are_no_moves(acme):
    report = imported(acme, dump(
        acme, "history.json",
        move("1", "Talk", "2026-01-05T10:00:00+03:00"),
        move("1", "New", "2026-01-01T10:00:00+03:00"),
        move("1", "Talk", "2026-01-03T12:00:00+05:00"),
        move("2", "Talk", "2026-01-04T10:00:00+03:00"),
        move("1", "New", "2026-01-07T10:00:00+03:00"),
    ))  # fmt: skip
    found = [(r["deal_id"], r["stage_id"], r["entered_at"][:13])
             for r in rows_of(acme, "stage_history")]  # fmt: skip
    assert found == [
        ("1", "New", "2026-01-01 10"), ("1", "Talk", "2026-01-03 10"),
        ("2", "Talk", "2026-01-04 10"), ("1", "New", "2026-01-07 10"),
    ]  # fmt: skip
    [told] = report.files
    assert (told.rows_in, told.accepted, told.rejected) == (5, 4, 1)
    assert "no-change-of-stage" in told.rejects_file.read_text(encoding="utf-8")


def test_moves_without_a_deal_do_not_hide_behind_each_other(acme):
    many = [move(str(n), "New", "2026-01-01T10:00:00+03:00") for n in range(20)]
    nobody = {"Potential_Name": None, "Stage": "New", "Moved_To__s": None,
              "Modified_Time": "2026-01-01T10:00:00+03:00"}  # fmt: skip
    report = imported(acme, dump(acme, "history.json", *many, nobody, nobody))
    [told] = report.files
    assert (told.rows_in, told.accepted, told.rejected) == (22, 20, 2)
    assert "no-deal_id" in told.rejects_file.read_text(encoding="utf-8")


def test_a_history_out_of_a_bulk_read_has_the_deal_as_an_id(acme):
    imported(acme, export(
        acme, "DealHistory.csv", ["Id", "Potential_Name", "Stage", "Modified_Time"],
        ["9", "zcrm_1", "New", "2026-01-01T10:00:00+03:00"],
    ))  # fmt: skip
    [found] = rows_of(acme, "stage_history")
    assert (found["deal_id"], found["stage_id"]) == ("1", "New")


def test_a_related_list_without_its_deal_is_never_taken_for_deals(acme):
    bare = [
        {"id": str(n), "Stage": stage, "Modified_Time": "2026-01-01T10:00:00+03:00",
         "Moved_To__s": None, "Amount": 5}
        for n, stage in enumerate(["New", "Talk", "Closed Won"])
    ]  # fmt: skip
    files = [
        dump(acme, "stage_history.json", *bare),
        dump(acme, "deals.json", deal("1", "Closed Won")),
    ]
    plan = plan_import(acme, files)
    assert {t.table for f in plan.mapping.files for t in f.tables} == {"deals"}
    assert [f.file for f in plan.mapping.files if f.tables] == ["deals.json"]
    assert any("Potential_Name" in a.text.en for a in plan.advice)


def test_a_call_lasts_what_its_clock_says_and_a_missed_one_is_unknown(acme):
    imported(acme, dump(acme, "calls.json", *(
        {"id": str(n), "Call_Type": kind, "Call_Duration": clock, "Owner": ANN,
         "Call_Start_Time": "2026-01-01T10:00:00+03:00", "$se_module": about,
         "What_Id": {"id": "77", "name": "x"}}
        for n, (kind, clock, about) in enumerate((
            ("Outbound", "05:10", "Deals"), ("Inbound", "1:00:01", "Accounts"),
            ("Missed", None, "Deals"), ("Scheduled", "long", None),
        ))
    )))  # fmt: skip
    found = [(r["direction"], r["duration_s"], r["deal_id"])
             for r in rows_of(acme, "activities")]  # fmt: skip
    assert found == [("out", "310", "77"), ("in", "3601", ""), ("in", "", "77"),
                     ("", "", "")]  # fmt: skip


def test_planned_calls_are_set_aside(acme):
    report = imported(acme, dump(acme, "calls.json", *(
        {"id": str(n), "Call_Type": "Outbound", "Outbound_Call_Status": state,
         "Call_Start_Time": "2026-01-01T10:00:00+03:00", "Owner": ANN}
        for n, state in enumerate(["Completed", "Scheduled", "Cancelled", None])
    )))  # fmt: skip
    assert [r["activity_id"] for r in rows_of(acme, "activities")] == ["0", "3"]
    assert (report.files[0].rows_in, report.files[0].rejected) == (4, 2)


def test_leads_are_enquiries(acme):
    imported(acme, export(
        acme, "Leads_2026_07_01.csv",
        ["Record Id", "Lead Owner.id", "Lead Owner", "Company", "First Name", "Email",
         "Lead Source", "Lead Status", "Industry", "Created Time"],
        ["zcrm_5", "zcrm_11", "Ann", "Ardent", "John", "j@example.com", "Web", "New",
         "Retail", "2026-01-01 10:00:00"],
    ))  # fmt: skip
    [found] = rows_of(acme, "leads")
    assert (found["lead_id"], found["assigned_to"]) == ("5", "Ann")
    assert (found["source"], found["segment"]) == ("Web", "Retail")
    assert "John" not in (acme / "data" / "leads.csv").read_text(encoding="utf-8")


def test_russian_labels_are_known(acme):
    plan = plan_import(acme, [export(
        acme, "Сделки.csv",
        ["ID записи", "Владелец сделки", "Название сделки", "Стадия", "Сумма",
         "Дата закрытия", "Время создания", "Время изменения", "Источник лида"],
        ["zcrm_1", "Анна", "Окна", "Closed Won", "5", "01.02.2026",
         "13.01.2026 10:00", "01.02.2026 10:00", "Сайт"],
    )])  # fmt: skip
    assert plan.crm == "zoho"
    run_import(plan)
    [found] = rows_of(acme)
    assert (found["deal_id"], found["manager_id"]) == ("1", "Анна")
    assert found["source"] == "Сайт"
