"""Take interviews by surprise and count what was acknowledged and is not there.

python benchmarks/never_lost.py kill [--kills 200] [--talks 200] [--cold 20]
    [--struck 40] [--seed 7] [--store folder] [--json] [--write FILE]
python benchmarks/never_lost.py cut [--cuts 300] [--seed 7]
python benchmarks/never_lost.py fail

`kill` kills processes at seeded moments, in three ways: `append` appends as fast as the
store can and hears of every answer; `interview` is the command in a warm process, where
an answer is acknowledged by the next question; `cold` is that command in a Python of
its own. PostgreSQL is struck too: `server` kills it with all its processes, `backend`
the process that serves us. `--write` keeps the moments and what came of each.
`cut` cuts the power in a model of the disk; `fail` lets every call that writes fail.
"""

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from kept_places import Place, fresh_in
from killing import Moment, Outcome, Pace, killed_while_appending, rounds, schedule
from killing_server import Server, syncing_server
from killing_talk import Talks, remember_knowledge, talk_cold, warm
from power_cut import compiled
from power_cut_trial import tried

from salesdx.knowledge.base import KnowledgeBase

TESTS = Path(__file__).resolve().parents[1] / "tests"
STORES = ("folder", "sqlite", "postgresql")
Kill = Callable[[Place, Moment, int], Outcome]


@dataclasses.dataclass(frozen=True)
class Row:
    """What came of all kills of one way in one store."""

    store: str
    way: str
    kills: int
    opening: int
    acknowledged: int
    lost: int
    extra: int
    resumed_median: float
    resumed_most: float
    resumed_used: float
    seconds: float
    outcomes: list[Outcome] = dataclasses.field(repr=False, default_factory=list)


@dataclasses.dataclass(frozen=True)
class Size:
    """How many kills of each way."""

    appending: int = 200
    interview: int = 200
    cold: int = 20
    struck: int = 40

    def ways(self, store: str) -> dict[str, int]:
        """The ways in which a store is tried."""
        found = {
            "append": self.appending, "interview": self.interview, "cold": self.cold,
        }  # fmt: skip
        if store == "postgresql":
            found |= {"server": self.struck, "backend": self.struck}
        return {way: kills for way, kills in found.items() if kills}


def killer(
    way: str, seed: int, knowledge: KnowledgeBase, server: Server | None
) -> Kill:
    """One kill of this way."""
    pace = Pace()
    if way in ("interview", "cold"):
        talks = Talks(knowledge, seed, "ru" if seed % 2 else "en")
        if way == "cold":
            return lambda p, m, n: talks.killed(p, m, n, pace, talk_cold)
        return lambda p, m, n: talks.killed(p, m, n, pace)
    if way == "append" or server is None:
        return lambda p, m, n: killed_while_appending(p, seed, m, n, pace)
    struck = server.kill if way == "server" else server.kill_backend

    def strike(process: int) -> None:
        struck()
        os.waitpid(process, 0)

    return lambda p, m, n: killed_while_appending(p, seed, m, n, pace, strike)


def row(store: str, way: str, outcomes: list[Outcome], seconds: float) -> Row:
    """The outcomes in figures."""
    resumed = [o.ready for o in outcomes if o.ready is not None]
    return Row(
        store, way, len(outcomes), sum(o.ready is None for o in outcomes),
        sum(o.acknowledged - o.before for o in outcomes),
        sum(o.lost for o in outcomes), max(o.extra for o in outcomes),
        statistics.median(resumed), max(resumed),
        statistics.median(o.used or 0 for o in outcomes if o.ready is not None),
        seconds, outcomes,
    )  # fmt: skip


