"""The thresholds of the report: benchmarks, so that an overlay may move them."""

from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.model import Marks

EXAMINED = "portfolio.examined"
LOW_COVERAGE = "portfolio.low-coverage"
RARE = "portfolio.rare"
RARE_LEAST = "portfolio.rare-least"
GROUP_LEAST = "portfolio.group-least"
FAR = "portfolio.far"
TOGETHER_LEAST = "portfolio.together-least"
DIFFERENCE_LEAST = "portfolio.difference-least"
LIFT_LEAST = "portfolio.lift-least"
FALSE_DISCOVERIES = "statistics.false-discovery-rate"


def marks_of(knowledge: KnowledgeBase) -> Marks:
    """Read them from the knowledge base."""

    def value(name: str) -> float:
        return knowledge.benchmarks[name].value

    return Marks(
        examined=value(EXAMINED), low_coverage=value(LOW_COVERAGE), rare=value(RARE),
        rare_least=round(value(RARE_LEAST)), group_least=round(value(GROUP_LEAST)),
        far=value(FAR), together_least=round(value(TOGETHER_LEAST)),
        difference_least=value(DIFFERENCE_LEAST), lift_least=value(LIFT_LEAST),
        false_discoveries=value(FALSE_DISCOVERIES),
    )  # fmt: skip
