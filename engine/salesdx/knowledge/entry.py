"""One entry of a knowledge file, with the place it was written at."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from salesdx.content import Document, NodePath
from salesdx.errors import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A validated entry; `path` leads to it inside its document."""

    model: Any
    document: Document
    path: NodePath

    @property
    def file(self) -> str:
        """The file as it is shown to its author."""
        return self.document.file

    def problem(
        self, path: Iterable[str | int], code: str, message: str, hint: str = ""
    ) -> Problem:
        """A problem located at a key of the entry; `()` is the entry itself."""
        return self.document.problem((*self.path, *path), code, message, hint)
