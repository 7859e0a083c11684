"""Every export and dump of every CRM becomes the case that stands beside it."""

import contextlib
import csv
import shutil

import pytest
from crm_fixture import (
    FIXTURES,
    KINDS,
    TYPED,
    files_of,
    is_flat,
    is_month_first,
    is_russian,
    records_of,
    without_rows,
)

from salesdx.crm.importing import load_mapping, plan_import, run_import
from salesdx.errors import DataError
from salesdx.tables import TABLES

FLAT = [f for f in FIXTURES if is_flat(f)]
PLAIN = [f for f in FIXTURES if all(p.suffix != ".xls" for p in files_of(f))]
TOLD = [
    (f, k)
    for f in FLAT
    for k in KINDS
    if ("cp1251" not in k or is_russian(f)) and not (k == TYPED and is_month_first(f))
]


def name_of(value):
    return f"{value.parent.name}/{value.name}" if hasattr(value, "parent") else value


def empty_case(fixture, tmp_path):
    case = tmp_path / "case"
    case.mkdir()
    shutil.copy(fixture / "case" / "company.yaml", case / "company.yaml")
    return case


def tables_of(case):
    """Every table as header -> cells."""
    found = {}
    for path in sorted((case / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def declared_of(tables):
    """Tables without columns that are kept as they are written."""
    known = {name: {c.name for c in TABLES[name].columns} for name in tables}
    return {
        name: [{c: v for c, v in row.items() if c in known[name]} for row in rows]
        for name, rows in tables.items()
    }


def assert_equal(case, twin, declared=False):
    found, wanted = tables_of(case), tables_of(twin)
    if declared:
        found, wanted = declared_of(found), declared_of(wanted)
    assert sorted(found) == sorted(wanted)
    for name, rows in wanted.items():
        assert len(found[name]) == len(rows)
        for row, expected in zip(found[name], rows, strict=True):
            assert row == expected, name


def accounted(report):
    return [f for f in report.files if f.rows_in != f.accepted + f.rejected] == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=name_of)
def test_an_import_equals_the_twin_case(fixture, tmp_path):
    case = empty_case(fixture, tmp_path)
    plan = plan_import(case, files_of(fixture))
    assert plan.crm == fixture.parent.name
    assert plan.unused == []
    assert accounted(run_import(plan))
    assert_equal(case, fixture / "case")


@pytest.mark.parametrize("fixture", PLAIN, ids=name_of)
def test_empty_files_beside_change_nothing(fixture, tmp_path):
    case = empty_case(fixture, tmp_path)
    files = files_of(fixture)
    empty = [without_rows(path, tmp_path) for path in files]
    with contextlib.suppress(DataError):  # nothing but empty files may be refused
        run_import(plan_import(case, empty))
    assert tables_of(case) == {}
    assert accounted(run_import(plan_import(case, [*empty, *files])))
    assert_equal(case, fixture / "case")


@pytest.mark.parametrize("fixture", FIXTURES, ids=name_of)
def test_importing_again_changes_nothing(fixture, tmp_path):
    case = empty_case(fixture, tmp_path)
    run_import(plan_import(case, files_of(fixture)))
    first = {p.name: p.read_bytes() for p in (case / "data").glob("*.csv")}
    run_import(plan_import(case, files_of(fixture)))
    assert {p.name: p.read_bytes() for p in (case / "data").glob("*.csv")} == first


@pytest.mark.parametrize("fixture", FIXTURES, ids=name_of)
def test_a_saved_mapping_does_the_same(fixture, tmp_path):
    case = empty_case(fixture, tmp_path)
    saved = tmp_path / "map.yaml"
    plan = plan_import(case, files_of(fixture))
    saved.write_text(plan.mapping.to_yaml(), encoding="utf-8")
    again = plan_import(case, files_of(fixture), mapping=load_mapping(saved))
    assert again.mapping == plan.mapping
    run_import(again)
    assert_equal(case, fixture / "case")


@pytest.mark.parametrize(("fixture", "kind"), TOLD, ids=name_of)
def test_the_kind_of_file_does_not_matter(fixture, kind, tmp_path):
    case = empty_case(fixture, tmp_path)
    files = [
        KINDS[kind](records_of(path), tmp_path / path.stem)
        for path in files_of(fixture)
    ]
    plan = plan_import(case, files)
    assert plan.crm == fixture.parent.name
    assert accounted(run_import(plan))
    assert_equal(case, fixture / "case", declared=kind == TYPED)
