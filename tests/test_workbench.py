"""The trainer's workbench: lint codes, tests beside the rules, export, schemas."""

import json
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import TEXT, cause, metric, question, rule, symptom, write

from salesdx.errors import Problem
from salesdx.knowledge.load import load
from salesdx.workbench.export import export
from salesdx.workbench.lint import lint
from salesdx.workbench.testing import Report, run
from salesdx.workbench.trees import SIGNS

METRICS = [metric("a"), metric("b"), metric("rate", grain=["manager"])]
QUESTIONS = [question("q.a"), question("q.own", about="manager")]
LOW_A, LOW_B = {"a": "< 0.5"}, {"b": "< 0.5"}
TESTS: list[dict[str, Any]] = [
    {"name": "low", "given": {"a": 0.1, "b": 0.1},
     "expect": {"fired": ["r", "s"], "verdict": "likely", "points": 80}},
    {"name": "high", "given": {"a": 0.9, "b": 0.9},
     "expect": {"not_fired": ["r", "s"]}},
    {"name": "dark", "given": {}, "expect": {"unknown": ["r", "s"], "best": 80}},
]  # fmt: skip
RULES = [rule("r", LOW_A), rule("s", LOW_B)]


def good(name: str = "x", **more: Any) -> dict[str, Any]:
    parts = {"remedies": ["mend"], "tests": TESTS, "evidence": RULES} | more
    return cause(name, parts.pop("evidence"), **parts)


def base(folder: Path, *causes: Any, **more: Any) -> Path:
    parts: dict[str, Any] = {
        "metrics": [metric("a"), metric("b")],
        "questions": [], "symptoms": [],
    }  # fmt: skip
    write(folder, causes=list(causes), **(parts | more))
    if not (parts | more)["questions"]:
        (folder / "questionnaires/all.yaml").unlink()
    remedy = {
        "id": "mend", "title": TEXT, "steps": [TEXT], "owner": "head", "days": 5,
        "source": {"seed": "1"}, "grade": "E1",
    }  # fmt: skip
    (folder / "remedies").mkdir()
    (folder / "remedies/all.yaml").write_text(
        json.dumps({"format": 1, "remedies": [remedy]}), encoding="utf-8"
    )
    return folder


def linted(folder: Path, *causes: Any, **more: Any) -> list[Problem]:
    return lint(folder=base(folder, *causes, **more))


def codes(found: list[Problem]) -> list[str]:
    return sorted({p.code for p in found})


def test_a_sound_base_has_no_fault(tmp_path: Path) -> None:
    assert linted(tmp_path, good()) == []


def test_what_cannot_be_loaded_is_told_first(tmp_path: Path) -> None:
    found = linted(tmp_path, good(evidence=[rule("r", {"c": "< 0.5"})]))
    assert codes(found) == ["unknown-name"]


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        ({"evidence": [rule("r", LOW_A)]}, "unreachable-cause", "40 points at most"),
        ({"remedies": []}, "cause-without-remedy", "names no remedy"),
        ({"tests": []}, "missing-test", "x/r: never fired, not fired, unknown"),
        ({"tests": TESTS[:2]}, "missing-test", "x/s: never unknown"),
        ({"kind": "people"}, "people-without-gate", "without a gate"),
        ({"tests": [*TESTS[1:], {**TESTS[0], "given": {"a": 0.1, "b": 0.9}}]},
         "failing-test", "s: expected fired, is not fired"),
    ],
)  # fmt: skip
def test_each_fault_of_a_cause_has_a_code(
    tmp_path: Path, more: dict[str, Any], code: str, says: str
) -> None:
    found = [p for p in linted(tmp_path, good(**more)) if p.code == code]
    assert any(says in p.message for p in found)
    assert all(p.file.endswith("causes/test/x.yaml") for p in found)


def test_single_answers_alone_never_reach_a_verdict(tmp_path: Path) -> None:
    asked = [question(f"q.n{i}") for i in range(4)]
    rules = [rule(f"r{i}", {q["id"]: "no"}) for i, q in enumerate(asked)]
    found = linted(tmp_path, good(evidence=rules), questions=asked)
    assert "unreachable-cause" in codes(found)


def test_a_manager_is_never_blamed_by_an_answer_about_nobody(tmp_path: Path) -> None:
    rules = [*RULES, rule("t", {"q.a": "no"}), rule("u", {"q.own": "no"})]
    blames = good(evidence=rules, for_each="manager", kind="people", gate=[LOW_A])
    found = linted(tmp_path, blames, questions=QUESTIONS)
    (one,) = [p for p in found if p.code == "blame-without-person"]
    assert "x/t blames a manager by 'q.a'" in one.message


def test_what_nobody_uses_is_told(tmp_path: Path) -> None:
    spare = [metric("a"), metric("b"), metric("spare"),
             {**metric("shown"), "unused": "for the report"}]  # fmt: skip
    asked = [question("q.spare"), question("q.note", "text", unused="a remark")]
    found = linted(tmp_path, good(remedies=[]), metrics=spare, questions=asked)
    messages = [p.message for p in found]
    assert "no rule reads 'spare'" in messages
    assert "no rule reads 'q.spare'" in messages
    assert "no cause names remedy 'mend'" in messages
    assert not any("shown" in m or "q.note" in m for m in messages)


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        ({"needs": []}, "metric-without-source", "nothing supplies 'm'"),
        ({"question": "q.part"}, "unknown-id", "no question 'q.part'"),
        ({"yes_of": ["q.share"]}, "question-does-not-fit", "'q.share' is no figure"),
        ({"question": "q.yes"}, "question-does-not-fit", "'q.yes' is no figure in"),
        ({"question": "q.share", "unit": "days"}, "question-does-not-fit", "in days"),
        ({"question": "q.share", "needs": []}, "rule-reads-said-figure", "only an"),
    ],
)
def test_a_figure_comes_from_tables_or_fitting_answers(
    tmp_path: Path, more: dict[str, Any], code: str, says: str
) -> None:
    asked = [question("q.share", "number", unit="percent"), question("q.yes")]
    rows = [{**metric("m"), **more}, metric("a"), metric("b")]
    reads = good(evidence=[*RULES, rule("t", {"known": "m"})])
    found = linted(tmp_path, reads, metrics=rows, questions=asked)
    assert any(p.code == code and says in p.message for p in found)


