"""Values as people type them: options by number or title, numbers with a unit, days.

One reading for the terminal and for pages. What is typed becomes what `values` reads;
what it does not know, it leaves as it is, and `values` says what is wrong with it.
"""

import re

from salesdx.knowledge.models import QuestionEntry

_NONE = ("-", "none", "нет", "[]")
_UNITS = {
    "percent": r"%|percent|процент\w*",
    "seconds": r"s|sec\w*|сек\w*\.?",
    "minutes": r"m|min\w*\.?|мин\w*\.?",
    "hours": r"h|hours?|ч\.?|час\w*",
    "days": r"d|days?|д\.?|дн\w*\.?|день",
    "months": r"months?|мес\w*\.?",
    "money": r"₽|rub|руб\w*\.?",
    "count": r"шт\.?|раз\w*|times",
    "score": r"points?|балл\w*",
}
# A working day has other hours than a day: only these may be turned into each other.
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600}
_NUMBER = r"[+-]?[\d\s]*[.,]?\d+"
_DIGITS = 4


def typed(text: str, question: QuestionEntry) -> object:
    """What was typed, as `read_value` takes it."""
    match question.type:
        case "enum":
            return _code(text, question)
        case "multi":
            if text.lower() in _NONE:
                return []
            parts = re.split(r"[,;\s]+" if _numbers(text) else ",", text)
            return [_code(p.strip(), question) for p in parts if p.strip()]
        case "number":
            return _bare(text, question.unit or "")
        case "date":
            return day(text)
        case _:
            return text


def day(text: str) -> str:
    """`30.06.2026` as `2026-06-30`."""
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text


def _numbers(text: str) -> bool:
    return re.fullmatch(r"[\d,;\s]+", text) is not None


def _bare(text: str, unit: str) -> str:
    """A number without the unit of its question; 15 minutes are a quarter of an hour.

    Any other unit is left, and refused.
    """
    pattern = _UNITS.get(unit)
    if pattern is None:
        return text
    bare = re.sub(rf"(?<=\d)\s*(?:{pattern})$", "", text, flags=re.IGNORECASE)
    if bare == text and unit in _SECONDS:
        return _turned(text, unit)
    return bare


def _turned(text: str, unit: str) -> str:
    for other, seconds in _SECONDS.items():
        found = re.fullmatch(
            rf"({_NUMBER})\s*(?:{_UNITS[other]})", text, flags=re.IGNORECASE
        )
        if other != unit and found:
            number = float(re.sub(r"\s", "", found[1]).replace(",", "."))
            return f"{round(number * seconds / _SECONDS[unit], _DIGITS):g}"
    return text


def _code(text: str, question: QuestionEntry) -> str:
    """An option by its number in the list, by its code, or by its whole title."""
    if text.isdigit() and 1 <= int(text) <= len(question.options):
        return question.options[int(text) - 1].code
    for option in question.options:
        if text.lower() in (option.title.en.lower(), option.title.ru.lower()):
            return option.code
    return text
