"""The answers of one case in the database: an `AnswerStore` as the folder is one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select

from salesdx.answers.file import AnswerEntry, AnswerFile, InterviewEntry
from salesdx.answers.log import AnswerLog, understand
from salesdx.company import Respondent
from salesdx.content import Document
from salesdx.errors import DataError, Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.storage import schema
from salesdx.storage.opening import reading, writing


@dataclass(frozen=True, slots=True)
class DatabaseAnswers:
    """Answers of a case; `people` are the respondents of its company.yaml."""

    engine: Engine
    case: str
    people: Mapping[str, Respondent] = field(default_factory=dict)

    def load(self, knowledge: KnowledgeBase) -> AnswerLog:
        """All answers, checked against the questions."""
        file = self.file()
        data = file.model_dump(mode="json")
        document = Document(self.case, data, {})
        return understand(file, knowledge, self.people, document, name=self.case)

    def append(
        self, entries: Sequence[AnswerEntry], respondent: Respondent | None = None
    ) -> None:
        """Add answers in one transaction; it is committed when this returns.

        An entry whose key is there already (a repeated submission) is not added again.
        """
        with writing(self.engine) as connection:
            lock(connection, self.case)
            if respondent is not None:
                _add_respondent(connection, self.case, entries[0].by, respondent)
            place = _next(connection, schema.answers, self.case)
            for entry in entries:
                if not _there(connection, self.case, entry):
                    connection.execute(
                        schema.answers.insert().values(
                            case_id=self.case, place=place, **row_of(entry)
                        )
                    )
                    place += 1

    def file(self) -> AnswerFile:
        """Everything as written."""
        with reading(self.engine) as connection:
            return read_file(connection, self.case)


def read_file(connection: Connection, case: str) -> AnswerFile:
    """The answers of a case in the form of answers.yaml."""
    people = schema.respondents
    talks = schema.interviews
    given = schema.answers
    return AnswerFile(
        format=1,
        respondents={
            r.id: Respondent(role=r.role, manager=r.manager, name=r.name)
            for r in connection.execute(
                select(people).where(people.c.case_id == case).order_by(people.c.place)
            )
        },
        interviews=[
            InterviewEntry(
                id=r.id, by=r.by, mode=r.mode, questionnaire=r.questionnaire,
                sha256=r.sha256, started=r.started, moved_from=r.moved_from,
            )
            for r in connection.execute(
                select(talks).where(talks.c.case_id == case).order_by(talks.c.place)
            )
        ],
        answers=[
            _entry(r)
            for r in connection.execute(
                select(given).where(given.c.case_id == case).order_by(given.c.place)
            )
        ],
    )  # fmt: skip


def row_of(entry: AnswerEntry) -> dict[str, Any]:
    """An answer as columns."""
    return {
        "question": entry.question, "by": entry.by, "value": packed(entry.value),
        "state": entry.state, "confidence": entry.confidence,
        "about": packed(entry.about), "agreed": entry.agreed, "note": entry.note,
        "reason": entry.reason, "evidence": packed(entry.evidence), "at": entry.at,
        "interview": entry.interview, "key": entry.key or None,
    }  # fmt: skip


def _entry(row: Any) -> AnswerEntry:
    return AnswerEntry(
        question=row.question, by=row.by, value=json.loads(row.value), state=row.state,
        confidence=row.confidence, about=json.loads(row.about), agreed=row.agreed,
        note=row.note, reason=row.reason, evidence=json.loads(row.evidence), at=row.at,
        interview=row.interview, key=row.key or "",
    )  # fmt: skip


def packed(value: object) -> str:
    """Canonical JSON."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        allow_nan=False,
    )  # fmt: skip


def lock(connection: Connection, case: str) -> None:
    """Wait for other writers of the case (SQLite has one writer at a time anyway)."""
    found = connection.execute(
        select(schema.cases.c.id).where(schema.cases.c.id == case).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise no_case(case)


def no_case(case: str) -> DataError:
    """The fault of a case that the database does not hold."""
    return DataError(
        Said(
            f"the database holds no case {case!r}; `salesdx case list` names all",
            f"в базе нет кейса «{case}»; все покажет `salesdx case list`",
        )
    )


def _there(connection: Connection, case: str, entry: AnswerEntry) -> bool:
    if not entry.key:
        return False
    c = schema.answers.c
    return bool(
        connection.execute(
            select(func.count()).where(
                c.case_id == case, c.interview == entry.interview, c.by == entry.by,
                c.question == entry.question, c.about == packed(entry.about),
                c.key == entry.key,
            )
        ).scalar_one()
    )  # fmt: skip


def _add_respondent(
    connection: Connection, case: str, name: str, person: Respondent
) -> None:
    c = schema.respondents.c
    known = connection.execute(
        select(c.id).where(c.case_id == case, c.id == name)
    ).scalar_one_or_none()
    if known is None:
        connection.execute(
            schema.respondents.insert().values(
                case_id=case, id=name, role=person.role, manager=person.manager,
                name=person.name, place=_next(connection, schema.respondents, case),
            )
        )  # fmt: skip


def _next(connection: Connection, table: Table, case: str) -> int:
    """The place after the last row of the case."""
    last = connection.execute(
        select(func.max(table.c.place)).where(table.c.case_id == case)
    ).scalar_one()
    return 0 if last is None else int(last) + 1
