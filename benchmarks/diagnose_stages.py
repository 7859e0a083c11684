"""Where the seconds of one cold diagnosis go; `diagnose.py` runs it in fresh processes.

python benchmarks/diagnose_stages.py FOLDER prints processor seconds by stage as JSON.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SPENT: dict[str, float] = {}


def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The same work; its seconds are added to the stage."""

    def run(*given: Any, **more: Any) -> Any:
        began = time.process_time()
        try:
            return work(*given, **more)
        finally:
            SPENT[stage] = SPENT.get(stage, 0.0) + time.process_time() - began

    return run


def load_what_judges() -> None:
    from salesdx import analysis  # noqa: F401
    from salesdx.render import terminal  # noqa: F401


def load_what_measures() -> None:
    from salesdx.case import reading  # noqa: F401
    from salesdx.measured import measuring  # noqa: F401


def diagnose(folder: Path) -> None:
    timed("import what judges and prints", load_what_judges)()
    from salesdx import analysis
    from salesdx.answers.log import load as answers
    from salesdx.measured import cache
    from salesdx.plan_edits import existing
    from salesdx.render.terminal import text

    tables, measure = analysis.load_case, analysis.measure

    def read(folder: Path) -> Any:
        timed("import what measures", load_what_measures)()
        return timed("read the tables", tables)(folder)

    def figures(*given: Any) -> Any:
        return timed("measure", measure)(*given)

    analysis.load_case, analysis.measure = read, figures
    cache.entry_of = timed("look for kept figures", cache.entry_of)
    cache.Entry.find = timed("look for kept figures", cache.Entry.find)
    cache.Entry.keep = timed("keep the figures", cache.Entry.keep)
    load = timed("read the knowledge", analysis.load)
    measured = analysis.measured_case(folder, load=load, remember=True)
    case = measured.case
    log = answers(case.answers_path, measured.knowledge, case.company.respondents)
    edits = existing(case.plan_path)
    found = timed("judge, with the next questions", analysis.judge)(
        measured, log, edits
    )  # fmt: skip
    timed("print", text)(found.document, "en")


if __name__ == "__main__":
    gc.set_threshold(100_000, 50, 50)  # as `salesdx.cli.main` does
    diagnose(Path(sys.argv[1]))
    SPENT["in all, with starting Python"] = time.process_time()
    print(json.dumps(SPENT))
