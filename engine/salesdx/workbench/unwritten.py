"""Texts that a skeleton left to be written: no report should ever show a TODO."""

from collections.abc import Iterator
from typing import Any

from salesdx.content import NodePath
from salesdx.errors import Problem, Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import LANGUAGES

TODO = "TODO"


def unwritten(knowledge: KnowledgeBase) -> Iterator[tuple[str, Problem]]:
    """Each text that begins with TODO, with the id of its entry."""
    for kind, entries in knowledge.entries.items():
        if kind == "questionnaires":
            continue  # its questions are entries themselves
        for name, entry in entries.items():
            data = entry.document.data
            for step in entry.path:
                data = data[step]
            for path in _todo(data, entry.path):
                yield name, entry.document.problem(path, "unwritten-text", _SAID)
    for name, entry in knowledge.entries.get("questionnaires", {}).items():
        for key in ("title", "intro"):
            for path in _todo(entry.document.data.get(key), (key,)):
                yield name, entry.document.problem(path, "unwritten-text", _SAID)


_SAID = Said("still to be written", "ещё не написано")


def _open(data: Any) -> bool:
    return isinstance(data, str) and data.startswith(TODO)


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
