"""The case folder: the company, the tables, the day we look back from, the notes."""

import datetime as dt

import pytest

from salesdx import content
from salesdx.case import init_case, load_case, load_company
from salesdx.errors import DataError, UsageError
from salesdx.knowledge.models import Quality

HEAD = "deal_id,entered_at,status,closed_at\n"


def case(tmp_path, company="", **tables):
    (tmp_path / "data").mkdir(exist_ok=True)
    text = "format: 1\nname: Acme\n" + company
    (tmp_path / "company.yaml").write_text(text, encoding="utf-8")
    for name, rows in tables.items():
        (tmp_path / "data" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return load_case(tmp_path)


def daily(count=60, start=dt.date(2026, 1, 1)):
    days = [start + dt.timedelta(days=i) for i in range(count)]
    return HEAD + "".join(f"d{i},{day},lost,{day}\n" for i, day in enumerate(days))


def note(found, name):
    return next(n for n in found.notes if n.id == name)


def ids(found):
    return {n.id for n in found.notes}


def test_init_writes_a_company_that_loads_and_never_overwrites(tmp_path):
    init_case(tmp_path / "acme", 'ООО "Ромашка" #1')
    assert load_company(tmp_path / "acme").name == 'ООО "Ромашка" #1'
    assert (tmp_path / "acme" / "data").is_dir()
    with pytest.raises(UsageError, match="not overwritten"):
        init_case(tmp_path / "acme", "Other")


def test_everything_in_the_comments_of_init_is_valid_when_uncommented(tmp_path):
    import re

    path = init_case(tmp_path, "Acme")
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("# funnels:")
    live = [
        re.sub(r"^# ", "", line)
        if re.match(
            r"# (\s|(as_of|sales_model|funnels|lost_reasons|respondents):)", line
        )
        and (i >= start or "as_of" in line or "sales_model" in line)
        else line
        for i, line in enumerate(lines)
    ]
    path.write_text("\n".join(live), encoding="utf-8")
    company = load_company(tmp_path)
    assert company.funnels[0].main_stage == "proposal"
    assert company.lost_reasons["Дорого"] == "price"


def test_a_missing_company_says_to_run_init(tmp_path):
    with pytest.raises(DataError, match="salesdx init"):
        load_case(tmp_path)


def test_all_faults_of_the_company_are_told_at_once_with_their_place(tmp_path):
    text = "format: 2\nnme: Acme\ncurrency: rub\n"
    (tmp_path / "company.yaml").write_text(text)
    with pytest.raises(DataError) as caught:
        load_company(tmp_path)
    assert {(p.line, p.col) for p in caught.value.problems} >= {(1, 9), (2, 1), (3, 11)}
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("timezone: Mars/Olympus\n", "time zone"),
        ("funnels: [{id: a, stages: [x], main_stage: y}]\n", "main_stage"),
        ("funnels: [{id: a, stages: [x, x]}]\n", "stands twice"),
        ("funnels: [{id: a}, {id: a}]\n", "stands twice"),
    ],
)
def test_a_company_that_contradicts_itself_is_refused(tmp_path, text, what):
    with pytest.raises(DataError, match=what):
        case(tmp_path, text)


def test_a_case_without_data_is_fine(tmp_path):
    found = case(tmp_path)
    assert (found.tables, found.as_of, found.period) == ({}, None, (None, None))


def test_we_look_back_from_the_end_of_the_newest_day(tmp_path):
    found = case(tmp_path, deals=daily())
    assert found.as_of == dt.datetime(2026, 3, 1, 23, 59, 59)
    assert found.period == (dt.date(2026, 1, 1), dt.date(2026, 3, 1))


@pytest.mark.parametrize(
    "stray", ["2099-01-01", "2027-03-01", "2026-06-15", "2028-05-05,open,"]
)
def test_a_stray_future_date_never_moves_the_day(tmp_path, stray):
    row = f"x,{stray}\n" if "," in stray else f"x,{stray},lost,{stray}\n"
    found = case(tmp_path, deals=daily() + row)
    assert found.as_of.date() == dt.date(2026, 3, 1)
    assert note(found, "future-dates").params["count"] >= 1


def test_a_stray_past_date_does_not_stretch_the_period(tmp_path):
    found = case(tmp_path, deals=daily() + "x,1970-01-01,open,\n")
    assert found.period[0] == dt.date(2026, 1, 1)


def test_a_pause_of_a_month_is_no_stray_tail_when_work_goes_on(tmp_path):
    later = daily(10, dt.date(2026, 4, 10)).removeprefix(HEAD).replace("d", "e")
    found = case(tmp_path, deals=daily() + later)
    assert found.as_of.date() == dt.date(2026, 4, 19)


def test_monthly_data_may_end_a_month_later(tmp_path):
    rows = "".join(f"m{i},2026-{i:02d}-01,open,\n" for i in range(1, 9))
    assert case(tmp_path, deals=HEAD + rows).as_of.date() == dt.date(2026, 8, 1)


def test_planned_dates_and_forecasts_of_open_deals_never_count(tmp_path):
    found = case(
        tmp_path,
        deals=daily() + "x,2026-03-01,open,2026-03-20\n",
        tickets="ticket_id,due_at\n1,2026-03-15\n",
        plans="period,plan_value\n2026-12-01,100\n",
    )
    assert found.as_of.date() == dt.date(2026, 3, 1)
    assert "future-dates" not in ids(found)


