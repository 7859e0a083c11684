"""Where the questions that interviews are pinned to are kept: beside the answers."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from salesdx.answers.whole import make_folder, write_whole
from salesdx.errors import DataError, hinted, reason_of
from salesdx.knowledge.pinned import SHORT, Pinned, dump, load

FOLDER = "questionnaires"


class Pins(Protocol):
    """Keeps questions by their hash; what was kept is never changed."""

    def keep(self, pinned: Pinned) -> None:
        """Keep questions; they are on disk when this returns."""
        ...

    def pinned(self, sha256: str) -> Pinned | None:
        """The questions of a hash, or None where they were not kept."""
        ...


@dataclass(frozen=True, slots=True)
class FolderPins:
    """`questionnaires/` of a case folder, a file for each hash."""

    folder: Path

    def keep(self, pinned: Pinned) -> None:
        """Write the questions, unless they are there."""
        if self.pinned(pinned.sha256) is None:
            make_folder(self.folder)
            write_whole(self.folder / f"{pinned.name}.json", dump(pinned))

    def pinned(self, sha256: str) -> Pinned | None:
        """Read the questions of a hash.

        Raises:
            DataError: the file cannot be read, or was changed since it was written.
        """
        if not sha256 or not self.folder.is_dir():
            return None
        for path in sorted(self.folder.glob(f"*-{sha256[:SHORT]}.json")):
            found = _read(path, path.stat().st_mtime_ns)
            if found.sha256 == sha256:
                return found
        return None


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> Pinned:  # noqa: ARG001 - a key of the cache
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(hinted(str(path), reason_of(error))) from error
    return load(content, f"{FOLDER}/{path.name}")
