"""One row of a table as a case: what explains it in full."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesdx.answers.file import State
from salesdx.answers.log import Answer, AnswerLog
from salesdx.company import Company, Respondent
from salesdx.facts import Fact, Measurement
from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.facts_table.cells import Cells
from salesdx.portfolio.facts_table.layout import ID, Layout
from salesdx.portfolio.facts_table.reading import ReadRows

if TYPE_CHECKING:
    from salesdx.analysis import Measured

BY = "table"  # who answers


@dataclass(frozen=True, slots=True)
class FoundRow:
    """What a row says of a company; `gaps` are the states somebody has judged."""

    row: int
    id: str
    company: Company
    figures: Sequence[Measurement]
    log: AnswerLog
    gaps: Sequence[Fact] = ()

    def measured(self, knowledge: KnowledgeBase, path: Path) -> "Measured":
        """As a case without tables, which `analysis.judge` judges with the log."""
        # whoever only reads chunks does without all that measures and explains
        from salesdx.analysis import Measured
        from salesdx.case import Case
        from salesdx.losses import LossMap
        from salesdx.measured.shapes import Shapes

        case = Case(self.company, path, {}, None, (None, None), ())
        shapes = Shapes([], [], [], [], [])
        return Measured(
            case, knowledge, self.figures, LossMap(gaps=list(self.gaps)), shapes
        )


def found_row(rows: ReadRows, at: int, layout: Layout) -> FoundRow:
    """One row of those that were read, which is sound."""
    told = {n: t.values[t.codes[at]] for n, t in rows.words.items() if t.codes[at] >= 0}
    own = {n: float(c.values[at]) for n, c in rows.norms.items() if c.known[at]}
    company: dict[str, Any] = {
        "format": 1, "name": told.get("name", told[ID]), "benchmarks": own,
        **{n: told[n] for n in ("currency", "sales_model", "industry") if n in told},
    }  # fmt: skip
    return FoundRow(
        int(rows.numbers[at]), told[ID], Company.model_validate(company),
        [
            Measurement(name, float(cells.values[at]))
            for name, cells in rows.figures.items() if cells.known[at]
        ],
        AnswerLog(
            respondents={BY: Respondent(role=layout.role)},
            answers=tuple(_answers(rows, at, layout.role)),
        ),
        [
            Fact(name, cells.value(at), origin="gap")
            for name, cells in rows.gaps.items() if cells.known[at]
        ],
    )  # fmt: skip


def _answers(rows: ReadRows, at: int, role: str) -> Iterator[Answer]:
    for name, cells in rows.answers.items():
        state = _state(cells, at)
        if state is not None:
            yield Answer(
                question=name, by=BY, role=role, value=cells.value(at), state=state,
                confidence=100, about=(), agreed=False, note="",
            )  # fmt: skip


def _state(cells: Cells, at: int) -> State | None:
    if cells.known[at]:
        return "answered"
    if cells.dont_know is not None and cells.dont_know[at]:
        return "dont_know"
    if cells.not_applicable is not None and cells.not_applicable[at]:
        return "not_applicable"
    return None
