"""`salesdx import`: bring CRM exports into a case, after showing how they are read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.checkout import shown
from salesdx.cli.commands import Command
from salesdx.cli.output import percent, print_json
from salesdx.cli.wording import say
from salesdx.crm.kinds import CRMS, Crm
from salesdx.errors import UsageError

if TYPE_CHECKING:
    from salesdx.crm.importing import ImportPlan
    from salesdx.crm.mapping import Mapping

_SAVE = "--save-map"
_IN_CASE = ""  # stands for CASE/mapping.yaml


class ImportCommand(Command):
    """`--save-map` may stand alone: a file that is no YAML after it is an input."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give a lone `--save-map` its value before click looks for one."""
        found: list[str] = []
        for word, after in zip(args, [*args[1:], ""], strict=True):
            alone = word == _SAVE and not is_mapping(after)
            found += [f"{_SAVE}={_IN_CASE}"] if alone else [word]
        return super().parse_args(ctx, found)


def is_mapping(name: str) -> bool:
    """Whether a file name is that of a mapping."""
    return Path(name).suffix.lower() in {".yaml", ".yml"}


@click.command(
    "import",
    cls=ImportCommand,
    help=say(
        "Bring exports into a case. Columns are recognised, shown and confirmed; "
        "what only you can know is asked. Nothing is written before you agree. "
        "Importing a file twice changes nothing.\n\n"
        "What you confirmed is kept in CASE/mapping.yaml, and the next export is read "
        "by it, under any name; --no-map looks at the files anew.\n\n"
        "\b\nExamples:\n"
        "  salesdx import acme deals.csv contacts.xlsx\n"
        "  salesdx import acme deals.csv --save-map acme/map.yaml\n"
        "  salesdx import acme deals.csv --map acme/map.yaml --yes\n"
        "  salesdx import acme postgres://reader@host/crm --table deals",
        "Загрузить выгрузки в разбор. Колонки распознаются и показываются; о том, что "
        "знаете только вы, программа спросит. Без вашего согласия ничего не "
        "записывается. Повторная загрузка того же файла ничего не меняет.\n\n"
        "Подтверждённое соответствие колонок хранится в РАЗБОР/mapping.yaml: следующая "
        "выгрузка прочитается по нему, как бы ни назывался файл. С ключом --no-map "
        "файлы смотрятся заново.\n\n"
        "\b\nПримеры:\n"
        "  salesdx import romashka сделки.csv контакты.xlsx\n"
        "  salesdx import romashka сделки.csv --save-map romashka/map.yaml\n"
        "  salesdx import romashka сделки.csv --map romashka/map.yaml --yes\n"
        "  salesdx import romashka postgres://reader@host/crm --table deals",
    ),
)
@options.case_argument()
@click.argument(
    "files",
    metavar=say("FILE|URL…", "ФАЙЛ|URL…"),
    nargs=-1,
    required=True,
)
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar=say("NAME", "ИМЯ"),
    help=say(
        "A table of the database at URL; may be repeated.",
        "Таблица базы по адресу URL; можно повторять.",
    ),
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
    help=say(
        "Use this mapping, not CASE/mapping.yaml.",
        "Взять это соответствие колонок, а не РАЗБОР/mapping.yaml.",
    ),
)
@click.option(
    "--no-map",
    is_flag=True,
    help=say(
        "Recognise the files anew, without CASE/mapping.yaml.",
        "Распознать файлы заново, без РАЗБОР/mapping.yaml.",
    ),
)
@click.option(
    _SAVE,
    metavar=say("[FILE.yaml]", "[ФАЙЛ.yaml]"),
    help=say(
        "Save the mapping before importing, to edit it; alone: CASE/mapping.yaml.",
        "Сохранить соответствие ещё до загрузки, чтобы поправить; без имени файла — "
        "в РАЗБОР/mapping.yaml.",
    ),
)
@click.option(
    "--yes",
    is_flag=True,
    help=say(
        "Do not ask: doubts are settled by default, and told.",
        "Не спрашивать: сомнения решаются по умолчанию и перечисляются.",
    ),
)
@options.output_format()
@options.lang()
def import_(
    case: Path,
    files: tuple[str, ...],
    tables: tuple[str, ...],
    crm: Crm,
    map_: Path | None,
    no_map: bool,
    save_map: str | None,
    yes: bool,
    as_: str,
) -> None:
    """Propose, ask, import, account for every row."""
    from salesdx.cli.import_asking import agreed, ask_all, typed_line
    from salesdx.cli.import_showing import proposal, report_text, unanswered
    from salesdx.crm.answering import by_default
    from salesdx.crm.importing import load_mapping, plan_import, run_import
    from salesdx.crm.keeping import kept_mapping, kept_path, save_mapping
    from salesdx.crm.opening import opened
    from salesdx.crm.unusable_files import unrecognised

    target = _target(case, save_map)
    someone = sys.stdin.isatty() and not yes
    with percent(say("Reading", "Читаем")) as progress:
        kept = kept_mapping(case)
        mapping = load_mapping(map_) if map_ else None if no_map else kept
        sources = opened(files, tables)
        plan = plan_import(case, sources, crm, mapping, ask=someone, progress=progress)
    if map_ is None and any(s.known_as for s in plan.seen):
        click.echo(_by_kept(case), err=True)
    plan = by_default(plan) if yes else plan
    if as_ == "text" or someone:
        click.echo(proposal(plan), err=as_ == "json")
    if someone:
        answered = ask_all(plan, typed_line)
        if answered is None:
            click.echo(_nothing(), err=True)
            return
        if plan.questions:
            click.echo(proposal(answered), err=as_ == "json")
        plan = answered
        if not any(f.tables or f.form for f in plan.mapping.files):
            raise unrecognised(sources)
    if target:
        in_case = target == kept_path(case)
        save_mapping(target, _to_keep(kept, plan) if in_case else plan.mapping)
        where = shown(target)
        click.echo(say(f"Saved: {where}", f"Сохранено: {where}"), err=True)
    if not yes and not someone:
        if as_ == "json":
            print_json({"plan": plan.model_dump(mode="json")})
        else:
            click.echo(unanswered(plan))
        raise UsageError(_unasked(plan))
    if not (yes or agreed(typed_line)):
        click.echo(_nothing(), err=True)
        return
    with percent(say("Importing", "Загружаем")) as progress:
        report = run_import(plan, progress=progress)
    save_mapping(kept_path(case), _to_keep(kept, plan))
    if as_ == "json":
        used = plan.model_dump(mode="json")
        print_json(report.model_dump(mode="json") | {"plan": used})
    else:
        click.echo(report_text(report))


