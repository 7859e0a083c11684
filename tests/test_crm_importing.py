"""Importing exports: the guess, the join, what is written and what is asked."""

import pytest
from crm_case import rows_of

from salesdx.case import load_case
from salesdx.crm.importing import load_mapping, plan_import, run_import
from salesdx.crm.mapping import Mapping
from salesdx.crm.writing import spreadsheet_safe
from salesdx.errors import DataError, UsageError

AMO = (
    "ID,Название сделки,Бюджет ,Ответственный,Дата создания сделки,Дата закрытия,"
    "Этап сделки,Источник,Источник,Рабочий телефон\n"
    "1,Стол,1000,Анна,01.02.2026 10:00:00,03.02.2026 12:00:00,"
    "Успешно реализовано,a,b,+7\n"
    "2,Стул,,Пётр,01.02.2026 11:00:00,,Переговоры,a,b,+7\n"
    "3,Шкаф,5,Пётр,13.02.2026 11:00:00,14.02.2026 11:00:00,"
    "Закрыто и не реализовано,a,b,+7\n"
)


def export(folder, name, text, encoding="utf-8"):
    path = folder.parent / name
    path.write_text(text, encoding=encoding)
    return path


def imported(acme, *files, **options):
    return run_import(plan_import(acme, files, **options))


def test_a_plan_writes_nothing(acme):
    plan = plan_import(acme, [export(acme, "amo.csv", AMO)])
    assert plan.crm == "amocrm"
    assert list((acme / "data").iterdir()) == []


def test_an_amocrm_export_becomes_deals(acme):
    imported(acme, export(acme, "amo.csv", AMO))
    rows = rows_of(acme)
    assert [r["status"] for r in rows] == ["won", "open", "lost"]
    assert rows[0]["entered_at"] == "2026-02-01 10:00:00"
    assert rows[0]["manager_id"] == "Анна"
    assert (rows[0]["source"], rows[0]["источник_2"]) == ("a", "b")


def test_phones_are_not_taken_over_and_that_is_told(acme):
    report = imported(acme, export(acme, "amo.csv", AMO))
    assert report.dropped == {"amo.csv": ["Рабочий телефон"]}
    assert "+7" not in (acme / "data" / "deals.csv").read_text(encoding="utf-8")


def test_every_column_of_the_proposal_has_a_confidence_and_a_sample(acme):
    plan = plan_import(acme, [export(acme, "amo.csv", AMO)])
    amount = next(c for c in plan.columns if c.column == "amount")
    assert (amount.header, amount.sample) == ("Бюджет", "1000")
    assert 0 < amount.confidence <= 1


def test_importing_twice_changes_nothing_and_a_new_export_replaces_its_keys(acme):
    path = export(acme, "amo.csv", AMO)
    imported(acme, path)
    first = rows_of(acme)
    imported(acme, path)
    assert rows_of(acme) == first
    export(acme, "amo.csv", AMO.replace("Переговоры", "Успешно реализовано"))
    report = imported(acme, path)
    assert [r["status"] for r in rows_of(acme)] == ["won", "won", "lost"]
    assert (report.tables[0].rows_before, report.tables[0].rows_after) == (3, 3)


def test_files_that_each_know_a_part_join_whatever_their_order(acme):
    leads = export(
        acme, "leads.csv",
        "mql_id,first_contact_date,origin\n1,2026-01-01,ads\n2,2026-01-02,mail\n",
    )  # fmt: skip
    wins = export(acme, "a_wins.csv", "mql_id,won_date,sr_id\n2,2026-02-01,M1\n")
    report = imported(acme, wins, leads)
    assert [(r["status"], r["source"], r["manager_id"]) for r in rows_of(acme)] == [
        ("open", "ads", ""), ("won", "mail", "M1"),
    ]  # fmt: skip
    assert report.questions == []
    imported(acme, leads)  # alone, it does not reopen what was won
    assert [r["status"] for r in rows_of(acme)] == ["open", "won"]


