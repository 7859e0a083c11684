"""`salesdx kb impact`: stored cases under two versions of the knowledge."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import advancing, print_json
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_GATE, EXIT_OK, DataError, Said


@click.command(
    "impact",
    cls=Command,
    help=say(
        "Replay stored cases under two versions of the knowledge and show which "
        "conclusions change, by which rule, and which edit brings it about: each is "
        "proved by applying that edit alone. OLD and NEW are `shipped`, the folder of "
        "a whole base, or your own folder over the shipped base; commas layer several."
        "\n\n"
        "\b\nExamples:\n"
        "  salesdx kb impact shipped my-knowledge --cases clients\n"
        "  salesdx kb impact shipped my-knowledge --cases clients --fail-on verdicts",
        "Проиграть сохранённые разборы под двумя версиями знаний: какие выводы "
        "изменятся, из-за какого правила и какой правки. Каждая правка проверяется "
        "отдельно, без остальных. Версия — это `shipped` (поставляемая база), папка "
        "целой базы или ваша папка поверх поставляемой; несколько папок пишут через "
        "запятую.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb impact shipped my-knowledge --cases clients\n"
        "  salesdx kb impact shipped my-knowledge --cases clients --fail-on verdicts",
    ),
)
@click.argument("old", metavar=say("OLD", "СТАРАЯ"))
@click.argument("new", metavar=say("NEW", "НОВАЯ"))
@click.option(
    "--cases",
    "folder",
    required=True,
    metavar=say("DIR", "ПАПКА"),
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=say(
        "A case, or a folder of cases at any depth.",
        "Разбор или папка, в которой лежат разборы (на любой глубине).",
    ),
)
@click.option(
    "--only-verdicts/--points",
    "only_verdicts",
    default=True,
    show_default=True,
    help=say(
        "Show changed verdicts only, or mere moves of points too.",
        "Показать только изменившиеся выводы или ещё и сдвиги баллов.",
    ),
)
@click.option(
    "--fail-on",
    type=click.Choice(["verdicts", "any", "none"]),
    default="none",
    show_default=True,
    help=say(
        "Exit 1 when a verdict changes, or when anything does.",
        "Завершиться с кодом 1, если изменился вывод (verdicts) или хоть что-то (any).",
    ),
)
@options.output_format()
@options.lang()
def impact(
    old: str, new: str, folder: Path, only_verdicts: bool, fail_on: str, as_: str
) -> int:
    """Print what changes."""
    from salesdx.workbench.impact import impact as run
    from salesdx.workbench.impact_data import as_data
    from salesdx.workbench.impact_page import Page
    from salesdx.workbench.versions import version

    sides = version(old), version(new)
    with advancing(say("Replaying cases…", "Проигрываем разборы…")) as advance:
        told = run(*sides, folder, advance)
    if not told.cases and not told.faulty:
        raise DataError(Said(
            f"{folder}: no case here (a case is a folder with company.yaml)",
            f"{folder}: здесь нет разборов (разбор — это папка с company.yaml)",
        ))  # fmt: skip
    if as_ == "json":
        print_json(as_data(told))
    else:
        for line in Page(told, language(), not only_verdicts).lines():
            click.echo(line)
    if not told.cases:
        raise DataError(Said(
            f"{folder}: no case could be replayed",
            f"{folder}: ни один разбор не удалось проиграть",
        ))  # fmt: skip
    changed = {
        "verdicts": any(c.verdict for c in told.cases),
        "any": any(c.any for c in told.cases),
    }
    return EXIT_GATE if changed.get(fail_on) else EXIT_OK
