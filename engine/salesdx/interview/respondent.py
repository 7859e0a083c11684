"""What the log tells of those who answer: where they know little, what they put off."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from salesdx.answers.log import Answer, AnswerLog
from salesdx.facts import Slice

_MISSED = ("dont_know", "refused")
_PUT_OFF = "later"


@dataclass(frozen=True, slots=True)
class Manner:
    """How people in a role have answered so far.

    `unknown` is the chance of no answer by questionnaire: one in ten before anything
    was asked, then as counted (the mean of Beta(1, 9) and the counts). `later` are the
    questions that were put off.
    """

    unknown: Mapping[str, float]
    later: frozenset[tuple[str, Slice]]

    def misses(self, section: str) -> float:
        """The chance that a question of a questionnaire is not answered."""
        return self.unknown.get(section, 0.1)


def manner(log: AnswerLog, role: str | None, sections: Mapping[str, str]) -> Manner:
    """Read the last answer to each question of everybody in the role (None: of all)."""
    last: dict[tuple[str, Slice, str], Answer] = {}
    for answer in log.answers:
        if role is None or answer.role == role:
            last[answer.question, answer.where, answer.by] = answer
    asked, missed = Counter[str](), Counter[str]()
    for answer in last.values():
        section = sections.get(answer.question, "")
        if answer.state in ("answered", *_MISSED):
            asked[section] += 1
            missed[section] += answer.state in _MISSED
    return Manner(
        {s: (1 + missed[s]) / (10 + n) for s, n in asked.items()},
        frozenset((a.question, a.where) for a in last.values() if a.state == _PUT_OFF),
    )
