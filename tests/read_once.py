"""The shipped knowledge, read once a process instead of before hundreds of tests.

A base is frozen, so it may be shared; at the end of a run a fresh one shows whether
somebody changed it all the same. Under overlays it is built anew, of parsed files.
"""

import pickle
from collections.abc import Sequence
from pathlib import Path

from salesdx import content
from salesdx.errors import Problem
from salesdx.knowledge import load as loading
from salesdx.knowledge.base import KnowledgeBase
from salesdx.located_yaml import Document

Loaded = tuple[KnowledgeBase, list[Problem]]
Parsed = tuple[Document | None, list[Problem]]
_load_all, _parse = loading.load_all, content.parse
_SHIPPED = loading.places(None)


class ReadOnce:
    """Stands in for what reads the files of a base."""

    def __init__(self) -> None:
        self._base: Loaded | None = None
        self._files: dict[tuple[str, str], bytes] = {}
        self._reading = False

    def stand_in(self) -> None:
        """From now on."""
        loading.load_all = self.load_all
        content.parse = self.parse

    def load_all(
        self, overlays: Sequence[Path] = (), *, folder: Path | None = None
    ) -> Loaded:
        """What is shipped as it was read first; anything else is read again."""
        if folder is not None or loading.places(None) != _SHIPPED:
            return _load_all(overlays, folder=folder)
        if self._base is None:
            self._reading = True
            self._base = _load_all()
            self._reading = False
        if overlays:
            return _load_all(overlays)
        knowledge, problems = self._base
        return knowledge, list(problems)

    def parse(self, text: str, name: str) -> Parsed:
        """A file of the shipped base as it was parsed first, in a copy of its own."""
        held = self._files.get((text, name))
        if held is not None:
            found: Parsed = pickle.loads(held)
            return found
        parsed = _parse(text, name)
        if self._reading:
            self._files[text, name] = pickle.dumps(parsed)
        return parsed

    def check(self) -> None:
        """Nobody changed what all tests share."""
        if self._base is not None:
            content.parse = _parse
            assert _load_all() == self._base, "a test changed the shipped knowledge"
