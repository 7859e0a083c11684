"""`salesdx case list|add|show|export`: cases in a database."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, table
from salesdx.cli.wording import language, say
from salesdx.errors import UsageError

if TYPE_CHECKING:
    from salesdx.storage.cases import CaseInfo


def _db_told() -> str:
    return say(
        "The database: an SQLite file or postgresql://user@host/name; also by "
        "SALESDX_DB.",
        "База данных: файл SQLite или postgresql://пользователь@сервер/база; можно "
        "задать через SALESDX_DB.",
    )


def named(address: str | None) -> str:
    """The address that must be given: no database is meant by default."""
    if not address:
        raise UsageError(
            say(
                "name the database: --db FILE|URL, or the variable SALESDX_DB",
                "укажите базу: --db ФАЙЛ|URL или переменная SALESDX_DB",
            )
        )
    return address


@click.command(
    "list",
    cls=Command,
    help=say(
        "Name all cases of a database.\n\n"
        "\b\nExample:\n  salesdx case list --db cases.db",
        "Перечислить разборы в базе.\n\n\b\nПример:\n  salesdx case list --db cases.db",
    ),
)
@options.db(_db_told())
@options.lang()
@options.output_format()
def list_(db: str | None, as_: str) -> None:
    """Print a line a case."""
    from salesdx.storage.cases import all_cases
    from salesdx.storage.upgrading import opened

    with opened(named(db), tell=tell) as engine:
        found = all_cases(engine)
    if as_ == "json":
        print_json({"cases": [asdict(c) for c in found]})
    elif not found:
        click.echo(say("There are no cases yet.", "Разборов пока нет."))
    else:
        heads = say("ID NAME ANSWERS FILES SIZE", "ИМЯ КОМПАНИЯ ОТВЕТЫ ФАЙЛЫ РАЗМЕР")
        rows = [(c.id, c.name, str(c.answers), str(c.files), _size(c)) for c in found]
        click.echo(table([heads.split(), *rows], right=(2, 3, 4)))


@click.command(
    "add",
    cls=Command,
    help=say(
        "Put a case folder into a database: every file as it is, every answer. A new "
        "SQLite file is made if need be. The folder stays as it is; from now on the "
        "case in the database is another one.\n\n"
        "\b\nExamples:\n"
        "  salesdx case add acme --db cases.db\n"
        "  salesdx case add acme --id acme-2026 --db postgresql://sdx@host/cases",
        "Положить папку разбора в базу: каждый файл как есть, каждый ответ. Если файла "
        "SQLite ещё нет, он появится. Сама папка не меняется, но дальше это два разных "
        "разбора.\n\n"
        "\b\nПримеры:\n"
        "  salesdx case add romashka --db cases.db\n"
        "  salesdx case add romashka --id romashka-2026 --db postgresql://sdx@host/cases",
    ),
)
@click.argument(
    "folder",
    metavar=say("DIR", "ПАПКА"),
    type=click.Path(path_type=Path, file_okay=False, exists=True),
)
@click.option(
    "--id",
    "id_",
    metavar=say("ID", "ИМЯ"),
    help=say(
        "What the case is called in the database; default: the name of the folder.",
        "Как назвать разбор в базе; иначе — имя папки.",
    ),
)
@options.db(_db_told())
@options.lang()
def add(folder: Path, id_: str | None, db: str | None) -> None:
    """Add it and say what to do next."""
    from salesdx.case import load_company
    from salesdx.storage.cases import add_case, case_info
    from salesdx.storage.checkout import now
    from salesdx.storage.faults import name_of
    from salesdx.storage.upgrading import opened

    address = named(db)
    case, company = id_ or folder.resolve().name, load_company(folder)
    with opened(address, make=True, tell=tell) as engine:
        add_case(engine, case, company.name, folder, now())
        found, name = case_info(engine, case), name_of(engine.url)
    files, answers = found.files, found.answers
    click.echo(
        say(
            f"Case {case} is in {name}: files {files}, answers {answers}. "
            f"Next: salesdx interview {case} --db {name}",
            f"Разбор {case} теперь в базе {name}: файлов {files}, ответов {answers}. "
            f"Дальше: salesdx interview {case} --db {name}",
        )
    )


def _case() -> click.Argument:
    return click.Argument(["case"], metavar=say("CASE", "РАЗБОР"))


@click.command(
    "show",
    cls=Command,
    help=say(
        "What a database holds of a case.\n\n"
        "\b\nExample:\n  salesdx case show acme --db cases.db",
        "Что хранится в базе по одному разбору.\n\n"
        "\b\nПример:\n  salesdx case show romashka --db cases.db",
    ),
    params=[_case()],
)
@options.db(_db_told())
@options.lang()
@options.output_format()
def show(case: str, db: str | None, as_: str) -> None:
    """Print the case in figures."""
    from salesdx.storage.cases import case_info
    from salesdx.storage.upgrading import opened

    with opened(named(db), tell=tell) as engine:
        found = case_info(engine, case)
    if as_ == "json":
        print_json(asdict(found))
        return
    rows = [
        (say("Case", "Разбор"), found.id),
        (say("Company", "Компания"), found.name),
        (say("In the database since", "В базе с"), found.added_at),
        (say("Closed", "Закрыт"), found.closed_at or say("no", "нет")),
        (say("Files", "Файлов"), f"{found.files} ({_size(found)})"),
        (say("Respondents", "Респондентов"), str(found.respondents)),
        (say("Interviews", "Интервью"), str(found.interviews)),
        (say("Answers", "Ответов"), str(found.answers)),
        (say("Last answer", "Последний ответ"), found.last_answer or "—"),
    ]
    click.echo(table(rows))


@click.command(
    "export",
    cls=Command,
    help=say(
        "Write a case of a database as a folder: every file as it came, with all "
        "answers. DIR must be new or empty; it appears whole or not at all.\n\n"
        "\b\nExample:\n  salesdx case export acme out/acme --db cases.db",
        "Выгрузить разбор из базы в папку: каждый файл каким был, со всеми ответами. "
        "ПАПКА должна быть новой или пустой; она появляется целиком или никак.\n\n"
        "\b\nПример:\n  salesdx case export romashka out/romashka --db cases.db",
    ),
    params=[
        _case(),
        click.Argument(
            ["folder"], metavar=say("DIR", "ПАПКА"), type=click.Path(path_type=Path)
        ),
    ],
)
@options.db(_db_told())
@options.lang()
def export(case: str, folder: Path, db: str | None) -> None:
    """Write the folder and print where it is."""
    from salesdx.storage.account import account
    from salesdx.storage.cases import export_case
    from salesdx.storage.checkout import now
    from salesdx.storage.events import record
    from salesdx.storage.opening import writing
    from salesdx.storage.upgrading import opened

    with opened(named(db), tell=tell) as engine:
        export_case(engine, case, folder)
        with writing(engine) as connection:
            record(connection, now(), account(), "exported", case)
    click.echo(say(f"Written: {folder}", f"Записано: {folder}"))


def _size(case: "CaseInfo") -> str:
    from salesdx.language import number

    kilobytes = case.size / 1024
    if kilobytes < 1024:
        return f"{number(max(kilobytes, 0.1), language(), 1)} {say('KB', 'КБ')}"
    return f"{number(kilobytes / 1024, language(), 1)} {say('MB', 'МБ')}"
