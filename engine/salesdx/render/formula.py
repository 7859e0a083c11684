"""How a sum of money came about: its factors with their names, and the product."""

from salesdx.render.words import Words
from salesdx.result import Input, Loss


def product(loss: Loss, words: Words) -> str:
    """`700 (cases) × 9.8% (shortfall) × ₽75K (margin of one deal)`; maybe empty."""
    return " × ".join(_factor(item, words) for item in loss.inputs)


def _factor(item: Input, words: Words) -> str:
    if item.unit == "money":
        value = words.short(item.value)
    elif item.unit == "ratio":
        value = words.percent(item.value)
    else:
        value = words.number(item.value, 0 if item.unit == "count" else 2)
    return f"{value} ({words.text(item.name)})"
