"""`salesdx move-interview`: from the questions an interview was begun with to today's.

A command of its own: it asks nothing, and it may speak of several respondents at once,
while `interview` is a talk with one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say

if TYPE_CHECKING:
    from salesdx.answers.carried import Carried
    from salesdx.interview.moving import Preview
    from salesdx.knowledge.base import KnowledgeBase

SHOWN = 20  # titles of new questions


@click.command(
    "move-interview",
    cls=Command,
    help=say(
        "Show what becomes of begun interviews with today's questions: what is kept, "
        "what must be confirmed, what is not taken over, what is new. With --yes each "
        "is continued in a new interview; the former one stays as it is.\n\n"
        "\b\nExamples:\n"
        "  salesdx move-interview acme\n"
        "  salesdx move-interview acme --by owner --yes",
        "Показать, что станет с начатыми интервью на нынешних вопросах: что останется, "
        "что надо подтвердить, что не переносится и что появилось. С ключом --yes "
        "каждое продолжится в новом интервью, прежнее останется как есть.\n\n"
        "\b\nПримеры:\n"
        "  salesdx move-interview romashka\n"
        "  salesdx move-interview romashka --by owner --yes",
    ),
)
@options.case_argument()
@click.option(
    "--by",
    metavar=say("NAME", "ИМЯ"),
    help=say(
        "Only the interviews of this respondent.", "Только интервью этого респондента."
    ),
)
@click.option(
    "--yes",
    is_flag=True,
    help=say("Move them; nothing is asked.", "Перевести, ничего не спрашивая."),
)
@options.output_format()
@options.lang()
@options.overlays()
def move_interview(
    case: Path, by: str | None, yes: bool, as_: str, overlays: tuple[Path, ...]
) -> None:
    """Preview, or move, all interviews on other questions than today's."""
    from salesdx.case import load_company
    from salesdx.knowledge.load import load
    from salesdx.knowledge.own import own_knowledge

    company = load_company(case)
    knowledge = load([*own_knowledge(case, company), *overlays])
    shown = _previews(case, by, knowledge)
    done = _move(case, shown, knowledge) if yes else []
    if as_ == "json":
        print_json([
            _data(p, knowledge, company.currency, name)
            for p, name in zip(shown, done or [""] * len(shown), strict=True)
        ])  # fmt: skip
        return
    if not shown:
        click.echo(
            say(
                "All interviews are on today's questions: nothing to move.",
                "Все интервью идут по нынешним вопросам: переводить нечего.",
            )
        )
        return
    for one in shown:
        _print(one, knowledge, company.currency)
    if yes:
        _done(case, shown, overlays)
    else:
        click.echo(
            say(
                "\nNothing has been written. To move: add --yes",
                "\nПока ничего не записано. Чтобы перевести, добавьте --yes",
            )
        )


def _previews(
    case: Path, by: str | None, knowledge: "KnowledgeBase"
) -> list["Preview"]:
    from salesdx.case import load_company
    from salesdx.cli.checkout import answers_of, pins_of
    from salesdx.errors import Said, UsageError, hinted
    from salesdx.interview.moving import outdated, preview

    company = load_company(case)
    file, pins = answers_of(case, company).file(), pins_of(case)
    people = {**company.respondents}
    people |= file.respondents
    known = sorted({t.by for t in file.interviews})
    if by is not None and by not in known:
        what = Said(f"{by!r} has no interview here", f"интервью «{by}» здесь нет")
        hint = Said(", ".join(known), ", ".join(known))
        raise UsageError(hinted(what, hint))
    return [
        preview(
            file, talk, knowledge, pins, sales_model=company.sales_model,
            role=people[talk.by].role if talk.by in people else talk.by,
        )
        for talk in outdated(file, knowledge)
        if by in (None, talk.by)
    ]  # fmt: skip


def _move(
    case: Path, shown: Sequence["Preview"], knowledge: "KnowledgeBase"
) -> list[str]:
    """Write the new interviews; returns their ids."""
    import secrets

    from salesdx.case import load_company
    from salesdx.cli.checkout import answers_of, pins_of
    from salesdx.conversation.sitting import now
    from salesdx.interview.moving import moved

    store, started = answers_of(case, load_company(case)), now()
    names = []
    for one in shown:
        name = f"{one.talk.by}-{secrets.token_hex(4)}"
        talk, copies = moved(one, knowledge, name=name, started=started)
        pins_of(case).keep(knowledge.pinned)
        store.append(copies, interview=talk)
        names.append(name)
    return names


