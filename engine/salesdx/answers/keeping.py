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
    existing,
)
from salesdx.answers.log import AnswerLog, load
from salesdx.company import Respondent
from salesdx.knowledge.base import KnowledgeBase


class AnswerStore(Protocol):
    """Keeps the answers of one case; what `append` was given is on disk afterwards."""

    def load(self, knowledge: KnowledgeBase) -> AnswerLog:
        """All answers, checked against the questions."""
        ...

    def append(
        self,
        entries: Sequence[AnswerEntry],
        respondent: Respondent | None = None,
        interview: InterviewEntry | None = None,
    ) -> list[AnswerEntry]:
        """Add answers of one respondent, and an interview, all of them or none.

        Returns those that are new: an entry whose `key` its interview already holds
        was sent twice and is kept once.
        """
        ...

    def file(self) -> AnswerFile:
        """Everything as written."""
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
        self,
        entries: Sequence[AnswerEntry],
        respondent: Respondent | None = None,
        interview: InterviewEntry | None = None,
    ) -> list[AnswerEntry]:
        """Add answers to the file; it is synced when this returns."""
        return append_all(self.path, entries, respondent, interview)

    def file(self) -> AnswerFile:
        """The file as written."""
        return existing(self.path)
