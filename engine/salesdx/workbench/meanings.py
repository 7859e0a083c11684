"""What an entry means, key by key, in a form that can be compared.

Conditions are parsed trees with their parts in order, choices without an order are
sorted. `BEARINGS` says what a key can change: verdicts, the plan and what is shown, or
(all that is not named) texts only.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from salesdx.content import Document
from salesdx.knowledge.base import KnowledgeBase, ReadyRule
from salesdx.knowledge.conditions import Group, Node
from salesdx.knowledge.grammar import Parser
from salesdx.knowledge.models import Condition, QuestionEntry

Bearing = Literal["verdict", "plan", "text"]


def _bearings(verdict: str = "", plan: str = "") -> dict[str, Bearing]:
    found: dict[str, Bearing] = dict.fromkeys(verdict.split(), "verdict")
    return found | dict.fromkeys(plan.split(), "plan")


BEARINGS: Mapping[str, Mapping[str, Bearing]] = {
    "causes": _bearings(
        "for_each applies_to explains rivals needs gate unless rules_out off",
        "kind remedies leads_to aggravates",
    ),
    "rules": _bearings(
        "direction weight if group direct independent discriminates for_each applies_to"
    ),
    "symptoms": _bearings("if for_each", "kind"),
    "benchmarks": _bearings("value unit scope variants"),
    "questions": _bearings(
        "type options min max unit who about problem dont_know metric relevant_if "
        "applies_to off",
        "core seconds",
    ),
    "metrics": _bearings(
        "type unit direction grain question yes_of loss worth", "needs area"
    ),
    "remedies": _bearings(
        "",
        "owner days needs_first blocks blocked_while unless kpi worksheet claims "
        "repeat",
    ),
    "roles": {"id": "verdict"},  # who is no role any more cannot have answered
    "claims": _bearings("", "share causes"),
    "forms": _bearings("", "parts bands applies_to"),
    "questionnaires": {},
    "worksheets": {},
    "solution_areas": {},
    "data_quality": _bearings("", "severity"),
    "pack": {},
}
_SETS = {
    "applies_to", "explains", "rivals", "needs", "leads_to", "aggravates", "grain",
    "yes_of", "needs_first", "blocks", "blocked_while", "discriminates", "causes",
}  # fmt: skip
_LEFT_OUT = {"causes": {"evidence", "against"}, "questionnaires": {"questions"}}
Meaning = dict[str, Any]


def meaning(kind: str, name: str, knowledge: KnowledgeBase) -> Meaning:
    """What every key of an entry means."""
    model = knowledge.entries[kind][name].model
    found: Meaning = {
        key: _value(key, getattr(model, key))
        for key in type(model).model_fields
        if key not in _LEFT_OUT.get(kind, ())
    }
    special = _SPECIAL.get(kind)
    return found | special(name, knowledge) if special else found


def rule_meaning(rule: ReadyRule) -> Meaning:
    """What every key of a written rule means."""
    spec = rule.spec
    found: Meaning = {
        key: _value(key, getattr(spec, key))
        for key in type(spec).model_fields
        if key not in ("id", "condition")
    }
    return found | {
        "direction": rule.direction,
        "if": ordered(rule.node),
        "independent": spec.independent is not None,
        "independent_why": spec.independent,
    }


def ordered(node: Node) -> Node:
    """A condition with the parts of every group in one order: it holds all the same."""
    if not isinstance(node, Group):
        return node
    parts = sorted((ordered(p) for p in node.parts), key=str)
    return Group(node.kind, tuple(parts), node.n)


def _value(key: str, value: Any) -> Any:
    if key in _SETS and isinstance(value, list):
        return tuple(sorted(map(str, value)))
    if isinstance(value, list):
        return tuple(_value("", v) for v in value)
    return value.model_dump() if hasattr(value, "model_dump") else value


def _nodes(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(map(ordered, nodes), key=str))


def _cause(name: str, knowledge: KnowledgeBase) -> Meaning:
    cause = knowledge.causes[name]
    return {
        "off": knowledge.is_off("causes", name),
        "gate": _nodes(cause.gate),
        "unless": _nodes(cause.unless),
        "rules_out": _nodes(cause.rules_out),
    }


def _symptom(name: str, knowledge: KnowledgeBase) -> Meaning:
    return {"condition": None, "if": ordered(knowledge.symptoms[name].node)}


def _benchmark(name: str, knowledge: KnowledgeBase) -> Meaning:
    mark = knowledge.benchmarks[name]
    return {
        "scope": _scope(mark.scope),
        "variants": tuple((v.value, _scope(v.scope)) for v in mark.variants),
        "variant_sources": tuple(
            (v.source.model_dump(), v.grade, v.date) for v in mark.variants
        ),
    }


def _scope(scope: Any) -> tuple[tuple[str, Any], ...]:
    """What a scope asks for; () asks for nothing."""
    return tuple(
        (key, tuple(sorted(value)) if isinstance(value, list) else value)
        for key, value in scope.model_dump().items()
        if value
    )


def _question(name: str, knowledge: KnowledgeBase) -> Meaning:
    question = knowledge.questions[name]
    return {
        "off": knowledge.is_off("questions", name),
        "relevant_if": _parsed(question.relevant_if, knowledge),
        "options": tuple(
            (o.code, tuple(sorted(o.causes)), tuple(sorted(o.clears)), o.measured_by)
            for o in question.options
        ),
        "option_texts": tuple(
            (o.code, o.title.model_dump(), o.because.model_dump() if o.because else "")
            for o in question.options
        ),
        "problem": _problem(question, knowledge),
        "problem_because": question.problem and question.problem.because,
    }


def _problem(
    question: QuestionEntry, knowledge: KnowledgeBase
) -> tuple[Node | None, tuple[str, ...]] | None:
    """The answer that points at causes, as a condition, and the causes."""
    if question.problem is None:
        return None
    node = _parsed({question.id: question.problem.when}, knowledge)
    return node, tuple(sorted(question.problem.causes))


def _parsed(condition: Condition | None, knowledge: KnowledgeBase) -> Node | None:
    if condition is None:
        return None
    node = Parser(knowledge.vocabulary, Document("", {}, {})).parse(condition, ())
    return ordered(node) if node else None


def _remedy(name: str, knowledge: KnowledgeBase) -> Meaning:
    node = knowledge.in_place.get(name)
    return {"unless": ordered(node) if node else None}


def _worksheet(name: str, knowledge: KnowledgeBase) -> Meaning:
    ready = knowledge.worksheets.get(name)
    templates = ready.templates if ready else {}
    return {"templates": tuple(sorted((k, t.text) for k, t in templates.items()))}


_SPECIAL: Mapping[str, Callable[[str, KnowledgeBase], Meaning]] = {
    "causes": _cause,
    "symptoms": _symptom,
    "benchmarks": _benchmark,
    "questions": _question,
    "remedies": _remedy,
    "worksheets": _worksheet,
}
