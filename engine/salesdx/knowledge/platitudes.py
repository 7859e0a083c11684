"""The banality detector for "why us" (Q-WHY-01): answers that say nothing.

The word stems are content: `knowledge_base/platitudes.yaml`. A text is banal when
every clause of it is a platitude: one concrete clause is an answer.
"""

import re
from functools import cache

from salesdx.content import content, read

_CLAUSE = re.compile(r"[,.;!\n]|\s+(?:и|and|&)\s+|\s+[-–—]\s+")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    document, _ = read(content("knowledge_base") / "platitudes.yaml")
    phrases = document.data["phrases"] if document else []
    return tuple(_pattern(p) for p in phrases)


def _pattern(phrase: str) -> re.Pattern[str]:
    """`индивидуальн* подход*`: word stems that may stand apart by one word."""
    words = [re.escape(w.rstrip("*")) + r"\w*" for w in phrase.split()]
    return re.compile(r"\b" + r"\s+(?:\w+\s+)?".join(words), re.IGNORECASE)


def is_banal(text: str) -> bool:
    """Whether a text holds nothing but platitudes (an empty text says nothing)."""
    clauses = [c.strip() for c in _CLAUSE.split(text.replace("ё", "е")) if c.strip()]
    return all(any(p.search(c) for p in _patterns()) for c in clauses)
