"""Which edits another one cannot be without: a rule that reads a new question.

Taken from the words of the entries: what is named by an edit and new needs the edit
that brings it; what is gone needs every edit that stops naming it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.differences import Edit

Needs = Mapping[str, frozenset[str]]


def requirements(
    edits: Mapping[str, Edit], old: KnowledgeBase, new: KnowledgeBase
) -> Needs:
    """Per edit all edits that have to come with it, and those that they need."""
    added = _named(edits, "added")
    removed = _named(edits, "removed")
    needs: dict[str, set[str]] = {i: set() for i in edits}
    for name, edit in edits.items():
        before, after = _words(edit, old), _words(edit, new)
        for word in after & added.keys():
            needs[name] |= added[word]
        for word in (before - after) & removed.keys():
            for gone in removed[word]:
                needs[gone].add(name)
    return {i: _all(i, needs) - {i} for i in needs}


def _named(edits: Mapping[str, Edit], change: str) -> dict[str, set[str]]:
    """Edits that bring (or take) a whole entry, by the id of the entry."""
    found: dict[str, set[str]] = {}
    for name, edit in edits.items():
        if edit.change == change and edit.kind != "rules":
            found.setdefault(edit.entry, set()).add(name)
    return found


def _all(name: str, needs: Mapping[str, set[str]]) -> frozenset[str]:
    found, left = {name}, [name]
    while left:
        more = needs[left.pop()] - found
        found |= more
        left += more
    return frozenset(found)


def _words(edit: Edit, side: KnowledgeBase) -> set[str]:
    """Every word that the edited part of an entry says on one side, but for texts."""
    kind = "causes" if edit.kind == "rules" else edit.kind
    entry = side.entries.get(kind, {}).get(edit.entry)
    if entry is None:
        return set()
    model = entry.model
    if edit.kind == "rules":
        rules = (*model.evidence, *model.against)
        data: Any = [r.model_dump() for r in rules if r.id == edit.part]
    elif edit.part:
        data = getattr(model, edit.part[1:], None)  # `off` stands in tuning.yaml
    else:
        data = model.model_dump()
    return set(_spoken(data))


def _spoken(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key not in ("en", "ru", "tests"):
                yield str(key)
                yield from _spoken(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _spoken(value)
    elif isinstance(data, str):
        yield from data.split()
