"""`salesdx metrics`: the figures and the loss map."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, table
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say
from salesdx.facts import DIMENSIONS
from salesdx.language import quantity, short_money
from salesdx.result import Loss, MetricRow

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
        "Figures of the whole company, or by one dimension, and the loss map.\n\n"
        "\b\nExamples:\n"
        "  salesdx metrics acme\n"
        "  salesdx metrics acme --by manager",
        "Показатели компании целиком или в разрезе и карта потерь.\n\n"
        "\b\nПримеры:\n"
        "  salesdx metrics acme\n"
        "  salesdx metrics acme --by manager",
    ),
)
@options.analysing()
@click.option(
    "--by",
    "dimension",
    type=click.Choice(DIMENSIONS),
    help=say("Show slices of this dimension.", "Показать разрез."),
)
@click.option(
    "--unknown",
    is_flag=True,
    help=say(
        "Also list what could not be computed, and why, and the gaps within chance.",
        "Показать и то, что не удалось посчитать, и отличия в пределах разброса.",
    ),
)
def metrics(
    case: Path,
    as_: str,
    overlays: tuple[Path, ...],
    executor: str,
    dimension: str | None,
    unknown: bool,
) -> None:
    """Print figures and losses."""
    document = run_analysis(case, overlays, executor).document
    if as_ == "json":
        keep = {"case", "metrics", "losses"}
        print_json(document.model_dump(mode="json", by_alias=True, include=keep))
        return
    wanted = {dimension} if dimension else set()
    currency = document.case.currency
    rows = [
        _figure(m, currency)
        for m in document.metrics
        if set(m.slice) == wanted and not m.period and m.state == "ok"
    ]
    click.echo(table(rows, right=[2]))
    if unknown:
        click.echo(say("\nNot computed:", "\nНе посчитано:"))
        for m in document.metrics:
            if not m.slice and not m.period and m.state != "ok" and m.reason:
                title, why = m.title.in_(language()), m.reason.in_(language())
                click.echo(f"  {title}: {why}")
    losses = [x for x in document.losses if not dimension or dimension in x.slice]
    units = {m.id: m.unit for m in document.metrics}
    if losses:
        _loss_map(losses, units, currency, every=unknown or bool(dimension))


def _loss_map(
    losses: Sequence[Loss], units: Mapping[str, str], currency: str, every: bool
) -> None:
    """Print the gaps; what lies within chance is only counted unless asked for."""
    click.echo(say("\nLoss map:", "\nКарта потерь:"))
    shown = [x for x in losses if every or x.state != "noise"]
    found = [_loss(x, units.get(x.metric, "factor"), currency) for x in shown]
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
    lang = language()
    value = "" if row.value is None else quantity(row.value, row.unit, lang, currency)
    sample = "" if row.n is None else f"n={row.n}"
    where = ", ".join(row.slice.values())
    return row.title.in_(lang), where, value, sample


def _loss(row: Loss, unit: str, currency: str) -> tuple[str, ...]:
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
