"""The form of a backup: a zip of parts, and the manifest that vouches for them.

`<table>.jsonl` holds the rows of a table, one JSON object a line. Where a column holds
bytes, the row says how many, and they stand in `<table>.bin`, one after another.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = "salesdx/backup/1"
MANIFEST = "manifest.json"
NAME = re.compile(r"[a-z][a-z0-9_]{0,60}\.(jsonl|bin)")
# What shrinks more is taken for a bomb when it is read; we never pack anything so
MOST_SHRUNK, SMALL = 100, 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the backup: how many rows or pieces, how long, and its hash."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; `events` is how long the log is, `head` its last hash."""

    format: str
    schema: str
    made_at: str
    made_by: str
    source: str
    events: int
    head: str
    parts: tuple[Part, ...]

    def rows(self, table: str) -> int:
        """How many rows a table has in the backup."""
        return next((p.rows for p in self.parts if p.name == f"{table}.jsonl"), 0)

    @property
    def length(self) -> int:
        """How long all parts are, unpacked."""
        return sum(p.bytes for p in self.parts)

    def packed(self) -> bytes:
        """The manifest as it is written."""
        return f"{json.dumps(asdict(self), indent=2, ensure_ascii=False)}\n".encode()


def parsed(raw: bytes) -> Manifest:
    """The manifest as it was written.

    Raises:
        ValueError: this is no manifest of ours.
    """
    try:
        data = json.loads(raw)
        parts = tuple(_part(p) for p in data.pop("parts"))
        made = Manifest(**data, parts=parts)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("no manifest") from error
    texts = (made.schema, made.made_at, made.made_by, made.source, made.head)
    if not all(isinstance(t, str) for t in texts) or not _count(made.events):
        raise ValueError("no manifest")
    return made


def _part(data: dict[str, Any]) -> Part:
    part = Part(**data)
    sound = (
        isinstance(part.name, str) and NAME.fullmatch(part.name)
        and _count(part.rows) and _count(part.bytes) and isinstance(part.sha256, str)
    )  # fmt: skip
    if not sound:
        raise ValueError("no part")
    return part


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def suspicious(total: int, size: int) -> bool:
    """Whether a file of this size should not hold so much."""
    return total > SMALL and total > MOST_SHRUNK * size
