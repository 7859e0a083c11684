"""Many writers at once, of one case: processes and threads, each answer its own commit.

`python tests/many_writers.py ADDRESS threads|processes [WRITERS] [ANSWERS]` tries the
whole: how long a commit takes, what was lost, what was refused. ADDRESS is that of an
empty database.
"""

import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from salesdx.answers.file import AnswerEntry
from salesdx.case import init_case
from salesdx.errors import SalesdxError
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.cases import add_case
from salesdx.storage.upgrading import opened

CASE = "acme"


@dataclass
class Told:
    """What the writers had to tell: seconds of each commit, and what was refused."""

    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def share(self, part: float) -> float:
        """The seconds that this part of all commits did not exceed."""
        found = sorted(self.seconds)
        return found[min(len(found) - 1, int(part * len(found)))]


def make(address: str) -> None:
    """A database with one empty case."""
    with tempfile.TemporaryDirectory() as folder:
        init_case(Path(folder) / CASE, "Acme")
        with opened(address, make=True) as engine:
            add_case(engine, CASE, "Acme", Path(folder) / CASE, "2026-03-01T10:00:00Z")


def write(store: DatabaseAnswers, writer: int, count: int, told: Told) -> None:
    """One writer: an answer, a commit, and the next one."""
    for n in range(count):
        entry = AnswerEntry(
            question=f"q{n}", by=f"w{writer}", value=n, interview="i", key=f"k{n}"
        )
        start = time.perf_counter()
        try:
            store.append([entry])
        except SalesdxError as error:
            told.refused.append(str(error))
        told.seconds.append(time.perf_counter() - start)


def by_threads(address: str, writers: int, count: int, same: bool = False) -> Told:
    """Writers that share one engine, as those of a server do.

    With `same` all of them send the same answers under the same keys.
    """
    told = Told()
    with opened(address) as engine:
        store = DatabaseAnswers(engine, CASE)
        threads = [
            threading.Thread(target=write, args=(store, w, count, told))
            for w in _numbers(writers, same)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return told


def _numbers(writers: int, same: bool) -> list[int]:
    return [0] * writers if same else list(range(writers))


def by_processes(
    address: str, writers: int, count: int, same: bool = False, make_it: bool = False
) -> Told:
    """Writers of which each has opened the database for itself."""
    ends = [_process(address, w, count, make_it) for w in _numbers(writers, same)]
    told = Told()
    for child, out in ends:
        with os.fdopen(out) as stream:
            for line in stream:
                kind, _, what = line.rstrip("\n").partition(" ")
                if kind == "s":
                    told.seconds.append(float(what))
                else:
                    told.refused.append(what)
        os.waitpid(child, 0)
    return told


def _process(address: str, writer: int, count: int, make_it: bool) -> tuple[int, int]:
    out, into = os.pipe()
    child = os.fork()
    if child:
        os.close(into)
        return child, out
    os.close(out)
    told = Told()
    try:
        with opened(address, make=make_it) as engine:
            write(DatabaseAnswers(engine, CASE), writer, count, told)
    except BaseException as error:
        told.refused.append(f"{type(error).__name__}: {error}")
    lines = [f"s {s}" for s in told.seconds]
    lines += ["r " + r.replace("\n", " ") for r in told.refused]
    with os.fdopen(into, "w") as stream:
        stream.write("\n".join(lines))
    os._exit(0)


def kept(address: str) -> list[tuple[str, str]]:
    """Whose answer to what is there."""
    with opened(address) as engine:
        file = DatabaseAnswers(engine, CASE).file()
    return [(e.by, e.question) for e in file.answers]


def main(address: str, kind: str, writers: int = 50, count: int = 200) -> None:
    make(address)
    start = time.perf_counter()
    run = by_threads if kind == "threads" else by_processes
    told = run(address, writers, count)
    sys.stdout.write(
        f"{kind}: {writers} x {count} in {time.perf_counter() - start:.1f} s; lost"
        f" {writers * count - len(kept(address))}, refused {len(told.refused)};"
        f" commit p50 {told.share(0.5) * 1000:.1f} ms,"
        f" p99 {told.share(0.99) * 1000:.1f} ms,"
        f" longest {max(told.seconds) * 1000:.0f} ms {told.refused[:3] or ''}\n"
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
