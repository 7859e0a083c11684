"""open_table(path): the table of facts as chunks, in any order and in any process."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from salesdx.content import did_you_mean
from salesdx.errors import DataError, Said, UsageError, hinted, reason_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.chunk import CHUNK_ROWS, Chunk, Reject
from salesdx.portfolio.facts_table.csv_copy import copied
from salesdx.portfolio.facts_table.facts import batch_of, keys_of
from salesdx.portfolio.facts_table.found import FoundRow, found_row
from salesdx.portfolio.facts_table.identity import Repeats, identities, repeats
from salesdx.portfolio.facts_table.layout import ID, Layout, lay_out
from salesdx.portfolio.facts_table.reading import ReadRows, read_rows
from salesdx.portfolio.facts_table.source import Source, fitted, schema_of, source_of

_PARQUET = b"PAR1"
_ALIKE = 2_000  # ids among which one that was misspelt is looked for


@dataclass(frozen=True, slots=True)
class FactsTable:
    """A table whose columns are all understood.

    `fingerprint` is the SHA-256 of the file. Nothing is kept open and no knowledge is
    carried but what the columns need, so that a table can be sent to any process.
    """

    path: Path
    chunk_rows: int
    fingerprint: str
    layout: Layout
    source: Source
    repeats: Repeats
    state: tuple[int, ...]  # size and time of what is read; of a copy nothing matters

    @property
    def changed(self) -> bool:
        """Whether the file is not what it was when it was opened."""
        return self.source.path == self.path and _state(self.path) != self.state

    @property
    def rows(self) -> int:
        """Rows in all, those that cannot be used among them."""
        return self.source.rows

    @property
    def chunks(self) -> int:
        """How many."""
        return -(-self.rows // self.chunk_rows)

    def chunk(self, number: int) -> Chunk:
        """The rows of a chunk, counted from 0.

        Raises:
            DataError: the file is damaged, or is not what it was when it was opened.
        """
        if not 0 <= number < self.chunks:
            raise IndexError(number)
        start = number * self.chunk_rows
        found = self._read(start, min(start + self.chunk_rows, self.rows))
        sound = found.only(found.faults.sound)
        return Chunk(
            keys_of(sound), batch_of(sound, self.layout), tuple(_rejects(found))
        )

    def find(self, id: str) -> FoundRow:  # noqa: A002
        """The row of a company.

        Raises:
            UsageError: there is none of this id.
            DataError: it cannot be used; with all its reasons.
        """
        wanted = id.strip()
        alike: list[str] = []
        for start, ids, _ in identities(self.source, self.chunk_rows):
            if wanted in ids.values:
                rows = (ids.codes == ids.values.index(wanted)).nonzero()[0]
                if len(rows):
                    return self._found(start + int(rows[0]))
            alike += _alike(wanted, ids.values, _ALIKE - len(alike))
        what = Said(f"no row has the id {wanted!r}", f"нет строки с id «{wanted}»")
        raise UsageError(hinted(what, did_you_mean(wanted, alike)))

    def _found(self, place: int) -> FoundRow:
        found = self._read(place, place + 1)
        rejects = _rejects(found)
        if rejects:
            raise _rejected(self.path.name, rejects)
        return found_row(found, 0, self.layout)

    def _read(self, start: int, stop: int) -> ReadRows:
        columns = self.source.read(start, stop)
        numbers = np.arange(start + 1, stop + 1, dtype=np.int64)
        return read_rows(columns, numbers, self.layout, self.repeats)


def open_table(
    path: Path, knowledge: KnowledgeBase, *, chunk_rows: int = CHUNK_ROWS,
    ignore: Sequence[str] = (), scratch: Path,
) -> FactsTable:  # fmt: skip
    """Open a table and find out what its columns are.

    Args:
        path: Parquet, or CSV of any of the usual encodings and delimiters.
        knowledge: what figures, questions and norms there are.
        chunk_rows: how many rows are read at once.
        ignore: columns to leave out.
        scratch: a folder of its own, where a copy is kept that is read instead of CSV
            or of Parquet in row groups far larger than a chunk.

    Raises:
        DataError: the file cannot be read, or has columns that cannot be used: all of
            them are told.
    """
    try:
        state = _state(path)
        with path.open("rb") as stream:
            parquet = stream.read(4) == _PARQUET
            stream.seek(0)
            fingerprint = hashlib.file_digest(stream, "sha256").hexdigest()
        if parquet:
            schema = schema_of(path, path.name)
            layout = lay_out(schema, knowledge, ignore, path.name)
            source = source_of(path, path.name, layout.columns, schema)
            source = fitted(source, chunk_rows, scratch)
        else:
            layout, source = copied(path, knowledge, ignore, scratch, chunk_rows)
        if _state(path) != state:
            raise changed_meanwhile(path)
    except OSError as error:
        reason = reason_of(error)
        raise DataError(Said(f"{path}: {reason}", f"{path}: {reason.ru}")) from error
    twice = repeats(source, chunk_rows)
    return FactsTable(path, chunk_rows, fingerprint, layout, source, twice, state)


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def changed_meanwhile(path: Path) -> DataError:
    """The file was written to while it was read."""
    return DataError(
        Said(
            f"{path}: the file has changed while it was read; run the command again",
            f"{path}: файл изменился, пока его читали; запустите команду ещё раз",
        )
    )


def _rejects(found: ReadRows) -> list[Reject]:
    if found.faults.sound.all():
        return []
    return found.faults.rejects(found.numbers, found.words[ID].each())


def _rejected(name: str, rejects: Sequence[Reject]) -> DataError:
    def told(language: str) -> str:
        reasons = ((r, getattr(r.reason, language)) for r in rejects)
        return "\n".join(f"{r.column} {r.value!r}: {why}" for r, why in reasons)

    row = rejects[0].row
    return DataError(
        Said(
            f"{name}: row {row} cannot be used:\n{told('en')}",
            f"{name}: строку {row} использовать нельзя:\n{told('ru')}",
        )
    )


def _alike(wanted: str, ids: Sequence[str], most: int) -> list[str]:
    """Ids that may have been meant: of about the length, and the same start or end."""
    found: list[str] = []
    for name in ids:
        if len(found) >= most:
            break
        near = abs(len(name) - len(wanted)) <= 2
        if near and (name[:2] == wanted[:2] or name[-2:] == wanted[-2:]):
            found.append(name)
    return found
