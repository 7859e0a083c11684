"""What the twins of `crm_files/bitrix24` do not show: reasons, doubts, advice."""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from crm_case import rows_of

from salesdx.case import init_case
from salesdx.crm.importing import load_mapping, plan_import, run_import
from salesdx.errors import DataError

FILES = Path(__file__).parent / "crm_files" / "bitrix24"
HEAD = (
    "ID;Название сделки;Стадия сделки;Сумма;Валюта;Дата создания;Товар;Цена;"
    "Количество\n"
)


@pytest.fixture
def case(tmp_path):
    init_case(tmp_path / "case", "Кухни")
    return tmp_path / "case"


def written(case, name, text):
    path = case.parent / name
    path.write_text(text if isinstance(text, str) else json.dumps({"result": text}))
    return path


def imported(case, *files, **options):
    report = run_import(plan_import(case, files, **options))
    assert all(f.rows_in == f.accepted + f.rejected for f in report.files)
    return report


def reasons(report, table):
    found = Counter()
    for one in report.files:
        if one.table == table and one.rejects_file:
            with one.rejects_file.open(encoding="utf-8-sig", newline="") as file:
                found += Counter(r["reason"] for r in csv.DictReader(file))
    return dict(found)


def deal(number, **fields):
    return {
        "ID": str(number), "STAGE_ID": "NEW", "CATEGORY_ID": "0", "OPPORTUNITY": "1",
        "ASSIGNED_BY_ID": "1", "DATE_CREATE": "2026-01-01T10:00:00+03:00",
    } | fields  # fmt: skip


@pytest.mark.parametrize("name", sorted(p.name for p in FILES.iterdir()))
def test_nothing_is_asked_about_a_known_file(case, name):
    files = [p for p in (FILES / name).iterdir() if p.is_file()]
    plan = plan_import(case, sorted(files))
    # a file in euro and a company in roubles cannot both be right
    assert {q.kind for q in plan.questions} <= {"currency"}
    assert all(f.form.startswith("bitrix24.") for f in plan.mapping.files)


def test_quotes_escaped_by_a_backslash_are_the_same_as_doubled_ones(case):
    source = next((FILES / "export-ru").glob("*.csv"))
    with source.open(encoding="utf-8", newline="") as file:
        records = list(csv.reader(file, delimiter=";"))
    escaped = [[c.replace('"', '\\"') for c in record] for record in records]
    lines = [";".join(f'"{c}"' for c in record) for record in escaped]
    path = written(case, "DEAL.csv", "\n".join(lines) + "\n")
    imported(case, path)
    assert [r["client_id"] for r in rows_of(case)][:2] == ['ООО "Ромб"', ""]
    assert rows_of(case)[0]["title"] == 'Кухня "Лофт"'
    assert len(rows_of(case)) == 5


def test_the_amount_of_a_deal_is_the_sum_of_its_products_where_rows_hold_parts(case):
    text = (
        "1;a;В работе;300;руб;01.02.2026;Стол;100;3\n"
        "1;a;В работе;50,5;руб;01.02.2026;Стул;50,5;1\n"
        "2;b;В работе;999;руб;01.02.2026;Стол;100;3\n"
        "2;b;В работе;999;руб;01.02.2026;Стул;50;1\n"
    )
    report = imported(case, written(case, "d.csv", HEAD + text))
    assert [r["amount"] for r in rows_of(case)] == ["350.5", "999"]
    assert reasons(report, "deals") == {"row-of-the-same-deal": 2}
    assert len(rows_of(case, "deal_items")) == 4


def test_two_exports_in_one_file_count_no_deal_twice(case):
    text = (
        "1;a;В работе;300;руб;01.02.2026;Стол;100;3\n"
        "1;a;В работе;50;руб;01.02.2026;Стул;50;1\n"
        "2;b;В работе;10;руб;01.02.2026;Лампа;10;1\n"
    )
    report = imported(case, written(case, "d.csv", HEAD + text * 2))
    assert [r["amount"] for r in rows_of(case)] == ["350", "10"]
    assert len(rows_of(case, "deal_items")) == 3
    assert reasons(report, "deal_items") == {"copy-of-row": 3}


def test_rows_of_one_deal_that_contradict_each_other_are_told(case):
    rest = "".join(f"{n};c;В работе;5;руб;01.02.2026;;;\n" for n in range(3, 20))
    text = (
        "1;a;В работе;300;руб;01.02.2026;Стол;100;1\n"
        "1;a;В работе;70;руб;01.02.2026;Стул;50;1\n"
    )
    report = imported(case, written(case, "d.csv", HEAD + text + rest))
    assert rows_of(case)[0]["amount"] == "300"
    assert reasons(report, "deals") == {"duplicate-key": 1}
    assert reasons(report, "deal_items") == {"no-product-in-the-row": 17}


