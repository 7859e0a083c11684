"""open_table(path): the table of facts as chunks, in any order and in any process."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from salesdx.analysis import gather, hear
from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.values import BadValue, read_value
from salesdx.company import Company, Respondent
from salesdx.errors import DataError, Said, UsageError
from salesdx.facts import Fact, Measurement
from salesdx.inference.columnar.from_facts import batch_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import thresholds
from salesdx.language import Text
from salesdx.losses import LossMap
from salesdx.portfolio.chunk import CHUNK_ROWS, Chunk, Keys, Reject
from salesdx.portfolio.facts_table.found import FoundRow

WORDS = ("id", "name", "group", "sales_model", "industry", "currency")
BY = "table"


@dataclass(frozen=True)
class FactsTable:
    """A table whose columns are all understood."""

    path: Path
    knowledge: KnowledgeBase
    rows: int
    chunk_rows: int
    fingerprint: str
    ignore: frozenset[str] = field(default_factory=frozenset)

    @property
    def chunks(self) -> int:
        """How many."""
        return -(-self.rows // self.chunk_rows)

    def chunk(self, number: int) -> Chunk:
        """The rows of a chunk, from 0."""
        found: list[FoundRow] = []
        rejects: list[Reject] = []
        raw = self._raw(number)
        for place, cells in enumerate(raw, number * self.chunk_rows + 1):
            told = self._row(place, cells)
            if isinstance(told, FoundRow):
                found.append(told)
            else:
                rejects += told
        facts = [self._facts(f) for f in found]
        norms = [thresholds(self.knowledge.benchmarks, f.company) for f in found]
        models = [f.company.sales_model for f in found]
        sound = [raw[f.row - 1 - number * self.chunk_rows] for f in found]
        keys = Keys(
            [f.id for f in found], [r.get("name") for r in sound],
            [r.get("group") for r in sound], models,
            [r.get("currency") for r in sound],
            np.array([r.get("loss.money") for r in sound], np.float64),
        )  # fmt: skip
        return Chunk(keys, batch_of(self.knowledge, facts, norms, models), rejects)

    def find(self, id: str) -> FoundRow:  # noqa: A002
        """The row of a company."""
        for number in range(self.chunks):
            for place, cells in enumerate(self._raw(number)):
                if str(cells["id"]) == id:
                    told = self._row(number * self.chunk_rows + place + 1, cells)
                    if isinstance(told, FoundRow):
                        return told
                    raise DataError("; ".join(r.reason.en for r in told))
        raise UsageError(Said(f"no row {id!r}", f"нет строки «{id}»"))

    def _raw(self, number: int) -> list[dict[str, Any]]:
        with pq.ParquetFile(self.path) as file:
            table = file.read().slice(number * self.chunk_rows, self.chunk_rows)
        return list(table.drop_columns(list(self.ignore)).to_pylist())

    def _facts(self, found: FoundRow) -> Any:
        measured = found.measured(self.knowledge, self.path)
        said = hear(found.log, self.knowledge, found.figures)
        return gather(
            measured.case, self.knowledge, found.figures,
            LossMap(gaps=list(found.gaps)), said,
        )  # fmt: skip

    def _row(self, place: int, cells: dict[str, Any]) -> FoundRow | list[Reject]:
        figures, answers, gaps = [], [], []
        wrong: list[Reject] = []
        own = {}
        name = str(cells["id"])
        for column, value in cells.items():
            if value is None or column in WORDS:
                continue
            if column.startswith("benchmark:"):
                own[column.removeprefix("benchmark:")] = float(value)
            elif column.startswith("gap:"):
                gaps.append(Fact(column, value, origin="gap"))
            elif column in self.knowledge.metrics:
                figures.append(Measurement(column, float(value)))
            else:
                state = value if value in ("dont_know", "not_applicable") else None
                read = None
                if state is None:
                    read = read_value(self.knowledge.questions[column], value)
                    if isinstance(read, BadValue):
                        reason = Text(en=read.message, ru=read.message)
                        wrong.append(
                            Reject(place, name, column, str(value)[:80], reason)
                        )
                        continue
                answers.append(Answer(
                    question=column, by=BY, role="analyst", value=read,
                    state=state or "answered", confidence=100, about=(), agreed=False,
                    note="",
                ))  # fmt: skip
        if wrong:
            return wrong
        company = Company(
            format=1, name=cells.get("name") or name,
            currency=cells.get("currency") or "RUB",
            sales_model=cells.get("sales_model"), industry=cells.get("industry"),
            benchmarks=own,
        )  # fmt: skip
        log = AnswerLog(
            respondents={BY: Respondent(role="analyst")}, answers=tuple(answers)
        )
        return FoundRow(place, name, company, figures, log, gaps)


def open_table(
    path: Path,
    knowledge: KnowledgeBase,
    *,
    chunk_rows: int = CHUNK_ROWS,
    ignore: Sequence[str] = (),
    scratch: Path,  # noqa: ARG001
) -> FactsTable:
    """Open a table and lay out its columns.

    Raises:
        DataError: columns that cannot be used, all of them.
    """
    with pq.ParquetFile(path) as file:
        names, rows = file.schema_arrow.names, file.metadata.num_rows
    known = {*WORDS, *knowledge.metrics, *knowledge.questions, *ignore}
    for name in names:
        if name not in known and ":" not in name:
            raise DataError(Said(f"no column {name!r}", f"нет колонки «{name}»"))
    with path.open("rb") as stream:
        print_ = hashlib.file_digest(stream, "sha256").hexdigest()
    return FactsTable(path, knowledge, rows, chunk_rows, print_, frozenset(ignore))
