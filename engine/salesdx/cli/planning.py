"""`salesdx plan`: what to do, by whom, by when; and what became of it."""

import datetime as dt
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.plan_editing import editing, note
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say
from salesdx.cli.worksheets import DEFAULT, listed, write_worksheets
from salesdx.errors import UsageError
from salesdx.language import date, quantity
from salesdx.render.look import Look
from salesdx.result import Kpi, PlanAction, PlanEdit


@click.command(
    "plan",
    cls=Command,
    help=say(
        "The plan for 30, 60 and 90 days: actions in order, who does them, and which "
        "figure will show that they work. With --worksheets it writes the forms "
        "that the actions need, filled from the case. With --edit it notes who does an "
        "action, by when, and when it was done: plan.yaml keeps that from run to run, "
        "and an empty value takes it back.\n\n"
        "\b\nExamples:\n"
        "  salesdx plan acme\n"
        "  salesdx plan acme --worksheets sheets --to docx,html\n"
        "  salesdx plan acme --edit weekly-monitoring --owner Anna --due 2026-09-01\n"
        "  salesdx plan acme --edit weekly-monitoring --done 2026-08-28",
        "План на 30, 60 и 90 дней: действия по порядку, кто их делает и по какому "
        "показателю видно, что они работают. С --worksheets запишет рабочие листы к "
        "этим действиям, заполненные по данным разбора. С --edit отметит, кто и к "
        "какому сроку делает и когда сделано: plan.yaml хранит это от разбора к "
        "разбору; пустое значение снимает отметку.\n\n"
        "\b\nПримеры:\n"
        "  salesdx plan romashka\n"
        "  salesdx plan romashka --worksheets листы --to docx,html\n"
        "  salesdx plan romashka --edit weekly-monitoring --owner Анна "
        "--due 2026-09-01\n"
        "  salesdx plan romashka --edit weekly-monitoring --done 2026-08-28",
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
    "--to",
    "formats",
    default=DEFAULT,
    show_default=True,
    metavar="docx,html,md",
    help=say("Formats of the worksheets.", "Форматы рабочих листов."),
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
@editing()
@options.look()
@options.analysing()
def plan(
    case: Path,
    as_: str,
    overlays: tuple[Path, ...],
    executor: str,
    folder: Path | None,
    formats: str,
    every: bool,
    look: Look,
    action: str | None,
    **given: str | None,
) -> None:
    """Print the plan, or write its worksheets, or note what became of an action."""
    if note(case, action, given, overlays, as_):
        return
    if every and folder is None:
        raise UsageError(say("--all needs --worksheets", "--all нужен --worksheets"))
    found = run_analysis(case, overlays, executor)
    if folder is not None:
        written = write_worksheets(
            found, listed(formats), language(), folder, every, look=look
        )
        paths = [str(p) for p in written]
        if as_ == "json":
            print_json({"worksheets": paths})
        else:
            click.echo("\n".join(paths))
        return
    document = found.document
    if as_ == "json":
        keep = {"case", "plan", "past_actions", "blocked_actions"}
        print_json(document.model_dump(mode="json", by_alias=True, include=keep))
        return
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
    lang = language()
    until = action.start_day + action.days
    when = say(f"day {action.start_day} to {until}", f"день {action.start_day}–{until}")
    told = [action.owner_title.in_(lang), when]
    if action.edit is not None:
        owner = action.edit.owner or told[0]
        planned = [] if action.edit.due else [when]
        told = [owner, *planned, *_noted(action.edit, owner=False)]
    click.echo(f"  * {action.title.in_(lang)} ({', '.join(told)})  [{action.id}]")
    for number, step in enumerate(action.steps, 1):
        click.echo(f"      {number}. {step.in_(lang)}")
    if action.kpi is not None:
        click.echo(f"      {_kpi(action.kpi, currency)}")
    if action.worksheet_title is not None:
        title = action.worksheet_title.in_(lang)
        click.echo(say(f"      Worksheet: {title}", f"      Рабочий лист: {title}"))


def _noted(edit: PlanEdit, *, owner: bool = True) -> list[str]:
    """What people set, in words."""
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
    lang = language()

    def told(value: float | None) -> str:
        return "?" if value is None else quantity(value, kpi.unit, lang, currency)

    return say(
        f"Look on day {kpi.check_day}: {kpi.title.en}, now {told(kpi.now)}, "
        f"target {told(kpi.target)}",
        f"Проверить на {kpi.check_day}-й день: {kpi.title.ru}, сейчас "
        f"{told(kpi.now)}, цель {told(kpi.target)}",
    )
