"""Whom a consultant talks to: everybody known in a case, and what each has said."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from salesdx.answers.entries import AnswerFile, InterviewEntry
from salesdx.company import Respondent
from salesdx.conversation.interview import Interview
from salesdx.interview.moving import FORM, outdated
from salesdx.interview.standing import Mode
from salesdx.language import Language
from salesdx.storage.answers import lock_open
from salesdx.storage.opening import writing
from salesdx.storage.rows import add_respondents
from salesdx.workspace.desk import Desk
from salesdx.workspace.naming import who
from salesdx.workspace.talks import open_talk

MODES: tuple[Mode, ...] = ("guided", "quick", "full")
_PLAIN = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Begun:
    """An interview that was begun, and what is left of it."""

    mode: Mode
    last: str
    answered: int
    put_off: int
    left: int
    seconds: int
    outdated: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may be asked; `answers` are all of his, wherever he gave them."""

    by: str
    role: str
    address: str
    name: str
    answers: int
    talks: tuple[Begun, ...]


def everybody(
    desk: Desk, case: str, lang: Language, now: dt.datetime
) -> list[Known]:  # fmt: skip
    """All respondents of a case, those who answered most first."""
    ground = desk.ground(case)
    file = desk.answers(case).file()
    people, roles = ground.log.respondents, ground.knowledge.roles
    old = {t.id for t in outdated(file, ground.knowledge)}
    said: dict[str, int] = {}
    for answer in ground.log.latest():
        if answer.state != "later":
            said[answer.by] = said.get(answer.by, 0) + 1
    found = []
    for by in dict.fromkeys([*people, *said]):
        role = people[by].role if by in people else by
        talks = []
        for entry in _going(file, by):
            talk: Interview
            if entry.id in old:
                talk = open_talk(
                    desk, case, role=role, by=by, mode=entry.mode, alone=False, now=now
                )
            else:
                talk = Interview(ground, role, by, _mode(entry), desk.answers(case))
            talks.append(_begun(talk, entry, file, entry.id in old))
        found.append(Known(
            by, role, address(by), who(by, people, roles, lang), said.get(by, 0),
            tuple(talks),
        ))  # fmt: skip
    return sorted(found, key=lambda k: (-len(k.talks), -k.answers, k.name))


def at(desk: Desk, case: str, wanted: str) -> tuple[str, str] | None:
    """Who an address stands for, and his role; a role for the only one who has it."""
    measured = desk.measured(case)
    people: Mapping[str, Respondent] = {
        **measured.case.company.respondents, **desk.answers(case).file().respondents
    }  # fmt: skip
    for by, person in people.items():
        if address(by) == wanted:
            return by, person.role
    same = [by for by, person in people.items() if person.role == wanted]
    if wanted not in measured.knowledge.roles or len(same) > 1:
        return None
    return (same[0] if same else wanted), wanted


def address(text: str) -> str:
    """How a name or a slice stands in an address: names of people never do."""
    if _PLAIN.fullmatch(text):
        return text
    return f"x{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def add(desk: Desk, case: str, person: Respondent) -> str:
    """Write a new respondent down and give his id: his role, with a number if need be.

    Who has no name and is the first in his role is known by the role alone.

    Raises:
        DataError: there is no such case, or it is closed.
    """
    company = desk.company(case)
    with writing(desk.engine) as connection:
        lock_open(connection, case)
        people = {**company.respondents, **desk.answers(case).file().respondents}
        for by, known in people.items():  # a form that is sent twice
            if person.name and known == person:
                return by
        n, by = 1, person.role
        while by in people:
            n += 1
            by = f"{person.role}-{n}"
        add_respondents(connection, case, [(by, person)])
    return by


def _going(file: AnswerFile, by: str) -> list[InterviewEntry]:
    """The interview of each mode that goes on, if any; forms are short and no talk."""
    left = {t.moved_from for t in file.interviews}
    mine = [t for t in file.interviews if t.by == by and t.id not in left]
    return list({t.mode: t for t in mine if t.mode != FORM}.values())


def _mode(entry: InterviewEntry) -> Mode:
    return next(m for m in MODES if m == entry.mode)


def _begun(
    talk: Interview, entry: InterviewEntry, file: AnswerFile, old: bool
) -> Begun:  # fmt: skip
    now = talk.standing()
    times = [a.at for a in file.answers if a.interview == entry.id and a.at]
    return Begun(
        _mode(entry), max(times, default=entry.started), now.answered,
        len(now.put_off), len(now.left), now.seconds, old,
    )  # fmt: skip
