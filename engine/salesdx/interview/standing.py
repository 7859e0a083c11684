"""How an interview stands after a log: a pure function, nothing else is remembered.

What is left in the order of the mode, the next question, what may come next and why,
how far each subject is, how long it takes, which answers are kept and not read now, and
whether to go on. No clock and no files: the same log gives the same standing.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Literal

from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import applies, conditions
from salesdx.facts import FactBase
from salesdx.interview.agenda import Ask, agenda, sections_of
from salesdx.interview.candidate import Candidate, Chooses, StopAdvice
from salesdx.interview.kept import FindOut, Place, inactive, last_of, to_find_out
from salesdx.interview.sections import Section, sections
from salesdx.interview.timing import seconds_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import names

Mode = Literal["full", "quick", "guided"]
SHOWN = 5
# Questions beyond the core that a quick interview takes in the median until the stop
# rule speaks, on simulated companies (docs/interview-order.md): what "minutes left"
# promises before it does.
QUICK_BEYOND_CORE = 50
_AT_LEAST = 8  # questions more, once it has taken longer than that


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked and how.

    `values` are the values of a dimension for questions asked per slice. `passed` are
    questions put off again in this sitting: they do not come round a third time.
    `advise` says whether advice to stop is still wanted.
    """

    role: str | None
    by: str | None
    mode: Mode
    sales_model: str | None = None
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    passed: frozenset[Place] = frozenset()
    advise: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """An interview as it stands.

    `left` is everything still to be asked, `next` what to ask now; None when only what
    was passed is left. `candidates` may come next, the best first, with reasons: five
    in a guided interview, one where a quick one adapts, none in the author's order.
    `coming` says that `next` comes again, having been put off. `inactive` are the
    respondent's answers that are kept and not read now.
    """

    left: tuple[Ask, ...] = ()
    next: Ask | None = None
    candidates: tuple[Candidate, ...] = ()
    sections: tuple[Section, ...] = ()
    section: str | None = None
    seconds: int = 0
    answered: int = 0
    put_off: frozenset[Place] = frozenset()
    coming: bool = False
    inactive: frozenset[Place] = frozenset()
    find_out: tuple[FindOut, ...] = ()
    stop: StopAdvice | None = None


@dataclass(frozen=True, slots=True)
class Switched:
    """What one answer changed beyond itself: questions and kept answers."""

    asked_no_more: int
    asked_now: int
    read_no_more: int
    read_again: int

    def __bool__(self) -> bool:
        return self != Switched(0, 0, 0, 0)


def place(ask: Ask) -> Place:
    """Where an answer to it lies."""
    return ask.question.id, ask.about


def standing(
    knowledge: KnowledgeBase,
    log: AnswerLog,
    facts: FactBase,
    asking: Asking,
    chooser: Chooses | None = None,
) -> Standing:
    """How the interview stands; `facts` are those in force (`relevance.active`)."""
    return _Reading(knowledge, log, facts, asking).standing(chooser)


def of_list(
    asks: Sequence[Ask], log: AnswerLog, by: str, passed: Set[Place]
) -> Standing:
    """How a fixed list stands (a form, a meeting): in its own order, no reasons."""
    last = last_of(log, by)
    put_off = frozenset(p for p, a in last.items() if a.state == "later")
    fresh = [a for a in asks if place(a) not in put_off]
    again = [a for a in asks if place(a) in put_off - passed]
    again.sort(key=lambda a: list(last).index(place(a)))
    left = fresh + again
    return Standing(
        left=tuple(left), next=left[0] if left else None, put_off=put_off,
        coming=bool(again) and not fresh,
        seconds=sum(a.question.seconds for a in left),
        answered=len(last) - len(put_off),
    )  # fmt: skip


def switched(before: Standing, after: Standing, answered: Ask) -> Switched:
    """What an answer switched off and on beyond itself."""
    were, are = ({place(a) for a in s.left} for s in (before, after))
    own = {place(answered)}
    return Switched(
        len(were - are - own - after.put_off), len(are - were - own - before.put_off),
        len(after.inactive - before.inactive - own),
        len(before.inactive - after.inactive - own),
    )  # fmt: skip


