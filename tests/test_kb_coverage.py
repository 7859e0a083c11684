"""kb coverage: leaves that tests have seen, items of the domain with their places."""

import json
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import (
    cause,
    knowledge,
    metric,
    question,
    rule,
    symptom,
    text_file,
    write,
)

from salesdx.cli import run
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load, load_all
from salesdx.workbench.domain import cover
from salesdx.workbench.leaves import leaves, of_cause, share

METRICS = [metric("a"), metric("b")]
SYMPTOMS = [symptom("low", {"a": "< 0.5"}, ref=["S-01"]), symptom("b", {"b": "< 1"})]
CONDITION = {"all": [{"symptom": "low"}, {"at_least": {"n": 1, "of": [
    {"q.a": "no"}, {"known": "b"}]}}]}  # fmt: skip
TESTS: list[dict[str, Any]] = [
    {"name": "low", "given": {"a": 0.1, "q.a": "no"}, "expect": {"fired": ["r"]}},
    {"name": "given", "given": {"symptom:low": False}, "expect": {"not_fired": ["r"]}},
]
REGISTER = """
    format: 1
    kinds:
      - {id: C, count: 2, in: [causes], title: {en: Causes, ru: Причины}}
      - id: S
        numbers: [1, 7]
        in: [symptoms]
        title: {en: Symptoms, ru: Симптомы}
        exceptions:
          - {item: S-07, reason: {en: The engine does it., ru: Это делает программа.}}
"""


def base(folder: Path) -> Any:
    one = cause("x", [rule("r", CONDITION, ref=["IF-1", "C-01"])], tests=TESTS,
                gate=[{"b": "> 0"}], ref=["C-01"])  # fmt: skip
    text_file(folder, "domain.yaml", REGISTER)
    return knowledge(
        folder, causes=[one], metrics=METRICS, questions=[question("q.a")],
        symptoms=SYMPTOMS,
    )  # fmt: skip


def test_every_leaf_tells_its_place_and_what_the_tests_have_seen(
    tmp_path: Path,
) -> None:
    found = leaves(base(tmp_path))
    rows = [(row.site.of, str(row.leaf), row.seen, row.lacks) for row in found]
    assert rows == [
        ("x/r", "symptom:low", (True, False), (None,)),
        ("x/r", "q.a no", (True, None), (False,)),
        ("x/r", "known b", (False,), (True,)),
        ("x/gate 1", "b > 0", (None,), (True, False)),
        ("symptom:b", "b < 1", (), (True, False, None)),
        ("symptom:low", "a < 0.5", (True,), (False, None)),
    ]
    assert share(found) == pytest.approx(7 / 17)
    for row in found:
        text = (tmp_path / row.place.file.partition("/")[2]).read_text("utf-8")
        line = text.splitlines()[row.place.line - 1]
        assert row.leaf.name.removeprefix("symptom:") in line


def test_the_leaves_of_a_cause_are_its_own_and_those_of_its_symptoms(
    tmp_path: Path,
) -> None:
    made = base(tmp_path)
    rows = of_cause(leaves(made), made.causes["x"], made)
    assert [row.site.of for row in rows] == ["x/r"] * 3 + ["x/gate 1", "symptom:low"]


def test_no_leaves_are_all_seen() -> None:
    assert share([]) == 1.0


def test_an_item_is_covered_excepted_or_missing(tmp_path: Path) -> None:
    found = cover(base(tmp_path))
    assert {i.id: i.status for i in found.items.values()} == {
        "C-01": "covered", "C-02": "missing", "S-01": "covered", "S-07": "excepted",
    }  # fmt: skip
    borne_by = found.items["C-01"].borne_by
    assert [(b.kind, b.name) for b in borne_by] == [("causes", "x"), ("rules", "x/r")]
    assert all(b.place.line > 0 for b in borne_by)
    assert list(found.others) == ["IF-1"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{id: C, count: 2, in: [cuases], title: {en: C, ru: П}}", "causes"),
        ("{id: C, in: [causes], title: {en: C, ru: П}}", "either count or numbers"),
        ("{id: C, count: 2, numbers: [1], in: [causes], title: {en: C, ru: П}}",
         "either count or numbers"),
        ("{id: C, count: 1, in: [causes], title: {en: C, ru: П}, exceptions: "
         "[{item: C-02, reason: {en: E, ru: П}}]}", "'C-02' is no item of C"),
    ],
)  # fmt: skip
def test_a_faulty_register_is_told_with_its_place(
    tmp_path: Path, line: str, says: str
) -> None:
    write(tmp_path, causes=[])
    text_file(tmp_path, "domain.yaml", f"format: 1\nkinds:\n  - {line}\n")
    (problem,) = load_all(folder=tmp_path)[1]
    assert says in str(problem)
    assert problem.file.endswith("domain.yaml")
    assert problem.line == 3


def test_an_overlay_registers_items_of_its_own(tmp_path: Path) -> None:
    kind = "{id: ACME, count: 2, in: [symptoms], title: {en: Ours, ru: Наше}}"
    text_file(tmp_path, "domain.yaml", f"format: 1\nkinds:\n  - {kind}\n")
    rows = json.dumps({"format": 1, "symptoms": [
        symptom("ours", {"known": "conversion.raw"}, ref=["ACME-02", "OWN-1"])
    ]})  # fmt: skip
    text_file(tmp_path, "symptoms/ours.yaml", rows)
    found = cover(load([tmp_path]))
    assert [i.status for i in found.of_kind("ACME")] == ["missing", "covered"]
    assert found.others["OWN-1"][0].name == "ours"
    assert "C" in found.kinds


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return load()


@pytest.fixture
def _loaded_once(shipped: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salesdx.knowledge.load.load", lambda _: shipped)


@pytest.mark.usefixtures("_loaded_once")
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--lang", "en"], 0, "Domain: "),
        (["--leaves", "--lang", "ru"], 0, "Условия: сравнений"),
        (["--leaves", "--lang", "en", "--threshold", "100"], 1, ": never "),
        (["--leaves", "immature-deals", "--lang", "en"], 0, "✓✗?  immature-deals/"),
        (["immature-deals", "--lang", "en"], 0, "  Q-DQ-04: knowledge_base/causes/"),
        (["immature-deals", "--lang", "ru"], 0, "По данным: да"),
        (["--domain", "--lang", "ru"], 0, "IF-92: исключение"),
        (["--domain", "C-07", "--lang", "en"], 0, "C-07: covered"),
        (["--domain", "DI", "--lang", "en"], 0, "DI-13 [excepted]: causes "),
        (["--domain", "P-10", "--lang", "en"], 0, "P-10: outside the register"),
    ],
)
def test_the_views(
    words: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["kb", "coverage", *words]) == code
    assert says in capsys.readouterr().out


@pytest.mark.usefixtures("_loaded_once")
def test_an_unknown_item_is_a_mistake_of_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["kb", "coverage", "--domain", "C-7", "--lang", "en"]) == 2
    assert "did you mean" in capsys.readouterr().err


@pytest.mark.usefixtures("_loaded_once")
def test_the_views_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["kb", "coverage", "immature-deals", "--format", "json"]
    assert run(words) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["causes", "leaves", "domain"]
    assert data["leaves"]["share"] == 1.0
    assert {row["kind"] for row in data["leaves"]["rows"]} >= {"rule", "symptom"}
    assert run(["kb", "coverage", "--domain", "C-07", "--format", "json"]) == 0
    (item,) = json.loads(capsys.readouterr().out)["domain"]["items"]
    assert item["status"] == "covered"
    assert item["borne_by"][0]["line"] > 0
