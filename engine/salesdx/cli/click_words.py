"""Mistakes that click finds on the command line, in Russian.

click has its texts in English only; each is known here by its form, so that what the
user typed stands in the Russian one as well.
"""

import re

import click

_OTHERWISE = "команда записана неверно"
_PHRASES = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (r"No such command ['\"](.+?)['\"]", "нет такой команды: {}"),
        (r"Missing command", "не указана команда"),
        (r"Got unexpected extra arguments? \((.+)\)", "лишнее в команде: {}"),
        (r"Option '(.+)' requires an argument", "после ключа {} нужно значение"),
        (
            r"Option '(.+)' requires (\d+) arguments",
            "после ключа {} нужны значения, их должно быть {}",
        ),
        (r"Option '(.+)' does not take a value", "ключ {} пишется без значения"),
        (r"(.+) is not one of (.+?)\.?$", "{} — нет такого варианта; есть {}"),
        (r"(.+) is not in the range (.+?)\.?$", "{} вне пределов {}"),
        (r"(.+) is not a valid integer", "{} — не целое число"),
        (r"(.+) is not a valid float", "{} — не число"),
        (r"\w+ (['\"].+['\"]) does not exist", "{} не существует"),
        (r"\w+ (['\"].+['\"]) is a file", "{} — это файл, а нужна папка"),
        (r"\w+ (['\"].+['\"]) is a directory", "{} — это папка, а нужен файл"),
        (r"\w+ (['\"].+['\"]) is not readable", "{}: нет прав на чтение"),
        (r"\w+ (['\"].+['\"]) is not writable", "{}: нет прав на запись"),
        (r"('.+') is not '(.+)'", "{} не подходит; есть только {}"),
    )
)


def in_russian(error: click.ClickException) -> str:
    """What is wrong with the command line, in Russian."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            return error.format_message()  # the help itself
        case click.NoSuchOption():
            close = ", ".join(sorted(error.possibilities or ()))
            hint = f" Может быть, {close}?" if close else ""
            return f"нет такого ключа: {error.option_name}.{hint}"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param else ""  # type: ignore[arg-type]
            return f"не хватает параметра {name}."
        case click.BadParameter():
            name = error.param.get_error_hint(error.ctx) if error.param else ""
            return f"неверное значение {name}: {_phrase(error.message)}"
        case _:
            return _phrase(error.message)


def _phrase(message: str) -> str:
    """The Russian of a text of click; the first pattern that fits decides."""
    for pattern, told in _PHRASES:
        if match := pattern.match(message):
            return f"{told.format(*match.groups())}."
    return f"{_OTHERWISE}."
