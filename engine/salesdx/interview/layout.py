"""Which questions each cause reads, and the outcomes of all questions in rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from salesdx.interview.belief import Floats, Ints
from salesdx.interview.compiled import CompiledCause
from salesdx.interview.program import SYMPTOM, Odds
from salesdx.interview.scoring import Scorer
from salesdx.knowledge.conditions import Node, names


@dataclass(frozen=True)
class Layout:
    """The outcomes of all questions in rows, and the causes that each row moves.

    A pair is a row and a cause. `question` is the place of the question of a row,
    `matter` of the matter it belongs to; pairs of one row lie together.
    """

    questions: tuple[str, ...]
    causes: tuple[str, ...]
    question: Ints
    matter: Ints
    share: Floats
    row: Ints
    cause: Ints
    leaves: tuple[Mapping[int, Odds], ...]
    rows_of: Mapping[str, tuple[int, ...]]
    pair: Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Reading:
    """How one cause reads one question: through which rules, and whether in checks."""

    rules: tuple[int, ...]
    checks: bool


class Behind:
    """Which questions each rule and check of a cause reads, also through symptoms."""

    def __init__(self, scorer: Scorer) -> None:
        self._knowledge = scorer.knowledge
        self._open = scorer.compiler.symptoms
        self._seen: dict[str, frozenset[str]] = {}

    def readings(self, cause: CompiledCause) -> dict[str, Reading]:
        """How a cause reads each question behind it."""
        rules: dict[str, list[int]] = {}
        for i, rule in enumerate(cause.rules):
            for name in sorted(self._of_node(rule.rule.node)):
                rules.setdefault(name, []).append(i)
        ready = cause.cause
        checked = {
            n for node in (*ready.gate, *ready.unless, *ready.rules_out)
            for n in self._of_node(node)
        }  # fmt: skip
        checked |= {n for s in cause.harms for n in self._of_name(s)}
        return {
            n: Reading(tuple(rules.get(n, ())), n in checked)
            for n in sorted({*rules, *checked})
        }

    def _of_node(self, node: Node) -> frozenset[str]:
        return frozenset(x for n in names(node) for x in self._of_name(n))

    def _of_name(self, name: str) -> frozenset[str]:
        if name not in self._seen:
            inside = self._knowledge.symptoms.get(name.removeprefix(SYMPTOM))
            if name.startswith(SYMPTOM) and inside is not None:
                opened = name in self._open
                self._seen[name] = self._of_node(inside.node) if opened else frozenset()
            else:
                own = name in self._knowledge.questions
                self._seen[name] = frozenset({name} if own else ())
        return self._seen[name]
