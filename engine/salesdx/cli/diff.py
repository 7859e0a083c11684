"""`salesdx diff`: what changed since the last run, beyond chance."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.checkout import as_typed, case_folder
from salesdx.cli.commands import Command
from salesdx.cli.older import RESULTS, sound_runs
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say
from salesdx.errors import DataError, UsageError

if TYPE_CHECKING:
    from salesdx.compare import Comparison
    from salesdx.result import ResultDocument


@click.command(
    "diff",
    cls=Command,
    help=say(
        "What changed since the last run: causes and losses that are new or gone, "
        "figures that moved by more than chance, what came of the plan, and what "
        "cannot be compared and why. With CASE: its newest saved result (`salesdx "
        "diagnose CASE --save`) against the case as it is now. With OLD and NEW: two "
        "saved results.\n\n"
        "\b\nExamples:\n"
        "  salesdx diff acme\n"
        "  salesdx diff spring.json autumn.json --format json",
        "Что изменилось с прошлого разбора: какие причины и потери появились и ушли, "
        "какие показатели сдвинулись не случайно, что дал план, что сравнить нельзя и "
        "почему. С одним РАЗБОРОМ: последний сохранённый результат (`salesdx diagnose "
        "РАЗБОР --save`) против того, что есть сейчас. С двумя файлами: один "
        "сохранённый результат против другого.\n\n"
        "\b\nПримеры:\n"
        "  salesdx diff romashka\n"
        "  salesdx diff весна.json осень.json --format json",
    ),
)
@click.argument("case", metavar=say("CASE|OLD", "РАЗБОР|БЫЛО"))
@click.argument("new", required=False, metavar=say("[NEW]", "[СТАЛО]"))
@options.db(
    say(
        "CASE is a case of this database; also by SALESDX_DB.",
        "РАЗБОР лежит в этой базе; можно задать через SALESDX_DB.",
    )
)
@options.executor()
@options.overlays()
@options.lang()
@options.output_format()
def diff(
    case: str, new: str | None, db: str | None, as_: str,
    overlays: tuple[Path, ...], executor: str,
) -> None:  # fmt: skip
    """Print the comparison."""
    if new is not None:
        found, now = _of_files(Path(case), Path(new), overlays)
    elif Path(case).is_file():
        raise UsageError(say(
            "give two results, OLD and NEW, or a case alone",
            "укажите два результата, БЫЛО и СТАЛО, либо один разбор",
        ))  # fmt: skip
    else:
        with case_folder(case, db) as folder:
            found, now = _of_case(folder, overlays, executor)
    from salesdx.compare import text
    from salesdx.compare.words import stage_titles

    if as_ == "json":
        click.echo(found.to_json(), nl=False)
    else:
        click.echo(text(found, language(), stage_titles(now)))


def _of_files(
    old: Path, new: Path, overlays: tuple[Path, ...]
) -> "tuple[Comparison, ResultDocument]":
    from salesdx.compare import compare
    from salesdx.knowledge.load import load
    from salesdx.runs import read

    documents = read(old), read(new)
    return compare(*documents, load(list(overlays))), documents[1]


def _of_case(
    folder: Path, overlays: tuple[Path, ...], executor: str
) -> "tuple[Comparison, ResultDocument]":
    from salesdx.compare import compare
    from salesdx.runs import before

    runs, case = sound_runs(folder), as_typed(folder)
    if not runs:
        raise DataError(say(
            f"there is nothing to compare with yet: run `salesdx diagnose {case} "
            "--save` now, and this again after the next export",
            f"сравнивать пока не с чем: выполните `salesdx diagnose {case} --save` "
            "сейчас, а эту команду — после следующей выгрузки",
        ))  # fmt: skip
    now = run_analysis(folder, overlays, executor, ask_next=True)
    then = before(now.document, folder / RESULTS) or now.document
    return compare(then, now.document, now.knowledge), now.document
