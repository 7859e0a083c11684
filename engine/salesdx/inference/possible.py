"""What a name could be: values on every side of every threshold that reads it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from salesdx.answers.relevance import conditions
from salesdx.answers.values import BadValue, bounds, read_value
from salesdx.facts import Fact, Slice, Value
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Comparison, Node, leaves
from salesdx.knowledge.models import MetricEntry, QuestionEntry

# An answer full of platitudes and one that says something (see platitudes.yaml).
TEXTS = ("high quality and low prices", "we repair a pump on site within 4 hours")
_DAY = "2026-01-15"
# How far from a threshold a value is taken, by unit: round figures read best.
_STEPS = {
    "ratio": 0.05, "percent": 5.0, "seconds": 600.0, "factor": 0.2, "money": 1000.0,
}  # fmt: skip
_WHOLE = ("count", "score")


@dataclass
class Values:
    """Candidate facts by name, made once a knowledge base."""

    knowledge: KnowledgeBase
    _marks: dict[str, set[float]] = field(default_factory=dict)
    _ready: dict[tuple[str, Slice], tuple[Fact, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in _conditions(self.knowledge):
            for leaf in leaves(node):
                marks = self._marks.setdefault(leaf.name, set())
                marks.update(self._numbers(leaf.comparison))

    def of(self, name: str, where: Slice) -> tuple[Fact, ...]:
        """Known facts of a name, those nearest to a threshold first."""
        key = (name, where)
        if key not in self._ready:
            self._ready[key] = tuple(self._facts(name, where))
        return self._ready[key]

    def _facts(self, name: str, where: Slice) -> Iterator[Fact]:
        question = self.knowledge.questions.get(name)
        for value in dict.fromkeys(self._values(name)):
            if question is None:
                yield Fact(name, value, where)
                continue
            read = read_value(question, value)  # only what an interview would take
            if not isinstance(read, BadValue):
                yield Fact(name, read, where, origin="answer")

    def _numbers(self, how: Comparison) -> list[float]:
        if how.inner is not None:
            return self._numbers(how.inner)
        named = how.benchmarks or (False,) * len(how.operands)
        found = []
        for operand, is_named in zip(how.operands, named, strict=True):
            if is_named:
                mark = self.knowledge.benchmarks[str(operand)]
                found += [mark.value, *(v.value for v in mark.variants)]
            elif isinstance(operand, float):
                found.append(operand)
        return found

    def _values(self, name: str) -> Iterator[Value]:
        metric = self.knowledge.metrics.get(name)
        if metric is not None:
            low, high = figure_bounds(metric)
            whole = is_whole(metric)
            yield from self._around(name, low, high, metric.unit, whole)
            return
        question = self.knowledge.questions[name]
        match question.type:
            case "yesno":
                yield from (True, False)
            case "scale":
                least, most = (int(v) for v in bounds(question))
                yield from range(least, most + 1)
            case "number":
                yield from self._around(
                    name, question.min, question.max, question.unit or "", False
                )
            case "enum":
                yield from (o.code for o in question.options)
            case "multi":
                yield from _choices(question)
            case "text":
                yield from TEXTS
            case _:
                yield _DAY

    def _around(
        self, name: str, low: float | None, high: float | None, unit: str, whole: bool
    ) -> Iterator[float]:
        """Just below, at and just above every threshold, within the bounds."""
        marks = sorted(self._marks.get(name, ())) or [1.0 if low is None else low]
        nearest = min((b - a for a, b in pairwise(marks)), default=float("inf"))
        usual = 1.0 if whole or unit in _WHOLE else _STEPS.get(unit, 1.0)
        step = usual if usual < nearest or whole else nearest / 2
        for mark in marks:
            for value in (mark + step, mark - step, mark, mark + step / 5, mark / 2):
                if whole and value != int(value):
                    continue
                if (low is None or value >= low) and (high is None or value <= high):
                    yield round(value, 6)
        if low is not None:
            yield low


def figure_bounds(metric: MetricEntry) -> tuple[float | None, float | None]:
    """The range of a figure: only a relation of two figures may be negative."""
    if metric.type in ("share", "flag"):
        return 0.0, 1.0
    return (None if metric.type == "ratio" else 0.0), None


def is_whole(metric: MetricEntry) -> bool:
    """Whether a figure counts what there is no half of."""
    return metric.type in ("count", "flag")


def _choices(question: QuestionEntry) -> Iterator[tuple[str, ...]]:
    """Nothing, one, two or all but one of the options, and every first n of them."""
    codes = tuple(o.code for o in question.options)
    yield from ((c,) for c in codes)
    yield ()
    yield from (codes[:n] for n in range(2, len(codes) + 1))
    yield from combinations(codes, 2)
    yield from (tuple(c for c in codes if c != left) for left in codes)


def _conditions(knowledge: KnowledgeBase) -> Iterator[Node]:
    for cause in knowledge.causes.values():
        yield from cause.nodes
    yield from (s.node for s in knowledge.symptoms.values())
    yield from conditions(knowledge).values()
