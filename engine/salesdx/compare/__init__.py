"""Two results of one company compared: beyond chance, and by the same meaning only."""

from salesdx.compare.model import Comparison, State
from salesdx.compare.telling import sentence, text
from salesdx.compare.whole import compare, counted

__all__ = ["Comparison", "State", "compare", "counted", "sentence", "text"]
