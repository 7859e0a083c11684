"""Importing as a routine: many files, again and again, and nothing doubles or is lost.

The rules are told to users in docs/importing.md, one by one.
"""

import csv
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from salesdx.case import init_case
from salesdx.crm.import_report import ImportReport
from salesdx.crm.importing import plan_import, run_import
from salesdx.crm.mapping import Mapping
from salesdx.crm.merging import SAME_EVENT
from salesdx.tables import TABLES

HEADER = "deal_id,status,amount,entered_at,closed_at,manager_id\n"
SPRING = HEADER + (
    "1,won,100,2026-03-01 10:00:00,2026-03-20 10:00:00,anna\n"
    "2,open,200,2026-03-05 10:00:00,,boris\n"
)
SUMMER = HEADER + (
    "2,won,250,2026-03-05 10:00:00,2026-06-10 10:00:00,boris\n"
    "3,open,300,2026-06-15 10:00:00,,anna\n"
)
MOVES = "deal_id,stage_id,entered_at,changed_by\n"
Acme = Callable[..., ImportReport]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    init_case(tmp_path / "acme", "Acme")
    return tmp_path / "acme"


@pytest.fixture
def load(case: Path, tmp_path: Path) -> Acme:
    """Import files, given as name -> text, in this order."""

    def run(**texts: str) -> ImportReport:
        paths = []
        for name, text in texts.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return run_import(plan_import(case, paths))

    return run


