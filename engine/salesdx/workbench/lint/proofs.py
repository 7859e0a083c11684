"""Tests beside the rules: those that fail, and rules that none of them proves."""

from collections.abc import Iterator

from salesdx.errors import Said, in_language
from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found, found_at_rule
from salesdx.workbench.testing import run


def check_tests(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Failing tests, each at its own; rules without one, each at the rule."""
    report = run(knowledge)
    for failure in report.failures:
        tests = knowledge.causes[failure.cause].spec.tests
        i = next(i for i, t in enumerate(tests) if t.name == failure.test)
        what = failure.message
        yield found(
            knowledge, "causes", failure.cause, "failing-test",
            Said(
                f"{failure.test}: {what}", f"{failure.test}: {in_language(what, 'ru')}"
            ),
            at=("tests", i, "name"),
        )  # fmt: skip
    for said in report.untested:
        cause, _, rule = said.partition(":")[0].partition("/")
        for one in knowledge.causes[cause].rules:
            if one.id == rule and one.path:
                yield found_at_rule(knowledge, one, "missing-test", said)
    for name in (c.id for c in knowledge.causes.values() if not c.spec.tests):
        yield found(knowledge, "causes", name, "missing-test", Said(
            f"{name} has no tests", f"у причины {name} нет испытаний",
        ))  # fmt: skip
