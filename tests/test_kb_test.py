"""kb test: what a trainer sees of a failed test, the missing tests, the mutants."""

import json
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import TEXT, cause, knowledge, metric, question, rule, symptom

from salesdx.cli import kb_test, run
from salesdx.content import parse
from salesdx.errors import in_language
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.knowledge.models import RuleTest
from salesdx.workbench.given import Given
from salesdx.workbench.missing_tests import suggest
from salesdx.workbench.mutants import Mutation
from salesdx.workbench.noticing import mutate, noticing_tests
from salesdx.workbench.solving_tests import TestFacts
from salesdx.workbench.testing import Report, broken
from salesdx.workbench.testing import run as run_tests
from salesdx.workbench.trees import ASCII, SIGNS

OPTIONS = [{"code": c, "title": {"en": c, "ru": c}} for c in ("daily", "never", "rare")]
METRICS = [
    metric("late", title={"en": "Late replies", "ru": "Поздние ответы"}),
    metric("wait", unit="days", type="median"), metric("pieces", type="count",
    unit="count"), metric("rate", grain=["manager"], loss=True), metric("spent",
    unit="money", type="sum"),
]  # fmt: skip
QUESTIONS = [
    question("q.yes"), question("q.often", "enum", options=OPTIONS),
    question("q.many", "multi", options=OPTIONS), question("q.mark", "scale"),
    question("q.text", "text"), question("q.him", about="manager"),
    question("q.met", about="finding"), *(question(f"q.n{i}") for i in range(4)),
]  # fmt: skip
SYMPTOMS = [
    symptom("slow", {"late": "> late.high"}),
    symptom("his", {"rate": "< 0.5"}, for_each="manager"),
]
MARKS = [
    {"id": "late.high", "value": 0.2, "unit": "ratio", "title": TEXT,
     "applies_to": TEXT, "source": {"seed": "1"}, "grade": "E1", "date": "2026-01"},
]  # fmt: skip
SLOW = {"any": [{"symptom": "slow"}, {"all": [{"unknown": "late"}, {"q.yes": "no"}]}]}
CHECKLIST = {"at_least": {"n": 2, "of": [{f"q.n{i}": "no"} for i in range(4)]}}


def base(folder: Path, *causes: Any) -> KnowledgeBase:
    return knowledge(
        folder, causes=list(causes), metrics=METRICS, questions=QUESTIONS,
        symptoms=SYMPTOMS, benchmarks=MARKS,
    )  # fmt: skip


def expecting(given: Any, **expect: Any) -> dict[str, Any]:
    return {"name": "t", "given": given, "expect": expect}


def ran(folder: Path, rules: list[Any], *tests: Any, **more: Any) -> Report:
    return run_tests(base(folder, cause("x", rules, tests=list(tests), **more)))


def told(report: Report, language: str = "en") -> list[str]:
    (failure,) = report.failures
    assert failure.tree is not None
    return list(failure.tree.lines(language, SIGNS))  # type: ignore[arg-type]


def test_a_tree_opens_symptoms_and_names_the_threshold(tmp_path: Path) -> None:
    report = ran(tmp_path, [rule("r", SLOW)], expecting({"late": 0.12}, fired=["r"]))
    assert told(report) == [
        "✗ at least one of these:",
        "  ✗ text [symptom:slow]:",
        "    ✗ Late replies [late]: 12% > late.high (20%)",
        "  ✗ all of these:",
        "    ✗ Late replies: is not known [late]; here: 12%",
        "    ? text: no [q.yes]; here: not given",
    ]
    assert told(report, "ru")[2] == (
        "    ✗ Поздние ответы [late]: 12\u00a0% > late.high (20\u00a0%)"
    )


