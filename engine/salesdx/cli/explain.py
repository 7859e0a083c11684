"""`salesdx why`, `why-not` and `what-if`: open a conclusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.naming import cause_id, slice_option
from salesdx.cli.output import print_json
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say
from salesdx.errors import UsageError, hinted

if TYPE_CHECKING:
    from salesdx.explanation.why import Audience
    from salesdx.knowledge.base import KnowledgeBase
    from salesdx.language import Language
    from salesdx.result import CauseRow

R = TypeVar("R", bound="CauseRow")
NEAREST = 3  # slices shown where none is likely or possible
_SLICE = click.option(
    "--slice",
    "where",
    multiple=True,
    metavar="DIMENSION=VALUE",
    help=say(
        "Where: one manager, segment …", "Где: один менеджер, сегмент и так далее."
    ),
)
_AUDIENCE = click.option(
    "--audience",
    type=click.Choice(["consultant", "owner"]),
    default="consultant",
    show_default=True,
    help=say(
        "For whom: all the details, or plain sentences.",
        "Для кого: все подробности или простыми словами.",
    ),
)
_CAUSE = click.argument("cause", metavar=say("CAUSE", "ПРИЧИНА"))


@click.command(
    "why",
    cls=Command,
    help=say(
        "Open a cause: every rule that speaks for or against it, the figures and "
        "answers behind it, and what is not known.\n\n"
        "\b\nExamples:\n"
        "  salesdx why acme immature-deals\n"
        "  salesdx why acme C-39 --slice manager=M7",
        "Раскрыть причину: каждое правило за и против, показатели и ответы за ним и "
        "то, чего мы не знаем.\n\n"
        "\b\nПримеры:\n"
        "  salesdx why acme immature-deals\n"
        "  salesdx why acme C-39 --slice manager=M7",
    ),
)
@options.analysing()
@_CAUSE
@_SLICE
@_AUDIENCE
def why(
    case: Path,
    cause: str,
    where: tuple[str, ...],
    audience: Audience,
    as_: str,
    overlays: tuple[Path, ...],
    executor: str,
) -> None:
    """Print the explanation of a cause."""
    found = run_analysis(case, overlays, executor, ask_next=False)
    told = found.why(cause_id(found.knowledge, cause))
    rows = _on_slice(told.rows, slice_option(where))
    if as_ == "json" or where or len(rows) <= NEAREST:
        _show([told.only(rows)], as_, audience)
        return
    opened = [r for r in rows if r.verdict in ("likely", "possible")]
    opened = opened or rows[:NEAREST]
    _show([told.only(opened)], as_, audience)
    _left_out([r for r in rows if r not in opened])


@click.command(
    "why-not",
    cls=Command,
    help=say(
        "Why a cause is not likely: what is in the way, and the fewest answers or "
        "figures that would make it likely, each tried out: what to look up, and what "
        "would have to be different.\n\n"
        "\b\nExamples:\n"
        "  salesdx why-not acme C-28\n"
        "  salesdx why-not acme C-28 --audience owner",
        "Почему причина не подтвердилась: что мешает и какие самые малые изменения "
        "сделали бы её вероятной. Каждое проверено: что достаточно выяснить, а что "
        "должно быть иначе.\n\n"
        "\b\nПримеры:\n"
        "  salesdx why-not acme C-28\n"
        "  salesdx why-not acme C-28 --audience owner",
    ),
)
@options.analysing()
@_CAUSE
@_AUDIENCE
def why_not(
    case: Path,
    cause: str,
    audience: Audience,
    as_: str,
    overlays: tuple[Path, ...],
    executor: str,
) -> None:
    """Print why a cause is not likely."""
    found = run_analysis(case, overlays, executor, ask_next=False)
    _show(found.why_not(cause_id(found.knowledge, cause)), as_, audience)


@click.command(
    "what-if",
    cls=Command,
    help=say(
        "Suppose an answer or a figure were different and see which verdicts change. "
        "Nothing is written.\n\n"
        "\b\nExamples:\n"
        "  salesdx what-if acme Q-TICK-08=yes\n"
        "  salesdx what-if acme response.off-hours-answered-share=0.95",
        "Представить, что ответ или показатель другой, и увидеть, какие выводы "
        "изменятся. Ничего не записывается.\n\n"
        "\b\nПримеры:\n"
        "  salesdx what-if acme Q-TICK-08=yes\n"
        "  salesdx what-if acme response.off-hours-answered-share=0.95",
    ),
)
@options.analysing()
@click.argument(
    "changes", metavar=say("NAME=VALUE…", "ИМЯ=ЗНАЧЕНИЕ…"), nargs=-1, required=True
)
@_AUDIENCE
def what_if(
    case: Path,
    changes: tuple[str, ...],
    audience: Audience,
    as_: str,
    overlays: tuple[Path, ...],
    executor: str,
) -> None:
    """Print what would change."""
    found = run_analysis(case, overlays, executor, ask_next=False)
    _show([found.what_if(supposed(changes, found.knowledge))], as_, audience)


def supposed(changes: Sequence[str], knowledge: KnowledgeBase) -> dict[str, str]:
    """`NAME=VALUE` words by the id of the question or metric they name.

    Raises:
        UsageError: a word has no `=`, or names nothing.
    """
    found: dict[str, str] = {}
    for word in changes:
        address, equals, value = word.partition("=")
        if not (address and equals):
            raise UsageError(
                say(
                    f"{word!r} is not NAME=VALUE, like Q-TICK-08=yes",
                    f"«{word}» — не ИМЯ=ЗНАЧЕНИЕ, например Q-TICK-08=yes",
                )
            )
        name, at, rest = address.partition("@")
        found[_name(name, knowledge) + at + rest] = value.strip()
    return found


def _name(name: str, knowledge: KnowledgeBase) -> str:
    """The id of a metric or question; a ref that fits one is as good."""
    from salesdx.answers.addresses import Unresolved, resolve
    from salesdx.content import did_you_mean

    metrics = [i for i, m in knowledge.metrics.items() if name in (i, *m.ref)]
    if len(metrics) == 1:
        return metrics[0]
    question = resolve(name, knowledge.questions)
    if isinstance(question, Unresolved):
        if len(metrics) > 1:
            many = ", ".join(metrics)
            raise UsageError(
                say(f"{name} fits several metrics: {many}", f"{name} — это и {many}")
            )
        hint = question.hint or did_you_mean(name, knowledge.metrics)
        raise UsageError(hinted(question.message, hint))
    return question.id


def _on_slice(rows: Sequence[R], where: Mapping[str, str]) -> list[R]:
    """Rows of one slice; all of them when none is asked for.

    Raises:
        UsageError: nothing is known there; the slices that are known are named.
    """
    found = [r for r in rows if not where or r.slice == where]
    if found:
        return found
    known = [_where(r.slice) for r in rows if r.slice]
    if not rows:
        raise UsageError(
            say(
                "this cause is judged for each manager, segment or the like, and the "
                "case has none of them yet: import data, or answer the interview",
                "эту причину оценивают отдельно по каждому менеджеру, сегменту и так "
                "далее, а их в разборе пока нет: загрузите данные или ответьте на "
                "вопросы",
            )
        )
    several = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
    there = several or say("only the whole company", "только компания целиком")
    raise UsageError(
        say(
            f"nothing is known on {_where(where)}; there is {there}",
            f"для {_where(where)} ничего не известно; есть {there}",
        )
    )


def _where(where: Mapping[str, str]) -> str:
    return ", ".join(f"{k}={v}" for k, v in where.items())


def _left_out(rows: Sequence[CauseRow]) -> None:
    """Say which slices were looked at and not opened."""
    if rows:
        names = ", ".join(_where(r.slice) for r in rows if r.slice)
        click.echo(
            say(
                f"\nAlso looked at, neither likely nor possible: {names}. "
                "Open one with --slice.",
                f"\nТакже проверено, не подтвердилось: {names}. "
                "Раскрыть — ключом --slice.",
            )
        )


class _Told(Protocol):
    def text(self, language: Language, audience: Audience) -> str: ...

    def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, object]: ...


def _show(told: Sequence[_Told], as_: str, audience: Audience) -> None:
    if as_ == "json":
        data = [t.model_dump(mode="json", by_alias=True) for t in told]
        print_json(data[0] if len(data) == 1 else data)
    else:
        click.echo("\n\n".join(t.text(language(), audience) for t in told))
