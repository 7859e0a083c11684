"""What follows from an analysis alone is made once, and goes when the analysis goes."""

import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from salesdx.analysis import Analysis
from salesdx.language import Language
from salesdx.render.clean import cleaned
from salesdx.render.words import Words
from salesdx.result import ResultDocument

T = TypeVar("T")
_made: dict[int, dict[Hashable, Any]] = {}


def once(found: Analysis, key: Hashable, make: Callable[[], T]) -> T:
    """The value of `make`, kept as long as the analysis lives.

    Two threads may make it at the same time: both values are equal, one is kept.
    """
    mine = _made.get(id(found))
    if mine is None:
        mine = _made.setdefault(id(found), {})
        weakref.finalize(found, _made.pop, id(found), None)
    if key not in mine:
        mine[key] = make()
    return cast(T, mine[key])


@dataclass(frozen=True, slots=True)
class Told:
    """The result without characters that no page shows, and words for it."""

    document: ResultDocument
    words: Words


def told(found: Analysis, lang: Language) -> Told:
    """The result of an analysis and the words of a language."""
    document = once(found, "cleaned", lambda: cleaned(found.document))
    return once(found, ("told", lang), lambda: Told(document, Words(document, lang)))
