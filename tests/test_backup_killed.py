"""kill -9 at random moments: a restore or a purge has happened whole, or not at all."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from backup_fixture import AT, Opens, content, open_db, put

from salesdx.cli import run
from salesdx.storage.backup import back_up
from salesdx.storage.backup_file import opened
from salesdx.storage.cases import case_ids

__all__ = ["open_db"]
# A process that has everything imported and runs each line that it reads in a child,
# so that what is killed is the work and not the start.
_RUNNER = """
import json, os, sys
from salesdx import cli
from salesdx.cli import backup, case_purge
from salesdx.storage import act, backup, backup_file, purging, restoring, upgrading
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(cli.run(json.loads(line)))
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""
CANARY = "canary-0c9d"
Kills = Callable[[list[str], float], int]


@pytest.fixture(scope="module")
def killed() -> Iterator[Kills]:
    """Runs a command and kills it so many seconds later; gives its status."""
    runner = subprocess.Popen(
        [sys.executable, "-c", _RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert runner.stdin is not None and runner.stdout is not None
    given, told = runner.stdin, runner.stdout

    def kill(words: list[str], after: float) -> int:
        print(json.dumps(words), file=given, flush=True)
        child = int(told.readline())
        time.sleep(after)
        with suppress(ProcessLookupError):  # it was done already
            os.kill(child, signal.SIGKILL)
        return int(told.readline())

    # the first one waits for the imports
    print(json.dumps(["--version"]), file=given, flush=True)
    told.readline(), told.readline()
    yield kill
    given.close()
    runner.wait()
    told.close()


def sound(path: Path) -> None:
    base = sqlite3.connect(path)
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    base.close()


@pytest.fixture
def base(open_db: Opens, tmp_path: Path) -> Path:
    """A database of two cases; b is its backup, with one case more."""
    engine = open_db(tmp_path / "a.db")
    for name in ("acme", "beta", "gone"):
        put(engine, tmp_path, name, CANARY if name == "gone" else "other")
    with engine.begin() as connection:  # so much that a moment lies within the work
        connection.exec_driver_sql(
            "INSERT INTO case_files SELECT id, 'data/big-' || p.value, 0,"
            " randomblob(200000) FROM cases, (WITH RECURSIVE p(value) AS"
            " (SELECT 1 UNION ALL SELECT value + 1 FROM p WHERE value < 25)"
            " SELECT value FROM p) p"
        )
    back_up(engine, tmp_path / "b", AT)
    return tmp_path / "a.db"


def test_a_killed_restore_has_changed_all_or_nothing(
    open_db: Opens, base: Path, tmp_path: Path, killed: Kills
) -> None:
    engine = open_db(base)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM cases WHERE id = 'gone'")
    chance, before = random.Random(7), content(engine)
    engine.dispose()
    words = ["restore", str(tmp_path / "b"), "--db", str(base), "--replace", "--yes"]
    codes = set()
    for _ in range(6):
        codes.add(killed(words, chance.uniform(0.02, 0.5)))
        sound(base)
        again = open_db(base)
        if case_ids(again) == ["acme", "beta"]:
            assert content(again) == before
        else:
            assert case_ids(again) == ["acme", "beta", "gone"]
            with again.begin() as connection:
                connection.exec_driver_sql("DELETE FROM cases WHERE id = 'gone'")
            before = content(again)
        again.dispose()
    assert signal.SIGKILL in codes
    assert run([*words]) == 0
    assert case_ids(open_db(base)) == ["acme", "beta", "gone"]


def test_a_killed_purge_is_whole_or_finished_by_the_next(
    open_db: Opens, base: Path, tmp_path: Path, killed: Kills
) -> None:
    import shutil

    chance, acts = random.Random(11), tmp_path / "acts"
    whole = tmp_path / "whole.db"
    open_db(base).dispose()
    shutil.copy(base, whole)
    words = ["case", "purge", "gone", "--db", str(base), "--act", str(acts), "--yes"]
    begun = turn = 0
    while turn < 6 or (not begun and turn < 20):  # later where the machine is slow
        turn += 1
        for path in tmp_path.glob("a.db*"):
            path.unlink()
        shutil.copy(whole, base)
        shutil.rmtree(acts, ignore_errors=True)
        killed(words, chance.uniform(0.01, 0.05 * max(turn, 6)))
        sound(base)
        engine = open_db(base)
        begun += case_ids(engine) == ["acme", "beta"]
        engine.dispose()
        assert run(words) == 0
        assert case_ids(open_db(base)) == ["acme", "beta"]
        for path in tmp_path.glob("a.db*"):
            assert CANARY.encode() not in path.read_bytes()
        assert list(acts.glob("act-gone-*.ru.docx"))
        sound(base)
    assert begun


def test_a_killed_backup_leaves_the_old_one_whole(
    base: Path, tmp_path: Path, killed: Kills
) -> None:
    chance, before = random.Random(3), (tmp_path / "b").read_bytes()
    words = ["backup", "--db", str(base), "--to", str(tmp_path / "b"), "--force"]
    for _ in range(4):
        killed(words, chance.uniform(0.02, 0.4))
        with opened(tmp_path / "b") as file:
            file.verify()
    assert len(before) > 1 << 20
    assert run(words) == 0
    assert not list(tmp_path.glob(".b*"))
