"""The talk itself: show a question, read a line, save, go on."""

from collections.abc import Callable

import click

from salesdx.answers.file import AnswerEntry
from salesdx.answers.values import BadValue
from salesdx.cli.asking import Interview
from salesdx.cli.typed import Given, Order, read
from salesdx.cli.wording import Language, say
from salesdx.errors import hinted, in_language
from salesdx.interview.agenda import Ask

ReadLine = Callable[[], str | None]


def converse(talk: Interview, read_line: ReadLine, lang: Language) -> None:
    """Ask until nothing is left, the respondent quits or the input ends."""
    before: list[Ask] = []
    again: Ask | None = None
    answered = 0
    while left := ([again] if again else []) + talk.left():
        ask, again = left[0], None
        click.echo(f"\n[{answered + 1} / {answered + len(left)}]")
        _show(ask, talk.place(ask, lang), lang)
        reply = _reply(ask, read_line, lang)
        if reply is None:
            click.echo(
                say(
                    f"\nSaved: {answered}. The same command goes on from here.",
                    f"\nСохранено ответов: {answered}. Та же команда продолжит отсюда.",
                )
            )
            return
        entry, note = reply
        if isinstance(entry, Order):  # only `back` comes here
            if before:
                again = before.pop()
                answered -= 1
            continue
        talk.save(ask, entry(talk.by, note))
        before.append(ask)
        answered += 1
    if last := talk.over():
        click.echo(last)


def _show(ask: Ask, about: str, lang: Language) -> None:
    question = ask.question
    click.echo(question.title.in_(lang) + (f" — {about}" if about else ""))
    for number, option in enumerate(question.options, 1):
        click.echo(f"  {number}. {option.title.in_(lang)}")
    click.echo(f"  ({_expected(ask, lang)})")


def _expected(ask: Ask, lang: Language) -> str:
    question = ask.question
    match question.type:
        case "yesno":
            told = say("yes / no", "да / нет")
        case "scale":
            low, high = question.min or 1, question.max or 5
            told = f"{low:g} … {high:g}"
        case "enum":
            told = say("a number of the list", "номер из списка")
        case "multi":
            told = say(
                "numbers by commas, - for none", "номера через запятую, - если ничего"
            )
        case "number":
            told = say("a number", "число") + _unit(question.unit, lang)
        case "date":
            told = say("a date like 2026-06-30", "дата, например 2026-06-30")
        case _:
            told = say("in your own words", "своими словами")
    return told + say("; ? for a hint", "; ? — подсказка")


def _unit(unit: str | None, lang: Language) -> str:
    words = {
        "percent": ("percent", "проценты"), "days": ("days", "дни"),
        "hours": ("hours", "часы"), "minutes": ("minutes", "минуты"),
        "months": ("months", "месяцы"), "money": ("money", "деньги"),
        "count": ("how many", "сколько штук или раз"), "score": ("points", "баллы"),
    }  # fmt: skip
    if not unit:
        return ""
    en, ru = words.get(unit, (unit, unit))
    return f", {ru if lang == 'ru' else en}"


Build = Callable[[str, str], AnswerEntry]


def _reply(
    ask: Ask, read_line: ReadLine, lang: Language
) -> tuple[Build | Order, str] | None:
    """The answer to one question, `back`, or None to stop."""
    note = ""
    while True:
        line = read_line()
        if line is None:
            return None
        if not line.strip():
            continue
        found = read(line, ask.question)
        match found:
            case BadValue():
                click.echo(in_language(hinted(found.message, found.hint), lang))
            case Given():
                return _answer(ask, found), note
            case Order("quit"):
                return None
            case Order("back"):
                return found, note
            case Order("hint"):
                _hint(ask, lang)
            case Order("note"):
                note = found.text
                click.echo(say("Noted. And the answer?", "Записано. А ответ?"))
            case Order("not_applicable") if not found.text:
                click.echo(
                    say("Why? Type: na REASON", "Почему? Введите: неприменимо ПОЧЕМУ")
                )
            case Order():
                return _state(ask, found), note


def _hint(ask: Ask, lang: Language) -> None:
    question = ask.question
    for text in (question.why, question.hint, question.prompt):
        if text is not None:
            click.echo(f"  {text.in_(lang)}")
    click.echo(
        f"  [{question.id}{', ' + ', '.join(question.ref) if question.ref else ''}]"
    )


def _answer(ask: Ask, given: Given) -> Build:
    value = list(given.value) if isinstance(given.value, tuple) else given.value
    return lambda by, note: AnswerEntry(
        question=ask.question.id, by=by, value=value, confidence=given.confidence,
        about=dict(ask.about), note=note,
    )  # fmt: skip


def _state(ask: Ask, order: Order) -> Build:
    state = order.word
    if state not in ("later", "dont_know", "not_applicable", "refused"):
        raise AssertionError(state)
    return lambda by, note: AnswerEntry(
        question=ask.question.id, by=by, state=state, about=dict(ask.about),
        note=note, reason=order.text,
    )  # fmt: skip
