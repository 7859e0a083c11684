"""What went wrong, in the language of the user, on stderr, with an exit code."""

import os
import sys
import traceback

import click

from salesdx.cli.click_words import in_russian
from salesdx.cli.wording import say
from salesdx.errors import (
    EXIT_DATA,
    EXIT_INTERNAL,
    EXIT_USAGE,
    SalesdxError,
    in_language,
    reason_of,
)

EXIT_INTERRUPTED = 130


def report(error: BaseException, debug: bool) -> int:
    """Print one error and return the exit code of the process."""
    if debug and not isinstance(error, click.ClickException):
        traceback.print_exception(error)
    match error:
        case click.ClickException():
            _print(_usage(error))
            return EXIT_USAGE
        case KeyboardInterrupt() | click.Abort():
            _print(say("Interrupted.", "Прервано."))
            return EXIT_INTERRUPTED
        case SalesdxError():
            _print(f"{say('Error', 'Ошибка')}: {error.text(say('en', 'ru'))}")
            return error.exit_code
        case OSError():
            what = in_language(reason_of(error, str(error)), say("en", "ru"))
            where = f"{error.filename}: " if error.filename else ""
            _print(f"{say('Error', 'Ошибка')}: {where}{what}")
            return EXIT_DATA
        case _:
            _print(_internal(error))
            return EXIT_INTERNAL


def broken_pipe() -> int:
    """The reader of our output went away (`| head`): that is fine."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _print(text: str) -> None:
    click.echo(text, err=True)


def _internal(error: BaseException) -> str:
    kind = type(error).__name__
    return say(
        f"Internal error ({kind}: {error}). This is a fault of salesdx, not yours; "
        "run again with --debug and send us what it prints.",
        f"Внутренняя ошибка ({kind}: {error}). Это сбой salesdx, а не ваш; "
        "повторите с ключом --debug и пришлите нам вывод.",
    )


def _usage(error: click.ClickException) -> str:
    lines = []
    context = getattr(error, "ctx", None)
    if context is not None:
        lines.append(context.command.get_usage(context))
        path = context.command_path
        lines.append(say(f"Try '{path} --help'.", f"Подробнее: '{path} --help'."))
    lines.append(f"{say('Error', 'Ошибка')}: {_message(error)}")
    return "\n".join(lines)


def _message(error: click.ClickException) -> str:
    if say("en", "ru") == "en":
        return error.format_message()
    return in_russian(error)
