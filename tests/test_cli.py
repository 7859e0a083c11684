"""The command line: languages, exit codes, help that comes at once, no tracebacks."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from salesdx.cli import COMMANDS, mistakes, run, wording

LANGUAGES = ("en", "ru")


@pytest.fixture(autouse=True)
def steady_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESDX_LANG", "en")
    monkeypatch.delenv("SALESDX_DEBUG", raising=False)
    wording.choose([], {})


def helped(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run([*words, "--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", [*COMMANDS, "kb lint", "kb test", "kb export"])
def test_every_command_explains_itself_with_an_example(
    command: str,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # texts are chosen when a module is loaded, so each language needs its own process
    environment = {**os.environ, "SALESDX_LANG": language, "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-m", "salesdx", *command.split(), "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"salesdx {command.split()[0]}" in done.stdout
    told = ("Example", "Usage:") if language == "en" else ("Пример", "Вызов:")
    if command != "kb":
        assert all(word in done.stdout for word in told), done.stdout


def test_help_lists_the_commands_in_the_order_of_the_work(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = helped(capsys=capsys)
    places = [text.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_defaults_are_told_in_the_language_of_the_help(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["--lang", "ru", "interview", "--help"])
    told = capsys.readouterr().out
    assert "[по умолчанию: guided]" in told
    assert "default" not in told


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, salesdx.cli; salesdx.cli.run(['--help']);"
        "heavy = {'pydantic', 'duckdb', 'numpy', 'yaml', 'rich', 'babel'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "ru_RU.UTF-8", "SALESDX_LANG": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_is_the_users(environment: dict[str, str], language: str) -> None:
    wording.choose([], environment)
    assert wording.language() == language


def test_an_option_beats_the_environment() -> None:
    wording.choose(["diagnose", "x", "--lang=ru"], {"SALESDX_LANG": "en"})
    assert wording.language() == "ru"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["nonsense"], 2, "nonsense"),
        (["--nonsense"], 2, "--nonsense"),
        (["init"], 2, "DIR"),
        (["import", "nowhere"], 2, "FILE"),
        (["diagnose", "nowhere-at-all"], 3, "company.yaml"),
        (["kb", "schema", "nonsense"], 2, "questionnaire"),
        (["kb", "test", "--kb", "nowhere-at-all"], 2, "nowhere-at-all"),
        (["--version"], 0, ""),
    ],
)
def test_exit_codes_are_the_contract(
    words: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == code
    out, err = capsys.readouterr()
    assert told in err
    assert "Traceback" not in err
    assert code == 0 or not out


def test_usage_mistakes_are_told_in_russian(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESDX_LANG", "ru")
    assert run(["nonsense"]) == 2
    assert "нет такой команды" in capsys.readouterr().err
    assert run(["--nonsense"]) == 2
    assert "нет такого ключа" in capsys.readouterr().err


def test_a_fault_of_ours_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert mistakes.report(ZeroDivisionError("x"), debug=False) == 70
    err = capsys.readouterr().err
    assert "fault of salesdx" in err
    assert "Traceback" not in err


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert mistakes.report(ZeroDivisionError("x"), debug=True) == 70
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_ctrl_c_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert mistakes.report(KeyboardInterrupt(), debug=False) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_russian_is_printed_even_where_the_locale_is_plain(tmp_path: Path) -> None:
    environment = {
        **os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "salesdx", "--lang", "ru", "--help"],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0
    assert "Команды" in done.stdout.decode("utf-8")


def test_init_starts_a_case_and_never_overwrites_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "acme"
    assert run(["init", str(case), "--name", "Acme"]) == 0
    assert "Acme" in (case / "company.yaml").read_text(encoding="utf-8")
    assert run(["init", str(case)]) == 2
    assert "overwritten" in capsys.readouterr().err


DEALS = """deal_id,entered_at,status
1,2026-01-10,won
2,2026-02-11,lost
3,2026-03-12,open
"""


def test_import_writes_nothing_without_consent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, export = tmp_path / "acme", tmp_path / "export.csv"
    export.write_text(DEALS, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run(["init", str(case)]) == 0
    assert run(["import", str(case), str(export)]) == 2
    assert not (case / "data" / "deals.csv").exists()
    assert "deal_id" in capsys.readouterr().out


def test_import_with_consent_accounts_for_every_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, export = tmp_path / "acme", tmp_path / "export.csv"
    export.write_text(DEALS, encoding="utf-8")
    saved = tmp_path / "map.yaml"
    assert run(["init", str(case)]) == 0
    words = ["import", str(case), str(export), "--yes"]
    assert run([*words, "--save-map", str(saved)]) == 0
    assert "3 taken" in capsys.readouterr().out
    first = (case / "data" / "deals.csv").read_bytes()
    assert run([*words, "--map", str(saved)]) == 0
    assert (case / "data" / "deals.csv").read_bytes() == first


def test_no_page_of_help_loads_what_it_does_not_show() -> None:
    """What is heavy is loaded where it is used: help comes in a tenth of a second."""
    code = (
        "import sys, click\n"
        "from salesdx.cli import program\n"
        "def walk(command):\n"
        "    with click.Context(command) as context:\n"
        "        command.get_help(context)\n"
        "        if isinstance(command, click.Group):\n"
        "            for name in command.list_commands(context):\n"
        "                walk(command.get_command(context, name))\n"
        "walk(program())\n"
        "heavy = ('babel', 'duckdb', 'flask', 'ibis', 'jinja2', 'numpy', 'pyarrow',"
        " 'pydantic', 'scipy', 'sqlalchemy', 'yaml')\n"
        "print([m for m in heavy if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_the_gate_offers_is_what_it_knows() -> None:
    from salesdx import gate as known
    from salesdx.cli import gate as offered

    assert known.DEFAULT == offered._DEFAULT
    assert tuple(known.FORMATS) == offered._FORMATS
