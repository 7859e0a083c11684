"""The declared names that conditions and texts may use, with their types."""

from collections.abc import Mapping
from dataclasses import dataclass

from salesdx.knowledge.models import Benchmark, MetricEntry, QuestionEntry

PREFIXES = ("symptom", "cause", "gap")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a name can stand for."""

    metrics: Mapping[str, MetricEntry]
    questions: Mapping[str, QuestionEntry]
    symptoms: frozenset[str]
    causes: frozenset[str]
    benchmarks: Mapping[str, Benchmark]

    def knows(self, name: str) -> bool:
        """Whether a (possibly prefixed) name is declared."""
        prefix, _, rest = name.partition(":")
        match prefix if rest else "":
            case "symptom":
                return rest in self.symptoms
            case "cause":
                return rest in self.causes
            case "gap":
                return rest in self.metrics
            case _:
                return name in self.metrics or name in self.questions

    def names(self) -> list[str]:
        """All plain names, for suggestions."""
        return sorted([*self.metrics, *self.questions])

    def leaf_of(self, name: str) -> str:
        """The observation behind a name: a question linked to a metric reads it."""
        question = self.questions.get(name)
        return question.metric if question and question.metric else name
