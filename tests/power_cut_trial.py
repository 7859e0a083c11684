"""Cut the power many times in a recorded run and open what is left."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import power_cut_workload as workload
from kept_places import CASE, sqlite_faults
from killing import entry
from power_cut import Call, Disk, calls_of, compiled, cut
from sqlalchemy import select

from salesdx.answers.keeping import AnswerStore, FolderAnswers
from salesdx.case import init_case
from salesdx.errors import SalesdxError
from salesdx.storage import schema
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.opening import reading
from salesdx.storage.upgrading import open_database

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of the cuts; `torn` are files that could not be opened or read."""

    cuts: int
    calls: int
    syncs: int  # the fewest between two acknowledged answers
    acknowledged: int
    lost: int
    extra: int
    torn: int


@dataclass(frozen=True, slots=True)
class Recording:
    """What a process did to a folder, and how the folder was before."""

    live: Path
    before: Path
    calls: list[Call]

    def until(self, at: int) -> tuple[Disk, int]:
        """The disk behind so many calls, and how many answers were acknowledged."""
        disk, acknowledged = Disk(self.live, self.before), 0
        for call in self.calls[:at]:
            disk.do(call)
            acknowledged += is_saved(call)
        return disk, acknowledged

    def fewest_syncs(self) -> int:
        """The fewest syncs of a file for one acknowledged answer."""
        syncs, counts = 0, []
        for call in self.calls:
            syncs += call.kind == "s"
            if is_saved(call):
                counts.append(syncs)
                syncs = 0
        return min(counts)


def is_saved(call: Call) -> bool:
    """Whether an answer is acknowledged here."""
    return call.kind == "!" and call.first.startswith(b"saved")


def recorded(kind: str, folder: Path, answers: int, way: str = "") -> Recording:
    """Run the workload and write down its calls."""
    live, before, log = folder / "live", folder / "before", folder / "calls"
    live.mkdir()
    if kind == "folder":
        live.rmdir()
        init_case(live, "Acme")
    shutil.copytree(live, before)
    library = compiled(folder)
    path = os.pathsep.join([str(HERE), *sys.path])
    subprocess.run(
        [sys.executable, HERE / "power_cut_workload.py", kind, live, log,
         str(answers), *([way] if way else [])],
        check=True, env={**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": path},
    )  # fmt: skip
    return Recording(live, before, calls_of(log))


def tried(
    kind: str, folder: Path, cuts: int, seed: int, answers: int = 40, way: str = ""
) -> Trial:
    """Record once, cut at `cuts` random calls, count what is lost."""
    recording = recorded(kind, folder, answers, way)
    chance = random.Random(seed)
    told = lost = extra = torn = 0
    for _ in range(cuts):
        with tempfile.TemporaryDirectory(dir=folder) as name:
            into = Path(name) / "live"
            into.mkdir()
            at = chance.randint(1, len(recording.calls))
            disk, acknowledged = recording.until(at)
            cut(disk, chance, into)
            told += acknowledged
            try:
                found = survivors(kind, into)
            except (SalesdxError, AssertionError, sqlite3.Error):
                torn, lost = torn + 1, lost + acknowledged
                continue
            lost += max(0, acknowledged - found)
            extra = max(extra, found - acknowledged)
    calls, syncs = len(recording.calls), recording.fewest_syncs()
    return Trial(cuts, calls, syncs, told, lost, extra, torn)


def survivors(kind: str, folder: Path) -> int:
    """How many answers are there; all whole, in order, and one more can be added."""
    if kind == "folder":
        return _whole(FolderAnswers(folder / "answers.yaml", {}))
    engine = open_database(str(folder / "0.db"))
    try:
        with reading(engine) as connection:
            there = connection.execute(select(schema.cases.c.id)).first() is not None
        count = _whole(DatabaseAnswers(engine, CASE)) if there else 0
    finally:
        engine.dispose()
    assert sqlite_faults(folder / "0.db") == []
    return count


def _whole(store: AnswerStore) -> int:
    answers = store.file().answers
    count = len(answers)
    assert answers == [entry(workload.SEED, n) for n in range(count)]
    more = entry(workload.SEED, count)
    store.append([more])
    assert store.file().answers == [*answers, more]
    return count
