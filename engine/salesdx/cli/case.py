"""`salesdx init` and `salesdx check`: a case and what it holds."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, table
from salesdx.cli.wording import language, say

if TYPE_CHECKING:
    from salesdx.result import NotChecked


@click.command(
    "init",
    cls=Command,
    help=say(
        "Start a case: DIR with a commented company.yaml and an empty data folder. "
        "Nothing that exists is overwritten.\n\n"
        "\b\nExample:\n"
        '  salesdx init acme --name "Acme Ltd"',
        "Начать разбор: ПАПКА с пояснённым company.yaml и пустой папкой data. "
        "Существующее не перезаписывается.\n\n"
        "\b\nПример:\n"
        '  salesdx init romashka --name "ООО «Ромашка»"',
    ),
)
@click.argument("folder", metavar=say("DIR", "ПАПКА"), type=click.Path(path_type=Path))
@click.option(
    "--name",
    help=say(
        "Name of the company; default: the name of the folder.",
        "Название компании; иначе — имя папки.",
    ),
)
@options.lang()
def init(folder: Path, name: str | None) -> None:
    """Make the folder."""
    from salesdx.case import init_case

    path = init_case(folder, name or folder.resolve().name)
    click.echo(
        say(
            f"Made {path}. Next: fill it in, then `salesdx import {folder} FILE…` or "
            f"`salesdx interview {folder}`.",
            f"Создан {path}. Дальше: заполните его, затем `salesdx import {folder} "
            f"ФАЙЛ…` или `salesdx interview {folder}`.",
        )
    )


@click.command(
    "check",
    cls=Command,
    help=say(
        "What was read, what looks wrong, what is missing and what that costs in "
        "answers.\n\n"
        "\b\nExample:\n"
        "  salesdx check acme",
        "Что прочитано, что выглядит неверным, чего не хватает и каких ответов из-за "
        "этого не будет.\n\n"
        "\b\nПример:\n"
        "  salesdx check acme",
    ),
)
@options.analysing()
def check(case: Path, as_: str, overlays: tuple[Path, ...], executor: str) -> None:
    """Print the state of the data."""
    from salesdx.cli.running import run_analysis

    found = run_analysis(case, overlays, executor)
    document, tables = found.document, found.case.arrow
    if as_ == "json":
        keep = {"case", "data_quality", "not_checked", "next_questions"}
        data = document.model_dump(mode="json", by_alias=True, include=keep)
        print_json({"tables": {n: t.num_rows for n, t in tables.items()}, **data})
        return
    lang = language()
    click.echo(say("Read:", "Прочитано:"))
    rows = [(f"  {name}", str(t.num_rows)) for name, t in tables.items()]
    rows.append((say("  answers", "  ответы"), str(len(document.answers))))
    click.echo(table(rows, right=[1]))
    _section(
        say("Quality of the data:", "Качество данных:"),
        [
            f"[{_severity(q.severity)}] {q.title.in_(lang)} — {q.effect.in_(lang)}"
            for q in document.data_quality
        ],
    )
    _section(
        say("Could not be looked at:", "Проверить не удалось:"),
        _gaps(document.not_checked),
    )
    _section(
        say("Questions that would help most:", "Какие ответы помогут больше всего:"),
        [
            f"{n.title.in_(lang)} ({n.question}): {n.why.in_(lang)}"
            for n in document.next_questions
        ],
    )


def _gaps(rows: "Sequence[NotChecked]") -> list[str]:
    """One line a gap in the data, with all that it costs."""
    lang = language()
    costs: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        gap = (row.reason.in_(lang), row.supply.in_(lang))
        costs.setdefault(gap, []).append(row.title.in_(lang))
    told = say("would help", "поможет")
    return [
        f"{reason} ({told}: {supply}):\n      " + "\n      ".join(titles)
        for (reason, supply), titles in costs.items()
    ]


def _severity(word: str) -> str:
    words = {"info": "сведение", "warning": "внимание", "error": "ошибка"}
    return say(word, words[word])


def _section(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  - {line}")
