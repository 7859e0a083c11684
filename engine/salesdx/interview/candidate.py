"""What choosing the next question comes to, for whoever shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from salesdx.answers.log import AnswerLog
from salesdx.facts import FactBase
from salesdx.interview.agenda import Ask
from salesdx.language import Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may come next.

    `utility` is the expected information a second of effort (nats), already lowered by
    the chance that it does not apply or is not known, and raised where it keeps to the
    subject. `reason` is for the interviewer only: it names causes, and would lead the
    respondent. `causes` are those it bears on, the most moved first.
    """

    ask: Ask
    utility: float
    seconds: int
    reason: Text
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopAdvice:
    """Whether to suggest stopping, and the grounds; never a forced end.

    `settled` is when no further answer can change the first place. `flip` is the
    chance (0..1) that the remaining questions change the first cause. `leader` is the
    cause in the first place, None where nothing speaks for any.
    """

    suggested: bool
    settled: bool
    flip: float
    leader: str | None
    reason: Text


class Chooses(Protocol):
    """Chooses among questions; made once for a knowledge base and a company."""

    def candidates(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask], *,
        role: str | None, section: str | None = None, most: int = 5,
    ) -> list[Candidate]:  # fmt: skip
        """The most useful of `asks`, best first; ties in the order given.

        Questions that wait for the answer to another one of them come last.

        `section` is the questionnaire of the last question: its subject is kept where
        that costs little.
        """
        ...

    def stop(
        self, facts: FactBase, log: AnswerLog, asks: Sequence[Ask], *, role: str | None
    ) -> StopAdvice:
        """Whether the rest of `asks` is worth the time."""
        ...
