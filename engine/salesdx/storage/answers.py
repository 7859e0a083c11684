"""The answers of one case in the database: an `AnswerStore` as the folder is one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select

from salesdx.answers.entries import speaker
from salesdx.answers.file import AnswerEntry, AnswerFile, InterviewEntry
from salesdx.answers.log import AnswerLog, understand
from salesdx.company import Respondent
from salesdx.errors import DataError, Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.storage import schema
from salesdx.storage.account import account
from salesdx.storage.events import record
from salesdx.storage.opening import reading, writing
from salesdx.storage.pinned import DatabasePins
from salesdx.storage.rows import (
    add_answers,
    add_interviews,
    add_respondents,
    read_file,
)


@dataclass(frozen=True, slots=True)
class DatabaseAnswers:
    """Answers of a case; `people` are the respondents of its company.yaml."""

    engine: Engine
    case: str
    people: Mapping[str, Respondent] = field(default_factory=dict)

    def load(self, knowledge: KnowledgeBase) -> AnswerLog:
        """All answers, checked against the questions."""
        return understand(
            self.file(), knowledge, self.people,
            pins=DatabasePins(self.engine), name=self.case,
        )  # fmt: skip

    def append(
        self,
        entries: Sequence[AnswerEntry],
        respondent: Respondent | None = None,
        interview: InterviewEntry | None = None,
    ) -> list[AnswerEntry]:
        """Add answers in one transaction; it is committed when this returns.

        An entry whose key is there already (a repeated submission) is not added again.
        Returns those that are new.

        Raises:
            DataError: there is no such case, or it is closed.
        """
        plain = [AnswerEntry.model_validate(e.model_dump(mode="json")) for e in entries]
        with writing(self.engine) as connection:
            if lock(connection, self.case) is not None:
                raise _closed(self.case)
            if respondent is not None and (plain or interview):
                by = speaker(plain, interview)
                add_respondents(connection, self.case, [(by, respondent)])
            begun = interview is not None and not _begun(
                connection, self.case, interview
            )
            if interview is not None:
                add_interviews(connection, self.case, [interview])
            new = add_answers(connection, self.case, plain)
            if interview is not None and begun:
                _log(connection, self.case, interview)
            return new

    def file(self) -> AnswerFile:
        """Everything as written."""
        with reading(self.engine) as connection:
            return read_file(connection, self.case)


def _begun(connection: Connection, case: str, talk: InterviewEntry) -> bool:
    c = schema.interviews.c
    query = select(c.id).where(c.case_id == case, c.id == talk.id)
    return connection.execute(query).first() is not None


def _log(connection: Connection, case: str, talk: InterviewEntry) -> None:
    """An interview has begun; who is asked is told by the interview, not here."""
    at = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    record(connection, at, account(), "interview-begun", case, {"mode": talk.mode})


def lock(connection: Connection, case: str) -> str | None:
    """Wait for other writers of the case (SQLite has one writer at a time anyway).

    Gives when the case was closed; None for one that is open.

    Raises:
        DataError: the database holds no such case.
    """
    c = schema.cases.c
    found = connection.execute(
        select(c.id, c.closed_at).where(c.id == case).with_for_update()
    ).first()
    if found is None:
        raise no_case(case)
    closed: str | None = found.closed_at
    return closed


def lock_open(connection: Connection, case: str) -> None:
    """The same for whoever changes what a case holds: a closed one stays as it is.

    Raises:
        DataError: the database holds no such case, or it is closed.
    """
    if lock(connection, case) is not None:
        raise stays(case)


def stays(case: str) -> DataError:
    """The fault of a change to a case that is closed."""
    return DataError(Said(
        f"the case {case!r} is closed and stays as it is; reopen it first",
        f"разбор «{case}» закрыт, менять в нём ничего нельзя; сначала откройте его"
        " снова",
    ))  # fmt: skip


def _closed(case: str) -> DataError:
    return DataError(
        Said(
            f"the case {case!r} is closed and takes no answers; reopen it first",
            f"разбор «{case}» закрыт и ответов не принимает; сначала откройте его"
            " снова",
        )
    )


def no_case(case: str) -> DataError:
    """The fault of a case that the database does not hold."""
    return DataError(
        Said(
            f"the database holds no case {case!r}; `salesdx case list` names all",
            f"в базе нет разбора «{case}»; все покажет `salesdx case list`",
        )
    )
