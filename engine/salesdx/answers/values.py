"""Read the value of an answer by the type of its question."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from salesdx.facts import Value
from salesdx.knowledge.models import QuestionEntry

_YES = {"yes", "true", "y", "да", "1"}
_NO = {"no", "false", "n", "нет", "0"}


@dataclass(frozen=True, slots=True)
class BadValue:
    """Why a value does not answer the question, and what would."""

    message: str
    hint: str = ""


def read_value(question: QuestionEntry, value: Any) -> Value | BadValue:
    """Return the typed value of an answer, or why it is none."""
    if value is None:
        return BadValue(
            f"{question.id}: no value", "give `value`, or `state: dont_know`"
        )
    match question.type:
        case "yesno":
            return _yes_no(question, value)
        case "scale" | "number":
            return _number(question, value)
        case "enum":
            return _code(question, value)
        case "multi":
            return _codes(question, value)
        case "date":
            return _date(question, value)
        case _:
            return str(value)


def _yes_no(question: QuestionEntry, value: Any) -> Value | BadValue:
    word = str(value).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return BadValue(f"{question.id} is yes or no, not {value!r}", "yes or no")


def _number(question: QuestionEntry, value: Any) -> Value | BadValue:
    try:
        if isinstance(value, bool):
            raise ValueError  # noqa: TRY301 - the same message as for any text
        found = float(str(value).replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    except ValueError:
        return BadValue(f"{question.id} is a number, not {value!r}")
    low, high = _bounds(question)
    if found != found or (low is not None and found < low) or (high is not None and found > high):  # noqa: E501, PLR0124
        return BadValue(f"{question.id}: {value} is outside {low:g} … {high or 0:g}")
    if question.type == "scale" and found != int(found):
        return BadValue(f"{question.id}: {value} is not a whole number")
    return int(found) if found == int(found) else found


def _bounds(question: QuestionEntry) -> tuple[float | None, float | None]:
    low, high = question.min, question.max
    if question.type == "scale":
        return (1.0 if low is None else low), (5.0 if high is None else high)
    if question.unit == "percent":
        return (0.0 if low is None else low), (100.0 if high is None else high)
    if low is None and high is not None:
        return 0.0, high
    return low, float("inf") if low is not None and high is None else high


def _code(question: QuestionEntry, value: Any) -> Value | BadValue:
    codes = [o.code for o in question.options]
    if str(value) in codes:
        return str(value)
    return BadValue(f"{question.id} has no option {value!r}", ", ".join(codes))


def _codes(question: QuestionEntry, value: Any) -> Value | BadValue:
    if not isinstance(value, list | tuple):
        return BadValue(f"{question.id} takes a list of options", "[] means none")
    codes = [o.code for o in question.options]
    wrong = [v for v in value if str(v) not in codes]
    if wrong:
        return BadValue(f"{question.id} has no option {wrong[0]!r}", ", ".join(codes))
    chosen = {str(v) for v in value}
    return tuple(c for c in codes if c in chosen)


def _date(question: QuestionEntry, value: Any) -> Value | BadValue:
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return BadValue(f"{question.id} is a date, not {value!r}", "2026-06-30")
