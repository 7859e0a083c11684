"""Databases with cases in them, and all that a database holds, for comparing."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from salesdx.case import init_case
from salesdx.storage import schema, upgrading
from salesdx.storage.cases import add_case
from salesdx.storage.opening import reading

AT = dt.datetime(2026, 11, 27, 10, 15, tzinfo=dt.UTC)
NOW = "2026-11-27T10:15:00Z"
DEALS = Path(__file__).parent / "cases" / "k01a" / "data" / "deals.csv"


Opens = Callable[[str | Path], Engine]


@pytest.fixture
def open_db() -> Iterator[Opens]:
    """Opens databases, and closes them when the test is over."""
    engines: list[Engine] = []

    def opens(address: str | Path) -> Engine:
        engines.append(upgrading.open_database(str(address)))
        return engines[-1]

    yield opens
    for engine in engines:
        engine.dispose()


def folder_of(place: Path, name: str, secret: str = "secret") -> Path:
    """A case folder with something of every kind, all of it holding the secret."""
    folder = init_case(place / name, f"Firm {secret}").parent
    (folder / "data" / "deals.csv").write_bytes(DEALS.read_bytes())
    (folder / "data" / "managers.csv").write_text(f"manager_id,name\nM7,{secret}\n")
    for name, inner in (("results", "old.json"), ("reports", "report-owner-ru.html")):
        (folder / name).mkdir()
        (folder / name / inner).write_text(f"<p>{secret}</p>" * 50)
    (folder / "answers.yaml").write_text(
        "format: 1\n"
        f"respondents: {{head: {{role: head_of_sales, name: {secret}}}}}\n"
        "interviews:\n"
        "- {id: i1, by: head, mode: quick, questionnaire: '1', sha256: abc}\n"
        "answers:\n"
        f"- {{question: odc.deadline-exists, by: head, value: no, note: {secret},"
        f" evidence: [{secret}]}}\n"
        f"- {{question: crm.functions, by: head, state: not_applicable,"
        f" reason: {secret}}}\n"
    )
    return folder


def put(engine: Engine, place: Path, name: str, secret: str = "secret") -> None:
    add_case(engine, name, f"Firm {secret}", folder_of(place, name, secret), NOW)


def content(engine: Engine, *but: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but some."""
    with reading(engine) as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(select(table))), key=repr
            )
            for table in schema.metadata.sorted_tables
            if table.name not in but
        }
