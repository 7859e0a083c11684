"""HubSpot: quirks of its exports and dumps that a twin case does not show alone."""

import csv
import json

import numpy as np
import pyarrow as pa
import pytest
from crm_case import rows_of

from salesdx.crm.importing import plan_import, run_import
from salesdx.crm.rows import from_columns
from salesdx.crm.vendors.hubspot_names import dated_columns, pipelines_of, stage_alone

LABELS = ["Record ID", "Deal Name", "Deal Stage", "Create Date", "Close Date"]


def export(folder, name, labels, *rows):
    path = folder.parent / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([labels, *rows])
    return path


def dump(folder, name, *records):
    path = folder.parent / name
    path.write_text(json.dumps({"results": records}), encoding="utf-8")
    return path


def imported(acme, *files):
    return run_import(plan_import(acme, files))


def deal(number, stage, **more):
    return {
        "id": number,
        "properties": {
            "dealname": f"deal {number}", "dealstage": stage, "pipeline": "default",
            "createdate": "2026-01-01T10:00:00Z", "amount": "5",
            "closedate": "2026-02-01T10:00:00Z",
        },
        **more,
    }  # fmt: skip


def history(*versions):
    told = [{"value": v, "timestamp": t, "sourceType": "CRM_UI"} for v, t in versions]
    return {"propertiesWithHistory": {"dealstage": told}}


def of_labels(*labels, cells=()):
    columns = [pa.chunked_array([pa.array(c)]) for c in zip(*cells, strict=True)]
    columns = columns or [pa.chunked_array([], pa.string())] * len(labels)
    return from_columns("x.csv", labels, columns, np.arange(len(cells)) + 2)


def row(number, stage, *more):
    return [
        number,
        f"deal {number}",
        stage,
        "2026-01-01 10:00",
        "2026-02-01 10:00",
        *more,
    ]


def test_flags_tell_the_outcome_and_names_of_stages_do_not(acme):
    imported(acme, export(
        acme, "deals.csv", [*LABELS, "Is Closed Won", "Is closed lost"],
        row("1", "Won back", "false", "false"), row("2", "Cold", "false", "true"),
        row("3", "Paid", "true", "false"), row("4", "Won", "false", "false"),
    ))  # fmt: skip
    assert [r["status"] for r in rows_of(acme)] == ["open", "lost", "won", "open"]


def test_a_closed_deal_that_is_not_won_is_lost(acme):
    imported(acme, export(
        acme, "deals.csv", [*LABELS, "Is Closed Won", "Is Deal Closed?"],
        row("1", "Paid", "Yes", "Yes"), row("2", "Cold", "No", "Yes"),
        row("3", "Talk", "No", "No"),
    ))  # fmt: skip
    assert [r["status"] for r in rows_of(acme)] == ["won", "lost", "open"]


def test_one_flag_of_two_leaves_losses_to_the_names_of_stages(acme):
    imported(acme, export(
        acme, "deals.csv", [*LABELS, "Is Closed Won"],
        row("1", "Paid", "true"), row("2", "Closed Lost", "false"),
        row("3", "Talk", "false"),
    ))  # fmt: skip
    assert [r["status"] for r in rows_of(acme)] == ["won", "lost", "open"]


def test_an_empty_column_of_flags_says_nothing(acme):
    imported(acme, export(
        acme, "deals.csv", [*LABELS, "Is Closed Won", "Is closed lost"],
        row("1", "Closed Won", "", ""), row("2", "Closed Lost", "", ""),
    ))  # fmt: skip
    assert [r["status"] for r in rows_of(acme)] == ["won", "lost"]


def test_a_file_without_losses_says_what_to_export(acme):
    files = [export(
        acme, "deals.csv", [*LABELS, "Is Closed Won"],
        row("1", "Paid", "true"), row("2", "Talk", "false"),
    )]  # fmt: skip
    told = [a.text for a in plan_import(acme, files).advice]
    assert any("Is closed lost" in t.en and "Is closed lost" in t.ru for t in told)
    assert any("one entry per stage" in t.en for t in told)


