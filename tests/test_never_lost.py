"""kill -9 in the middle of an interview: no acknowledged answer is gone.

A small run of benchmarks/never_lost.py, which kills two hundred times in each place.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from database_fixture import WHY, program
from killing import OPENING, entry, schedule

from salesdx.answers.file import append

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "never_lost.py"


def killed(store: str, *size: str) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, SCRIPT, "kill", "--json", "--store", store, "--seed", "11",
         *size],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return {row["way"]: row for row in json.loads(done.stdout)}


def assert_nothing_lost(rows: dict[str, dict[str, Any]]) -> None:
    for row in rows.values():
        assert row["lost"] == 0, row
        assert row["extra"] <= 1, row
    assert rows["append"]["acknowledged"] >= rows["append"]["kills"]
    assert rows["interview"]["acknowledged"] > 0


def test_nothing_is_lost_in_a_case_folder() -> None:
    rows = killed("folder", "--kills", "12", "--talks", "3", "--cold", "1")
    assert rows.keys() == {"append", "interview", "cold"}
    assert_nothing_lost(rows)


def test_nothing_is_lost_in_sqlite() -> None:
    rows = killed("sqlite", "--kills", "12", "--talks", "2", "--cold", "0")
    assert rows.keys() == {"append", "interview"}
    assert_nothing_lost(rows)


@pytest.mark.skipif(program("postgres") is None, reason=WHY)
def test_nothing_is_lost_in_postgresql_even_when_the_server_is_killed() -> None:
    rows = killed(
        "postgresql", "--kills", "8", "--talks", "2", "--cold", "0", "--struck", "1"
    )
    assert rows.keys() == {"append", "interview", "server", "backend"}
    assert_nothing_lost(rows)


def test_what_a_killed_process_left_aside_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    left = tmp_path / ".answers.yaml.x1y2.tmp"
    left.write_text("format: 1\n", encoding="utf-8")
    other = tmp_path / "tmpa1.tmp"
    other.touch()
    append(path, entry(1, 0))
    assert sorted(tmp_path.iterdir()) == [path, other]


def test_a_fault_names_the_file_that_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "answers.yaml"
    with pytest.raises(FileNotFoundError) as fault:
        append(path, entry(1, 0))
    assert Path(fault.value.filename).is_relative_to(path.parent)


def test_the_moments_come_from_the_seed() -> None:
    moments = schedule(3, 200)
    assert moments == schedule(3, 200) != schedule(4, 200)
    opening = sum(m.answers is None for m in moments) / 200
    assert abs(opening - OPENING) < 0.08
