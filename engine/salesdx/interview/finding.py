"""Find a question by what somebody types: an id, a ref, or words of its title."""

import re
from collections.abc import Sequence

from salesdx.answers.addresses import Unresolved, resolve
from salesdx.interview.agenda import in_order
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import QuestionEntry

MOST = 9
_WORD = re.compile(r"\w+")
_STEM = 5  # enough of a Russian word to meet it in another case


def named(text: str, knowledge: KnowledgeBase) -> QuestionEntry | None:
    """The question of exactly this id or ref."""
    found = resolve(text, knowledge.questions)
    if isinstance(found, Unresolved):
        found = resolve(text.upper(), knowledge.questions)
    return None if isinstance(found, Unresolved) else found


def search(text: str, knowledge: KnowledgeBase) -> list[QuestionEntry]:
    """Questions that have all the words, in either language; in the author's order.

    Where none has all, those that have most of them.
    """
    wanted = [_stem(w) for w in _words(text)]
    if not wanted:
        return []
    hits = [(_met(wanted, q), q) for q in in_order(knowledge)]
    best = max((n for n, _ in hits), default=0)
    if best * 2 < len(wanted) or not best:
        return []
    return [q for n, q in hits if n == best]


def _met(wanted: Sequence[str], question: QuestionEntry) -> int:
    texts = [question.id, *question.ref, question.title.en, question.title.ru]
    texts += [t for o in question.options for t in (o.title.en, o.title.ru)]
    words = [w for t in texts for w in _words(t)]
    return sum(any(w.startswith(stem) for w in words) for stem in wanted)


def _words(text: str) -> list[str]:
    return [w.replace("ё", "е") for w in _WORD.findall(text.lower())]


def _stem(word: str) -> str:
    return word if len(word) <= _STEM else word[: max(_STEM, len(word) - 2)]
