"""Ask what only a person knows: numbered choices, Enter takes the default."""

import re
import sys
from collections.abc import Callable

import click

from salesdx.cli.wording import language, say
from salesdx.crm.answering import answer
from salesdx.crm.import_report import ImportPlan
from salesdx.crm.questions import Question
from salesdx.errors import UsageError, visible

ReadLine = Callable[[], str | None]
_NONE = frozenset({"-", "—", "0"})


def ask_all(plan: ImportPlan, read_line: ReadLine) -> ImportPlan | None:
    """Ask until nothing is left; None when the input ends or the person quits."""
    asked = 0
    while plan.questions:
        question = plan.questions[0]
        asked += 1
        place = f"[{asked} / {asked + len(plan.questions) - 1}]"
        click.echo(f"\n{place} {visible(question.file)}", err=True)
        _show(question)
        while True:
            line = read_line()
            if line is None or line.strip().casefold() in {"quit", "выход", "q"}:
                return None
            chosen = _chosen(question, line.strip())
            if chosen is None:
                click.echo(_expected(question), err=True)
                continue
            try:
                plan = answer(plan, question, chosen)
            except UsageError as error:
                click.echo(error.text(language()), err=True)
                continue
            break
    return plan


def agreed(read_line: ReadLine) -> bool:
    """Whether the person wants it like this; Enter alone says neither."""
    told = say("Import like this? [y/n] ", "Загрузить так? [д/н] ")
    while True:
        click.echo(told, nl=False, err=True)
        line = read_line()
        word = (line or "n").strip().lower()
        if word:
            return word in {"y", "yes", "д", "да"}


def typed_line() -> str | None:
    """The next line typed; None when the input ends."""
    return sys.stdin.readline() or None


def _show(question: Question) -> None:
    click.echo(visible(_sentence(question.text.in_(language()))), err=True)
    for number, choice in enumerate(question.choices, 1):
        mark = "*" if choice.code in question.default else " "
        title = visible(choice.title.in_(language()))
        click.echo(f" {mark} {number:>2}. {title}", err=True)
    click.echo(f"  ({_expected(question)})", err=True)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _expected(question: Question) -> str:
    if question.many:
        told = say(
            "numbers by commas, - for none; Enter: as marked *",
            "номера через запятую, - если никакие; Enter — как отмечено *",
        )
    else:
        told = say("a number; Enter: as marked *", "номер; Enter — как отмечено *")
    if question.free:
        told += say(", or a time zone in full", " или часовой пояс целиком")
    return told + say("; quit to stop", "; «выход» — прервать")


def _chosen(question: Question, line: str) -> list[str] | None:
    """Codes of what was typed; None where it is no answer."""
    if not line:
        return list(question.default)
    if question.many and line in _NONE:
        return []
    parts = [p for p in re.split(r"[\s,;]+", line) if p]
    places = [int(p) - 1 for p in parts if p.isdecimal()]
    count = len(question.choices)
    if len(places) == len(parts) and all(0 <= p < count for p in places):
        if question.many or len(places) == 1:
            return list(dict.fromkeys(question.choices[p].code for p in places))
        return None
    return [line] if question.free and not places else None
