"""`salesdx doctor`: whether this machine has all that salesdx needs."""

import importlib
import sys
from collections.abc import Callable

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import say
from salesdx.errors import EXIT_GATE

Check = tuple[str, bool, bool, str]  # what, is it well, is it required, detail


@click.command(
    "doctor",
    cls=Command,
    help=say(
        "Look whether Python, the rule engine, the PDF writer, its fonts and the "
        "knowledge base are in order.\n\n"
        "\b\nExample:\n"
        "  salesdx doctor",
        "Проверить Python, движок правил, вывод в PDF, шрифты и базу знаний.\n\n"
        "\b\nПример:\n"
        "  salesdx doctor",
    ),
)
@options.lang()
@options.output_format()
def doctor(as_: str) -> int:
    """Print one line a check; exit 1 when something required is missing."""
    checks = [
        _python(),
        _try("durable_rules", _durable, required=False),
        _try("duckdb", lambda: importlib.import_module("duckdb").__version__),
        _try("typst (PDF)", _typst, required=False),
        _try(say("knowledge base", "база знаний"), _knowledge),
        _try(say("kept figures", "сохранённые показатели"), _kept, required=False),
    ]
    if as_ == "json":
        names = ("check", "ok", "required", "detail")
        print_json([dict(zip(names, c, strict=True)) for c in checks])
    else:
        for what, well, required, detail in checks:
            mark = "✓" if well else "✗" if required else "!"
            click.echo(f"{mark} {what}: {detail}")
    return EXIT_GATE if any(r and not w for _, w, r, _ in checks) else 0


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return "Python", sys.version_info >= (3, 11), True, version


def _try(what: str, look: Callable[[], str], required: bool = True) -> Check:
    try:
        return what, True, required, look()
    except Exception as error:  # a broken part may raise anything
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return what, False, required, first


def _durable() -> str:
    from salesdx.inference.executors import choose
    from salesdx.knowledge.load import load

    name = type(choose(load(), "durable")).__name__
    return say(f"imports ({name})", f"работает ({name})")


def _typst() -> str:
    import typst

    page = "#set page(width: 40mm, height: 20mm)\nЖ ₽".encode()
    size = len(typst.compile(page))
    return say(f"a page with Cyrillic, {size} bytes", f"страница собрана, {size} байт")


def _knowledge() -> str:
    from salesdx.knowledge.load import load

    base = load()
    return say(
        f"{base.pack.id} {base.pack.version}: {len(base.causes)} causes, "
        f"{len(base.questions)} questions",
        f"{base.pack.id} {base.pack.version}: причин {len(base.causes)}, вопросов "
        f"{len(base.questions)}",
    )


def _kept() -> str:
    from salesdx.language import number
    from salesdx.measured.cache import SWITCH, cache_folder, kept

    folder = cache_folder()
    if folder is None:
        return say(f"off ({SWITCH}=off)", f"не хранятся ({SWITCH}=off)")
    cases, size = kept()
    size_en, size_ru = number(size / 1e6, "en"), number(size / 1e6, "ru")
    return say(
        f"{folder}: cases {cases}, {size_en} MB",
        f"{folder}: разборов {cases}, {size_ru} МБ",
    )
