"""The leading causes beside a question: where they stand, and how they have moved.

A full judgement makes a document of hundreds of rows; here the rules are run and no
more. Where they stood before is what the answers say without the respondent's last one,
so that whoever opens the page again sees the same.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from salesdx.answers.log import Answer, AnswerLog
from salesdx.conversation.interview import Interview
from salesdx.diagnosis import VERDICTS, Diagnosed, diagnose
from salesdx.explanation.account import Account, account
from salesdx.explanation.wording import Wording
from salesdx.facts import FactBase, Slice
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.language import Text
from salesdx.result import Verdict
from salesdx.workspace.desk import Desk, Ground

SHOWN, CHANGED, KEPT = 6, 3, 24
_PLAIN = ReferenceExecutor()  # of the executors, all alike in result, the quickest once
Place = tuple[str, Slice]
Way = Literal["stronger", "weaker", "same", "new"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a cause stands."""

    title: Text
    verdict: Verdict
    points: int


@dataclass(frozen=True, slots=True)
class Live:
    """One cause: its bill, what it was before, and which way it has moved."""

    account: Account
    before: Mark | None
    way: Way

    @property
    def gained(self) -> int:
        """Points that came, or went."""
        return self.account.points - (self.before.points if self.before else 0)


@dataclass(frozen=True, slots=True)
class Turned:
    """A cause further down the list whose verdict has changed."""

    title: Text
    where: str
    before: Verdict
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Leading:
    """The first causes, what changed below them, and the answer that did it."""

    rows: tuple[Live, ...]
    turned: tuple[Turned, ...]
    last: Answer | None

    @property
    def moved(self) -> bool:
        """Whether the last answer changed anything."""
        return bool(self.turned) or any(r.way != "same" for r in self.rows)


@dataclass(frozen=True, slots=True)
class _Stand:
    """All causes after a log, and the bills of the first."""

    marks: dict[Place, Mark]
    first: tuple[Account, ...]


class LiveCauses:
    """Remembers how the causes of a case stood after the last few answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[object, ...], _Stand] = OrderedDict()

    def of(self, case: str, talk: Interview) -> Leading:
        """The leading causes as a talk stands now."""
        log = talk.log
        now = self._stand(case, talk, log, talk.facts)
        mine = [i for i, a in enumerate(log.answers) if a.by == talk.by]
        last = mine[-1] if mine else -1
        if last < 0:
            return Leading(tuple(Live(a, None, "same") for a in now.first), (), None)
        before = self._stand(case, talk, _without(log, last), None, last)
        rows = tuple(_live(a, before.marks.get(_place(a))) for a in now.first)
        shown = {_place(a) for a in now.first}
        turned = [
            Turned(mark.title, _where(place), before.marks[place].verdict, mark.verdict)
            for place, mark in now.marks.items()
            if place not in shown and place in before.marks
            and before.marks[place].verdict != mark.verdict
        ]  # fmt: skip
        return Leading(rows, tuple(turned[:CHANGED]), log.answers[last])

    def _stand(
        self, case: str, talk: Interview, log: AnswerLog, facts: FactBase | None,
        without: int | None = None,
    ) -> _Stand:  # fmt: skip
        n = len(log.answers)
        missing = None if without == n else without  # the end of a log is its length
        key = (
            self._desk.version(case), talk.knowledge.pinned.sha256, n,
            len(log.unheard), missing,
        )  # fmt: skip
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = self._judged(case, talk, log, facts)
        with self._lock:
            self._known[key] = found
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found

    def _judged(
        self, case: str, talk: Interview, log: AnswerLog, facts: FactBase | None
    ) -> _Stand:
        ground, knowledge = talk.ground, talk.knowledge
        assert isinstance(ground, Ground)
        measured = self._desk.measured(case)
        if facts is None:
            _, facts = replace(measured, knowledge=knowledge).said(log)
        company = ground.case.company
        found = infer(
            knowledge, facts, _PLAIN, sales_model=company.sales_model,
            benchmarks=ground.benchmarks,
        )  # fmt: skip
        causes = diagnose(found, measured.loss_map.losses)
        words = Wording(knowledge, company.currency, people(log, ground))
        return _Stand(
            {(d.id, d.outcome.where): _mark(d) for d in causes},
            tuple(account(d.outcome, found, words) for d in _first(causes)),
        )


def people(log: AnswerLog, ground: Ground) -> dict[str, Text]:
    """Names of the respondents, else their roles."""
    roles = ground.knowledge.roles
    return {
        i: Text(en=p.name, ru=p.name) if p.name else roles[p.role].title
        for i, p in log.respondents.items()
        if p.name or p.role in roles
    }


def _first(causes: Sequence[Diagnosed]) -> list[Diagnosed]:
    """Those for which something speaks; where nothing does, none leads."""
    speaks = [c for c in causes if c.outcome.total.points > 0]
    return [c for c in speaks if c.outcome.verdict in VERDICTS[:3]][:SHOWN]


def _mark(row: Diagnosed) -> Mark:
    return Mark(
        row.outcome.cause.spec.title, row.outcome.verdict, row.outcome.total.points
    )


def _without(log: AnswerLog, place: int) -> AnswerLog:
    answers = log.answers[:place] + log.answers[place + 1 :]
    return log.model_copy(update={"answers": answers})


def _live(now: Account, before: Mark | None) -> Live:
    if before is None:
        return Live(now, None, "new")
    was, is_ = VERDICTS.index(before.verdict), VERDICTS.index(now.verdict)
    step = (was - is_) or (now.points - before.points)
    way: Way = "stronger" if step > 0 else "weaker" if step < 0 else "same"
    return Live(now, before, way)


def _place(row: Account) -> Place:
    return row.cause, tuple(sorted(row.slice.items()))


def _where(place: Place) -> str:
    return ", ".join(v for _, v in place[1])
