"""answers.yaml: respondents and an append-only list of answers.

The last answer of a respondent to a question (and `about`) counts; nothing is ever
deleted, an answer that became irrelevant only stops being read.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from salesdx.answers import findings
from salesdx.answers.addresses import Unresolved, resolve
from salesdx.answers.values import BadValue, read_value
from salesdx.company import Respondent
from salesdx.content import FLOAT, Document, did_you_mean, read, validate
from salesdx.errors import DataError, Problem, Said
from salesdx.facts import Slice, Value, slice_of
from salesdx.knowledge.base import KnowledgeBase

State = Literal["answered", "dont_know", "not_applicable", "later", "refused"]
CONFIDENCE = {"sure": 100, "unsure": 60, "guess": 30}


class AnswerEntry(BaseModel):
    """One entry of the file, as written."""

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
    at: str = ""


class AnswerFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    respondents: dict[str, Respondent] = {}
    answers: list[AnswerEntry] = []


class Answer(BaseModel):
    """One answer with its question resolved and its value checked.

    `value` is None unless the state is `answered`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    by: str
    role: str
    value: Any
    state: State
    confidence: int
    about: tuple[tuple[str, str], ...]
    agreed: bool
    note: str

    @property
    def where(self) -> Slice:
        """The slice the answer is about."""
        return self.about


class AnswerLog(BaseModel):
    """All answers of a case in the order given, with their respondents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    respondents: dict[str, Respondent] = {}
    answers: tuple[Answer, ...] = ()


def load(
    path: Path,
    knowledge: KnowledgeBase,
    respondents: Mapping[str, Respondent],
    elsewhere: Set[str] = frozenset(),
) -> AnswerLog:
    """Read answers.yaml; a missing or empty file is an empty log.

    Answers to questions that only another version of the knowledge asks (`elsewhere`,
    ids) are not heard.

    Raises:
        DataError: entries that cannot be understood, all of them with their place.
    """
    if not path.exists():
        return AnswerLog(respondents=dict(respondents))
    document, problems = read(path, path.name)
    if document is not None and document.data is None:
        return AnswerLog(respondents=dict(respondents))
    file = None
    if document is not None:
        file, problems = validate(AnswerFile, document)
    if document is None or file is None:
        raise _unreadable(path, problems)
    people = {**respondents, **file.respondents}
    problems = _roles(file, document, knowledge, respondents)
    found = []
    for i, entry in enumerate(file.answers):
        if entry.question in elsewhere and entry.question not in knowledge.questions:
            continue
        answer = _answer(entry, i, document, knowledge, people)
        if isinstance(answer, Problem):
            problems.append(answer)
        else:
            found.append(answer)
    if problems:
        raise DataError(
            Said(
                f"{path} has answers that cannot be understood:",
                f"{path}: есть ответы, которые не удалось понять:",
            ),
            problems,
        )
    return AnswerLog(respondents=people, answers=tuple(found))


def _unreadable(path: Path, problems: Sequence[Problem]) -> DataError:
    return DataError(
        Said(
            f"{path} cannot be read as answers:",
            f"{path} не удалось прочитать как ответы:",
        ),
        problems,
    )


def _roles(
    file: AnswerFile,
    document: Document,
    knowledge: KnowledgeBase,
    company: Mapping[str, Respondent],
) -> list[Problem]:
    """Respondents whose role no question could ever address."""
    found = []
    for name, person in {**company, **file.respondents}.items():
        if person.role in knowledge.roles:
            continue
        message = Said(
            f"{name} has no known role: {person.role!r}",
            f"{name}: неизвестная роль «{person.role}»",
        )
        hint = did_you_mean(person.role, knowledge.roles)
        place = ("respondents", name, "role")
        found.append(
            document.problem(place, "unknown-role", message, hint)
            if name in file.respondents
            else Problem("company.yaml", 0, 0, "unknown-role", message, hint)
        )
    return found


def _answer(
    entry: AnswerEntry,
    i: int,
    document: Document,
    knowledge: KnowledgeBase,
    people: Mapping[str, Respondent],
) -> Answer | Problem:
    def fault(key: str, code: str, message: str, hint: str = "") -> Problem:
        return document.problem(("answers", i, key), code, message, hint)

    question = resolve(entry.question, knowledge.questions)
    if isinstance(question, Unresolved):
        return fault("question", "unknown-question", question.message, question.hint)
    person = people.get(entry.by)
    if person is None and entry.by not in knowledge.roles:
        who = Said(f"nobody is called {entry.by!r}", f"нет респондента «{entry.by}»")
        hint = Said(
            "name the respondent under `respondents`, or use a role",
            "опишите респондента в `respondents` или укажите роль",
        )
        return fault("by", "unknown-respondent", who, hint)
    value: Value | None = None
    if entry.state == "answered":
        read_ = read_value(question, entry.value)
        if isinstance(read_, BadValue):
            return fault("value", "bad-value", read_.message, read_.hint)
        value = read_
    elif entry.state == "not_applicable" and not (entry.reason or entry.note):
        what = Said(
            "`not_applicable` needs a `reason`",
            "для `not_applicable` нужна причина: `reason`",
        )
        return fault("state", "no-reason", what)
    if question.about is None and entry.about:
        what = Said(
            f"{question.id} is not asked about a slice",
            f"{question.id} — вопрос о компании в целом, `about` здесь не нужен",
        )
        return fault("about", "about", what)
    if entry.about and question.about == findings.FINDING:
        wrong = findings.fault(entry.about, knowledge)
        if wrong is not None:
            return fault("about", "about", *wrong)
    elif entry.about and set(entry.about) != {question.about}:
        what = Said(
            f"{question.id} is asked about a {question.about}",
            f"{question.id} задают по каждому значению {question.about}",
        )
        return fault("about", "about", what, f"about: {{{question.about}: …}}")
    about = entry.about
    if question.about == "manager" and not about and person and person.manager:
        about = {"manager": person.manager}
    return Answer(
        question=question.id, by=entry.by, role=person.role if person else entry.by,
        value=value, state=entry.state, confidence=CONFIDENCE[entry.confidence],
        about=slice_of(**about), agreed=entry.agreed, note=entry.note or entry.reason,
    )  # fmt: skip


def append(
    path: Path, entry: AnswerEntry, respondent: Respondent | None = None
) -> None:
    """Add one answer to the file; it is on disk when this returns."""
    append_all(path, [entry], respondent)


def append_all(
    path: Path, entries: Sequence[AnswerEntry], respondent: Respondent | None = None
) -> None:
    """Add answers of one respondent to the file, all of them or none.

    The file is written aside, synced and renamed, so that a crash leaves the old
    or the new file whole.
    """
    file = _existing(path)
    people = dict(file.respondents)
    if respondent is not None:
        people.setdefault(entries[0].by, respondent)
    new = AnswerFile(format=1, respondents=people, answers=[*file.answers, *entries])
    data = new.model_dump(mode="json", exclude_defaults=True)
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


def _existing(path: Path) -> AnswerFile:
    if not path.exists():
        return AnswerFile(format=1)
    document, problems = read(path, path.name)
    if document is not None and document.data is None:
        return AnswerFile(format=1)
    file = None
    if document is not None:
        file, problems = validate(AnswerFile, document)
    if file is None:
        raise _unreadable(path, problems)
    return file
