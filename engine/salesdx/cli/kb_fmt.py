"""`salesdx kb fmt`: one way to write knowledge files."""

from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import (
    EXIT_DATA,
    EXIT_GATE,
    EXIT_KNOWLEDGE,
    EXIT_OK,
    Problem,
    Said,
    UsageError,
    in_language,
    reason_of,
)

_PARTS = ("causes", "symptoms", "remedies", "benchmarks", "questionnaires", "additions",
          "tuning.yaml", "pack.yaml")  # fmt: skip


@click.command(
    "fmt",
    cls=Command,
    help=say(
        "Write knowledge files in one way: order of keys, indentation, quotes. "
        "Comments stay and nothing changes its meaning; a file of which this cannot "
        "be shown stays as it is. Without a path: the current folder.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb fmt my-knowledge\n"
        "  salesdx kb fmt --check my-knowledge",
        "Записать файлы базы знаний единообразно: порядок ключей, отступы, кавычки. "
        "Комментарии остаются, смысл не меняется; если это нельзя доказать, файл "
        "остаётся как есть. Без пути — текущая папка.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb fmt my-knowledge\n"
        "  salesdx kb fmt --check my-knowledge",
    ),
)
@click.argument(
    "paths", nargs=-1, metavar=say("[PATH]...", "[ПУТЬ]..."),
    type=click.Path(path_type=Path, exists=True),
)  # fmt: skip
@click.option(
    "--check", is_flag=True,
    help=say("Write nothing; exit 1 when a file would change.",
             "Ничего не записывать; код 1, если какой-то файл изменился бы."),
)  # fmt: skip
@options.output_format()
@options.lang()
def fmt(paths: tuple[Path, ...], check: bool, as_: str) -> int:
    """Format the files and list those that changed."""
    from salesdx.workbench.formatting import format_files, knowledge_files
    from salesdx.workbench.inserting import replace_whole

    if not paths:
        if not any(Path(part).exists() for part in _PARTS):
            raise UsageError(Said(
                "there is no knowledge in this folder; name a folder or a file",
                "в этой папке нет базы знаний; укажите папку или файл",
            ))  # fmt: skip
        paths = (Path(),)
    files = knowledge_files(paths)
    changed: list[str] = []
    problems: list[Problem] = []
    for one in format_files(files):
        name = one.path.as_posix()
        problems += one.problems
        if one.text is None:
            continue
        if not check:
            try:
                replace_whole(one.path, one.text)
            except OSError as error:
                reason = reason_of(error, "cannot be written")
                problems.append(Problem(name, 0, 0, "file", reason))
                continue
        changed.append(name)
    _print(changed, problems, len(files), check, as_)
    if any(p.code == "file" for p in problems):
        return EXIT_DATA
    if problems:
        return EXIT_KNOWLEDGE
    return EXIT_GATE if check and changed else EXIT_OK


def _print(
    changed: list[str], problems: list[Problem], files: int, check: bool, as_: str
) -> None:
    if as_ == "json":
        names = ("file", "line", "col", "code", "message", "hint")
        rows = [
            {n: getattr(p, n) for n in names}
            | {f"{n}_ru": in_language(getattr(p, n), "ru") for n in ("message", "hint")}
            for p in problems
        ]
        print_json({"files": files, "changed": changed, "problems": rows})
        return
    for name in changed:
        click.echo(name)
    for problem in problems:
        click.echo(problem.text(language()), err=True)
    told = say("would change", "изменились бы") if check else say("changed", "изменено")
    click.echo(say(f"Files: {files}, {told}: {len(changed)}",
                   f"Файлов: {files}, {told}: {len(changed)}"))  # fmt: skip
