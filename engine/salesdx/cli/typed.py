"""What a respondent types at a question: an answer, or a word to the interviewer."""

from dataclasses import dataclass
from typing import Literal

from salesdx.answers.values import BadValue, read_value
from salesdx.facts import Value
from salesdx.knowledge.models import QuestionEntry

Word = Literal[
    "hint", "back", "later", "dont_know", "not_applicable", "refused", "note", "quit"
]
Sureness = Literal["sure", "unsure", "guess"]
_WORDS: dict[str, Word] = {
    "?": "hint", "help": "hint", "подсказка": "hint",
    "back": "back", "назад": "back",
    "skip": "later", "later": "later", "позже": "later", "пропустить": "later",
    "dunno": "dont_know", "незнаю": "dont_know", "не знаю": "dont_know",
    "na": "not_applicable", "неприменимо": "not_applicable",
    "refuse": "refused", "отказ": "refused",
    "note": "note", "заметка": "note",
    "quit": "quit", "exit": "quit", "выход": "quit",
}  # fmt: skip
_WITH_TEXT = ("not_applicable", "note")
_NONE = ("-", "none", "нет", "[]")


@dataclass(frozen=True, slots=True)
class Order:
    """A word to the interviewer, with the text that follows it."""

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
    order = _WORDS.get(text.lower())
    if order:
        return Order(order)
    first, _, rest = text.partition(" ")
    order = _WORDS.get(first.lower())
    if order in _WITH_TEXT and rest.strip():
        return Order(order, rest.strip())
    confidence: Sureness = "sure"
    if question.type != "text" and text.endswith("?"):
        confidence = "guess" if text.endswith("??") else "unsure"
        text = text.rstrip("?").strip()
    value = read_value(question, _typed(text, question)) if text else BadValue("")
    return value if isinstance(value, BadValue) else Given(value, confidence)


def _typed(text: str, question: QuestionEntry) -> object:
    if question.type == "enum":
        return _code(text, question)
    if question.type == "multi":
        if text.lower() in _NONE:
            return []
        return [_code(p.strip(), question) for p in text.split(",") if p.strip()]
    if question.type == "number" and text.endswith("%"):
        return text[:-1].strip()
    return text


def _code(text: str, question: QuestionEntry) -> str:
    """An option by its number in the list, or by its code."""
    if text.isdigit() and 1 <= int(text) <= len(question.options):
        return question.options[int(text) - 1].code
    return text
