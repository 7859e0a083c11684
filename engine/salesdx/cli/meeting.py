"""`salesdx meeting`: go through what lags, one figure at a time, and write it down."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from salesdx.analysis import Analysis
    from salesdx.result import Loss


@click.command(
    "meeting",
    cls=Command,
    help=say(
        "The planning meeting. Alone it prints the agenda: every figure below the "
        "average that chance does not explain. With --finding it records what was "
        "said; with --ask it asks. What is recorded joins the answers: the reasons "
        "are weak evidence, the rest is the protocol in the report.\n\n"
        "\b\nExamples:\n"
        "  salesdx meeting acme\n"
        "  salesdx meeting acme --ask --by head_of_sales\n"
        '  salesdx meeting acme --finding 1 --reason skill --why "no product '
        'training" \\\n'
        '    --do "train on Mondays" --owner Ann --until 2026-08-01 --by '
        "head_of_sales",
        "Планёрка. Без ключей печатает повестку: все показатели ниже среднего, которые "
        "не объяснить случайностью. С --finding записывает, что сказали, с --ask — "
        "спрашивает. Записанное попадает в ответы: причины — как слабые свидетельства, "
        "остальное — в протокол отчёта.\n\n"
        "\b\nПримеры:\n"
        "  salesdx meeting romashka\n"
        "  salesdx meeting romashka --ask --by head_of_sales\n"
        '  salesdx meeting romashka --finding 1 --reason skill --why "не учили '
        'продукту" \\\n'
        '    --do "учёба по понедельникам" --owner Анна --until 2026-08-01 --by '
        "head_of_sales",
    ),
)
@options.analysing()
@click.option(
    "--finding",
    metavar=say("ID", "КОД"),
    help=say("A finding, by id or number.", "Находка: её код или номер в повестке."),
)
@click.option(
    "--reason",
    "reasons",
    multiple=True,
    metavar=say("CODE", "КОД"),
    help=say(
        "A reason that the team names, by code; may be repeated.",
        "Причина, которую называет команда: её код; можно повторять.",
    ),
)
@click.option(
    "--explained",
    multiple=True,
    metavar=say("CODE", "КОД"),
    help=say(
        "What explains the figure without anybody's fault; may be repeated.",
        "Чем цифра объясняется без чьей-либо вины; можно повторять.",
    ),
)
@click.option(
    "--why",
    metavar=say("TEXT", "ТЕКСТ"),
    help=say("Why it happens.", "Почему так."),
)
@click.option(
    "--do",
    "what",
    metavar=say("TEXT", "ТЕКСТ"),
    help=say("What we do about it.", "Что с этим делаем."),
)
@click.option(
    "--owner",
    metavar=say("NAME", "ИМЯ"),
    help=say("Who does it.", "Кто сделает."),
)
@click.option(
    "--until",
    metavar=say("DATE", "ДАТА"),
    help=say("By when: 2026-08-01.", "К какому сроку: 2026-08-01."),
)
@click.option(
    "--by",
    metavar=say("NAME", "ИМЯ"),
    help=say(
        "Who says it: a respondent of answers.yaml, or a role.",
        "Чьи это слова: респондент из answers.yaml или роль.",
    ),
)
@click.option(
    "--ask",
    is_flag=True,
    help=say(
        "Ask the questions one by one (of --finding, or of all on the agenda).",
        "Задать вопросы по одному (по --finding или по всей повестке).",
    ),
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help=say("Also what chance explains.", "Показать и то, что объясняет случайность."),
)
def meeting(
    case: Path,
    finding: str | None,
    reasons: tuple[str, ...],
    explained: tuple[str, ...],
    why: str | None,
    what: str | None,
    owner: str | None,
    until: str | None,
    by: str | None,
    ask: bool,
    everything: bool,
    as_: str,
    overlays: tuple[Path, ...],
    executor: str,
) -> None:
    """Print the agenda, ask, or record."""
    from salesdx import meeting as held

    said = {
        held.WHY: _words(why), held.REASONS: reasons or None,
        held.EXPLAINED: explained or None, held.WHAT: _words(what),
        held.WHO: _words(owner), held.UNTIL: _words(until),
    }  # fmt: skip
    _check(said, finding, by, ask)
    found = run_analysis(case, overlays, executor)
    listed = held.agenda(found.document.losses)
    if ask:
        picked = [_finding(listed, finding)] if finding else _open(listed)
        _ask(found, picked, _respondent(found, by))
    elif finding is None:
        _print(found, listed if everything else _open(listed), len(listed), as_)
    else:
        _record(found, _finding(listed, finding), _respondent(found, by), said)


def _words(typed: str | None) -> str | None:
    """What was typed; blanks say nothing, and an empty answer is none."""
    return (typed or "").strip() or None


def _check(
    said: "Mapping[str, object]", finding: str | None, by: str | None, ask: bool
) -> None:
    """Options that make no sense together, told before the work begins."""
    from salesdx.errors import UsageError

    something = any(v is not None for v in said.values())
    if ask and something:
        what = say(
            "--ask asks everything: leave the other options out",
            "--ask спрашивает всё сам: остальные ключи не нужны",
        )
    elif something and finding is None:
        what = say("say of which finding: --finding", "укажите находку: --finding")
    elif finding is not None and not something and not ask:
        what = say(
            "nothing to record: give --why, --reason, --explained, --do, --owner or "
            "--until",
            "записывать нечего: укажите --why, --reason, --explained, --do, --owner "
            "или --until",
        )
    elif (something or ask) and by is None:
        what = say("say whose words these are: --by", "скажите, чьи это слова: --by")
    else:
        return
    raise UsageError(what)


def _open(listed: "Sequence[Loss]") -> "list[Loss]":
    from salesdx.meeting import TO_DISCUSS

    return [x for x in listed if x.state in TO_DISCUSS]


def _print(found: "Analysis", listed: "list[Loss]", total: int, as_: str) -> None:
    from salesdx.render.terminal import meeting as told

    document = found.document
    if as_ == "json":
        data = document.model_dump(
            mode="json", by_alias=True, include={"case", "meeting"}
        )
        findings = [x.model_dump(mode="json", by_alias=True) for x in listed]
        print_json({"case": data["case"], "findings": findings,
                    "meeting": data["meeting"]})  # fmt: skip
        return
    click.echo(told(document, listed, total - len(listed), language()), nl=False)


def _ask(found: "Analysis", findings: "list[Loss]", by: str) -> None:
    from salesdx.cli.checkout import answers_of
    from salesdx.cli.conversation import converse
    from salesdx.cli.interview import typed_line
    from salesdx.conversation.planning_meeting import Meeting

    store = answers_of(found.case.path, found.case.company)
    talk = Meeting(found, by, by, findings, store)
    converse(talk, typed_line, language())


def _record(
    found: "Analysis",
    loss: "Loss",
    by: str,
    said: "Mapping[str, str | Sequence[str] | None]",
) -> None:
    from salesdx.answers.values import BadValue, read_value
    from salesdx.cli.checkout import answers_of
    from salesdx.errors import UsageError, hinted
    from salesdx.meeting import entries

    rows = entries(loss, by, said)
    for row in rows:
        read = read_value(found.knowledge.questions[row.question], row.value)
        if isinstance(read, BadValue):
            raise UsageError(hinted(read.message, read.hint))
    answers_of(found.case.path, found.case.company).append(rows)
    click.echo(
        say(
            f"Recorded: {loss.id} ({len(rows)}). It counts from the next run.",
            f"Записано: {loss.id} ({len(rows)}). Учтём при следующем запуске.",
        )
    )


def _finding(listed: "Sequence[Loss]", address: str) -> "Loss":
    from salesdx.content import did_you_mean
    from salesdx.errors import UsageError, hinted
    from salesdx.meeting import chosen

    loss = chosen(listed, address)
    if loss is None:
        hint = did_you_mean(address, [x.id for x in listed])
        what = say(
            f"no figure below the average is called {address!r}",
            f"показателя ниже среднего с кодом «{address}» нет",
        )
        raise UsageError(hinted(what, hint))
    return loss


def _respondent(found: "Analysis", by: str | None) -> str:
    from salesdx.content import did_you_mean
    from salesdx.errors import UsageError, hinted

    known = [*found.log.respondents, *found.knowledge.roles]
    if by is None or by not in known:
        what = say(f"nobody is called {by!r}", f"нет ни респондента, ни роли «{by}»")
        raise UsageError(hinted(what, did_you_mean(by or "", known)))
    return by
