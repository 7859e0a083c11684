"""What an import proposes and what it did: closed models for the command line."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, PrivateAttr

from salesdx.crm.kinds import Crm
from salesdx.crm.mapping import Mapping
from salesdx.crm.opening import Opened
from salesdx.crm.questions import Question
from salesdx.crm.vendors.form import NameKind
from salesdx.language import Text


class Part(BaseModel):
    """Base: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnRow(Part):
    """One line of the proposal: which header feeds which column, how surely.

    `title` is how people call the column, `kind` how its values are written.
    """

    file: str
    table: str
    column: str
    header: str
    confidence: float
    sample: str | None
    title: Text | None = None
    kind: Text | None = None
    samples: list[str] = []
    doubtful: bool = False


class Advice(Part):
    """What to know about one file, or to fetch besides it."""

    file: str
    text: Text


class LeftOut(Part):
    """A header that is not taken over, and why."""

    header: str
    why: Literal["personal", "technical"]


class FileSeen(Part):
    """One file of the proposal as a whole.

    Attributes:
        title: which form of which CRM it is; None where the columns were guessed.
        rows: how many rows it holds.
        known_as: the name of the saved map that reads it.
        zone: the zone of its times, where some come without one.
        extra: headers kept as further columns.
        unused: headers that are not taken over because the table has no such column.
        outcomes: won, lost or open -> words of the file that mean so, by frequency.
    """

    file: str
    title: Text | None
    rows: int
    known_as: str | None = None
    zone: str | None = None
    extra: list[str] = []
    unused: list[str] = []
    left_out: list[LeftOut] = []
    outcomes: dict[str, list[str]] = {}


class ImportPlan(Part):
    """What an import would do. `questions` are what only a person can know.

    Attributes:
        drift: how a file differs from the saved map that reads it.
        decided: questions that were settled by their defaults, not by a person.
    """

    case_dir: Path
    files: list[Path]
    crm: Crm
    mapping: Mapping
    columns: list[ColumnRow]
    seen: list[FileSeen] = []
    dropped: dict[str, list[str]] = {}
    unused: list[str] = []
    questions: list[Question] = []
    advice: list[Advice] = []
    drift: list[Advice] = []
    decided: list[Question] = []
    _opened: dict[Path, Opened] = PrivateAttr(default_factory=dict)

    def keep(self, opened: Iterable[Opened]) -> None:
        """Keep what was read, so that running the plan reads no file again."""
        self._opened.update({one.path: one for one in opened})

    def opened(self, path: Path) -> Opened | None:
        """A file that was kept."""
        return self._opened.get(path)

    def named(self, name: str) -> Opened | None:
        """A file that was kept, by its name."""
        return next((o for o in self._opened.values() if o.name == name), None)


class ImportNote(Part):
    """A statement on the data, worded in data_quality.yaml by its id."""

    id: str
    table: str
    params: dict[str, str | int | float]


class FileReport(Part):
    """One table out of one file: rows_in = accepted + rejected, by their reasons."""

    file: str
    table: str
    rows_in: int
    accepted: int
    rejected: int
    reasons: dict[str, int] = {}
    rejects_file: Path | None = None
    notes: list[ImportNote] = []


class TableWritten(Part):
    """One table of the case after the import."""

    table: str
    path: Path
    rows_before: int
    rows_after: int


class ImportReport(Part):
    """What an import did; `names` counts the names of ids that are known, by kind."""

    crm: Crm
    files: list[FileReport]
    columns: list[ColumnRow]
    tables: list[TableWritten]
    names: dict[NameKind, int] = {}
    dropped: dict[str, list[str]] = {}
    unused: list[str] = []
    questions: list[Question] = []
    advice: list[Advice] = []
    remarks: list[Text] = []  # on the deals that the case had before
