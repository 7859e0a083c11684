"""`salesdx kb test`: the tests that stand beside the rules."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_GATE, in_language

if TYPE_CHECKING:
    from salesdx.workbench.testing import Failure


@click.command(
    "test",
    cls=Command,
    help=say(
        "Run the tests of all causes, or of one; exit 1 when one fails or a rule is "
        "not shown firing, silent and unknown.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb test\n"
        "  salesdx kb test immature-deals",
        "Выполнить испытания всех причин или одной; код 1, если испытание не прошло "
        "или для правила не показано «сработало», «молчит» и «неизвестно».\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb test\n"
        "  salesdx kb test immature-deals",
    ),
)
@click.argument("cause", required=False, metavar=say("[CAUSE]", "[ПРИЧИНА]"))
@options.overlays()
@options.output_format()
@options.lang()
def test(cause: str | None, overlays: tuple[Path, ...], as_: str) -> int:
    """Print failures and what is untested."""
    from salesdx.cli.naming import cause_id
    from salesdx.knowledge.load import load
    from salesdx.workbench.testing import run

    knowledge = load(overlays)
    report = run(knowledge, cause_id(knowledge, cause) if cause else None)
    bad = bool(report.failures or report.untested)
    if as_ == "json":
        print_json(
            {
                "tests": report.tests,
                "failures": [_as_row(f) for f in report.failures],
                "changed": [_as_row(f) for f in report.changed],
                "untested": report.untested,
            }
        )
        return EXIT_GATE if bad else 0
    for failure in report.failures:
        message = in_language(failure.message, language())
        click.echo(f"✗ {failure.cause}: {failure.test}: {message}")
        for line in failure.tree:
            click.echo(f"    {line}")
    for line in report.untested:
        click.echo(f"! {in_language(line, language())}")
    _tell_changed(report.changed)
    click.echo(
        say(
            f"Tests: {report.tests}, failed: {len(report.failures)}, "
            f"not fully tested: {len(report.untested)}",
            f"Испытаний: {report.tests}, не прошло: {len(report.failures)}, "
            f"не полностью испытано: {len(report.untested)}",
        )
    )
    return EXIT_GATE if bad else 0


def _as_row(failure: "Failure") -> dict[str, str]:
    return {
        "cause": failure.cause,
        "test": failure.test,
        "message": failure.message,
        "message_ru": in_language(failure.message, "ru"),
    }


def _tell_changed(changed: "Sequence[Failure]") -> None:
    """Tests of the knowledge below that end otherwise: the effect of an overlay."""
    if not changed:
        return
    click.echo(
        say(
            f"Changed by your knowledge, not failed ({len(changed)}):",
            f"Изменились под вашей базой знаний, это не ошибки ({len(changed)}):",
        )
    )
    for failure in changed:
        message = in_language(failure.message, language())
        click.echo(f"~ {failure.cause}: {failure.test}: {message}")
