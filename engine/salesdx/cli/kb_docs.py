"""`salesdx kb docs`: the knowledge base as a site to read."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, working
from salesdx.cli.wording import say


@click.command(
    "docs",
    cls=Command,
    help=say(
        "Write the knowledge base as a site in both languages: a page for every "
        "cause, remedy, symptom, question and figure, with a search. It opens from "
        "the disk, without a server or a network.\n\n"
        "\b\nExample:\n"
        "  salesdx kb docs --out knowledge-site",
        "Записать базу знаний как сайт на двух языках: страница на каждую причину, "
        "меру, симптом, вопрос и показатель, с поиском. Открывается прямо с диска, "
        "без сервера и без сети.\n\n"
        "\b\nПример:\n"
        "  salesdx kb docs --out knowledge-site",
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("knowledge-site"),
    show_default=True,
    metavar=say("DIR", "ПАПКА"),
    help=say(
        "Write the site here; a folder that holds something else is left alone.",
        "Куда записать сайт; папку, где лежит что-то другое, команда не тронет.",
    ),
)
@options.overlays()
@options.output_format()
@options.lang()
def docs(out: Path, overlays: tuple[Path, ...], as_: str) -> None:
    """Write the site."""
    from salesdx.content import content
    from salesdx.knowledge.load import load
    from salesdx.workbench.site.building import build
    from salesdx.workbench.site.glossary import terms
    from salesdx.workbench.site.writing import check, write

    check(out)
    knowledge = load(overlays)
    words = terms([content("knowledge_base"), *overlays])
    with working(say("Writing pages…", "Пишем страницы…")):
        count = write(out, build(knowledge, words))
    first = out / "index.html"
    if as_ == "json":
        causes = len(knowledge.causes)
        print_json({"index": str(first), "files": count, "causes": causes})
        return
    click.echo(say(f"Files written: {count}", f"Записано файлов: {count}"))
    click.echo(say(f"Open {first}", f"Откройте {first}"))
