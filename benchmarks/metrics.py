"""Twelve metrics against hand-written SQL: the same figures, the time, the memory.

For each number of deals a firm is made up as Parquet files. Ours and the twin then run
in turns, each in a fresh process with the same memory limit and threads; before any
time counts, their figures must agree. Time is from open files to finished figures,
without starting Python and importing. Last, the whole of the figures and the loss map
of the same case as `salesdx metrics` computes them. Run:
python benchmarks/metrics.py [--runs 5] [--whole] 100000 1000000
"""

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from firm import write_firm
from sql_twin import QUERIES, Figures, Twin

THREADS = 2
CLOSE = 1e-9
WORK = "processor"  # seconds of all threads, told beside the time of the clock


def _open(folder: Path) -> tuple[Any, Any, dict[str, Path]]:
    """Company, as-of and Parquet files of a case made by `firm.py`."""
    import datetime as dt

    from salesdx.crm.company_file import load_company

    company = load_company(folder)
    assert company.as_of is not None
    as_of = dt.datetime.combine(company.as_of, dt.time(23, 59, 59))
    files = sorted((folder / "data").glob("*.parquet"))
    return company, as_of, {path.stem: path for path in files}


def _memory(tables: dict[str, Path]) -> str:
    """What salesdx gives DuckDB for a case of this size."""
    from salesdx.metrics.engines import duck, sources

    return duck.Limits().sized(sum(sources.rows(t) for t in tables.values()))[0]


def twin(folder: Path) -> tuple[dict[str, float], Figures]:
    """Times by metric and figures of the SQL."""
    company, as_of, tables = _open(folder)
    times: dict[str, float] = {}
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as spill:
        used = time.process_time()
        started = time.perf_counter()
        engine = Twin(tables, company, as_of, _memory(tables), THREADS, Path(spill))
        times["deals joined"] = time.perf_counter() - started
        for name, query in QUERIES.items():
            started = time.perf_counter()
            figures |= {key: float(value) for key, value in query(engine)}
            times[name] = time.perf_counter() - started
        times[WORK] = time.process_time() - used
    return times, figures


def ours(folder: Path) -> tuple[dict[str, float], Figures]:
    """Times by metric and figures of salesdx."""
    import ibis

    from salesdx.metrics.data import Data
    from salesdx.metrics.deal_rows import deal_rows
    from salesdx.metrics.engines import duck

    company, as_of, tables = _open(folder)
    metrics = _named()
    ibis.duckdb.connect()  # what it imports is no part of the work
    times: dict[str, float] = {}
    figures: Figures = {}
    used = time.process_time()
    started = time.perf_counter()
    limits = duck.Limits(threads=THREADS)
    data = Data(tables, company, as_of, engine=duck.connect(limits))
    deal_rows(data)
    times["deals joined"] = time.perf_counter() - started
    for name, metric in metrics.items():
        started = time.perf_counter()
        found = list(metric.compute(data))
        times[name] = time.perf_counter() - started
        figures |= {
            (m.metric, m.slice, m.period): m.value
            for m in found if m.value is not None
        }  # fmt: skip
    times[WORK] = time.process_time() - used
    return times, figures


def _named() -> dict[str, Any]:
    """The metric that answers each name of the twin."""
    from salesdx.metrics import METRICS
    from salesdx.metrics.deals import cohorts

    found = {}
    for name in QUERIES:
        metric = name.partition(" ")[0]
        among = cohorts.METRICS if " " in name else METRICS
        found[name] = next(m for m in among if metric in m.ids)
    return found


def whole(folder: Path) -> tuple[dict[str, float], Figures]:
    """Times of reading the case, and of all figures with the loss map."""
    from salesdx.case import load_case
    from salesdx.knowledge.load import load
    from salesdx.measured.measuring import measure

    started = time.perf_counter()
    case, knowledge = load_case(folder), load()
    read = time.perf_counter()
    measure(case, knowledge)
    return {
        "the case read": read - started, "measured": time.perf_counter() - read,
    }, {}  # fmt: skip


KINDS = {"twin": twin, "ours": ours, "whole": whole}


