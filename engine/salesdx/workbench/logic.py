"""What is wrong with the logic of conditions: kb lint's findings that need proof."""

from collections.abc import Iterator

from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.findings import Finding
from salesdx.workbench.logic_implies import Logic
from salesdx.workbench.logic_parts import part_findings
from salesdx.workbench.logic_places import everywhere
from salesdx.workbench.logic_rules import rule_findings


def logic_findings(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Conditions and rules that cannot do what their author meant.

    Codes: impossible-condition, always-true, double-negative, redundant-part,
    duplicate-rule, conflicting-rules, subsumed-rule.
    """
    logic = Logic(knowledge)
    for stands in everywhere(knowledge):
        yield from part_findings(logic, stands)
    for cause in knowledge.causes.values():
        yield from rule_findings(logic, cause)
