"""`salesdx kb schema`: JSON schemas of the files, for editors."""

from collections.abc import Sequence
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import say
from salesdx.errors import Said, UsageError


@click.command(
    "schema",
    cls=Command,
    help=say(
        "Print the JSON schema of one kind of file, or write all of them.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb schema cause\n"
        "  salesdx kb schema --out .salesdx/schema",
        "Напечатать JSON-схему одного вида файлов или записать все.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb schema cause\n"
        "  salesdx kb schema --out .salesdx/schema",
    ),
)
@click.argument("kind", required=False, metavar=say("[KIND]", "[ВИД]"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("DIR", "ПАПКА"),
    help=say("Write every schema here.", "Записать сюда все схемы."),
)
@options.lang()
def schema(kind: str | None, out: Path | None) -> None:
    """Print or write schemas."""
    import json

    from salesdx.workbench.schema import SCHEMAS
    from salesdx.workbench.schema import schema as of

    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name in SCHEMAS:
            path = out / f"{name}.json"
            path.write_text(json.dumps(of(name), ensure_ascii=False, indent=2) + "\n")
            click.echo(str(path))
    elif kind in SCHEMAS:
        print_json(of(str(kind)))
    else:
        raise UsageError(_kinds(sorted(SCHEMAS)))


def _kinds(names: Sequence[str]) -> Said:
    told = ", ".join(names)
    return Said(f"name one of: {told}", f"назовите один из видов: {told}")