def one(kind: str, folder: Path, figures_to: Path) -> None:
    """Body of a measured process: prints times and memory, leaves the figures."""
    times, figures = KINDS[kind](folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    mib = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    rows = sorted([m, [list(p) for p in s], t, v] for (m, s, t), v in figures.items())
    figures_to.write_text(json.dumps(rows), encoding="utf-8")
    print(json.dumps({"times": times, "mib": mib}))


def measured(kind: str, folder: Path, figures_to: Path) -> dict[str, Any]:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--one", kind, str(folder), str(figures_to)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(found.stdout)  # type: ignore[no-any-return]


def differences(twin_path: Path, ours_path: Path) -> list[str]:
    """Figures of the SQL that we do not have, or have otherwise.

    We may have more of them (a further dimension): that is our time, not the twin's.
    """
    sides = []
    for path in (twin_path, ours_path):
        rows = json.loads(path.read_text(encoding="utf-8"))
        sides.append({(m, tuple(map(tuple, s)), t): v for m, s, t, v in rows})
    return list(disagreements(*sides))


def disagreements(twin: Figures, ours: Figures) -> Iterator[str]:
    for key, value in sorted(twin.items()):
        other = ours.get(key)
        if other is None or not math.isclose(value, other, rel_tol=CLOSE):
            yield f"{key}: {value} and {other}"


def compare(folder: Path, runs: int, scratch: Path) -> dict[str, list[dict[str, Any]]]:
    """Ours and the twin in turns; the first pair warms the files and is compared."""
    files = {kind: scratch / f"{kind}.json" for kind in ("twin", "ours")}
    for kind, path in files.items():
        measured(kind, folder, path)
    wrong = differences(files["twin"], files["ours"])
    if wrong:
        raise SystemExit("the figures differ:\n" + "\n".join(wrong[:20]))
    found: dict[str, list[dict[str, Any]]] = {"twin": [], "ours": []}
    for _ in range(runs):
        for kind, path in files.items():
            found[kind].append(measured(kind, folder, path))
    return found


def report(deals: int, found: dict[str, list[dict[str, Any]]]) -> float:
    """Print seconds by metric; returns the median processor seconds of ours."""
    print(f"\n{deals} deals, {len(found['ours'])} runs each: median (minimum) seconds")
    print(f"{'':32}{'SQL':>16}{'salesdx':>16}{'ratio':>8}")
    names = [n for n in found["twin"][0]["times"] if n != WORK]
    for name in [*names, "all", WORK]:
        seconds = {
            kind: [
                sum(r["times"][n] for n in (names if name == "all" else [name]))
                for r in rows
            ]
            for kind, rows in (("twin", found["twin"]), ("ours", found["ours"]))
        }
        one, other = (statistics.median(seconds[k]) for k in ("twin", "ours"))
        cells = "".join(
            f"{f'{statistics.median(s):.3f} ({min(s):.3f})':>16}"
            for s in seconds.values()
        )
        print(f"{name:32}{cells}{other / one:8.2f}")
    for kind, title in (("twin", "SQL"), ("ours", "salesdx")):
        print(f"{title}: peak {max(r['mib'] for r in found[kind]):.0f} MiB")
    return statistics.median(r["times"][WORK] for r in found["ours"])


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """Slope of log time on log size, by least squares."""
    x, y = [math.log(s) for s in sizes], [math.log(s) for s in seconds]
    mx, my = statistics.fmean(x), statistics.fmean(y)
    top = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    return top / sum((a - mx) ** 2 for a in x)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("deals", type=int, nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--whole", action="store_true", help="all figures as well")
    options = parser.parse_args()
    totals = []
    for deals in options.deals:
        with tempfile.TemporaryDirectory() as place:
            folder = write_firm(Path(place) / "firm", deals)
            scratch = Path(place)
            totals.append(report(deals, compare(folder, options.runs, scratch)))
            if options.whole:
                run = measured("whole", folder, scratch / "whole.json")
                for name, seconds in run["times"].items():
                    print(f"{name:32}{seconds:16.1f}")
                print(f"the whole case: peak {run['mib']:.0f} MiB")
    if len(totals) > 1:
        slope = exponent(options.deals, totals)
        print(f"\nour processor time grows as deals to the {slope:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        os.environ.setdefault("OMP_NUM_THREADS", str(THREADS))
        one(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
