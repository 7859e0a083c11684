"""Findings at the entry they speak of, named as an exclusion names it."""

from salesdx.content import NodePath
from salesdx.knowledge.base import KnowledgeBase, ReadyRule
from salesdx.workbench.findings import Finding


def found(
    knowledge: KnowledgeBase, kind: str, name: str, code: str, message: str,
    hint: str = "", at: NodePath = ("id",),
) -> Finding:  # fmt: skip
    """A finding at a key of an entry (kind as in `entries`); its subject is the id."""
    return Finding(knowledge.problem(kind, name, at, code, message, hint), name)


def found_at_rule(
    knowledge: KnowledgeBase, rule: ReadyRule, code: str, message: str,
    hint: str = "", key: str = "id",
) -> Finding:  # fmt: skip
    """A finding at a key of a rule; its subject is `cause/rule`.

    A rule that a question made is no entry of its cause file: there the cause is named.
    """
    at = (*rule.path, key) if rule.path else ("id",)
    problem = knowledge.problem("causes", rule.cause, at, code, message, hint)
    return Finding(problem, f"{rule.cause}/{rule.id}")
