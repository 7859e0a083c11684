"""Print results to stdout and progress to stderr."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click


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


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on stderr that work goes on; silent unless stderr is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield
