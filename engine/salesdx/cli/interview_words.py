"""Questions, answers and people of an interview in words."""

from salesdx.answers.log import Answer
from salesdx.answers.values import bounds
from salesdx.cli.wording import language, say
from salesdx.conversation.interview import Interview
from salesdx.explanation.wording import Wording
from salesdx.knowledge.models import QuestionEntry

UNITS = {
    "percent": ("percent", "проценты"), "days": ("days", "дни"),
    "hours": ("hours", "часы"), "minutes": ("minutes", "минуты"),
    "months": ("months", "месяцы"), "money": ("money", "деньги"),
    "count": ("how many", "сколько штук или раз"), "score": ("points", "баллы"),
}  # fmt: skip
_STATES = {
    "dont_know": ("does not know", "не знает"),
    "not_applicable": ("does not apply", "неприменимо"),
    "later": ("put off", "отложено"),
    "refused": ("refused", "отказ"),
}


def expected(asked: QuestionEntry) -> str:
    """What may be typed."""
    match asked.type:
        case "yesno":
            told = say("yes / no", "да / нет")
        case "scale":
            low, high = bounds(asked)
            told = f"{low:g} … {high:g}"
        case "enum":
            told = say("a number of the list", "номер из списка")
        case "multi":
            told = say(
                "numbers by commas, - for none", "номера через запятую, - если ничего"
            )
        case "number":
            told = say("a number", "число") + _unit(asked.unit)
        case "date":
            told = say("a date like 2026-06-30", "дата, например 30.06.2026")
        case _:
            told = say("in your own words", "своими словами")
    return told


def _unit(unit: str | None) -> str:
    return f", {say(*UNITS.get(unit, (unit, unit)))}" if unit else ""


def given(talk: Interview, answer: Answer) -> str:
    """What somebody answered, in words: `no, unsure`, `does not know`."""
    if answer.state != "answered":
        return say(*_STATES[answer.state])
    told = value(talk, answer.question, answer.value)
    if answer.confidence < 100:
        guess = answer.confidence <= 30
        told += (
            say(", a guess", ", наугад") if guess else say(", unsure", ", не уверен")
        )
    return told


def value(talk: Interview, name: str, what: object) -> str:
    """A value of a question or a figure as people write it."""
    words = Wording(talk.knowledge, talk.ground.case.company.currency, {})
    return words.words(name, what, language())


def who(talk: Interview, by: str) -> str:
    """A respondent: name and role, or the role alone."""
    person, roles = talk.log.respondents.get(by), talk.knowledge.roles
    role = person.role if person else talk.role if by == talk.by else by
    title = roles[role].title.in_(language()) if role in roles else role
    name = (person.name if person else None) or ("" if by in roles else by)
    return f"{name}, {small(title)}" if name and name != title else title


def small(title: str) -> str:
    """A title inside a sentence."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
