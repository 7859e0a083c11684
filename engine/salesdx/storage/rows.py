"""Answers, interviews and respondents as rows, and back, without loss."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select

from salesdx.answers.entries import Submission, submission
from salesdx.answers.file import AnswerEntry, AnswerFile, InterviewEntry
from salesdx.company import Respondent
from salesdx.errors import DataError, Said
from salesdx.storage import schema

_AT_ONCE = 500  # rows of one statement


def read_file(connection: Connection, case: str) -> AnswerFile:
    """The answers of a case in the form of answers.yaml."""
    return AnswerFile(
        format=1,
        respondents={
            r.id: Respondent(role=r.role, manager=r.manager, name=r.name)
            for r in _rows(connection, schema.respondents, case)
        },
        interviews=[
            InterviewEntry(
                id=r.id, by=r.by, mode=r.mode, questionnaire=r.questionnaire,
                sha256=r.sha256, started=r.started, moved_from=r.moved_from,
            )
            for r in _rows(connection, schema.interviews, case)
        ],
        answers=[_entry(r) for r in _rows(connection, schema.answers, case)],
    )  # fmt: skip


def _rows(connection: Connection, table: Table, case: str) -> Iterator[Any]:
    return iter(
        connection.execute(
            select(table).where(table.c.case_id == case).order_by(table.c.place)
        )
    )


def add_respondents(
    connection: Connection, case: str, people: Iterable[tuple[str, Respondent]]
) -> None:
    """Add people; one that is known stays as it is."""
    table = schema.respondents
    known = {r.id for r in _rows(connection, table, case)}
    new = [(name, person) for name, person in people if name not in known]
    _insert(connection, table, case, (
        {"id": _plain(name), "role": _plain(person.role), "manager": person.manager,
         "name": person.name}
        for name, person in new
    ))  # fmt: skip


def add_interviews(
    connection: Connection, case: str, talks: Iterable[InterviewEntry]
) -> None:
    """Add interviews; one whose id is known stays as it is."""
    table = schema.interviews
    known = {r.id for r in _rows(connection, table, case)}
    new = [talk for talk in talks if talk.id not in known]
    _insert(connection, table, case, (talk.model_dump() for talk in new))


def add_answers(
    connection: Connection, case: str, entries: Sequence[AnswerEntry]
) -> list[AnswerEntry]:
    """Add answers; returns those that are new.

    Those with a key that is there already were sent twice: they are kept once.
    """
    new: list[tuple[AnswerEntry, dict[str, Any]]] = []
    said: set[Submission] = set()
    for entry in entries:
        row, key = row_of(entry), submission(entry)
        if key is not None:
            if key in said or _there(connection, case, key):
                continue
            said.add(key)
        new.append((entry, row))
    _insert(connection, schema.answers, case, (row for _, row in new))
    return [entry for entry, _ in new]


def _insert(
    connection: Connection, table: Table, case: str, rows: Iterable[dict[str, Any]]
) -> None:
    last = connection.execute(
        select(func.max(table.c.place)).where(table.c.case_id == case)
    ).scalar_one()
    place = 0 if last is None else int(last) + 1
    part: list[dict[str, Any]] = []
    for number, row in enumerate(rows, place):
        part.append({"case_id": case, "place": number, **row})
        if len(part) == _AT_ONCE:
            connection.execute(table.insert(), part)
            part = []
    if part:
        connection.execute(table.insert(), part)


def _there(connection: Connection, case: str, key: Submission) -> bool:
    c = schema.answers.c
    interview, by, question, about, name = key
    query = select(c.place).where(
        c.case_id == case, c.interview == interview, c.by == by,
        c.question == question, c.about == packed(dict(about)), c.key == name,
    )  # fmt: skip
    return connection.execute(query).first() is not None


def row_of(entry: AnswerEntry) -> dict[str, Any]:
    """An answer as columns."""
    return {
        "question": _plain(entry.question), "by": _plain(entry.by),
        "value": packed(entry.value), "state": entry.state,
        "confidence": entry.confidence, "about": packed(entry.about),
        "agreed": entry.agreed, "note": _plain(entry.note),
        "reason": _plain(entry.reason), "evidence": packed(entry.evidence),
        "at": _plain(entry.at), "interview": _plain(entry.interview),
        "key": _plain(entry.key) or None,
    }  # fmt: skip


def _entry(row: Any) -> AnswerEntry:
    return AnswerEntry(
        question=row.question, by=row.by, value=json.loads(row.value), state=row.state,
        confidence=row.confidence, about=json.loads(row.about), agreed=row.agreed,
        note=row.note, reason=row.reason, evidence=json.loads(row.evidence), at=row.at,
        interview=row.interview, key=row.key or "",
    )  # fmt: skip


def packed(value: object) -> str:
    """Canonical JSON.

    Raises:
        DataError: it is nothing that an answer may hold.
    """
    try:
        text = json.dumps(
            value, ensure_ascii=False, sort_keys=True, separators=(",", ":"),
            allow_nan=False,
        )  # fmt: skip
    except (TypeError, ValueError):
        raise DataError(_UNFIT) from None
    return _plain(text)


_UNFIT = Said(
    "an answer holds something that is no text, number or list; it is not saved",
    "в ответе есть то, что нельзя сохранить: не текст, не число и не список",
)


def _plain(text: str) -> str:
    """A text that every database can keep."""
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise DataError(Said(
            "an answer holds a character that is no text (NUL, or half of one); it is"
            " not saved",
            "в ответе есть знак, который не сохранить как текст (нулевой или половина"
            " знака); ответ не сохранён",
        ))  # fmt: skip
    return text
