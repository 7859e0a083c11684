"""Commands on a small case of answers: each prints in both languages and as JSON."""

import io
import json
from pathlib import Path

import pytest
import yaml

from salesdx.cli import run, wording

pytestmark = pytest.mark.usefixtures("measured_once")
ANSWERS = """format: 1
respondents:
  head: {role: head_of_sales}
answers:
  - {question: Q-TICK-08, by: head, value: no}
  - {question: Q-LOSS-05, by: head, value: next_day}
"""


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESDX_LANG", "en")
    wording.choose(["--lang", "en"], {})


@pytest.fixture
def case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "acme"
    assert run(["init", str(folder), "--name", "Acme"]) == 0
    (folder / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
    capsys.readouterr()
    return folder


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "words",
    [
        ["diagnose"],
        ["check"],
        ["metrics", "--unknown"],
        ["plan"],
    ],
)
def test_each_command_prints_text(
    case: Path, words: list[str], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *rest = words
    assert run([command, str(case), *rest, "--lang", language]) == 0
    out, err = capsys.readouterr()
    assert out.strip()
    assert not err


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["diagnose"], "schema"),
        (["check"], "tables"),
        (["metrics"], "metrics"),
        (["plan"], "plan"),
    ],
)
def test_each_command_prints_json(
    case: Path, words: list[str], key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *rest = words
    assert run([command, str(case), *rest, "--format", "json"]) == 0
    assert key in json.loads(capsys.readouterr().out)


def test_a_cause_is_explained_by_its_ref(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["why", str(case), "C-14", "--lang", "en"]) == 0
    assert "Weight of evidence" in capsys.readouterr().out
    assert run(["why", str(case), "C-14", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]
    assert run(["why-not", str(case), "C-14", "--lang", "ru"]) == 0
    assert capsys.readouterr().out.strip()


def test_an_unknown_cause_is_a_usage_mistake(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["why", str(case), "ofhours-not-covered"]) == 2
    assert "did you mean 'off-hours-not-covered'" in capsys.readouterr().err


def test_a_supposed_answer_writes_nothing(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["what-if", str(case), "Q-TICK-08=yes", "--lang", "en"]) == 0
    assert capsys.readouterr().out.strip()
    assert (case / "answers.yaml").read_text(encoding="utf-8") == ANSWERS


@pytest.mark.parametrize("change", ["Q-TICK-08", "no-such-thing=1", "=1"])
def test_a_supposition_must_be_a_name_and_a_value(case: Path, change: str) -> None:
    assert run(["what-if", str(case), change]) == 2


def test_diagnose_writes_only_when_asked(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(p.name for p in case.iterdir())
    assert run(["diagnose", str(case)]) == 0
    assert sorted(p.name for p in case.iterdir()) == before
    assert run(["diagnose", str(case), "--save"]) == 0
    assert run(["diagnose", str(case), "--save"]) == 0
    assert len(list((case / "results").glob("*.json"))) == 1


def test_reports_are_written_where_asked(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["report", str(case), "--to", "md,json", "--lang", "ru", "--out", str(out)]
    assert run(words) == 0
    told = capsys.readouterr().out.split()
    assert told == [str(out / f"report-consultant-ru.{s}") for s in ("md", "json")]
    assert all(Path(p).stat().st_size for p in told)


def test_an_unknown_format_is_refused_before_anything_is_written(
    case: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(["report", str(case), "--to", "md,doc", "--out", str(out)]) == 2
    assert not out.exists()


def answers_of(case: Path) -> list[dict[str, object]]:
    text = (case / "answers.yaml").read_text(encoding="utf-8")
    found: list[dict[str, object]] = yaml.safe_load(text)["answers"]
    return found


def talk(case: Path, lines: str, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    words = ["interview", str(case), "--mode", "full", "--as", "owner", *more]
    return run(words)


def test_an_interview_saves_every_answer_and_goes_on_later(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert talk(case, "?\ndunno\nnote to ask again\nrefuse\nquit\n", monkeypatch) == 0
    saved = answers_of(case)[2:]
    assert [a["state"] for a in saved] == ["dont_know", "refused"]
    assert saved[1]["note"] == "to ask again"
    assert {a["by"] for a in saved} == {"owner"}
    assert talk(case, "dunno\n", monkeypatch) == 0
    questions = [a["question"] for a in answers_of(case)[2:]]
    assert len(set(questions)) == 3
    assert "Saved: 1" in capsys.readouterr().out


def test_what_does_not_apply_needs_a_reason_and_back_asks_again(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "na\nna we have no owner\nback\ndunno\n"
    assert talk(case, lines, monkeypatch) == 0
    saved = answers_of(case)[2:]
    assert [a["state"] for a in saved] == ["not_applicable", "dont_know"]
    assert saved[0]["question"] == saved[1]["question"]
    assert saved[0]["reason"] == "we have no owner"


def test_a_senseless_answer_is_asked_again(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(answers_of(case))
    monkeypatch.setattr("sys.stdin", io.StringIO("perhaps\nyes?\nquit\n"))
    words = ["interview", str(case), "--mode", "quick", "--as", "head_of_sales"]
    assert run(words) == 0
    saved = answers_of(case)[before:]
    assert len(saved) <= 1
    assert all(a["confidence"] == "unsure" for a in saved)


def test_an_unknown_role_is_refused_with_the_roles(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["interview", str(case), "--as", "ownr"]) == 2
    err = capsys.readouterr().err
    assert "owner" in err
    assert "head_of_sales" in err


def test_doctor_looks_at_everything(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["doctor", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert code == (1 if any(c["required"] and not c["ok"] for c in found) else 0)
    assert {"Python", "durable_rules", "duckdb"} <= {c["check"] for c in found}


def test_the_knowledge_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kb", "export", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"]
    assert run(["kb", "schema", "cause"]) == 0
    assert "$schema" in json.loads(capsys.readouterr().out)
