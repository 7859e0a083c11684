"""How a question differs from the one that was answered: what its answers are worth.

Codes of changes, by what they do to an answer that was given before:

- harmless: other words, order, respondents or time; options or room added;
- to confirm: it is asked under another condition, in another unit, on another scale or
  within narrower bounds;
- breaking: another type, an option that is gone, asked of something else.
"""

import json
from typing import Any, Literal

from salesdx.answers.values import bounds
from salesdx.knowledge.models import QuestionEntry

Change = Literal[
    "words", "wider", "options-added", "relevance", "unit", "scale", "tighter", "type",
    "options-gone", "about",
]  # fmt: skip
Worth = Literal["harmless", "confirm", "breaking"]
TO_CONFIRM: frozenset[Change] = frozenset({"relevance", "unit", "scale", "tighter"})
BREAKING: frozenset[Change] = frozenset({"type", "options-gone", "about"})
_SETTLED = {"type", "options", "min", "max", "unit", "about", "relevant_if"}
# what the rules make of an answer says nothing of what was asked
_OF_RULES = {"problem", "dont_know", "metric", "unused", "source"}


def changes(old: QuestionEntry, new: QuestionEntry) -> frozenset[Change]:
    """Everything that differs, whatever the id is."""
    found: set[Change] = set()
    if old.type != new.type:
        found.add("type")
    if old.about != new.about:
        found.add("about")
    if old.unit != new.unit:
        found.add("unit")
    if _plain(old.relevant_if) != _plain(new.relevant_if):
        found.add("relevance")
    found |= _of_bounds(old, new) if old.type == new.type else set()
    codes = [{o.code for o in q.options} for q in (old, new)]
    if codes[0] - codes[1]:
        found.add("options-gone")
    if codes[1] - codes[0]:
        found.add("options-added")
    if _words(old, codes[1]) != _words(new, codes[0]):
        found.add("words")
    return frozenset(found)


def worth(found: frozenset[Change]) -> Worth:
    """What the changes do to answers, at worst."""
    if found & BREAKING:
        return "breaking"
    return "confirm" if found & TO_CONFIRM else "harmless"


def _of_bounds(old: QuestionEntry, new: QuestionEntry) -> set[Change]:
    """A point of a scale means what it means on that scale, so any change counts."""
    (low, high), (least, most) = bounds(old), bounds(new)
    if (low, high) == (least, most):
        return set()
    if old.type == "scale":
        return {"scale"}
    if old.unit != new.unit:  # the numbers cannot be compared
        return set()
    found: set[Change] = set()
    if least > low or most < high:
        found.add("tighter")
    if least < low or most > high:
        found.add("wider")
    return found


def _words(question: QuestionEntry, elsewhere: set[str]) -> Any:
    """What is read; of the options, those that the other one has too."""
    left = _OF_RULES | _SETTLED | {"id"}
    row = question.model_dump(mode="json", exclude=left)
    shared = [o for o in question.options if o.code in elsewhere]
    return row, [(o.code, o.title.model_dump()) for o in shared]


def _plain(condition: Any) -> Any:
    """A condition with its parts in one order: it holds all the same."""
    if isinstance(condition, dict):
        return {k: _plain(v) for k, v in condition.items()}
    if isinstance(condition, list):
        return sorted(map(_plain, condition), key=lambda x: json.dumps(x, default=str))
    return condition
