"""The answers of a case as they count, with questions resolved and values checked.

The last answer of a respondent to a question (and `about`) counts; nothing is ever
deleted, an answer that became irrelevant only stops being read.
"""

from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from salesdx.answers import findings
from salesdx.answers.addresses import Unresolved, resolve
from salesdx.answers.file import CONFIDENCE, AnswerEntry, AnswerFile, State, unreadable
from salesdx.answers.values import BadValue, read_value
from salesdx.company import Respondent
from salesdx.content import Document, did_you_mean, read, validate
from salesdx.errors import DataError, Problem, Said
from salesdx.facts import Slice, Value, slice_of
from salesdx.knowledge.base import KnowledgeBase


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
    evidence: tuple[str, ...] = ()

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
        raise unreadable(path, problems)
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
        evidence=tuple(entry.evidence),
    )  # fmt: skip