class _Reading:
    """One reading of a log."""

    def __init__(
        self, knowledge: KnowledgeBase, log: AnswerLog, facts: FactBase, asking: Asking
    ) -> None:
        self._knowledge, self._log, self._facts = knowledge, log, facts
        self._asking = asking
        self._nodes = conditions(knowledge)
        self._last = last_of(log, asking.by)
        self._put_off = frozenset(
            p for p, a in self._last.items() if a.state == "later"
        )
        self._done = [p for p in self._last if p not in self._put_off]
        self._all = agenda(
            knowledge, log, facts, role=asking.role, by=asking.by, mode="full",
            sales_model=asking.sales_model, values=asking.values,
        )  # fmt: skip
        self._fresh = [a for a in self._all if place(a) not in self._put_off]
        self._ready, self._waiting = self._parted()
        order = list(self._last)
        again = [a for a in self._all if place(a) in self._put_off - asking.passed]
        self._again = sorted(again, key=lambda a: order.index(place(a)))
        of = sections_of(knowledge)
        self._section = of.get(order[-1][0]) if order else None

    def standing(self, chooser: Chooses | None) -> Standing:
        """Put it together: the chooser is heard once the fixed core is through."""
        asking = self._asking
        core = self._core()
        rows: Sequence[Candidate] = ()
        stop = None
        if chooser is not None and asking.mode != "full" and self._ready and not core:
            # all that is open, as for the advice to stop: it is reckoned once
            rows = chooser.candidates(
                self._facts, self._log, self._fresh, role=asking.role,
                section=self._section, most=SHOWN if asking.mode == "guided" else 1,
            )  # fmt: skip
            waiting = {place(a) for a in self._waiting}
            rows = [r for r in rows if place(r.ask) not in waiting]
            stop = self._stop(chooser)
        first = core or [r.ask for r in rows] or self._ready
        order = [*first, *self._again, *self._waiting]
        return Standing(
            left=(*self._ready, *self._waiting, *self._again),
            next=order[0] if order else None,
            candidates=tuple(rows),
            sections=sections(
                self._knowledge, self._facts, self._nodes, self._done, self._all,
                self._put_off,
            ),
            section=self._section,
            seconds=self._time(stop),
            answered=len(self._done),
            put_off=self._put_off,
            coming=bool(order) and place(order[0]) in self._put_off,
            inactive=inactive(
                self._last, self._knowledge, self._facts, self._nodes,
                asking.sales_model,
            ),
            find_out=to_find_out(self._log, self._knowledge),
            stop=stop,
        )  # fmt: skip

    def _core(self) -> list[Ask]:
        """What a quick interview asks before it adapts."""
        if self._asking.mode != "quick":
            return []
        return [a for a in self._ready if a.question.core]

    def _stop(self, chooser: Chooses) -> StopAdvice | None:
        if not self._asking.advise:
            return None
        found = chooser.stop(
            self._facts, self._log, self._fresh, role=self._asking.role
        )
        return found if found.suggested else None

    def _parted(self) -> tuple[list[Ask], list[Ask]]:
        """What may be asked now, and what waits for the answer that decides about it.

        Where the deciding question is not for this respondent, or nobody knows its
        answer, the question does not wait: unknown is not "no".
        """
        open_ = {a.question.id for a in self._all}
        ready: list[Ask] = []
        waiting: list[Ask] = []
        for ask in self._fresh:
            (waiting if self._waits(ask, open_) else ready).append(ask)
        return ready, waiting

    def _waits(self, ask: Ask, open_: Set[str]) -> bool:
        node = self._nodes.get(ask.question.id)
        if node is None:
            return False
        unknown = (n for n in names(node) if self._facts.fact(n).value is None)
        return not open_.isdisjoint(unknown) and None is applies(
            ask.question, self._facts, self._knowledge, self._nodes,
            self._asking.sales_model,
        )  # fmt: skip

    def _time(self, stop: StopAdvice | None) -> int:
        """Seconds left; of a quick interview until the stop rule may speak.

        Once it has spoken, and one goes on all the same: until the end.
        """
        if self._asking.mode != "quick" or not self._asking.advise:
            return self._seconds([*self._fresh, *self._again])
        core = [a for a in self._fresh if a.question.core]
        sure = self._seconds([*core, *self._again])
        rest = [a for a in self._fresh if not a.question.core]
        if not rest or stop is not None:
            return sure
        beyond = sum(not self._knowledge.questions[q].core for q, _ in self._done)
        n = min(len(rest), max(QUICK_BEYOND_CORE - beyond, _AT_LEAST))
        return sure + round(self._seconds(rest) / len(rest) * n)

    def _seconds(self, asks: Sequence[Ask]) -> int:
        return seconds_of(asks, self._facts, self._knowledge, self._nodes)
