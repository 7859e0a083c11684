"""What an editor may offer: the names of the knowledge base, beside its own.

Names complete and are never enforced: own files may bring others. What is enforced is
the shape of a condition.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from salesdx.facts import GapState
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import NAME, MetricEntry, QuestionEntry, Unit
from salesdx.language import Language
from salesdx.result import Verdict

_ORDERS = ("<", "<=", ">", ">=")
_ORDERED = r"^\s*(<=|>=|==|!=|<|>)\s*\S+\s*$"
_FREE = "free"  # units that are compared with one another
_PURE = {"count", "factor", "score"}
# where a field of a model holds names: which ones
_NAMES: Mapping[tuple[str, str], str] = {
    ("Cause", "explains"): "symptoms",
    ("Cause", "leads_to"): "causes",
    ("Cause", "aggravates"): "causes",
    ("Cause", "rivals"): "causes",
    ("Cause", "needs"): "facts",
    ("Cause", "remedies"): "remedies",
    ("Additions", "cause"): "causes",
    ("Additions", "explains"): "symptoms",
    ("Additions", "leads_to"): "causes",
    ("Additions", "aggravates"): "causes",
    ("Additions", "rivals"): "causes",
    ("Additions", "remedies"): "remedies",
    ("Rule", "discriminates"): "causes",
    ("Remedy", "owner"): "roles",
    ("Remedy", "needs_first"): "remedies",
    ("Remedy", "blocks"): "remedies",
    ("Remedy", "blocked_while"): "causes",
    ("Remedy", "worksheet"): "worksheets",
    ("RemedyKpi", "metric"): "metrics",
    ("RemedyKpi", "target"): "targets",
    ("ListedClaim", "causes"): "causes",
    ("MetricEntry", "question"): "questions",
    ("MetricEntry", "yes_of"): "questions",
    ("MetricEntry", "area"): "areas",
    ("Benchmark", "unit"): "units",
    ("QuestionEntry", "who"): "roles",
    ("QuestionEntry", "metric"): "metrics",
    ("QuestionEntry", "unit"): "units",
    ("Option", "causes"): "causes",
    ("Option", "clears"): "causes",
    ("Option", "measured_by"): "metrics",
    ("ProblemAnswer", "causes"): "causes",
    ("Worksheet", "along"): "worksheets",
    ("FormPart", "questions"): "questions",
    ("Expectation", "verdict"): "verdicts",
    ("TunedBenchmark", "id"): "benchmarks",
    ("TunedCause", "id"): "causes",
    ("TunedCause", "remedies"): "remedies",
    ("TunedQuestion", "id"): "questions",
}
_CONDITIONS = {
    ("Additions", "gate"), ("Additions", "unless"), ("Additions", "rules_out"),
    ("TunedRule", "if"), ("Rule", "if"), ("Symptom", "if"),
    ("Cause", "gate"), ("Cause", "unless"),
    ("Cause", "rules_out"), ("Remedy", "unless"), ("QuestionEntry", "relevant_if"),
}  # fmt: skip
_UNITS = get_args(Unit)
_CONDITION = {"$ref": "#/definitions/Condition"}


def install(
    name: str,
    top: dict[str, Any],
    own: Mapping[str, dict[str, Any]],
    lang: Language,
    knowledge: KnowledgeBase | None,
) -> dict[str, Any]:
    """Put names and conditions into the schemas of a file; returns what they use."""
    known = _known(knowledge)
    added: dict[str, Any] = {}
    for model, part in [(name, top), *own.items()]:
        for key, field in part.get("properties", {}).items():
            kind = _NAMES.get((model, key))
            if kind and known.get(kind):
                added[f"names-{kind}"] = _offer(known[kind], kind)
                _into(
                    field, {"$ref": f"#/definitions/names-{kind}"}, {"type": "string"}
                )
            if (model, key) in _CONDITIONS:
                _into(field, _CONDITION, {"type": "object"})
                added |= _conditions(lang, knowledge, known)
            if (model, key) == ("RuleTest", "given") and knowledge is not None:
                field["properties"] = _given(knowledge, lang)
    return added


def _known(knowledge: KnowledgeBase | None) -> dict[str, list[str]]:
    always = {"units": list(_UNITS), "verdicts": list(get_args(Verdict))}
    if knowledge is None:
        return always
    return always | {
        "causes": list(knowledge.causes),
        "symptoms": list(knowledge.symptoms),
        "remedies": list(knowledge.remedies),
        "roles": list(knowledge.roles),
        "metrics": list(knowledge.metrics),
        "questions": list(knowledge.questions),
        "facts": knowledge.vocabulary.names(),
        "worksheets": list(knowledge.worksheets),
        "areas": list(knowledge.areas),
        "benchmarks": list(knowledge.benchmarks),
        "targets": ["norm", *knowledge.benchmarks],
    }


def _offer(names: Iterable[str], kind: str) -> dict[str, Any]:
    """Names to choose from; where they are a closed list, no others."""
    listed = {"enum": list(names)}
    if kind == "verdicts":
        return listed
    return {"anyOf": [listed, {"type": "string", "pattern": r"^[a-z][a-z0-9._-]*$"}]}


def _into(field: dict[str, Any], put: dict[str, Any], instead: dict[str, Any]) -> None:
    """Put a schema where the field, its items or its choice is of the given type."""
    places = [field, field.get("items"), *field.get("anyOf", ())]
    for place in places:
        if isinstance(place, dict) and place.get("type") == instead["type"]:
            told = place.get("description")
            place.clear()
            place.update({"allOf": [put], "description": told} if told else put)


def _conditions(
    lang: Language, knowledge: KnowledgeBase | None, known: Mapping[str, list[str]]
) -> dict[str, Any]:
    """The shape of a condition, with every known name as a key of its own."""
    name = {"type": "string", "pattern": r"^[a-z][a-z0-9._:-]*$"}
    many = {"type": "array", "minItems": 1, "items": _CONDITION}
    keys: dict[str, Any] = {
        "all": many, "any": many, "not": _CONDITION,
        "at_least": {
            "type": "object", "required": ["n", "of"], "additionalProperties": False,
            "properties": {"n": {"type": "integer", "minimum": 1}, "of": many},
        },
    }  # fmt: skip
    for word in ("known", "unknown", "dont_know", "disagree"):
        keys[word] = _or(known.get("facts"), name)
    for word, kind in (
        ("symptom", "symptoms"),
        ("cause", "causes"),
        ("gap", "metrics"),
    ):
        keys[word] = _or(known.get(kind), name)
    added: dict[str, Any] = {"Comparison": _comparison()}
    if knowledge is not None:
        added |= _thresholds(knowledge)
        for metric in knowledge.metrics.values():
            keys[metric.id] = _figure(metric, lang)
        for question in knowledge.questions.values():
            keys[question.id] = _answer(question, lang)
    added["Condition"] = {
        "type": "object", "minProperties": 1, "maxProperties": 1,
        "propertyNames": {
            "anyOf": [{"pattern": NAME}, {"enum": ["at_least", "dont_know"]}]
        },
        "properties": keys,
        "additionalProperties": {"$ref": "#/definitions/Comparison"},
    }  # fmt: skip
    return added


def _or(names: list[str] | None, other: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"enum": names}, other]} if names else other


def _comparison() -> dict[str, Any]:
    bounds = {"type": ["string", "number"]}
    return {
        "anyOf": [
            {"type": ["string", "number", "boolean"]},
            {"type": "array", "minItems": 1},
            {
                "type": "object", "minProperties": 1, "maxProperties": 1,
                "additionalProperties": False,
                "properties": {
                    "between": {
                        "type": "array", "items": bounds, "minItems": 2, "maxItems": 2,
                    },
                    "one_of": {"type": "array", "minItems": 1},
                    "includes": {"type": ["string", "number"]},
                    "count": {"type": "string", "pattern": _ORDERED},
                    "banal": {"enum": ["yes", "no", True, False]},
                },
            },
        ]
    }  # fmt: skip


def _thresholds(knowledge: KnowledgeBase) -> dict[str, Any]:
    """For each unit: comparisons with the benchmarks of that unit."""
    offered: dict[str, list[str]] = {}
    for mark in knowledge.benchmarks.values():
        texts = [f"{order} {mark.id}" for order in _ORDERS]
        offered.setdefault(_unit(mark.unit), []).extend(texts)
    units: set[str] = {m.unit for m in knowledge.metrics.values()}
    units |= {q.unit for q in knowledge.questions.values() if q.unit}
    between = _comparison()["anyOf"][2]
    between["properties"] = {"between": between["properties"]["between"]}
    written = {"type": "string", "pattern": _ORDERED}
    return {
        f"figure-{unit}": {
            "anyOf": [
                *([{"enum": offered[unit]}] if unit in offered else []),
                written, between,
            ]
        }
        for unit in sorted({_unit(u) for u in units})
    }  # fmt: skip


def _unit(unit: str) -> str:
    return _FREE if unit in _PURE else unit


def _figure(metric: MetricEntry, lang: Language) -> dict[str, Any]:
    return {
        "description": f"{metric.title.in_(lang)} ({metric.unit})",
        "allOf": [{"$ref": f"#/definitions/figure-{_unit(metric.unit)}"}],
    }


def _answer(question: QuestionEntry, lang: Language) -> dict[str, Any]:
    codes: list[Any] = [o.code for o in question.options]
    if question.type == "yesno":
        codes = ["yes", "no"]
    also = {"$ref": "#/definitions/Comparison"}
    return {
        "description": question.title.in_(lang),
        "anyOf": [*([{"enum": codes}] if codes else []), also],
    }


def _given(knowledge: KnowledgeBase, lang: Language) -> dict[str, Any]:
    """What a test may give, each name with its title."""
    found: dict[str, Any] = {
        name: {"description": knowledge.title(name).in_(lang)}
        for name in knowledge.vocabulary.names()
    }
    for name, symptom in knowledge.symptoms.items():
        told = symptom.spec.title.in_(lang)
        found[f"symptom:{name}"] = {
            "description": told,
            "enum": [True, False, "unknown"],
        }
    for name, cause in knowledge.causes.items():
        found[f"cause:{name}"] = {"description": cause.spec.title.in_(lang)}
    gaps = [m for m in knowledge.metrics.values() if m.loss]
    for metric in gaps:
        found[f"gap:{metric.id}"] = {
            "description": metric.title.in_(lang),
            "anyOf": [{"enum": list(get_args(GapState))}, {"type": "string"}],
        }
    return found
