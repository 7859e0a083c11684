"""What a test beside the rules gives: facts under the names that rules read.

Symptoms that are not given are computed from what is; all the rest is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from salesdx.answers.file import CONFIDENCE
from salesdx.answers.values import BadValue, read_value
from salesdx.content import did_you_mean
from salesdx.errors import Said
from salesdx.facts import COMPANY, Fact, GapState
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Outcome, evaluate
from salesdx.knowledge.vocabulary import Vocabulary
from salesdx.result import Verdict

_HOLDS: dict[str, bool | str] = {"True": True, "yes": True, "true": True,
          "False": False, "no": False, "false": False}  # fmt: skip
_WORDS: dict[str, dict[str, bool | str]] = {
    "symptom": _HOLDS,
    "cause": _HOLDS | {v: v == "likely" for v in get_args(Verdict)},
    "gap": {s: s for s in get_args(GapState)},
}


@dataclass(frozen=True, slots=True)
class Misgiven:
    """A name or value of a test that nothing could ever read."""

    name: str
    message: str
    hint: str = ""
    of_value: bool = True  # the fault is at the value, not at the name


@dataclass
class Given:
    """The world of one test; `opened` are the symptoms that were computed for it."""

    knowledge: KnowledgeBase
    given: Mapping[str, Any]
    faults: list[Misgiven] = field(default_factory=list)
    opened: dict[str, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words = self.knowledge.vocabulary
        self._facts: dict[str, Fact] = {}
        for name, value in self.given.items():
            if words.knows(name):
                self._facts[name] = self._fact(name, value)
            else:
                said = Said(f"unknown name {name!r}", f"неизвестное имя «{name}»")
                hint = like_name(name, words)
                self.faults.append(Misgiven(name, said, hint, of_value=False))

    def read(self, name: str) -> Fact:
        """The fact of a name: as given, a symptom from its condition, or unknown."""
        fact = self._facts.get(name)
        if fact is not None:
            return fact
        outcome = self.symptom(name)
        if outcome is not None:
            return Fact(name, outcome.state, confidence=outcome.confidence)
        return Fact(name, None)

    def symptom(self, name: str) -> Outcome | None:
        """The condition of a symptom that the test leaves to be computed."""
        prefix, _, rest = name.partition(":")
        found = self.knowledge.symptoms.get(rest) if prefix == "symptom" else None
        if found is None or name in self._facts:
            return None
        if rest not in self.opened:
            self.opened[rest] = evaluate(found.node, self)
        return self.opened[rest]

    def benchmark(self, name: str) -> float:
        """The shipped value of a threshold."""
        return self.knowledge.benchmarks[name].value

    def _fault(self, name: str, message: str, hint: str = "") -> None:
        self.faults.append(Misgiven(name, message, hint))

    def _fact(self, name: str, value: Any) -> Fact:
        confidence, disagree = 100, False
        if isinstance(value, dict):
            said = str(value.get("confidence", "sure"))
            if said not in CONFIDENCE:
                self._fault(name, Said(
                    f"{name}: no confidence {said!r}",
                    f"{name}: уверенности «{said}» не бывает",
                ), did_you_mean(said, CONFIDENCE))  # fmt: skip
            confidence = CONFIDENCE.get(said, 100)
            disagree = bool(value.get("disagree", False))
            value = value.get("value")
        if value in ("unknown", None):
            return Fact(name, None, disagree=disagree)
        if value == "dont_know":
            return Fact(name, None, dont_know=True)
        if ":" in name:
            return self._derived(name, value)
        question = self.knowledge.questions.get(name)
        if question is not None:
            read = read_value(question, value)
            if isinstance(read, BadValue):
                self._fault(name, read.message, read.hint)
                return Fact(name, None)
            return Fact(name, read, COMPANY, confidence, "answer", disagree=disagree)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._fault(name, Said(
                f"{name} is a figure, not {value!r}",
                f"{name} — показатель, нужно число, а здесь «{value}»",
            ))  # fmt: skip
            return Fact(name, None)
        return Fact(name, value)

    def _derived(self, name: str, value: Any) -> Fact:
        """A symptom, a verdict or a gap."""
        words = _WORDS[name.partition(":")[0]]
        if str(value) not in words:
            known = sorted({w for w in words if w not in ("True", "False")})
            self._fault(name, Said(
                f"{name} is never {value!r}", f"{name} не принимает значения «{value}»",
            ), did_you_mean(str(value), known) or ", ".join(known))  # fmt: skip
        return Fact(name, words.get(str(value)))


def like_name(name: str, words: Vocabulary) -> Said:
    """The declared name that a misspelt one is like."""
    prefix, _, rest = name.partition(":")
    known = {
        "symptom": words.symptoms, "cause": words.causes, "gap": words.metrics,
    }.get(prefix if rest else "", words.names())  # fmt: skip
    return did_you_mean(rest or name, known)
