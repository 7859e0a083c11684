"""The declared names that conditions and texts may use, with their types."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from salesdx.knowledge.mending import STAND_IN
from salesdx.knowledge.models import Benchmark, MetricEntry, QuestionEntry

_KINDS = {"symptom": ("symptoms",), "cause": ("causes",), "gap": ("metrics",)}
PREFIXES = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a name can stand for.

    `lost` are ids by kind that stand in files with faults: what says of them that they
    do not exist, or do not fit, would only repeat the fault. `""` is of any kind.
    """

    metrics: Mapping[str, MetricEntry]
    questions: Mapping[str, QuestionEntry]
    symptoms: frozenset[str]
    causes: frozenset[str]
    benchmarks: Mapping[str, Benchmark]
    lost: Mapping[str, Set[str]] = field(default_factory=dict)

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

    def is_lost(self, name: str) -> bool:
        """Whether a (possibly prefixed) name stands in a file with a fault."""
        prefix, _, rest = name.partition(":")
        kinds = _KINDS.get(prefix if rest else "", ("metrics", "questions"))
        return any(self.lost_id(kind, rest or name) for kind in kinds)

    def lost_id(self, kind: str, name: str) -> bool:
        """The same of an id of one kind (as in `entries`)."""
        places = (self.lost.get(kind, ()), self.lost.get("", ()))
        return name == STAND_IN or any(name in names for names in places)

    def names(self) -> list[str]:
        """All plain names, for suggestions."""
        return sorted([*self.metrics, *self.questions])

    def leaf_of(self, name: str) -> str:
        """The observation behind a name: a question linked to a metric reads it."""
        question = self.questions.get(name)
        return question.metric if question and question.metric else name
