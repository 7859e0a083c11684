"""Questions and answers as pages show them: options, values, counts in words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import Locale

from salesdx.answers.file import AnswerEntry
from salesdx.answers.log import Answer
from salesdx.answers.values import bounds
from salesdx.conversation.interview import Interview
from salesdx.explanation.wording import Wording
from salesdx.interview.agenda import Ask
from salesdx.interview.standing import place
from salesdx.interview.timing import minutes
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import date, number
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace.answer_form import NONE, STATE, STATES, TYPED, Fault

Option = tuple[str | None, str]


def counted(key: str, n: int) -> str:
    """A text with a number, in the form that the number wants."""
    form = Locale(language()).plural_form(n)
    return t(f"{key}.{form if form in ('one', 'few') else 'many'}", n=n)


def time_left(seconds: int) -> str:
    """`about 12 minutes left`; nothing where nothing is left."""
    return counted("assessment.left", minutes(seconds)) if seconds else ""


def options(question: QuestionEntry) -> list[Option]:
    """The answers to choose from."""
    match question.type:
        case "yesno":
            return [("yes", t("assessment.yes")), ("no", t("assessment.no"))]
        case "scale":
            low, high = bounds(question)
            return [(str(n), str(n)) for n in range(int(low), int(high) + 1)]
        case "multi":
            own: list[Option] = [
                (o.code, o.title.in_(language())) for o in question.options
            ]
            return [*own, (NONE, t("assessment.none-of-these"))]
        case _:
            return [(o.code, o.title.in_(language())) for o in question.options]


def states(question: QuestionEntry) -> list[Option]:
    """The other answers, which are as good: not knowing, not saying, later."""
    if question.type in TYPED:
        first = t(
            "assessment.ticked" if question.type == "multi" else "assessment.typed"
        )
        rest: list[Option] = [(s, t(f"assessment.state.{s}")) for s in STATES]
        return [("answered", first), *rest]
    return [(STATE + s, t(f"assessment.state.{s}")) for s in STATES]


@dataclass
class Filled:
    """What the fields of a question hold: from what was sent, or from an answer."""

    values: list[str] = field(default_factory=list)
    state: str = "answered"
    reason: str = ""
    note: str = ""
    confidence: str = "sure"
    at: str = ""

    @property
    def value(self) -> str:
        """Of a field with one value."""
        return self.values[0] if self.values else ""

    @property
    def more(self) -> bool:
        """Whether the part that is folded away holds anything."""
        return bool(self.note) or self.confidence != "sure"


def filled(question: QuestionEntry, entry: AnswerEntry | None) -> Filled:
    """The fields as an answer fills them."""
    if entry is None:
        return Filled()
    values = _values(question, entry.value) if entry.state == "answered" else []
    if entry.state != "answered" and question.type not in TYPED:
        values = [STATE + entry.state]
    return Filled(
        values, entry.state, entry.reason, entry.note, entry.confidence, entry.at
    )


def _values(question: QuestionEntry, value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(v) for v in value] or [NONE]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if question.type == "yesno":
        yes = str(value).lower() in ("yes", "true", "да", "1", "y")
        return ["yes" if yes else "no"]
    if isinstance(value, float):
        return [number(value, language(), 4)]
    return [str(value)]


def words(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Faults of a form as messages by their fields."""
    return [
        {
            "field": f.field,
            "message": t(f"assessment.wrong.{_word(f)}", **_limits(f.values)),
        }
        for f in faults
    ]


def _word(fault: Fault) -> str:
    """`range` has two more forms, for a bound that is not there."""
    low, high = fault.values.get("low"), fault.values.get("high")
    if fault.word == "range" and high == float("inf"):
        return "at-least"
    return "at-most" if fault.word == "range" and low == float("-inf") else fault.word


def _limits(values: dict[str, Any]) -> dict[str, str]:
    return {
        k: str(v) if abs(v) == float("inf") else number(v, language(), 4)
        for k, v in values.items()
    }


def answered(talk: Interview) -> int:
    """How many questions of this talk have an answer, whatever its state."""
    put_off = talk.standing().put_off
    return sum(place(a) not in put_off for a in talk.history())


def said(talk: Interview, ask: Ask, answer: Answer) -> str:
    """An answer in words: `no`, `12 h`, `I don't know`."""
    if answer.state != "answered":
        return t(f"assessment.state.{answer.state}")
    company = talk.ground.case.company
    if ask.question.type == "text":
        return str(answer.value)
    if ask.question.type == "date":
        return date(dt.date.fromisoformat(str(answer.value)), language())
    if ask.question.type == "scale":
        top = number(bounds(ask.question)[1], language())
        return t("assessment.of", n=number(answer.value, language()), top=top)
    words = Wording(talk.knowledge, company.currency, {})
    found = words.words(ask.question.id, answer.value, language())
    return found[:1].upper() + found[1:]


def beside(answer: Answer) -> str:
    """What stands beside an answer: how sure it is, the reason, the note."""
    told = []
    if answer.confidence < 100 and answer.state == "answered":
        sure = "guess" if answer.confidence <= 30 else "unsure"
        told.append(t(f"assessment.sure.{sure}"))
    told += [x for x in (answer.reason, answer.note) if x]
    return " · ".join(told)


def unit(question: QuestionEntry, currency: str) -> str:
    """What follows the field of a figure."""
    if question.unit in (None, "count", "factor", "ratio", "score"):
        return ""
    if question.unit == "money":
        return {"RUB": "₽", "EUR": "€", "USD": "$"}.get(currency, currency)
    return t(f"assessment.unit.{question.unit}")
