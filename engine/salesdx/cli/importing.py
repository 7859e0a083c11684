"""`salesdx import`: bring CRM exports into a case, after showing how they are read."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, table, working
from salesdx.cli.wording import language, say
from salesdx.crm.import_report import FileReport
from salesdx.crm.importing import (
    ImportPlan,
    ImportReport,
    load_mapping,
    plan_import,
    run_import,
)
from salesdx.crm.kinds import Crm
from salesdx.errors import UsageError, visible

_WIDE = 60  # characters of a name or a cell

CRMS = (
    "auto", "amocrm", "bitrix24", "hubspot", "pipedrive", "salesforce", "odoo", "zoho",
    "table",
)  # fmt: skip


@click.command(
    "import",
    cls=Command,
    help=say(
        "Bring exports into a case. Columns are recognised, shown and confirmed; "
        "nothing is written before you agree. Importing a file twice changes "
        "nothing.\n\n"
        "\b\nExamples:\n"
        "  salesdx import acme deals.csv contacts.xlsx\n"
        "  salesdx import acme deals.csv --save-map acme/map.yaml\n"
        "  salesdx import acme deals.csv --map acme/map.yaml --yes",
        "Загрузить выгрузки в разбор. Колонки распознаются и показываются; без вашего "
        "согласия ничего не записывается. Повторная загрузка того же файла ничего не "
        "меняет.\n\n"
        "\b\nПримеры:\n"
        "  salesdx import romashka сделки.csv контакты.xlsx\n"
        "  salesdx import romashka сделки.csv --save-map romashka/map.yaml\n"
        "  salesdx import romashka сделки.csv --map romashka/map.yaml --yes",
    ),
)
@options.case_argument()
@click.argument(
    "files",
    metavar=say("FILE…", "ФАЙЛ…"),
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--crm",
    type=click.Choice(CRMS),
    default="auto",
    show_default=True,
    help=say(
        "Where the export comes from; table: our own column names.",
        "Откуда выгрузка; table — наши имена колонок.",
    ),
)
@click.option(
    "--map",
    "map_",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=say("FILE", "ФАЙЛ"),
    help=say("Use a saved mapping.", "Взять сохранённое соответствие колонок."),
)
@click.option(
    "--save-map",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=say("FILE", "ФАЙЛ"),
    help=say(
        "Save the mapping to edit or to use again.",
        "Сохранить соответствие, чтобы поправить или применить снова.",
    ),
)
@click.option(
    "--yes",
    is_flag=True,
    help=say("Do not ask.", "Не спрашивать."),
)
@options.output_format()
@options.lang()
def import_(
    case: Path,
    files: tuple[Path, ...],
    crm: Crm,
    map_: Path | None,
    save_map: Path | None,
    yes: bool,
    as_: str,
) -> None:
    """Propose, ask, import, account for every row."""
    with working(say("Reading…", "Читаем…")):
        mapping = load_mapping(map_) if map_ else None
        plan = plan_import(case, files, crm, mapping)
    if as_ == "text" or not yes:
        click.echo(_proposal(plan), err=as_ == "json")
    if save_map:
        save_map.write_text(plan.mapping.to_yaml(), encoding="utf-8")
        click.echo(say(f"Saved: {save_map}", f"Сохранено: {save_map}"), err=True)
    if not yes and not sys.stdin.isatty():
        raise UsageError(_unasked())
    if not (yes or _agreed()):
        click.echo(say("Nothing was written.", "Ничего не записано."), err=True)
        return
    with working(say("Importing…", "Загружаем…")):
        report = run_import(plan)
    if as_ == "json":
        print_json(report.model_dump(mode="json"))
    else:
        click.echo(_report(report))


def _agreed() -> bool:
    told = say("Import like this? [y/N] ", "Загрузить так? [д/Н] ")
    click.echo(told, nl=False, err=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes", "д", "да"}


def _unasked() -> str:
    return say(
        "nothing was written: there is no one to ask. Agree with --yes, or correct "
        "the mapping with --save-map and --map.",
        "ничего не записано: спросить некого. Согласитесь ключом --yes или поправьте "
        "соответствие через --save-map и --map.",
    )


def _proposal(plan: ImportPlan) -> str:
    lines = [say(f"Format: {plan.crm}", f"Формат: {plan.crm}")]
    rows = [
        (
            f"  {_shown(c.file)}", _shown(c.header), f"-> {c.table}.{c.column}",
            f"{c.confidence:.0%}", _shown(c.sample or ""),
        )
        for c in plan.columns
    ]  # fmt: skip
    lines.append(table(rows, right=[3]))
    for file, headers in plan.dropped.items():
        told = say("left out, personal or technical", "не берём, личное или служебное")
        shown = ", ".join(map(_shown, headers))
        lines.append(f"  {_shown(file)}: {told}: {shown}")
    for name in plan.unused:
        lines.append(f"  {_shown(name)}: " + say("not recognised", "не распознан"))
    lines += [
        f"  {_shown(a.file)}: {visible(a.text.in_(language()))}" for a in plan.advice
    ]
    if plan.questions:
        lines.append(say("Please look:", "Посмотрите, пожалуйста:"))
        lines += [f"  ? {visible(q.text.in_(language()))}" for q in plan.questions]
    return "\n".join(lines)


def _left_out(file: FileReport) -> Iterator[str]:
    """Cells of accepted rows that are not taken, so that nobody misses them later."""
    for note in file.notes:
        where = f"  {_shown(file.file)}, {note.table}"
        told = note.params
        if note.id == "unreadable-values":
            shown = visible(str(told["examples"]))
            yield say(
                f"{where}.{told['column']}: {told['count']} cells cannot be read and"
                f" stay empty (row: value): {shown}",
                f"{where}.{told['column']}: не прочитано и оставлено пустым, ячеек:"
                f" {told['count']} (строка: значение): {shown}",
            )
        elif note.id == "mixed-currencies":
            yield say(
                f"{where}: amounts in several currencies ({told['examples']}); only"
                f" {told['currency']} is counted, {told['dropped']} rows stay without"
                " an amount",
                f"{where}: суммы в разных валютах ({told['examples']}); считаем только"
                f" {told['currency']}, без суммы останутся строки: {told['dropped']}",
            )


def _shown(text: str) -> str:
    """A name or a cell of a stranger's file, on one line and not too long."""
    told = visible(text)
    return told if len(told) <= _WIDE else f"{told[: _WIDE - 1]}…"


def _report(report: ImportReport) -> str:
    rows = [
        (
            f"  {_shown(f.file)}",
            f"-> {f.table}",
            say(f"{f.rows_in} rows", f"строк {f.rows_in}"),
            say(f"{f.accepted} taken", f"принято {f.accepted}"),
            say(f"{f.rejected} rejected", f"отклонено {f.rejected}"),
            str(f.rejects_file or ""),
        )
        for f in report.files
    ]
    lines = [table(rows)]
    lines += [line for f in report.files for line in _left_out(f)]
    lines += [f"  {t.path}: {t.rows_before} -> {t.rows_after}" for t in report.tables]
    return "\n".join(lines)
