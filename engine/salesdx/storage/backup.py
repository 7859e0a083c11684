"""Write a backup: one file of one moment of the database, SQLite or PostgreSQL alike.

Nothing is held in memory but a row or a piece of a file.
"""

import datetime as dt
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    func,
    inspect,
    select,
    text,
)

from salesdx.crm.progress import Progress, silent
from salesdx.errors import DataError, Said
from salesdx.storage import schema
from salesdx.storage.aside import aside, refuse_existing
from salesdx.storage.events import BEGINNING, Detail, record
from salesdx.storage.manifest import FORMAT, MANIFEST, Manifest, Part, suspicious
from salesdx.storage.opening import file_of, reading, writing
from salesdx.storage.upgrading import revision

COPIED = Said("Copying", "Копируем")
_LEVEL = 1  # of packing: higher ones take longer and gain little
_AT_ONCE = 1 << 18  # bytes
_TOLD = 50  # rows or pieces between two words on the progress


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup; `sha256` is the hash of its manifest."""

    manifest: Manifest
    size: int
    sha256: str


def back_up(
    engine: Engine, target: Path, at: dt.datetime, force: bool = False,
    progress: Progress = silent,
) -> Made:  # fmt: skip
    """Write everything that the database holds at this moment into one file.

    Others may go on writing. The file appears when it is whole; it is readable by its
    owner alone.

    Raises:
        UsageError: the file is there already, and `force` was not said.
        DataError: the database holds nothing of ours, or another run writes the file.
    """
    refuse_existing(target, force)
    place = file_of(engine)
    if place is not None and not place.is_file():
        raise _nothing()  # opening it would make an empty one
    with aside(target) as stream:
        with reading(engine) as connection, _packing(stream) as archive:
            manifest = _write(connection, archive, at, progress)
        if suspicious(manifest.length, stream.tell()):
            _store(stream)
        size = stream.tell()
        refuse_existing(target, force)
    return Made(manifest, size, hashlib.sha256(manifest.packed()).hexdigest())


def note(engine: Engine, made: Made, at: str, actor: str) -> None:
    """Tell the log of a backup; the backup itself does not hold this event."""
    cases = made.manifest.rows("cases")
    counted: Detail = {"cases": cases, "manifest": made.sha256}
    with writing(engine) as connection:
        record(connection, at, actor, "backed-up", detail=counted)


def _nothing() -> DataError:
    return DataError(Said(
        "there is nothing to back up: no database of salesdx is here",
        "копировать нечего: базы salesdx здесь нет",
    ))  # fmt: skip


def _packing(stream: IO[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)


def our_tables(connection: Connection) -> list[Table]:
    """The tables to keep as they stand in the database, those referred to first.

    Who is signed in at the moment is not kept: a copy lets nobody in.
    """
    ours = set(schema.metadata.tables) - {t.name for t in schema.PASSING}
    there = set(inspect(connection).get_table_names()) & ours
    found = MetaData()
    found.reflect(connection, only=sorted(there))
    return found.sorted_tables


def _write(
    connection: Connection, archive: zipfile.ZipFile, at: dt.datetime,
    progress: Progress,
) -> Manifest:  # fmt: skip
    known = revision(connection)
    if known is None:
        raise _nothing()
    tables = our_tables(connection)
    counts = {t.name: _count(connection, t) for t in tables}
    total = sum(
        n * (2 if bytes_of(t) else 1) for t in tables for n in (counts[t.name],)
    )
    told, parts = 0, []
    for table in tables:
        for name, pieces in _pieces(connection, table):
            with archive.open(name, "w", force_zip64=True) as stream:
                part = _Writing(stream)
                for piece in pieces:
                    part.add(piece)
                    if part.rows % _TOLD == 0:
                        progress(COPIED, told + part.rows, total)
                parts.append(part.done(name))
            told += part.rows
    events, head = _log(connection, tables)
    manifest = Manifest(
        FORMAT, known, at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"salesdx {version('salesdx')}", connection.dialect.name, events, head,
        tuple(parts),
    )  # fmt: skip
    archive.writestr(MANIFEST, manifest.packed())
    return manifest


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _log(connection: Connection, tables: list[Table]) -> tuple[int, str]:
    """How long the log of events is, and its last hash."""
    if not any(t.name == schema.events.name for t in tables):
        return 0, BEGINNING
    last = text("SELECT n, hash FROM events ORDER BY n DESC LIMIT 1")
    row = connection.execute(last).one_or_none()
    return (0, BEGINNING) if row is None else (row.n, row.hash)


def bytes_of(table: Table) -> list[Column[Any]]:
    """The columns that hold bytes."""
    return [c for c in table.columns if isinstance(c.type, LargeBinary)]


def _pieces(
    connection: Connection, table: Table
) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield f"{table.name}.jsonl", _rows(connection, table)
    if bytes_of(table):
        yield f"{table.name}.bin", _bytes(connection, table)


def _rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows as lines; of what is bytes they tell the length."""
    raw = bytes_of(table)
    columns = [func.length(c).label(c.name) if c in raw else c for c in table.columns]
    rows = select(*columns).order_by(*table.primary_key.columns)
    pack = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in connection.execute(rows.execution_options(yield_per=500)):
        yield f"{pack(row._asdict())}\n".encode("utf-8", "surrogatepass")


def _bytes(connection: Connection, table: Table) -> Iterator[bytes]:
    """What is bytes, in the order of the rows."""
    rows = select(*bytes_of(table)).order_by(*table.primary_key.columns)
    for row in connection.execute(rows.execution_options(yield_per=4)):
        yield from row


class _Writing:
    """A part that is being written: counted and hashed on the way."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.hash = stream, hashlib.sha256()
        self.rows = self.bytes = self.held = 0
        self.waiting: list[bytes] = []  # short rows are packed together

    def add(self, piece: bytes) -> None:
        """Write one row or one piece of a file."""
        self.rows += 1
        self.waiting.append(piece)
        self.held += len(piece)
        if self.held >= _AT_ONCE:
            self._pack()

    def _pack(self) -> None:
        found = b"".join(self.waiting)
        self.stream.write(found)
        self.hash.update(found)
        self.bytes += len(found)
        self.waiting, self.held = [], 0

    def done(self, name: str) -> Part:
        """Write the rest; what the manifest says of the part."""
        self._pack()
        return Part(name, self.rows, self.bytes, self.hash.hexdigest())


def _store(stream: IO[bytes]) -> None:
    """Write the same parts unpacked: packed they would be taken for a bomb."""
    with tempfile.TemporaryFile(dir=Path(str(stream.name)).parent) as spare:
        with zipfile.ZipFile(stream) as old, zipfile.ZipFile(spare, "w") as new:
            for name in old.namelist():
                with (
                    old.open(name) as part,
                    new.open(name, "w", force_zip64=True) as copy,
                ):
                    shutil.copyfileobj(part, copy, 1 << 20)
        stream.seek(0)
        stream.truncate()
        spare.seek(0)
        shutil.copyfileobj(spare, stream, 1 << 20)
