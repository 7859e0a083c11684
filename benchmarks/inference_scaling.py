"""How the column executor grows: cases, rules, chunks, memory, and what bounds it.

Everything is measured in a fresh child process with one thread, in its processor
seconds: the peak is then its own, and other work on the machine changes little. Made
up chunk by chunk; making them up is not timed. A child is
python benchmarks/inference_scaling.py WHAT ARGUMENTS
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from inference_many import Source, bytes_in, bytes_out, check, neutral, shipped

from salesdx.inference.columnar.judging import judge
from salesdx.inference.executors import choose, durable_available
from salesdx.inference.infer import infer

ENOUGH = 0.5  # seconds of work behind a figure
SINGLES = 10  # cases a round that go one by one
CHECKED = 20  # cases that must be equal before any time counts
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def measured(*arguments: object) -> dict[str, Any]:
    """What a child measured."""
    done = subprocess.run(
        [sys.executable, __file__, *map(str, arguments)],
        check=True, capture_output=True, text=True, env=os.environ | _ONE_THREAD,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def source(name: str) -> Source:
    """`shipped`, or the neutral base of so many rules."""
    return shipped() if name == "shipped" else neutral(int(name))


def many(name: str, cases: int, size: int) -> dict[str, Any]:
    """Microseconds a case, and the peak of a process that judges so many cases."""
    whole = source(name)
    for batch in islice(whole.chunks(cases, min(size, cases)), 1):
        judge(whole.knowledge, batch)  # once, so that nothing is made on first use
    passes: list[float] = []
    while sum(passes) < ENOUGH:
        spent = 0.0
        for batch in whole.chunks(cases, size):
            started = time.process_time()
            judge(whole.knowledge, batch)
            spent += time.process_time() - started
        passes.append(spent)
    return {"us": median(passes) / cases * 1e6, "mib": _peak()}


def _peak() -> float:
    """Most memory of this process, MiB; on Linux `ru_maxrss` begins at the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (w for w in status.read_text().split("\n") if "VmHWM" in w)
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def chunks(name: str, sizes: Sequence[int], cases: int) -> dict[str, float]:
    """Chunk -> microseconds a case; the sizes take turns."""
    whole = source(name)
    times: dict[int, list[float]] = {s: [] for s in sizes}
    for _ in range(3):
        for size in sizes:
            spent = 0.0
            for batch in whole.chunks(cases, size):
                started = time.process_time()
                judge(whole.knowledge, batch)
                spent += time.process_time() - started
            times[size].append(spent / cases * 1e6)
    return {str(s): median(t) for s, t in times.items()}


def executors(name: str, size: int, rounds: int) -> dict[str, list[float]]:
    """Executor -> microseconds a case of every round; in turns, on the same facts."""
    from inference_ours import facts_at

    whole = source(name)
    batch = whole.batch(size)
    engines = {"reference": choose(whole.knowledge, "reference")}
    if durable_available():
        engines["durable"] = choose(whole.knowledge, "durable")
    found = judge(whole.knowledge, batch)
    for engine in engines.values():
        check(whole, batch, found, engine, min(CHECKED, size))
    del found
    singles = [facts_at(batch, row) for row in range(min(SINGLES, size))]
    times: dict[str, list[float]] = {n: [] for n in (*engines, "columns")}
    for _ in range(rounds):
        for title, engine in engines.items():
            started = time.process_time()
            for facts in singles:
                infer(whole.knowledge, facts, engine)
            spent = time.process_time() - started
            times[title].append(spent / len(singles) * 1e6)
        started = time.process_time()
        judge(whole.knowledge, batch)
        times["columns"].append((time.process_time() - started) / size * 1e6)
    return times


def limit(name: str, size: int) -> dict[str, float]:
    """Bytes in and out of a case, and bytes a second that this machine copies."""
    whole = source(name)
    batch = whole.batch(size)
    out = bytes_out(judge(whole.knowledge, batch))
    here = np.full(1 << 28, 1, np.uint8)  # far more than any cache
    there = np.full(1 << 28, 2, np.uint8)  # written once, so that its pages are there
    times = []
    for _ in range(7):
        started = time.perf_counter()
        np.copyto(there, here)
        times.append(time.perf_counter() - started)
    gigabytes = 2 * here.nbytes / median(times) / 1e9  # read, and written
    return {"in": bytes_in(batch), "out": out, "gbs": gigabytes}


def main() -> None:
    """One measurement, as JSON."""
    what, name, *rest = sys.argv[1:]
    numbers = [int(n) for n in rest]
    found: Any
    match what:
        case "many":
            found = many(name, *numbers)
        case "chunks":
            found = chunks(name, numbers[1:], numbers[0])
        case "executors":
            found = executors(name, *numbers)
        case _:
            found = limit(name, *numbers)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
