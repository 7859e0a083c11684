"""`salesdx gate`: whether a case passes, for whom nobody watches: cron, CI, a CRM."""

import shlex
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.checkout import as_typed
from salesdx.cli.commands import Command
from salesdx.cli.older import RESULTS, keep, sound_runs
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say

# as in `salesdx.gate`, which is too heavy for a page of help
_DEFAULT = "new-cause,new-loss,worse,data-error,not-enough-data"
_FORMATS = ("text", "json", "junit", "github")


@click.command(
    "gate",
    cls=Command,
    help=say(
        "For schedulers: judge a case by named conditions, print pass or fail first, "
        "and end with 0 (passed) or 1 (failed). What is new is told by comparing with "
        "the newest saved result. What cannot be judged is said and fails nothing "
        "unless --strict.\n\n"
        "\b\nConditions:\n"
        "  new-cause, new-loss, worse, worse-loss    against a saved result\n"
        "  action-missed, overdue-action             what was agreed in the plan\n"
        "  likely-cause, loss-above=MONEY            what holds now\n"
        "  data-error, not-enough-data, coverage-below=0.5\n"
        "  early, not-comparable                     what cannot be told yet\n\n"
        "\b\nExamples:\n"
        "  salesdx gate acme --save\n"
        "  salesdx gate acme --fail-on new-cause,loss-above=5000000\n"
        "  salesdx gate acme --since 30 --format junit > gate.xml",
        "Для расписаний: проверить разбор по условиям, первой строкой сказать, пройден "
        "ли контроль, и завершиться с кодом 0 (пройден) или 1 (не пройден). Новое "
        "видно из сравнения с последним сохранённым результатом. Что проверить "
        "нельзя, будет названо, но нарушением без --strict не считается.\n\n"
        "\b\nУсловия:\n"
        "  new-cause, new-loss, worse, worse-loss    по сравнению с сохранённым\n"
        "  action-missed, overdue-action             о чём договорились в плане\n"
        "  likely-cause, loss-above=СУММА            что есть сейчас\n"
        "  data-error, not-enough-data, coverage-below=0.5\n"
        "  early, not-comparable                     о чём пока не сказать\n\n"
        "\b\nПримеры:\n"
        "  salesdx gate romashka --save\n"
        "  salesdx gate romashka --fail-on new-cause,loss-above=5000000\n"
        "  salesdx gate romashka --since 30 --format junit > gate.xml",
    ),
)
@options.case_argument()
@click.option(
    "--fail-on",
    "asked",
    default=_DEFAULT,
    show_default=True,
    metavar=say("CONDITION,…", "УСЛОВИЕ,…"),
    help=say("What must not be, by commas.", "Чего не должно быть, через запятую."),
)
@click.option(
    "--since",
    metavar=say("FILE|DATE|DAYS", "ФАЙЛ|ДАТА|ДНИ"),
    help=say(
        "Compare with this saved result, or with the newest that is so old; "
        "default: the newest.",
        "С каким сохранённым результатом сравнить: с этим файлом или с последним на "
        "эту дату (столько дней назад); иначе — с последним.",
    ),
)
@click.option(
    "--strict",
    is_flag=True,
    help=say(
        "What cannot be judged fails, too.",
        "Что нельзя проверить, тоже считать нарушением.",
    ),
)
@click.option(
    "--save",
    is_flag=True,
    help=say(
        "Keep the result once it is judged: the next run is compared with it.",
        "Сохранить результат после проверки: следующий запуск сравнит с ним.",
    ),
)
@click.option(
    "--format",
    "as_",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help=say("How to print the result.", "Как напечатать результат."),
)
@options.lang()
@options.overlays()
@options.executor()
def gate(
    case: Path, asked: str, since: str | None, strict: bool, save: bool, as_: str,
    overlays: tuple[Path, ...], executor: str,
) -> int:  # fmt: skip
    """Print the gate; the exit code says whether it passed."""
    from salesdx.errors import EXIT_GATE, EXIT_OK
    from salesdx.gate import (
        Situation,
        earlier,
        judge,
        refuse_unless_known,
        told,
        wanted,
    )

    conditions = wanted(asked)
    refuse_unless_known(since)
    found = run_analysis(case, overlays, executor)
    sound_runs(case)
    old = earlier(found.document, case / RESULTS, found.knowledge, since)
    named = as_typed(case)
    named = shlex.quote(named) if named == str(case) else named
    at = Situation(found.document, old.since, old.promised, named)
    judged = judge(conditions, at, strict=strict)
    if save:
        keep(found.document, case)
    click.echo(told(judged, as_, language()))
    return EXIT_OK if judged.passed else EXIT_GATE
