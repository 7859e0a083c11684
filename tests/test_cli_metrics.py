"""`salesdx metrics`: months, what is missing, and how far it is."""

import io
from pathlib import Path
from typing import Any

import pytest

from salesdx.analysis import analyse
from salesdx.cli import output, run, wording

CASE = Path(__file__).parent / "cases" / "k01c"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESDX_LANG", "en")
    wording.choose([], {})


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_by_period_shows_months_of_the_company_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["metrics", str(CASE), "--by", "period"]) == 0
    shown = capsys.readouterr().out.splitlines()
    document = analyse(CASE).document
    months = [
        m for m in document.metrics if m.period and not m.slice and m.state == "ok"
    ]
    assert months
    assert len(shown) == len(months)
    for line, row in zip(shown, months, strict=True):
        assert line.startswith(row.title.en)
        assert f" {row.period} " in line


def test_unknown_lists_the_reason_and_what_would_supply_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["metrics", str(CASE), "--unknown"]) == 0
    shown = capsys.readouterr().out
    rows = analyse(CASE).document.not_checked
    assert rows
    for row in rows:
        assert f"  {row.title.en}: {row.reason.en}\n" in shown
        assert f"    would be supplied by: {row.supply.en}\n" in shown


def test_an_analysis_tells_every_stage_in_order() -> None:
    heard: list[tuple[Any, ...]] = []
    analyse(CASE, progress=lambda *told: heard.append(told))
    stages = list(dict.fromkeys(stage for stage, *_ in heard))
    assert stages == ["knowledge", "metrics", "losses", "rules"]
    counted = [told[1:] for told in heard if told[0] == "metrics"]
    total = counted[0][1]
    assert counted == [(done, total) for done in range(total + 1)]


def seen(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """What a terminal shows of a bar in this environment."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(output.sys, "stderr", terminal)
        with output.advancing("Starting…") as advance:
            advance("Computing the figures…", 3, 7)
            advance("Looking for losses…", 0, 0)
    return terminal.getvalue()


def test_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = seen(monkeypatch)
    assert "Looking for losses…" in shown
    assert "0:00:0" in shown


def test_a_build_server_and_a_dumb_terminal_see_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert seen(monkeypatch, CI="true") == ""
    assert seen(monkeypatch, TERM="dumb") == ""


def test_a_pipe_sees_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["metrics", str(CASE), "--format", "json"]) == 0
    assert capsys.readouterr().err == ""


def test_a_case_without_anything_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "company.yaml").write_text("{format: 1, name: Acme}")
    assert run(["metrics", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("No figures")