def rows(case: Path, table: str = "deals") -> list[dict[str, str]]:
    with (case / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(case: Path, name: str, table: str = "deals") -> list[str]:
    return [row[name] for row in rows(case, table)]


def everything(case: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((case / "data").glob("*.*"))}


# several exports of one kind


def test_exports_that_overlap_give_each_deal_once(load: Acme, case: Path) -> None:
    load(spring=SPRING, summer=SUMMER)
    assert column(case, "deal_id") == ["1", "2", "3"]


def test_the_newer_export_wins_whatever_it_is_called(load: Acme, case: Path) -> None:
    load(b=SPRING, a=SUMMER)
    found = {r["deal_id"]: (r["status"], r["amount"]) for r in rows(case)}
    assert found == {"1": ("won", "100"), "2": ("won", "250"), "3": ("open", "300")}


def test_years_in_files_of_their_own_add_up(load: Acme, case: Path) -> None:
    load(deals_2025=SPRING.replace("2026-", "2025-"), deals_2026=HEADER + (
        "7,won,5,2026-01-01 10:00:00,2026-01-02 10:00:00,anna\n"
    ))  # fmt: skip
    assert column(case, "deal_id") == ["1", "2", "7"]


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    texts = {"spring": SPRING, "summer": SUMMER, "moves": MOVES + (
        "1,offer,2026-03-02 10:00:00,anna\n2,offer,2026-03-06 10:00:00,boris\n"
    )}  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    found = []
    for number, order in enumerate(itertools.permutations(texts)):
        case = tmp_path / f"acme-{number}"
        init_case(case, "Acme")
        run_import(plan_import(case, [tmp_path / f"{name}.csv" for name in order]))
        found.append(everything(case))
    assert all(one == found[0] for one in found)


def test_a_routine_of_every_month_changes_nothing_twice(load: Acme, case: Path) -> None:
    load(spring=SPRING, summer=SUMMER)
    once = everything(case)
    load(spring=SPRING, summer=SUMMER)
    assert everything(case) == once


# what an export does not have


def test_a_file_with_some_columns_leaves_the_others(load: Acme, case: Path) -> None:
    load(spring=SPRING)
    load(fresh="deal_id,status,closed_at\n2,lost,2026-04-01 09:00:00\n")
    assert rows(case)[1] == {
        "deal_id": "2", "status": "lost", "amount": "200", "manager_id": "boris",
        "entered_at": "2026-03-05 10:00:00", "closed_at": "2026-04-01 09:00:00",
    }  # fmt: skip


def test_a_column_that_is_empty_throughout_wipes_nothing(
    load: Acme, case: Path
) -> None:
    load(spring=SPRING)
    load(spring=HEADER + "1,won,,2026-03-01 10:00:00,2026-03-20 10:00:00,\n")
    assert column(case, "amount") == ["100", "200"]
    assert column(case, "manager_id") == ["anna", "boris"]


def test_a_cell_that_was_emptied_in_the_crm_is_empty_here(
    load: Acme, case: Path
) -> None:
    load(spring=SPRING)
    load(spring=SPRING.replace("won,100", "won,"))
    assert column(case, "amount") == ["", "200"]


def test_a_deal_that_is_open_again_is_not_closed(load: Acme, case: Path) -> None:
    load(spring=SPRING)
    report = load(fresh="deal_id,status\n1,open\n")
    assert (rows(case)[0]["status"], rows(case)[0]["closed_at"]) == ("open", "")
    assert [r.en[:44] for r in report.remarks] == [
        "1 deals that were closed in the case are ope"
    ]


def test_a_deal_that_left_the_export_stays_and_is_counted(
    load: Acme, case: Path
) -> None:
    load(spring=SPRING, summer=SUMMER)
    report = load(all=HEADER + (
        "1,won,100,2026-03-01 10:00:00,2026-03-20 10:00:00,anna\n"
        "3,open,300,2026-06-15 10:00:00,,anna\n"
    ))  # fmt: skip
    assert column(case, "deal_id") == ["1", "2", "3"]
    assert report.remarks[0].en.startswith("1 deals of the case fall into the period")
    assert "остались" in report.remarks[0].ru


def test_deals_outside_the_period_of_an_export_are_not_missed(load: Acme) -> None:
    load(spring=SPRING)
    report = load(june=HEADER + "9,open,1,2026-06-15 10:00:00,,anna\n")
    assert report.remarks == []


def test_the_first_import_has_nothing_to_remark(load: Acme) -> None:
    assert load(spring=SPRING, summer=SUMMER).remarks == []


# events


JANUARY = MOVES + "1,offer,2026-01-05 10:00:00,anna\n1,contract,2026-01-25 10:00:00,\n"
FEBRUARY = MOVES + (
    "1,contract,2026-01-25 10:00:00,boris\n1,won,2026-02-03 10:00:00,anna\n"
)


def test_the_moves_of_one_month_leave_the_months_before(load: Acme, case: Path) -> None:
    load(moves=JANUARY)
    load(moves=FEBRUARY)
    assert column(case, "stage_id", "stage_history") == ["offer", "contract", "won"]


def test_dumps_that_overlap_give_each_move_once(load: Acme, case: Path) -> None:
    load(a=FEBRUARY, b=JANUARY)
    found = rows(case, "stage_history")
    assert sorted(row["stage_id"] for row in found) == ["contract", "offer", "won"]
    assert [r["changed_by"] for r in found if r["stage_id"] == "contract"] == ["boris"]


def test_a_deal_may_come_to_a_stage_twice(load: Acme, case: Path) -> None:
    load(moves=JANUARY)
    load(moves=MOVES + "1,offer,2026-02-10 10:00:00,anna\n")
    assert column(case, "stage_id", "stage_history") == ["offer", "contract", "offer"]


def test_a_move_told_twice_in_one_dump_is_one_move(load: Acme, case: Path) -> None:
    text = JANUARY + "1,offer,2026-01-05 10:00:00,anna\n"
    report = load(moves=text)
    assert len(rows(case, "stage_history")) == 2
    assert [f.rows_in - f.accepted - f.rejected for f in report.files] == [0]


def test_what_a_dump_of_moves_does_not_tell_is_kept(load: Acme, case: Path) -> None:
    load(moves=JANUARY)
    load(moves="deal_id,stage_id,entered_at\n1,offer,2026-01-05 10:00:00\n")
    found = {r["stage_id"]: r["changed_by"] for r in rows(case, "stage_history")}
    assert found == {"offer": "anna", "contract": ""}


def test_the_items_of_a_deal_are_replaced_whole(load: Acme, case: Path) -> None:
    header = "deal_id,product_id,qty,price\n"
    load(items=header + "1,chair,1,10\n1,table,1,90\n2,lamp,1,5\n")
    load(items=header + "1,chair,2,10\n1,stool,1,7\n")
    found = [
        (r["deal_id"], r["product_id"], r["qty"]) for r in rows(case, "deal_items")
    ]
    assert found == [("2", "lamp", "1"), ("1", "chair", "2"), ("1", "stool", "1")]


def test_equal_costs_of_one_month_both_count_and_do_not_double(
    load: Acme, case: Path
) -> None:
    text = "channel,period,cost,clicks\nads,2026-01-01,100,5\nads,2026-01-01,100,5\n"
    for _ in range(2):
        load(costs=text)
        assert column(case, "cost", "marketing_costs") == ["100", "100"]


def test_absences_of_a_new_quarter_leave_the_old_ones(load: Acme, case: Path) -> None:
    header = "manager_id,type,from,to\n"
    load(absences=header + "anna,holiday,2026-01-05,2026-01-09\n")
    load(absences=header + "anna,holiday,2026-04-06,2026-04-10\n")
    assert column(case, "from", "absences") == ["2026-01-05", "2026-04-06"]


def test_every_table_without_a_key_has_a_rule() -> None:
    keyless = {name for name, table in TABLES.items() if table.key is None}
    assert set(SAME_EVENT) == keyless
    for name, columns in SAME_EVENT.items():
        assert all(TABLES[name].column(c) for c in columns), name


def test_activities_have_a_number_of_their_own(load: Acme, case: Path) -> None:
    header = "activity_id,type,manager_id,started_at\n"
    load(calls=header + "1,call,anna,2026-01-05 10:00:00\n")
    load(calls=header + "1,call,anna,2026-01-05 10:00:00\n"
         "2,call,anna,2026-02-05 10:00:00\n")  # fmt: skip
    assert column(case, "activity_id", "activities") == ["1", "2"]


# ids as other programs write them


@pytest.mark.parametrize("written", [" 2 ", "\u00a02", '"2"'])
def test_a_number_with_blanks_or_quotes_is_the_same_deal(
    written: str, load: Acme, case: Path
) -> None:
    load(spring=SPRING)
    load(fresh=f"deal_id,status,amount\n{written},lost,7\n")
    assert column(case, "deal_id") == ["1", "2"]
    assert column(case, "status") == ["won", "lost"]


def test_a_number_that_excel_keeps_as_a_number_is_the_same_deal(
    load: Acme, case: Path, tmp_path: Path
) -> None:
    load(spring=SPRING)
    book = openpyxl.Workbook()
    for row in (("deal_id", "status"), (2.0, "lost"), (1, "won")):
        book.active.append(row)
    book.save(tmp_path / "fresh.xlsx")
    run_import(plan_import(case, [tmp_path / "fresh.xlsx"]))
    assert column(case, "status") == ["won", "lost"]


def test_a_number_with_leading_zeros_is_another_number(load: Acme, case: Path) -> None:
    load(spring=SPRING)
    load(fresh="deal_id,status\n002,lost\n")
    assert column(case, "deal_id") == ["1", "2", "002"]


# a case in Parquet


def test_a_case_in_parquet_stays_in_parquet(load: Acme, case: Path) -> None:
    load(spring=SPRING, moves=JANUARY)
    from pyarrow import csv as arrow_csv

    for name in ("deals", "stage_history"):
        path = case / "data" / f"{name}.csv"
        pq.write_table(arrow_csv.read_csv(path), path.with_suffix(".parquet"))
        path.unlink()
    load(summer=SUMMER, moves=FEBRUARY)
    assert sorted(p.name for p in (case / "data").iterdir()) == [
        "deals.parquet", "stage_history.parquet",
    ]  # fmt: skip
    deals = pq.read_table(case / "data" / "deals.parquet").to_pylist()
    assert [(d["deal_id"], d["status"], d["amount"]) for d in deals] == [
        ("1", "won", 100), ("2", "won", 250), ("3", "open", 300),
    ]  # fmt: skip
    assert pq.read_table(case / "data" / "stage_history.parquet").num_rows == 3


# any exports at all

MONTH = st.integers(1, 12)
DEAL = st.tuples(
    st.integers(1, 6), st.sampled_from(["won", "lost", "open"]),
    st.one_of(st.none(), st.integers(0, 99)), MONTH,
)  # fmt: skip
MOVE = st.tuples(st.integers(1, 3), st.sampled_from("abc"), MONTH)


def deals_text(deals: list[tuple[int, str, int | None, int]]) -> str:
    lines = [
        f"{n},{status},{'' if amount is None else amount},2026-{month:02}-01 10:00:00"
        for n, status, amount, month in {d[0]: d for d in deals}.values()
    ]
    return "\n".join(["deal_id,status,amount,entered_at", *lines, ""])


def moves_text(moves: list[tuple[int, str, int]]) -> str:
    lines = [f"{n},{stage},2026-{month:02}-01 10:00:00" for n, stage, month in moves]
    return "\n".join(["deal_id,stage_id,entered_at", *lines, ""])


def mapping_of(names: list[str]) -> Mapping:
    """What is in each file, by its name: some of these would be guessed otherwise."""
    columns = {
        "deals": ("deal_id", "status", "amount", "entered_at"),
        "stage_history": ("deal_id", "stage_id", "entered_at"),
    }
    tables = {
        name: "stage_history" if name.startswith("moves") else "deals" for name in names
    }
    return Mapping.model_validate({"files": [
        {"file": f"{name}.csv", "tables": [
            {"table": table, "columns": {c: c for c in columns[table]}}
        ]}
        for name, table in tables.items()
    ]})  # fmt: skip


@settings(max_examples=15, phases=[Phase.generate])
@given(
    st.lists(st.lists(DEAL, min_size=1, max_size=6), min_size=1, max_size=3),
    st.lists(st.lists(MOVE, min_size=1, max_size=6), min_size=1, max_size=3),
    st.randoms(use_true_random=False),
)
def test_any_exports_in_any_order_give_one_case(exports, dumps, chance) -> None:
    texts = {f"deals-{n}": deals_text(one) for n, one in enumerate(exports)}
    texts |= {f"moves-{n}": moves_text(one) for n, one in enumerate(dumps)}
    told = mapping_of(list(texts))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = []
        for stem, text in texts.items():
            paths.append(folder / f"{stem}.csv")
            paths[-1].write_text(text)
        found = []
        for number in range(2):
            case = folder / f"acme-{number}"
            init_case(case, "Acme")
            run_import(plan_import(case, paths, mapping=told))
            found.append(everything(case))
            chance.shuffle(paths)
        run_import(plan_import(case, paths, mapping=told))
        assert found[0] == found[1] == everything(case)
        ids = [str(n) for one in exports for n, *_ in one]
        assert sorted(column(case, "deal_id")) == sorted(set(ids))
        moves = {(str(n), stage, m) for one in dumps for n, stage, m in one}
        assert len(rows(case, "stage_history")) == len(moves)


@settings(max_examples=8, phases=[Phase.generate])
@given(st.lists(st.lists(MOVE, min_size=1, max_size=6), min_size=2, max_size=4))
def test_dumps_imported_one_by_one_give_what_they_give_together(dumps) -> None:
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, order in enumerate((dumps, dumps[::-1])):
            case = folder / f"acme-{number}"
            init_case(case, "Acme")
            for place, one in enumerate(order):
                path = folder / f"moves-{place}.csv"
                path.write_text(moves_text(one))
                told = mapping_of([path.stem])
                run_import(plan_import(case, [path], mapping=told))
            found.append(sorted(tuple(r.values()) for r in rows(case, "stage_history")))
    assert found[0] == found[1]


def test_a_history_that_comes_later_still_closes_the_deals(
    load: Acme, case: Path
) -> None:
    load(
        deals="""deal_id,status,stage_id,entered_at
1,won,paid,2026-01-01
2,open,new,2026-01-02
"""
    )
    load(
        stage_history="""deal_id,stage_id,entered_at
1,new,2026-01-01
1,paid,2026-02-03
"""
    )
    assert [c[:10] for c in column(case, "closed_at")] == ["2026-02-03", ""]


def test_an_empty_file_beside_a_full_one_hides_nothing(load: Acme, case: Path) -> None:
    load(spring=SPRING)
    report = load(summer=SUMMER, empty=HEADER)
    assert column(case, "deal_id") == ["1", "2", "3"]
    assert report.remarks == []
