"""The older result that a command compares a case with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli.checkout import shown
from salesdx.cli.wording import say
from salesdx.runs import before, read
from salesdx.runs import save as save_result

if TYPE_CHECKING:
    from salesdx.analysis import Analysis
    from salesdx.compare import Comparison
    from salesdx.result import ResultDocument

NONE = "none"
RESULTS = "results"


def since(found: Analysis, case: Path, wanted: str = "") -> Comparison | None:
    """What changed since an older result; None where there is none.

    Args:
        found: the case as it is.
        case: its folder.
        wanted: the file of the older result, `none`, or the newest saved one if empty.

    Raises:
        DataError: the file cannot be read, or is no result of ours.
    """
    if wanted == NONE:
        return None
    then = read(Path(wanted)) if wanted else before(found.document, case / RESULTS)
    if then is None:
        return None
    from salesdx.compare import compare

    return compare(then, found.document, found.knowledge)


def keep(document: ResultDocument, case: Path) -> None:
    """Save the result for later comparison, and tell where."""
    path = shown(save_result(document, case / RESULTS))
    click.echo(say(f"Saved: {path}", f"Сохранено: {path}"), err=True)
