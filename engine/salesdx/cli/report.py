"""`salesdx report`: the documents that go on the client's table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.checkout import reports_of
from salesdx.cli.commands import Command
from salesdx.cli.older import NONE, keep, named, since
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say
from salesdx.cli.worksheets import beside_reports, listed, write_worksheets
from salesdx.cli.writing import write_reports

if TYPE_CHECKING:
    from salesdx.render import Audience
    from salesdx.render.look import Look


@click.command(
    "report",
    cls=Command,
    help=say(
        "Write reports of a case. All formats say the same; choose whom they are "
        "for.\n\n"
        "\b\nExamples:\n"
        "  salesdx report acme\n"
        "  salesdx report acme --to pdf,docx --lang ru --audience owner --out reports\n"
        "  salesdx report acme --since acme/results/spring.json --save",
        "Написать отчёты по разбору. Все форматы говорят одно и то же; выберите, для "
        "кого они.\n\n"
        "\b\nПримеры:\n"
        "  salesdx report romashka\n"
        "  salesdx report romashka --to pdf,docx --audience owner --out отчёты\n"
        "  salesdx report romashka --since romashka/results/весна.json --save",
    ),
)
@options.case_argument()
@click.option(
    "--to",
    "formats",
    default="html,pdf,docx",
    show_default=True,
    metavar="html,pdf,docx,xlsx,md,json",
    help=say("Formats, by commas.", "Форматы через запятую."),
)
@options.audience()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("DIR", "ПАПКА"),
    help=say(
        "Where to write; default: CASE/reports. With --db it must be given.",
        "Куда писать; иначе — РАЗБОР/reports. С --db указывать обязательно.",
    ),
)
@options.anonymise()
@click.option(
    "--since",
    "older",
    default="",
    metavar=say("FILE|none", "ФАЙЛ|none"),
    help=say(
        "The saved result to tell the changes from; default: the newest of "
        "CASE/results that differs. none leaves the chapter out.",
        "С каким сохранённым результатом сравнить; иначе — с последним другим из "
        "РАЗБОР/results. none — без сравнения.",
    ),
)
@click.option(
    "--save",
    is_flag=True,
    help=say(
        "Keep the result that is printed in CASE/results, to compare with it later.",
        "Сохранить напечатанный результат в РАЗБОР/results, чтобы сравнить потом.",
    ),
)
@click.option(
    "--worksheets",
    is_flag=True,
    help=say(
        "Write the worksheets of the plan beside the reports too.",
        "Рядом с отчётами записать и рабочие листы к плану.",
    ),
)
@options.lang()
@options.overlays()
@options.executor()
@options.look()
def report(
    case: Path,
    formats: str,
    audience: Audience,
    out: Path | None,
    anonymise: bool,
    older: str,
    save: bool,
    worksheets: bool,
    overlays: tuple[Path, ...],
    executor: str,
    look: Look,
) -> None:
    """Write the files and print their paths."""
    wanted, folder = listed(formats), out or reports_of(case)
    then = named(older)  # a file that is none is told before the long work
    found = run_analysis(case, overlays, executor)
    written = write_reports(
        found.document, wanted, language(), folder, audience, anonymise,
        None if older == NONE else since(found, case, then), look,
    )  # fmt: skip
    if save:
        keep(found.document, case)
    if worksheets:
        written += write_worksheets(
            found, beside_reports(wanted), language(), folder / "worksheets",
            audience=audience, anonymise=anonymise, look=look,
        )  # fmt: skip
    for path in written:
        click.echo(str(path))
