"""Ask before what cannot be undone; nobody there to answer is a no."""

import sys

import click

from salesdx.cli.wording import say
from salesdx.errors import UsageError

YES = ("y", "yes", "д", "да")


def agreed(question: str) -> None:
    """Go on only after a yes.

    Raises:
        UsageError: it was not given.
    """
    if _answer(f"{question} {say('[y/N]', '[д/Н]')} ").casefold() not in YES:
        raise _unchanged()


def typed(question: str, word: str) -> None:
    """Go on only after a word was typed as it is.

    Raises:
        UsageError: another one was typed, or none.
    """
    if _answer(f"{question} ") != word:
        raise _unchanged()


def _answer(question: str) -> str:
    click.echo(question, err=True, nl=False)
    line = sys.stdin.readline()
    if not line.endswith("\n"):
        click.echo("", err=True)
    return line.strip()


def _unchanged() -> UsageError:
    return UsageError(
        say(
            "not confirmed, so nothing was changed; --yes goes on without asking",
            "подтверждения нет, ничего не изменено; без вопроса — с ключом --yes",
        )
    )
