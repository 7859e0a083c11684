"""The answers of a case as they count, with questions resolved and values checked.

The last answer of a respondent to a question (and `about`) counts; nothing is ever
deleted, an answer that became irrelevant only stops being read.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from salesdx.answers import findings
from salesdx.answers.addresses import Unresolved, resolve
from salesdx.answers.carried import Carried
from salesdx.answers.entries import AnswerFile, InterviewEntry, Submission, submission
from salesdx.answers.file import CONFIDENCE, AnswerEntry, State, existing, unreadable
from salesdx.answers.hearing import Hearing, Place, Unheard, unheard
from salesdx.answers.pins import FOLDER, FolderPins, Pins
from salesdx.answers.values import BadValue, read_value
from salesdx.company import Respondent
from salesdx.content import Document, did_you_mean, read
from salesdx.errors import DataError, Problem, Said
from salesdx.facts import Slice, Value, slice_of
from salesdx.knowledge.base import KnowledgeBase

_REMEMBERED = 8  # logs


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
    reason: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def where(self) -> Slice:
        """The slice the answer is about."""
        return self.about


class AnswerLog(BaseModel):
    """All answers of a case in the order given, with their respondents.

    `unheard` are those given to an older questionnaire that do not count as they are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    respondents: dict[str, Respondent] = {}
    answers: tuple[Answer, ...] = ()
    unheard: tuple[Unheard, ...] = ()

    def latest(self) -> tuple[Answer, ...]:
        """The last answer of each respondent to a question and slice.

        One that was put off afterwards is not answered any more: its state is `later`.
        """
        last = {(a.question, a.where, a.by): a for a in self.answers}
        return tuple(last.values())


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with an entry, at its number and key."""

    place: tuple[str | int, ...]
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Heard:
    """Entries that were understood: `against` is what they were read with."""

    against: tuple[
        KnowledgeBase, Mapping[str, Respondent], Set[str], Sequence[InterviewEntry]
    ]
    entries: Sequence[AnswerEntry] = ()
    answers: tuple[Answer, ...] = ()
    said: frozenset[Submission] = frozenset()
    unheard: Mapping[Place, Unheard] = field(default_factory=dict)

    def begins(self, entries: Sequence[AnswerEntry]) -> bool:
        """Whether a list goes on from these entries: the same objects, not alike."""
        same = all(a is b for a, b in zip(self.entries, entries, strict=False))
        return same and len(self.entries) <= len(entries)


_heard: dict[Path, _Heard] = {}


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
    file = existing(path)
    pins = FolderPins(path.parent / FOLDER)
    log, faults = _log(file, knowledge, respondents, elsewhere, pins, path)
    if faults:
        document, problems = read(path, path.name)
        if document is None and problems:
            raise unreadable(path, problems)
        raise _not_understood(str(path), document, faults)
    return log


def understand(
    file: AnswerFile,
    knowledge: KnowledgeBase,
    respondents: Mapping[str, Respondent],
    *,
    pins: Pins,
    name: str,
) -> AnswerLog:
    """Answers that are kept elsewhere than in a file; `name` is what to call them.

    Raises:
        DataError: entries that cannot be understood, all of them.
    """
    log, faults = _log(file, knowledge, respondents, frozenset(), pins, None)
    if faults:
        raise _not_understood(name, Document(name, file.model_dump(), {}), faults)
    return log


def _log(
    file: AnswerFile,
    knowledge: KnowledgeBase,
    respondents: Mapping[str, Respondent],
    elsewhere: Set[str],
    pins: Pins,
    path: Path | None,
) -> tuple[AnswerLog, list[_Fault]]:
    people = {**respondents, **file.respondents}
    faults = _roles(file, knowledge, respondents)
    against = knowledge, people, elsewhere, file.interviews
    heard, wrong = _hear(path, file.answers, _Heard(against), pins)
    log = AnswerLog(
        respondents=people, answers=heard.answers,
        unheard=tuple(heard.unheard.values()),
    )  # fmt: skip
    return log, [*faults, *wrong]


def _hear(
    path: Path | None, entries: Sequence[AnswerEntry], nothing: _Heard, pins: Pins
) -> tuple[_Heard, list[_Fault]]:
    """Understand entries; those understood the last time are not read again."""
    known = _heard.get(path) if path else None
    if known is None or not _alike(known, nothing) or not known.begins(entries):
        known = nothing
    knowledge, people, elsewhere, interviews = known.against
    hearing, open_ = Hearing(interviews, knowledge, pins), dict(known.unheard)
    found, said, faults = list(known.answers), set(known.said), list[_Fault]()
    for i, entry in enumerate(entries[len(known.entries) :], len(known.entries)):
        name = submission(entry)
        if name in said:
            continue  # sent twice
        if name is not None:
            said.add(name)
        if entry.question in elsewhere and entry.question not in knowledge.questions:
            continue
        taken = hearing.hear(entry)
        if isinstance(taken, Carried):
            if hearing.tells(taken):
                open_[hearing.place(taken, people)] = unheard(taken)
            continue
        answer = _answer(taken, i, knowledge, people)
        if isinstance(answer, _Fault):
            faults.append(answer)
        else:
            found.append(answer)
            open_.pop((answer.by, answer.question, answer.where), None)
    heard = _Heard(known.against, entries, tuple(found), frozenset(said), open_)
    if path and not faults:
        _heard.pop(path, None)
        _heard[path] = heard
        while len(_heard) > _REMEMBERED:
            _heard.pop(next(iter(_heard)), None)
    return heard, faults


def _alike(one: _Heard, other: _Heard) -> bool:
    return one.against[0] is other.against[0] and one.against[1:] == other.against[1:]


def _not_understood(
    name: str, document: Document | None, faults: Sequence[_Fault]
) -> DataError:
    """All faults, each where it stands in the file."""
    problems = []
    for fault in faults:
        told = fault.code, fault.message, fault.hint
        problems.append(
            document.problem(fault.place, *told)
            if document is not None and fault.place
            else Problem("company.yaml", 0, 0, *told)
        )
    return DataError(
        Said(
            f"{name} has answers that cannot be understood:",
            f"{name}: есть ответы, которые не удалось понять:",
        ),
        problems,
    )


def _roles(
    file: AnswerFile, knowledge: KnowledgeBase, company: Mapping[str, Respondent]
) -> list[_Fault]:
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
        here = name in file.respondents
        place = ("respondents", name, "role") if here else ()
        found.append(_Fault(place, "unknown-role", message, hint))
    return found


def _answer(
    entry: AnswerEntry,
    i: int,
    knowledge: KnowledgeBase,
    people: Mapping[str, Respondent],
) -> Answer | _Fault:
    def fault(key: str, code: str, message: str, hint: str = "") -> _Fault:
        return _Fault(("answers", i, key), code, message, hint)

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
        about=slice_of(**about), agreed=entry.agreed, note=entry.note,
        reason=entry.reason, evidence=tuple(entry.evidence),
    )  # fmt: skip
