"""Read the value of an answer by the type of its question."""

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

from salesdx.errors import Said
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
            Said(f"{question.id}: no value", f"{question.id}: нет значения"),
            Said(
                "give `value`, or `state: dont_know`",
                "укажите `value` или `state: dont_know`",
            ),
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
    return BadValue(
        Said(
            f"{question.id} is yes or no, not {value!r}",
            f"{question.id}: не удалось понять ответ «{value}»",
        ),
        Said("yes or no", "да или нет"),
    )


def _number(question: QuestionEntry, value: Any) -> Value | BadValue:
    found = as_number(value)
    if found is None:
        return BadValue(
            Said(
                f"{question.id} is a number, not {value!r}",
                f"{question.id}: нужно число, а дано «{value}»",
            )
        )
    low, high = bounds(question)
    if not low <= found <= high:
        return BadValue(
            Said(
                f"{question.id}: {value} is outside {low:g} … {high:g}",
                f"{question.id}: {value} вне пределов {_range(low, high)}",
            )
        )
    if not found.is_integer():
        if question.type == "scale":
            return BadValue(
                Said(
                    f"{question.id}: {value} is not a whole number",
                    f"{question.id}: {value} — не целое число",
                )
            )
        return found
    return int(found)


def _range(low: float, high: float) -> str:
    """The bounds in Russian, which has no word `inf`."""
    if math.isinf(high):
        return f"от {low:g}"
    return f"до {high:g}" if math.isinf(low) else f"{low:g} … {high:g}"


def as_number(value: Any) -> float | None:
    """A finite number, also as `1 234,5`."""
    if isinstance(value, bool):
        return None
    try:
        found = float(re.sub(r"\s", "", str(value)).replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def bounds(question: QuestionEntry) -> tuple[float, float]:
    """Least and greatest value: as declared, else 1..5 for scales, 0..100 percent."""
    low, high = -math.inf, math.inf
    if question.type == "scale":
        low, high = 1, 5
    elif question.unit == "percent":
        low, high = 0, 100
    return (
        low if question.min is None else question.min,
        high if question.max is None else question.max,
    )


def _code(question: QuestionEntry, value: Any) -> Value | BadValue:
    codes = [o.code for o in question.options]
    if str(value) in codes:
        return str(value)
    return _no_option(question, value, codes)


def _codes(question: QuestionEntry, value: Any) -> Value | BadValue:
    if not isinstance(value, list | tuple):
        return BadValue(
            Said(
                f"{question.id} takes a list of options",
                f"{question.id}: нужен список вариантов",
            ),
            Said("[] means none", "[] — ни одного"),
        )
    codes = [o.code for o in question.options]
    wrong = [v for v in value if str(v) not in codes]
    if wrong:
        return _no_option(question, wrong[0], codes)
    chosen = {str(v) for v in value}
    return tuple(c for c in codes if c in chosen)


def _no_option(question: QuestionEntry, value: Any, codes: list[str]) -> BadValue:
    return BadValue(
        Said(
            f"{question.id} has no option {value!r}",
            f"{question.id}: нет варианта «{value}»",
        ),
        ", ".join(codes),
    )


def _date(question: QuestionEntry, value: Any) -> Value | BadValue:
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return BadValue(
            Said(
                f"{question.id} is a date, not {value!r}",
                f"{question.id}: нужна дата, а дано «{value}»",
            ),
            "2026-06-30",
        )
