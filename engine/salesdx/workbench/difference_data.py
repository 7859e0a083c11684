"""Versions and edits for programs: English, with `_ru` beside it."""

from typing import Any

from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.difference_words import Words
from salesdx.workbench.differences import Edit


def version_data(name: str, knowledge: KnowledgeBase) -> dict[str, str]:
    """Which version it was: the pack, and the hash of what its files say."""
    pack = knowledge.pack
    return {
        "name": name, "pack": pack.id, "version": pack.version, "hash": knowledge.hash,
    }  # fmt: skip


def edit_data(edit: Edit, words: Words) -> dict[str, Any]:
    """An edit; `details` are lines, `old` and `new` its places."""
    head, details = words.headline(edit), list(words.details(edit))
    return {
        "id": edit.id,
        "kind": edit.kind,
        "entry": edit.entry,
        "part": edit.part,
        "change": edit.change,
        "bearing": edit.bearing,
        "keys": [a.name for a in edit.aspects],
        "text": head.en,
        "text_ru": head.ru,
        "details": [d.en for d in details],
        "details_ru": [d.ru for d in details],
        "old": edit.old,
        "new": edit.new,
    }
