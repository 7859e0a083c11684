"""`salesdx batch`: many companies at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.wording import say
from salesdx.cli.worksheets import listed

if TYPE_CHECKING:
    from salesdx.render.look import Look


@click.command(
    "batch",
    cls=Command,
    help=say(
        "Judge many companies at once: a table of facts (Parquet or CSV, a row a "
        "company), or case folders. Writes result.parquet and, up to 100,000 "
        "companies, result.csv; rejects.csv with what could not be read and why; and "
        "a report on the whole portfolio. A run that was interrupted goes on where it "
        "stopped when the command is repeated.\n\n"
        "\b\nExamples:\n"
        "  salesdx batch tenants.parquet --out result\n"
        "  salesdx batch clients --out result --to html,pdf\n"
        "  salesdx batch tenants.parquet --explain shop-17\n"
        "  salesdx batch tenants.parquet --out /mnt/shared/result --engine spark "
        "--master spark://host:7077",
        "Разобрать сразу много компаний: таблицу фактов (Parquet или CSV, строка на "
        "компанию) или папки разборов. Пишет result.parquet, а до 100 000 компаний — "
        "и result.csv; rejects.csv — что не удалось прочитать и почему; и отчёт по "
        "всему портфелю. Прерванный запуск продолжится с того же места: просто "
        "повторите команду.\n\n"
        "\b\nПримеры:\n"
        "  salesdx batch арендаторы.parquet --out итог\n"
        "  salesdx batch клиенты --out итог --to html,pdf\n"
        "  salesdx batch арендаторы.parquet --explain shop-17\n"
        "  salesdx batch арендаторы.parquet --out /mnt/shared/итог --engine spark "
        "--master spark://host:7077",
    ),
)
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar=say("TABLE|CASE…", "ТАБЛИЦА|РАЗБОР…"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("DIR", "ПАПКА"),
    help=say(
        "Where to write; only --explain does without.",
        "Куда писать; без него обходится только --explain.",
    ),
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help=say(
        "duckdb: this machine; spark: a cluster (salesdx[spark] and Java 17). The "
        "result is the same to the byte.",
        "duckdb — эта машина; spark — кластер (нужны salesdx[spark] и Java 17). "
        "Результат совпадает до байта.",
    ),
)
@options.master()
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar=say("N", "N"),
    help=say(
        "How many processes on this machine; default: one a core. Each takes about "
        "a gigabyte on a large table.",
        "Сколько процессов на этой машине; иначе — по числу ядер. На большой таблице "
        "каждому нужен примерно гигабайт памяти.",
    ),
)
@click.option(
    "--to",
    "formats",
    default="html",
    show_default=True,
    metavar="html,pdf,docx,xlsx,md,json",
    help=say(
        "Formats of the portfolio report, by commas.",
        "Форматы отчёта по портфелю через запятую.",
    ),
)
@click.option(
    "--csv/--no-csv",
    "as_csv",
    default=None,
    help=say(
        "result.csv beside result.parquet, or not; default: up to 100,000 companies.",
        "Писать ли result.csv рядом с result.parquet; иначе — до 100 000 компаний.",
    ),
)
@click.option(
    "--rules",
    is_flag=True,
    help=say(
        "Of a table: also rules.parquet, which rule fired where.",
        "Для таблицы: записать и rules.parquet — какое правило где сработало.",
    ),
)
@click.option(
    "--explain",
    metavar="ID",
    help=say(
        "Print the whole diagnosis of one company, and write nothing.",
        "Напечатать полный разбор одной компании и ничего не записывать.",
    ),
)
@click.option(
    "--ignore",
    multiple=True,
    metavar=say("COLUMN", "КОЛОНКА"),
    help=say(
        "A column of the table to leave aside; may be repeated.",
        "Не читать эту колонку таблицы; можно повторять.",
    ),
)
@click.option(
    "--fresh",
    is_flag=True,
    help=say(
        "Begin anew, whatever an earlier run has left.",
        "Начать заново, даже если прошлый запуск что-то оставил.",
    ),
)
@click.option("--chunk-rows", type=click.IntRange(min=1), hidden=True)
@options.overlays()
@options.look()
@options.lang()
@options.output_format()
def batch(
    sources: tuple[Path, ...],
    out: Path | None,
    engine: Literal["duckdb", "spark"],
    master: str,
    jobs: int | None,
    formats: str,
    as_csv: bool | None,
    rules: bool,
    explain: str | None,
    ignore: tuple[str, ...],
    fresh: bool,
    chunk_rows: int | None,
    overlays: tuple[Path, ...],
    look: Look,
    as_: Literal["text", "json"],
) -> None:
    """Judge, and print what came of it."""
    from salesdx.portfolio.pool import ONE_THREAD

    os.environ.update(ONE_THREAD)  # read when NumPy is loaded, with what comes next
    from salesdx.cli.batch_running import Asked, explained, run

    asked = Asked(
        sources, out, engine, master, jobs, tuple(listed(formats)), as_csv, rules,
        ignore, fresh, chunk_rows, overlays, look,
    )  # fmt: skip
    if explain is not None:
        explained(asked, explain, as_)
    else:
        run(asked, as_)
