"""Moving an interview to today's questions: what would become of it, and the copy.

An interview is never changed. Moving copies what still means the same into a new one
that continues it; what must be confirmed is shown there with the former answer; the
rest stays in the former interview.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.answers.addresses import Unresolved, resolve
from salesdx.answers.carried import Carried
from salesdx.answers.changes import changes
from salesdx.answers.entries import AnswerEntry, AnswerFile, InterviewEntry
from salesdx.answers.hearing import carrier
from salesdx.answers.pins import Pins
from salesdx.facts import Slice
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.migrations import Step, way
from salesdx.knowledge.models import QuestionEntry
from salesdx.knowledge.pinned import Pinned

FORM = "form"


@dataclass(frozen=True, slots=True)
class Preview:
    """What moving an interview would make of it: each answer stands in one list.

    `new` are questions that this respondent would be asked and was not.
    """

    talk: InterviewEntry
    kept: tuple[Carried, ...]
    confirm: tuple[Carried, ...]
    dropped: tuple[Carried, ...]
    new: tuple[QuestionEntry, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether only words are different."""
        return not (self.confirm or self.dropped or self.new)


def going_on(
    file: AnswerFile, by: str, mode: str, knowledge: KnowledgeBase
) -> InterviewEntry | None:
    """The interview that a respondent goes on with; None where one is to begin.

    It stays on its own questions. A form is short and begins anew with new questions.
    """
    left = {t.moved_from for t in file.interviews}
    mine = [
        t for t in file.interviews
        if (t.by, t.mode) == (by, mode) and t.id not in left
    ]  # fmt: skip
    if not mine or (mode == FORM and mine[-1].sha256 != knowledge.pinned.sha256):
        return None
    return mine[-1]


def outdated(file: AnswerFile, knowledge: KnowledgeBase) -> list[InterviewEntry]:
    """Interviews on other questions than today's that were not moved on."""
    left = {t.moved_from for t in file.interviews}
    return [
        t for t in file.interviews
        if t.id not in left and t.mode != FORM
        and t.sha256 != knowledge.pinned.sha256
    ]  # fmt: skip


def preview(
    file: AnswerFile,
    talk: InterviewEntry,
    knowledge: KnowledgeBase,
    pins: Pins | None,
    *,
    role: str,
    sales_model: str | None = None,
) -> Preview:
    """What becomes of an interview with the questions of `knowledge`."""
    found = carried_over(file, talk, knowledge, pins)
    of = {f: tuple(c for c in found if c.fate == f) for f in ("kept", "confirm")}
    # what was dropped on the way here has been told then
    dropped = tuple(
        c for c in found if c.fate == "dropped" and c.entry.interview == talk.id
    )
    new = _new(talk, knowledge, pins, role, sales_model)
    return Preview(talk, of["kept"], of["confirm"], dropped, new)


def moved(
    shown: Preview, knowledge: KnowledgeBase, *, name: str, started: str
) -> tuple[InterviewEntry, list[AnswerEntry]]:
    """The interview that continues the one shown, and the answers it takes over."""
    old, pinned = shown.talk, knowledge.pinned
    talk = InterviewEntry(
        id=name, by=old.by, mode=old.mode, questionnaire=pinned.version,
        sha256=pinned.sha256, started=started, moved_from=old.id,
    )  # fmt: skip
    copies = [c.today().model_copy(update={"interview": name}) for c in shown.kept]
    return talk, copies


def to_confirm(
    file: AnswerFile, talk: InterviewEntry, knowledge: KnowledgeBase, pins: Pins | None
) -> dict[tuple[str, Slice], Carried]:
    """Former answers that a moved interview shows, by question and what it is about.

    `knowledge` asks the questions of the interview.
    """
    if not talk.moved_from:
        return {}
    found = carried_over(file, talk, knowledge, pins)
    return {
        (c.question, c.where): c
        for c in found
        if c.fate == "confirm" and c.question is not None
    }


def carried_over(
    file: AnswerFile, talk: InterviewEntry, knowledge: KnowledgeBase, pins: Pins | None
) -> list[Carried]:
    """The answers that an interview and those before it hold, each once, in order.

    What the respondent has answered elsewhere since is not among them: the last word
    counts.
    """
    talks = {t.id: t for t in file.interviews}
    chain = _chain(talk, talks)
    carriers = {i: carrier(knowledge, t, pins) for i, t in talks.items() if t.sha256}
    held: dict[tuple[str, str, Slice], tuple[int, Carried]] = {}
    last: dict[tuple[str, Slice], dict[str, int]] = {}
    for i, entry in enumerate(file.answers):
        if entry.by != talk.by:
            continue
        carries = carriers.get(entry.interview)
        found = carries.carry(entry) if carries else None
        place = _today(entry, found, knowledge)
        last.setdefault(place, {})[entry.interview] = i
        if found is not None and entry.interview in chain:
            held[entry.interview, entry.question, found.where] = i, found
    return [
        c for i, c in sorted(held.values(), key=lambda x: x[0])
        if not _said_since(i, c, last[_today(c.entry, c, knowledge)])
    ]  # fmt: skip


def _chain(talk: InterviewEntry, talks: Mapping[str, InterviewEntry]) -> set[str]:
    """An interview and all that it continues."""
    found: set[str] = set()
    while talk.id not in found:
        found.add(talk.id)
        talk = talks.get(talk.moved_from, talk)
    return found


def _today(
    entry: AnswerEntry, found: Carried | None, knowledge: KnowledgeBase
) -> tuple[str, Slice]:
    """Where an answer stands among today's questions, if anywhere."""
    where = tuple(sorted(entry.about.items()))
    if found is not None:
        return found.question or f"gone:{entry.question}", where
    asked = resolve(entry.question, knowledge.questions)
    return entry.question if isinstance(asked, Unresolved) else asked.id, where


def _said_since(i: int, carried: Carried, last: Mapping[str, int]) -> bool:
    return any(
        j > i for interview, j in last.items() if interview != carried.entry.interview
    )


def _new(
    talk: InterviewEntry, knowledge: KnowledgeBase, pins: Pins | None, role: str,
    sales_model: str | None,
) -> tuple[QuestionEntry, ...]:  # fmt: skip
    old = pins.pinned(talk.sha256) if pins else None
    if old is None:
        return ()
    road = way(knowledge.migrations, talk.questionnaire, old)
    known = {road.follow(i).question for i in old.questions if i not in old.off}
    return tuple(
        q for q in knowledge.questions.values()
        if q.id not in known and not knowledge.is_off("questions", q.id)
        and role in q.who and (q.core or talk.mode != "quick")
        and (not q.applies_to or sales_model in (None, *q.applies_to))
    )  # fmt: skip


_INCOMPARABLE = {"type", "unit", "scale", "about"}


def comparable(old: Pinned, new: Pinned, steps: Sequence[Step]) -> set[str]:
    """Questions whose answers may be compared between two moments.

    They have the same id, and mean the same: none was to be asked anew between the
    two, or has another type, unit or scale.
    """
    road = way(steps, old.version, old)
    found = set()
    for i in old.questions.keys() & new.questions.keys():
        differs = changes(old.questions[i], new.questions[i])
        asked_anew = road.follow(i).reask and differs
        if not asked_anew and not differs & _INCOMPARABLE:
            found.add(i)
    return found