@pytest.mark.parametrize(
    ("condition", "given", "line"),
    [
        ({"late": "> late.high"}, {}, "Late replies [late]: not given; needed: > late"),
        ({"wait": "> 3"}, {"wait": 2.5}, "text [wait]: 2.5\u00a0days > 3\u00a0days"),
        ({"spent": "> 0"}, {"spent": 0}, "text [spent]: ₽0 > ₽0"),
        ({"q.often": "never"}, {"q.often": "daily"}, "text: “never” [q.often]; here: "),
        ({"known": "wait"}, {"wait": "unknown"}, "text: is known [wait]; here: unkn"),
        ({"q.yes": "no"}, {"q.yes": "dont_know"}, "[q.yes]; here: nobody knows"),
        ({"gap": "rate"}, {"gap:rate": "noise"}, "here: no more than chance"),
        ({"at_least": {"n": 2, "of": [{"q.yes": "no"}, {"wait": "> 3"}]}},
         {"q.yes": "no"}, "at least 2 of 2 (true: 1, unknown: 1):"),
    ],
)  # fmt: skip
def test_every_kind_of_leaf_is_said_with_its_value(
    tmp_path: Path, condition: Any, given: Any, line: str
) -> None:
    expect = {"fired": ["r"]}
    report = ran(tmp_path, [rule("r", condition)], expecting(given, **expect))
    assert line in told(report)[0]


def test_the_bill_says_who_counted_and_what_stood_in_the_way(tmp_path: Path) -> None:
    rules = [
        rule("strong", {"late": "> 0.1"}), rule("weak", {"late": "> 0.05"}, "slight"),
        rule("other", {"wait": "> 1"}), rule("said", {"q.yes": "no"}, "moderate"),
    ]  # fmt: skip
    given = {"late": 0.3, "wait": 2, "q.yes": {"value": "no", "confidence": "guess"}}
    gate = [{"pieces": ">= 30"}]
    report = ran(tmp_path, rules, expecting(given, verdict="likely"), gate=gate)
    (failure,) = report.failures
    assert failure.bill is not None
    lines = list(failure.bill.lines("en", SIGNS))
    assert lines[0].startswith("83 points; likely from 42")
    assert "  +40 other (group rule:other)" in lines
    assert any("+0 (+5) weak" in x and "strong counts" in x for x in lines)
    assert "  ? text [pieces]: not given; needed: >= 30" in lines
    ru = "\n".join(failure.bill.lines("ru", SIGNS))
    assert "обязательное условие:" in ru
    assert (failure.expected, failure.got) == ("likely", "possible")


def test_harm_that_is_known_to_be_absent_is_told(tmp_path: Path) -> None:
    rules = [rule("r", {"wait": "> 1"}, "decisive")]
    given = {"late": 0.1, "wait": 2}
    report = ran(tmp_path, rules, expecting(given, verdict="likely"), explains=["slow"])
    (bill,) = [f.bill for f in report.failures]
    assert bill is not None
    assert [c.kind for c in bill.checks] == ["harm"]
    assert bill.as_data()["checks"][0]["state"] == "false"  # type: ignore[index]


@pytest.mark.parametrize(
    ("given", "expect", "says", "at"),
    [
        ({"lat": 1}, {}, "did you mean 'late'?", "lat:"),
        ({"symptom:slo": True}, {}, "did you mean 'slow'?", "symptom:slo"),
        ({"q.often": "dayly"}, {}, "daily", "dayly"),
        ({"cause:x": "likly"}, {}, "did you mean 'likely'?", "likly"),
        ({"q.yes": {"value": "no", "confidence": "shure"}}, {}, "'sure'", "value"),
        ({}, {"fired": ["rr"]}, "did you mean 'r'?", "rr"),
        ({}, {"verdict": "posible"}, "did you mean 'possible'?", "posible"),
    ],
)
def test_a_fault_stands_where_it_was_written(
    tmp_path: Path, given: Any, expect: Any, says: str, at: str
) -> None:
    report = ran(tmp_path, [rule("r", {"late": "> 0.1"})], expecting(given, **expect))
    (failure,) = [f for f in report.failures if says in f.message]
    lines = (tmp_path / "causes/test/x.yaml").read_text(encoding="utf-8").splitlines()
    assert at in lines[failure.problem.line - 1]
    assert in_language(failure.message, "ru") != failure.message


