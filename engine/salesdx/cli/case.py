"""`salesdx init`: start a case; `salesdx case`: cases in a database."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command, LazyGroup
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


case = LazyGroup(
    {
        "list": (
            "salesdx.cli.stored:list_",
            "Name all cases of a database.",
            "Перечислить разборы в базе.",
        ),
        "add": (
            "salesdx.cli.stored:add",
            "Put a case folder into a database.",
            "Положить папку разбора в базу.",
        ),
        "show": (
            "salesdx.cli.stored:show",
            "What a database holds of a case.",
            "Что хранится в базе по одному разбору.",
        ),
        "export": (
            "salesdx.cli.stored:export",
            "Write a case of a database as a folder.",
            "Выгрузить разбор из базы в папку.",
        ),
        "close": (
            "salesdx.cli.case_log:close",
            "Say that work on a case is over.",
            "Отметить, что работа над разбором окончена.",
        ),
        "purge": (
            "salesdx.cli.case_purge:purge",
            "Destroy a case for good, with an act.",
            "Уничтожить разбор навсегда, с актом.",
        ),
        "events": (
            "salesdx.cli.case_log:events",
            "What happened to the cases of a database.",
            "Что происходило с разборами в базе.",
        ),
    },
    name="case",
    help=say(
        "Cases in a database: an SQLite file or PostgreSQL. There is none by default: "
        "name it by --db or SALESDX_DB. Folder and database convert both ways without "
        "loss.\n\n"
        "\b\nExample:\n"
        "  salesdx case add acme --db cases.db\n"
        "  salesdx diagnose acme --db cases.db",
        "Разборы в базе данных: файл SQLite или PostgreSQL. По умолчанию базы нет: "
        "укажите её ключом --db или переменной SALESDX_DB. Папка и база переводятся "
        "друг в друга без потерь.\n\n"
        "\b\nПример:\n"
        "  salesdx case add romashka --db cases.db\n"
        "  salesdx diagnose romashka --db cases.db",
    ),
)
