"""`salesdx kb`: what trainers need to write and prove knowledge."""

from collections.abc import Sequence
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command, Entry, LazyGroup
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import (
    EXIT_GATE,
    EXIT_KNOWLEDGE,
    Problem,
    Said,
    UsageError,
    in_language,
)

_HERE = "salesdx.cli.kb"
_ENTRIES: dict[str, Entry] = {
    "lint": (
        f"{_HERE}:lint",
        "Find every fault, with file, line and a hint.",
        "Найти все ошибки: файл, строка и подсказка.",
    ),
    "test": (
        f"{_HERE}:test",
        "Run the tests that stand beside the rules.",
        "Выполнить испытания, записанные рядом с правилами.",
    ),
    "coverage": (
        "salesdx.cli.kb_coverage:coverage",
        "Which causes can become likely from answers, from data, from both.",
        "Какие причины можно подтвердить по ответам, по данным, по тем и другим.",
    ),
    "export": (
        f"{_HERE}:export",
        "List every question, metric, symptom, cause, rule and remedy.",
        "Перечислить вопросы, показатели, симптомы, причины, правила и меры.",
    ),
    "schema": (
        f"{_HERE}:schema",
        "JSON schemas of the files, for editors.",
        "JSON-схемы файлов для редакторов.",
    ),
}


kb = LazyGroup(
    _ENTRIES,
    name="kb",
    help=say(
        "The knowledge base: causes, rules, questions and remedies in YAML files.\n\n"
        "\b\nExample:\n"
        "  salesdx kb test --kb my-knowledge",
        "База знаний: причины, правила, вопросы и меры в файлах YAML.\n\n"
        "\b\nПример:\n"
        "  salesdx kb test --kb my-knowledge",
    ),
)


@click.command(
    "lint",
    cls=Command,
    help=say(
        "Check every file of the knowledge base and of the overlays; exit 4 when "
        "something is wrong.\n\n"
        "\b\nExample:\n"
        "  salesdx kb lint --kb my-knowledge",
        "Проверить все файлы базы знаний и наложений; код 4, если что-то не так.\n\n"
        "\b\nПример:\n"
        "  salesdx kb lint --kb my-knowledge",
    ),
)
@options.overlays()
@options.output_format()
@options.lang()
def lint(overlays: tuple[Path, ...], as_: str) -> int:
    """Print the problems."""
    from salesdx.workbench.lint import lint as run

    problems = run(overlays)
    if as_ == "json":
        print_json([_as_row(p) for p in problems])
    else:
        for problem in problems:
            click.echo(problem.text(language()))
        click.echo(_count(len(problems)), err=bool(problems))
    return EXIT_KNOWLEDGE if problems else 0


def _as_row(problem: Problem) -> dict[str, object]:
    """A problem for programs: `message` and `hint` in English, `_ru` beside them."""
    names = ("file", "line", "col", "code", "message", "hint")
    return {n: getattr(problem, n) for n in names} | {
        f"{n}_ru": in_language(getattr(problem, n), "ru") for n in ("message", "hint")
    }


def _count(number: int) -> str:
    if not number:
        return say("No problems.", "Ошибок нет.")
    return say(f"Problems: {number}", f"Ошибок: {number}")


