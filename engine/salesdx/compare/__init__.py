"""Two results of one company compared: beyond chance, and by the same meaning only."""

from salesdx.compare.model import Comparison, State
from salesdx.compare.telling import sentence, text
from salesdx.compare.totals import counted
from salesdx.knowledge.base import KnowledgeBase
from salesdx.result import ResultDocument

__all__ = ["Comparison", "State", "compare", "counted", "sentence", "text"]


def compare(
    then: ResultDocument, now: ResultDocument, knowledge: KnowledgeBase
) -> Comparison:
    """Compare an older result with a newer one; see `salesdx.compare.whole`.

    It needs statistics, which whoever only reads a comparison does without.
    """
    from salesdx.compare import whole

    return whole.compare(then, now, knowledge)
