"""What programs do through the API beyond what pages do: cases and answers, at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.answers.file import AnswerEntry, AnswerFile
from salesdx.answers.log import understand
from salesdx.company import Respondent
from salesdx.content import did_you_mean
from salesdx.errors import DataError, Problem, Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.storage.events import record
from salesdx.storage.moments import written
from salesdx.storage.opening import writing
from salesdx.workspace.desk import Desk


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose answers they are; somebody known needs no role."""

    id: str
    role: str = ""
    name: str | None = None
    manager: str | None = None


def add_answers(
    desk: Desk, case: str, speaker: Speaker, entries: Sequence[AnswerEntry],
    now: dt.datetime, actor: str,
) -> list[AnswerEntry]:  # fmt: skip
    """Add answers of one respondent, all or none; gives those that are new.

    An entry whose `key` was sent before for the same question is not added again.

    Raises:
        DataError: an entry cannot be understood; the faults name entries by number.
    """
    measured = desk.measured(case)
    store = desk.answers(case)
    held = store.file()
    people = {**store.people, **held.respondents}
    person = _person(speaker, people.get(speaker.id), measured.knowledge)
    if person is not None:
        people[speaker.id] = person
    told = [e.model_copy(update={"at": written(now)}) for e in entries]
    faults = [
        problem
        for number, entry in enumerate(told)
        for problem in _faults(entry, number, people, desk, measured.knowledge)
    ]
    if faults:
        raise _not_taken(faults)
    new = store.append(told, None if speaker.id in store.people else person)
    if new:
        with writing(desk.engine) as connection:
            count = {"count": len(new)}
            record(connection, written(now), actor, "answers-sent", case, count)
    return new


def _person(
    speaker: Speaker, known: Respondent | None, knowledge: KnowledgeBase
) -> Respondent | None:
    """The respondent; None where only the role speaks, as in answers.yaml."""
    if known is not None:
        if speaker.role and speaker.role != known.role:
            raise _not_taken([_at("respondent.role", "respondent", Said(
                f"{speaker.id!r} has the role {known.role!r} in this case",
                f"«{speaker.id}» в этом разборе в роли «{known.role}»",
            ))])  # fmt: skip
        return known
    role = speaker.role or speaker.id
    if role not in knowledge.roles:
        what = Said(f"no role {role!r}", f"нет роли «{role}»")
        hint = did_you_mean(role, knowledge.roles)
        raise _not_taken([_at("respondent.role", "unknown-role", what, hint)])
    if not speaker.role and speaker.name is None and speaker.manager is None:
        return None
    return Respondent(role=role, name=speaker.name, manager=speaker.manager)


def _faults(
    entry: AnswerEntry, number: int, people: dict[str, Respondent], desk: Desk,
    knowledge: KnowledgeBase,
) -> list[Problem]:  # fmt: skip
    place = f"answers[{number}]"
    try:
        understand(
            AnswerFile(format=1, answers=[entry]), knowledge, people,
            pins=desk.pins, name=place,
        )  # fmt: skip
    except DataError as error:
        return [_at(place, p.code, p.message, p.hint) for p in error.problems]
    return []


def _at(place: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem(place, 0, 0, code, message, hint)


def _not_taken(problems: Sequence[Problem]) -> DataError:
    return DataError(Said(
        "Nothing was saved: some of it cannot be understood",
        "Ничего не сохранено: часть присланного понять не удалось",
    ), problems)  # fmt: skip
