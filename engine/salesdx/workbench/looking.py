"""What a new rule looks at: `NAME` or `NAME COMPARISON` -> a condition and its tests.

The comparison that is not said is the usual one: the answer that is the problem, or
the threshold that shipped rules hold against the figure.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from salesdx.answers.values import BadValue, read_value
from salesdx.content import Document
from salesdx.errors import Said, UsageError, hinted
from salesdx.facts import COMPANY, Fact
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, State, evaluate, leaves
from salesdx.knowledge.grammar import Parser
from salesdx.knowledge.models import QuestionEntry

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*$")
_ORDER = ("<", "<=", ">", ">=")
_WORDS = {"true", "false", "null"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?$")
_BANAL = ("quality and individual approach", "delivered within two hours")


@dataclass(frozen=True, slots=True)
class Looked:
    """One observation: its condition, and values for which it holds and fails."""

    name: str
    condition: dict[str, Any]
    holds: Any
    fails: Any


def look(knowledge: KnowledgeBase, told: str, against: bool = False) -> Looked:
    """Understand one `--on` of a rule that speaks for a cause, or against it.

    Raises:
        UsageError: the name is unknown, or the comparison does not fit it.
    """
    name, _, comparison = told.strip().partition(" ")
    if ":" in name:
        prefix, _, rest = name.partition(":")
        condition: dict[str, Any] = {prefix: rest}
    else:
        condition = {name: _compared(knowledge, name, comparison.strip(), against)}
    node = _parsed(knowledge, condition)
    values = list(_values(knowledge, name, node))
    found: dict[State, Any] = {}
    for value in values:
        state = evaluate(node, _One(knowledge, name, value)).state
        found.setdefault(state, value)
    if True not in found or False not in found:
        raise UsageError(Said(
            f"no values are known for which {told!r} holds and fails; write this rule "
            "by hand",
            f"не подобрать значений, при которых «{told}» верно и неверно; такое "
            "правило напишите вручную",
        ))  # fmt: skip
    question = knowledge.questions.get(name)
    if question is not None and question.metric:  # a measured figure beats a claim
        condition = {"all": [{"unknown": question.metric}, condition]}
    return Looked(name, condition, found[True], found[False])


def condition_of(seen: Sequence[Looked]) -> dict[str, Any]:
    """One condition for all that a rule looks at."""
    if len(seen) == 1:
        return seen[0].condition
    return {"all": [one.condition for one in seen]}


def flow(data: Any) -> str:
    """Plain data in brackets, as people write it: comparisons in quotes."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{_key(k)}: {flow(v)}" for k, v in data.items()) + "}"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(map(flow, data)) + "]"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int | float):
        return f"{data:g}"
    text = str(data)
    plain = _PLAIN.match(text) and text not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def _key(key: str) -> str:
    return json.dumps(key) if ":" in key else key


def _compared(
    knowledge: KnowledgeBase, name: str, comparison: str, against: bool
) -> Any:
    question = knowledge.questions.get(name)
    if comparison:
        number = _NUMBER.match(comparison)
        value = float(comparison) if number else comparison
        many = question is not None and question.type == "multi"
        return {"includes": value} if many else value
    if question is not None:
        if question.problem is not None:
            return question.problem.when
        codes = [o.code for o in question.options]
        if question.type == "multi":
            return {"includes": codes[0]}
        if question.type == "text":
            return {"banal": "yes"}
        if question.type not in ("number", "scale"):
            return codes[0] if codes else "no"
    if question is None and name not in knowledge.metrics:
        return "no"  # the parser will say what is wrong with the name
    usual = _usual(knowledge, name, against)
    if usual is None:
        raise UsageError(Said(
            f"say what {name} is held against: --on '{name} < benchmark'",
            f"скажите, с чем сравнить {name}: --on '{name} < ориентир'",
        ))  # fmt: skip
    return usual


def _usual(knowledge: KnowledgeBase, name: str, against: bool) -> str | None:
    """The comparison with a benchmark that known rules of this direction make most."""
    direction = "against" if against else "for"
    nodes = [
        r.node
        for c in knowledge.causes.values()
        for r in c.rules
        if r.direction == direction
    ]
    if not against:
        harms = (s for s in knowledge.symptoms.values() if s.spec.kind == "harm")
        nodes += [s.node for s in harms]
    found: dict[str, int] = {}
    for leaf in (leaf for node in nodes for leaf in leaves(node)):
        comparison = leaf.comparison
        if leaf.name == name and comparison.op in _ORDER and any(comparison.benchmarks):
            found[str(comparison)] = found.get(str(comparison), 0) + 1
    return min(found, key=lambda c: (-found[c], c)) if found else None


def _parsed(knowledge: KnowledgeBase, condition: dict[str, Any]) -> Node:
    parser = Parser(knowledge.vocabulary, Document("--on", {}, {}))
    node = parser.parse(condition, ())
    if node is None:
        fault = parser.problems[0]
        raise UsageError(hinted(fault.message, fault.hint))
    return node


class _One:
    """A world in which one thing is known."""

    def __init__(self, knowledge: KnowledgeBase, name: str, value: Any) -> None:
        question = knowledge.questions.get(name)
        read = value if question is None else read_value(question, value)
        self._knowledge = knowledge
        self._fact = Fact(name, None if isinstance(read, BadValue) else read, COMPANY)

    def read(self, name: str) -> Fact:
        return self._fact if name == self._fact.name else Fact(name, None)

    def benchmark(self, name: str) -> float:
        return self._knowledge.benchmarks[name].value


def _values(knowledge: KnowledgeBase, name: str, node: Node) -> Iterator[Any]:
    """Values worth trying, the plainest first."""
    prefix = name.partition(":")[0] if ":" in name else ""
    if prefix in ("symptom", "cause"):
        yield from (True, False)
    elif prefix == "gap":
        yield from ("confirmed", "noise")
    question = knowledge.questions.get(name)
    if question is not None and question.type not in ("number", "scale"):
        yield from _answers(question)
        return
    ratio = name in knowledge.metrics and knowledge.metrics[name].unit == "ratio"
    for leaf in leaves(node):
        for operand in leaf.comparison.resolved(_One(knowledge, name, None)) or ():
            limit = float(operand) if not isinstance(operand, str) else 0.0
            for value in (limit / 2, limit * 1.5, limit - 1, limit + 1, limit, 0, 1):
                if value >= 0 and (not ratio or value <= 1):
                    yield round(value, 4)


def _answers(question: QuestionEntry) -> Iterator[Any]:
    codes = [o.code for o in question.options]
    match question.type:
        case "yesno":
            yield from ("yes", "no")
        case "multi":
            yield from ([code] for code in codes)
            yield codes
        case "text":
            yield from _BANAL
        case _:
            yield from codes
