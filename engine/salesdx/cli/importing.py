"""`salesdx import`: bring CRM exports into a case, after showing how they are read."""

import sys
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import percent, print_json, table
from salesdx.cli.wording import language, say
from salesdx.crm.importing import (
    ImportPlan,
    ImportReport,
    load_mapping,
    plan_import,
    run_import,
)
from salesdx.crm.kinds import Crm
from salesdx.errors import UsageError

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
    with percent(say("Reading", "Читаем")) as progress:
        mapping = load_mapping(map_) if map_ else None
        plan = plan_import(case, files, crm, mapping, progress=progress)
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
    with percent(say("Importing", "Загружаем")) as progress:
        report = run_import(plan, progress=progress)
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
            f"  {c.file}", c.header, f"-> {c.table}.{c.column}",
            f"{c.confidence:.0%}", c.sample or "",
        )
        for c in plan.columns
    ]  # fmt: skip
    lines.append(table(rows, right=[3]))
    for file, headers in plan.dropped.items():
        told = say("left out, personal or technical", "не берём, личное или служебное")
        lines.append(f"  {file}: {told}: {', '.join(headers)}")
    for name in plan.unused:
        lines.append(f"  {name}: " + say("not recognised", "не распознан"))
    lines += [f"  {a.file}: {a.text.in_(language())}" for a in plan.advice]
    if plan.questions:
        lines.append(say("Please look:", "Посмотрите, пожалуйста:"))
        lines += [f"  ? {q.text.in_(language())}" for q in plan.questions]
    return "\n".join(lines)


def _report(report: ImportReport) -> str:
    rows = [
        (
            f"  {f.file}",
            f"-> {f.table}",
            say(f"{f.rows_in} rows", f"строк {f.rows_in}"),
            say(f"{f.accepted} taken", f"принято {f.accepted}"),
            say(f"{f.rejected} rejected", f"отклонено {f.rejected}"),
            str(f.rejects_file or ""),
        )
        for f in report.files
    ]
    lines = [table(rows)]
    lines += [f"  {t.path}: {t.rows_before} -> {t.rows_after}" for t in report.tables]
    return "\n".join(lines)
