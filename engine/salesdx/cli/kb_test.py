"""`salesdx kb test`: the tests that stand beside the rules."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_GATE, in_language


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
        failures = [
            {
                "cause": f.cause,
                "test": f.test,
                "message": f.message,
                "message_ru": in_language(f.message, "ru"),
            }
            for f in report.failures
        ]
        print_json(
            {
                "tests": report.tests,
                "failures": failures,
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
    click.echo(
        say(
            f"Tests: {report.tests}, failed: {len(report.failures)}, "
            f"not fully tested: {len(report.untested)}",
            f"Испытаний: {report.tests}, не прошло: {len(report.failures)}, "
            f"не полностью испытано: {len(report.untested)}",
        )
    )
    return EXIT_GATE if bad else 0
