"""`salesdx diagnose`: the result, as text or as the JSON contract."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.older import keep, since
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say


@click.command(
    "diagnose",
    cls=Command,
    help=say(
        "Diagnose a case: what is lost, why, how sure that is, what to do first. "
        "Nothing is written unless --save.\n\n"
        "\b\nExamples:\n"
        "  salesdx diagnose acme\n"
        "  salesdx diagnose acme --format json > result.json",
        "Разобрать компанию: что теряется, почему, насколько это надёжно и что "
        "делать сначала. Без --save ничего не записывается.\n\n"
        "\b\nПримеры:\n"
        "  salesdx diagnose acme\n"
        "  salesdx diagnose acme --format json > result.json",
    ),
)
@options.analysing()
@click.option(
    "--save",
    is_flag=True,
    help=say(
        "Keep the result in CASE/results for later comparison.",
        "Сохранить результат в РАЗБОР/results, чтобы сравнить потом.",
    ),
)
def diagnose(
    case: Path, as_: str, overlays: tuple[Path, ...], executor: str, save: bool
) -> None:
    """Print the diagnosis."""
    from salesdx.render.terminal import text

    found = run_analysis(case, overlays, executor)
    document = found.document
    # looked up before saving: a result is never compared with itself
    older = since(found, case) if as_ == "text" else None
    if save:
        keep(document, case)
    if as_ == "json":
        click.echo(document.to_json(), nl=False)
    else:
        click.echo(text(document, language(), since=older))
