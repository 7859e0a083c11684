"""`salesdx kb export`: everything that the knowledge base names."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import say


@click.command(
    "export",
    cls=Command,
    help=say(
        "List all that the knowledge base names, with ids, refs, options and titles; "
        "the codes are frozen.\n\n"
        "\b\nExample:\n"
        "  salesdx kb export --format json > knowledge.json",
        "Перечислить всё, что названо в базе знаний: коды, ссылки, варианты ответов и "
        "названия; коды не меняются.\n\n"
        "\b\nПример:\n"
        "  salesdx kb export --format json > knowledge.json",
    ),
)
@options.overlays()
@options.output_format()
@options.lang()
def export(overlays: tuple[Path, ...], as_: str) -> None:
    """Print the listing."""
    from salesdx.knowledge.load import load
    from salesdx.workbench.export import export as listing

    data = listing(load(overlays))
    if as_ == "json":
        print_json(data)
        return
    for kind, rows in data.items():
        if isinstance(rows, list):
            click.echo(f"{kind} ({len(rows)})")
            for row in rows:
                click.echo(f"  {_line(row)}")


def _line(row: object) -> str:
    if not isinstance(row, dict):
        return str(row)
    title = row.get("title") or {}
    refs = ", ".join(row.get("ref") or [])
    name = str(row.get("id") or row.get("code") or "")
    told = say(title.get("en", ""), title.get("ru", ""))
    return f"{name}{f' ({refs})' if refs else ''}  {told}".rstrip()