def test_the_day_of_the_company_beats_the_data(tmp_path):
    found = case(tmp_path, "as_of: 2026-02-10\n", deals=daily())
    assert found.as_of == dt.datetime(2026, 2, 10, 23, 59, 59)
    assert found.period[1] == dt.date(2026, 2, 10)
    assert note(found, "future-dates").params["count"] == 19


def test_a_day_long_after_the_data_is_told(tmp_path):
    found = case(tmp_path, "as_of: 2026-12-31\n", deals=daily())
    assert note(found, "as-of-after-data").params["count"] == 305


def test_faults_of_several_tables_are_told_together(tmp_path):
    with pytest.raises(DataError) as caught:
        case(tmp_path, deals="a,b\n1,2\n", managers="c\n1\n")
    assert "deals.csv" in str(caught.value)
    assert "managers.csv" in str(caught.value)


def test_a_file_that_is_no_table_is_noted_with_a_suggestion(tmp_path):
    found = case(tmp_path, deal="x\n1\n")
    assert note(found, "unknown-file").params["examples"] == "did you mean 'deals'?"


def test_negative_durations_keep_the_row_and_are_counted(tmp_path):
    found = case(tmp_path, deals=daily() + "x,2026-02-02,won,2026-02-01\n")
    assert found.tables["deals"].arrow.num_rows == 61
    params = note(found, "negative-durations").params
    assert (params["count"], params["examples"]) == (1, "x")


def test_stages_that_the_funnel_does_not_know_are_named(tmp_path):
    rows = "deal_id,status,stage_id\n1,open,new\n2,open,strange\n3,won,Won\n"
    found = case(tmp_path, "funnels: [{id: main, stages: [new]}]\n", deals=rows)
    params = note(found, "unknown-stage").params
    assert (params["count"], params["examples"]) == (1, "strange")


def test_deals_entered_and_closed_in_one_minute_are_noticed(tmp_path):
    rows = (
        "1,2026-01-01 10:05:10,won,2026-01-01 10:05:50\n2,2026-01-01,lost,2026-01-05\n"
    )
    assert note(case(tmp_path, deals=HEAD + rows), "closed-same-minute").params[
        "share"
    ] == pytest.approx(0.5)


def test_dates_without_a_time_of_day_are_not_the_same_minute(tmp_path):
    assert "closed-same-minute" not in ids(case(tmp_path, deals=daily()))


def test_a_manager_known_for_wins_only_is_noticed(tmp_path):
    rows = "deal_id,status,manager_id\n1,won,M1\n2,open,\n3,lost,\n"
    assert (
        note(case(tmp_path, deals=rows), "manager-known-for-won-only").params["count"]
        == 2
    )


def test_links_to_nobody_are_counted(tmp_path):
    found = case(
        tmp_path,
        deals="deal_id,status,manager_id\n1,won,M1\n2,open,M9\n",
        managers="manager_id\nM1\n",
    )
    assert note(found, "orphan-keys").params["examples"] == "M9"


def test_reasons_called_other_are_noticed(tmp_path):
    rows = "deal_id,status,lost_reason\n1,lost,Другое\n2,lost,Дорого\n3,lost,zzz\n"
    found = case(tmp_path, deals=rows + "4,lost,прочее\n")
    assert note(found, "other-reason").params["count"] == 2
    assert note(found, "unmapped-lost-reasons").params["examples"] == "zzz"


def test_currencies_are_never_mixed_in_silence(tmp_path):
    head = "deal_id,status,amount,currency\n"
    found = case(tmp_path, deals=head + "1,won,100,руб.\n2,won,7,USD\n3,won,50,\n")
    # an amount without a currency is the company's own
    assert found.arrow["deals"]["amount"].to_pylist() == [100, None, 50]
    assert note(found, "mixed-currencies").params["dropped"] == 1
    foreign = case(tmp_path, deals=head + "1,won,7,USD\n2,won,8,$\n")
    assert foreign.arrow["deals"]["amount"].to_pylist() == [7, 8]
    assert "other-currency" in ids(foreign)


def test_what_is_not_in_the_data_is_said(tmp_path):
    found = case(tmp_path, deals="deal_id,status\n1,won\n2,open\n", leads="")
    assert {
        "no-lost-deals", "no-stage-history", "undated-deals", "closed-undated",
        "current-owner-only", "empty-table",
    } <= ids(found)  # fmt: skip


def test_every_note_has_words_and_every_placeholder_is_filled(tmp_path):
    document, problems = content.read(
        content.content("knowledge_base") / "data_quality.yaml"
    )
    assert not problems
    quality, problems = content.validate(Quality, document)
    assert not problems
    words = {s.id: s for s in quality.statements}
    rows = (
        "deal_id,entered_at,closed_at,status,lost_reason,currency,manager_id,stage_id,amount\n"
        "1,03/04/2026,02/04/2026,won,,RUB,M1,q,x\n2,,,lost,другое,USD,M1,q,1\n"
        "3,,,lost,zzz,USD,M1,q,1\n1,03/04/2026,02/04/2026,won,,RUB,M1,q,x\n"
    )
    bad = "".join(f"{i},,,open,,,,,\n" for i in range(10, 30)) + "77,,,,,,,,\n"
    found = case(
        tmp_path, "as_of: 2026-08-01\nfunnels: [{id: main, stages: [new]}]\n",
        deals=rows + bad, managers="manager_id\nM2\n", leads="", deal="",
    )  # fmt: skip
    assert len(ids(found)) >= 14
    for statement in found.notes:
        entry = words[statement.id]
        holes = entry.title.holes() | entry.effect.holes()
        assert holes <= set(statement.params) | {"table"}, statement.id
