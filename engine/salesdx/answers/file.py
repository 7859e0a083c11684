"""answers.yaml as it is written: respondents, interviews and a list of answers.

The list is append-only: nothing is ever changed or taken out of it. What is appended
is on disk when the call returns.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from salesdx.company import Respondent
from salesdx.content import FLOAT, read, validate
from salesdx.errors import DataError, Problem, Said

State = Literal["answered", "dont_know", "not_applicable", "later", "refused"]
CONFIDENCE = {"sure": 100, "unsure": 60, "guess": 30}


class AnswerEntry(BaseModel):
    """One entry of the file, as written.

    `evidence` is what was shown to the interviewer, in words or as names of files; `at`
    the time in UTC, ISO 8601; `interview` the id of the interview it belongs to. Two
    entries of one interview with the same `key` are one: a repeated submission.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    by: str
    value: Any = None
    state: State = "answered"
    confidence: Literal["sure", "unsure", "guess"] = "sure"
    about: dict[str, str] = {}
    agreed: bool = False
    note: str = ""
    reason: str = ""
    evidence: list[str] = []
    at: str = ""
    interview: str = ""
    key: str = ""


class InterviewEntry(BaseModel):
    """One interview: who answers, how, and which questionnaire it is pinned to.

    `sha256` is the hash of the pinned questions; `moved_from` the id of the interview
    that it continues with a newer questionnaire.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    by: str
    mode: Literal["full", "quick", "guided", "form"]
    questionnaire: str
    sha256: str
    started: str = ""
    moved_from: str = ""


class AnswerFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    respondents: dict[str, Respondent] = {}
    interviews: list[InterviewEntry] = []
    answers: list[AnswerEntry] = []


def unreadable(path: Path, problems: Sequence[Problem]) -> DataError:
    """The fault of a file that is no list of answers."""
    return DataError(
        Said(
            f"{path} cannot be read as answers:",
            f"{path} не удалось прочитать как ответы:",
        ),
        problems,
    )


def append(
    path: Path, entry: AnswerEntry, respondent: Respondent | None = None
) -> list[AnswerEntry]:
    """Add one answer to the file; it is on disk when this returns."""
    return append_all(path, [entry], respondent)


def append_all(
    path: Path,
    entries: Sequence[AnswerEntry],
    respondent: Respondent | None = None,
    interview: InterviewEntry | None = None,
) -> list[AnswerEntry]:
    """Add answers of one respondent, and an interview, to the file: all or nothing."""
    file = existing(path)
    people = dict(file.respondents)
    if respondent is not None and (entries or interview):
        by = entries[0].by if entries or interview is None else interview.by
        people.setdefault(by, respondent)
    talks = list(file.interviews)
    if interview is not None and all(t.id != interview.id for t in talks):
        talks.append(interview)
    rewrite(path, file.model_copy(update={
        "respondents": people, "interviews": talks,
        "answers": [*file.answers, *entries],
    }))  # fmt: skip
    return list(entries)


def rewrite(path: Path, file: AnswerFile) -> None:
    """Write the whole file; a crash leaves the old or the new one whole."""
    data = file.model_dump(mode="json", exclude_defaults=True)
    text = yaml.dump(
        {"format": 1, **data}, Dumper=_Dumper, allow_unicode=True, sort_keys=False,
        width=100,
    )  # fmt: skip
    _write(path, text)


class _Dumper(yaml.SafeDumper):
    """Quotes every text that our reader would take for a number."""


_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+.0123456789"))


def _write(path: Path, text: str) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def existing(path: Path) -> AnswerFile:
    """The file as written; a missing or empty one holds nothing.

    Raises:
        DataError: it cannot be read as answers.
    """
    if not path.exists():
        return AnswerFile(format=1)
    document, problems = read(path, path.name)
    if document is not None and document.data is None:
        return AnswerFile(format=1)
    file = None
    if document is not None:
        file, problems = validate(AnswerFile, document)
    if file is None:
        raise unreadable(path, problems)
    return file
