"""From the file of a problem, as it is shown, back to the file on the disk."""

from collections.abc import Sequence
from pathlib import Path

from salesdx.content import content


class Sources:
    """The folders that were read, by the names under which their files are shown."""

    def __init__(self, overlays: Sequence[Path], folder: Path | None = None) -> None:
        self.own = [p.resolve() for p in overlays]
        if folder is not None:
            self.own.insert(0, folder.resolve())
        shipped = ("knowledge_base", "questionnaires", "reports") if not folder else ()
        self._roots = [*self.own, *(content(name).resolve() for name in shipped)]

    def path(self, file: str) -> Path | None:
        """The file behind a shown name; None where it is none, or one of two."""
        name, _, inside = file.partition("/")
        there = [root / inside for root in self._roots if root.name == name]
        found = [path for path in there if inside and path.is_file()]
        return found[0] if len(found) == 1 else None

    def own_path(self, file: str) -> Path | None:
        """The same, for files in a folder that the user named."""
        path = self.path(file)
        inside = path and any(path.is_relative_to(root) for root in self.own)
        return path if inside else None

    def line(self, file: str, number: int) -> str | None:
        """One line of a file, from 1."""
        path = self.path(file)
        if path is None or number < 1:
            return None
        try:
            lines = path.read_bytes().decode("utf-8-sig", "replace").splitlines()
        except OSError:
            return None
        return lines[number - 1] if number <= len(lines) else None
