"""`salesdx init`: start a case."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.wording import say


@click.command(
    "init",
    cls=Command,
    help=say(
        "Start a case: DIR with a commented company.yaml and an empty data folder. "
        "Nothing that exists is overwritten.\n\n"
        "\b\nExample:\n"
        '  salesdx init acme --name "Acme Ltd"',
        "Начать разбор: ПАПКА с пояснённым company.yaml и пустой папкой data. "
        "Существующее не перезаписывается.\n\n"
        "\b\nПример:\n"
        '  salesdx init romashka --name "ООО «Ромашка»"',
    ),
)
@click.argument("folder", metavar=say("DIR", "ПАПКА"), type=click.Path(path_type=Path))
@click.option(
    "--name",
    help=say(
        "Name of the company; default: the name of the folder.",
        "Название компании; иначе — имя папки.",
    ),
)
@options.lang()
def init(folder: Path, name: str | None) -> None:
    """Make the folder."""
    from salesdx.case import init_case

    path = init_case(folder, name or folder.resolve().name)
    click.echo(
        say(
            f"Made {path}. Next: fill it in, then `salesdx import {folder} FILE…` or "
            f"`salesdx interview {folder}`.",
            f"Создан {path}. Дальше: заполните его, затем `salesdx import {folder} "
            f"ФАЙЛ…` или `salesdx interview {folder}`.",
        )
    )
