"""Notes and evidence that wait for their answer: none is dropped without a word."""

from dataclasses import dataclass, field

from salesdx.answers.file import AnswerEntry
from salesdx.cli import interview_page as page
from salesdx.cli.wording import say
from salesdx.interview.kept import Place


@dataclass
class Remark:
    """What was said about an answer before it was given."""

    note: str = ""
    evidence: list[str] = field(default_factory=list)

    def add_note(self, text: str) -> None:
        """A second note continues the first."""
        self.note = f"{self.note}; {text}" if self.note else text

    def beside(self, entry: AnswerEntry) -> AnswerEntry:
        """The entry with this remark after what it already carries."""
        notes = [n for n in (entry.note, self.note) if n]
        return entry.model_copy(update={
            "note": "; ".join(notes), "evidence": [*entry.evidence, *self.evidence],
        })  # fmt: skip

    def told(self) -> str:
        """In one line."""
        return "; ".join([*([self.note] if self.note else []), *self.evidence])


@dataclass
class Remarks:
    """The remarks of a talk, each at the question it was made at."""

    _held: dict[Place, Remark] = field(default_factory=dict)

    def at(self, where: Place) -> Remark:
        """What waits at a question; empty where nothing was said."""
        return self._held.setdefault(where, Remark())

    def saved(self, where: Place) -> None:
        """The answer is on disk, and the remark with it."""
        self._held.pop(where, None)

    def show(self, where: Place) -> None:
        """What was said here before one went to another question."""
        if told := self.at(where).told():
            page.line(say(f"To be saved with the answer: {told}",
                          f"Сохраним вместе с ответом: {told}"), 2)  # fmt: skip

    def own_up(self) -> None:
        """The talk ends: what never got an answer is nowhere."""
        for remark in self._held.values():
            if told := remark.told():
                page.line(say(f"NOT saved, for no answer followed: {told}",
                              f"НЕ сохранено, ответа не было: {told}"))  # fmt: skip
