"""`salesdx check`: what the data of a case can and cannot answer, in plain words."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say

if TYPE_CHECKING:
    from salesdx.data_topics import Opening, TopicState
    from salesdx.result import NotChecked, ResultDocument

SHOWN = 3  # openings and figures of a question


@click.command(
    "check",
    cls=Command,
    help=say(
        "Which questions the data can answer, which they cannot and what would change "
        "that; what was read and what looks wrong in it.\n\n"
        "\b\nExamples:\n"
        "  salesdx check acme\n"
        "  salesdx check acme --gaps",
        "На какие вопросы данные отвечают, на какие нет и что это изменит; что "
        "прочитано и что в этом выглядит неверным.\n\n"
        "\b\nПримеры:\n"
        "  salesdx check romashka\n"
        "  salesdx check romashka --gaps",
    ),
)
@options.analysing()
@click.option(
    "--gaps",
    is_flag=True,
    help=say(
        "List every figure that could not be computed, by what is missing.",
        "Показать каждый непосчитанный показатель и чего для него не хватает.",
    ),
)
def check(
    case: Path, as_: str, overlays: tuple[Path, ...], executor: str, gaps: bool
) -> None:
    """Print the state of the data."""
    from salesdx.cli.running import run_analysis
    from salesdx.data_topics import openings, topic_states

    found = run_analysis(case, overlays, executor)
    document, tables = found.document, found.case.arrow
    counts = {name: table.num_rows for name, table in tables.items()}
    states = topic_states(document)
    opened = openings(states, document.not_checked)
    if as_ == "json":
        keep = {"case", "data_quality", "not_checked", "next_questions"}
        data = document.model_dump(mode="json", by_alias=True, include=keep)
        topics = [s.model_dump(mode="json") for s in states]
        would = [o.model_dump(mode="json") for o in opened]
        print_json({"tables": counts, "topics": topics, "openings": would, **data})
        return
    click.echo(_read(document, counts))
    _topics(states, document)
    _openings(opened, states)
    _quality(document)
    _questions(document)
    if gaps:
        _section(
            say("Figures that could not be computed:", "Показатели, которых нет:"),
            _gaps(document.not_checked),
        )
    elif document.not_checked:
        without = len(document.not_checked)
        click.echo(
            say(
                f"\nFigures without a value: {without}; `--gaps` lists them.",
                f"\nПоказателей без значения: {without}; список даст `--gaps`.",
            )
        )


def _read(document: "ResultDocument", counts: dict[str, int]) -> str:
    from salesdx.language import date, number
    from salesdx.tables import table_title

    lang = language()
    parts = [
        f"{table_title(name).in_(lang)} — {number(rows, lang)}"
        for name, rows in counts.items()
    ]
    parts.append(say("answers", "ответы") + f" — {number(len(document.answers), lang)}")
    period = document.case.period
    days = [d for d in (period.from_, period.to) if d]
    when = " – ".join(date(dt.date.fromisoformat(d), lang) for d in days)
    when = f" ({when})" if when else ""
    return say("Read", "Прочитано") + f"{when}: " + ", ".join(parts)


def _topics(states: "Sequence[TopicState]", document: "ResultDocument") -> None:
    titles = {
        "yes": say("The data answer:", "На эти вопросы данные отвечают:"),
        "partly": say("The data answer in part:", "Отвечают отчасти:"),
        "no": say("The data do not answer:", "Пока не отвечают:"),
    }
    for state, title in titles.items():
        rows = [s for s in states if s.state == state]
        _section(title, [_topic(s, document) for s in rows])


def _topic(state: "TopicState", document: "ResultDocument") -> str:
    """One question, the figures that answer it, and what would answer the rest."""
    lang = language()
    parts = [state.asks.in_(lang)]
    values = {
        m.id: f"{m.title.in_(lang)}: {_told(m.value, m.unit, document)}"
        for m in document.metrics
        if m.value is not None and not m.slice and not m.period
    }
    shown = [values[m] for m in state.known if m in values][:SHOWN]
    if shown:
        parts.append("; ".join(shown))
    if state.state != "yes":
        rows = {r.id: r for r in document.not_checked}
        row = rows[state.unknown[0]]
        helps = say("would help", "поможет")
        why = row.reason.in_(lang)
        parts.append(f"{why[:1].upper()}{why[1:]}; {helps}: {row.supply.in_(lang)}")
    return "\n      ".join(parts)


def _told(value: float, unit: str, document: "ResultDocument") -> str:
    from salesdx.language import quantity

    return quantity(value, unit, language(), document.case.currency)


def _openings(opened: "Sequence[Opening]", states: "Sequence[TopicState]") -> None:
    lang = language()
    asks = {s.id: s.asks.in_(lang) for s in states}
    lines = []
    for one in opened[:SHOWN]:
        told = say(f"figures: {one.figures}", f"показателей: {one.figures}")
        wanted = [f"{asks[t]} — {why.in_(lang)}" for t, why in one.topics.items()]
        lines.append("\n      ".join((f"{one.supply.in_(lang)} ({told})", *wanted)))
    _section(say("What would open most:", "Что откроет больше всего:"), lines)


def _quality(document: "ResultDocument") -> None:
    lang = language()
    _section(
        say("Quality of the data:", "Качество данных:"),
        [
            f"[{_severity(q.severity)}] {q.title.in_(lang)} — {q.effect.in_(lang)}"
            for q in document.data_quality
        ],
    )


def _questions(document: "ResultDocument") -> None:
    lang = language()
    _section(
        say("Questions that would help most:", "Какие ответы помогут больше всего:"),
        [
            f"{n.title.in_(lang)} ({n.question}): {n.why.in_(lang)}"
            for n in document.next_questions
        ],
    )


def _gaps(rows: "Sequence[NotChecked]") -> list[str]:
    """One line a gap in the data, with all that it costs."""
    lang = language()
    costs: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        gap = (row.reason.in_(lang), row.supply.in_(lang))
        costs.setdefault(gap, []).append(row.title.in_(lang))
    told = say("would help", "поможет")
    return [
        f"{reason} ({told}: {supply}):\n      " + "\n      ".join(titles)
        for (reason, supply), titles in costs.items()
    ]


def _severity(word: str) -> str:
    words = {"info": "сведение", "warning": "внимание", "error": "ошибка"}
    return say(word, words[word])


def _section(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  - {line}")
