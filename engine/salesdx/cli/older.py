"""The older result that a command compares a case with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli.checkout import shown
from salesdx.cli.wording import language, say

if TYPE_CHECKING:
    from salesdx.analysis import Analysis
    from salesdx.compare import Comparison
    from salesdx.result import ResultDocument
    from salesdx.runs import Saved

NONE = "none"
RESULTS = "results"


def named(wanted: str) -> ResultDocument | None:
    """The older result in the file that was named; None where none was, or `none`.

    Raises:
        DataError: the file cannot be read, or is no result of ours.
    """
    from salesdx.runs import read

    return read(Path(wanted)) if wanted and wanted != NONE else None


def since(
    found: Analysis, case: Path, then: ResultDocument | None = None
) -> Comparison | None:
    """What changed since an older result, by itself the newest saved one that differs.

    None where nothing is saved.
    """
    from salesdx.runs import before

    then = then or before(found.document, case / RESULTS)
    if then is None:
        return None
    from salesdx.compare import compare

    return compare(then, found.document, found.knowledge)


def keep(document: ResultDocument, case: Path) -> None:
    """Save the result for later comparison, and tell where."""
    from salesdx.runs import save as save_result

    path = shown(save_result(document, case / RESULTS))
    click.echo(say(f"Saved: {path}", f"Сохранено: {path}"), err=True)


def sound_runs(case: Path) -> list[Saved]:
    """The saved results of a case, oldest first; what is broken is told of."""
    from salesdx.runs import saved_runs

    runs, wrong = saved_runs(case / RESULTS)
    for fault in wrong:
        told = fault.text(language())
        click.echo(say(f"Passed over: {told}", f"Пропущено: {told}"), err=True)
    return runs
