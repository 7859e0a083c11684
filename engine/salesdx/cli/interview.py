"""`salesdx interview`: one question at a time, in plain text, resumable."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say

if TYPE_CHECKING:
    from salesdx.cli.interview_start import Mode


@click.command(
    "interview",
    cls=Command,
    help=say(
        "Ask questions one by one. Every answer is saved at once, so you may stop "
        "and go on later. A guided interview shows the interviewer why each question "
        "is asked, and what else is worth asking.\n\n"
        "\b\nYou may answer, or type (`help` tells the rest):\n"
        "  ?            why it is asked, and a hint\n"
        "  dunno        I do not know       na REASON      does not apply\n"
        "  later        come back to it     refuse         will not say\n"
        "  note TEXT    with the answer     evidence TEXT  what you were shown\n"
        "  back, undo, list, go WORDS, quit\n"
        "  `yes?` is unsure, `yes??` a guess\n\n"
        "\b\nExamples:\n"
        "  salesdx interview acme --as owner\n"
        "  salesdx interview acme --mode quick --as owner\n"
        "  salesdx interview acme --form why-us --as owner",
        "Задавать вопросы по одному. Каждый ответ сразу сохраняется: можно прерваться "
        "и продолжить позже. В режиме guided ведущий видит, зачем задают вопрос и о "
        "чём ещё стоит спросить.\n\n"
        "\b\nМожно ответить или ввести (остальное — по слову «помощь»):\n"
        "  ?               зачем вопрос и подсказка\n"
        "  не знаю         нет сведений        неприменимо ПОЧЕМУ\n"
        "  позже           вернуться потом     отказ\n"
        "  заметка ТЕКСТ   вместе с ответом    показали ТЕКСТ   чем подтвердили\n"
        "  назад, отменить, список, к СЛОВА, выход\n"
        "  «да?» — не уверен, «да??» — догадка\n\n"
        "\b\nПримеры:\n"
        "  salesdx interview romashka --as owner\n"
        "  salesdx interview romashka --mode quick --as owner\n"
        "  salesdx interview romashka --form why-us --as owner",
    ),
)
@options.case_argument()
@click.option(
    "--mode",
    type=click.Choice(["quick", "guided", "full"]),
    default="guided",
    show_default=True,
    help=say(
        "guided: first what settles most, with reasons; quick: the core, then what "
        "settles most, until little can change; full: everything in order.",
        "guided — сначала решающее, с причинами; quick — ядро, затем решающее, пока "
        "ответы что-то меняют; full — всё по порядку.",
    ),
)
@click.option(
    "--form",
    "form",
    metavar=say("FORM", "ФОРМА"),
    help=say(
        "A short self-assessment: ask only its questions, then print the result. "
        "`--form list` names all.",
        "Короткая самодиагностика: только её вопросы, затем результат. Все формы "
        "покажет `--form list`.",
    ),
)
@click.option(
    "--result",
    "only_result",
    is_flag=True,
    help=say(
        "With --form: print the result without asking.",
        "С ключом --form: напечатать результат, ничего не спрашивая.",
    ),
)
@click.option(
    "--as",
    "role",
    default="head_of_sales",
    show_default=True,
    metavar=say("ROLE", "РОЛЬ"),
    help=say(
        "Who answers: a role, or a respondent of answers.yaml.",
        "Кто отвечает: роль или респондент из answers.yaml.",
    ),
)
@click.option(
    "--by",
    metavar=say("NAME", "ИМЯ"),
    help=say(
        "The name of a new respondent in this role; default: the role.",
        "Имя нового респондента в этой роли; иначе — сама роль.",
    ),
)
@click.option(
    "--self/--beside",
    "alone",
    default=None,
    help=say(
        "Whether the respondent answers alone: then reasons, hints for the interviewer "
        "and what others said stay hidden. Default: only in quick mode.",
        "Отвечает ли респондент сам, без консультанта: тогда причины вопросов, "
        "подсказки ведущему и чужие ответы скрыты. Иначе — только в режиме quick.",
    ),
)
@options.lang()
@options.overlays()
def interview(
    case: Path,
    mode: "Mode",
    form: str | None,
    only_result: bool,
    role: str,
    by: str | None,
    alone: bool | None,
    overlays: tuple[Path, ...],
) -> None:
    """Ask until nothing is left, or the respondent stops."""
    from salesdx.cli.checkout import answers_of
    from salesdx.cli.conversation import converse
    from salesdx.cli.interview_start import respondent, started
    from salesdx.conversation.selfcheck import SelfCheck

    found = run_analysis(case, overlays, "auto", ask_next=False)
    who = respondent(found, role, by)
    if form is None:
        alone = mode == "quick" if alone is None else alone
        talk = started(found, role, who, mode, alone, overlays)
        converse(talk, typed_line, language())
        return
    from salesdx.cli.self_check import chosen, intro, page

    picked = chosen(found, form)
    if picked is None:
        return
    talk = SelfCheck(
        found, role, who, picked, answers_of(found.case.path, found.case.company),
        executor=found.executor, benchmarks=found.inference.case.benchmarks,
    )  # fmt: skip
    if not only_result:
        click.echo(intro(found, picked))
        converse(talk, typed_line, language())
    click.echo(page(talk.result(), case))


def typed_line() -> str | None:
    """The next line typed; None when the input ends."""
    if sys.stdin.isatty():
        with suppress(ImportError):  # arrows and editing, where the system has them
            import readline  # noqa: F401
        try:
            return input("> ")
        except EOFError:
            return None
    return sys.stdin.readline() or None
