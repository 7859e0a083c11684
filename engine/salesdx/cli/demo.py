"""`salesdx demo`: the whole way on a made-up company."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import working
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import LANGUAGES, language, say
from salesdx.cli.writing import write_reports
from salesdx.demo import write_demo
from salesdx.demo.writing import SEED
from salesdx.result import ResultDocument

FORMATS = ("html", "pdf", "docx")
_SHOWN = 5


@click.command(
    "demo",
    cls=Command,
    help=say(
        "Make up a Russian wholesaler with three known ills and one false alarm, "
        "diagnose it and write the reports in both languages. Files of an earlier "
        "demo in DIR are replaced.\n\n"
        "\b\nExample:\n"
        "  salesdx demo demo",
        "Создать вымышленную оптовую компанию с тремя бедами и одной ложной "
        "тревогой, разобрать её и написать отчёты на двух языках. Файлы прежней "
        "демонстрации в ПАПКЕ заменяются.\n\n"
        "\b\nПример:\n"
        "  salesdx demo demo",
    ),
)
@click.argument(
    "folder",
    metavar=say("[DIR]", "[ПАПКА]"),
    default="demo",
    type=click.Path(path_type=Path, file_okay=False),
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
    help=say("Open the HTML report.", "Открыть отчёт HTML."),
)
@options.lang()
@options.overlays()
@options.executor()
def demo(
    folder: Path, seed: int, open_: bool, overlays: tuple[Path, ...], executor: str
) -> None:
    """Make up, diagnose, report, and say in a few lines what came out."""
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
    if open_:
        click.launch(str(reports / f"report-consultant-{language()}.html"))


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
