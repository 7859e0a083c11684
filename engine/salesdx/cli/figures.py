"""`salesdx metrics`: the figures and the loss map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, table
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say
from salesdx.facts import DIMENSIONS

if TYPE_CHECKING:
    from salesdx.result import Loss, MetricRow, NotChecked

PERIOD = "period"
_STATES = {
    "confirmed": "подтверждена",
    "suspected": "под подозрением",
    "noise": "в пределах разброса",
    "insufficient": "мало данных",
}


@click.command(
    "metrics",
    cls=Command,
    help=say(
        "Figures of the whole company, by one dimension or by month, and the loss "
        "map.\n\n"
        "\b\nExamples:\n"
        "  salesdx metrics acme\n"
        "  salesdx metrics acme --by manager\n"
        "  salesdx metrics acme --by period\n"
        "  salesdx metrics acme --engine spark --format json",
        "Показатели компании целиком, в разрезе или по месяцам и карта потерь.\n\n"
        "\b\nПримеры:\n"
        "  salesdx metrics acme\n"
        "  salesdx metrics acme --by manager\n"
        "  salesdx metrics acme --by period\n"
        "  salesdx metrics acme --engine spark --format json",
    ),
)
@options.analysing()
@click.option(
    "--by",
    "dimension",
    type=click.Choice((*DIMENSIONS, PERIOD)),
    help=say(
        "Show slices of this dimension; period: months.",
        "Показать разрез; period — по месяцам.",
    ),
)
@click.option(
    "--unknown",
    is_flag=True,
    help=say(
        "Also list what could not be computed, why, and what would supply it; and the "
        "gaps within chance.",
        "Показать и то, что не удалось посчитать, почему и что для этого нужно; и "
        "отличия в пределах разброса.",
    ),
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    help=say(
        "Compute the figures anew, and where; spark needs salesdx[spark] and Java 17. "
        "Without it those of the last run are taken if nothing has changed, else "
        "duckdb computes them.",
        "Пересчитать показатели и на чём; для spark нужны salesdx[spark] и Java 17. "
        "Без этого ключа берутся показатели прошлого запуска, а если что-то "
        "изменилось, считает duckdb.",
    ),
)
@options.master()
def metrics(
    case: Path,
    as_: str,
    overlays: tuple[Path, ...],
    executor: str,
    dimension: str | None,
    unknown: bool,
    engine: Literal["duckdb", "spark"] | None,
    master: str,
) -> None:
    """Print figures and losses."""
    document = run_analysis(
        case, overlays, executor, engine, master, ask_next=False
    ).document
    if as_ == "json":
        keep = {"case", "metrics", "losses"}
        print_json(document.model_dump(mode="json", by_alias=True, include=keep))
        return
    currency = document.case.currency
    rows = [
        _figure(m, currency)
        for m in document.metrics
        if _asked(m, dimension) and m.state == "ok"
    ]
    none = say(
        "No figures: there are no data for them. `salesdx check` says what is missing.",
        "Показателей нет: их не из чего посчитать. Чего не хватает, скажет "
        "`salesdx check`.",
    )
    click.echo(table(rows, right=[2]) if rows else none)
    if unknown:
        _not_computed(document.not_checked)
    losses = [x for x in document.losses if not dimension or dimension in x.slice]
    units = {m.id: m.unit for m in document.metrics}
    if losses:
        _loss_map(losses, units, currency, every=unknown or bool(dimension))


def _asked(row: MetricRow, dimension: str | None) -> bool:
    """Whether a figure belongs to the company, to a slice of it, or to its months."""
    if dimension == PERIOD:
        return bool(row.period) and not row.slice
    return set(row.slice) == ({dimension} if dimension else set()) and not row.period


def _not_computed(rows: Sequence[NotChecked]) -> None:
    """Print what has no value, why, and what would supply it."""
    lang = language()
    click.echo(say("\nNot computed:", "\nНе посчитано:"))
    for row in rows:
        title, why = row.title.in_(lang), row.reason.in_(lang)
        click.echo(f"  {title}: {why}")
        needed = say("would be supplied by", "что нужно")
        click.echo(f"    {needed}: {row.supply.in_(lang)}")


def _loss_map(
    losses: Sequence[Loss], units: Mapping[str, str], currency: str, every: bool
) -> None:
    """Print the gaps; what lies within chance is only counted unless asked for."""
    click.echo(say("\nLoss map:", "\nКарта потерь:"))
    shown = [x for x in losses if every or x.state != "noise"]
    found = [_loss(x, x.unit or units.get(x.metric, "factor"), currency) for x in shown]
    if found:
        click.echo(table(found, right=[2, 3, 4, 5]))
    quiet = len(losses) - len(shown)
    if quiet:
        click.echo(
            say(
                f"Compared and within chance: {quiet}; list them with --by or "
                "--unknown.",
                f"Сравнили, отличия в пределах случайного разброса: {quiet}; "
                "показать их — ключом --by или --unknown.",
            )
        )


def _figure(row: MetricRow, currency: str) -> tuple[str, ...]:
    from salesdx.language import quantity

    lang = language()
    value = "" if row.value is None else quantity(row.value, row.unit, lang, currency)
    sample = "" if row.n is None else f"n={row.n}"
    if row.said_by is not None and row.reason is not None:
        sample = row.reason.in_(lang)
    where = row.period or ", ".join(row.slice.values())
    return row.title.in_(lang), where, value, sample


def _loss(row: Loss, unit: str, currency: str) -> tuple[str, ...]:
    from salesdx.language import quantity, short_money

    lang = language()

    def told(value: float) -> str:
        return quantity(value, unit, lang, currency)

    cost = short_money(row.money.expected, currency, lang) if row.money else ""
    return (
        row.title.in_(lang),
        ", ".join(row.slice.values()),
        told(row.actual),
        say(f"norm {told(row.norm)}", f"норма {told(row.norm)}"),
        f"n={row.n}",
        cost,
        say(row.state, _STATES[row.state]),
    )
