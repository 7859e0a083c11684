"""A clean large Parquet file is left where it is; any fault sends it the usual way."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from salesdx.case import load_case
from salesdx.company import Company
from salesdx.crm import stored
from salesdx.crm.canonical import read_table
from salesdx.crm.stored import Stored
from salesdx.crm.values import Reading
from salesdx.tables import TABLES

COMPANY = Company(format=1, name="Acme")


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "LARGE", 1)


def deals() -> dict[str, pa.Array]:
    days = [dt.datetime(2026, 1, d, 9, 30) for d in (1, 2, 3, 4)]
    return {
        "deal_id": pa.array(["D2", "D1", "D4", "D3"]),
        "status": pa.array(["won", "lost", "open", "won"]),
        "entered_at": pa.array(days, pa.timestamp("s")),
        "closed_at": pa.array([days[3], days[2], None, None], pa.timestamp("s")),
        "amount": pa.array([100.0, None, 3.5, 7.0]),
        "manager_id": pa.array(["Anna", "Boris", None, "Anna"]),
        "shop": pa.array(["007", "008", None, "007"]),
    }


def written(folder: Path, columns: dict[str, Any]) -> Path:
    path = folder / "deals.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def clean(path: Path) -> Stored | None:
    return stored.clean(path, TABLES["deals"], Reading("Europe/Moscow"))


def read(path: Path) -> Any:
    return read_table(path, TABLES["deals"], COMPANY)


def test_a_clean_file_is_handed_through_as_it_would_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, deals())
    found = read(path)
    assert isinstance(found.arrow, Stored) and found.arrow.path == path
    monkeypatch.setattr(stored, "LARGE", 100)
    usual = read(path)
    assert not isinstance(usual.arrow, Stored)
    assert (found.rows_in, found.extra) == (usual.rows_in, usual.extra)
    names = usual.arrow.column_names
    assert found.arrow.whole().select(names).equals(usual.arrow)


def changed(name: str, values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda columns: columns.__setitem__(name, values)


FAULTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a repeated key": changed("deal_id", pa.array(["D1", "D2", "D1", "D3"])),
    "no key": changed("deal_id", pa.array(["D1", None, "D2", "D3"])),
    "a damaged id": changed("manager_id", pa.array(["1,2E+11", "a", "b", "c"])),
    "a status in other words": changed(
        "status", pa.array(["Won", "lost", "open", "won"])
    ),
    "an unknown status": changed("status", pa.array(["?", "lost", "open", "won"])),
    "a blank text": changed("manager_id", pa.array(["", "a", "b", "c"])),
    "a text with spaces": changed("manager_id", pa.array([" a", "a", "b", "c"])),
    "a word for nothing": changed("shop", pa.array(["null", "a", "b", "c"])),
    "an infinite amount": changed("amount", pa.array([1.0, float("inf"), 1, 1])),
    "not a number": changed("amount", pa.array([1.0, float("nan"), 1, 1])),
    "whole numbers": changed("amount", pa.array([1, 2, 3, 4])),
    "parts of a second": changed(
        "entered_at", pa.array([dt.datetime(2026, 1, 1, 0, 0, 0, 5)] * 4)
    ),
    "a year beyond belief": changed(
        "entered_at", pa.array([dt.datetime(2500, 1, 1)] * 4, pa.timestamp("s"))
    ),
    "times with a zone": changed(
        "entered_at", pa.array([dt.datetime(2026, 1, 1)] * 4, pa.timestamp("s", "UTC"))
    ),
    "dates as text": changed("entered_at", pa.array(["2026-01-01"] * 4)),
    "a header to be tidied": lambda c: c.__setitem__("Amount", c.pop("amount")),
    "a currency": changed("currency", pa.array(["RUB", "USD", "RUB", "RUB"])),
    "an own column of numbers": changed("shop", pa.array([7, 8, 9, 9])),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_reading_would_change_is_read_the_usual_way(
    tmp_path: Path, fault: str
) -> None:
    columns = deals()
    assert clean(written(tmp_path, columns)) is not None
    FAULTS[fault](columns)
    assert clean(written(tmp_path, columns)) is None


def test_a_row_without_any_value_is_no_row(tmp_path: Path) -> None:
    columns = {
        "channel": pa.array(["mail", None]), "cost": pa.array([1.0, None]),
    }  # fmt: skip
    path = tmp_path / "marketing_costs.parquet"
    pq.write_table(pa.table(columns), path)
    found = read_table(path, TABLES["marketing_costs"], COMPANY)
    assert found.arrow.num_rows == 1


def test_a_filtered_file_gives_its_rows(tmp_path: Path) -> None:
    table = read(written(tmp_path, deals())).arrow
    won = table.filter(pc.equal(table["status"], "won"))
    assert won.num_rows == 2
    assert won["deal_id"].to_pylist() == ["D2", "D3"]
    assert won.column(0).to_pylist() == ["D2", "D3"]


def test_the_notes_and_the_day_of_a_case_do_not_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "company.yaml").write_text("format: 1\nname: Acme\n", "utf-8")
    (tmp_path / "data").mkdir()
    columns = deals()
    columns["closed_at"] = pa.array(
        [dt.datetime(2025, 1, 1), None, None, None], pa.timestamp("s")
    )
    written(tmp_path / "data", columns)
    left = load_case(tmp_path)
    assert left.sources["deals"] == tmp_path / "data" / "deals.parquet"
    monkeypatch.setattr(stored, "LARGE", 100)
    usual = load_case(tmp_path)
    assert isinstance(usual.sources["deals"], pa.Table)
    assert (left.notes, left.as_of, left.period) == (
        usual.notes, usual.as_of, usual.period,
    )  # fmt: skip
