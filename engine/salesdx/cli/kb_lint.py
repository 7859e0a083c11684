"""`salesdx kb lint`: every fault of the knowledge, with its place."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_KNOWLEDGE, Problem, in_language


@click.command(
    "lint",
    cls=Command,
    help=say(
        "Check every file of the knowledge base and of the overlays; exit 4 when "
        "something is wrong.\n\n"
        "\b\nExample:\n"
        "  salesdx kb lint --kb my-knowledge",
        "Проверить все файлы базы знаний и наложений; код 4, если что-то не так.\n\n"
        "\b\nПример:\n"
        "  salesdx kb lint --kb my-knowledge",
    ),
)
@options.overlays()
@options.output_format()
@options.lang()
def lint(overlays: tuple[Path, ...], as_: str) -> int:
    """Print the problems."""
    from salesdx.workbench.lint import lint as run

    problems = run(overlays)
    if as_ == "json":
        print_json([_as_row(p) for p in problems])
    else:
        for problem in problems:
            click.echo(problem.text(language()))
        click.echo(_count(len(problems)), err=bool(problems))
    return EXIT_KNOWLEDGE if problems else 0


def _as_row(problem: Problem) -> dict[str, object]:
    """A problem for programs: `message` and `hint` in English, `_ru` beside them."""
    names = ("file", "line", "col", "code", "message", "hint")
    return {n: getattr(problem, n) for n in names} | {
        f"{n}_ru": in_language(getattr(problem, n), "ru") for n in ("message", "hint")
    }


def _count(number: int) -> str:
    if not number:
        return say("No problems.", "Ошибок нет.")
    return say(f"Problems: {number}", f"Ошибок: {number}")
