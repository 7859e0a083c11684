"""Case folders in the database and out of it, without loss."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from salesdx.answers.file import existing, rewrite
from salesdx.errors import DataError, Said
from salesdx.storage import schema
from salesdx.storage.answers import no_case, read_file, row_of
from salesdx.storage.opening import reading, writing

ANSWERS = "answers.yaml"
PIECE = 4 << 20


def add_case(engine: Engine, case: str, name: str, folder: Path, at: str) -> None:
    """Put a case folder into the database: its files as they are, its answers as rows.

    Raises:
        DataError: the database has a case of this id, or a file cannot be read.
    """
    answers = existing(folder / ANSWERS)
    with writing(engine) as connection:
        if _has(connection, case):
            raise DataError(Said(
                f"the database has a case {case!r} already; give it another id",
                f"кейс «{case}» в базе уже есть; назовите его иначе",
            ))  # fmt: skip
        connection.execute(
            schema.cases.insert().values(id=case, name=name, added_at=at)
        )
        for path in _files(folder):
            _put(connection, case, path.relative_to(folder).as_posix(), path)
        for place, (name_, person) in enumerate(answers.respondents.items()):
            connection.execute(
                schema.respondents.insert().values(
                    case_id=case, id=name_, place=place, role=person.role,
                    manager=person.manager, name=person.name,
                )
            )  # fmt: skip
        for place, talk in enumerate(answers.interviews):
            connection.execute(
                schema.interviews.insert().values(
                    case_id=case, place=place, **talk.model_dump()
                )
            )
        for place, entry in enumerate(answers.answers):
            connection.execute(
                schema.answers.insert().values(
                    case_id=case, place=place, **row_of(entry)
                )
            )


def _has(connection: Connection, case: str) -> bool:
    found = connection.execute(
        select(schema.cases.c.id).where(schema.cases.c.id == case)
    )
    return found.scalar_one_or_none() is not None


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _put(connection: Connection, case: str, name: str, path: Path) -> None:
    with path.open("rb") as stream:
        piece = 0
        while (content := stream.read(PIECE)) or piece == 0:
            connection.execute(
                schema.case_files.insert().values(
                    case_id=case, path=name, piece=piece, content=content
                )
            )
            piece += 1


def case_ids(engine: Engine) -> list[str]:
    """The ids of all cases."""
    with reading(engine) as connection:
        return list(
            connection.execute(
                select(schema.cases.c.id).order_by(schema.cases.c.id)
            ).scalars()
        )


def export_case(engine: Engine, case: str, folder: Path) -> None:
    """Write a case as a folder, which must be empty or not there yet.

    Raises:
        DataError: there is no such case, or the folder holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise DataError(Said(
            f"{folder} is not empty; name a new folder",
            f"папка {folder} не пуста; укажите новую",
        ))  # fmt: skip
    with reading(engine) as connection:
        if not _has(connection, case):
            raise no_case(case)
        files = schema.case_files
        rows = connection.execute(
            select(files).where(files.c.case_id == case)
            .order_by(files.c.path, files.c.piece)
            .execution_options(yield_per=1)
        )  # fmt: skip
        for row in rows:
            path = folder / row.path
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as stream:
                stream.write(row.content)
        answers = read_file(connection, case)
    if answers != existing(folder / ANSWERS):
        rewrite(folder / ANSWERS, answers)
