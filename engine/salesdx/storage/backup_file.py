"""Read a backup, trusting nothing in it: it may be cut, altered, foreign or hostile."""

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from salesdx.crm.progress import Progress, silent
from salesdx.errors import DataError, Said
from salesdx.storage.manifest import (
    FORMAT,
    MANIFEST,
    Manifest,
    Part,
    parsed,
    suspicious,
)
from salesdx.storage.upgrading import HEAD

CHECKED = Said("Checking", "Проверяем")
_MANIFEST_LIMIT, _LINE_LIMIT, _PIECE_LIMIT = 1 << 20, 64 << 20, 64 << 20
_AT_ONCE = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
Row = dict[str, Any]


class BackupFile:
    """An open backup; what it says of itself has been read, its parts have not."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path, self.archive = path, archive
        self.manifest = self._manifest()
        self._refuse_unlike()

    def _manifest(self) -> Manifest:
        try:
            with self.archive.open(MANIFEST) as stream:
                raw = stream.read(_MANIFEST_LIMIT)
            made = parsed(raw)
        except (KeyError, ValueError) as error:
            raise self.fault(_FOREIGN) from error
        if made.format != FORMAT or made.schema > HEAD:
            raise self.fault(Said(
                f"a newer salesdx made it ({made.made_by}); update the program",
                f"её сделала более новая версия salesdx ({made.made_by});"
                " обновите программу",
            ))  # fmt: skip
        return made

    def _refuse_unlike(self) -> None:
        """The zip must hold what the manifest names, and nothing else."""
        found = self.archive.infolist()
        sizes = {i.filename: i.file_size for i in found if i.filename != MANIFEST}
        names = Counter([i.filename for i in found])
        if max(names.values()) > 1 or sizes != {
            p.name: p.bytes for p in self.manifest.parts
        }:
            raise self.fault(_ALTERED)
        if suspicious(sum(sizes.values()), self.path.stat().st_size):
            raise self.fault(Said(
                "it would unpack to more than a hundred times its size; salesdx makes"
                " no such copies",
                "при распаковке она выросла бы больше чем в сто раз; salesdx таких"
                " копий не делает",
            ))  # fmt: skip

    def fault(self, what: Said) -> DataError:
        """An error of this file."""
        return DataError(Said(f"{self.path}: {what}", f"{self.path}: {what.ru}"))

    def verify(self, progress: Progress = silent) -> None:
        """Read all of it once and compare counts, lengths and hashes.

        Raises:
            DataError: something differs, or a row is none.
        """
        done = 0
        for part in self.manifest.parts:
            if part.name.endswith(".jsonl"):
                for _ in self.rows(part.name.removesuffix(".jsonl")):
                    pass
            else:
                with self._checked(part) as stream:
                    while stream.read(_AT_ONCE):
                        pass
            done += part.bytes
            progress(CHECKED, done, self.manifest.length)

    def has(self, table: str) -> bool:
        """Whether the backup has rows of a table."""
        return any(p.name == f"{table}.jsonl" for p in self.manifest.parts)

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table as they stand there."""
        part = self._part(f"{table}.jsonl")
        count = 0
        with self._checked(part) as stream:
            for line in stream.lines():
                count += 1
                yield self._row(line)
        if count != part.rows:
            raise self.fault(_ALTERED)

    def _row(self, line: bytes) -> Row:
        try:
            row = json.loads(line.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            raise self.fault(_ALTERED) from error
        flat = isinstance(row, dict) and all(
            v is None or isinstance(v, str | int) for v in row.values()
        )
        if not flat:
            raise self.fault(_ALTERED)
        return dict(row)

    @contextmanager
    def bytes_of(self, table: str) -> Iterator["Pieces"]:
        """What is bytes in a table, to be taken in the order of its rows."""
        with self._checked(self._part(f"{table}.bin")) as stream:
            yield Pieces(self, stream)

    def _part(self, name: str) -> Part:
        for part in self.manifest.parts:
            if part.name == name:
                return part
        raise self.fault(_ALTERED)

    @contextmanager
    def _checked(self, part: Part) -> Iterator["_Hashing"]:
        """A part; left without an error it was read to its end and is what it was."""
        try:
            with self.archive.open(part.name) as raw:
                stream = _Hashing(raw)
                yield stream
        except _BROKEN as error:
            raise self.fault(_ALTERED) from error
        if stream.told != (part.bytes, part.sha256):
            raise self.fault(_ALTERED)


class _Hashing:
    """Reads and hashes on the way."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.hash, self.bytes = stream, hashlib.sha256(), 0

    def read(self, size: int) -> bytes:
        """So many bytes, fewer only at the end."""
        return self._seen(self.stream.read(size))

    def lines(self) -> Iterator[bytes]:
        """All lines; one that is longer than any row comes in pieces."""
        rest = b""
        while found := self.read(_AT_ONCE):
            *whole, rest = (rest + found).split(b"\n")
            yield from whole
            if len(rest) > _LINE_LIMIT:
                yield rest
                rest = b""
        if rest:
            yield rest

    def _seen(self, found: bytes) -> bytes:
        self.hash.update(found)
        self.bytes += len(found)
        return found

    @property
    def told(self) -> tuple[int, str]:
        """How much was read, and its hash."""
        return self.bytes, self.hash.hexdigest()


class Pieces:
    """The bytes of a table, piece by piece."""

    def __init__(self, file: BackupFile, stream: _Hashing) -> None:
        self.file, self.stream = file, stream

    def take(self, length: object) -> bytes:
        """The next piece, as long as its row says."""
        if not isinstance(length, int) or not 0 <= length <= _PIECE_LIMIT:
            raise self.file.fault(_ALTERED)
        found = self.stream.read(length)
        if len(found) != length:
            raise self.file.fault(_ALTERED)
        return found


_FOREIGN = Said(
    "this is no backup of salesdx, or its end is missing",
    "это не резервная копия salesdx, или у неё нет конца",
)
_ALTERED = Said(
    "the copy is damaged or was altered: it is not what was written; nothing was"
    " taken from it",
    "копия повреждена или изменена: в ней не то, что было записано; из неё ничего"
    " не взято",
)


@contextmanager
def opened(path: Path) -> Iterator[BackupFile]:
    """Open a backup and read what it says of itself.

    Raises:
        DataError: it is no backup of ours, or of a newer salesdx.
    """
    with path.open("rb") as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except (*_BROKEN, ValueError) as error:
            told = Said(f"{path}: {_FOREIGN}", f"{path}: {_FOREIGN.ru}")
            raise DataError(told) from error
        with archive:
            yield BackupFile(path, archive)
