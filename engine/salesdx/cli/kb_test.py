"""`salesdx kb test`: the tests that stand beside the rules."""

import locale
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, working
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_GATE, in_language

if TYPE_CHECKING:  # imported late: `--help` must come up at once
    from salesdx.knowledge.base import KnowledgeBase
    from salesdx.workbench.testing import Failure, Lacking, Report
    from salesdx.workbench.trees import Marks


@click.command(
    "test",
    cls=Command,
    help=say(
        "Run the tests of all causes, or of one; exit 1 when one fails or a rule is "
        "not shown firing, silent and unknown. A failed test shows the condition with "
        "the values it was given.\n\n"
        "--suggest writes the missing tests. --mutants changes every condition a "
        "little and tells what the tests do not notice; with --suggest it writes "
        "tests that would.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb test\n"
        "  salesdx kb test immature-deals\n"
        "  salesdx kb test immature-deals --suggest\n"
        "  salesdx kb test immature-deals --mutants",
        "Выполнить испытания всех причин или одной; код 1, если испытание не прошло "
        "или для правила не показано «сработало», «молчит» и «неизвестно». У того, что "
        "не прошло, показано условие с теми значениями, что в нём даны.\n\n"
        "--suggest пишет недостающие испытания. --mutants понемногу меняет каждое "
        "условие и говорит, чего испытания не заметили; вместе с --suggest — пишет "
        "те, что заметят.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb test\n"
        "  salesdx kb test immature-deals\n"
        "  salesdx kb test immature-deals --suggest\n"
        "  salesdx kb test immature-deals --mutants",
    ),
)
@click.argument("cause", required=False, metavar=say("[CAUSE]", "[ПРИЧИНА]"))
@click.option(
    "--suggest",
    is_flag=True,
    help=say(
        "Write the missing tests as YAML, ready to be pasted.",
        "Написать недостающие испытания на YAML: остаётся вставить в файл.",
    ),
)
@click.option(
    "--mutants",
    is_flag=True,
    help=say(
        "Change every condition a little; tell what no test notices.",
        "Понемногу менять условия и показать, чего не заметило ни одно испытание.",
    ),
)
@options.overlays()
@options.output_format()
@options.lang()
def test(
    cause: str | None, suggest: bool, mutants: bool, overlays: tuple[Path, ...],
    as_: str,
) -> int:  # fmt: skip
    """Print failures and what is untested."""
    from salesdx.cli.naming import cause_id
    from salesdx.knowledge.load import load
    from salesdx.workbench.testing import run

    knowledge = load(overlays)
    one = cause_id(knowledge, cause) if cause else None
    report = run(knowledge, one)
    if mutants and not report.failures:  # else every change would seem noticed
        return _mutants(knowledge, one, suggest, as_)
    if suggest and not report.failures:
        return _suggest(knowledge, report, as_)
    if as_ == "json":
        print_json(_as_data(report))
    else:
        for line in _in_full(report):
            click.echo(line)
    return EXIT_GATE if report.failures or report.lacking else 0


def _suggest(knowledge: "KnowledgeBase", report: "Report", as_: str) -> int:
    from salesdx.cli import kb_test_more as more
    from salesdx.workbench.missing_tests import suggest

    found = suggest(knowledge, report.lacking, language())
    if as_ == "json":
        print_json({"suggested": more.suggested_data(found, knowledge)})
    else:
        click.echo("\n".join(more.suggested(found, knowledge)))
    return EXIT_GATE if any(row.beyond for row in found) else 0


def _mutants(
    knowledge: "KnowledgeBase", cause: str | None, suggest: bool, as_: str
) -> int:
    from salesdx.cli import kb_test_more as more
    from salesdx.workbench.noticing import mutate, noticing_tests

    with working(say("changing conditions", "меняем условия")):
        found = mutate(knowledge, cause)
        tests = noticing_tests(knowledge, found.real, language()) if suggest else []
    if as_ == "json":
        data = more.survivors_data(found)
        if suggest:
            data["suggested"] = more.suggested_data(tests, knowledge)
        print_json(data)
    elif suggest:
        click.echo("\n".join(more.suggested(tests, knowledge)))
    else:
        click.echo("\n".join(more.survivors(found)))
    return 0


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
    if report.changed:
        number = len(report.changed)
        yield say(
            f"Changed by your knowledge, not failed ({number}):",
            f"Изменились под вашей базой знаний, это не ошибки ({number}):",
        )
    for failure in report.changed:
        yield f"~ {failure.problem.text(language())}"
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
        "changed": [_failed(f) for f in report.changed],
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
