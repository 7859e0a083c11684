"""`salesdx kb coverage`: which causes can be found at all, and from what."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, table
from salesdx.cli.wording import language, say

if TYPE_CHECKING:  # imported late: `--help` must come up at once
    from salesdx.explanation.wording import Wording
    from salesdx.workbench.reach import Reach
    from salesdx.workbench.reach_climbing import Attempt


@click.command(
    "coverage",
    cls=Command,
    help=say(
        "Try for every cause whether answers, data or both can make it likely. A yes "
        "is proved by an example, which is printed when you name the cause.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb coverage\n"
        "  salesdx kb coverage immature-deals",
        "Проверить каждую причину: можно ли подтвердить её по ответам, по данным, по "
        "тем и другим. «Да» доказано примером; чтобы его увидеть, назовите причину."
        "\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb coverage\n"
        "  salesdx kb coverage immature-deals",
    ),
)
@click.argument("cause", required=False, metavar=say("[CAUSE]", "[ПРИЧИНА]"))
@options.overlays()
@options.output_format()
@options.lang()
def coverage(cause: str | None, overlays: tuple[Path, ...], as_: str) -> None:
    """Print what was found."""
    from salesdx.cli.naming import cause_id
    from salesdx.explanation.wording import Wording
    from salesdx.knowledge.load import load
    from salesdx.workbench.reach import SIDES, reach
    from salesdx.workbench.reach_page import brief, counts

    knowledge = load(overlays)
    found = reach(knowledge, [cause_id(knowledge, cause)] if cause else [])
    wording = Wording(knowledge, "")
    if as_ == "json":
        print_json({"causes": [_as_data(r, wording) for r in found]})
        return
    if cause:
        for line in _in_full(found[0], wording):
            click.echo(line)
        return
    heads = [
        say("cause", "причина"), say("answers", "ответы"), say("data", "данные"),
        say("both", "вместе"),
    ]  # fmt: skip
    rows = [
        [r.cause.id, *(brief(r.attempts[s]).in_(language()) for s in SIDES)]
        for r in found
    ]
    click.echo(table([heads, *rows]))
    click.echo("\n" + counts(found).in_(language()))


def _in_full(row: "Reach", wording: "Wording") -> Iterator[str]:
    """Every side of one cause: the example fact by fact, or why there is none."""
    from salesdx.workbench.reach_page import fact_words, verdict

    names = {
        "answers": say("From answers", "По ответам"),
        "data": say("From data", "По данным"),
        "both": say("From both", "По тем и другим"),
    }
    yield row.cause.spec.title.in_(language())
    for side, attempt in row.attempts.items():
        yield f"{names[side]}: {verdict(attempt).in_(language())}"
        for fact in attempt.facts:
            yield f"  {fact_words(fact, wording).in_(language())} [{fact.name}]"


def _as_data(row: "Reach", wording: "Wording") -> dict[str, object]:
    return {
        "cause": row.cause.id,
        "ref": row.cause.spec.ref,
        "sides": {s: _attempt(a, wording) for s, a in row.attempts.items()},
    }


def _attempt(attempt: "Attempt", wording: "Wording") -> dict[str, object]:
    from salesdx.workbench.reach_page import fact_words

    return {
        "found": attempt.found,
        "points": attempt.points,
        "sales_model": attempt.model,
        "because": [b.model_dump() for b in attempt.because],
        "facts": [
            {
                "name": f.name,
                "slice": dict(f.slice),
                "value": list(f.value) if isinstance(f.value, tuple) else f.value,
                "text": fact_words(f, wording).model_dump(),
            }
            for f in attempt.facts
        ],
    }
