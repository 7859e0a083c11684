"""One entry of a knowledge file, with the place it was written at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from salesdx.content import Document, NodePath
from salesdx.errors import Problem


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a path in a document of a layer (0 is the shipped)."""

    document: Document
    path: NodePath
    layer: int = 0

    def problem(self, code: str, message: str, hint: str = "") -> Problem:
        """A problem located here."""
        return self.document.problem(self.path, code, message, hint)


@dataclass(frozen=True, slots=True)
class Entry:
    """A validated entry; `path` leads to it inside its document.

    `parts` are places of what another file of a later layer wrote into it, by the path
    inside the entry: rules that were added, a weight that was tuned.
    """

    model: Any
    document: Document
    path: NodePath
    layer: int = 0
    parts: Mapping[NodePath, Place] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The file as it is shown to its author."""
        return self.document.file

    def at(self, path: Iterable[str | int]) -> Place:
        """Where a key of the entry was written; `()` is the entry itself."""
        path = tuple(path)
        for n in range(len(path), 0, -1):
            part = self.parts.get(path[:n])
            if part is not None:
                return Place(part.document, (*part.path, *path[n:]), part.layer)
        return Place(self.document, (*self.path, *path), self.layer)

    def problem(
        self, path: Iterable[str | int], code: str, message: str, hint: str = ""
    ) -> Problem:
        """A problem located at a key of the entry; `()` is the entry itself."""
        return self.at(path).problem(code, message, hint)