def test_rules_that_wait_for_tests_are_counted_apart(tmp_path: Path) -> None:
    report = ran(tmp_path, [rule("r", SLOW, todo=True), rule("s", SLOW)])
    assert report.todo == [("x", "r")]
    (row,) = report.lacking
    assert row.states == (True, False, None)
    assert row.problem.text("en").endswith(
        "missing-test x/s: never fired, not fired, unknown"
    )


def test_signs_fall_back_to_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        encoding = "ascii"

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(kb_test.sys, "stdout", Terminal())
    assert kb_test.signs() is ASCII


RULES: list[tuple[str, Any]] = [
    ("slow", SLOW), ("list", CHECKLIST), ("wait", {"wait": {"between": [2, 5]}}),
    ("gap", {"gap": "rate"}), ("his", {"all": [{"symptom": "his"}, {"q.him": "no"}]}),
    ("met", {"q.met": "no"}), ("verdict", {"cause": "y"}),
    ("known", {"all": [{"known": "wait"}, {"pieces": "> 3"}]}),
    ("differ", {"disagree": "q.yes"}), ("nobody", {"dont_know": "q.often"}),
    ("choice", {"q.many": {"count": ">= 2"}}), ("words", {"q.text": {"banal": "yes"}}),
    ("not", {"not": {"q.often": ["daily", "never"]}}), ("mark", {"q.mark": "<= 2"}),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_missing_tests_are_written_and_hold(tmp_path: Path, language: Any) -> None:
    rules = [rule(f"r-{name}", condition) for name, condition in RULES]
    one, other = cause("x", rules), cause("y", [rule("z", {"late": "> 0.1"})])
    made = base(tmp_path, one, other)
    found = suggest(made, run_tests(made, "x").lacking, language)
    assert [row.cause for row in found] == ["x"]
    assert found[0].beyond == []
    text = "tests:\n" + "".join(t.text for t in found[0].tests)
    document, problems = parse(text, "x.yaml")
    assert problems == []
    assert document is not None
    tests = [RuleTest.model_validate(row) for row in document.data["tests"]]
    assert not any(broken(made, made.causes["x"], t) for t in tests)
    again = base(tmp_path / "again", {**one, "tests": document.data["tests"]}, other)
    report = run_tests(again, "x")
    assert (report.failures, report.lacking) == ([], [])


def test_what_no_facts_can_show_is_said(tmp_path: Path) -> None:
    never = {"all": [{"late": "> 0.5"}, {"late": "< 0.1"}]}
    made = base(tmp_path, cause("x", [rule("r", never)]))
    (row,) = suggest(made, run_tests(made).lacking, "en")
    assert row.beyond == [("r", True)]


@pytest.mark.parametrize(
    ("condition", "changes"),
    [
        ({"late": "> late.high"}, ["late > late.high → late >= late.high",
         "late > late.high → late > 0.16", "late > late.high → late > 0.24"]),
        ({"pieces": ">= 3"}, ["pieces >= 3 → pieces > 3",
         "pieces >= 3 → pieces >= 2", "pieces >= 3 → pieces >= 4"]),
        ({"q.often": ["daily", "never"]}, ["q.often one of daily, never → q.often one "
         "of never", "q.often one of daily, never → q.often one of daily"]),
        ({"all": [{"q.yes": "no"}, {"known": "wait"}]},
         ["all → any", "without q.yes no", "without known wait"]),
        ({"at_least": {"n": 1, "of": [{"q.yes": "no"}, {"q.n1": "no"}]}},
         ["at_least 1 → at_least 2", "without q.yes no", "without q.n1 no"]),
        ({"not": {"q.many": {"count": "> 1"}}}, ["q.many count > 1 → q.many count >= 1",
         "q.many count > 1 → q.many count > 0", "q.many count > 1 → q.many count > 2"]),
    ],
)  # fmt: skip
def test_a_condition_is_changed_in_one_place(
    tmp_path: Path, condition: Any, changes: list[str]
) -> None:
    made = base(tmp_path, cause("x", [rule("r", condition)]))
    node = made.causes["x"].rules[0].node
    assert [m.told.en for m in Mutation(made).of(node)] == changes


def test_what_the_tests_do_not_notice_is_told_and_written(tmp_path: Path) -> None:
    rules = [rule("r", {"all": [{"late": "> late.high"}, {"q.yes": "no"}]})]
    tests = [
        expecting({"late": 0.9, "q.yes": "no"}, fired=["r"]),
        expecting({"late": 0, "q.yes": "yes"}, not_fired=["r"]),
        expecting({}, unknown=["r"]),
    ]  # fmt: skip
    one = cause("x", rules, tests=tests, gate=[{"symptom": "slow"}])
    made = base(tmp_path, one)
    found = mutate(made, "x")
    missed = {row.mutant.told.en for row in found.real if row.site.kind == "rule"}
    assert "without q.yes no" in missed
    assert "late > late.high → late >= late.high" in missed
    (row,) = noticing_tests(made, found.real, "en")
    more = [t.test.model_dump(exclude_defaults=True) for t in row.tests]
    again = base(tmp_path / "again", {**one, "tests": [*tests, *more]})
    left = [r.mutant.told.en for r in mutate(again, "x").real if r.site.kind == "rule"]
    assert run_tests(again).failures == []
    assert left == []
    assert mutate(again, "x").score > found.score


def test_mutants_of_symptoms_and_gates_are_tried_by_the_verdict(tmp_path: Path) -> None:
    rules = [rule("r", {"wait": "> 1"}, "decisive")]
    at = {"late": 0.2, "wait": 2}
    tests = [
        expecting(at, verdict="possible"),
        expecting({**at, "late": 0.21}, verdict="likely"),
    ]
    gate = [{"symptom": "slow"}]
    found = mutate(base(tmp_path, cause("x", rules, tests=tests, gate=gate)), "x")
    missed = [row.mutant.told.en for row in found.real if row.site.kind == "symptom"]
    assert missed == []
    assert found.noticed["boundary"] == 1


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return load()


@pytest.fixture
def _loaded_once(shipped: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salesdx.knowledge.load.load", lambda _: shipped)


def test_every_state_of_a_big_cause_could_be_suggested(shipped: KnowledgeBase) -> None:
    facts = TestFacts(shipped)
    for ready in shipped.causes["hollow-account-manager"].rules:
        for state in (True, False, None):
            given = next(facts.showing(ready.node, state, None))
            assert not Given(shipped, given).faults


@pytest.mark.usefixtures("_loaded_once")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--lang", "en"], "Tests: 4, failed: 0, not fully tested: 0"),
        (["--lang", "ru", "--suggest"], "# Ничего не пропущено."),
        (["--lang", "en", "--mutants"], "immature-deals/recount-changes-the-figure: "),
        (["--lang", "ru", "--mutants", "--suggest"], "в конец `tests:`"),
    ],
)
def test_the_command_says_it(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["kb", "test", "immature-deals", *words]) == 0
    assert says in capsys.readouterr().out


def test_the_command_shows_failures_and_missing_tests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "causes/own"
    own.mkdir(parents=True)
    rules = [rule("r", {"response.first-business": "> 3600"})]
    given = {"response.first-business": 60}
    failing = expecting(given, fired=["r"], verdict="likely")
    one = cause("late", rules, tests=[failing])
    (own / "late.yaml").write_text(json.dumps(one), encoding="utf-8")
    words = ["kb", "test", "late", "--kb", str(tmp_path)]
    assert run([*words, "--lang", "en"]) == 1
    text = capsys.readouterr().out
    assert "failing-test t: r: expected fired, is not fired" in text
    assert "✗" in text
    assert "0 points; likely from 42" in text
    assert run([*words, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["failures"][0]["tree"]["state"] == "false"
    assert data["failures"][1]["bill"]["points"] == 0
    assert data["untested"][0]["lacks"] == ["not fired", "unknown"]
    assert data["untested"][0]["line"] == 1