def test_the_question_behind_a_figure_is_used(tmp_path: Path) -> None:
    asked = [question("q.share", "number", unit="percent")]
    rows = [metric("a"), metric("b"), metric("m", question="q.share", unused="shown")]
    assert linted(tmp_path, good(), metrics=rows, questions=asked) == []


def test_relevance_and_symptoms_are_uses(tmp_path: Path) -> None:
    asked = [question("q.a"), question("q.b", relevant_if={"q.a": "yes"})]
    rows = [symptom("s", {"q.b": "no"})]
    assert linted(tmp_path, good(), questions=asked, symptoms=rows) == []


def reported(folder: Path, tests: list[Any], **more: Any) -> Report:
    rows = [symptom("low", LOW_A)]
    made = base(
        folder, good(tests=tests, **more), metrics=METRICS, questions=QUESTIONS,
        symptoms=rows,
    )  # fmt: skip
    return run(load(folder=made))


def test_all_expectations_hold(tmp_path: Path) -> None:
    report = reported(tmp_path, TESTS)
    assert (report.tests, report.failures, report.untested) == (3, [], [])


def test_a_failure_shows_the_tree_with_values(tmp_path: Path) -> None:
    inner = {"all": [{"any": [LOW_A, {"known": "rate"}]}, {"not": LOW_B}]}
    (failure,) = reported(
        tmp_path,
        [{"name": "t", "given": {"a": 0.9, "b": 0.1}, "expect": {"fired": ["r"]}}],
        evidence=[rule("r", inner, "decisive")],
    ).failures
    assert (failure.cause, failure.test) == ("x", "t")
    assert failure.message == "r: expected fired, is not fired"
    assert failure.tree is not None
    assert list(failure.tree.lines("en", SIGNS)) == [
        "✗ all of these:", "  ✗ at least one of these:",
        "    ✗ text [a]: 90% < 50%", "    ✗ text: is known [rate]; here: not given",
        "  ✗ not so:", "    ✓ text [b]: 10% < 50%",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ({"verdict": "possible"}, "verdict: expected possible, is likely (counted: "),
        ({"points": 40}, "points: expected 40, is 80 (counted: r +40, s +40)"),
        ({"worst": 1}, "worst: expected 1, is 80"),
        ({"fired": ["q"]}, "no rule 'q'"),
    ],
)
def test_a_broken_expectation_is_told(
    tmp_path: Path, expect: dict[str, Any], says: str
) -> None:
    test = {"name": "t", "given": {"a": 0.1, "b": 0.1}, "expect": expect}
    assert says in reported(tmp_path, [test]).failures[0].message


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"c": 1}, "unknown name 'c'"),
        ({"q.a": "maybe"}, "q.a is yes or no"),
        ({"a": "10%"}, "a is a figure, not '10%'"),
        ({"symptom:low": "maybe"}, "symptom:low is never 'maybe'"),
        ({"gap:rate": "confirm"}, "gap:rate is never 'confirm'"),
        ({"cause:x": "sure"}, "cause:x is never 'sure'"),
        ({"q.a": {"value": "no", "confidence": "maybe"}}, "no confidence 'maybe'"),
    ],
)
def test_a_test_gives_what_could_really_be_given(
    tmp_path: Path, given: dict[str, Any], says: str
) -> None:
    failures = reported(
        tmp_path, [{"name": "t", "given": given, "expect": {}}]
    ).failures
    assert any(says in f.message for f in failures)


def test_a_symptom_that_is_not_given_is_computed(tmp_path: Path) -> None:
    rules = [rule("r", {"symptom": "low"}), rule("s", {"q.a": "no"})]
    guess = {"value": "no", "confidence": "unsure"}
    report = reported(tmp_path, [
        {"name": "t", "given": {"a": 0.1, "q.a": guess},
         "expect": {"fired": ["r", "s"], "points": 60}},
        {"name": "u", "given": {"a": 0.1, "symptom:low": False},
         "expect": {"not_fired": ["r"]}},
    ], evidence=rules)  # fmt: skip
    assert report.failures == []


@pytest.mark.parametrize(
    "kind",
    ["questions", "metrics", "symptoms", "causes", "rules", "remedies", "benchmarks",
    "roles", "worksheets", "claims", "forms"],
)  # fmt: skip
def test_the_export_lists_every_kind_with_both_languages(kind: str) -> None:
    found = export(load())[kind]
    assert found
    for row in found:
        assert row.get("id") or row.get("code")
        assert row["title"]["en"]
        assert row["title"]["ru"]
    names = [row.get("id") or row["code"] for row in found]
    assert len(names) == len(set(names))


def test_the_export_is_json_and_names_its_pack() -> None:
    found = export(load())
    assert found == json.loads(json.dumps(found, allow_nan=False))
    assert {"pack", "version", "hash"} <= set(found)
    assert all(q["options"] for q in found["questions"] if q["type"] == "enum")


def test_the_shipped_tests_hold_and_leave_no_rule_out() -> None:
    report = run(load())
    assert report.failures == []
    assert report.untested == []