def test_without_any_sign_of_the_outcome_it_is_asked(acme):
    files = [export(acme, "deals.csv", LABELS, row("1", "Paid"), row("2", "Talk"))]
    asked = plan_import(acme, files).questions
    assert ("deals", "status") in {(q.table, q.column) for q in asked}


def test_the_close_date_of_an_open_deal_is_a_forecast(acme):
    imported(acme, export(
        acme, "deals.csv", LABELS, row("1", "Closed Won"), row("2", "Talk"),
    ))  # fmt: skip
    won, still = rows_of(acme)
    assert (won["closed_at"], won["expected_close"]) == ("2026-02-01 10:00:00", "")
    assert (still["closed_at"], still["expected_close"]) == ("", "2026-02-01 10:00")


@pytest.mark.parametrize(
    ("older", "newer", "kept"),
    [
        ("2026-01-03 10:00", "2026-01-02 10:00", "2026-01-02 10:00:00"),
        ("2026-01-03 10:00", "", "2026-01-03 10:00:00"),
        ("", "2026-01-02 10:00", "2026-01-02 10:00:00"),
    ],
)
def test_two_columns_of_one_stage_are_one_entry(acme, older, newer, kept):
    labels = [*LABELS, 'Date entered "Talk (Sales)"', "Date entered 'Talk (Sales)'"]
    imported(acme, export(
        acme, "deals.csv", labels, row("1", "Talk (Sales)", older, newer),
        row("2", "Closed Won (Sales)", "", ""),
    ))  # fmt: skip
    [entry] = rows_of(acme, "stage_history")
    assert (entry["stage_id"], entry["entered_at"]) == ("Talk", kept)
    assert [r["stage_id"] for r in rows_of(acme)] == ["Talk", "Closed Won"]


def test_a_stage_of_which_only_the_exit_is_known_is_kept(acme):
    labels = [*LABELS, "Date exited 'Talk (Sales)'"]
    imported(acme, export(
        acme, "deals.csv", labels, row("1", "Closed Won", "2026-01-05 10:00"),
        row("2", "Closed Lost", ""),
    ))  # fmt: skip
    [entry] = rows_of(acme, "stage_history")
    assert entry["left_at"] == "2026-01-05 10:00:00"
    assert entry.get("entered_at", "") == ""


def test_entries_are_read_row_by_row_of_the_file_and_accounted_for(acme):
    labels = [*LABELS, "Date entered 'A (S)'", "Date entered 'B (S)'"]
    report = imported(acme, export(
        acme, "deals.csv", labels,
        row("1", "B (S)", "2026-01-05 10:00", "2026-01-04 10:00"),
        row("2", "Closed Won (S)", "2026-01-06 10:00", "soon"),
        row("", "B (S)", "2026-01-07 10:00", ""),
        *(row(str(n), "Closed Lost (S)", "", "2026-01-01 10:00") for n in range(3, 20)),
    ))  # fmt: skip
    first = [(r["deal_id"], r["stage_id"]) for r in rows_of(acme, "stage_history")][:4]
    assert first == [("1", "B"), ("1", "A"), ("2", "A"), ("2", "B")]
    told = {f.table: f for f in report.files}
    entries = told["stage_history"]
    assert (entries.rows_in, entries.accepted, entries.rejected) == (22, 21, 1)
    assert [n.id for n in entries.notes] == ["rejected-rows", "unreadable-values"]


def test_brackets_of_a_stage_are_not_a_pipeline_where_pipelines_are_known():
    rows = of_labels(
        "Pipeline", "Date entered 'Demo (online)'", cells=[["Sales", "2026-01-01"]]
    )
    assert pipelines_of(rows) == {"Sales"}
    assert stage_alone("Demo (online)", {"Sales"}) == "Demo (online)"


