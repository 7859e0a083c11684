"""A disk that is full, broken or read-only, at every call that writes.

What was acknowledged stays, nothing is half-written, and the user is told in his
language what is not saved.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from power_cut import NO_COMPILER, can_record, compiled

pytestmark = pytest.mark.skipif(not can_record(), reason=NO_COMPILER)
HERE = Path(__file__).parent
MEMORY = Path("/dev/shm")  # syncs cost nothing there, and are not what is tried


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("recorder"))


def tried(library: Path, kind: str, way: str, lang: str, step: int) -> Any:
    fast = {"TMPDIR": str(MEMORY)} if os.access(MEMORY, os.W_OK) else {}
    done = subprocess.run(
        [sys.executable, HERE / "failing_disk.py", kind, way, lang, str(step)],
        env={**os.environ, "LD_PRELOAD": str(library), **fast},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    whole, *failed = json.loads(done.stdout)
    assert (whole["code"], whole["kept"]) == (0, 3), whole
    return failed


def assert_told(text: str, lang: str) -> None:
    russian = {"ru": "Ошибка: |НЕ сохранено: ", "en": "Error: |NOT saved: "}[lang]
    assert re.search(russian, text), text
    assert "Traceback" not in text
    assert bool(re.search("[а-я]", text)) == (lang == "ru"), text


@pytest.mark.parametrize(
    ("kind", "lang", "step"), [("folder", "ru", 5), ("sqlite", "en", 29)]
)
def test_a_store_keeps_what_it_acknowledged(
    library: Path, kind: str, lang: str, step: int
) -> None:
    failed = tried(library, kind, "append", lang, step)
    assert {t["code"] for t in failed} <= {0, 3}
    assert any(t["code"] == 3 for t in failed)
    for told in failed:
        assert told["acknowledged"] <= told["kept"] <= told["acknowledged"] + 1, told
        assert not told["left"] or told["fault"]["forever"], told
        if told["code"] == 0:
            assert told["acknowledged"] == 3, told
        else:
            assert_told(told["said"], lang)


@pytest.mark.parametrize(
    ("kind", "lang", "step"), [("folder", "en", 43), ("sqlite", "ru", 409)]
)
def test_an_interview_says_what_is_not_saved(
    library: Path, kind: str, lang: str, step: int
) -> None:
    failed = tried(library, kind, "interview", lang, step)
    assert {t["code"] for t in failed} == {0, 3}
    for told in failed:
        said = re.search(r"(?:Saved|Сохранено ответов): (\d)", told["said"])
        assert told["kept"] >= (int(said[1]) if said else 0), told
        if told["kept"] < 3:
            assert_told(told["said"], lang)
        if told["fault"]["forever"] and told["code"] == 0:
            assert told["kept"] == 3, told
