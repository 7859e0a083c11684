"""Texts that a skeleton left to be written: no report should ever show a TODO."""

from collections.abc import Iterator
from typing import Any

from salesdx.content import NodePath
from salesdx.errors import Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import LANGUAGES
from salesdx.workbench.findings import Finding

TODO = "TODO"
_SAID = Said("still to be written", "ещё не написано")


def unwritten(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Each text that begins with TODO, with the id of its entry."""
    for kind, entries in knowledge.entries.items():
        for name, entry in entries.items():
            data = entry.model.model_dump(by_alias=True)
            if kind == "questionnaires":
                data.pop("questions")  # entries themselves
            for path in _todo(data, ()):
                yield Finding(entry.problem(path, "unwritten-text", _SAID), name)


def _todo(data: Any, path: NodePath) -> Iterator[NodePath]:
    if _open(data):
        yield path
    elif isinstance(data, dict):
        if set(data) == set(LANGUAGES) and all(map(_open, data.values())):
            yield path  # one text, told once
            return
        for key, value in data.items():
            yield from _todo(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _todo(value, (*path, i))


def _open(data: Any) -> bool:
    return isinstance(data, str) and data.startswith(TODO)
