"""Run the analysis of a case for a command; imported late, for it is heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesdx.cli.checkout import is_of_database
from salesdx.cli.options import LOCAL_SPARK
from salesdx.cli.output import advancing
from salesdx.cli.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from salesdx.analysis import Analysis
    from salesdx.metrics.engines import Connect, Name


def run_analysis(
    case: Path,
    overlays: Sequence[Path],
    executor: str,
    engine: Name | None = None,
    master: str = LOCAL_SPARK,
    *,
    ask_next: bool = True,
) -> Analysis:
    """Analyse a case, showing on stderr how far it has come.

    Figures of before are taken while nothing changed, unless an engine is asked for.
    Those of a database are not kept: its cases lie in a folder for this run only.
    """
    stages = {
        "knowledge": say("Reading the tables…", "Читаем таблицы…"),
        "metrics": say("Computing the figures…", "Считаем показатели…"),
        "losses": say("Looking for losses…", "Ищем потери…"),
        "rules": say("Looking for causes…", "Ищем причины…"),
    }
    with advancing(say("Starting…", "Начинаем…")) as advance:
        from salesdx.analysis import analyse

        connect = _named(engine, master) if engine else None

        def progress(stage: str, done: int = 0, total: int = 0, /) -> None:
            advance(stages.get(stage, stage), done, total)

        return analyse(
            case, overlays=overlays, executor=executor, progress=progress,
            engine=connect, ask_next=ask_next, remember=not is_of_database(case),
        )  # fmt: skip


def _named(engine: Name, master: str) -> Connect:
    from salesdx.metrics import engines

    return engines.named(engine, master)
