"""Which facts of the table a cause is judged by: questions and metrics."""

from functools import lru_cache

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import names


@lru_cache(maxsize=4096)
def _read(cause: str, knowledge: "_ById") -> frozenset[str]:
    base = knowledge.base
    found: set[str] = set()
    open_ = [n for r in base.causes[cause].rules for n in names(r.node)]
    seen: set[str] = set()
    while open_:
        name = open_.pop()
        if name in seen:
            continue
        seen.add(name)
        prefix, _, rest = name.partition(":")
        if not rest:
            found.add(name)
        elif prefix == "gap":
            found.add(rest)
        elif prefix == "symptom" and rest in base.symptoms:
            open_ += names(base.symptoms[rest].node)
    return frozenset(found)


class _ById:
    """A knowledge base as a key: the same object, not equal content."""

    __slots__ = ("base",)

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.base is self.base

    def __hash__(self) -> int:
        return id(self.base)


def facts_read(cause: str, knowledge: KnowledgeBase) -> frozenset[str]:
    """Ids of questions and metrics; none for a cause that is not in the knowledge."""
    if cause not in knowledge.causes:
        return frozenset()
    return _read(cause, _ById(knowledge))