def test_a_pipeline_with_brackets_is_taken_off_whole():
    rows = of_labels(
        "Pipeline", "Date entered 'Demo (online) (EU (new))'",
        "Date entered 'Demo (Old)'", cells=[["EU (new)", "2026-01-01", ""]],
    )  # fmt: skip
    known = pipelines_of(rows)
    labels = [d.stage for d in dated_columns(rows)]
    assert [stage_alone(n, known) for n in labels] == ["Demo (online)", "Demo"]


@pytest.mark.parametrize(
    ("header", "stage"),
    [
        ("hs_v2_date_entered_closedwon", "closedwon"),
        ("hs_date_entered_closedwon", "closedwon"),
        ("properties.hs_v2_date_entered_closedwon", "closedwon"),
        ("properties_hs_v2_date_entered_closedwon", "closedwon"),
        ("hs_v2_date_entered_12345678", "12345678"),
        ("hs_v2_date_entered_abc123_999", "ABC123"),
        ("hs_v2_date_entered_step_2024", "step_2024"),  # an id that ends like a portal
        (
            "hs_v2_date_entered_97b2bcc6_fb34_4b56_8e6e_c349c88ef3d5_1203344556",
            "97b2bcc6-fb34-4b56-8e6e-c349c88ef3d5",
        ),
    ],
)
def test_a_header_gives_the_id_of_its_stage(header, stage):
    cells = [["ABC123", ""], ["step_2024", ""]]
    [found] = dated_columns(of_labels("dealstage", header, cells=cells))
    assert (found.stage, found.entered) == (stage, True)


@pytest.mark.parametrize(
    "header",
    [
        "hs_v2_date_entered_current_stage", "Date entered current stage",
        "hs_v2_latest_time_in_closedwon", 'Cumulative time in "Talk (Sales)"',
    ],
)  # fmt: skip
def test_other_columns_of_time_date_no_stage(header):
    assert dated_columns(of_labels("dealstage", header, cells=[["a", "1"]])) == []


def test_the_whole_history_counts_and_repeated_stages_are_set_aside(acme):
    versions = [
        ("closedlost", "2026-01-09T10:00:00Z"), ("talk", "2026-01-05T10:00:00.500Z"),
        ("closedlost", "2026-01-05T10:00:00Z"), ("talk", "2026-01-03T10:00:00Z"),
        ("talk", "2026-01-02T10:00:00Z"),
    ]  # fmt: skip
    report = imported(acme, dump(
        acme, "deals.json", deal("1", "closedlost", **history(*versions)),
        deal("2", "closedwon"),
    ))  # fmt: skip
    found = [
        (r["stage_id"], r["entered_at"][8:13]) for r in rows_of(acme, "stage_history")
    ]
    assert found == [
        ("talk", "02 13"), ("closedlost", "05 13"), ("talk", "05 13"),
        ("closedlost", "09 13"),
    ]  # fmt: skip
    entries = next(f for f in report.files if f.table == "stage_history")
    assert (entries.rows_in, entries.accepted, entries.rejected) == (5, 4, 1)
    assert "no-change-of-stage" in entries.rejects_file.read_text(encoding="utf-8")


def test_deals_without_a_history_give_their_columns(acme):
    other = deal("2", "closedwon")
    other["properties"]["hs_v2_date_entered_closedwon"] = "2026-01-08T10:00:00Z"
    told = history(("talk", "2026-01-02T10:00:00Z"))
    imported(acme, dump(acme, "deals.json", deal("1", "talk", **told), other))
    found = [(r["deal_id"], r["stage_id"]) for r in rows_of(acme, "stage_history")]
    assert found == [("1", "talk"), ("2", "closedwon")]


