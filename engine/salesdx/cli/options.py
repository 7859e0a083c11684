"""Options and arguments that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from salesdx.cli.wording import say

F = TypeVar("F", bound=Callable[..., Any])


def case_argument() -> Callable[[F], F]:
    """CASE: the folder of a case."""
    return click.argument(
        "case",
        metavar=say("CASE", "РАЗБОР"),
        type=click.Path(path_type=Path, file_okay=False),
    )


def lang() -> Callable[[F], F]:
    """--lang, already read by `wording.choose`."""
    return click.option(
        "--lang",
        type=click.Choice(["ru", "en"]),
        expose_value=False,
        help=say("Language of the output.", "Язык вывода."),
    )


def output_format() -> Callable[[F], F]:
    """--format text|json."""
    return click.option(
        "--format",
        "as_",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=say("How to print the result.", "Как напечатать результат."),
    )


def overlays() -> Callable[[F], F]:
    """--kb DIR, repeatable."""
    return click.option(
        "--kb",
        "overlays",
        multiple=True,
        metavar=say("DIR", "ПАПКА"),
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help=say(
            "Layer your own knowledge over the shipped one; may be repeated.",
            "Наложить свою базу знаний на поставляемую; можно повторять.",
        ),
    )


def executor() -> Callable[[F], F]:
    """--executor, for those who compare engines."""
    return click.option(
        "--executor",
        type=click.Choice(["auto", "durable", "reference"]),
        default="auto",
        hidden=True,
    )


def analysing() -> Callable[[F], F]:
    """The options of every command that runs the whole analysis."""

    def decorate(function: F) -> F:
        for option in (executor(), overlays(), lang(), output_format()):
            function = option(function)
        return case_argument()(function)

    return decorate