def test_a_product_without_a_quantity_makes_no_items(case):
    text = "ID;Стадия сделки;Сумма;Валюта;Товар\n1;В работе;5;руб;Стол\n"
    imported(case, written(case, "d.csv", text))
    assert rows_of(case)[0]["product"] == "Стол"
    assert rows_of(case, "deal_items") == []


def test_an_export_alone_does_not_know_when_deals_were_closed_and_says_so(case):
    plan = plan_import(case, [next((FILES / "export-ru").glob("*.csv"))])
    assert ["crm.stagehistory.list" in a.text.ru for a in plan.advice] == [True]
    assert {"Контакт", "Компания: Рабочий телефон", "Контакт: Частный e-mail"} <= set(
        plan.dropped[plan.files[0].name]
    )
    run_import(plan)
    assert "closed_at" not in rows_of(case)[0]


def test_a_close_date_that_the_portal_sets_itself_can_be_mapped_by_hand(case):
    path = next((FILES / "export-ru").glob("*.csv"))
    saved = case.parent / "map.yaml"
    text = plan_import(case, [path]).mapping.to_yaml()
    line = 'expected_close: "Предполагаемая дата закрытия"'
    saved.write_text(text.replace(line, line.replace("expected_close", "closed_at")))
    imported(case, path, mapping=load_mapping(saved))
    found = {r["deal_id"]: (r["closed_at"], r["expected_close"]) for r in rows_of(case)}
    assert found["501"] == ("2026-02-28 00:00:00", "")
    assert found["504"] == ("", "31.08.2026")


def test_history_and_stages_tell_an_export_when_and_how_its_deals_ended(case):
    head = "ID;Название сделки;Стадия сделки;Сумма;Предполагаемая дата закрытия\n"
    text = head + "21;a;Сделка успешна;5;31.03.2026\n22;b;Выбрали другого;6;\n"
    api = FILES / "api"
    names = ["stagehistory_deals.json", "statuses.json"]
    imported(case, written(case, "deals.csv", text), *(api / n for n in names))
    found = {r["deal_id"]: (r["status"], r["closed_at"]) for r in rows_of(case)}
    assert found == {
        "21": ("won", "2026-02-20 17:40:00"), "22": ("lost", "2026-02-02 10:05:00"),
    }  # fmt: skip


def test_the_moves_of_leads_and_invoices_are_no_moves_of_deals(case):
    api = FILES / "api"
    report = imported(case, api / "stagehistory_leads.json")
    assert rows_of(case, "stage_history") == []
    assert reasons(report, "stage_history") == {"of-another-kind-of-record": 2}
    report = imported(case, api / "stagehistory_deals.json")
    assert reasons(report, "stage_history") == {
        "of-another-kind-of-record": 1, "no-change-of-stage": 1,
    }  # fmt: skip
    assert len(rows_of(case, "stage_history")) == 9


def test_leads_of_the_bi_connector_make_no_history_either(case):
    head = "ID,TYPE_ID,LEAD_ID,DATE_CREATE,START_DATE,STATUS_SEMANTIC_ID,STATUS_ID\n"
    text = head + "1,1,21,2026-01-01 10:00:00,2026-01-01,P,NEW\n"
    report = imported(case, written(case, "crm_lead_status_history.csv", text))
    assert rows_of(case, "stage_history") == []
    assert [f.rejected for f in report.files] == [1]


def test_tasks_plans_and_robots_are_set_aside_with_their_reason(case):
    api = FILES / "api"
    report = imported(case, api / "activities.json", api / "calls.json")
    assert reasons(report, "activities") == {
        "no-contact-with-a-client": 2, "not-held": 1,
    }  # fmt: skip
    assert "+7900" not in (case / "data" / "activities.csv").read_text()


def test_a_dump_of_tasks_only_is_still_a_dump_of_activities(case):
    task = {"ID": "1", "OWNER_ID": "5", "OWNER_TYPE_ID": "2", "TYPE_ID": "3",
            "SUBJECT": "x", "DEADLINE": None}  # fmt: skip
    report = imported(case, written(case, "a.json", [task]))
    assert [(f.table, f.accepted, f.rejected) for f in report.files] == [
        ("activities", 0, 1)
    ]


