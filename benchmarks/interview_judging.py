"""How a case stands after every answer, and that it ends as a diagnosis would."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from salesdx.diagnosis import diagnose
from salesdx.facts import FactBase
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.interview.scoring import Scorer
from salesdx.interview.scoring import Standing as Score
from salesdx.knowledge.base import KnowledgeBase

SPEAKING = ("likely", "possible")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands: in the order of the diagnosis, and by points alone.

    `first` and `three` hold only causes that are likely or possible; `points` are the
    causes with points, the most first.
    """

    first: str | None
    three: frozenset[str]
    points: str | None
    points_three: frozenset[str]


@dataclass
class Judgement:
    """One case as it grows. Only causes that an answer can reach are judged anew."""

    scorer: Scorer
    score: Score
    last: Standing | None = field(default=None)

    @classmethod
    def of(cls, scorer: Scorer, facts: FactBase) -> "Judgement":
        return cls(scorer, scorer.standing(facts))

    def take(self, facts: FactBase) -> None:
        """The facts that hold now."""
        score = self.scorer.at(self.score, facts)
        if score.rows != self.score.rows:
            self.last = None
        self.score = score

    def standing(self) -> Standing:
        """How it stands."""
        if self.last is None:
            self.last = _standing(self.score)
        return self.last

    def scores(self) -> Mapping[str, tuple[str, int]]:
        """Verdict and points of every cause."""
        rows = self.score.rows
        return {i: (rows[i].verdict, rows[i].total.points) for i in sorted(rows)}


def _standing(score: Score) -> Standing:
    rows = score.rows
    spoken = [i for i in score.order if rows[i].verdict in SPEAKING]
    most = sorted(rows, key=lambda i: (-rows[i].total.points, i))[:3]
    most = [i for i in most if rows[i].total.points > 0]
    return Standing(
        spoken[0] if spoken else None, frozenset(spoken[:3]),
        most[0] if most else None, frozenset(most),
    )  # fmt: skip


def diagnosed(
    knowledge: KnowledgeBase, facts: FactBase, model: str
) -> tuple[str | None, dict[str, tuple[str, int]]]:
    """The first cause and the scores as the diagnosis itself finds them."""
    found = infer(knowledge, facts, ReferenceExecutor(), sales_model=model)
    rows = diagnose(found, [])
    spoken = [r.id for r in rows if r.outcome.verdict in SPEAKING]
    scores = {
        r.id: (r.outcome.verdict, r.outcome.total.points)
        for r in rows if not r.outcome.where
    }  # fmt: skip
    return (spoken[0] if spoken else None), dict(sorted(scores.items()))
