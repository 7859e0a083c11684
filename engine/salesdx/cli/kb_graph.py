"""`salesdx kb graph`: causes, symptoms and remedies as a picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import Said, UsageError

if TYPE_CHECKING:  # imported late: `--help` must come up at once
    from salesdx.knowledge.base import KnowledgeBase
    from salesdx.workbench.graph import Graph, NodeKind


@click.command(
    "graph",
    cls=Command,
    help=say(
        "Which cause leads to which, what it shows as, what mends it: as a list, as "
        "JSON, or as an SVG picture. With a cause, only what lies within two steps "
        "of it.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb graph --out causes.svg\n"
        "  salesdx kb graph --with symptoms,remedies --out all.svg\n"
        "  salesdx kb graph hollow-account-manager --out one.svg",
        "Какая причина ведёт к какой, как она проявляется и что её устраняет: "
        "списком, в JSON или картинкой SVG. Если назвать причину — только то, что не "
        "дальше двух шагов от неё.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb graph --out causes.svg\n"
        "  salesdx kb graph --with symptoms,remedies --out all.svg\n"
        "  salesdx kb graph hollow-account-manager --out one.svg",
    ),
)
@click.argument("cause", required=False, metavar=say("[CAUSE]", "[ПРИЧИНА]"))
@click.option(
    "--with",
    "shown",
    metavar=say("symptoms,remedies", "symptoms,remedies"),
    help=say(
        "What to show beside the causes of the whole base.",
        "Что показать рядом с причинами всей базы.",
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=say("FILE.svg", "ФАЙЛ.svg"),
    help=say("Draw the picture here.", "Нарисовать картинку в этом файле."),
)
@options.overlays()
@options.output_format()
@options.lang()
def graph(
    cause: str | None,
    shown: str | None,
    out: Path | None,
    overlays: tuple[Path, ...],
    as_: str,
) -> None:
    """Draw or print the graph."""
    from salesdx.cli.naming import cause_id
    from salesdx.knowledge.load import load
    from salesdx.workbench.graph import as_data, neighbourhood, whole

    kinds = _kinds(shown)
    if cause and kinds:
        raise UsageError(Said(
            "--with is for the whole base: the picture of one cause shows "
            "its symptoms and remedies anyway",
            "--with нужен для всей базы: на картинке одной причины её симптомы "
            "и меры видны и так",
        ))  # fmt: skip
    knowledge = load(overlays)
    name = cause_id(knowledge, cause) if cause else None
    found = neighbourhood(knowledge, name) if name else whole(knowledge, kinds)
    if out is not None:
        _write(out, _picture(knowledge, found, bool(name)))
    if as_ == "json":
        print_json(as_data(found) | ({"file": str(out)} if out else {}))
    elif out is not None:
        click.echo(str(out))
    else:
        for line in _lines(found):
            click.echo(line)


_SHOWN: dict[str, "NodeKind"] = {"symptoms": "symptom", "remedies": "remedy"}


def _kinds(shown: str | None) -> list["NodeKind"]:
    words = [w.strip() for w in (shown or "").split(",") if w.strip()]
    for word in words:
        if word not in _SHOWN:
            raise UsageError(Said(
                f"--with: no {word!r}; choose from {', '.join(_SHOWN)}",
                f"--with: «{word}» нет; есть {', '.join(_SHOWN)}",
            ))  # fmt: skip
    return [_SHOWN[w] for w in words]


def _picture(knowledge: "KnowledgeBase", found: "Graph", one: bool) -> str:
    from salesdx.language import Text
    from salesdx.workbench.graph_picture import around, overview

    if one:
        return around(found, language())
    title = Text(
        en=f"Causes of weak sales: {len(knowledge.causes)}",
        ru=f"Причины слабых продаж: {len(knowledge.causes)}",
    )
    return overview(found, language(), title)


def _write(out: Path, svg: str) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(svg + "\n", encoding="utf-8", newline="\n")


def _lines(found: "Graph") -> Iterator[str]:
    """Every node with what it points at; alone where it points at nothing."""
    from salesdx.workbench.graph_shapes import EDGES, KINDS

    titles = {n.key: n.title.in_(language()) for n in found.nodes}
    for node in found.nodes:
        kind = KINDS[node.kind].in_(language())
        yield f"{node.id}  {titles[node.key]} ({kind})"
        for e in found.edges:
            if e.start == node.key:
                yield f"  {EDGES[e.kind].in_(language())}: {titles[e.end]}"
