"""Print results to stdout and progress to stderr."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from salesdx.cli.wording import language
from salesdx.errors import in_language

_AT_ONCE = 0.5  # seconds for which no bar is worth showing


def print_json(data: Any) -> None:
    """Print plain data as JSON text."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Lay rows out in columns; `right` are the columns set flush right."""
    if not rows:
        return ""
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def watched() -> bool:
    """Whether somebody looks at stderr: a terminal, and no build server."""
    return (
        sys.stderr.isatty()
        and not os.environ.get("CI")
        and os.environ.get("TERM") != "dumb"
    )


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on stderr that work goes on; silent unless stderr is a terminal."""
    if not watched():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


Advance = Callable[[str, int, int], None]


@contextmanager
def advancing(what: str) -> Iterator[Advance]:
    """A bar on stderr that is told what is done now; silent as `working` is.

    Told `(what, done, total)`; without a total the bar only shows that work goes on.
    """
    if not watched():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[of]}"),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, of="")

        def advance(told: str, done: int, total: int) -> None:
            bar.update(
                task, description=told, completed=done, total=total or None,
                of=f"{done}/{total}" if total else "",
            )  # fmt: skip

        yield advance


@contextmanager
def percent(what: str) -> Iterator[Advance]:
    """A bar in percent on stderr, of work that takes longer than a moment.

    Told as `advancing` is; messages in both languages are shown in that of this run.
    """
    if not watched():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    started = time.monotonic()

    def advance(told: str, done: int, total: int) -> None:
        if time.monotonic() - started > _AT_ONCE:
            bar.start()
        shown = in_language(told, language())
        bar.update(task, description=shown, completed=done, total=total or None)

    try:
        yield advance
    finally:
        bar.stop()
