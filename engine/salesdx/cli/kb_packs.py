"""`salesdx kb packs`: the knowledge that is shipped and that is installed."""

from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, table
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_KNOWLEDGE, in_language

if TYPE_CHECKING:
    from salesdx.workbench.installed_packs import PackRow


@click.command(
    "packs",
    cls=Command,
    help=say(
        "List the shipped knowledge and the packs installed as Python packages, which "
        "`--kb NAME` and `knowledge: [NAME]` of company.yaml may name; exit 4 when one "
        "of them cannot be used.\n\n"
        "\b\nExample:\n"
        "  salesdx kb packs",
        "Перечислить поставляемую базу знаний и пакеты, установленные как пакеты "
        "Python: их можно назвать в `--kb ИМЯ` и в `knowledge: [ИМЯ]` файла "
        "company.yaml; код 4, если какой-то пакет использовать нельзя.\n\n"
        "\b\nПример:\n"
        "  salesdx kb packs",
    ),
)
@options.output_format()
@options.lang()
def packs(as_: str) -> int:
    """Print the list, and what is wrong with a pack."""
    from salesdx.workbench.installed_packs import pack_rows

    rows = list(pack_rows())
    problems = [p for r in rows for p in r.problems]
    if as_ == "json":
        print_json({"packs": [_as_data(r) for r in rows]})
    else:
        heads = [
            say("pack", "пакет"), say("version", "версия"), "salesdx",
            say("content", "содержание"), say("brought by", "откуда"),
        ]  # fmt: skip
        cells = [
            [r.id, r.version or "?", r.engine or "?", r.hash or "?", r.distribution]
            for r in rows
        ]
        click.echo(table([heads, *cells]))
        for problem in problems:
            click.echo(problem.text(language()), err=True)
    return EXIT_KNOWLEDGE if problems else 0


def _as_data(row: "PackRow") -> dict[str, object]:
    names = ("file", "line", "col", "code", "message", "hint")
    return {
        "id": row.id, "version": row.version, "engine": row.engine, "hash": row.hash,
        "distribution": row.distribution,
        "problems": [
            {n: getattr(p, n) for n in names}
            | {f"{n}_ru": in_language(getattr(p, n), "ru") for n in ("message", "hint")}
            for p in row.problems
        ],
    }  # fmt: skip
