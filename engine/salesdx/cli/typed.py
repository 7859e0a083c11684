"""What is typed at a question: an answer, or a word to the interview.

The words are the same in both languages, whichever is shown. Nothing is done here: a
line is read, and what comes of it is decided by the talk.
"""

import re
from dataclasses import dataclass
from typing import Literal

from salesdx.answers.typed_values import typed
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
    value = read_value(question, typed(text, question)) if text else BadValue("")
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
