"""How an interview looks: plain lines of the width of the terminal, dim where it can.

Nothing depends on colour: without a terminal, with NO_COLOR or TERM=dumb, the same
lines come without it.
"""

import os
import shutil
import sys
import textwrap

import click
from babel import Locale

from salesdx.cli.wording import language, say
from salesdx.interview.timing import minutes

_NARROW, _WIDE = 60, 100


def width() -> int:
    """Columns to fill: those of the terminal, within what reads well."""
    columns = shutil.get_terminal_size((80, 24)).columns
    return min(max(columns, _NARROW), _WIDE)


def line(
    text: str = "", indent: int = 0, first: str = "", *, dim: bool = False
) -> None:
    """One paragraph, wrapped; `first` stands before its first line."""
    blank = " " * indent
    lead = first.ljust(indent) if first else blank
    rows = textwrap.wrap(
        text, width(), initial_indent=lead, subsequent_indent=blank,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    for row in rows or [lead.rstrip()]:
        click.echo(click.style(row, dim=True) if dim and coloured() else row)


def strong(text: str, indent: int = 0) -> None:
    """A paragraph to be seen first."""
    blank = " " * indent
    for row in textwrap.wrap(text, width(), initial_indent=blank,
                             subsequent_indent=blank):  # fmt: skip
        click.echo(click.style(row, bold=True) if coloured() else row)


def coloured() -> bool:
    """Whether bold and dim may be used."""
    return (
        sys.stdout.isatty()
        and "NO_COLOR" not in os.environ
        and os.environ.get("TERM") != "dumb"
    )


def time_left(seconds: int) -> str:
    """`about 6 minutes left`."""
    n = minutes(seconds)
    if n > 90:
        hours = round(n / 30) / 2
        return say(f"about {hours:g} hours left", f"осталось около {_ru(hours)} ч")
    return say(
        f"about {n} minute{'s' * (n != 1)} left",
        f"осталось около {n} {russian(n, 'минуты', 'минут', 'минут')}",
    )


def _ru(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def russian(n: int, one: str, few: str, many: str) -> str:
    """The form of a Russian noun after a number."""
    return {"one": one, "few": few}.get(Locale("ru").plural_form(n), many)


def count(n: int, en: str, ru: tuple[str, str, str], plural: str = "") -> str:
    """`3 questions`, `3 вопроса`."""
    if language() == "ru":
        return f"{n} {russian(n, *ru)}"
    return f"{n} {en if n == 1 else plural or en + 's'}"


def questions(n: int) -> str:
    """How many questions, in words."""
    return count(n, "question", ("вопрос", "вопроса", "вопросов"))


def answers(n: int) -> str:
    """How many answers, in words."""
    return count(n, "answer", ("ответ", "ответа", "ответов"))