@click.command(
    "test",
    cls=Command,
    help=say(
        "Run the tests of all causes, or of one; exit 1 when one fails or a rule is "
        "not shown firing, silent and unknown.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb test\n"
        "  salesdx kb test immature-deals",
        "Выполнить испытания всех причин или одной; код 1, если испытание не прошло "
        "или для правила не показано «сработало», «молчит» и «неизвестно».\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb test\n"
        "  salesdx kb test immature-deals",
    ),
)
@click.argument("cause", required=False, metavar=say("[CAUSE]", "[ПРИЧИНА]"))
@options.overlays()
@options.output_format()
@options.lang()
def test(cause: str | None, overlays: tuple[Path, ...], as_: str) -> int:
    """Print failures and what is untested."""
    from salesdx.cli.naming import cause_id
    from salesdx.knowledge.load import load
    from salesdx.workbench.testing import run

    knowledge = load(overlays)
    report = run(knowledge, cause_id(knowledge, cause) if cause else None)
    bad = bool(report.failures or report.untested)
    if as_ == "json":
        failures = [
            {
                "cause": f.cause,
                "test": f.test,
                "message": f.message,
                "message_ru": in_language(f.message, "ru"),
            }
            for f in report.failures
        ]
        print_json(
            {
                "tests": report.tests,
                "failures": failures,
                "untested": report.untested,
            }
        )
        return EXIT_GATE if bad else 0
    for failure in report.failures:
        message = in_language(failure.message, language())
        click.echo(f"✗ {failure.cause}: {failure.test}: {message}")
        for line in failure.tree:
            click.echo(f"    {line}")
    for line in report.untested:
        click.echo(f"! {in_language(line, language())}")
    click.echo(
        say(
            f"Tests: {report.tests}, failed: {len(report.failures)}, "
            f"not fully tested: {len(report.untested)}",
            f"Испытаний: {report.tests}, не прошло: {len(report.failures)}, "
            f"не полностью испытано: {len(report.untested)}",
        )
    )
    return EXIT_GATE if bad else 0


@click.command(
    "export",
    cls=Command,
    help=say(
        "List all that the knowledge base names, with ids, refs, options and titles; "
        "the codes are frozen.\n\n"
        "\b\nExample:\n"
        "  salesdx kb export --format json > knowledge.json",
        "Перечислить всё, что названо в базе знаний: коды, ссылки, варианты ответов и "
        "названия; коды не меняются.\n\n"
        "\b\nПример:\n"
        "  salesdx kb export --format json > knowledge.json",
    ),
)
@options.overlays()
@options.output_format()
@options.lang()
def export(overlays: tuple[Path, ...], as_: str) -> None:
    """Print the listing."""
    from salesdx.knowledge.load import load
    from salesdx.workbench.export import export as listing

    data = listing(load(overlays))
    if as_ == "json":
        print_json(data)
        return
    for kind, rows in data.items():
        if isinstance(rows, list):
            click.echo(f"{kind} ({len(rows)})")
            for row in rows:
                click.echo(f"  {_line(row)}")


def _line(row: object) -> str:
    if not isinstance(row, dict):
        return str(row)
    title = row.get("title") or {}
    refs = ", ".join(row.get("ref") or [])
    name = str(row.get("id") or row.get("code") or "")
    told = say(title.get("en", ""), title.get("ru", ""))
    return f"{name}{f' ({refs})' if refs else ''}  {told}".rstrip()


@click.command(
    "schema",
    cls=Command,
    help=say(
        "Print the JSON schema of one kind of file, or write all of them.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb schema cause\n"
        "  salesdx kb schema --out .salesdx/schema",
        "Напечатать JSON-схему одного вида файлов или записать все.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb schema cause\n"
        "  salesdx kb schema --out .salesdx/schema",
    ),
)
@click.argument("kind", required=False, metavar=say("[KIND]", "[ВИД]"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("DIR", "ПАПКА"),
    help=say("Write every schema here.", "Записать сюда все схемы."),
)
@options.lang()
def schema(kind: str | None, out: Path | None) -> None:
    """Print or write schemas."""
    import json

    from salesdx.workbench.schema import SCHEMAS
    from salesdx.workbench.schema import schema as of

    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name in SCHEMAS:
            path = out / f"{name}.json"
            path.write_text(json.dumps(of(name), ensure_ascii=False, indent=2) + "\n")
            click.echo(str(path))
    elif kind in SCHEMAS:
        print_json(of(str(kind)))
    else:
        raise UsageError(_kinds(sorted(SCHEMAS)))


def _kinds(names: Sequence[str]) -> Said:
    told = ", ".join(names)
    return Said(f"name one of: {told}", f"назовите один из видов: {told}")
