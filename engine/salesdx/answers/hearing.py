"""Answers of interviews that are pinned to other questions than those read them now.

What means the same is heard, under today's id and codes. The rest is no fault of the
file: it is not heard, and told.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from salesdx.answers.carried import Carried, Carrier, Fate, Why
from salesdx.answers.entries import AnswerEntry, InterviewEntry
from salesdx.answers.pins import Pins
from salesdx.company import Respondent
from salesdx.facts import Slice, slice_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text

Place = tuple[str, str, Slice]  # who says it, of which question, about what


class Unheard(BaseModel):
    """An answer that does not count, for the questions have changed since.

    `question` is its id today, None where nothing asks it any more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str | None
    title: Text
    by: str
    about: tuple[tuple[str, str], ...]
    fate: Fate
    why: Why


class Hearing:
    """Hears the answers of one file with the questions of `knowledge`."""

    def __init__(
        self,
        interviews: Sequence[InterviewEntry],
        knowledge: KnowledgeBase,
        pins: Pins | None,
    ) -> None:
        self._knowledge, self._pins = knowledge, pins
        self._talks = {t.id: t for t in interviews}
        self._left = {t.moved_from for t in interviews if t.moved_from}
        self._carriers: dict[str, Carrier] = {}

    def hear(self, entry: AnswerEntry) -> AnswerEntry | Carried:
        """The answer as today's questions take it, or why they do not.

        Of an interview that was moved on nothing is taken for granted that had to be
        confirmed then.
        """
        talk = self._talks.get(entry.interview)
        if talk is None or talk.sha256 == self._knowledge.pinned.sha256:
            return entry
        found = self._carrier(talk).carry(entry)
        takes = found.reads_today if talk.id not in self._left else found.fate == "kept"
        return found.today() if takes else found

    def tells(self, carried: Carried) -> bool:
        """Whether to say that it does not count.

        What was dropped when an interview was moved on has been told then.
        """
        told = carried.fate == "dropped" and carried.entry.interview in self._left
        return not told and carried.entry.state != "later"

    def place(self, carried: Carried, people: Mapping[str, Respondent]) -> Place:
        """Where it would be heard; a seller speaks of himself."""
        name, about = carried.question or carried.entry.question, carried.where
        asked, person = self._knowledge.questions.get(name), people.get(carried.by)
        if asked and asked.about == "manager" and person and person.manager:
            about = about or slice_of(manager=person.manager)
        return carried.by, name, about

    def _carrier(self, talk: InterviewEntry) -> Carrier:
        if talk.sha256 not in self._carriers:
            self._carriers[talk.sha256] = carrier(self._knowledge, talk, self._pins)
        return self._carriers[talk.sha256]


def carrier(
    knowledge: KnowledgeBase, talk: InterviewEntry, pins: Pins | None
) -> Carrier:
    """What carries the answers of an interview over to the questions of `knowledge`."""
    old = pins.pinned(talk.sha256) if pins else None
    return Carrier(knowledge, talk.questionnaire, old)


def unheard(carried: Carried) -> Unheard:
    """What is told of an answer that does not count."""
    return Unheard(
        question=carried.question, title=carried.title, by=carried.by,
        about=carried.where, fate=carried.fate, why=carried.why,
    )  # fmt: skip
