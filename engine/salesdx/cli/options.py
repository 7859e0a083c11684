"""Options and arguments that several commands share."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from salesdx.cli.wording import say

F = TypeVar("F", bound=Callable[..., Any])
LOCAL_SPARK = "local[2]"


def case_argument() -> Callable[[F], F]:
    """CASE and --db: the folder of a case, or a case of a database as a folder."""

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def on_folder(**given: Any) -> Any:
            from salesdx.cli.checkout import case_folder

            with case_folder(given.pop("case"), given.pop("db")) as folder:
                return function(case=folder, **given)

        told = say(
            "CASE is a case of this database, by its id (`salesdx case list`): an "
            "SQLite file or postgresql://user@host/name; also by SALESDX_DB. Without "
            "it CASE is a folder.",
            "РАЗБОР — имя разбора в этой базе (`salesdx case list`): файл SQLite или "
            "postgresql://пользователь@сервер/база; можно задать через SALESDX_DB. "
            "Иначе РАЗБОР — папка.",
        )
        argument = click.argument("case", metavar=say("CASE", "РАЗБОР"))
        return argument(db(told)(on_folder))  # type: ignore[return-value]

    return decorate


def db(told: str) -> Callable[[F], F]:
    """--db URL, or SALESDX_DB; there is no database by default."""
    return click.option(
        "--db", metavar=say("FILE|URL", "ФАЙЛ|URL"), envvar="SALESDX_DB", help=told
    )


def data_folder() -> Callable[[F], F]:
    """--data DIR: where a server keeps its database."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default="salesdx-data",
        show_default=True,
        envvar="SALESDX_DATA",
        metavar=say("DIR", "ПАПКА"),
        help=say("The folder of the server.", "Папка сервера."),
    )


def server_db() -> Callable[[F], F]:
    """--db URL instead of the database in the folder of the server."""
    return db(
        say(
            "Another database: an SQLite file or postgresql://user@host/name.",
            "Другая база: файл SQLite или postgresql://пользователь@сервер/база.",
        )
    )


def lang() -> Callable[[F], F]:
    """--lang, already read by `wording.choose`."""
    return click.option(
        "--lang",
        type=click.Choice(["ru", "en"]),
        expose_value=False,
        help=say("Language of the output.", "Язык вывода."),
    )


def output_format() -> Callable[[F], F]:
    """--format text|json."""
    return click.option(
        "--format",
        "as_",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=say("How to print the result.", "Как напечатать результат."),
    )


def _folders(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    names: tuple[str, ...],
) -> tuple[Path, ...]:
    return tuple(_folder(name) for name in names)


def _folder(name: str) -> Path:
    """The folder that --kb means: one that is there, else that of an installed pack."""
    path = Path(name)
    if path.is_dir() and path.name != name:
        return path  # a path is no name: no need to look for packs
    from salesdx.errors import Said, UsageError, hinted
    from salesdx.knowledge.packs import installed, nothing_called

    if path.is_file():
        raise UsageError(
            Said(
                f"--kb {name}: this is a file; give its folder",
                f"--kb {name}: это файл; укажите папку, в которой он лежит",
            )
        )
    packs = installed()
    if path.is_dir():
        if name in packs:
            told = say(
                f"{name}: the folder is used, not the installed pack of that name",
                f"{name}: берём папку, а не установленный пакет с этим именем",
            )
            click.echo(told, err=True)
        return path
    if name in packs:
        return packs[name].folder
    what, hint = nothing_called(name, packs)
    raise UsageError(hinted(Said(f"--kb: {what}", f"--kb: {what.ru}"), hint))


def overlays() -> Callable[[F], F]:
    """--kb NAME_OR_DIR, repeatable: the folder of an overlay or an installed pack."""
    return click.option(
        "--kb",
        "overlays",
        multiple=True,
        metavar=say("DIR|PACK", "ПАПКА|ПАКЕТ"),
        callback=_folders,
        help=say(
            "Layer your own knowledge over the shipped one: a folder, or the name of "
            "an installed pack; may be repeated.",
            "Наложить на поставляемую базу знаний свою: папку или установленный пакет "
            "по имени; можно повторять.",
        ),
    )


def _look(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001
    folder: Path | None,
) -> Any:
    """The look of a folder, with all its faults told before anything is computed."""
    from salesdx.render.look import PLAIN

    if folder is None or ctx.resilient_parsing:
        return PLAIN
    from salesdx.render.look_folder.loading import load_look

    return load_look(folder)


def look() -> Callable[[F], F]:
    """--look DIR, or SALESDX_LOOK: the look of a house, already read and checked."""
    return click.option(
        "--look",
        type=click.Path(path_type=Path),
        envvar="SALESDX_LOOK",
        metavar=say("DIR", "ПАПКА"),
        callback=_look,
        help=say(
            "The look of your house: logo, colours, fonts, own sections and "
            "worksheets; `salesdx look new` makes one. Also by SALESDX_LOOK.",
            "Ваше оформление: логотип, цвета, шрифты, свои разделы и рабочие листы; "
            "заготовку создаст `salesdx look new`. Можно задать через SALESDX_LOOK.",
        ),
    )


def executor() -> Callable[[F], F]:
    """--executor, for those who compare engines."""
    return click.option(
        "--executor",
        type=click.Choice(["auto", "durable", "reference"]),
        default="auto",
        hidden=True,
    )


def analysing() -> Callable[[F], F]:
    """The options of every command that runs the whole analysis."""

    def decorate(function: F) -> F:
        for option in (executor(), overlays(), lang(), output_format()):
            function = option(function)
        return case_argument()(function)

    return decorate


def audience() -> Callable[[F], F]:
    """--audience: the reader of a report or a plan."""
    from salesdx.render import AUDIENCES

    return click.option(
        "--audience",
        type=click.Choice(AUDIENCES),
        default="consultant",
        show_default=True,
        help=say(
            "Whom it is for: the team's copy shames nobody by name.",
            "Для кого: в экземпляре для команды никто не назван по имени.",
        ),
    )


def anonymise() -> Callable[[F], F]:
    """--anonymise: people as letters."""
    return click.option(
        "--anonymise",
        is_flag=True,
        help=say(
            "Managers and clients as A, B, C.", "Менеджеры и клиенты как А, Б, В."
        ),
    )


def master() -> Callable[[F], F]:
    """--master: where Spark runs."""
    return click.option(
        "--master",
        metavar="URL",
        default=LOCAL_SPARK,
        show_default=True,
        help=say("Where Spark runs.", "Где работает Spark."),
    )