def _target(case: Path, save_map: str | None) -> Path | None:
    """Where to save the mapping before importing, if at all."""
    from salesdx.crm.keeping import kept_path

    if save_map is None:
        return None
    if save_map == _IN_CASE:
        return kept_path(case)
    if not is_mapping(save_map):
        raise UsageError(
            say(
                f"--save-map writes a .yaml file, not {save_map}",
                f"--save-map пишет файл .yaml, а не {save_map}",
            )
        )
    return Path(save_map)


def _to_keep(kept: Mapping | None, plan: ImportPlan) -> Mapping:
    """What the case keeps: this mapping, and the maps of other files."""
    from salesdx.crm.keeping import merged

    replaced = {s.file: s.known_as for s in plan.seen if s.known_as}
    return merged(kept, plan.mapping, replaced)


def _by_kept(case: Path) -> str:
    from salesdx.crm.keeping import kept_path

    path = shown(kept_path(case))
    return say(
        f"Read by {path}, as confirmed before; --no-map looks anew.",
        f"Читаем по {path}, как подтвердили раньше; заново — с ключом --no-map.",
    )


def _nothing() -> str:
    return say("Nothing was written.", "Ничего не записано.")


def _unasked(plan: ImportPlan) -> str:
    count = len(plan.questions)
    doubts = (
        say(f" There are questions: {count}.", f" Вопросов: {count}.") if count else ""
    )
    return say(
        f"nothing was written: there is no one to ask.{doubts} Agree with --yes, or "
        "correct the mapping with --save-map and --map.",
        f"ничего не записано: спросить некого.{doubts} Согласитесь ключом --yes или "
        "поправьте соответствие через --save-map и --map.",
    )
