"""`salesdx kb schema`: JSON schemas of the files, for editors."""

from collections.abc import Sequence
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import Said, UsageError


@click.command(
    "schema",
    cls=Command,
    help=say(
        "Print the JSON schema of one kind of file, or write all of them: with them "
        "an editor completes keys and names and marks mistakes while you type. `kb "
        "new` writes them into your folder by itself.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb schema cause\n"
        "  salesdx kb schema --out my-knowledge/.schema --kb my-knowledge",
        "Напечатать JSON-схему одного вида файлов или записать все. По ним редактор "
        "подсказывает ключи и имена и сразу отмечает ошибки. `kb new` сам кладёт их "
        "в вашу папку.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb schema cause\n"
        "  salesdx kb schema --out my-knowledge/.schema --kb my-knowledge",
    ),
)
@click.argument("kind", required=False, metavar=say("[KIND]", "[ВИД]"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("DIR", "ПАПКА"),
    help=say("Write every schema here.", "Записать сюда все схемы."),
)
@click.option(
    "--names/--no-names",
    default=None,
    help=say(
        "Offer the names of figures, questions, causes and thresholds (by default with "
        "--out only).",
        "Подсказывать имена показателей, вопросов, причин и ориентиров (по умолчанию "
        "только с --out).",
    ),
)
@options.overlays()
@options.output_format()
@options.lang()
def schema(
    kind: str | None,
    out: Path | None,
    names: bool | None,
    overlays: tuple[Path, ...],
    as_: str,
) -> None:
    """Print or write schemas."""
    from salesdx.knowledge.load import load_all
    from salesdx.workbench.schema import SCHEMAS, write_schemas
    from salesdx.workbench.schema import schema as of

    if out is None and kind not in SCHEMAS:
        raise UsageError(_kinds(sorted(SCHEMAS)))
    wanted = out is not None if names is None else names
    knowledge = load_all(overlays)[0] if wanted else None
    if out is None:
        print_json(of(str(kind), language(), knowledge))
        return
    written = [path.as_posix() for path in write_schemas(out, language(), knowledge)]
    if as_ == "json":
        print_json({"files": written})
        return
    for path in written:
        click.echo(path)
    click.echo(say(
        f"VS Code: install the extension “YAML” (Red Hat) and copy {written[-1]} to "
        ".vscode/settings.json of your folder. Files made by `salesdx kb new` need "
        "the extension only.",
        f"VS Code: поставьте расширение «YAML» (Red Hat) и скопируйте {written[-1]} в "
        ".vscode/settings.json своей папки. Файлам, созданным командой "
        "`salesdx kb new`, хватит расширения.",
    ))  # fmt: skip


def _kinds(names: Sequence[str]) -> Said:
    told = ", ".join(names)
    return Said(f"name one of: {told}", f"назовите один из видов: {told}")
