"""`salesdx kb diff`: what two versions of the knowledge say differently."""

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say


@click.command(
    "diff",
    cls=Command,
    help=say(
        "What NEW says differently from OLD, entry by entry: rules, thresholds, "
        "questions, remedies. Moving an entry to another place or file is no "
        "difference. OLD and NEW are `shipped`, the folder of a whole base, or your "
        "own folder over the shipped base; commas layer several.\n\n"
        "Exit code 1: answers given to OLD would no longer count, and migrations.yaml "
        "of NEW does not say what becomes of them.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb diff shipped my-knowledge\n"
        "  salesdx kb diff before/knowledge_base knowledge_base",
        "Чем НОВАЯ версия знаний отличается от СТАРОЙ: правила, пороги, вопросы, "
        "меры. Перенос записи в другое место или файл различием не считается. Версия — "
        "это `shipped` (поставляемая база), папка целой базы или ваша папка поверх "
        "поставляемой; несколько папок пишут через запятую.\n\n"
        "Код выхода 1: ответы на вопросы СТАРОЙ перестанут идти в расчёт, а "
        "migrations.yaml НОВОЙ не говорит, что с ними стало.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb diff shipped my-knowledge\n"
        "  salesdx kb diff before/knowledge_base knowledge_base",
    ),
)
@click.argument("old", metavar=say("OLD", "СТАРАЯ"))
@click.argument("new", metavar=say("NEW", "НОВАЯ"))
@options.output_format()
@options.lang()
def diff(old: str, new: str, as_: str) -> None:
    """Print the differences."""
    from salesdx.errors import EXIT_GATE
    from salesdx.workbench.answers_given import answers_given, given_data, lines, lost
    from salesdx.workbench.difference_data import edit_data, version_data
    from salesdx.workbench.difference_page import page
    from salesdx.workbench.difference_words import Words
    from salesdx.workbench.differences import compare
    from salesdx.workbench.versions import version

    sides = [version(w) for w in (old, new)]
    before, after = (v.knowledge() for v in sides)
    edits, given = compare(before, after), answers_given(before, after)
    if as_ == "json":
        words = Words(before, after)
        print_json({
            "old": version_data(sides[0].name, before),
            "new": version_data(sides[1].name, after),
            "edits": [edit_data(e, words) for e in edits],
            "answers": given_data(given),
        })  # fmt: skip
    else:
        names = (sides[0].name, sides[1].name)
        for line in page(edits, before, after, names, language()):
            click.echo(line)
        for line in lines(given, language()):
            click.echo(line)
    if lost(given):
        raise click.exceptions.Exit(EXIT_GATE)
