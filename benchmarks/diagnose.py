"""How long one diagnosis takes: cold as a command, and warm step by step.

Medians over some runs, in seconds of wall time and of processor time. Run:
python benchmarks/diagnose.py [case folder] [runs]
Without a folder the demo company is made up; a folder is copied, and never written
into. Figures are kept in a cache of the benchmark's own: a first run finds none, later
ones find them, also after an answer has changed.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from salesdx.analysis import analyse, gather, measured_case
from salesdx.answers.facts import settle
from salesdx.answers.log import load as load_answers
from salesdx.case import load_case
from salesdx.demo import write_demo
from salesdx.inference.executors import choose, durable_available
from salesdx.inference.infer import infer
from salesdx.knowledge.load import load
from salesdx.measured.cache import SWITCH
from salesdx.measured.measuring import measure

STAGES = Path(__file__).with_name("diagnose_stages.py")
EXECUTORS = ("reference", "durable")
Times = tuple[float, float]  # wall, processor


def median(runs: int, work: Callable[[], object]) -> Times:
    """Median wall and processor seconds of a piece of work in this process."""
    found = []
    for _ in range(runs):
        wall, used = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - used))
    return medians(found)


def median_cold(
    runs: int, *arguments: str, first: Callable[[], object] = lambda: None
) -> Times:
    """Median wall and processor seconds of a fresh process; `first` is not timed."""
    found = []
    for _ in range(runs):
        first()
        before, wall = os.times(), time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL
        )
        after = os.times()
        used = after.children_user + after.children_system
        used -= before.children_user + before.children_system
        found.append((time.perf_counter() - wall, used))
    return medians(found)


def medians(found: list[Times]) -> Times:
    walls, used = zip(*found, strict=True)
    return statistics.median(walls), statistics.median(used)


def executors() -> Iterator[str]:
    return (e for e in EXECUTORS if e != "durable" or durable_available())


def forget() -> None:
    """Leave no figures of an earlier run."""
    shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True)


def commands(folder: Path, runs: int) -> Iterator[tuple[str, Times]]:
    """`salesdx diagnose` as somebody at the keyboard waits for it."""
    words = "-m", "salesdx", "diagnose", str(folder)
    yield "cold: diagnose, first run", median_cold(runs, *words, first=forget)
    yield "cold: diagnose, later runs", median_cold(runs, *words)
    answers = folder / "answers.yaml"

    def answer() -> None:
        with answers.open("a", encoding="utf-8") as file:
            file.write("\n# another state of the answers\n")

    yield "cold: diagnose, other answers", median_cold(runs, *words, first=answer)
    for name in executors():
        yield f"cold: later runs, {name}", median_cold(runs, *words, "--executor", name)
    os.environ[SWITCH] = "off"
    yield "cold: diagnose, cache off", median_cold(runs, *words)
    del os.environ[SWITCH]


def by_stages(folder: Path, runs: int, kept: bool) -> dict[str, float]:
    """Median processor seconds of each stage of a fresh process."""
    found: list[dict[str, float]] = []
    for _ in range(runs):
        if not kept:
            forget()
        done = subprocess.run(
            [sys.executable, str(STAGES), str(folder)], check=True, capture_output=True
        )
        found.append(json.loads(done.stdout))
    return {stage: statistics.median(f[stage] for f in found) for stage in found[0]}


def steps(folder: Path, runs: int) -> Iterator[tuple[str, Times]]:
    yield "cold: an empty Python", median_cold(runs, "-c", "pass")
    yield "cold: salesdx --help", median_cold(runs, "-m", "salesdx", "--help")
    yield (
        "cold: import salesdx.analysis",
        median_cold(runs, "-c", "import salesdx.analysis"),
    )
    yield from commands(folder, runs)
    case, knowledge = load_case(folder), load()
    figures, map_, _ = measure(case, knowledge)
    yield "warm: load the knowledge", median(runs, load)
    yield "warm: load the case", median(runs, lambda: load_case(folder))
    yield "warm: measure, with losses", median(runs, lambda: measure(case, knowledge))
    measured_case(folder, remember=True)
    yield (
        "warm: knowledge and kept figures",
        median(runs, lambda: measured_case(folder, remember=True)),
    )
    log = load_answers(case.answers_path, knowledge, case.company.respondents)
    said = settle(
        log, knowledge, {(m.metric, m.slice): m for m in figures if not m.period}
    )
    facts = gather(case, knowledge, figures, map_, said)
    model = case.company.sales_model
    for name in executors():
        engine = choose(knowledge, name)

        def judge(engine: object = engine) -> None:
            infer(
                knowledge, facts, engine, sales_model=model,
                benchmarks=case.company.benchmarks,
            )  # fmt: skip

        yield f"warm: infer, {name}", median(runs, judge)
    for name in executors():
        yield (
            f"warm: all of it, {name}",
            median(runs, lambda name=name: analyse(folder, executor=name)),
        )


def main() -> None:
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as made:
        os.environ["XDG_CACHE_HOME"] = str(Path(made, "cache"))
        folder = Path(made) / "case"
        if len(sys.argv) > 1:
            shutil.copytree(sys.argv[1], folder)
        else:
            write_demo(folder)
        print(f"{'median of ' + str(runs):34}{'wall, s':>9}{'cpu, s':>9}")
        for title, (wall, used) in steps(folder, runs):
            print(f"{title:34}{wall:9.3f}{used:9.3f}", flush=True)
        first, later = (by_stages(folder, runs, kept) for kept in (False, True))
        print(f"{'cold, by stages; cpu, s':34}{'first':>9}{'later':>9}")
        for stage, used in first.items():
            print(f"{stage:34}{used:9.3f}{later.get(stage, 0.0):9.3f}")


if __name__ == "__main__":
    main()
