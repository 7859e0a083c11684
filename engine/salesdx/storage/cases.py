"""Case folders in the database and out of it, without loss."""

import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from salesdx.answers.file import existing
from salesdx.answers.whole import sync_folder
from salesdx.errors import DataError, Said
from salesdx.storage import files, pinned, schema
from salesdx.storage.account import account
from salesdx.storage.answers import no_case
from salesdx.storage.events import record
from salesdx.storage.opening import file_of, reading, writing
from salesdx.storage.rows import (
    add_answers,
    add_interviews,
    add_respondents,
    read_file,
)
from salesdx.storage.written import ANSWERS, once, write_answers

LONGEST_ID = 80
_TAKEN = "new"  # where a case begins on the web
_ID = re.compile(r"\w[\w.-]*")


def add_case(
    engine: Engine, case: str, name: str, folder: Path, at: str, actor: str = ""
) -> None:
    """Put a case folder into the database: its files as they are, its answers as rows.

    `actor` is who does it; unless told, the account of this process.

    Raises:
        DataError: the database has a case of this id, or a file cannot be read.
    """
    _check_id(case)
    file = file_of(engine)
    if file is not None and file.resolve().is_relative_to(folder.resolve()):
        raise DataError(Said(
            f"{file} lies in the case folder; keep the database outside of it",
            f"{file} лежит в папке разбора; держите базу вне её",
        ))  # fmt: skip
    answers = existing(folder / ANSWERS)
    with writing(engine) as connection, files.disk(folder):
        if _has(connection, case):
            raise DataError(Said(
                f"the database has a case {case!r} already; give it another id (--id)",
                f"разбор «{case}» в базе уже есть; дайте другое имя (--id)",
            ))  # fmt: skip
        connection.execute(
            schema.cases.insert().values(id=case, name=name, added_at=at)
        )
        for path in files.names_in(folder):
            files.put(connection, case, path, folder)
        pinned.keep_of_folder(connection, folder)
        add_respondents(connection, case, answers.respondents.items())
        add_interviews(connection, case, answers.interviews)
        add_answers(connection, case, once(answers, folder / ANSWERS).answers)
        if existing(folder / ANSWERS) != answers:
            raise DataError(Said(
                f"{folder / ANSWERS} changed while it was read; repeat the command",
                f"{folder / ANSWERS} изменился во время чтения; повторите команду",
            ))  # fmt: skip
        record(connection, at, actor or account(), "added", case)


def is_case_id(case: str) -> bool:
    """Whether a text may be the id of a case."""
    known = len(case) <= LONGEST_ID and _ID.fullmatch(case) is not None
    return known and case != _TAKEN


def _check_id(case: str) -> None:
    if not is_case_id(case):
        raise DataError(Said(
            f"{case!r} cannot be the id of a case: letters, digits, . _ - and at most"
            f" {LONGEST_ID} characters; not 'new'",
            f"«{case}» не годится как имя разбора: буквы, цифры, . _ - и не длиннее"
            f" {LONGEST_ID} знаков; не «new»",
        ))  # fmt: skip


def _has(connection: Connection, case: str) -> bool:
    found = connection.execute(
        select(schema.cases.c.id).where(schema.cases.c.id == case)
    )
    return found.scalar_one_or_none() is not None


def has_case(engine: Engine, case: str) -> bool:
    """Whether the database holds a case."""
    with reading(engine) as connection:
        return _has(connection, case)


def case_ids(engine: Engine) -> list[str]:
    """The ids of all cases."""
    return [case.id for case in all_cases(engine)]


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """A case of the database in figures; `size` is the bytes of its files."""

    id: str
    name: str
    added_at: str
    closed_at: str | None
    files: int
    size: int
    respondents: int
    interviews: int
    answers: int
    last_answer: str


def all_cases(engine: Engine) -> list[CaseInfo]:
    """All cases, by id."""
    with reading(engine) as connection:
        rows = connection.execute(select(schema.cases)).all()
        found = [_info(connection, row.id, row) for row in rows]
    return sorted(found, key=lambda case: case.id)  # alike whatever the collation


def case_info(engine: Engine, case: str) -> CaseInfo:
    """One case.

    Raises:
        DataError: there is no such case.
    """
    with reading(engine) as connection:
        query = select(schema.cases).where(schema.cases.c.id == case)
        row = connection.execute(query).first()
        if row is None:
            raise no_case(case)
        return _info(connection, case, row)


def _info(connection: Connection, case: str, row: object) -> CaseInfo:
    kept = schema.case_files.c
    count, size = connection.execute(
        select(
            func.count(kept.path.distinct()),
            func.coalesce(func.sum(func.length(kept.content)), 0),
        ).where(kept.case_id == case, ~kept.path.endswith("/"))
    ).one()

    def rows(table: str) -> int:
        c = schema.metadata.tables[table].c
        query = select(func.count()).where(c.case_id == case)
        return int(connection.execute(query).scalar_one())

    given = schema.answers.c
    last = select(func.max(given.at)).where(given.case_id == case)
    return CaseInfo(
        id=case, name=row.name, added_at=row.added_at,  # type: ignore[attr-defined]
        closed_at=row.closed_at,  # type: ignore[attr-defined]
        files=int(count), size=int(size), respondents=rows("respondents"),
        interviews=rows("interviews"), answers=rows("answers"),
        last_answer=connection.execute(last).scalar_one() or "",
    )  # fmt: skip


def export_case(engine: Engine, case: str, folder: Path) -> None:
    """Write a case as a folder, which must be empty or not there yet.

    It is written aside and renamed: a crash leaves no half a case.

    Raises:
        DataError: there is no such case, the folder holds something, or the disk
            refuses.
    """
    with files.disk(folder):
        _refuse_full(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
        aside.mkdir()
        try:
            write_case(engine, case, aside)
            _sync(aside)
            if folder.exists():
                folder.rmdir()
            aside.replace(folder)
            sync_folder(folder.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _sync(folder: Path) -> None:
    """What is renamed must be on disk, or a power cut would leave names only."""
    for place, _, names in os.walk(folder):
        for name in names:
            with (Path(place) / name).open("rb+") as stream:
                os.fsync(stream.fileno())
        sync_folder(Path(place))


def write_case(engine: Engine, case: str, folder: Path) -> dict[str, str]:
    """Write a case into an empty folder; gives the SHA-256 of the files kept."""
    with reading(engine) as connection, files.disk(folder):
        if not _has(connection, case):
            raise no_case(case)
        hashes = files.write_out(connection, case, folder)
        pinned.write_missing(connection, case, folder)
        write_answers(folder / ANSWERS, read_file(connection, case))
    return hashes


def _refuse_full(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise DataError(Said(
            f"{folder} is not empty; name a new folder",
            f"папка {folder} не пуста; укажите новую",
        ))  # fmt: skip
    if folder.exists() and not folder.is_dir():
        raise DataError(Said(
            f"{folder} is a file; name a new folder",
            f"{folder} — это файл; укажите новую папку",
        ))  # fmt: skip
