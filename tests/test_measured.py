"""Figures kept between runs: the same to the byte, and never those of another state."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from salesdx import analysis
from salesdx.cli import run
from salesdx.demo import write_demo
from salesdx.demo.writing import SEED
from salesdx.measured import cache, key, measuring
from salesdx.measured.written import Content, read, written

CASES = Path(__file__).parent / "cases"
pytestmark = pytest.mark.usefixtures("measured_once")
Shown = Callable[..., str]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where figures are kept in these tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(cache.SWITCH)
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path / "cache" / "salesdx" / "measured"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A company with data and answers."""
    return Path(copytree(CASES / "k01a", tmp_path / "k01a"))


@pytest.fixture
def measurings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every case that is measured."""
    told: list[Path] = []
    measure = measuring.measure

    def noted(case: analysis.Case, *more: object) -> object:
        told.append(case.path)
        return measure(case, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(measuring, "measure", noted)
    return told


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    def show(*words: str) -> str:
        assert run(["--lang", "en", *words]) == 0
        return capsys.readouterr().out

    return show


def remembered(case: Path, *overlays: Path) -> analysis.Measured:
    return analysis.measured_case(case, overlays=overlays, remember=True)


def files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.json"))


@pytest.mark.parametrize("name", ["k01a", "k02", "demo"])
def test_what_is_kept_tells_the_same_to_the_byte(
    name: str, tmp_path: Path, shown: Shown, measurings: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    case = tmp_path / name
    if name == "demo":
        write_demo(case, SEED, "en")
    else:
        copytree(CASES / name, case)
    commands = [["diagnose", "--format", "json"]]
    if name == "k01a":  # what else reads a case
        commands += [["metrics"], ["check"]]

    def told() -> list[str]:
        return [shown(command, str(case), *rest) for command, *rest in commands]

    monkeypatch.setenv(cache.SWITCH, "off")
    without = told()
    assert len(measurings) == len(commands)
    monkeypatch.delenv(cache.SWITCH)
    assert told() == without  # the first keeps, the others find
    assert told() == without
    assert len(measurings) == len(commands) + 1


def test_reports_are_the_same_to_the_byte(
    case: Path, tmp_path: Path, shown: Shown, measurings: list[Path]
) -> None:
    for name in ("first", "second"):
        shown(
            "report", str(case), "--to", "html,json,md", "--out", str(tmp_path / name)
        )
    first, second = (sorted((tmp_path / n).iterdir()) for n in ("first", "second"))
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert len(first) == 3
    assert len(measurings) == 1


def test_nothing_is_written_into_the_case(case: Path, shown: Shown) -> None:
    before = {p: p.stat().st_mtime_ns for p in case.rglob("*")}
    shown("diagnose", str(case))
    assert {p: p.stat().st_mtime_ns for p in case.rglob("*")} == before


def test_an_answer_changes_no_figure(
    case: Path, shown: Shown, measurings: list[Path]
) -> None:
    before = shown("diagnose", str(case), "--format", "json")
    (case / "answers.yaml").unlink()
    after = shown("diagnose", str(case), "--format", "json")
    assert before != after
    assert len(measurings) == 1


def one_cell(case: Path) -> None:
    path = case / "data" / "deals.csv"
    path.write_text(path.read_text("utf-8").replace("won", "lost", 1), "utf-8")


def the_company(case: Path) -> None:
    path = case / "company.yaml"
    path.write_text(
        path.read_text("utf-8").replace("cycle_days: 90", "cycle_days: 60"), "utf-8"
    )


def another_file(case: Path) -> None:
    (case / "data" / "notes.csv").write_text("a\n1\n", "utf-8")


def a_threshold(case: Path) -> None:
    (case / "kb").mkdir()
    (case / "kb" / "pack.yaml").write_text(
        "format: 1\nid: own\nversion: '1'\nengine: '>=0'\n", "utf-8"
    )
    (case / "kb" / "tuning.yaml").write_text(
        "format: 1\nbenchmarks:\n  - {id: statistics.family-error, value: 0.04,"
        " why: {en: A try, ru: Проба}}\n", "utf-8",
    )  # fmt: skip


@pytest.mark.parametrize("change", [one_cell, the_company, another_file, a_threshold])
def test_what_figures_hang_on_is_measured_anew(
    change: Callable[[Path], None], case: Path, place: Path,
    measurings: list[Path], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before = remembered(case)
    change(case)
    own = [case / "kb"] if (case / "kb").is_dir() else []
    now = remembered(case, *own)
    assert len(measurings) == 2
    assert len(files(place)) == 2
    assert (now.figures, now.case.notes) != (before.figures, before.case.notes) or own
    monkeypatch.setenv(cache.SWITCH, "off")
    assert remembered(case, *own).figures == now.figures


def test_the_code_and_the_libraries_are_in_the_key(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key.key_of(case, "knowledge")
    assert key.key_of(case, "knowledge") == before
    assert key.key_of(case, "other").digest != before.digest
    sources = {p.name for p in key._sources()}
    assert {
        "conversion.py",
        "grid.py",
        "rates.py",
        "tables.py",
        "words.yaml",
    } <= sources
    monkeypatch.setattr(key, "_code", lambda: ("another line",))
    assert key.key_of(case, "knowledge").digest != before.digest


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: b"",
        lambda whole: whole[:-20],
        lambda whole: whole.replace(b'"n":', b'"n":1', 1),
        lambda whole: b"\x00" * len(whole),
        lambda whole: b"[]\n[]",
        lambda whole: whole.replace(b'{"format":1', b'{"format":2', 1),
    ],
)
def test_what_is_damaged_is_replaced_in_silence(
    spoil: Callable[[bytes], bytes], case: Path, place: Path,
    measurings: list[Path], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    told = remembered(case).figures
    (file,) = files(place)
    whole = file.read_bytes()
    file.write_bytes(spoil(whole))
    assert remembered(case).figures == told
    assert capsys.readouterr() == ("", "")
    assert len(measurings) == 2
    assert file.read_bytes() == whole


def test_what_is_of_another_case_or_state_is_not_taken(
    case: Path, place: Path, measurings: list[Path]
) -> None:
    remembered(case)
    (file,) = files(place)
    one_cell(case)
    foreign = cache.entry_of(case, analysis.load().hash)
    assert foreign is not None
    foreign.file.write_bytes(file.read_bytes())
    remembered(case)
    assert len(measurings) == 2


def test_only_the_owner_may_read_and_two_states_are_kept(
    case: Path, place: Path
) -> None:
    for _ in range(3):
        remembered(case)
        one_cell(case)
    kept = files(place)
    assert len(kept) == 2
    assert {stat.S_IMODE(f.stat().st_mode) for f in kept} == {0o600}
    folders = (place.parent, place, kept[0].parent)
    assert {stat.S_IMODE(f.stat().st_mode) for f in folders} == {0o700}
    assert sorted(kept[0].parent.iterdir()) == kept  # nothing aside is left


def test_what_nobody_used_for_long_is_forgotten(
    case: Path, shown: Shown, place: Path
) -> None:
    remembered(case)
    (file,) = files(place)
    long_ago = file.stat().st_mtime - (cache.DAYS + 1) * 86_400
    other = place / ("0" * 32)
    other.mkdir()
    for old in (file, other / "old.json"):
        old.touch()
        os.utime(old, (long_ago, long_ago))
    shown("metrics", str(case))  # a use counts
    one_cell(case)
    remembered(case)
    assert file in files(place)
    assert not other.exists()


def test_where_nothing_can_be_written_the_run_goes_on(
    case: Path, place: Path, measurings: list[Path]
) -> None:
    place.parents[1].write_text("a file where a folder should be", "utf-8")
    assert remembered(case).figures == remembered(case).figures
    assert len(measurings) == 2


def test_a_case_that_changes_meanwhile_is_not_kept(
    case: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = measuring.measure

    def slow(*given: object) -> object:
        found = measure(*given)  # type: ignore[arg-type]
        one_cell(case)
        return found

    monkeypatch.setattr(measuring, "measure", slow)
    remembered(case)
    assert not files(place)


def test_an_engine_that_is_asked_for_measures_anew(
    case: Path, shown: Shown, measurings: list[Path]
) -> None:
    told = shown("metrics", str(case))
    assert shown("metrics", str(case), "--engine", "duckdb") == told
    assert len(measurings) == 2


def test_purging_a_case_forgets_its_figures(
    case: Path, tmp_path: Path, shown: Shown, place: Path
) -> None:
    other = Path(copytree(case, tmp_path / "other"))
    remembered(case)
    remembered(other)
    assert len(files(place)) == 2
    shown("case", "purge", str(case), "--act", str(tmp_path / "acts"), "--yes")
    assert len(files(place)) == 1
    remembered(other)


def test_faulty_tables_are_told_as_before(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remembered(case)
    deals = case / "data" / "deals.csv"
    deals.write_text("deal\n1\n", "utf-8")
    told = set()
    for _ in range(2):
        assert run(["--lang", "en", "diagnose", str(case)]) == 3
        told.add(capsys.readouterr().err)
    (once,) = told
    assert "deals.csv" in once


def test_with_figures_at_hand_no_engine_is_loaded(case: Path, shown: Shown) -> None:
    told = shown("diagnose", str(case), "--format", "json")
    code = (
        "import sys; from salesdx.cli import run;"
        f"run(['diagnose', {str(case)!r}, '--format', 'json']);"
        "print([m for m in ('ibis', 'duckdb', 'pyarrow', 'scipy', 'pandas', 'sqlglot',"
        " 'salesdx.metrics', 'salesdx.statistics') if m in sys.modules],"
        " file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        encoding="utf-8",
    )  # fmt: skip
    assert done.stdout == told
    assert done.stderr == "[]\n"


def test_doctor_says_where_figures_are(
    case: Path, capsys: pytest.CaptureFixture[str], place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def line() -> str:
        run(["--lang", "en", "doctor", "--format", "json"])
        checks = json.loads(capsys.readouterr().out)
        (found,) = (c for c in checks if c["check"] == "kept figures")
        assert found["ok"]
        return str(found["detail"])

    remembered(case)
    assert line().startswith(f"{place}: cases 1, ")
    monkeypatch.setenv(cache.SWITCH, "off")
    assert line() == "off (SALESDX_CACHE=off)"


def test_the_cache_is_where_each_system_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # to be ignored
    home = Path.home()
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    for system, parent in (
        ("linux", home / ".cache"), ("darwin", home / "Library" / "Caches"),
        ("win32", home / "AppData" / "Local"),
    ):  # fmt: skip
        monkeypatch.setattr(sys, "platform", system)
        assert cache.cache_folder() == parent / "salesdx" / "measured"


def test_what_cannot_be_read_back_is_not_written() -> None:
    from salesdx.case import Note
    from salesdx.errors import Said
    from salesdx.facts import Measurement
    from salesdx.losses import LossMap
    from salesdx.measured.shapes import Shapes

    def content(value: float | None, **params: object) -> Content:
        return Content(
            (), None, (None, None), (Note("n", "deals", params),),
            [Measurement("m", value)], LossMap(), Shapes([], [], [], [], []),
        )  # fmt: skip

    kept = content(float("inf"), hint=Said("did you mean a", "может быть, a"))
    file = written(kept, "key")
    assert file is not None
    found = read(file, "key")
    assert found == kept
    hint = found.notes[0].params["hint"]
    assert (hint, hint.ru) == ("did you mean a", "может быть, a")
    assert type(read(written(content(5), "k") or b"", "k").figures[0].value) is int
    assert type(read(written(content(5.0), "k") or b"", "k").figures[0].value) is float
    assert written(content(float("nan")), "key") is None
    assert written(content(1, examples=[1, 2]), "key") is None
