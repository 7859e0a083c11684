"""`salesdx calculator`: what the author's shares would be in the company's money."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.running import run_analysis
from salesdx.cli.wording import language, say


@click.command(
    "calculator",
    cls=Command,
    help=say(
        "The loss calculator: for each mistake that the company seems to make, the "
        "share of revenue that the author of the method claims it costs. Claims, not "
        "measurements: each stands alone and they are never added up.\n\n"
        "\b\nExample:\n"
        "  salesdx calculator acme",
        "Калькулятор потерь: какую долю выручки, по словам автора методики, съедает "
        "каждая ошибка, которую, похоже, делает компания. Это заявления, а не "
        "измерения: каждое стоит отдельно, и складывать их нельзя.\n\n"
        "\b\nПример:\n"
        "  salesdx calculator romashka",
    ),
)
@options.analysing()
def calculator(case: Path, as_: str, overlays: tuple[Path, ...], executor: str) -> None:
    """Print the claims, each by itself."""
    from salesdx.render.terminal import calculator as told

    document = run_analysis(case, overlays, executor, ask_next=False).document
    if as_ == "json":
        keep = {"case", "claimed_losses", "lost_clients"}
        print_json(document.model_dump(mode="json", by_alias=True, include=keep))
        return
    click.echo(told(document, language()), nl=False)
