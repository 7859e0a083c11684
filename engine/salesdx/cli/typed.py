"""What is typed at a question: an answer, or a word to the interview.

The words are the same in both languages, whichever is shown. Nothing is done here: a
line is read, and what comes of it is decided by the talk.
"""

import re
from dataclasses import dataclass
from typing import Literal

from salesdx.answers.values import BadValue, read_value
from salesdx.facts import Value
from salesdx.knowledge.models import QuestionEntry

Word = Literal[
    "hint", "words", "why", "list", "back", "forward", "undo", "jump", "later",
    "dont_know", "not_applicable", "refused", "note", "evidence", "quit",
]  # fmt: skip
Sureness = Literal["sure", "unsure", "guess"]
_WORDS: dict[str, Word] = {
    "?": "hint", "hint": "hint", "подсказка": "hint",
    "help": "words", "words": "words", "помощь": "words", "команды": "words",
    "why": "why", "зачем": "why", "почему": "why",
    "list": "list", "список": "list", "разделы": "list",
    "back": "back", "назад": "back",
    "forward": "forward", "next": "forward",
    "дальше": "forward", "вперёд": "forward", "вперед": "forward",
    "undo": "undo", "отменить": "undo", "отмена": "undo",
    "go": "jump", "jump": "jump", "find": "jump",
    "к": "jump", "перейти": "jump", "найти": "jump",
    "skip": "later", "later": "later",
    "позже": "later", "потом": "later", "пропустить": "later",
    "dunno": "dont_know", "don't know": "dont_know", "dont know": "dont_know",
    "незнаю": "dont_know", "не знаю": "dont_know", "не знает": "dont_know",
    "na": "not_applicable", "n/a": "not_applicable",
    "неприменимо": "not_applicable", "не применимо": "not_applicable",
    "refuse": "refused", "отказ": "refused",
    "note": "note", "заметка": "note",
    "evidence": "evidence", "shown": "evidence",
    "показали": "evidence", "подтверждение": "evidence",
    "quit": "quit", "exit": "quit", "выход": "quit", "выйти": "quit",
}  # fmt: skip
_WITH_TEXT = ("not_applicable", "note", "evidence", "jump", "list")
# What may well begin an answer in one's own words: there it must be meant as a word,
# with a slash, unless a number or an id follows. The others are told at once.
_AMBIGUOUS = ("jump", "list", "evidence")
_ADDRESS = re.compile(r"\d+|[A-Za-z]+[.-][\w.-]+")
_NONE = ("-", "none", "нет", "[]")
_UNITS = {
    "percent": r"%|percent|процент\w*",
    "seconds": r"s|sec\w*|сек\w*\.?",
    "hours": r"h|hours?|ч\.?|час\w*",
    "days": r"d|days?|д\.?|дн\w*\.?|день",
    "months": r"months?|мес\w*\.?",
    "money": r"₽|rub|руб\w*\.?",
    "count": r"шт\.?|раз\w*|times",
    "score": r"points?|балл\w*",
}


@dataclass(frozen=True, slots=True)
class Order:
    """A word to the interview, with the text that follows it."""

    word: Word
    text: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer; a trailing `?` makes it unsure, `??` a guess."""

    value: Value
    confidence: Sureness


def read(line: str, question: QuestionEntry) -> Order | Given | BadValue:
    """Read one line; the words above win over a text answer of the same spelling."""
    text = line.strip()
    meant = text.startswith("/") and len(text) > 1
    order = _order(text[1:].strip() if meant else text)
    in_own_words = question.type == "text" and not meant
    if order and not (in_own_words and _ambiguous(order)):
        return order
    confidence: Sureness = "sure"
    if question.type != "text" and text.endswith("?"):
        confidence = "guess" if text.endswith("??") else "unsure"
        text = text.rstrip("?").strip()
    value = read_value(question, _typed(text, question)) if text else BadValue("")
    return value if isinstance(value, BadValue) else Given(value, confidence)


def _ambiguous(order: Order) -> bool:
    plain = not order.text or _ADDRESS.fullmatch(order.text)
    return order.word in _AMBIGUOUS and not plain


def _order(text: str) -> Order | None:
    """A word alone, or a word that takes a text and the text; one or two words long."""
    alone = _WORDS.get(" ".join(text.lower().replace("\u2019", "'").split()))
    if alone:
        return Order(alone)
    parts = text.split(maxsplit=2)
    for n in (2, 1):
        word = _WORDS.get(" ".join(parts[:n]).lower())
        if word in _WITH_TEXT and len(parts) > n:
            return Order(word, text.split(maxsplit=n)[n].strip())
    return None


def _typed(text: str, question: QuestionEntry) -> object:
    if question.type == "enum":
        return _code(text, question)
    if question.type == "multi":
        if text.lower() in _NONE:
            return []
        parts = re.split(r"[,;\s]+" if _numbers(text) else ",", text)
        return [_code(p.strip(), question) for p in parts if p.strip()]
    if question.type == "number":
        return _bare(text, question.unit or "")
    if question.type == "date":
        day = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else text
    return text


def _numbers(text: str) -> bool:
    return re.fullmatch(r"[\d,;\s]+", text) is not None


def _bare(text: str, unit: str) -> str:
    """A number without the unit of its question; another unit is left, and refused."""
    pattern = _UNITS.get(unit)
    if pattern is None:
        return text
    return re.sub(rf"(?<=\d)\s*(?:{pattern})$", "", text, flags=re.IGNORECASE)


def _code(text: str, question: QuestionEntry) -> str:
    """An option by its number in the list, by its code, or by its whole title."""
    if text.isdigit() and 1 <= int(text) <= len(question.options):
        return question.options[int(text) - 1].code
    for option in question.options:
        if text.lower() in (option.title.en.lower(), option.title.ru.lower()):
            return option.code
    return text
