"""When the rest of the questions is not worth the time: a suggestion, with grounds."""

from collections.abc import Sequence

from salesdx.answers.log import AnswerLog
from salesdx.inference.points import LIKELY, POSSIBLE, TWO_GROUPS
from salesdx.interview.agenda import Ask
from salesdx.interview.candidate import StopAdvice
from salesdx.interview.expecting import Expected
from salesdx.interview.outlook import Leading
from salesdx.interview.prospects import Prospects, Reckoner
from salesdx.interview.reasons import Grounds, stop_reason
from salesdx.interview.value import Value, ranked, verdicts_of
from salesdx.result import Verdict

FLIP = 0.02  # chance that the first place changes: see docs/interview-order.md
_ACTIVE = ("likely", "possible")
# where the mean over chances is taken, and how much of it each point stands for
_PARTS = (
    (0.005, 0.01), (0.02, 0.02), (0.065, 0.07), (0.2, 0.2), (0.5, 0.4), (0.8, 0.2),
    (0.935, 0.07), (0.98, 0.02), (0.995, 0.01),
)  # fmt: skip
FEWEST = 5  # answers
COVERED = 0.5  # of the evidence within reach, for every cause that is reported


def advice(
    reckoner: Reckoner, now: Prospects, value: Value, log: AnswerLog,
    asks: Sequence[Ask],
) -> StopAdvice:  # fmt: skip
    """Whether to suggest stopping now."""
    leader = now.standing.leader
    settled = not asks or _settled(now, leader)
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
    """Causes to be reported of which half of what can be known is still open."""
    likely = [i for i, r in now.standing.rows.items() if r.verdict == "likely"]
    leader = now.standing.leader
    told = [*likely, leader] if leader and leader not in likely else likely
    return [i for i in told if now.expected[i].decided < COVERED]


def _flip(
    reckoner: Reckoner, now: Prospects, value: Value, leader: str | None
) -> float:
    """The chance that the rest of the questions changes the first cause.

    Roles go before points, and a cause is a root while what it produces is possible: so
    the chance is a mean over how many causes are, from all that could be to those that
    are bound to be.
    """
    causes, outlook = reckoner.layout.causes, value.leading.outlook
    rows = now.standing.rows
    chance = value.leading.first
    if leader is None or rows[leader].verdict not in _ACTIVE:
        return min(1.0, float(chance.sum()))
    place = causes.index(leader)
    found = max(0.0, 1.0 - float(chance[place]))
    if found >= FLIP:
        return found
    usual = verdicts_of(now, causes, value.bar)
    seen: dict[frozenset[str], float] = {}
    found = 0.0
    for at, share in _PARTS:
        could = frozenset(
            c for c, p in zip(causes, outlook.possible, strict=True) if p > at
        )
        if could not in seen:
            active: dict[str, Verdict] = {
                c: v for c, v in usual.items() if c in could or c not in rows
            }
            for cause in sorted(could - active.keys()):
                active[cause] = "possible"
            rank = reckoner.scorer.ranking.places(causes, active, leader)
            chance = Leading.of(outlook, ranked(rank)).first
            seen[could] = max(0.0, 1.0 - float(chance[place]))
        found += share * seen[could]
    return found


def _settled(now: Prospects, leader: str | None) -> bool:
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
