"""Answers of interviews that are pinned to other questions than those read them now.

What means the same is heard, under today's id and codes. The rest is no fault of the
file: it is not heard, and told.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from salesdx.answers.carried import Carried, Carrier, Fate, Why
from salesdx.answers.file import AnswerEntry, AnswerFile, InterviewEntry
from salesdx.answers.pins import Pins
from salesdx.company import Respondent
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text


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
        self, file: AnswerFile, knowledge: KnowledgeBase, pins: Pins | None
    ) -> None:
        self._knowledge, self._pins = knowledge, pins
        self._talks = {t.id: t for t in file.interviews}
        self._left = {t.moved_from for t in file.interviews if t.moved_from}
        self._carriers: dict[str, Carrier] = {}

    def hear(self, entry: AnswerEntry) -> AnswerEntry | Carried:
        """The answer as today's questions take it, or why they do not.

        Of an interview that was moved on nothing is taken for granted that had to be
        confirmed then.
        """
        talk = self._talks.get(entry.interview)
        if talk is None or talk.sha256 == self._knowledge.pinned.sha256:
            return entry
        found = self.carrier(talk).carry(entry)
        takes = found.reads_today if talk.id not in self._left else found.fate == "kept"
        return found.today() if takes else found

    def carrier(self, talk: InterviewEntry) -> Carrier:
        """What carries the answers of an interview over."""
        if talk.sha256 not in self._carriers:
            old = self._pins.pinned(talk.sha256) if self._pins else None
            self._carriers[talk.sha256] = Carrier(
                self._knowledge, talk.questionnaire, old
            )
        return self._carriers[talk.sha256]

    def open(
        self,
        heard: Sequence[tuple[int, AnswerEntry]],
        unheard: Sequence[tuple[int, Carried]],
        people: Mapping[str, Respondent],
    ) -> tuple[Unheard, ...]:
        """Those unheard that nothing said later stands for; each question once.

        Both are given with their place in the file. What was dropped when an interview
        was moved on has been told then.
        """
        said = {self._place(e.question, e, people): i for i, e in heard}
        found: dict[object, Unheard] = {}
        for i, c in unheard:
            place = self._place(c.question or c.entry.question, c.entry, people)
            told = c.fate == "dropped" and c.entry.interview in self._left
            if said.get(place, -1) > i or told or c.entry.state == "later":
                continue
            found[place] = Unheard(
                question=c.question, title=c.title, by=c.entry.by, about=c.where,
                fate=c.fate, why=c.why,
            )  # fmt: skip
        return tuple(found.values())

    def _place(
        self, question: str, entry: AnswerEntry, people: Mapping[str, Respondent]
    ) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """Who says it, of which question, and of whom: a seller speaks of himself."""
        about = entry.about
        asked = self._knowledge.questions.get(question)
        person = people.get(entry.by)
        if asked and asked.about == "manager" and not about and person:
            about = {"manager": person.manager} if person.manager else {}
        return entry.by, question, tuple(sorted(about.items()))
