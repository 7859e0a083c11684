"""Limits of the engine that matches the rules, told before it would crash."""

from collections.abc import Iterator

from salesdx.facts import DIMENSIONS
from salesdx.inference.limits import Limit, check
from salesdx.inference.program import SYMPTOMS, compile_rules, rule_key
from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found, found_at_rule

_CODE = "engine-limit"


def check_engine(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """What is too much, at the rule, the symptom or the cause that has too much."""
    for dimension in ("", *DIMENSIONS):
        for limit in check(compile_rules(knowledge, dimension)):
            yield _located(knowledge, limit)


def _located(knowledge: KnowledgeBase, limit: Limit) -> Finding:
    if limit.group == SYMPTOMS:
        name = limit.rule.removeprefix("symptom:").partition("/")[0]
        name = name if name in knowledge.symptoms else min(knowledge.symptoms)
        return found(knowledge, "symptoms", name, _CODE, limit)
    cause = knowledge.causes.get(limit.group) or knowledge.causes[min(knowledge.causes)]
    for rule in cause.rules:
        if limit.rule.partition("/")[0] == rule_key(rule.direction, rule.id):
            return found_at_rule(knowledge, rule, _CODE, limit)
    return found(knowledge, "causes", cause.id, _CODE, limit)
