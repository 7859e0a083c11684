"""The places where answers are kept, opened anew as by a new process."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, text

from salesdx.answers.file import existing
from salesdx.answers.keeping import AnswerStore, FolderAnswers
from salesdx.case import init_case
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.cases import add_case
from salesdx.storage.opening import connect, reading
from salesdx.storage.upgrading import open_database

CASE = "acme"


@dataclass
class InFolder:
    """answers.yaml of a case folder."""

    folder: Path

    def __post_init__(self) -> None:
        if not self.folder.exists():
            init_case(self.folder, "Acme")

    def __call__(self) -> AnswerStore:
        return FolderAnswers(self.folder / "answers.yaml", {})

    def faults(self) -> list[str]:
        """What is broken, in words."""
        existing(self.folder / "answers.yaml")
        return []

    def close(self) -> None:
        """Nothing stays open."""


@dataclass
class InDatabase:
    """A case in a database, opened by each process for itself."""

    address: str
    folder: Path
    case: str = CASE
    _engines: list[Engine] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.folder.exists():
            init_case(self.folder, "Acme")
        engine = open_database(self.address)
        add_case(engine, self.case, "Acme", self.folder, "2026-03-01T10:00:00Z")
        engine.dispose()

    def __call__(self) -> AnswerStore:
        self.close()
        engine = open_database(self.address)
        self._engines.append(engine)
        return DatabaseAnswers(engine, self.case)

    def faults(self) -> list[str]:
        """What the database finds wrong in itself."""
        self.close()
        if "://" not in self.address:
            return sqlite_faults(Path(self.address))
        engine = connect(self.address)
        with reading(engine) as connection:
            rows = connection.execute(text(
                "SELECT case_id, count(*), max(place) FROM answers GROUP BY case_id"
            )).all()  # fmt: skip
        engine.dispose()
        return [f"holes in {r[0]}" for r in rows if r[1] != r[2] + 1]

    def close(self) -> None:
        """A forked process must not inherit an open database."""
        while self._engines:
            self._engines.pop().dispose()


Place = InFolder | InDatabase


def sqlite_faults(path: Path) -> list[str]:
    """What integrity_check says, without what it says when all is well."""
    base = sqlite3.connect(path)
    try:
        rows = [row[0] for row in base.execute("PRAGMA integrity_check")]
    finally:
        base.close()
    return [row for row in rows if row != "ok"]


def fresh_in(kind: str, folder: Path, server: str = "") -> Callable[[int], Place]:
    """Makes new places of a kind: folder, sqlite or postgresql (with its address)."""

    def make(n: int) -> Place:
        case = folder / f"{kind}-{n}"
        match kind:
            case "folder":
                return InFolder(case)
            case "sqlite":
                return InDatabase(str(folder / f"{n}.db"), case)
            case _:
                return InDatabase(server, case, f"{folder.name}-{n}")

    return make


@contextmanager
def closing(place: Place) -> Iterator[Place]:
    """Leave nothing open behind."""
    try:
        yield place
    finally:
        place.close()
