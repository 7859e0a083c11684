"""Names as people type them on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salesdx.cli.wording import say
from salesdx.errors import UsageError, hinted

if TYPE_CHECKING:
    from salesdx.knowledge.base import KnowledgeBase


def cause_id(knowledge: KnowledgeBase, name: str) -> str:
    """The id of a cause named by its id or its ref (`C-22`).

    Raises:
        UsageError: there is no such cause, or a ref fits several.
    """
    from salesdx.content import did_you_mean

    if name in knowledge.causes:
        return name
    found = [i for i, c in knowledge.causes.items() if name in c.spec.ref]
    if len(found) == 1:
        return found[0]
    if found:
        many = ", ".join(found)
        raise UsageError(
            say(f"{name} fits several causes: {many}", f"{name} — это и {many}")
        )
    hint = did_you_mean(name, knowledge.causes)
    none = say(f"there is no cause {name!r}", f"нет причины «{name}»")
    raise UsageError(hinted(none, hint))


def slice_option(words: Sequence[str]) -> dict[str, str]:
    """`manager=M7` words as a mapping.

    Raises:
        UsageError: a word is not DIMENSION=VALUE.
    """
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals and value):
            raise UsageError(
                say(
                    f"{word!r} is not DIMENSION=VALUE, like manager=M7",
                    f"«{word}» — не ИЗМЕРЕНИЕ=ЗНАЧЕНИЕ, например manager=M7",
                )
            )
        found[name] = value
    return found
