"""The folder where finished pieces of a run wait until all of them are there.

A piece is files and a tally, which is written last and names the files with their size
and checksum: a piece without a sound tally has never been computed. Each is put in its
place whole, so that a run may be killed at any moment and a piece be computed twice, by
whomever: it comes out the same.
"""

import json
import os
import platform
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salesdx.crm.writing import unwritten
from salesdx.language import Text
from salesdx.portfolio.chunk import Reject

_TALLY = "tally.json"
REJECTS = "rejects.jsonl"
Piece = int | str  # its number, or a name of its own


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a piece: how many rows were judged and left out, and what they say.

    `likely` counts the companies of each likely cause. `files` are the size and the
    checksum of what was written, by name. `more` is what only one kind of work knows.
    """

    judged: int = 0
    rejected: int = 0
    likely: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """The folder; any process may have one of its own."""

    folder: Path

    def path(self, piece: Piece, name: str) -> Path:
        """Where a file of a piece is."""
        key = piece if isinstance(piece, str) else f"{piece:06d}"
        return self.folder / f"{key}.{name}"

    def put(
        self, piece: Piece, files: Mapping[str, bytes | memoryview], tally: Tally
    ) -> Tally:  # fmt: skip
        """Keep what came of a piece.

        Raises:
            DataError: it cannot be written.
        """
        marks = {n: (len(c), zlib.crc32(c)) for n, c in files.items()}
        found = Tally(tally.judged, tally.rejected, tally.likely, marks, tally.more)
        for name, content in files.items():
            _put(self.path(piece, name), content)
        told = {s: getattr(found, s) for s in Tally.__slots__}
        text = json.dumps(told, ensure_ascii=False, allow_nan=False)
        _put(self.path(piece, _TALLY), text.encode())
        return found

    def tally(self, piece: Piece) -> Tally | None:
        """What came of a piece, if it is there and sound."""
        with suppress(OSError, ValueError, TypeError):
            read = Tally(**json.loads(self.path(piece, _TALLY).read_bytes()))
            marks = {n: (size, crc) for n, (size, crc) in read.files.items()}
            if all(_mark(self.path(piece, n)) == mark for n, mark in marks.items()):
                return Tally(
                    read.judged, read.rejected, read.likely, marks, read.more
                )  # fmt: skip
        return None

    def rejects(self, pieces: Iterable[Piece]) -> Iterator[Reject]:
        """The rows left out, in the order of the pieces."""
        for piece in pieces:
            path = self.path(piece, REJECTS)
            if not path.exists():
                continue
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield reject_of(json.loads(line))


def plain(reject: Reject) -> dict[str, Any]:
    """A reject as JSON has it."""
    found = {s: getattr(reject, s) for s in Reject.__slots__}
    return found | {"reason": reject.reason.model_dump()}


def reject_of(told: Mapping[str, Any]) -> Reject:
    """A reject that was told by `plain`."""
    return Reject(**{**told, "reason": Text(**told["reason"])})


def rejects_lines(rejects: Sequence[Reject]) -> bytes:
    """Rows left out as JSON lines."""
    lines = (json.dumps(plain(r), ensure_ascii=False) for r in rejects)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _put(path: Path, content: bytes | memoryview) -> None:
    """Write aside and rename; whoever else computes the same piece does no harm."""
    beside = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise unwritten(path, error) from error


def _mark(path: Path) -> tuple[int, int]:
    content = path.read_bytes()
    return len(content), zlib.crc32(content)
