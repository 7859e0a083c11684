"""When the rest of the questions is not worth the time: a suggestion, with grounds."""

from collections.abc import Sequence

from salesdx.answers.log import AnswerLog
from salesdx.inference.points import LIKELY, POSSIBLE, TWO_GROUPS
from salesdx.interview.agenda import Ask
from salesdx.interview.candidate import StopAdvice
from salesdx.interview.expecting import Expected
from salesdx.interview.prospects import Prospects, Reckoner
from salesdx.interview.reasons import Grounds, stop_reason
from salesdx.interview.value import Value
from salesdx.result import Verdict

FLIP = 0.02  # of a large base: interview.md 7.6
FEWEST = 5  # answers
COVERED = 0.5  # of the evidence within reach, for every cause that is reported


def advice(
    reckoner: Reckoner, now: Prospects, value: Value, log: AnswerLog,
    asks: Sequence[Ask],
) -> StopAdvice:  # fmt: skip
    """Whether to suggest stopping now."""
    leader = now.standing.leader
    settled = not asks or _settled(reckoner, now, leader)
    flip = 0.0 if settled else _flip(reckoner, now, value, leader)
    core = sum(a.question.core for a in asks)
    answered = sum(a.state == "answered" for a in log.answers)
    thin = [] if settled else _thin(now)
    steady = flip < FLIP
    grounds = Grounds(leader, settled, core, answered, FEWEST, steady, thin, len(asks))
    ready = not core and answered >= FEWEST and steady and not thin
    return StopAdvice(
        settled or ready, settled, round(flip, 4), leader,
        stop_reason(reckoner.scorer.knowledge, grounds),
    )  # fmt: skip


def _thin(now: Prospects) -> list[str]:
    """Causes that would be reported though half of what can be known of them is open."""
    likely = [i for i, r in now.standing.rows.items() if r.verdict == "likely"]
    leader = now.standing.leader
    told = [*likely, leader] if leader and leader not in likely else likely
    return [i for i in told if now.expected[i].decided < COVERED]


def _flip(
    reckoner: Reckoner, now: Prospects, value: Value, leader: str | None
) -> float:
    """The chance that the rest of the questions changes the first cause."""
    causes = reckoner.layout.causes
    if leader is None or now.standing.rows[leader].verdict not in (
        "likely",
        "possible",
    ):
        return min(1.0, float(value.first.sum()))
    return max(0.0, 1.0 - float(value.first[causes.index(leader)]))


def _settled(reckoner: Reckoner, now: Prospects, leader: str | None) -> bool:
    """Whether no answer at all can change the first place; rather too seldom true."""
    rows = now.standing.rows
    moving = [
        i for i, e in now.expected.items() if e.low < e.high or 0.0 < e.free < 1.0
    ]
    if not moving:
        return True
    if leader is None or rows[leader].verdict != "likely":
        return False
    first_ = now.expected[leader]
    if first_.low < LIKELY or first_.free < 1.0:
        return False
    return all(
        i == leader or _harmless(now.expected[i], first_, rows[i].verdict)
        for i in moving
    )


def _harmless(found: Expected, leader: Expected, verdict: Verdict) -> bool:
    """Whether a cause can neither pass the leader nor change any role."""
    if found.high < POSSIBLE:
        return verdict not in ("likely", "possible")
    stays = found.low >= TWO_GROUPS and verdict in ("likely", "possible")
    return stays and found.high < min(LIKELY, leader.low)
