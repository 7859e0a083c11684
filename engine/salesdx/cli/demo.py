"""`salesdx demo`: the whole way on a made-up company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import advancing, working
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import LANGUAGES, language, say
from salesdx.cli.writing import write_reports
from salesdx.demo.seed import SEED

if TYPE_CHECKING:
    from salesdx.result import ResultDocument

FORMATS = ("html", "pdf", "docx")
_SHOWN = 5


@click.command(
    "demo",
    cls=Command,
    help=say(
        "Make up a wholesaler with three known ills and one false alarm, "
        "diagnose it and write the reports in both languages. With --gallery: "
        "five companies, each with its reports, and a page that shows them. Files "
        "of an earlier demo in DIR are replaced.\n\n"
        "\b\nExamples:\n"
        "  salesdx demo demo\n"
        "  salesdx demo --gallery gallery",
        "Создать вымышленную оптовую компанию с тремя бедами и одной ложной "
        "тревогой, разобрать её и написать отчёты на двух языках. С --gallery: "
        "пять компаний с отчётами и страница, на которой они собраны. Файлы прежней "
        "демонстрации в ПАПКЕ заменяются.\n\n"
        "\b\nПримеры:\n"
        "  salesdx demo demo\n"
        "  salesdx demo --gallery gallery",
    ),
)
@click.argument(
    "folder",
    metavar=say("[DIR]", "[ПАПКА]"),
    required=False,
    type=click.Path(path_type=Path, file_okay=False),
)
@click.option(
    "--gallery",
    is_flag=True,
    help=say("Five example reports.", "Пять отчётов для примера."),
)
@click.option(
    "--seed",
    type=int,
    default=SEED,
    show_default=True,
    help=say("Another company.", "Другая компания."),
)
@click.option(
    "--open",
    "open_",
    is_flag=True,
    help=say("Open what was made.", "Открыть готовое."),
)
@options.lang()
@options.overlays()
@options.executor()
def demo(
    folder: Path | None,
    gallery: bool,
    seed: int,
    open_: bool,
    overlays: tuple[Path, ...],
    executor: str,
) -> None:
    """Make up, diagnose, report, and say in a few lines what came out."""
    if gallery:
        shown = _gallery(folder or Path("gallery"), overlays, executor)
    else:
        shown = _demo(folder or Path("demo"), seed, overlays, executor)
    if open_:
        click.launch(str(shown))


def _gallery(folder: Path, overlays: tuple[Path, ...], executor: str) -> Path:
    """Five companies; returns the page that shows them."""
    from salesdx.analysis import Analysis, analyse
    from salesdx.demo.gallery import make_gallery

    def judge(case: Path) -> Analysis:
        return analyse(
            case, overlays=overlays, executor=executor, remember=True
        )  # fmt: skip

    with advancing(say("Making up companies…", "Придумываем компании…")) as advance:
        made = make_gallery(folder, language(), judge, advance)
    for one in made:
        document = one.analysis.document
        verdict = document.summary.verdict.in_(language())
        click.echo(f"{document.case.name}: {verdict}")
        for path in one.files:
            click.echo(f"  {path}")
        click.echo()
    index = folder / "index.html"
    click.echo(say(f"All of them: {index}", f"Всё вместе: {index}"))
    return index


def _demo(folder: Path, seed: int, overlays: tuple[Path, ...], executor: str) -> Path:
    """The wholesaler; returns the HTML report in the language of this run."""
    from salesdx.demo import write_demo

    with working(say("Making up a company…", "Придумываем компанию…")):
        write_demo(folder, seed, language())
    document = run_analysis(folder, overlays, executor).document
    reports = folder / "reports"
    written = [
        path
        for lang in LANGUAGES
        for path in write_reports(document, FORMATS, lang, reports)
    ]
    result = reports / "result.json"
    result.write_text(document.to_json(), encoding="utf-8")
    click.echo(_told(document))
    click.echo(say("\nFiles:", "\nФайлы:"))
    for path in (*written, result):
        click.echo(f"  {path}")
    click.echo(
        say(
            f"\nNext: salesdx diagnose {folder}   salesdx check {folder}",
            f"\nДальше: salesdx diagnose {folder}   salesdx check {folder}",
        )
    )
    return reports / f"report-consultant-{language()}.html"


def _told(document: ResultDocument) -> str:
    """What was found, what it costs, what to do first."""
    lang, summary = language(), document.summary
    lines = [f"{document.case.name}: {summary.verdict.in_(lang)}"]
    likely = [c for c in document.causes if c.verdict == "likely"]
    if likely:
        lines.append(say("\nLikely causes:", "\nВероятные причины:"))
        for cause in likely[:_SHOWN]:
            where = ", ".join(cause.slice.values())
            title = cause.title.in_(lang) + (f" ({where})" if where else "")
            lines.append(f"  - {title}  [{cause.id}]")
    if document.plan:
        lines.append(say("\nTo do first:", "\nСделать сначала:"))
        by_id = {a.id: a for a in document.plan}
        first = [by_id[i] for i in summary.first_actions if i in by_id]
        for action in first or document.plan[:3]:
            owner = action.owner_title.in_(lang)
            lines.append(f"  - {action.title.in_(lang)} ({owner})")
    return "\n".join(lines)
