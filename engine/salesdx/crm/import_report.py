"""What an import proposes and what it did: closed models for the command line."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, PrivateAttr

from salesdx.crm.kinds import Crm
from salesdx.crm.mapping import Mapping
from salesdx.crm.opening import Opened
from salesdx.crm.questions import Question
from salesdx.language import Text


class Part(BaseModel):
    """Base: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnRow(Part):
    """One line of the proposal: which header feeds which column, how surely."""

    file: str
    table: str
    column: str
    header: str
    confidence: float
    sample: str | None


class Advice(Part):
    """What to know about one file, or to fetch besides it."""

    file: str
    text: Text


class ImportPlan(Part):
    """What an import would do. `questions` are what only a person can know."""

    case_dir: Path
    files: list[Path]
    crm: Crm
    mapping: Mapping
    columns: list[ColumnRow]
    dropped: dict[str, list[str]] = {}
    unused: list[str] = []
    questions: list[Question] = []
    advice: list[Advice] = []
    _opened: dict[Path, Opened] = PrivateAttr(default_factory=dict)

    def keep(self, opened: Iterable[Opened]) -> None:
        """Keep what was read, so that running the plan reads no file again."""
        self._opened.update({one.path: one for one in opened})

    def opened(self, path: Path) -> Opened | None:
        """A file that was kept."""
        return self._opened.get(path)


class ImportNote(Part):
    """A statement on the data, worded in data_quality.yaml by its id."""

    id: str
    table: str
    params: dict[str, str | int | float]


class FileReport(Part):
    """One table out of one file: rows_in = accepted + rejected."""

    file: str
    table: str
    rows_in: int
    accepted: int
    rejected: int
    rejects_file: Path | None = None
    notes: list[ImportNote] = []


class TableWritten(Part):
    """One table of the case after the import."""

    table: str
    path: Path
    rows_before: int
    rows_after: int


class ImportReport(Part):
    """What an import did."""

    crm: Crm
    files: list[FileReport]
    columns: list[ColumnRow]
    tables: list[TableWritten]
    dropped: dict[str, list[str]] = {}
    unused: list[str] = []
    questions: list[Question] = []
    advice: list[Advice] = []
    remarks: list[Text] = []  # on the deals that the case had before
