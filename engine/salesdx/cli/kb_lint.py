"""`salesdx kb lint`: every fault of the knowledge, with its place."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import LANGUAGES, language, say
from salesdx.errors import (
    EXIT_KNOWLEDGE,
    Problem,
    Said,
    UsageError,
    hinted,
    in_language,
)

if TYPE_CHECKING:  # imported late: `--help` must come up at once
    from salesdx.workbench.lint.fixes import Mended

SHOWN = 20  # with more problems than this the lines of the files are left out
WIDTH = 100


@click.command(
    "lint",
    cls=Command,
    help=say(
        "Check every file of the knowledge base and of the overlays; exit 4 when "
        "something is wrong. What is meant so is excluded, with the reason, in "
        "lint.yaml of the folder.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb lint --kb my-knowledge\n"
        "  salesdx kb lint --kb my-knowledge --fix\n"
        "  salesdx kb lint --explain missing-test",
        "Проверить все файлы базы знаний и наложений; код 4, если что-то не так. То, "
        "что так и задумано, исключают с объяснением в lint.yaml своей папки.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb lint --kb my-knowledge\n"
        "  salesdx kb lint --kb my-knowledge --fix\n"
        "  salesdx kb lint --explain missing-test",
    ),
)
@click.option(
    "--fix",
    is_flag=True,
    help=say(
        "Mend what is certain in the folders of --kb: slips in names, percents for "
        "shares. Nothing else changes.",
        "Исправить в папках --kb то, что не вызывает сомнений: описки в кодах, "
        "проценты вместо долей. Остальное не меняется.",
    ),
)
@click.option(
    "--dry-run",
    is_flag=True,
    help=say(
        "With --fix: show the changes, write nothing.",
        "С --fix: показать правки, ничего не записывая.",
    ),
)
@click.option(
    "--explain",
    metavar=say("CODE", "КОД"),
    help=say("Show the page of a code.", "Показать страницу о коде."),
)
@options.overlays()
@options.output_format()
@options.lang()
def lint(
    fix: bool, dry_run: bool, explain: str | None, overlays: tuple[Path, ...], as_: str
) -> int:
    """Print the problems."""
    if explain:
        _explain(explain, as_)
        return 0
    if fix or dry_run:
        return _fix(overlays, as_, dry_run=dry_run)
    from salesdx.workbench.lint import lint as run

    problems = run(overlays)
    if as_ == "json":
        print_json([_as_row(p) for p in problems])
    else:
        _print(problems, overlays)
    return EXIT_KNOWLEDGE if problems else 0


def _print(problems: Sequence[Problem], overlays: Sequence[Path]) -> None:
    from salesdx.workbench.lint.sources import Sources

    sources = Sources(overlays)
    for problem in problems:
        click.echo(problem.text(language()))
        line = sources.line(problem.file, problem.line)
        if line and len(problems) <= SHOWN:
            for shown in _pointed(line, problem.col):
                click.echo(shown)
    click.echo(_count(problems), err=bool(problems))


def _pointed(line: str, col: int) -> Iterator[str]:
    """A line of the file, cut to what fits, and a mark under the column."""
    start = 0 if col <= WIDTH - 20 else col - WIDTH // 2
    cut = "".join(c if c.isprintable() else " " for c in line[start:][:WIDTH])
    yield f"    {cut.rstrip()}"
    yield " " * (col - start + 3) + "^"


def _count(problems: Sequence[Problem]) -> str:
    if not problems:
        return say("No problems.", "Ошибок нет.")
    counts = Counter(p.code for p in problems)
    told = ", ".join(f"{code} {n}" for code, n in sorted(counts.items()))
    n = len(problems)
    return say(f"Problems: {n} ({told})", f"Ошибок: {n} ({told})")


def _as_row(problem: Problem) -> dict[str, object]:
    """A problem for programs: `message` and `hint` in English, `_ru` beside them."""
    from salesdx.workbench.lint.codes import page
    from salesdx.workbench.lint.fixes import fixable

    names = ("file", "line", "col", "code", "message", "hint")
    return (
        {n: getattr(problem, n) for n in names}
        | {
            f"{n}_ru": in_language(getattr(problem, n), "ru")
            for n in ("message", "hint")
        }
        | {"docs": page(problem.code), "docs_ru": page(problem.code, "ru")}
        | {"fixable": fixable(problem)}
    )


def _fix(overlays: tuple[Path, ...], as_: str, *, dry_run: bool) -> int:
    if not overlays:
        raise UsageError(
            Said(
                "name your folder with --kb: the shipped knowledge is not changed",
                "укажите свою папку через --kb: поставляемая база не меняется",
            )
        )
    from salesdx.workbench.lint.fixes import mend

    mended = mend(overlays, write=not dry_run)
    if as_ == "json":
        print_json(_as_data(mended))
    else:
        for one in mended.fixes:
            click.echo(one.text())
        if dry_run and mended.diff:
            click.echo(mended.diff, nl=False)
        click.echo(_changes(len(mended.fixes), dry_run=dry_run))
        _print(mended.problems, () if dry_run else overlays)
    return EXIT_KNOWLEDGE if mended.problems else 0


def _changes(number: int, *, dry_run: bool) -> str:
    if not number:
        return say("Nothing is certain enough to mend.", "Исправлять наверняка нечего.")
    if dry_run:
        return say(f"Would change: {number}", f"Будет исправлено: {number}")
    return say(f"Changed: {number}", f"Исправлено: {number}")


def _as_data(mended: "Mended") -> dict[str, object]:
    rows = [
        {
            "file": f.problem.file, "line": f.problem.line, "col": f.problem.col,
            "code": f.problem.code, "old": f.old, "new": f.new,
        }
        for f in mended.fixes
    ]  # fmt: skip
    left = [_as_row(p) for p in mended.problems]
    return {"changes": rows, "diff": mended.diff, "problems": left}


def _unwritten(code: str, text: str) -> str:
    return f"# {code}\n\n{text}\n"


def _explain(code: str, as_: str) -> None:
    """The page of a code, as it stands in the manual."""
    from salesdx.content import content, did_you_mean
    from salesdx.workbench.lint.codes import CODES, page

    if code not in CODES:
        what = Said(f"no code {code!r}", f"нет кода «{code}»")
        raise UsageError(hinted(what, did_you_mean(code, CODES)))
    text = CODES[code].text
    pages = {
        x: file.read_text(encoding="utf-8")
        if file.is_file()
        else _unwritten(code, text.in_(x))
        for x in LANGUAGES
        for file in [content("docs") / page(code, x)]
    }
    if as_ == "json":
        print_json({
            "code": code, "text": text.en, "text_ru": text.ru,
            "page": pages["en"], "page_ru": pages["ru"],
            "excludable": not CODES[code].loads, "fixable": CODES[code].fixable,
        })  # fmt: skip
        return
    click.echo(pages[language()], nl=False)
