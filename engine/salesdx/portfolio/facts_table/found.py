"""One row of a table as a case: what explains it in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salesdx.analysis import Measured
from salesdx.answers.log import AnswerLog
from salesdx.case import Case
from salesdx.company import Company
from salesdx.document import Shapes
from salesdx.facts import Fact, Measurement
from salesdx.knowledge.base import KnowledgeBase
from salesdx.losses import LossMap


@dataclass(frozen=True, slots=True)
class FoundRow:
    """What a row says of a company; `gaps` are the states somebody has judged."""

    row: int
    id: str
    company: Company
    figures: Sequence[Measurement]
    log: AnswerLog
    gaps: Sequence[Fact] = ()

    def measured(self, knowledge: KnowledgeBase, path: Path) -> Measured:
        """As a case without tables, which `analysis.judge` judges with the log."""
        case = Case(self.company, path, {}, None, (None, None), ())
        shapes = Shapes([], [], [], [], [])
        return Measured(
            case, knowledge, self.figures, LossMap(gaps=list(self.gaps)), shapes
        )
