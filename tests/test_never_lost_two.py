"""Two terminals, or several, on one case: nobody's answers push out another's."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from database_fixture import WHY, program
from killing_server import syncing_server

from salesdx.answers.file import existing
from salesdx.case import init_case
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.cases import add_case
from salesdx.storage.upgrading import open_database

HERE = Path(__file__).parent
WRITERS, ANSWERS = 4, 12


def written(kind: str, *server: str) -> dict[str, Any]:
    words = [HERE / "two_at_once.py", kind, str(WRITERS), str(ANSWERS), *server]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def assert_all_there(found: dict[str, Any]) -> None:
    assert found["codes"] == [0] * WRITERS
    assert found["faults"] == []
    names = [f"w{n}" for n in range(WRITERS)]
    assert found["answers"] == {name: list(range(ANSWERS)) for name in names}
    assert found["people"] == names


def test_writers_of_one_folder_lose_nothing() -> None:
    assert_all_there(written("folder"))


def test_writers_of_one_sqlite_file_lose_nothing() -> None:
    found = written("sqlite")
    assert_all_there(found)
    assert found["opened"] == [0] * WRITERS


@pytest.mark.skipif(program("postgres") is None, reason=WHY)
def test_writers_of_one_case_in_postgresql_lose_nothing() -> None:
    with syncing_server() as server:
        assert_all_there(written("postgresql", server.address))


def talks(case: str, *where: str) -> None:
    """Two respondents at two terminals, at the same time."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "salesdx", "--lang", "en", "interview", case,
             "--mode", "full", "--as", role, *where],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for role in ("owner", "head_of_sales")
    ]  # fmt: skip
    for process in running:
        assert process.stdin is not None
        process.stdin.write("dunno\n" * 8)
        process.stdin.close()
        process.stdin = None
    for process in running:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert "Saved: 8." in said


def test_two_terminals_on_one_folder(tmp_path: Path) -> None:
    init_case(tmp_path / "acme", "Acme")
    talks(str(tmp_path / "acme"))
    kept = existing(tmp_path / "acme" / "answers.yaml").answers
    assert Counter(a.by for a in kept) == {"owner": 8, "head_of_sales": 8}


def test_two_terminals_on_one_database(tmp_path: Path) -> None:
    init_case(tmp_path / "acme", "Acme")
    engine = open_database(str(tmp_path / "cases.db"))
    add_case(engine, "acme", "Acme", tmp_path / "acme", "2026-03-01T10:00:00Z")
    talks("acme", "--db", str(tmp_path / "cases.db"))
    kept = DatabaseAnswers(engine, "acme").file().answers
    engine.dispose()
    assert Counter(a.by for a in kept) == {"owner": 8, "head_of_sales": 8}
