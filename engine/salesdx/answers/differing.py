"""When two answers to one question are a disagreement.

Two people who mean the same rarely say the same: a seven and an eight of ten, or 30 and
35 per cent, are one opinion. What counts as a difference depends on the type:

* a scale: the answers lie half the range apart or more (two steps of 1 to 5);
* a number: one names at least twice the other, or of percentages 20 points more; a
  score with both ends named is a scale;
* yes or no, an option, a list of options, a date: any other value;
* own words: never, for nobody words a thing as another does. Both stand in the answers.

SPREAD is the usual rule for ordered answers, spread over range of a half or more; that
a number is "twice" the other is the same half, of the greater one. POINTS is the
tolerance that a claim has against a measured figure. All three are conventions (expert
judgement), not measured.
"""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from salesdx.answers.values import bounds
from salesdx.knowledge.models import QuestionEntry

SPREAD = 0.5
POINTS = 20


def differing(question: QuestionEntry, values: Sequence[Any]) -> bool:
    """Whether values given to a question are more than shades of one answer."""
    if all(v == values[0] for v in values):
        return False
    match question.type:
        case "text":
            return False
        case "scale" | "number":
            return _far_apart(question, min(values), max(values))
        case _:
            return True


def _far_apart(question: QuestionEntry, least: float, greatest: float) -> bool:
    apart = greatest - least
    low, high = bounds(question)
    ends = isfinite(low) and isfinite(high) and high > low
    if question.type == "scale" or (question.unit == "score" and ends):
        return apart >= SPREAD * (high - low)
    if question.unit == "percent" and apart >= POINTS:
        return True
    return apart >= SPREAD * max(abs(least), abs(greatest))
