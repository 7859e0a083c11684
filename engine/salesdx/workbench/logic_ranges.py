"""What a name can stand for, as far as conditions can tell its values apart.

A figure has no more states than the thresholds that it is held against leave between
them: one fact for each threshold and one for each stretch between two of them. A
comparison that is never true of these facts is never true at all.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, islice, pairwise
from math import inf, isfinite

from salesdx.answers.values import bounds
from salesdx.facts import Fact, Value
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Comparison, Leaf
from salesdx.knowledge.models import MetricEntry, QuestionEntry

Test = Leaf | Asked
GAP_STATES = ("confirmed", "suspected", "noise", "insufficient")
# An answer full of platitudes and one that says something (see platitudes.yaml).
_TEXTS = ("high quality and low prices", "we repair a pump on site within 4 hours")
_MOST = 2048  # states of one name; with more, nothing is claimed of it


def states(
    name: str, tests: Collection[Test], knowledge: KnowledgeBase
) -> tuple[Fact, ...] | None:
    """Every state of a name that the tests can tell apart; None where it is too many.

    Not to know is a state of its own. Only answers can be *don't know*, and only
    answers can be told differently.
    """
    hows = [t.comparison for t in tests if isinstance(t, Leaf)]
    values = list(islice(_values(name, hows, knowledge), _MOST + 1))
    if len(values) > _MOST:
        return None
    found = [Fact(name, v) for v in (*values, None)]
    asked = {t.what for t in tests if isinstance(t, Asked)}
    if name in knowledge.questions and "dont_know" in asked:
        found.append(Fact(name, None, dont_know=True))
    if name in knowledge.questions and "disagree" in asked:
        found += [
            Fact(name, f.value, dont_know=f.dont_know, disagree=True) for f in found
        ]
    return tuple(found)


def benchmark_values(name: str, knowledge: KnowledgeBase) -> tuple[float | None, ...]:
    """Every value of a threshold, by scope; None where it may not fit a company."""
    mark = knowledge.benchmarks[name]
    found: list[float | None] = [mark.value, *(v.value for v in mark.variants)]
    if mark.scope.sales_model or mark.scope.funnel or mark.scope.industry:
        found.append(None)
    return tuple(dict.fromkeys(found))


def _values(
    name: str, hows: Sequence[Comparison], knowledge: KnowledgeBase
) -> Iterator[Value]:
    metric = knowledge.metrics.get(name)
    question = knowledge.questions.get(name)
    if metric is not None:
        marks = [m for how in hows for m in _numbers(how, knowledge)]
        yield from _between(*_bounds(metric), marks, metric.type == "flag")
    elif question is not None:
        yield from _answers(question, hows, knowledge)
    elif name.startswith("gap:"):
        yield from GAP_STATES
    else:
        yield from (True, False)


def _bounds(metric: MetricEntry) -> tuple[float, float]:
    """What the type of a figure promises; money and differences may be negative."""
    if metric.type in ("share", "flag"):
        return 0.0, 1.0
    return (0.0 if metric.unit == "count" else -inf), inf


def _answers(
    question: QuestionEntry, hows: Sequence[Comparison], knowledge: KnowledgeBase
) -> Iterator[Value]:
    match question.type:
        case "yesno":
            yield from (True, False)
        case "scale" | "number":
            marks = [m for how in hows for m in _numbers(how, knowledge)]
            whole = question.type == "scale"
            yield from _between(*bounds(question), marks, whole)
        case "enum":
            yield from (o.code for o in question.options)
        case "multi":
            yield from _choices(question, hows)
        case _:
            said = {o for how in hows for o in how.operands if isinstance(o, str)}
            yield from sorted(said)
            yield from _TEXTS


def _numbers(how: Comparison, knowledge: KnowledgeBase) -> Iterator[float]:
    named = how.benchmarks or (False,) * len(how.operands)
    for operand, is_named in zip(how.operands, named, strict=True):
        if is_named:
            values = benchmark_values(str(operand), knowledge)
            yield from (v for v in values if v is not None)
        elif isinstance(operand, float | int) and not isinstance(operand, bool):
            yield float(operand)


def _between(
    low: float, high: float, marks: Sequence[float], whole: bool
) -> Iterator[float]:
    """Each threshold within the bounds, and a value on either side of it."""
    points = sorted({*marks, *filter(isfinite, (low, high))}) or [0.0]
    points = [points[0] - 1, *points, points[-1] + 1]
    if whole:
        found = {float(round(v) + d) for v in points for d in (-1, 0, 1)}
    else:
        found = {*points, *((a + b) / 2 for a, b in pairwise(points))}
    yield from (v for v in sorted(found) if low <= v <= high)


def _choices(
    question: QuestionEntry, hows: Sequence[Comparison]
) -> Iterator[tuple[str, ...]]:
    """Every choice of the options that are named, with any number of the others."""
    named = {o for how in hows if how.op == "includes" for o in how.operands}
    told = [o.code for o in question.options if o.code in named]
    others = [o.code for o in question.options if o.code not in named]
    for size in range(len(told) + 1):
        for some in combinations(told, size):
            for n in range(len(others) + 1):
                yield (*some, *others[:n])
