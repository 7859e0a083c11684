"""`salesdx kb test`: the tests that stand beside the rules."""

import locale
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_GATE, in_language

if TYPE_CHECKING:  # imported late: `--help` must come up at once
    from salesdx.workbench.testing import Failure, Lacking, Report
    from salesdx.workbench.trees import Marks


@click.command(
    "test",
    cls=Command,
    help=say(
        "Run the tests of all causes, or of one; exit 1 when one fails or a rule is "
        "not shown firing, silent and unknown. A failed test shows the condition with "
        "the values it was given.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb test\n"
        "  salesdx kb test immature-deals",
        "Выполнить испытания всех причин или одной; код 1, если испытание не прошло "
        "или для правила не показано «сработало», «молчит» и «неизвестно». У того, что "
        "не прошло, показано условие с теми значениями, что в нём даны.\n\n"
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
    if as_ == "json":
        print_json(_as_data(report))
    else:
        for line in _in_full(report):
            click.echo(line)
    return EXIT_GATE if report.failures or report.lacking else 0


def _in_full(report: "Report") -> Iterator[str]:
    marks = signs()
    told = ("", "")
    for failure in report.failures:
        yield from _failure(failure, marks)
        here = (failure.cause, failure.test)
        if failure.bill and here != told:  # once a test, whatever it expected of it
            yield from (f"    {x}" for x in failure.bill.lines(language(), marks))
            told = here
    for row in report.lacking:
        yield row.problem.text(language())
    for cause, rule in report.todo:
        yield say(f"todo: {cause}/{rule}", f"не испытано (todo): {cause}/{rule}")
    summary = say(
        f"Tests: {report.tests}, failed: {len(report.failures)}, "
        f"not fully tested: {len(report.lacking)}",
        f"Испытаний: {report.tests}, не прошло: {len(report.failures)}, "
        f"не полностью испытано: {len(report.lacking)}",
    )
    if report.todo:
        summary += f", todo: {len(report.todo)}"
    yield summary


def _failure(failure: "Failure", marks: "Marks") -> Iterator[str]:
    yield f"{marks[False]} {failure.problem.text(language())}"
    if failure.rule_at:
        yield say(f"    rule: {failure.rule_at}", f"    правило: {failure.rule_at}")
    if failure.tree:
        yield from (f"    {x}" for x in failure.tree.lines(language(), marks))


def signs() -> "Marks":
    """✓ and ✗, or + and - where the terminal cannot show them."""
    from salesdx.workbench.trees import ASCII, SIGNS

    shown = locale.getencoding() if sys.stdout.isatty() else sys.stdout.encoding
    try:
        "".join(SIGNS.values()).encode(shown or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return SIGNS


def _as_data(report: "Report") -> dict[str, object]:
    return {
        "tests": report.tests,
        "failures": [_failed(f) for f in report.failures],
        "untested": [_lacking(row) for row in report.lacking],
        "todo": [{"cause": c, "rule": r} for c, r in report.todo],
    }


def _failed(failure: "Failure") -> dict[str, object]:
    where = failure.problem
    return {
        "file": where.file, "line": where.line, "col": where.col,
        "cause": failure.cause, "test": failure.test, "rule": failure.rule or None,
        "rule_at": failure.rule_at or None, "expected": failure.expected or None,
        "got": failure.got or None, "message": failure.message,
        "message_ru": in_language(failure.message, "ru"),
        "tree": failure.tree.as_data() if failure.tree else None,
        "bill": failure.bill.as_data() if failure.bill else None,
    }  # fmt: skip


def _lacking(row: "Lacking") -> dict[str, object]:
    from salesdx.workbench.testing import STATE_WORDS

    where = row.problem
    return {
        "file": where.file, "line": where.line, "col": where.col, "cause": row.cause,
        "rule": row.rule.id, "lacks": [str(STATE_WORDS[s]) for s in row.states],
        "message": str(row.text), "message_ru": row.text.ru,
    }  # fmt: skip
