"""The whole way on the made-up company: the ills that were built in, and no others."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from salesdx.cli import run
from salesdx.demo import ARTEFACTS, ILLS, setting
from salesdx.demo.examples import WHOLESALER, example

REFUSER = example(WHOLESALER).names("en").of(setting.REFUSER)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert run(["demo", str(folder), "--lang", "en"]) == 0
    return folder


@pytest.fixture(scope="module")
def result(demo: Path) -> dict[str, Any]:
    text = (demo / "reports" / "result.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def likely(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for c in result["causes"] if c["verdict"] == "likely"]


def test_the_known_ills_and_only_they_are_likely(result: dict[str, Any]) -> None:
    found = [
        next((r for r in c["ref"] if r.startswith("C-")), c["id"])
        for c in likely(result)
    ]
    assert sorted(found) == sorted((*ILLS, *ARTEFACTS))


def test_the_false_alarm_is_told_before_any_ill(result: dict[str, Any]) -> None:
    assert "C-02" in likely(result)[0]["ref"]


def test_only_the_seller_who_refuses_is_blamed(result: dict[str, Any]) -> None:
    people = [c["slice"] for c in likely(result) if c["kind"] == "people"]
    assert people == [{"manager": REFUSER}]


def test_the_english_company_holds_no_russian_word(demo: Path) -> None:
    told = [demo / "answers.yaml", *(demo / "data").glob("*.csv")]
    assert len(told) > 15
    for path in told:
        assert not re.search("[а-яё]", path.read_text("utf-8"), re.I), path.name


def test_a_loss_in_money_is_found(result: dict[str, Any]) -> None:
    loss = result["summary"]["loss"]
    assert 0 < loss["low"] <= loss["expected"] <= loss["high"]


def test_the_plan_begins_with_something_to_do(result: dict[str, Any]) -> None:
    assert result["plan"]
    assert result["plan"][0]["steps"]


def test_reports_are_written_in_both_languages(demo: Path) -> None:
    found = {p.name for p in (demo / "reports").iterdir()}
    for language in ("en", "ru"):
        for suffix in ("html", "pdf", "docx"):
            assert f"report-consultant-{language}.{suffix}" in found


def test_diagnose_prints_the_same_document_again(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["diagnose", str(demo), "--format", "json"]) == 0
    text = (demo / "reports" / "result.json").read_text(encoding="utf-8")
    assert capsys.readouterr().out == text
