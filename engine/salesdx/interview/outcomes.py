"""What an answer could turn out to be, as far as the rules tell answers apart.

Answers that no rule tells apart are one outcome. Of a question with several choices
every option that a rule reads is a matter of its own: chosen or not.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from salesdx.answers.values import bounds
from salesdx.facts import Value
from salesdx.inference.possible import TEXTS
from salesdx.interview.program import FALSE, TRUE, Odds, Thresholds
from salesdx.knowledge.conditions import Asked, Leaf
from salesdx.knowledge.models import QuestionEntry

# How much rarer an answer is that speaks for a cause: most of what can go wrong in a
# company does not. To be replaced by counted answers (expert judgement, EX).
ACCUSING = 1 / 3
_FAR = 10.0  # beyond the last threshold, where a number has no bound
_DAY = "2026-01-15"
Numbers = Mapping[Leaf | Asked, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the leaves that read the question, and how usual it is."""

    leaves: Mapping[int, Odds]
    share: float


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that a question tells; its outcomes exclude each other."""

    outcomes: tuple[Outcome, ...]

    def weighed(self, accusing: Sequence[bool]) -> "Matter":
        """The same with those outcomes rarer that speak for a cause."""
        weights = [
            o.share * (ACCUSING if bad else 1.0)
            for o, bad in zip(self.outcomes, accusing, strict=True)
        ]
        whole = sum(weights)
        return Matter(tuple(
            Outcome(o.leaves, w / whole)
            for o, w in zip(self.outcomes, weights, strict=True)
        ))  # fmt: skip


def matters(
    question: QuestionEntry, mine: Sequence[Leaf | Asked], numbers: Numbers,
    thresholds: Thresholds,
) -> list[Matter]:  # fmt: skip
    """What the rules could learn from a question; `mine` are the leaves it decides."""
    if not mine:
        return []
    compared = [n for n in mine if isinstance(n, Leaf)]
    asked = {numbers[n]: _known(n) for n in mine if isinstance(n, Asked)}
    if question.type == "multi":
        return [_chosen(numbers[n], asked) for n in compared]
    groups: dict[tuple[tuple[int, Odds], ...], int] = {}
    for value in _values(question, compared, thresholds):
        told = tuple((numbers[n], _told(n, value, thresholds)) for n in compared)
        groups[told] = groups.get(told, 0) + 1
    # of a number every band counts once, however many values stand for it
    each = 1 if question.type == "number" else 0
    weights = {told: each or count for told, count in groups.items()}
    whole = sum(weights.values())
    return [Matter(tuple(
        Outcome({**dict(told), **asked}, weight / whole)
        for told, weight in weights.items()
    ))]  # fmt: skip


def _chosen(number: int, asked: Mapping[int, Odds]) -> Matter:
    return Matter(tuple(
        Outcome({number: told, **asked}, 0.5) for told in (FALSE, TRUE)
    ))  # fmt: skip


def _known(node: Asked) -> Odds:
    """An answer makes the fact known; nobody differs yet."""
    return TRUE if node.what == "known" else FALSE


def _told(node: Leaf, value: Value, thresholds: Thresholds) -> Odds:
    state = node.comparison.holds(value, thresholds)
    return (0.0, 0.0, 100) if state is None else TRUE if state else FALSE


def _values(
    question: QuestionEntry, nodes: Sequence[Leaf], thresholds: Thresholds
) -> Iterator[Value]:
    match question.type:
        case "yesno":
            yield from (False, True)
        case "scale":
            low, high = bounds(question)
            yield from range(int(low), int(high) + 1)
        case "enum":
            yield from (o.code for o in question.options)
        case "number":
            yield from _bands(question, nodes, thresholds)
        case "text":
            yield from TEXTS
        case _:
            yield _DAY


def _bands(
    question: QuestionEntry, nodes: Sequence[Leaf], thresholds: Thresholds
) -> Iterator[float]:
    """A value in every band between thresholds, and every threshold itself."""
    marks = sorted({m for n in nodes for m in _marks(n, thresholds)})
    low, high = bounds(question)
    inside = [m for m in marks if low <= m <= high]
    if not inside:
        yield min(max(0.0, low), high)
        return
    first, last = inside[0], inside[-1]
    start = max(low, first - _FAR * (abs(first) or 1.0))
    end = min(high, last + _FAR * (abs(last) or 1.0))
    edges = [start, *inside, end]
    for a, b in itertools.pairwise(edges):
        if a < b:
            yield (a + b) / 2
    yield from inside


def _marks(node: Leaf, thresholds: Thresholds) -> list[float]:
    operands = node.comparison.resolved(thresholds) or ()
    return [float(o) for o in operands if isinstance(o, int | float)]