def test_pipelines_tell_the_outcome_of_stages_that_no_word_knows(acme):
    pipelines = dump(acme, "pipelines.json", {
        "id": "7", "label": "Partners", "displayOrder": 1, "stages": [
            {"id": "701", "label": "Rolled out", "displayOrder": 0,
             "metadata": {"isClosed": "true", "probability": "1.0"}},
            {"id": "702", "label": "Cold", "displayOrder": 1,
             "metadata": {"isClosed": "true", "probability": "0.0"}},
        ],
    })  # fmt: skip
    deals = dump(
        acme, "deals.json", deal("1", "closedwon"), deal("2", "701"), deal("3", "702"),
        deal("4", "703"),
    )  # fmt: skip
    imported(acme, deals, pipelines)
    assert [(r["stage_id"], r["status"]) for r in rows_of(acme)] == [
        ("closedwon", "won"), ("Rolled out", "won"), ("Cold", "lost"), ("703", "open"),
    ]  # fmt: skip


def test_a_pipeline_beats_the_words_of_its_stages(acme):
    pipelines = dump(acme, "pipelines.json", {
        "id": "7", "label": "Sales", "displayOrder": 1, "stages": [
            {"id": "closedwon", "label": "Handed over", "displayOrder": 0,
             "metadata": {"isClosed": "false", "probability": "0.9"}},
            {"id": "701", "label": "Paid", "displayOrder": 1,
             "metadata": {"isClosed": "true", "probability": "1.0"}},
        ],
    })  # fmt: skip
    deals = dump(acme, "deals.json", deal("1", "closedwon"), deal("2", "closedlost"))
    plan = plan_import(acme, [deals, pipelines])
    run_import(plan)
    assert [r["status"] for r in rows_of(acme)] == ["open", "lost"]
    rule = plan.mapping.of("deals.json").tables[0].status
    assert (rule.won, rule.lost) == (["701", "Paid"], ["closedlost"])


def test_the_amount_in_the_currency_of_the_company_counts(acme):
    labels = [*LABELS, "Amount", "Amount in company currency", "Currency"]
    imported(acme, export(
        acme, "deals.csv", labels, row("1", "Closed Won", "10", "920", "EUR"),
        row("2", "Closed Lost", "500", "500", "RUB"),
    ))  # fmt: skip
    assert [r["amount"] for r in rows_of(acme)] == ["920", "500"]
    assert "currency" not in rows_of(acme)[0]


def test_an_empty_column_of_home_amounts_does_not_hide_the_amounts(acme):
    labels = [*LABELS, "Amount", "Amount in company currency", "Currency"]
    imported(acme, export(
        acme, "deals.csv", labels, row("1", "Closed Won", "10", "", "RUB"),
        row("2", "Closed Lost", "500", "", "RUB"),
    ))  # fmt: skip
    assert [(r["amount"], r["currency"]) for r in rows_of(acme)] == [
        ("10", "RUB"), ("500", "RUB"),
    ]  # fmt: skip


def test_calls_last_milliseconds_and_a_strange_duration_is_only_unreadable(acme):
    report = imported(acme, dump(acme, "calls.json", *(
        {"id": str(n), "properties": {
            "hs_timestamp": "2026-01-02T10:00:00Z", "hs_call_duration": lasted,
            "hs_call_direction": "OUTBOUND", "hubspot_owner_id": "5",
        }}
        for n, lasted in enumerate(["61500", "a minute", None, "0"], 1)
    )))  # fmt: skip
    assert [r["duration_s"] for r in rows_of(acme, "activities")] == [
        "61.5",
        "",
        "",
        "0",
    ]
    assert [n.id for n in report.files[0].notes] == ["unreadable-values"]


