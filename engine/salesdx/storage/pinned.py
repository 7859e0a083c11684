"""Questions that interviews are pinned to: files of a folder, rows of the database.

In a folder they are `questionnaires/VERSION-HASH.json`. The database keeps each once,
for all cases.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from salesdx.answers.pins import FOLDER
from salesdx.knowledge.pinned import SHORT, Pinned, dump, load, name_of
from salesdx.storage import schema
from salesdx.storage.opening import reading, writing

_HASH = re.compile(r"[0-9a-f]{64}")
_table = schema.questionnaires


@dataclass(frozen=True, slots=True)
class KeptQuestions:
    """Questions as they were kept: the hash and the version say what `content` is."""

    sha256: str
    version: str
    content: bytes

    @property
    def path(self) -> str:
        """Where they lie in a case folder."""
        return f"{FOLDER}/{name_of(self.version, self.sha256)}.json"


@dataclass(frozen=True, slots=True)
class DatabasePins:
    """`Pins` of a database: one place for the questions of all cases."""

    engine: Engine

    def keep(self, pinned: Pinned) -> None:
        """Keep questions, unless they are there; committed when this returns."""
        if self.pinned(pinned.sha256) is None:
            with writing(self.engine) as connection:
                keep_questions(connection, KeptQuestions(
                    pinned.sha256, pinned.version, dump(pinned)
                ))  # fmt: skip

    def pinned(self, sha256: str) -> Pinned | None:
        """The questions of a hash, or None where they were not kept."""
        with reading(self.engine) as connection:
            content = content_of(connection, sha256)
        return None if content is None else _parsed(content, sha256)


@lru_cache(maxsize=8)
def _parsed(content: bytes, sha256: str) -> Pinned:
    return load(content, sha256)


def keep_questions(connection: Connection, kept: KeptQuestions) -> None:
    """Keep questions, unless they are there."""
    if content_of(connection, kept.sha256) is not None:
        return
    values = {
        "sha256": kept.sha256, "version": kept.version, "content": kept.content,
    }  # fmt: skip
    if connection.dialect.name == "postgresql":  # another writer may be as quick
        from sqlalchemy.dialects.postgresql import insert

        connection.execute(insert(_table).values(values).on_conflict_do_nothing())
        return
    connection.execute(_table.insert().values(values))


def content_of(connection: Connection, sha256: str) -> bytes | None:
    """The questions of a hash, as they were kept."""
    found = connection.execute(
        select(_table.c.content).where(_table.c.sha256 == sha256)
    ).scalar_one_or_none()
    return None if found is None else bytes(found)


def of_file(path: Path) -> KeptQuestions | None:
    """The questions in a file; None for a file that is something else."""
    content = path.read_bytes()
    try:
        data = json.loads(content)
        sha256, version = data["sha256"], data["version"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(sha256, str) or not _HASH.fullmatch(sha256):
        return None
    return KeptQuestions(sha256, str(version), content)


def keep_of_folder(connection: Connection, folder: Path) -> None:
    """Keep all questions that lie in a case folder."""
    for path in sorted((folder / FOLDER).glob("*.json")):
        kept = of_file(path)
        if kept is not None:
            keep_questions(connection, kept)


def write_missing(connection: Connection, case: str, folder: Path) -> None:
    """Write what the interviews of a case are pinned to, where no file holds it yet."""
    talks = schema.interviews
    rows = connection.execute(
        select(_table).where(
            _table.c.sha256.in_(select(talks.c.sha256).where(talks.c.case_id == case))
        )
    ).all()
    there = folder / FOLDER
    for row in rows:
        if not any(there.glob(f"*-{row.sha256[:SHORT]}.json")):
            kept = KeptQuestions(row.sha256, row.version, bytes(row.content))
            path = folder / kept.path
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(kept.content)