def test_one_row_a_product_counts_the_deal_once(acme):
    text = (
        "ID;Стадия сделки;Сумма;Дата создания;Товар;Цена;Количество\n"
        "1;Сделка успешна;300,00;01.02.2026;Стол;100,00;1\n"
        "1;Сделка успешна;300,00;01.02.2026;Стул;50,00;4\n"
        "2;В работе;10,00;02.02.2026;Стул;10,00;1\n"
    )
    report = imported(acme, export(acme, "bitrix.csv", text))
    assert [r["amount"] for r in rows_of(acme)] == ["300", "10"]
    assert [r["product_id"] for r in rows_of(acme, "deal_items")] == [
        "Стол", "Стул", "Стул",
    ]  # fmt: skip
    by_table = {f.table: f for f in report.files}
    assert by_table["deals"].rejected == 1


def test_a_closed_deal_that_is_not_won_is_lost(acme):
    text = (
        "ID;Стадия сделки;Сделка закрыта;Дата начала\n1;Сделка успешна;да;01.02.2026\n"
        "2;Отвалился;да;01.02.2026\n3;Звонок;нет;01.02.2026\n"
    )
    imported(acme, export(acme, "bitrix.csv", text))
    assert [r["status"] for r in rows_of(acme)] == ["won", "lost", "open"]


def test_the_close_date_of_an_open_deal_is_a_forecast(acme):
    text = (
        "Record ID,Deal Name,Deal Stage,Create Date,Close Date\n"
        "1,a,closedwon,2026-01-01,2026-02-01\n2,b,qualified,2026-01-01,2026-12-31\n"
    )
    report = imported(acme, export(acme, "hubspot.csv", text))
    assert report.crm == "hubspot"
    rows = rows_of(acme)
    assert [r["closed_at"][:10] for r in rows] == ["2026-02-01", ""]
    assert rows[1]["expected_close"] == "2026-12-31"


def test_pipedrive_headers_with_their_prefix_are_understood(acme):
    text = (
        "Deal - ID,Deal - Title,Deal - Status,Deal - Value,Deal - Owner,"
        "Deal - Deal created,Deal - Lost reason\n"
        '1,a,Won,"1,234.50",Ann,2026-01-01 10:00:00,\n'
        "2,b,Lost,5,Bob,2026-01-02 10:00:00,Too expensive\n"
    )
    assert imported(acme, export(acme, "p.csv", text)).crm == "pipedrive"
    rows = rows_of(acme)
    assert [(r["status"], r["amount"]) for r in rows] == [
        ("won", "1234.5"),
        ("lost", "5"),
    ]
    assert rows[1]["lost_reason"] == "price"


def test_a_missing_outcome_is_asked_not_invented_in_silence(acme):
    text = "Deal ID,Create Date,Amount\n1,2026-01-01,5\n2,2026-01-02,6\n"
    plan = plan_import(acme, [export(acme, "x.csv", text)])
    assert [(q.table, q.column) for q in plan.questions] == [("deals", "status")]


def test_unclear_dates_are_asked(acme):
    text = "Deal ID,Create Date,Deal Status\n1,03/04/2026,won\n2,05/04/2026,lost\n"
    plan = plan_import(acme, [export(acme, "x.csv", text)])
    assert "03/04/2026" in plan.questions[0].text.ru


def test_a_saved_mapping_reads_back_and_does_the_same(acme, tmp_path):
    files = [export(acme, "amo.csv", AMO)]
    plan = plan_import(acme, files)
    saved = tmp_path / "map.yaml"
    saved.write_text(plan.mapping.to_yaml(), encoding="utf-8")
    assert plan_import(acme, files, mapping=load_mapping(saved)).mapping == plan.mapping