def measured(stores: list[str], size: Size, seed: int) -> Iterator[Row]:
    """All ways of all stores."""
    knowledge = remember_knowledge()
    warm()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for store in stores:
            server = None
            if store == "postgresql":
                server = stack.enter_context(syncing_server())
            for way, number in size.ways(store).items():
                fresh = fresh_in(store, folder / way, server.address if server else "")
                (folder / way).mkdir(exist_ok=True)
                moments = schedule(seed, number)
                started = time.perf_counter()
                one = killer(way, seed, knowledge, server)
                outcomes = list(rounds(fresh, moments, one))
                yield row(store, way, outcomes, time.perf_counter() - started)


HEAD = (
    "| store | way | kills | of them while opening | acknowledged | lost | extra | "
    "goes on after, median | at most | processor |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def shown(r: Row) -> str:
    """A line of the table."""
    return (
        f"| {r.store} | {r.way} | {r.kills} | {r.opening} | {r.acknowledged:,} | "
        f"{r.lost} | {r.extra} | {r.resumed_median:.2f} s | {r.resumed_most:.2f} s | "
        f"{r.resumed_used:.2f} s |"
    )


CUTS = (
    ("sqlite", ""), ("sqlite", "checkpoints"), ("folder", ""),
    ("sqlite", "NORMAL"), ("sqlite", "OFF"),
    ("folder", "no-file-sync"), ("folder", "no-folder-sync"),
)  # fmt: skip


def cut_all(cuts: int, seed: int) -> int:
    """Cut the power of every store, also of those that are unsafe on purpose."""
    print(
        "| store | way | cuts | calls | syncs per answer | acknowledged | lost | torn |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    bad = 0
    for store, way in CUTS:
        with tempfile.TemporaryDirectory() as name:
            t = tried(store, Path(name).resolve(), cuts, seed, way=way)
        print(
            f"| {store} | {way} | {t.cuts} | {t.calls} | {t.syncs} | "
            f"{t.acknowledged:,} | {t.lost} | {t.torn} |", flush=True,
        )  # fmt: skip
        bad += t.lost + t.torn if way in ("", "checkpoints") else t.lost == 0
    return bad


def fail_all() -> int:
    """Let every call fail that writes, in a store alone and in the whole command."""
    print(
        "| store | way | faults | told with code 3 | acknowledged, lost | kept more |"
    )
    print("|---|---|---:|---:|---:|---:|")
    lost = 0
    with tempfile.TemporaryDirectory() as name:
        preloaded = {**os.environ, "LD_PRELOAD": str(compiled(Path(name)))}
        for store in ("folder", "sqlite"):
            words = [TESTS / "failing_disk.py", store, "append", "ru", "1"]
            done = subprocess.run(
                [sys.executable, *words], env=preloaded, check=True, capture_output=True
            )
            found = json.loads(done.stdout)[1:]
            missing = sum(max(0, t["acknowledged"] - t["kept"]) for t in found)
            print(
                f"| {store} | append | {len(found)} | "
                f"{sum(t['code'] == 3 for t in found)} | {missing} | "
                f"{sum(t['kept'] > t['acknowledged'] for t in found)} |", flush=True,
            )  # fmt: skip
            lost += missing
    return lost


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("kill", "cut", "fail"))
    parser.add_argument("--cuts", type=int, default=300)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--talks", type=int, help="kills of interviews")
    parser.add_argument("--cold", type=int, default=20)
    parser.add_argument("--struck", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--store", choices=STORES, action="append")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    if given.what != "kill":
        cut = given.what == "cut"
        sys.exit(1 if (cut_all(given.cuts, given.seed) if cut else fail_all()) else 0)
    rows = []
    if not given.json:
        print(HEAD)
    talks = given.kills if given.talks is None else given.talks
    size = Size(given.kills, talks, given.cold, given.struck)
    for found in measured(given.store or list(STORES), size, given.seed):
        rows.append(dataclasses.asdict(found))
        if not given.json:
            print(shown(found), flush=True)
    text = json.dumps(rows, indent=1)
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    if given.json:
        print(text)
    sys.exit(any(r["lost"] for r in rows))


if __name__ == "__main__":
    main()
