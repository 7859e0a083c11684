"""Begin an interview on today's questions, or go on with one on its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.answers.carried import Carried
from salesdx.answers.entries import AnswerEntry, AnswerFile, InterviewEntry
from salesdx.answers.keeping import AnswerStore
from salesdx.answers.log import AnswerLog
from salesdx.answers.pins import Pins
from salesdx.company import Respondent
from salesdx.errors import DataError, Said
from salesdx.facts import Slice
from salesdx.interview.moving import going_on, to_confirm
from salesdx.interview.moving_words import again
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text


@dataclass(frozen=True, slots=True)
class Recording:
    """A store that belongs to one interview: its answers carry the id.

    The interview is recorded, and its questions kept, with the first answer: one that
    was opened and left without an answer leaves no trace.
    """

    under: AnswerStore
    pins: Pins
    talk: InterviewEntry
    knowledge: KnowledgeBase

    def load(self, knowledge: KnowledgeBase) -> AnswerLog:
        """All answers of the case."""
        return self.under.load(knowledge)

    def append(
        self,
        entries: Sequence[AnswerEntry],
        respondent: Respondent | None = None,
        interview: InterviewEntry | None = None,
    ) -> list[AnswerEntry]:
        """Add answers of the interview; on disk when this returns."""
        self.pins.keep(self.knowledge.pinned)  # first: nothing may point at nothing
        mine = [e.model_copy(update={"interview": self.talk.id}) for e in entries]
        return self.under.append(mine, respondent, interview or self.talk)

    def file(self) -> AnswerFile:
        """Everything as written."""
        return self.under.file()


@dataclass(frozen=True, slots=True)
class Going:
    """An interview that begins or goes on.

    `knowledge` asks its questions: today's rules, the questions of its own time.
    `outdated` tells whether there are newer ones. `confirm` are former answers to show.
    """

    talk: InterviewEntry
    begins: bool
    outdated: bool
    knowledge: KnowledgeBase
    store: Recording
    confirm: Mapping[tuple[str, Slice], Carried]

    @property
    def offered(self) -> dict[tuple[str, Slice], AnswerEntry]:
        """Former answers that a person may simply confirm, as answers of today."""
        return {place: c.today() for place, c in self.confirm.items() if c.fits}

    def was(self, currency: str = "") -> dict[tuple[str, Slice], Text]:
        """What to show above a question whose former answer cannot be confirmed."""
        return {
            place: again(c, self.knowledge, currency)
            for place, c in self.confirm.items()
            if not c.fits
        }


def begin_or_resume(
    store: AnswerStore,
    pins: Pins,
    knowledge: KnowledgeBase,
    *,
    by: str,
    mode: str,
    name: str,
    started: str,
) -> Going:
    """The interview of a respondent in a mode; `name` and `started` are for a new one.

    Raises:
        DataError: the questions it was begun with were not kept.
    """
    file, today = store.file(), knowledge.pinned
    talk = going_on(file, by, mode, knowledge)
    if talk is None:
        fresh = InterviewEntry.model_validate({
            "id": name, "by": by, "mode": mode, "questionnaire": today.version,
            "sha256": today.sha256, "started": started,
        })  # fmt: skip
        recording = Recording(store, pins, fresh, knowledge)
        return Going(fresh, True, False, knowledge, recording, {})
    own = knowledge
    if talk.sha256 != today.sha256:
        kept = pins.pinned(talk.sha256)
        if kept is None:
            raise _lost(talk)
        own = knowledge.asking(kept)
    return Going(
        talk, False, own is not knowledge, own, Recording(store, pins, talk, own),
        to_confirm(file, talk, own, pins),
    )  # fmt: skip


def _lost(talk: InterviewEntry) -> DataError:
    file = f"questionnaires/{talk.questionnaire}-{talk.sha256[:12]}.json"
    return DataError(Said(
        f"the questions that interview {talk.id!r} was begun with are not here: no"
        f" {file}. Take the file from a backup, or move the interview to today's"
        " questions: `salesdx move-interview`",
        f"нет вопросов, с которыми начато интервью «{talk.id}»: не найден файл {file}."
        " Верните его из резервной копии или переведите интервью на нынешние вопросы:"
        " `salesdx move-interview`",
    ))  # fmt: skip
