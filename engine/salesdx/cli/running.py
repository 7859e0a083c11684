"""Run the analysis of a case for a command; imported late, for it is heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesdx.cli.output import working
from salesdx.cli.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from salesdx.analysis import Analysis


def run_analysis(case: Path, overlays: Sequence[Path], executor: str) -> Analysis:
    """Analyse a case, showing that work goes on."""
    with working(say("Analysing…", "Считаем…")):
        from salesdx.analysis import analyse

        return analyse(case, overlays=overlays, executor=executor)
