"""A table of facts says of each row what the case of that company would say."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from columnar_fixture import picture, pictures
from facts_table_rows import STATES, Made, Row, told, write_csv, write_parquet

from salesdx.analysis import gather, hear
from salesdx.facts import FactBase
from salesdx.inference.columnar.judging import judge
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import thresholds
from salesdx.knowledge.load import load
from salesdx.portfolio.facts_table import FactsTable, FoundRow, open_table

KNOWN = load()


def facts_of(found: FoundRow, knowledge: KnowledgeBase) -> FactBase:
    """As `analysis.judge` gathers them."""
    measured = found.measured(knowledge, Path())
    said = hear(found.log, knowledge, found.figures)
    return gather(measured.case, knowledge, found.figures, measured.loss_map, said)


def right(found: FoundRow, knowledge: KnowledgeBase) -> dict[Any, Any]:
    return picture(
        infer(
            knowledge, facts_of(found, knowledge), ReferenceExecutor(),
            sales_model=found.company.sales_model,
            benchmarks=thresholds(knowledge.benchmarks, found.company),
        )
    )  # fmt: skip


def said_by(found: FoundRow) -> Row:
    """The row again, from the case that was made of it."""
    company = found.company
    back: Row = {
        "id": found.id, "sales_model": company.sales_model,
        "industry": company.industry,
        "currency": None if company.currency == "RUB" else company.currency,
        "name": None if company.name == found.id else company.name,
    }  # fmt: skip
    back |= {f"benchmark:{n}": v for n, v in company.benchmarks.items()}
    back |= {m.metric: m.value for m in found.figures}
    back |= {f.name: f.value for f in found.gaps}
    for answer in found.log.answers:
        back[answer.question] = (
            answer.value if answer.state == "answered" else answer.state
        )
    return told(back)


def judged(table: FactsTable, knowledge: KnowledgeBase) -> list[dict[Any, Any]]:
    found = []
    for number in range(table.chunks):
        chunk = table.chunk(number)
        assert not chunk.rejects
        found += pictures(judge(knowledge, chunk.batch))
    return found


def test_every_row_is_judged_as_its_case(tmp_path: Path) -> None:
    rows = Made(KNOWN, 11).rows(40)
    write_parquet(tmp_path / "t.parquet", rows, 16)
    table = open_table(tmp_path / "t.parquet", KNOWN, scratch=tmp_path)
    for row, found in zip(rows, judged(table, KNOWN), strict=True):
        case = table.find(row["id"])
        assert said_by(case) == told(row)
        assert found == right(case, KNOWN), row["id"]
