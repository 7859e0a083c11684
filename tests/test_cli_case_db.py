"""The command line on a database: what a folder gives, a case in a database gives."""

import io
import json
import shutil
import sys
from pathlib import Path

import click
import pytest
from storage_fixture import database, postgres_server

from salesdx.answers.file import existing
from salesdx.cli import program, run
from salesdx.errors import EXIT_DATA, EXIT_OK, EXIT_USAGE
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.upgrading import opened

__all__ = ["database", "postgres_server"]
pytestmark = pytest.mark.usefixtures("measured_once")
CASES = Path(__file__).parent / "cases"
K01A, WITH_FINDINGS = CASES / "k01a", CASES / "k02"
Out = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The case acme in a folder; the working folder is another one, and empty."""
    shutil.copytree(K01A, tmp_path / "in" / "acme")
    monkeypatch.delenv("SALESDX_DB", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def stored(here: Path, tmp_path: Path, capsys: Out) -> str:
    """A database with the case acme."""
    address = str(tmp_path / "cases.db")
    folder = str(tmp_path / "in" / "acme")
    assert said(capsys, "case", "add", folder, "--db", address)[0] == EXIT_OK
    return address


def said(capsys: Out, *words: str) -> tuple[int, str, str]:
    code = run(["--lang", "en", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_database_gives_what_the_folder_gives(
    database: str, here: Path, tmp_path: Path, capsys: Out
) -> None:
    folder = str(tmp_path / "in" / "acme")
    assert said(capsys, "case", "add", folder, "--db", database)[0] == EXIT_OK
    for command, *rest in (["diagnose", "--format", "json"],):
        on_folder = said(capsys, command, folder, *rest)
        on_database = said(capsys, command, "acme", *rest, "--db", database)
        assert on_folder[0] == on_database[0] == EXIT_OK, on_database
        assert on_folder[1] == on_database[1], command


def test_every_command_on_a_case_takes_a_database() -> None:
    program_ = program()
    context = click.Context(program_)
    found = {}
    for name in program_.list_commands(context):
        command = program_.get_command(context, name)
        assert command is not None
        names = {p.name for p in command.params}
        if "case" in names:
            found[name] = "db" in names
    assert len(found) >= 11 and all(found.values()), found


def test_reports_need_a_place(stored: str, capsys: Out) -> None:
    code, _, err = said(capsys, "report", "acme", "--to", "md", "--db", stored)
    assert code == EXIT_USAGE and "--out" in err
    code, out, _ = said(
        capsys, "report", "acme", "--to", "md", "--out", "reports", "--db", stored
    )
    assert code == EXIT_OK and Path(out.strip()).is_file()


def test_a_saved_result_goes_into_the_database(
    stored: str, tmp_path: Path, capsys: Out
) -> None:
    code, _, err = said(capsys, "diagnose", "acme", "--save", "--db", stored)
    assert code == EXIT_OK and "Saved: results/" in err and "case acme in" in err
    assert said(capsys, "case", "export", "acme", "out", "--db", stored)[0] == EXIT_OK
    assert len(list(Path("out/results").glob("*.json"))) == 1


def test_an_import_goes_into_the_database(stored: str, capsys: Out) -> None:
    deals = K01A / "data" / "deals.csv"
    code, _, _ = said(capsys, "import", "acme", str(deals), "--yes", "--db", stored)
    assert code == EXIT_OK
    assert said(capsys, "case", "export", "acme", "out", "--db", stored)[0] == EXIT_OK
    assert Path("out/mapping.yaml").is_file()


def test_an_interview_is_kept_in_the_database_and_goes_on(
    stored: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.setenv("SALESDX_DB", stored)
    for lines in ("dunno\ndunno\nquit\n", "dunno\nquit\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        words = ["interview", "acme", "--mode", "full", "--as", "owner"]
        assert said(capsys, *words)[0] == EXIT_OK
    with opened(stored) as engine:
        found = DatabaseAnswers(engine, "acme").file()
    before = existing(K01A / "answers.yaml")
    mine = [a for a in found.answers if a.by == "owner"]
    assert len(found.answers) == len(before.answers) + 3
    assert len({a.question for a in mine}) == 3  # it went on, not over again
    assert not any(here.iterdir())


def test_what_a_meeting_records_is_in_the_database(stored: str, capsys: Out) -> None:
    with_findings = str(WITH_FINDINGS)
    assert said(capsys, "case", "add", with_findings, "--db", stored)[0] == EXIT_OK
    code, _, err = said(
        capsys, "meeting", WITH_FINDINGS.name, "--finding", "1", "--why", "no rules",
        "--by", "head_of_sales", "--db", stored,
    )  # fmt: skip
    assert code == EXIT_OK, err
    with opened(stored) as engine:
        answers = DatabaseAnswers(engine, WITH_FINDINGS.name).file().answers
    assert answers[-1].value == "no rules"


def test_cases_are_listed_and_shown(stored: str, capsys: Out) -> None:
    code, out, _ = said(capsys, "case", "list", "--format", "json", "--db", stored)
    (one,) = json.loads(out)["cases"]
    assert code == EXIT_OK and one["id"] == "acme" and one["answers"] == 9
    code, out, _ = said(capsys, "case", "show", "acme", "--db", stored)
    assert code == EXIT_OK and "K-01a" in out
    code, _, err = said(capsys, "case", "show", "other", "--db", stored)
    assert code == EXIT_DATA and "no case 'other'" in err


def test_a_database_is_never_meant_by_default(
    stored: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    code, _, err = said(capsys, "case", "list")
    assert code == EXIT_USAGE and "SALESDX_DB" in err
    code, _, err = said(capsys, "diagnose", "acme")
    assert code == EXIT_DATA and "company.yaml" in err  # the folder, not the database
    code, _, err = said(capsys, "diagnose", str(tmp_path / "here"), "--db", stored)
    assert code == EXIT_DATA and "leave --db out" in err
    monkeypatch.setenv("SALESDX_DB", stored)
    assert said(capsys, "diagnose", "acme")[0] == EXIT_OK
    code, _, err = said(capsys, "diagnose", str(tmp_path / "in/acme"), "--db", "")
    assert code == EXIT_OK, err


def test_a_file_is_still_no_case(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "acme").write_text("x")
    code, _, err = said(capsys, "diagnose", str(tmp_path / "acme"))
    assert code == EXIT_USAGE and "is a file" in err


@pytest.mark.parametrize("language", ["en", "ru"])
def test_faults_of_a_database_are_a_sentence(
    language: str, tmp_path: Path, capsys: Out
) -> None:
    (tmp_path / "x.db").write_text("format: 1\n" * 500)
    wrong = [
        "a.db",
        "x.db",
        "postgresql://me:s3cret@127.0.0.1:9/x",
        "mysql://me:s3cret@h/x",
    ]
    for address in [str(tmp_path / wrong[0]), str(tmp_path / wrong[1]), *wrong[2:]]:
        for words in (["case", "list"], ["diagnose", "acme"]):
            code = run(["--lang", language, *words, "--db", address])
            out, err = capsys.readouterr()
            assert code == EXIT_DATA and out == ""
            assert err.count("\n") == 1 and "Traceback" not in err
            assert "s3cret" not in err


@pytest.mark.parametrize("language", ["en", "ru"])
def test_help_tells_of_the_database(language: str, capsys: Out) -> None:
    for words in (["diagnose"], ["interview"], ["case", "add"], ["case"]):
        assert run(["--lang", language, *words, "--help"]) == EXIT_OK
        assert "--db" in capsys.readouterr().out
