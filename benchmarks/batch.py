"""`salesdx batch` on a table of a million companies, as a command: seconds and memory.

`python benchmarks/batch.py [ROWS] [--columns 120] [--spark]` makes a seeded Parquet
table of answers and figures, runs the command with one and with two processes (and on a
local Spark) and prints a table; the results must be the same to the byte.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from salesdx.inference.possible import Values
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load

ROWS_A_GROUP = 65_536
KNOWN = 0.9
SEED = 11
_TYPES = {"yesno": pa.bool_(), "multi": pa.list_(pa.string())}


def columns_of(knowledge: KnowledgeBase, most: int) -> list[str]:
    """Figures and answers in turns, those first that stand first in the knowledge."""
    both = zip_longest(knowledge.metrics, knowledge.questions)
    values = Values(knowledge)
    names = [n for n in chain(*both) if n and values.of(n, ())]
    return names[:most]


def write(path: Path, rows: int, columns: Sequence[str]) -> None:
    """A table of random facts on both sides of every threshold, chunk by chunk."""
    knowledge = load()
    values, dice = Values(knowledge), np.random.default_rng(SEED)
    kinds = {n: [f.value for f in values.of(n, ())] for n in columns}
    types = {n: _type(knowledge, n) for n in columns}
    schema = pa.schema([("id", pa.string()), *types.items()])
    with pq.ParquetWriter(path, schema) as file:
        for start in range(0, rows, ROWS_A_GROUP):
            count = min(ROWS_A_GROUP, rows - start)
            made = [pa.array([f"c{i}" for i in range(start, start + count)])]
            for name, found in kinds.items():
                places = dice.integers(0, len(found), count)
                unknown = dice.random(count) >= KNOWN
                known = pa.array([*map(_plain, found)], types[name])
                made.append(known.take(pa.array(places, mask=unknown)))
            file.write_table(pa.table(made, schema=schema))


def _type(knowledge: KnowledgeBase, name: str) -> pa.DataType:
    question = knowledge.questions.get(name)
    if question is None or question.type in ("number", "scale"):
        return pa.float64()
    return _TYPES.get(question.type, pa.string())


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def timed(table: Path, out: Path, *options: str) -> tuple[float, float, float, str]:
    """Seconds, of them of processor, peak MiB of the largest process, a checksum."""
    command = [sys.executable, "-m", "salesdx", "batch", str(table), "--out", str(out)]
    before, start = os.times(), time.perf_counter()
    child = subprocess.Popen(
        [*command, "--no-csv", *options], stdout=subprocess.DEVNULL
    )
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, _peak(child.pid))
        time.sleep(0.05)
    took = time.perf_counter() - start
    if child.returncode:
        raise SystemExit(f"salesdx batch ended with {child.returncode}")
    after = os.times()
    work = after.children_user + after.children_system
    work -= before.children_user + before.children_system
    found = hashlib.sha256((out / "result.parquet").read_bytes()).hexdigest()
    return took, work, peak, found


def _peak(pid: int) -> float:
    """The highest resident memory of a process and its children so far, in MiB."""
    found = 0.0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "status").read_text()
            except OSError:
                continue
            lines = dict(s.split(":", 1) for s in status.splitlines() if ":" in s)
            mine = folder.name == str(pid) or lines["PPid"].strip() == str(pid)
            if mine and "VmHWM" in lines:
                found = max(found, int(lines["VmHWM"].split()[0]) / 1024)
    return found


def main() -> None:
    """Make the table, run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, nargs="+", default=[120])
    parser.add_argument("--spark", action="store_true")
    given = parser.parse_args()
    runs = {"1 process": ["--jobs", "1"], "2 processes": ["--jobs", "2"]}
    if given.spark:
        runs["Spark, local[2]"] = ["--engine", "spark", "--master", "local[2]"]
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for width in given.columns:
            table = Path(folder) / f"{width}.parquet"
            names = columns_of(load(), width)
            write(table, given.rows, names)
            sums = set()
            for number, (name, options) in enumerate(runs.items()):
                out = Path(folder) / f"{width}-{number}"
                took, work, peak, found = timed(table, out, *options)
                sums.add(found)
                each = [f"{took:.1f}", f"{work:.1f}", f"{work / given.rows * 1e6:.1f}"]
                lines.append([f"{len(names)} columns, {name}", *each, f"{peak:,.0f}"])
                print(lines[-1], file=sys.stderr)
            if len(sums) > 1:
                raise SystemExit("the results differ")
    head = [f"{given.rows:,} companies", "seconds", "of processor", "µs a case", "MiB"]
    for line in (head, ["---"] + ["---:"] * 4, *lines):
        print("|", " | ".join(line), "|")


if __name__ == "__main__":
    main()
