"""Where the answers of a case are kept: its folder, or a database above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from salesdx.answers.file import (
    AnswerEntry,
    AnswerFile,
    InterviewEntry,
    append_all,
    begin,
    existing,
)
from salesdx.answers.log import AnswerLog, load
from salesdx.answers.pins import FOLDER, FolderPins
from salesdx.company import Respondent
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.pinned import Pinned


class AnswerStore(Protocol):
    """Keeps the answers of one case; what `append` was given is on disk afterwards."""

    def load(self, knowledge: KnowledgeBase) -> AnswerLog:
        """All answers, checked against the questions."""
        ...

    def append(
        self, entries: Sequence[AnswerEntry], respondent: Respondent | None = None
    ) -> None:
        """Add answers of one respondent, all of them or none."""
        ...

    def file(self) -> AnswerFile:
        """Everything as written."""
        ...

    def begin(
        self,
        talk: InterviewEntry,
        pinned: Pinned,
        entries: Sequence[AnswerEntry] = (),
        respondent: Respondent | None = None,
    ) -> None:
        """Record an interview, its questions and the answers it takes over.

        All or nothing; an interview that is recorded already is not recorded twice.
        """
        ...

    def pinned(self, sha256: str) -> Pinned | None:
        """The questions of a hash, or None where they were not kept."""
        ...


@dataclass(frozen=True, slots=True)
class FolderAnswers:
    """answers.yaml of a case folder; `respondents` are those of company.yaml."""

    path: Path
    respondents: Mapping[str, Respondent]

    def load(self, knowledge: KnowledgeBase) -> AnswerLog:
        """All answers of the file; a missing file is an empty log."""
        return load(self.path, knowledge, self.respondents)

    def append(
        self, entries: Sequence[AnswerEntry], respondent: Respondent | None = None
    ) -> None:
        """Add answers to the file; it is synced when this returns."""
        append_all(self.path, entries, respondent)

    def file(self) -> AnswerFile:
        """The file as written."""
        return existing(self.path)

    def begin(
        self,
        talk: InterviewEntry,
        pinned: Pinned,
        entries: Sequence[AnswerEntry] = (),
        respondent: Respondent | None = None,
    ) -> None:
        """Keep the questions, then record the interview; synced when this returns."""
        self._pins.keep(pinned)
        begin(self.path, talk, entries, respondent)

    def pinned(self, sha256: str) -> Pinned | None:
        """Questions kept in the folder."""
        return self._pins.pinned(sha256)

    @property
    def _pins(self) -> FolderPins:
        return FolderPins(self.path.parent / FOLDER)
