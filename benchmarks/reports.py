"""How long a report takes to print, format by format, and the whole set together.

Two results: the demo company, and the same with 200 findings (its own causes, gaps and
actions over and over, each under an id of its own). Medians, wall and processor
seconds, in this process, with everything imported. Run:
python benchmarks/reports.py [case folder] [runs]
"""

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from salesdx.analysis import analyse
from salesdx.demo import write_demo
from salesdx.render import FORMATS, edition_for, printed, render
from salesdx.result import ResultDocument

FINDINGS = 200


def many(document: ResultDocument, wanted: int) -> ResultDocument:
    """The result with so many likely or possible causes, gaps and actions."""
    found = [c for c in document.causes if c.verdict in {"likely", "possible"}]
    ids = {c.id: [f"{c.id}-{i}" for i in range(wanted)] for c in document.causes}

    def again(rows: list[Any]) -> list[Any]:
        copies = []
        for place, row in enumerate(islice(cycle(rows), wanted)):
            changes: dict[str, Any] = {"id": f"{row.id}-{place}"}
            if hasattr(row, "leads_to"):
                named = [ids[i][place] for i in row.leads_to if i in ids]
                changes |= {"leads_to": named, "slice": {}}
            copies.append(row.model_copy(update=changes))
        return copies

    seen = [x for x in document.losses if x.state in {"confirmed", "suspected"}]
    return document.model_copy(update={
        "causes": again(found), "losses": again(seen), "plan": again(document.plan),
    })  # fmt: skip


def timed(work: Callable[[], object], runs: int) -> tuple[float, float]:
    found = []
    for _ in range(runs):
        gc.collect()
        wall, used = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - used))
    walls, used_ = zip(*found, strict=True)
    return statistics.median(walls), statistics.median(used_)


def whole_set(document: ResultDocument) -> None:
    copy = edition_for(document, "ru")
    for name in FORMATS:
        printed(copy, name)


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as room:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else room)
        if len(sys.argv) < 2:
            write_demo(folder)
        document = analyse(folder).document
    for told, result in (
        ("the case", document),
        (f"{FINDINGS} findings", many(document, FINDINGS)),
    ):
        whole_set(result)
        for name in FORMATS:
            wall, used = timed(lambda f=name, r=result: render(r, f, "ru"), runs)
            print(f"{told:<14} {name:<6} {wall:6.2f} s  {used:6.2f} processor s")
        wall, used = timed(lambda r=result: whole_set(r), runs)
        print(f"{told:<14} all    {wall:6.2f} s  {used:6.2f} processor s", flush=True)


if __name__ == "__main__":
    main()