def test_letters_know_their_way_and_missed_meetings_are_set_aside(acme):
    letters = dump(acme, "emails.json", *(
        {"id": f"e{n}", "properties": {
            "hs_timestamp": "2026-01-02T10:00:00Z", "hs_email_direction": way,
            "hs_email_status": "SENT", "hubspot_owner_id": "5",
        }}
        for n, way in enumerate(["EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL"])
    ))  # fmt: skip
    meetings = dump(acme, "meetings.json", *(
        {"id": f"m{n}", "properties": {
            "hs_meeting_start_time": "2026-01-02T10:00:00Z", "hubspot_owner_id": "5",
            "hs_meeting_outcome": outcome,
        }}
        for n, outcome in enumerate(["COMPLETED", "NO_SHOW", "CANCELED", "RESCHEDULED"])
    ))  # fmt: skip
    report = imported(acme, letters, meetings)
    found = [(r["activity_id"], r["type"], r["direction"])
             for r in rows_of(acme, "activities")]  # fmt: skip
    assert found == [
        ("e0", "letter", "out"), ("e1", "letter", "in"), ("e2", "letter", ""),
        ("m0", "meeting", ""),
    ]  # fmt: skip
    held = next(f for f in report.files if f.file == "meetings.json")
    assert (held.rows_in, held.accepted, held.rejected) == (4, 1, 3)


def test_contacts_are_enquiries_and_never_deals(acme):
    flat = export(
        acme, "contacts.csv",
        ["Record ID", "First Name", "Email", "Contact owner", "Lead Status",
         "Create Date", "Original Traffic Source"],
        ["1", "Ann", "a@example.com", "Paul Fox", "NEW", "2026-01-02 10:00", "Direct"],
    )  # fmt: skip
    dumped = dump(acme, "contacts.json", {"id": "2", "properties": {
        "createdate": "2026-01-03T10:00:00Z", "email": "b@example.com",
        "lifecyclestage": "lead", "hubspot_owner_id": "5", "firstname": "Bob",
    }})  # fmt: skip
    plan = plan_import(acme, [flat, dumped])
    assert {t.table for f in plan.mapping.files for t in f.tables} == {"leads"}
    assert len(plan.advice) == 2
    run_import(plan)
    assert [r["lead_id"] for r in rows_of(acme, "leads")] == ["1", "2"]
    assert "example.com" not in (acme / "data" / "leads.csv").read_text()


def test_companies_of_one_name_stay_two(acme):
    imported(acme, export(
        acme, "companies.csv",
        ["Record ID", "Company name", "Company owner", "Create Date", "Industry"],
        ["1", "Ardent", "Ann", "2026-01-02 10:00", "Retail"],
        ["2", "Ardent", "Ann", "2026-01-03 10:00", "Retail"],
        ["3", "Rhomb", "Ann", "2026-01-03 10:00", ""],
    ))  # fmt: skip
    found = [r["client_id"] for r in rows_of(acme, "clients")]
    assert found == ["Ardent (1)", "Ardent (2)", "Rhomb"]


def test_a_german_portal_is_known_by_its_labels(acme):
    plan = plan_import(acme, [export(
        acme, "alle-deals.csv",
        ["Datensatz-ID", "Deal-Name", "Deal-Phase", "Abschlussdatum", "Betrag",
         "Erstellungsdatum", "Pipeline", 'Date entered "Angebot (Vertrieb)"'],
        ["1", "Fenster", "Closed Won (Vertrieb)", "2026-02-01 10:00", "5",
         "2026-01-01 10:00", "Vertrieb", "2026-01-05 10:00"],
    )])  # fmt: skip
    assert plan.crm == "hubspot"
    run_import(plan)
    [found] = rows_of(acme)
    assert (found["stage_id"], found["status"]) == ("Closed Won", "won")
    assert rows_of(acme, "stage_history")[0]["stage_id"] == "Angebot"


def test_a_history_that_is_no_list_is_refused_in_words(acme):
    broken = deal("1", "talk", propertiesWithHistory={"dealstage": ["talk", 5]})
    path = dump(acme, "deals.json", broken, deal("2", "closedwon"))
    with pytest.raises(Exception, match="not as that CRM writes it"):
        plan_import(acme, [path])
