"""The orders that are compared. Answers never depend on them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from interview_companies import Company
from interview_running import Interview, Order, Setup, Stopped, asks

from salesdx.inference.part import part_of
from salesdx.interview.candidate import Chooses

# Beyond the stop and this many questions the chooser is asked for several at once: only
# the tail is put together more coarsely, which cannot help the adaptive order.
FINE, AT_ONCE = 80, 10


class Author:
    """As the questionnaires are written."""

    def next(self, interview: Interview) -> Iterable[str]:
        return [q.id for q in interview.left()][:1]


class Read:
    """As written, without the questions that no rule reads: a leaner baseline."""

    def next(self, interview: Interview) -> Iterable[str]:
        read = interview.setup.read | interview.setup.deciding
        return [q.id for q in interview.left() if q.id in read][:1]


class Shuffled:
    """Any order, fixed for a company."""

    def __init__(self, seed: int) -> None:
        self._seed = f"order {seed}"
        self._place: dict[str, float] = {}

    def next(self, interview: Interview) -> Iterable[str]:
        if not self._place:
            random = Random(self._seed)
            questions = interview.setup.knowledge.questions
            self._place = {q: random.random() for q in questions}
        left = sorted((self._place[q.id], q.id) for q in interview.left())
        return [name for _, name in left[:1]]


class Confirm:
    """The core, then whatever bears on the first cause of the moment."""

    def __init__(self) -> None:
        self._reads: dict[str, frozenset[str]] = {}

    def next(self, interview: Interview) -> Iterable[str]:
        left = list(interview.left())
        core = [q.id for q in left if q.core]
        standing = interview.standing
        first = (standing.first or standing.points) if standing else None
        if core or first is None:
            return (core or [q.id for q in left])[:1]
        if first not in self._reads:
            part = part_of(interview.setup.knowledge, first)
            self._reads[first] = frozenset(part.questions)
        mine = [q.id for q in left if q.id in self._reads[first]]
        return (mine or [q.id for q in left])[:1]


class Adaptive:
    """The core in the author's order, then what the chooser holds most useful."""

    def __init__(self, chooser: Chooses, *, core: bool = True) -> None:
        self._chooser, self._core = chooser, core
        self.stopped: Stopped | None = None

    def next(self, interview: Interview) -> Iterable[str]:
        left = asks(interview)
        if not left:
            return []
        if self._core:
            core = [a.question.id for a in left if a.question.core]
            if core:
                return core[:1]
        log = interview.log()
        if self.stopped is None:
            advice = self._chooser.stop(interview.facts, log, left, role=interview.role)
            if advice.suggested:
                self.stopped = Stopped(
                    len(interview.asked), advice.leader, advice.settled
                )
        fine = self.stopped is None or len(interview.asked) < FINE
        last = interview.asked[-1:]
        found = self._chooser.candidates(
            interview.facts, log, left, role=interview.role,
            section=interview.setup.section[last[0]] if last else None,
            most=1 if fine else AT_ONCE,
        )  # fmt: skip
        return [c.ask.question.id for c in found] or [left[0].question.id]


@dataclass(frozen=True)
class Way:
    """An order by name, made anew for every interview."""

    name: str
    make: Callable[[Setup, Company], Order]


def ways(chooser: Callable[[Setup, str], Chooses] | None) -> Mapping[str, Way]:
    """All orders; the adaptive ones where there is a chooser."""
    found = [
        Way("author", lambda *_: Author()),
        Way("author, read only", lambda *_: Read()),
        Way("random", lambda _, c: Shuffled(c.seed)),
        Way("confirm favourite", lambda *_: Confirm()),
    ]
    if chooser is not None:
        made = chooser
        found += [
            Way("adaptive", lambda s, c: Adaptive(made(s, c.model))),
            Way(
                "adaptive, no core",
                lambda s, c: Adaptive(made(s, c.model), core=False),
            ),
        ]
    return {w.name: w for w in found}