def test_a_missed_call_lasted_no_second_and_nobody_wrote_its_outcome(case):
    imported(case, FILES / "api" / "calls.json")
    missed = rows_of(case, "activities")[1]
    assert (missed["duration_s"], missed["call_result"]) == ("0", "missed")
    assert missed["outcome"] == ""  # a code of the telephony is no outcome


def test_the_semantic_of_a_stage_beats_its_code(case):
    imported(case, written(case, "d.json", [
        deal(1, STAGE_ID="LOSE", STAGE_SEMANTIC_ID="P"),
        deal(2, STAGE_ID="C14:UC_1", STAGE_SEMANTIC_ID="F"),
        deal(3, STAGE_ID="C14:UC_2", STAGE_SEMANTIC_ID="S"),
    ]))  # fmt: skip
    assert [r["status"] for r in rows_of(case)] == ["open", "lost", "won"]


def test_without_semantics_the_flag_of_closed_deals_tells_them(case):
    imported(case, written(case, "d.json", [
        deal(1, STAGE_ID="C14:WON", CLOSED="Y"), deal(2, STAGE_ID="UC_1", CLOSED="Y"),
        deal(3, STAGE_ID="UC_1", CLOSED="N"),
    ]))  # fmt: skip
    assert [r["status"] for r in rows_of(case)] == ["won", "lost", "open"]


def test_without_semantics_and_flag_the_directory_of_stages_beats_codes(case):
    dump = [deal(1, STAGE_ID="C14:UC_9KX"), deal(2, STAGE_ID="WON"), deal(3)]
    path = written(case, "d.json", dump)
    imported(case, path, FILES / "api" / "statuses.json")
    assert [r["status"] for r in rows_of(case)] == ["lost", "won", "open"]


def test_a_saved_mapping_knows_closed_stages_that_its_file_did_not_hold(case):
    path = written(case, "d.json", [deal(1)])
    plan = plan_import(case, [path, FILES / "api" / "statuses.json"])
    assert plan.questions == []
    saved = case.parent / "map.yaml"
    saved.write_text(plan.mapping.to_yaml(), encoding="utf-8")
    path = written(case, "d.json", [deal(1, STAGE_ID="C14:UC_9KX")])
    imported(case, path, mapping=load_mapping(saved))
    assert [(r["status"], r["stage_id"]) for r in rows_of(case)] == [
        ("lost", "Выбрали другого")
    ]


def test_an_open_deal_has_no_closing_whatever_its_moved_time(case):
    moved = "2026-02-01T10:00:00+03:00"
    imported(case, written(case, "d.json", [
        deal(1, STAGE_SEMANTIC_ID="P", MOVED_TIME=moved),
        deal(2, STAGE_SEMANTIC_ID="F", MOVED_TIME=moved, CLOSEDATE="2026-09-01"),
    ]))  # fmt: skip
    found = [(r["closed_at"], r["expected_close"]) for r in rows_of(case)]
    assert found == [("", ""), ("2026-02-01 10:00:00", "2026-09-01")]


def stage(code, name, entity="DEAL_STAGE_14"):
    return {"ID": "1", "ENTITY_ID": entity, "STATUS_ID": code, "NAME": name,
            "SORT": "10", "SEMANTICS": None}  # fmt: skip


@pytest.mark.parametrize(
    ("listed", "of_deal"),
    [
        ("C14:PREPAYMENT_INVOIC", "C14:PREPAYMENT_INVOICE"),
        ("C14:PREPAYMENT_INVOICE", "C14:PREPAYMENT_INVOIC"),
        ("PREPAYMENT_INVOICE", "C14:PREPAYMENT_INVOICE"),
    ],
)
def test_codes_that_were_cut_name_the_same_stage(case, listed, of_deal):
    path = written(case, "d.json", [deal(1, STAGE_ID=of_deal, STAGE_SEMANTIC_ID="P")])
    imported(case, path, written(case, "s.json", [stage(listed, "Аванс")]))
    assert rows_of(case)[0]["stage_id"] == "Аванс"


def test_a_code_shared_by_directories_is_named_by_its_own(case):
    path = written(case, "d.json", [deal(1, STAGE_SEMANTIC_ID="P", SOURCE_ID="NEW")])
    imported(case, path, written(case, "s.json", [
        stage("NEW", "Не обработан", "STATUS"), stage("NEW", "Новая", "DEAL_STAGE"),
        stage("NEW", "Выставка", "SOURCE"),
    ]))  # fmt: skip
    (row,) = rows_of(case)
    assert (row["stage_id"], row["source"]) == ("Новая", "Выставка")
    assert [r["stage_id"] for r in rows_of(case, "funnel_definition")] == ["Новая"]


