"""A case of the database as a folder for a while: what reads folders reads it.

Files that were changed, added or removed meanwhile go back into the database in one
transaction. Answers do not take this way: they are appended to the database at once.
"""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from salesdx.answers.file import AnswerFile, existing
from salesdx.errors import DataError, Said
from salesdx.storage import files, pinned
from salesdx.storage.answers import lock, lock_open
from salesdx.storage.cases import write_case
from salesdx.storage.opening import writing
from salesdx.storage.rows import add_answers, add_interviews, add_respondents
from salesdx.storage.written import ANSWERS

State = Mapping[str, tuple[int, int, int]]


@contextmanager
def checked_out(engine: Engine, case: str) -> Iterator[Path]:
    """The folder of a case; it is private, and gone when the block is left.

    Raises:
        DataError: there is no such case; or a file was changed here, and the case is
            closed, or it was changed in the database too.
    """
    with tempfile.TemporaryDirectory(prefix="salesdx-") as temporary:
        folder = Path(temporary) / case
        hashes = write_case(engine, case, folder)
        before, answers = _state(folder), existing(folder / ANSWERS)
        try:
            yield folder
        finally:
            if _state(folder) != before:
                with writing(engine) as connection, files.disk(folder):
                    lock(connection, case)
                    _take_back(connection, case, folder, before, hashes)
                    _take_answers(connection, case, folder, answers)


def _state(folder: Path) -> State:
    found = {}
    for name in files.names_in(folder):
        about = (folder / name).stat()
        # of an empty folder it only matters that it is there
        seen = about.st_size, about.st_mtime_ns, about.st_ino
        found[name] = (0, 0, 0) if name.endswith("/") else seen
    return found


def _take_back(
    connection: Connection, case: str, folder: Path, before: State,
    hashes: Mapping[str, str],
) -> None:  # fmt: skip
    after = _state(folder)
    touched = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    # the same export read again writes the same bytes: nothing has changed
    changed = [n for n in touched if _hash(folder / n) != hashes.get(n, "")]
    if changed:
        lock_open(connection, case)
    for name in sorted(changed):
        if name == ANSWERS:
            continue
        if files.digest(connection, case, name) != hashes.get(name):
            raise DataError(Said(
                f"{case}: somebody else has changed {name} in the database meanwhile;"
                " what this command wrote is not kept; repeat it",
                f"{case}: за это время {name} в базе изменил кто-то ещё; записанное"
                " этой командой не сохранено, повторите её",
            ))  # fmt: skip
        files.take_out(connection, case, name)
        if name in after:
            files.put(connection, case, name, folder)
    if any(files.is_measured(name) for name in changed):
        files.count_change(connection, case)
    pinned.keep_of_folder(connection, folder)


def _hash(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none (an empty folder is none)."""
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _take_answers(
    connection: Connection, case: str, folder: Path, known: AnswerFile
) -> None:
    """What was appended to the file itself, past the database, is not lost either.

    What was known is not brought back: meanwhile somebody may have been erased.
    """
    file = existing(folder / ANSWERS)
    people = [p for p in file.respondents.items() if p[0] not in known.respondents]
    add_respondents(connection, case, people)
    add_interviews(connection, case, file.interviews[len(known.interviews) :])
    add_answers(connection, case, file.answers[len(known.answers) :])


def now() -> str:
    """The time in UTC to the second, ISO 8601."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