def test_faults_of_a_mapping_are_located(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(
        "format: 1\nfiles:\n  - file: x.csv\n    tabels: []\n"
        "    tables: [{table: dels, columns: {}}]\n"
    )
    with pytest.raises(DataError) as caught:
        load_mapping(path)
    assert len(caught.value.problems) == 2
    assert "did you mean 'deals'" in str(caught.value)


def test_a_mapping_that_names_a_missing_column_is_refused(acme):
    mapping = Mapping.model_validate({"files": [{"file": "x.csv", "tables": [{
        "table": "deals", "columns": {"deal_id": "Nummer", "status": "s"},
    }]}]})  # fmt: skip
    path = export(acme, "x.csv", "Number,s\n1,won\n")
    with pytest.raises(DataError, match=r"'Nummer'.*did you mean 'number'"):
        imported(acme, path, mapping=mapping)


def test_a_file_that_fits_nothing_is_named_and_alone_it_is_an_error(acme):
    odd = export(acme, "odd.csv", "colour,taste\nred,sweet\n")
    plan = plan_import(acme, [odd, export(acme, "amo.csv", AMO)])
    assert plan.unused == ["odd.csv"]
    with pytest.raises(DataError, match=r"odd\.csv.*--map"):
        plan_import(acme, [odd])


def test_rejected_rows_are_kept_for_mending_and_run_no_formula(acme):
    rows = "".join(f"{i},2026-01-01,won,n\n" for i in range(20))
    text = (
        "Deal ID,Create Date,Deal Status,Deal Name\n" + rows + ",2026-01-01,won,=1+1\n"
    )
    report = imported(acme, export(acme, "x.csv", text))
    lines = report.files[0].rejects_file.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == "22,no-deal_id,,2026-01-01,won,'=1+1"
    assert load_case(acme).tables["deals"].rows_in == 20


def test_a_failed_import_leaves_the_case_as_it_was(acme):
    imported(acme, export(acme, "amo.csv", AMO))
    before = rows_of(acme)
    good = export(acme, "team.csv", "Сотрудник,Отдел\nАнна,1\n")
    bad = export(acme, "x.csv", "Deal ID,Deal Status\n1,won\n1,lost\n2,\n")
    with pytest.raises(DataError, match="cannot be used"):
        imported(acme, good, bad)
    assert rows_of(acme) == before
    assert not (acme / "data" / "managers.csv").exists()


def test_only_our_own_names_count_for_plain_tables(acme):
    own = export(acme, "x.csv", "deal_id,status,entered_at\n1,won,2026-01-01\n")
    assert imported(acme, own, crm="table").files[0].accepted == 1
    with pytest.raises(DataError):
        plan_import(acme, [export(acme, "amo.csv", AMO)], crm="table")


def test_no_file_and_twin_names_are_usage_errors(acme, tmp_path):
    with pytest.raises(UsageError):
        plan_import(acme, [])
    with pytest.raises(UsageError):
        plan_import(acme, [tmp_path / "a.csv", tmp_path / "b" / "A.csv"])


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1"])
def test_cells_that_a_spreadsheet_would_run_are_defused(cell):
    assert spreadsheet_safe(cell) == "'" + cell


def test_moves_between_stages_are_no_deals(acme):
    text = "deal_id,stage,entered at\n1,new,2026-01-01\n1,offer,2026-01-02\n"
    imported(acme, export(acme, "moves.csv", text))
    assert [r["stage_id"] for r in rows_of(acme, "stage_history")] == ["new", "offer"]
    imported(acme, export(acme, "moves.csv", text + "1,contract,2026-01-09\n"))
    assert len(rows_of(acme, "stage_history")) == 3


def test_statuses_142_and_143_of_amocrm_mean_won_and_lost(acme):
    text = (
        "id,price,responsible_user_id,status_id,pipeline_id,created_at,closed_at\n"
        "1,100,55,142,7,1700000000,1700500000\n2,0,55,143,7,1700000000,1700500000\n"
        "3,0,55,9876,7,1700000000,\n"
    )
    assert imported(acme, export(acme, "api.csv", text)).crm == "amocrm"
    assert [r["status"] for r in rows_of(acme)] == ["won", "lost", "open"]
    assert rows_of(acme)[0]["entered_at"] == "2023-11-15 01:13:20"  # Moscow clock


def test_american_dates_and_dollars_of_a_salesforce_report(acme):
    text = (
        "Opportunity ID,Opportunity Name,Lead Source,Stage,Amount,Close Date,"
        "Created Date\n"
        '0061,A,Web,Closed Won,"$1,234,567",1/15/2026,2/3/2025\n'
        '0062,B,Web,Negotiation,"$5",3/31/2026,1/2/2026\n'
    )
    assert imported(acme, export(acme, "sf.csv", text)).crm == "salesforce"
    row = rows_of(acme)[0]
    assert (row["amount"], row["entered_at"][:10]) == ("1234567", "2025-02-03")


def test_a_header_without_rows_imports_nothing(acme):
    report = imported(acme, export(acme, "x.csv", "deal_id,status,entered_at\n"))
    assert report.tables == []
    assert [n.id for n in report.files[0].notes] == ["empty-table"]
    assert list((acme / "data").iterdir()) == []
