"""Who has answered what, where people differ, and the answer they agree on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.analysis import Analysis
from salesdx.answers.file import AnswerEntry
from salesdx.answers.log import Answer
from salesdx.facts import slice_of
from salesdx.interview.agenda import Ask
from salesdx.language import Text
from salesdx.result import Disagreement
from salesdx.storage import consents, links
from salesdx.storage.consents import Consent
from salesdx.storage.links import Link
from salesdx.storage.moments import written
from salesdx.workspace.desk import Desk

TOGETHER = "consultant"  # by whom an agreed answer is given: he heard all of them


@dataclass(frozen=True, slots=True)
class Person:
    """A respondent; `answers` are questions with an answer of any state but `later`."""

    id: str
    name: str
    role: Text
    answers: int
    last: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A link with how it stands and what was agreed to by it."""

    link: Link
    state: str
    consent: Consent | None


def people(found: Analysis, entries: Sequence[AnswerEntry]) -> list[Person]:
    """Everybody who may answer or has, those who answered last first."""
    roles = found.knowledge.roles
    by = {i: p.role for i, p in found.log.respondents.items()}
    by |= {a.by: a.role for a in found.log.answers if a.by not in by}
    last: dict[str, str] = {}
    for entry in entries:
        last[entry.by] = max(last.get(entry.by, ""), entry.at)
    count: dict[str, int] = {}
    for answer in found.log.latest():
        if answer.state != "later":
            count[answer.by] = count.get(answer.by, 0) + 1

    def title(role: str) -> Text:
        return roles[role].title if role in roles else Text(en=role, ru=role)

    rows = [
        Person(
            i, _name(found, i), title(role),
            count.get(i, 0), last.get(i, ""),
        )
        for i, role in by.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda p: (p.last, p.answers), reverse=True)


def _name(found: Analysis, by: str) -> str:
    person = found.log.respondents.get(by)
    return (person.name or "") if person else ""


def sent(desk: Desk, case: str, now: dt.datetime) -> list[Sent]:
    """All links of a case, the newest first."""
    rows = []
    for link in links.links_of(desk.engine, case):
        given = consents.consents_of(desk.engine, link.id)
        rows.append(Sent(link, link.state(now), given[-1] if given else None))
    return rows


def disputed(found: Analysis) -> list[Disagreement]:
    """Where people say different things; what the figures deny is told elsewhere."""
    return [d for d in found.document.disagreements if d.question and not d.metric]


def agreed(found: Analysis) -> list[Answer]:
    """What people have agreed on."""
    return [a for a in found.log.latest() if a.agreed]


def dispute(
    found: Analysis, question: str, about: dict[str, str]
) -> Disagreement | None:
    """One of them."""
    return next(
        (d for d in disputed(found) if d.question == question and d.about == about),
        None,
    )


def ask_of(found: Analysis, row: Disagreement) -> Ask:
    """The question of a disagreement."""
    assert row.question is not None
    return Ask(found.knowledge.questions[row.question], slice_of(**row.about))


def agree(desk: Desk, case: str, entry: AnswerEntry, now: dt.datetime) -> None:
    """Keep the answer that people agree on: it counts, whoever says what.

    Raises:
        DataError: there is no such case.
    """
    told = entry.model_copy(update={"agreed": True, "by": TOGETHER, "at": written(now)})
    desk.answers(case).append([told])
