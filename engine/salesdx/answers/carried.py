"""An answer of one questionnaire carried over to another: kept, to confirm, dropped."""

from dataclasses import dataclass
from typing import Any, Literal

from salesdx.answers.addresses import Unresolved, resolve
from salesdx.answers.changes import Change, changes
from salesdx.answers.entries import AnswerEntry
from salesdx.answers.values import BadValue, read_value
from salesdx.facts import Slice, slice_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.migrations import Followed, Way, way, written
from salesdx.knowledge.models import QuestionEntry
from salesdx.knowledge.pinned import Pinned
from salesdx.language import Text

Fate = Literal["kept", "confirm", "dropped"]
# why an answer is not simply kept
Why = Literal[
    "", "reask", "relevance", "unit", "scale", "type", "option", "outside",
    "unreadable", "gone", "off", "about",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of one answer.

    `question` is the id today, None where nothing asks it any more; `value` is the
    answer in today's codes. `fits` tells whether a person may simply confirm it; else
    it has to be given anew. `asked` are the words in which it was answered.
    """

    entry: AnswerEntry
    fate: Fate
    why: Why
    question: str | None
    value: Any
    fits: bool
    asked: QuestionEntry | None
    title: Text

    @property
    def by(self) -> str:
        """Who gave it."""
        return self.entry.by

    @property
    def where(self) -> Slice:
        """The slice it is about."""
        return slice_of(**self.entry.about)

    @property
    def reads_today(self) -> bool:
        """Whether it means today what it meant: only asked under another condition."""
        return self.fate == "kept" or self.why == "relevance"

    def today(self) -> AnswerEntry:
        """The answer as today's questionnaire takes it."""
        return self.entry.model_copy(
            update={"question": self.question, "value": self.value}
        )


class Carrier:
    """Carries answers of one questionnaire over to the questions of `knowledge`.

    `old` is None where the old questions were not kept: then the migrations and the
    questions of today alone decide.
    """

    def __init__(
        self, knowledge: KnowledgeBase, version: str, old: Pinned | None
    ) -> None:
        self._knowledge, self._old = knowledge, old
        self.way: Way = way(knowledge.migrations, version, old)

    def carry(self, entry: AnswerEntry) -> Carried:
        """What becomes of an answer."""
        asked = self._asked(entry.question)
        followed = self.way.follow(asked.id if asked else entry.question)
        new = self._knowledge.questions.get(followed.question)
        title = (asked or new).title if asked or new else None  # type: ignore[union-attr]
        told = title or Text(en=entry.question, ru=entry.question)
        why, fits = self._why(entry, asked, new, followed)
        if why in ("gone", "off", "about") or new is None:
            return Carried(entry, "dropped", why, None, entry.value, False, asked, told)
        fate: Fate = "confirm" if why else "kept"
        value = _recoded(entry.value, followed)
        return Carried(entry, fate, why, new.id, value, fits, asked, told)

    def _asked(self, address: str) -> QuestionEntry | None:
        """The question as it was put."""
        found = resolve(address, self._old.questions) if self._old else None
        return None if isinstance(found, Unresolved) else found

    def _led(self, asked: QuestionEntry) -> QuestionEntry:
        """The question with its condition under today's ids.

        A new name of what decides is no other condition.
        """
        led = self.way.lead(asked.relevant_if)
        if led == asked.relevant_if:
            return asked
        return asked.model_copy(update={"relevant_if": led})

    def _why(
        self, entry: AnswerEntry, asked: QuestionEntry | None,
        new: QuestionEntry | None, followed: Followed,
    ) -> tuple[Why, bool]:  # fmt: skip
        """Why it is not kept ("" where it is), and whether it may be confirmed."""
        if new is None or followed.dropped:
            return "gone", False
        if self._knowledge.is_off("questions", new.id):
            return "off", False
        found = changes(self._led(asked), new) if asked else frozenset[Change]()
        if "about" in found or not _about_fits(entry, new):
            return "about", False
        if entry.state == "later":
            return "", True
        unfit = _unfit(entry, asked, new, followed, found)
        if unfit:
            return unfit, False
        if followed.reask and (asked is None or found):
            return "reask", True
        if "relevance" in found and entry.state == "answered":
            return "relevance", True
        return "", True


def _about_fits(entry: AnswerEntry, new: QuestionEntry) -> bool:
    if not entry.about or new.about == "finding":
        return True
    return set(entry.about) == {new.about}


def _unfit(
    entry: AnswerEntry, asked: QuestionEntry | None, new: QuestionEntry,
    followed: Followed, found: frozenset[Change],
) -> Why:  # fmt: skip
    """Why a value cannot be taken as it is; "" where it can, or where there is none."""
    if "type" in found and not _mapped(entry.value, followed):
        return "type"
    if entry.state != "answered":
        return ""
    if asked is not None and asked.unit != new.unit:
        return "unit"
    if "scale" in found:
        return "scale"
    if not isinstance(read_value(new, _recoded(entry.value, followed)), BadValue):
        return ""
    if new.type in ("enum", "multi"):
        return "option"
    return "outside" if new.type in ("number", "scale") else "unreadable"


def _mapped(value: Any, followed: Followed) -> bool:
    """Whether the way says what every part of the value is now."""
    if value is None or isinstance(value, float):
        return False
    parts = value if isinstance(value, list | tuple) else [value]
    return bool(parts) and all(followed.knows(written(p)) for p in parts)


def _recoded(value: Any, followed: Followed) -> Any:
    """A value with the option codes of today."""
    if not followed.codes:
        return value
    if isinstance(value, list | tuple):
        return list(dict.fromkeys(_code(v, followed) for v in value))
    return _code(value, followed)


def _code(value: Any, followed: Followed) -> Any:
    word = written(value)
    return followed.code(word) if followed.knows(word) else value
