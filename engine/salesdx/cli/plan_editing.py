"""`salesdx plan CASE --edit ACTION`: note what became of an action, without a run."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from salesdx.cli.checkout import shown
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])
_FIELDS = ("owner", "start", "due", "done", "note", "dropped")


def editing() -> Callable[[F], F]:
    """--edit and what it may set; a date is ISO, an empty value takes one back."""
    day = say("DATE", "ДАТА")
    text = say("TEXT", "ТЕКСТ")
    rows = [
        ("--edit", "action", say("ACTION", "ДЕЙСТВИЕ"),
         say("The action to note something of, by its id in the plan.",
             "Какое действие отмечаем: его код из плана.")),
        ("--owner", "owner", text, say("Who does it.", "Кто делает.")),
        ("--start", "start", day, say("When it starts.", "Когда начинаем.")),
        ("--due", "due", day, say("By when.", "К какому сроку.")),
        ("--done", "done", day, say("When it was done.", "Когда сделано.")),
        ("--note", "note", text, say("A note.", "Заметка.")),
        ("--drop", "dropped", text,
         say("Why it will not be done.", "Почему решили не делать.")),
    ]  # fmt: skip

    def decorate(function: F) -> F:
        for flag, name, metavar, told in reversed(rows):
            function = click.option(flag, name, metavar=metavar, help=told)(function)
        return function

    return decorate


def note(
    case: Path, action: str | None, given: Mapping[str, str | None],
    overlays: Sequence[Path], as_: str,
) -> bool:  # fmt: skip
    """Write what was given into plan.yaml and say so; False where nothing was asked."""
    changes = {n: given[n] for n in _FIELDS if given[n] is not None}
    if action is None:
        if changes:
            raise UsageError(say(
                "say which action: --edit ACTION", "укажите действие: --edit ДЕЙСТВИЕ"
            ))  # fmt: skip
        return False
    if not changes:
        raise UsageError(say(
            "say what to note: --owner, --start, --due, --done, --note or --drop",
            "укажите, что отметить: --owner, --start, --due, --done, --note или --drop",
        ))  # fmt: skip
    from salesdx.case import load_company
    from salesdx.knowledge.load import load
    from salesdx.knowledge.own import own_knowledge
    from salesdx.plan_edits import edit_file
    from salesdx.plan_edits.keeping import NAME, existing

    company = load_company(case)
    knowledge = load([*own_knowledge(case, company), *overlays])
    path = case / NAME
    _known(action, {*knowledge.remedies, *existing(path).actions})
    today = dt.date.today()  # noqa: DTZ011 - the day of whoever types it
    file = edit_file(path, action, as_of=company.as_of, today=today, **changes)
    if as_ == "json":
        print_json(file.model_dump(mode="json", exclude_none=True))
        return True
    remedy = knowledge.remedies.get(action)
    title = remedy.title.in_(language()) if remedy else action
    click.echo(say(f"Noted: {title}", f"Отмечено: {title}"))
    click.echo(say(f"Written: {shown(path)}", f"Записано: {shown(path)}"), err=True)
    return True


def _known(action: str, known: set[str]) -> None:
    from salesdx.content import did_you_mean
    from salesdx.errors import Said, hinted

    if action not in known:
        what = Said(f"there is no action {action!r}", f"нет действия «{action}»")
        raise UsageError(hinted(what, did_you_mean(action, known)))
