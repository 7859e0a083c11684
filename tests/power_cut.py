"""The disk as it may be after a power cut, made from what a process did to its files.

What was synced is there. Of what was written since, each sector of 512 bytes may be as
it was or as any later write left it, independently of the others; the size may be old
or new; what a file grew by may be rubbish. Created, renamed and removed names may not
have happened until their folder was synced. power_cut.c writes the calls down.
"""

import ctypes
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
HEADER = struct.Struct("=IIIIQQ")
NO_COMPILER = "no C compiler (cc), or not Linux: calls cannot be recorded"


def can_record() -> bool:
    """Whether the recorder can be compiled and preloaded here."""
    return sys.platform == "linux" and shutil.which("cc") is not None


def compiled(folder: Path) -> Path:
    """The recorder as a library to preload."""
    library = folder / "power_cut.so"
    source = Path(__file__).with_name("power_cut.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
    return library


class Recorder:
    """The recorder from within a process that was started with it preloaded."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._cut = ctypes.CDLL(None)
        self._cut.cut_record(str(folder).encode(), str(log).encode())

    def mark(self, text: str) -> None:
        """Write a line of our own between the calls."""
        self._cut.cut_mark(text.encode())

    def fail(self, call: int, error: int) -> None:
        """Let the call with this number fail; from it on all, when it is negative."""
        self._cut.cut_fail(call, error)

    def calls(self) -> int:
        """How many calls there were."""
        found: int = self._cut.cut_calls()
        return found


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `kind` is the letter of power_cut.c."""

    kind: str
    inode: int
    offset: int
    first: bytes
    second: bytes

    @property
    def path(self) -> str:
        """The payload as a path."""
        return self.first.decode()


def calls_of(log: Path) -> list[Call]:
    """Everything recorded, in order."""
    data, at, found = log.read_bytes(), 0, []
    while at < len(data):
        kind, first, second, _, inode, offset = HEADER.unpack_from(data, at)
        at += HEADER.size
        middle, end = at + first, at + first + second
        found.append(Call(chr(kind), inode, offset, data[at:middle], data[middle:end]))
        at = end
    return found


@dataclass
class File:
    """A file: what is surely on disk, what the cache holds, and the way between."""

    durable: bytes = b""
    cache: bytearray = field(default_factory=bytearray)
    sizes: list[int] = field(default_factory=list)
    sectors: dict[int, list[bytes]] = field(default_factory=dict)

    def write(self, offset: int, data: bytes) -> None:
        """Write into the cache."""
        end = offset + len(data)
        if end > len(self.cache):
            self.cache.extend(bytes(end - len(self.cache)))
            self.sizes.append(end)
        self.cache[offset:end] = data
        self._touched(offset, end)

    def resize(self, size: int) -> None:
        """Cut or lengthen."""
        old = len(self.cache)
        self.cache = self.cache[:size] + bytes(max(0, size - old))
        self.sizes.append(size)
        self._touched(min(old, size), max(old, size))

    def _touched(self, start: int, end: int) -> None:
        for n in range(start // SECTOR, -(-end // SECTOR)):
            piece = bytes(self.cache[n * SECTOR : (n + 1) * SECTOR])
            self.sectors.setdefault(n, []).append(piece.ljust(SECTOR, b"\0"))

    def sync(self) -> None:
        """Everything is on disk."""
        self.durable = bytes(self.cache)
        self.sizes.clear()
        self.sectors.clear()

    def after_cut(self, chance: random.Random, arrived: float) -> bytes:
        """What is there when the power comes back."""
        size = len(self.durable)
        if self.sizes:
            latest = chance.random() < arrived
            size = self.sizes[-1] if latest else chance.choice([size, *self.sizes])
        whole = max(size, len(self.durable))
        content = bytearray(self.durable.ljust(-(-whole // SECTOR) * SECTOR, b"\0"))
        for n, versions in self.sectors.items():
            place = slice(n * SECTOR, (n + 1) * SECTOR)
            if place.start >= len(content):
                continue
            if chance.random() < arrived:
                content[place] = versions[-1]
            elif place.stop > len(self.durable) and chance.random() < 0.3:
                kept = max(0, len(self.durable) - place.start)
                content[place.start + kept : place.stop] = chance.randbytes(
                    SECTOR - kept
                )
            else:
                content[place] = chance.choice([bytes(content[place]), *versions])
        return bytes(content[:size])


class Disk:
    """A folder as its calls made it."""

    def __init__(self, folder: Path, before: Path) -> None:
        """`before` is a copy of the folder as it was, all of it on disk."""
        self._folder = folder
        self._files: dict[int, File] = {}
        self._entries: dict[str, File] = {}
        self._pending: list[tuple[str, File | None]] = []
        for path in before.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                name = str(folder / path.relative_to(before))
                self._entries[name] = File(data, bytearray(data))

    def do(self, call: Call) -> None:
        """Carry out a call."""
        match call.kind:
            case "c":
                file = self._files[call.inode] = File()
                self._pending.append((call.path, file))
            case "w":
                self._files[call.inode].write(call.offset, call.first)
            case "t":
                self._files[call.inode].resize(call.offset)
            case "s":
                self._files[call.inode].sync()
            case "r":
                moved = self.now()[call.path]
                self._pending.append((call.second.decode(), moved))
                self._pending.append((call.path, None))
            case "u":
                self._pending.append((call.path, None))
            case "d":
                self._folder_synced(call.path)

    def now(self) -> dict[str, File]:
        """The names as processes see them."""
        return self._named(self._pending)

    def _named(self, pending: Iterable[tuple[str, File | None]]) -> dict[str, File]:
        entries = dict(self._entries)
        for path, file in pending:
            if file is None:
                entries.pop(path, None)
            else:
                entries[path] = file
        return entries

    def _folder_synced(self, folder: str) -> None:
        there = [p for p in self._pending if str(Path(p[0]).parent) == folder]
        self._entries = self._named(there)
        self._pending = [p for p in self._pending if p not in there]

    def after_cut(self, chance: random.Random) -> Iterator[tuple[str, bytes]]:
        """The files when the power comes back, with their paths in the folder."""
        arrived = chance.choice((0.0, 0.3, 0.7, 0.95, 1.0))
        kept = [p for p in self._pending if chance.random() < arrived]
        if chance.random() < 0.5:  # a journal of the file system keeps their order
            kept = self._pending[: chance.randint(0, len(self._pending))]
        for path, file in self._named(kept).items():
            name = str(Path(path).relative_to(self._folder))
            if name.endswith("-shm"):  # shared memory: nobody syncs it
                if chance.random() < 0.5:
                    yield name, chance.randbytes(len(file.cache))
            else:
                yield name, file.after_cut(chance, arrived)


def cut(disk: Disk, chance: random.Random, into: Path) -> None:
    """Make the folder as it may be after a cut at this moment."""
    for name, content in disk.after_cut(chance):
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_bytes(content)
