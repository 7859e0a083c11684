"""`salesdx kb new`: the beginning of an entry, in the right place."""

from pathlib import Path
from typing import Any

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import DataError, Said, UsageError, reason_of

_TYPES = ("yesno", "scale", "number", "enum", "multi", "text", "date")
_WEIGHTS = ("slight", "moderate", "considerable", "strong", "decisive")


@click.command(
    "new",
    cls=Command,
    help=say(
        "Write the beginning of a cause, rule, question, remedy, symptom or "
        "metric-benchmark into your own folder, with comments on what goes where. The "
        "folder is made when it is missing; nothing is overwritten. What is still "
        "to be written says TODO, and `kb lint` names each of them.\n\n"
        "A rule gets its condition and its three tests from --on.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb new question lunch.cover --kb my-knowledge\n"
        "  salesdx kb new cause nobody-at-lunch --kind speed --on lunch.cover "
        "--kb my-knowledge\n"
        "  salesdx kb new rule slow-reaction-discipline/lunch --on lunch.cover "
        "--kb my-knowledge\n"
        "  salesdx kb new metric-benchmark response.in-hours-business.lunch "
        "--value 1800 --kb my-knowledge",
        "Записать в свою папку заготовку причины, правила, вопроса, меры, симптома или "
        "ориентира (metric-benchmark) с пояснениями, что куда писать. Если папки нет, "
        "она появится; ничего не перезаписывается. Что ещё предстоит написать, "
        "отмечено словом TODO, и `kb lint` перечислит все такие места.\n\n"
        "Условие правила и три его испытания берутся из --on.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb new question lunch.cover --kb my-knowledge\n"
        "  salesdx kb new cause nobody-at-lunch --kind speed --on lunch.cover "
        "--kb my-knowledge\n"
        "  salesdx kb new rule slow-reaction-discipline/lunch --on lunch.cover "
        "--kb my-knowledge\n"
        "  salesdx kb new metric-benchmark response.in-hours-business.lunch "
        "--value 1800 --kb my-knowledge",
    ),
)
@click.argument("kind", metavar=say("KIND", "ВИД"))
@click.argument("id_", metavar=say("ID", "КОД"))
@click.option(
    "--kb",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("DIR", "ПАПКА"),
    help=say("Your own folder (required).", "Ваша папка (обязательно)."),
)
@click.option(
    "--on",
    multiple=True,
    metavar=say("NAME", "ИМЯ"),
    help=say(
        "What the rule looks at: a figure, question or symptom, if need be with a "
        "comparison ('NAME < benchmark'); may be repeated.",
        "На что смотрит правило: показатель, вопрос или симптом, при надобности со "
        "сравнением ('ИМЯ < ориентир'); можно повторять.",
    ),
)
@click.option(
    "--kind", "cause_kind", default="process", show_default=True,
    metavar=say("SORT", "РОД"),
    help=say("Cause: its kind.", "Для причины: какого она рода."),
)  # fmt: skip
@click.option(
    "--area", metavar=say("NAME", "ИМЯ"),
    help=say("Cause: the folder under causes/; by default as --kind.",
             "Для причины: папка внутри causes/; по умолчанию как --kind."),
)  # fmt: skip
@click.option(
    "--weight", type=click.Choice(_WEIGHTS),
    help=say("Rule: how much it weighs.", "Для правила: сколько оно весит."),
)  # fmt: skip
@click.option(
    "--against", is_flag=True,
    help=say("Rule: it speaks against the cause.",
             "Для правила: оно говорит против причины."),
)  # fmt: skip
@click.option(
    "--type", "type_", type=click.Choice(_TYPES), default="yesno", show_default=True,
    help=say("Question: how it is answered.", "Для вопроса: как на него отвечают."),
)  # fmt: skip
@click.option(
    "--cause", metavar=say("CAUSE", "ПРИЧИНА"),
    help=say("Question: the cause that a bad answer points at.",
             "Для вопроса: на какую причину указывает плохой ответ."),
)  # fmt: skip
@click.option(
    "--who", default="head_of_sales", show_default=True, metavar=say("ROLE", "РОЛЬ"),
    help=say("Question, remedy: who answers or acts.",
             "Для вопроса и меры: кто отвечает или делает."),
)  # fmt: skip
@click.option(
    "--value", type=float, metavar=say("NUMBER", "ЧИСЛО"),
    help=say("Benchmark: the threshold.", "Для ориентира: сам порог."),
)  # fmt: skip
@click.option(
    "--date", metavar=say("MONTH", "МЕСЯЦ"),
    help=say("Benchmark: when it was set, 2026-01.",
             "Для ориентира: когда назначен, 2026-01."),
)  # fmt: skip
@options.output_format()
@options.lang()
def new(kind: str, id_: str, folder: Path | None, as_: str, **more: Any) -> None:
    """Write the skeleton and say what comes next."""
    from salesdx.knowledge.load import load_all
    from salesdx.workbench.skeleton_desk import Wanted
    from salesdx.workbench.skeletons import new as make

    if folder is None:
        raise UsageError(Said(
            "say where your own knowledge lies: --kb my-knowledge (the folder is made "
            "when it is missing)",
            "скажите, где ваша база знаний: --kb my-knowledge (если папки нет, она "
            "появится)",
        ))  # fmt: skip
    knowledge, _ = load_all([folder] if folder.is_dir() else [])
    wanted = Wanted(kind, id_, language(), type=more.pop("type_"), **more)
    try:
        made = make(wanted, folder, knowledge)
    except OSError as error:
        said = reason_of(error, "cannot be written")
        raise DataError(
            Said(f"{error.filename}: {said}", f"{error.filename}: {said.ru}")
        ) from None
    place = f"{made.path.as_posix()}:{made.line}"
    if as_ == "json":
        print_json({
            "file": made.path.as_posix(), "line": made.line,
            "created": made.created, "next": list(made.next),
        })  # fmt: skip
        return
    done = (
        say("a new file", "новый файл")
        if made.created
        else say("added to the file", "добавлено в файл")
    )
    click.echo(f"{place}: {done}")
    click.echo(say(
        "Open it in an editor and replace every TODO. Then:",
        "Откройте его в редакторе и замените все TODO. Потом:",
    ))  # fmt: skip
    for command in made.next:
        click.echo(f"  {command}")
