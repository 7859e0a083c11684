"""A table of facts says of each row what the case of that company would say."""

import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from facts_table_rows import (
    Made,
    Row,
    facts_as_found,
    facts_in,
    told,
    write_csv,
    write_parquet,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from executors_agree import picture, pictures

from salesdx.analysis import gather, hear
from salesdx.analysis import judge as full
from salesdx.errors import UsageError
from salesdx.facts import FactBase
from salesdx.inference.columnar.columns import Batch
from salesdx.inference.columnar.judging import judge
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import thresholds
from salesdx.knowledge.load import load
from salesdx.plan_edits import EditFile
from salesdx.portfolio.facts_table import FactsTable, FoundRow, open_table

KNOWN = load()


def facts_of(found: FoundRow, knowledge: KnowledgeBase) -> FactBase:
    """As `analysis.judge` gathers them."""
    measured = found.measured(knowledge, Path())
    said = hear(found.log, knowledge, found.figures)
    return gather(measured.case, knowledge, found.figures, measured.loss_map, said)


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


def test_every_row_is_judged_as_its_case(tmp_path: Path) -> None:
    rows = Made(KNOWN, 11).rows(18)
    write_parquet(tmp_path / "t.parquet", rows, 5)
    table = open_table(tmp_path / "t.parquet", KNOWN, scratch=tmp_path)
    chunk = table.chunk(0)
    assert not chunk.rejects
    dropped = claims = 0
    for i, found in enumerate(pictures(judge(KNOWN, chunk.batch))):
        case = table.find(rows[i]["id"])
        assert said_by(case) == told(rows[i])
        facts = facts_of(case, KNOWN)
        assert facts_in(chunk.batch, i) == facts_as_found(facts)
        norms = thresholds(KNOWN.benchmarks, case.company)
        assert norms_in(chunk.batch, i) == norms
        right = infer(
            KNOWN, facts, ReferenceExecutor(), sales_model=case.company.sales_model,
            benchmarks=norms,
        )  # fmt: skip
        assert found == picture(right), rows[i]["id"]
        heard = {n for n, _ in facts}
        dropped += sum(a.question not in heard for a in case.log.answers)
        claims += sum(f.disagree for f in facts.values())
    assert dropped > 50 and claims > 50  # what is proved does occur


def norms_in(batch: Batch, row: int) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name, entry in KNOWN.benchmarks.items():
        mark = batch.thresholds.get(name, entry.value)
        value = float(mark[row]) if isinstance(mark, np.ndarray) else mark
        found[name] = None if value is None or np.isnan(value) else value
    return found


def chunks(table: FactsTable) -> list[tuple[Any, ...]]:
    """Every row of a table, in whatever chunks it is read."""
    found = []
    for number in range(table.chunks):
        chunk = table.chunk(number)
        assert not chunk.rejects
        for i, id_ in enumerate(chunk.keys.id):
            models = chunk.batch.models
            found.append((
                id_, chunk.keys.name[i], chunk.keys.currency[i], models and models[i],
                facts_in(chunk.batch, i),
            ))  # fmt: skip
    return found


def test_parquet_and_csv_say_the_same_in_any_chunks(tmp_path: Path) -> None:
    rows = Made(KNOWN, 5).rows(16)
    files = [tmp_path / n for n in ("t.parquet", "t.csv", "u.csv", "w.csv")]
    write_parquet(files[0], rows)
    write_csv(files[1], rows)
    write_csv(files[2], rows, ",", ".", "utf-8-sig")
    write_csv(files[3], rows, "\t", ",", "cp1251")
    right = None
    for path, size in ((files[0], 65_536), *((f, 7) for f in files)):
        table = open_table(path, KNOWN, chunk_rows=size, scratch=tmp_path)
        table = pickle.loads(pickle.dumps(table))  # as another process gets it
        found = chunks(table)
        right = right or found
        assert found == right
        assert len(found) == table.rows == 16


def test_every_id_is_known_to_the_full_analysis(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"id": "7", "conversion.mature": 0.1, "gap:churn.rate": "confirmed"},
        {"id": "8", "name": "Север", "currency": "EUR", "sales_model": "b2c"},
    ]
    write_parquet(tmp_path / "t.parquet", rows)
    table = open_table(tmp_path / "t.parquet", KNOWN, scratch=tmp_path)
    for row in rows:
        found = table.find(row["id"])
        document = full(
            found.measured(KNOWN, tmp_path), found.log, EditFile(format=1)
        ).document
        assert document.case.name == row.get("name", row["id"])
    with pytest.raises(UsageError, match="id '77'"):
        table.find("77")
