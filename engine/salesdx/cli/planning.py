"""`salesdx plan`: what to do, by whom, by when; and what became of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.plan_editing import editing, note
from salesdx.cli.plan_writing import Asked, Readers, files_asked, write_asked
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say
from salesdx.cli.worksheets import listed

if TYPE_CHECKING:
    from salesdx.render import Audience
    from salesdx.render.look import Look
    from salesdx.result import Kpi, PlanAction, PlanEdit, ResultDocument


@click.command(
    "plan",
    cls=Command,
    help=say(
        "The plan for 30, 60 and 90 days: actions in order, who does them, and which "
        "figure will show that they work. With --to it writes the plan for a calendar "
        "(ics), a task tracker (csv) or Excel (xlsx). With --worksheets it writes the "
        "forms that the actions need, filled from the case. With --edit it notes who "
        "does an action, by when, and when it was done: plan.yaml keeps that from run "
        "to run, and an empty value takes it back.\n\n"
        "\b\nExamples:\n"
        "  salesdx plan acme\n"
        "  salesdx plan acme --to ics,csv --out plan\n"
        "  salesdx plan acme --worksheets sheets --to pdf,docx\n"
        "  salesdx plan acme --edit weekly-monitoring --owner Anna --due 2026-09-01\n"
        "  salesdx plan acme --edit weekly-monitoring --done 2026-08-28",
        "План на 30, 60 и 90 дней: действия по порядку, кто их делает и по какому "
        "показателю видно, что они работают. С --to запишет план для календаря (ics), "
        "трекера задач (csv) или Excel (xlsx). С --worksheets запишет рабочие листы к "
        "этим действиям, заполненные по данным разбора. С --edit отметит, кто и к "
        "какому сроку делает и когда сделано: plan.yaml хранит это от разбора к "
        "разбору; пустое значение снимает отметку.\n\n"
        "\b\nПримеры:\n"
        "  salesdx plan romashka\n"
        "  salesdx plan romashka --to ics,csv --out план\n"
        "  salesdx plan romashka --worksheets листы --to pdf,docx\n"
        "  salesdx plan romashka --edit weekly-monitoring --owner Анна "
        "--due 2026-09-01\n"
        "  salesdx plan romashka --edit weekly-monitoring --done 2026-08-28",
    ),
)
@click.option(
    "--to",
    "formats",
    default="",
    metavar="ics,csv,xlsx,pdf,docx,html,md",
    help=say(
        "Formats, by commas: of the plan ics, csv, xlsx; of the worksheets pdf, docx, "
        "html, md (docx unless told).",
        "Форматы через запятую: плана — ics, csv, xlsx; рабочих листов — pdf, docx, "
        "html, md (если не указать, docx).",
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("DIR", "ПАПКА"),
    help=say(
        "Where to write the plan; default: CASE/reports. With --db it must be given.",
        "Куда писать план; иначе — РАЗБОР/reports. С --db указывать обязательно.",
    ),
)
@click.option(
    "--worksheets",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("DIR", "ПАПКА"),
    help=say(
        "Write the worksheets of the plan's actions into this folder.",
        "Записать в эту папку рабочие листы к действиям плана.",
    ),
)
@click.option(
    "--all",
    "every",
    is_flag=True,
    help=say(
        "Every worksheet, not only those of the plan.",
        "Все рабочие листы, а не только из плана.",
    ),
)
@options.audience()
@options.anonymise()
@editing()
@options.look()
@options.analysing()
def plan(
    case: Path,
    as_: str,
    overlays: tuple[Path, ...],
    executor: str,
    formats: str,
    out: Path | None,
    folder: Path | None,
    every: bool,
    look: Look,
    audience: Audience,
    anonymise: bool,
    action: str | None,
    **given: str | None,
) -> None:
    """Print the plan, or write it or its worksheets, or note of an action."""
    if note(case, action, given, overlays, as_):
        return
    asked = files_asked(case, listed(formats), out, Asked(folder, every))
    found = run_analysis(case, overlays, executor)
    readers = Readers(language(), audience, anonymise, look)
    if asked.formats or asked.sheets:
        paths = [str(p) for p in write_asked(found, asked, readers)]
        if as_ == "json":
            # what was here before the plan could be written, too
            print_json({"files" if asked.formats else "worksheets": paths})
        elif paths:
            click.echo("\n".join(paths))
        return
    document = readers.fit(found.document)
    if as_ == "json":
        keep = {"case", "plan", "past_actions", "blocked_actions"}
        print_json(document.model_dump(mode="json", by_alias=True, include=keep))
    else:
        _print(document)


def _print(document: ResultDocument) -> None:
    lang, currency = language(), document.case.currency
    if not document.plan:
        click.echo(
            say(
                "There is nothing to plan yet: no cause is likely.",
                "Планировать пока нечего: ни одна причина не подтвердилась.",
            )
        )
    for horizon in (30, 60, 90):
        actions = [a for a in document.plan if a.horizon == horizon]
        if actions:
            click.echo(say(f"\nWithin {horizon} days", f"\nЗа {horizon} дней"))
        for one in actions:
            _print_action(one, currency)
    if document.past_actions:
        click.echo(say("\nNot in the plan any more:", "\nУже не в плане:"))
        for past in document.past_actions:
            told = ", ".join([past.title.in_(lang), *_noted(past.edit)])
            click.echo(f"  - {told}  [{past.id}]")
    if document.blocked_actions:
        click.echo(say("\nNot yet:", "\nПока не делать:"))
        for blocked in document.blocked_actions:
            title, why = blocked.title.in_(lang), blocked.because.in_(lang)
            click.echo(f"  - {title}: {why}")


def _print_action(action: PlanAction, currency: str) -> None:
    from salesdx.render.texts import Labels

    lang = language()
    until = action.start_day + action.days
    when = say(f"day {action.start_day} to {until}", f"день {action.start_day}–{until}")
    rhythm = Labels(lang).code("repeat", action.repeat) if action.repeat else ""
    told = [action.owner_title.in_(lang), when]
    if action.edit is not None:
        owner = action.edit.owner or told[0]
        planned = [] if action.edit.due else [when]
        told = [owner, *planned, *_noted(action.edit, owner=False)]
    about = ", ".join([*told, *filter(None, [rhythm])])
    click.echo(f"  * {action.title.in_(lang)} ({about})  [{action.id}]")
    for number, step in enumerate(action.steps, 1):
        click.echo(f"      {number}. {step.in_(lang)}")
    if action.kpi is not None:
        click.echo(f"      {_kpi(action.kpi, currency)}")
    if action.worksheet_title is not None:
        title = action.worksheet_title.in_(lang)
        click.echo(say(f"      Worksheet: {title}", f"      Рабочий лист: {title}"))


def _noted(edit: PlanEdit, *, owner: bool = True) -> list[str]:
    """What people set, in words."""
    from salesdx.language import date

    lang = language()

    def told(day: str | None) -> str:
        return date(dt.date.fromisoformat(day), lang) if day else ""

    due, done = told(edit.due), told(edit.done)
    words = [
        edit.owner if owner else "",
        say(f"due {due}", f"срок {due}") if due else "",
        say(f"done {done}", f"сделано {done}") if done else "",
        say("overdue", "срок прошёл") if edit.state == "overdue" else "",
        say(f"will not be done: {edit.dropped}", f"решили не делать: {edit.dropped}")
        if edit.dropped else "",
        " ".join(edit.note.split()),
    ]  # fmt: skip
    return [w for w in words if w]


def _kpi(kpi: Kpi, currency: str) -> str:
    from salesdx.language import quantity

    lang = language()

    def told(value: float | None) -> str:
        return "?" if value is None else quantity(value, kpi.unit, lang, currency)

    return say(
        f"Look on day {kpi.check_day}: {kpi.title.en}, now {told(kpi.now)}, "
        f"target {told(kpi.target)}",
        f"Проверить на {kpi.check_day}-й день: {kpi.title.ru}, сейчас "
        f"{told(kpi.now)}, цель {told(kpi.target)}",
    )
