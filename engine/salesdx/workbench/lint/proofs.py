"""Tests beside the rules: those that fail, and rules that none of them proves."""

from collections.abc import Iterator

from salesdx.errors import Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found
from salesdx.workbench.testing import run


def check_tests(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Failing tests, each at its own; rules without one, each at the rule."""
    report = run(knowledge)
    for failure in report.failures:
        yield Finding(failure.problem, failure.cause)
    for row in report.lacking:
        yield Finding(row.problem, f"{row.cause}/{row.rule.id}")
    for name in (c.id for c in knowledge.causes.values() if not c.spec.tests):
        yield found(knowledge, "causes", name, "missing-test", Said(
            f"{name} has no tests", f"у причины {name} нет испытаний",
        ))  # fmt: skip
