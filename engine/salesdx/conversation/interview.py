"""An interview in progress: how it stands once the last answer is on disk.

The log is read once and extended in memory after each answer; where it is written is
the store's business: the case folder, or a database. What is shown, and how, is the
business of the terminal and the web.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from salesdx.answers.addresses import resolve
from salesdx.answers.facts import Said, settle
from salesdx.answers.file import CONFIDENCE, AnswerEntry
from salesdx.answers.keeping import AnswerStore
from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.relevance import active, applies, conditions
from salesdx.answers.values import BadValue, read_value
from salesdx.case import Case
from salesdx.company import Respondent
from salesdx.conversation.sitting import Sitting
from salesdx.facts import DIMENSIONS, FactBase, Measurement, slice_of
from salesdx.interview.agenda import Ask
from salesdx.interview.candidate import Chooses
from salesdx.interview.kept import Place, last_of
from salesdx.interview.standing import Asking, Mode, Standing, place, standing
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Language, Text
from salesdx.result import Disagreement


class Ground(Protocol):
    """What a talk builds on: a case with its figures and what was answered so far."""

    @property
    def case(self) -> Case:
        """Whose case it is."""
        ...

    @property
    def knowledge(self) -> KnowledgeBase:
        """What is asked."""
        ...

    @property
    def log(self) -> AnswerLog:
        """What was answered."""
        ...

    @property
    def figures(self) -> Sequence[Measurement]:
        """What was measured."""
        ...

    @property
    def facts(self) -> FactBase:
        """What is known, of figures and answers."""
        ...


class Interview:
    """One respondent's questions; every answer is on disk before the next one.

    `alone` is when the respondent sits at the keyboard: then nothing is shown that is
    meant for an interviewer. `former` tells what was answered to former wordings of a
    question; `confirm` are those that fit today: they count once they are confirmed.
    """

    counted = False  # whether "question 3 of 13" makes sense

    def __init__(
        self,
        ground: Ground,
        role: str,
        by: str,
        mode: Mode,
        store: AnswerStore,
        *,
        chooser: Chooses | None = None,
        sitting: Sitting | None = None,
        alone: bool = False,
        confirm: Mapping[Place, AnswerEntry] = MappingProxyType({}),
        former: Mapping[Place, Text] = MappingProxyType({}),
    ) -> None:
        self.confirm, self.before = confirm, former
        self.ground = ground
        self.mode: Mode = mode
        self.alone = alone
        self._store = store
        self._sitting = sitting or Sitting()
        self._chooser = chooser
        self.log: AnswerLog = ground.log
        people = ground.log.respondents
        named = people.get(by) or people.get(role)
        self.role = named.role if named else role
        self.by = by
        self._new = None if by in people else Respondent(role=self.role)
        self._passed: set[Place] = set()
        self._advise = True
        self._seen: Standing | None = None
        self._measured = FactBase.of(
            f for f in ground.facts.values() if f.origin != "answer"
        )
        asked = {q.metric for q in ground.knowledge.questions.values() if q.metric}
        self._figures = {
            (m.metric, m.slice): m
            for m in ground.figures
            if m.metric in asked and not m.period
        }
        self._values = {d: ground.facts.values_of(d) for d in DIMENSIONS}
        self._hear()

    @property
    def knowledge(self) -> KnowledgeBase:
        """What is asked."""
        return self.ground.knowledge

    def standing(self) -> Standing:
        """How the interview stands; worked out once after each answer."""
        if self._seen is None:
            self._seen = self._look()
        return self._seen

    def place(self, ask: Ask, lang: Language) -> str:  # noqa: ARG002
        """What the question is about, in words; empty for the company."""
        return ", ".join(value for _, value in ask.about)

    def former(self, ask: Ask) -> Answer | None:
        """What this respondent said last, if anything."""
        return last_of(self.log, self.by).get(place(ask))

    def entry(self, ask: Ask) -> AnswerEntry | None:
        """The same as it is written, to be said again."""
        if self.former(ask) is None:
            return None
        said = self.entries(ask)
        return said[-1].model_copy(update={"key": ""}) if said else None

    def entries(self, ask: Ask) -> list[AnswerEntry]:
        """Everything that this respondent has said to it, as written, in order."""
        return [
            e for e in self._store.file().answers
            if e.by == self.by and slice_of(**e.about) in (ask.about, ())
            and resolve(e.question, self.knowledge.questions) == ask.question
        ]  # fmt: skip

    def history(self) -> list[Ask]:
        """What this respondent dealt with, the last one at the end."""
        asked, off = self.knowledge.questions, self.standing().inactive
        return [
            Ask(asked[question], about)
            for question, about in last_of(self.log, self.by)
            if self._is_mine((question, about)) and (question, about) not in off
        ]

    def asks_of(self, question: str) -> list[Ask]:
        """The places at which a question may be put to this respondent now.

        It is, or was, asked of him; an interviewer may put any question that applies.
        """
        entry = self.knowledge.questions[question]
        person = self.log.respondents.get(self.by)
        if entry.about is None:
            found = [Ask(entry)]
        elif entry.about == "manager" and person and person.manager:
            found = [Ask(entry, slice_of(manager=person.manager))]
        else:
            values = self._values.get(entry.about, [])
            found = [Ask(entry, ((entry.about, v),)) for v in values]
        known = {place(a) for a in self.standing().left} | set(
            last_of(self.log, self.by)
        )
        free = not self.alone and not self.counted and self._applies(found)
        return [a for a in found if free or place(a) in known]

    def save(self, ask: Ask, entry: AnswerEntry) -> None:
        """Write one answer; it is on disk when this returns."""
        stamped = self._sitting.stamp(entry)
        self._store.append([stamped], self._new)
        if self._new is not None:
            people = {**self.log.respondents, self.by: self._new}
            self.log = self.log.model_copy(update={"respondents": people})
            self._new = None
        if entry.state == "later" and place(ask) in self.standing().put_off:
            self._passed.add(place(ask))
        answers = (*self.log.answers, _heard(stamped, ask, self.role))
        self.log = self.log.model_copy(update={"answers": answers})
        self._hear()

    @property
    def remembers(self) -> bool:
        """Whether it has passed over questions: its answers alone do not tell that."""
        return bool(self._passed)

    def advised(self) -> None:
        """Advice to stop has been given: it is not repeated."""
        self._advise = False

    def differs(self, ask: Ask) -> list[Disagreement]:
        """Where others, or the figures, say something else than what was just said."""
        where = dict(ask.about)
        return [
            d for d in self._said.disagreements
            if d.question == ask.question.id and d.about == where
        ]  # fmt: skip

    def reason(self, ask: Ask, lang: Language) -> str:
        """Why to ask it now, for the interviewer; empty where nothing hangs on it."""
        shown = {place(c.ask): c for c in self.standing().candidates}
        found = shown.get(place(ask))
        if found is None and self._chooser is not None:
            rows = self._chooser.candidates(
                self.facts, self.log, [ask], role=self.role, most=1
            )
            found = rows[0] if rows else None
        return found.reason.in_(lang) if found else ""

    def _applies(self, asks: Sequence[Ask]) -> bool:
        model = self.ground.case.company.sales_model
        nodes = conditions(self.knowledge)
        return any(
            applies(a.question, self.facts, self.knowledge, nodes, model) is not False
            for a in asks
        )

    def _look(self) -> Standing:
        model = self.ground.case.company.sales_model
        asking = Asking(
            self.role, self.by, self.mode, model, self._values,
            frozenset(self._passed), self._advise,
        )  # fmt: skip
        return standing(self.knowledge, self.log, self.facts, asking, self._chooser)

    def _is_mine(self, where: Place) -> bool:
        """Whether a place belongs to this talk and not to a meeting."""
        return self.knowledge.questions[where[0]].about != "finding"

    def _hear(self) -> None:
        """What is known by now, without the answers that do not apply."""
        self._said: Said = settle(self.log, self.knowledge, self._figures)
        self.facts = active(
            self._measured.with_facts(self._said.facts), self.knowledge,
            self.ground.case.company.sales_model,
        )  # fmt: skip
        self._seen = None


def _heard(entry: AnswerEntry, ask: Ask, role: str) -> Answer:
    """An entry as the log would read it from disk."""
    value = read_value(ask.question, entry.value) if entry.state == "answered" else None
    assert not isinstance(value, BadValue)  # it was read before it was saved
    return Answer(
        question=entry.question, by=entry.by, role=role, value=value,
        state=entry.state, confidence=CONFIDENCE[entry.confidence],
        about=slice_of(**entry.about), agreed=entry.agreed,
        note=entry.note, reason=entry.reason,
        evidence=tuple(entry.evidence),
    )  # fmt: skip