def test_two_users_of_one_name_stay_two_and_one_without_a_name_keeps_its_id(case):
    def user(number, name):
        return {"ID": str(number), "ACTIVE": True, "NAME": name, "LAST_NAME": "",
                "EMAIL": "x@example.com"}  # fmt: skip

    users = written(case, "u.json", [user(1, "Анна"), user(2, "Анна"), user(3, "")])
    path = written(case, "d.json", [
        deal(n, ASSIGNED_BY_ID=str(n), STAGE_SEMANTIC_ID="P") for n in (1, 2, 3)
    ])  # fmt: skip
    imported(case, users, path)
    assert [r["manager_id"] for r in rows_of(case)] == ["Анна (1)", "Анна (2)", "3"]
    assert "example.com" not in (case / "data" / "managers.csv").read_text()


def test_the_list_of_any_records_gives_its_deals(case):
    item = {"id": 5, "title": "a", "stageId": "C14:WON", "categoryId": 14,
            "stageSemanticId": "S", "opportunity": 64000, "assignedById": 7,
            "companyId": 31, "contactId": 9, "createdTime": "2026-03-01T12:00:00+03:00",
            "movedTime": "2026-03-20T23:30:00+03:00", "closedate": "2026-03-08",
            "entityTypeId": 2}  # fmt: skip
    items = {"result": {"items": [item, item | {"id": 6, "entityTypeId": 31}]}}
    report = imported(case, written(case, "i.json", json.dumps(items)))
    (row,) = rows_of(case)
    assert (row["status"], row["closed_at"]) == ("won", "2026-03-20 23:30:00")
    assert (row["client_id"], row["manager_id"], row["amount"]) == ("31", "7", "64000")
    assert reasons(report, "deals") == {"of-another-kind-of-record": 1}


def test_a_person_is_another_client_than_the_company_of_the_same_number(case):
    person = {"ID": "31", "NAME": "Иван", "LAST_NAME": "Б.", "POST": None,
              "HONORIFIC": None, "BIRTHDATE": "", "HAS_PHONE": "Y",
              "ASSIGNED_BY_ID": "1"}  # fmt: skip
    path = written(case, "d.json", [deal(1, STAGE_SEMANTIC_ID="P", CONTACT_ID="31")])
    imported(case, written(case, "c.json", [person]), path)
    assert [r["client_id"] for r in rows_of(case, "clients")] == ["C_31"]
    assert rows_of(case)[0]["client_id"] == "C_31"
    assert "Иван" not in (case / "data" / "clients.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("names", [
    ("OWNER_ID", "OWNER_TYPE", "PRODUCT_NAME", "PRICE", "QUANTITY"),
    ("ownerId", "ownerType", "productName", "price", "quantity"),
])  # fmt: skip
def test_products_of_deals_are_told_from_those_of_leads(case, names):
    cells = [("21", "D", "Шкаф", 30000, 3), ("21", "L", "Полка", 100, 1)]
    dump = [{"ID": str(n)} | dict(zip(names, c, strict=True))
            for n, c in enumerate(cells, 1)]  # fmt: skip
    report = imported(case, written(case, "rows.json", dump))
    assert rows_of(case, "deal_items") == [
        {"deal_id": "21", "product_id": "Шкаф", "qty": "3", "price": "30000"}
    ]
    assert reasons(report, "deal_items") == {"of-another-kind-of-record": 1}


def test_a_second_page_in_a_file_of_its_own_adds_to_the_first(case):
    first = written(case, "p1.json", [deal(1, STAGE_SEMANTIC_ID="P")])
    second = written(case, "p2.json", [deal(2, STAGE_SEMANTIC_ID="S")])
    imported(case, first, second)
    assert [r["status"] for r in rows_of(case)] == ["open", "won"]
    imported(case, second)
    assert len(rows_of(case)) == 2


@pytest.mark.parametrize("name", sorted(p.name for p in (FILES / "api").glob("*.json")))
def test_a_dump_with_nonsense_in_it_is_read_or_refused_never_a_traceback(case, name):
    dump = (FILES / "api" / name).read_text(encoding="utf-8")
    for old, new in (('"2026-', '"x'), (": null", ': {"a": []}'), ('": "1"', '": []')):
        path = written(case, name, dump.replace(old, new))
        other = case.parent / "other"
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(case, other)
        try:
            imported(other, path)
        except DataError as error:
            assert name in str(error)