def _print(shown: "Preview", knowledge: "KnowledgeBase", currency: str) -> None:
    talk, today = shown.talk, knowledge.pinned
    begun = say(f", begun {talk.started[:10]}", f", начато {talk.started[:10]}")
    if talk.questionnaire == today.version:
        versions = say(
            f"the questions have changed within {today.version}",
            f"вопросы изменились в пределах версии {today.version}",
        )
    else:
        arrow = f"{talk.questionnaire} → {today.version}"
        versions = say(f"questions {arrow}", f"вопросы {arrow}")
    click.echo(
        f"\n{talk.by} ({_mode(talk.mode)}){begun if talk.started else ''}: {versions}"
    )
    if shown.changes_nothing:
        click.echo(
            say(
                f"  Only words have changed: every answer is kept ({len(shown.kept)}).",
                "  Изменились только формулировки: все ответы сохраняются "
                f"({len(shown.kept)}).",
            )
        )
        return
    click.echo(say("  Kept", "  Сохраняются") + f": {len(shown.kept)}")
    _answers(
        say(
            "To be confirmed; until then they do not count",
            "Надо подтвердить; до этого в расчёт не идут",
        ),
        [c for c in shown.confirm if c.fits], knowledge, currency,
    )  # fmt: skip
    _answers(
        say(
            "To be answered anew, with the former answer shown",
            "Спросим заново, прежний ответ покажем",
        ),
        [c for c in shown.confirm if not c.fits], knowledge, currency,
    )  # fmt: skip
    _answers(
        say(
            "Not taken over; they stay in the former interview",
            "Не переносятся; останутся в прежнем интервью",
        ),
        shown.dropped, knowledge, currency,
    )  # fmt: skip
    if shown.new:
        click.echo(say("  New questions", "  Новые вопросы") + f": {len(shown.new)}")
        for question in shown.new[:SHOWN]:
            click.echo(f"    - {question.title.in_(language())}")
        if len(shown.new) > SHOWN:
            rest = len(shown.new) - SHOWN
            click.echo(say(f"    … and {rest} more", f"    … и ещё {rest}"))


def _answers(
    head: str, rows: Sequence["Carried"], knowledge: "KnowledgeBase", currency: str
) -> None:
    from salesdx.interview.moving_words import WHY, former

    if not rows:
        return
    lang = language()
    click.echo(f"  {head}: {len(rows)}")
    for row in rows:
        about = ", ".join(v for _, v in row.where)
        place = f" — {about}" if about else ""
        said = former(row, knowledge, currency).in_(lang)
        click.echo(f"    - {row.title.in_(lang)}{place}")
        told = f"{say('answer', 'ответ')}: {said}; {WHY[row.why].in_(lang)}"
        click.echo(f"      {told}")


def _mode(mode: str) -> str:
    words = {"quick": "быстрое", "guided": "с консультантом", "full": "полное"}
    return say(mode, words.get(mode, mode))


def _done(case: Path, shown: Sequence["Preview"], overlays: Sequence[Path]) -> None:
    over = "".join(f" --kb {folder}" for folder in overlays)
    click.echo(
        say(
            "\nMoved. The former interviews stay as they were. Go on with:",
            "\nГотово. Прежние интервью остались как были. Продолжить:",
        )
    )
    for one in shown:
        talk = f"--mode {one.talk.mode} --as {one.talk.by}"
        click.echo(f"  salesdx interview {case} {talk}{over}")


def _data(
    shown: "Preview", knowledge: "KnowledgeBase", currency: str, name: str
) -> dict[str, Any]:
    """A preview for programs; `moved_to` is the new interview, "" where none is."""
    from salesdx.interview.moving_words import former

    def row(c: "Carried") -> dict[str, Any]:
        return {
            "question": c.entry.question, "today": c.question, "about": c.entry.about,
            "title": c.title.model_dump(), "why": c.why, "confirmable": c.fits,
            "answer": former(c, knowledge, currency).model_dump(),
        }  # fmt: skip

    return {
        "interview": shown.talk.model_dump(),
        "version": knowledge.pinned.version,
        "moved_to": name,
        "kept": [row(c) for c in shown.kept],
        "to_confirm": [row(c) for c in shown.confirm],
        "dropped": [row(c) for c in shown.dropped],
        "new": [{"question": q.id, "title": q.title.model_dump()} for q in shown.new],
    }
