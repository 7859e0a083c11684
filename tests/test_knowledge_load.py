"""The knowledge base as files: each fault at its place, all at once, overlays, hash."""

from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import (
    TEXT,
    cause,
    knowledge,
    metric,
    question,
    rule,
    symptom,
    text_file,
    write,
)

from salesdx.errors import EXIT_KNOWLEDGE, KnowledgeError, Problem
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import names
from salesdx.knowledge.load import load, load_all

METRICS = [metric("share"), metric("wait", unit="days"), metric("rate")]
OPTIONS = [{"code": c, "title": TEXT} for c in ("daily", "weekly")]
QUESTIONS = [
    question("q.yes"),
    question("q.often", "enum", options=OPTIONS),
    question("q.many", "multi", options=OPTIONS),
    question("q.number", "number", unit="percent"),
    question("q.text", "text"),
]


def mark(name: str, unit: str = "ratio", value: float = 0.2) -> dict[str, Any]:
    return {
        "id": name, "value": value, "unit": unit, "title": TEXT, "applies_to": TEXT,
        "source": {"seed": "1"}, "grade": "E1", "date": "2026-01-01",
    }  # fmt: skip


MARKS = [mark("mark.low"), mark("mark.days", "days", 5)]
GOOD = cause("good", [rule("r", {"share": "< mark.low"})])


def problems(folder: Path, *causes: Any, **more: Any) -> list[Problem]:
    parts: dict[str, Any] = {
        "metrics": METRICS, "questions": QUESTIONS, "benchmarks": MARKS,
    }  # fmt: skip
    write(folder, causes=list(causes) or [GOOD], **(parts | more))
    return load_all(folder=folder)[1]


def only(found: list[Problem]) -> Problem:
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


CAUSE = """\
id: bad
kind: process
title: {{en: Bad, ru: Плохо}}
summary: {{en: Bad, ru: Плохо}}
verify: {{en: Look, ru: Посмотреть}}
evidence:
  - id: r
    if: {condition}
    weight: strong
    because: {{en: So, ru: Так}}
    source: {{seed: "1"}}
    grade: E1
"""


def judged(folder: Path, condition: str) -> Problem:
    problems(folder)
    text_file(folder, "causes/test/bad.yaml", CAUSE.format(condition=condition))
    return only(load_all(folder=folder)[1])


@pytest.mark.parametrize(
    ("condition", "col", "code", "says"),
    [
        ('{shaer: "< 0.2"}', 10, "unknown-name", "did you mean 'share'?"),
        ("{symptom: nothing}", 19, "unknown-name", "symptom:nothing"),
        ("{known: shaer}", 17, "unknown-name", "did you mean 'share'?"),
        ("{q.often: dayly}", 19, "unknown-choice", "did you mean 'daily'?"),
        ('{q.often: "!= dayly"}', 19, "unknown-choice", "did you mean 'daily'?"),
        ("{q.often: {one_of: [daily, x]}}", 28, "unknown-choice", "'x'"),
        ("{q.many: {includes: hourly}}", 29, "unknown-choice", "'hourly'"),
        ("{q.yes: maybe}", 17, "unknown-choice", "yes or no, not 'maybe'"),
        ('{share: "< 20"}', 17, "unit-mismatch", "did you mean 0.2?"),
        ("{share: {between: [0.1, 20]}}", 33, "unit-mismatch", "ratio 0..1"),
        ('{share: "< mark.days"}', 17, "unit-mismatch", "in ratio, the benchmark"),
        ('{q.number: "< mark.low"}', 20, "unit-mismatch", "in percent, the benchm"),
        ('{share: "== mark.days"}', 17, "unit-mismatch", "in ratio"),
        ('{share: "< mark.lwo"}', 17, "unknown-benchmark", "did you mean 'mark.low'"),
        ('{share: "== often"}', 17, "unknown-benchmark", "no benchmark 'often'"),
        ('{q.often: "< 3"}', 19, "type-mismatch", "it has no order"),
        ("{q.many: daily}", 18, "type-mismatch", "use `includes`"),
        ("{q.many: [daily]}", 18, "type-mismatch", "use `includes`"),
        ("{q.often: {includes: daily}}", 30, "type-mismatch", "`includes` does not"),
        ('{q.often: {count: ">= 2"}}', 27, "type-mismatch", "`count` does not fit"),
        ('{share: {count: ">= 2"}}', 25, "type-mismatch", "`count` does not fit"),
        ("{q.often: {between: [1, 2]}}", 29, "type-mismatch", "`between` does not"),
        ("{q.yes: {banal: yes}}", 25, "type-mismatch", "`banal` does not fit"),
        ("{q.number: many}", 20, "type-mismatch", "is a number, not 'many'"),
        ("{q.number: yes}", 20, "type-mismatch", "is a number, not 'yes'"),
        ("{q.number: true}", 20, "type-mismatch", "is a number, not true"),
        ("{at_least: {n: 0, of: [{q.yes: no}]}}", 24, "impossible-condition", "1..1"),
        ("{at_least: {n: 2, of: [{q.yes: no}]}}", 24, "impossible-condition", "1..1"),
        ("{at_least: {n: true, of: [{q.yes: no}]}}", 24, "impossible-condition", ""),
        ("{share: {between: [0.8, 0.2]}}", 27, "impossible-condition", "lower bound"),
        ("{share: 0.2}", 17, "condition-shape", "is a figure: compare it"),
        ("{q.yes: no, q.text: x}", 9, "condition-shape", "join several with `all"),
        ("{all: {q.yes: no}}", 15, "condition-shape", "takes a list"),
        ("{any: []}", 15, "condition-shape", "takes a list"),
        ("{all: [q.yes]}", 16, "condition-shape", "is `name: comparison`, not 'q.yes'"),
        ("{at_least: [{q.yes: no}]}", 20, "condition-shape", "takes {n: …, of"),
        ("{share: {within: 3}}", 26, "condition-shape", "known: between, one_of"),
        ('{"cause:good": "> 3"}', 24, "condition-shape", "{cause: good}"),
    ],
)
def test_each_fault_of_a_condition_is_told_at_its_place(
    tmp_path: Path, condition: str, col: int, code: str, says: str
) -> None:
    found = judged(tmp_path, condition)
    assert (found.line, found.col, found.code) == (8, col, code)
    assert says in str(found)
    assert found.file.endswith("/causes/test/bad.yaml")


@pytest.mark.parametrize(
    "condition",
    [
        '{share: "< mark.low"}', '{share: ">= 0"}', '{share: "<= 1"}',
        '{wait: "> mark.days"}', '{wait: "> 20"}', "{share: {between: [0, 0.2]}}",
        "{q.yes: no}", "{q.yes: false}", "{q.often: daily}", "{q.often: [daily]}",
        '{q.often: "!= daily"}', "{q.many: {includes: daily}}",
        '{q.many: {count: "== 0"}}', '{q.number: ">= 20"}', "{q.number: 20}",
        "{q.text: {banal: yes}}", "{known: share}", "{dont_know: q.yes}",
        "{not: {disagree: q.yes}}", "{gap: rate}", "{cause: good}",
        "{at_least: {n: 2, of: [{q.yes: no}, {q.often: daily}]}}",
    ],
)  # fmt: skip
def test_the_whole_grammar_is_accepted(tmp_path: Path, condition: str) -> None:
    problems(tmp_path)
    text_file(tmp_path, "causes/test/bad.yaml", CAUSE.format(condition=condition))
    base = load(folder=tmp_path)
    assert list(names(base.causes["bad"].rules[0].node))


def test_equality_may_name_a_benchmark(tmp_path: Path) -> None:
    problems(tmp_path, cause("x", [rule("r", {"share": "== mark.low"})]))
    (ready,) = load(folder=tmp_path).causes["x"].rules
    assert str(ready.node) == "share mark.low"


def test_a_rule_with_a_fault_is_told_and_the_others_are_loaded(tmp_path: Path) -> None:
    bad = cause("x", [rule("r", {"nothing": "< 1"}), rule("s", {"share": "< 0.2"})])
    problems(tmp_path, bad, GOOD)
    base, found = load_all(folder=tmp_path)
    assert only(found).code == "unknown-name"
    assert [r.id for r in base.causes["x"].rules] == ["s"]
    assert "good" in base.causes


def test_an_answer_that_points_at_nothing_is_checked_too(tmp_path: Path) -> None:
    asked = question("q.a", "enum", options=OPTIONS, problem={"when": "dayly"})
    found = only(problems(tmp_path, questions=[*QUESTIONS, asked]))
    assert found.code == "unknown-choice"


def test_a_condition_of_relevance_is_checked(tmp_path: Path) -> None:
    asked = question("q.a", relevant_if={"q.no": "yes"})
    found = only(problems(tmp_path, questions=[*QUESTIONS, asked]))
    assert found.code == "unknown-name"


BAD_FILES = {
    "causes/test/one.yaml": "id: one\nid: two\n",
    "causes/test/two.yaml": "id: [\n",
    "causes/test/three.yaml": "id: three\nkind: proces\n",
    "remedies/four.yaml": "format: 2\nremedies: []\n",
    "stray/five.yaml": "a: 1\n",
}


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    problems(tmp_path)
    for name, text in BAD_FILES.items():
        text_file(tmp_path, name, text)
    (tmp_path / "causes/test/six.yaml").write_bytes("id: шесть".encode("cp1251"))
    (tmp_path / "causes/test/seven.yaml").mkdir()
    base, found = load_all(folder=tmp_path)
    files = {Path(p.file).stem for p in found}
    assert files == {"one", "two", "three", "four", "five", "six", "seven"}
    assert list(base.causes) == ["good", "three"]  # what can be kept is judged too


def test_faults_are_one_error_with_all_places_and_exit_code_four(
    tmp_path: Path,
) -> None:
    problems(tmp_path)
    for name, text in BAD_FILES.items():
        text_file(tmp_path, name, text)
    with pytest.raises(KnowledgeError) as raised:
        load(folder=tmp_path)
    assert raised.value.exit_code == EXIT_KNOWLEDGE == 4
    assert len(raised.value.problems) >= len(BAD_FILES)
    assert "one.yaml:2:1 yaml-syntax duplicate key 'id'" in str(raised.value)
    assert "did you mean 'process'?" in str(raised.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    _, found = load_all(folder=tmp_path / "nowhere")
    assert only(found).message == "no such folder"
    problems(tmp_path / "kb")
    _, found = load_all([tmp_path / "none"], folder=tmp_path / "kb")
    assert only(found).message == "no such folder"


def ring(folder: Path, **parts: Any) -> Problem:
    found = [p for p in problems(folder, **parts) if p.code == "cycle"]
    return only(found)


def test_causes_that_derive_each_other_are_told_as_a_ring(tmp_path: Path) -> None:
    causes = [
        cause(a, [rule("r", {"cause": b})])
        for a, b in (("x", "y"), ("y", "z"), ("z", "x"))
    ]
    write(tmp_path, causes=causes)
    _, found = load_all(folder=tmp_path)
    assert "x -> y -> z -> x" in only(found).message


def test_symptoms_that_read_each_other_are_told_as_a_ring(tmp_path: Path) -> None:
    rows = [symptom("s", {"symptom": "t"}), symptom("t", {"not": {"symptom": "s"}})]
    assert "s -> t -> s" in ring(tmp_path, symptoms=rows).message


def test_a_rival_that_reads_its_rival_is_a_ring(tmp_path: Path) -> None:
    read = cause("x", [rule("r", {"cause": "y"})], rivals=["y"])
    write(tmp_path, causes=[read, cause("y", [rule("r", {"share": "< 0.2"})])],
          metrics=METRICS)  # fmt: skip
    _, found = load_all(folder=tmp_path)
    assert only(found).code == "cycle"


def test_a_gate_counts_as_reading_a_verdict(tmp_path: Path) -> None:
    gated = cause("x", [rule("r", {"share": "< 0.2"})], gate=[{"not": {"cause": "y"}}])
    below = cause("y", [rule("r", {"cause": "x"})])
    write(tmp_path, causes=[gated, below], metrics=METRICS)
    _, found = load_all(folder=tmp_path)
    assert only(found).code == "cycle"


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    found = only(problems(tmp_path, metrics=[*METRICS, metric("share")]))
    assert (found.code, found.line) == ("duplicate-id", 42)
    assert "'share' stands already at" in found.message
    assert found.message.endswith("/metrics.yaml:3")


def test_a_figure_and_a_question_never_share_an_id(tmp_path: Path) -> None:
    found = only(problems(tmp_path, metrics=[*METRICS, metric("q.yes")]))
    assert found.code == "duplicate-id"
    assert "'q.yes' is also the id of a question" in found.message


def test_a_rule_id_may_stand_once_in_a_cause(tmp_path: Path) -> None:
    twice = [rule("r", {"share": "< 0.2"}), rule("r", {"q.yes": "no"})]
    assert only(problems(tmp_path, cause("x", twice))).code == "duplicate-id"


def test_a_questionnaire_id_may_stand_once(tmp_path: Path) -> None:
    problems(tmp_path)
    other = "format: 1\nid: all\ntitle: {en: a, ru: б}\nintro: {en: a, ru: б}\n"
    text_file(tmp_path, "questionnaires/more.yaml", other + "questions: []\n")
    assert only(load_all(folder=tmp_path)[1]).code == "duplicate-id"


def test_a_file_bears_the_name_of_its_cause(tmp_path: Path) -> None:
    problems(tmp_path)
    (tmp_path / "causes/test/good.yaml").rename(tmp_path / "causes/test/other.yaml")
    assert only(load_all(folder=tmp_path)[1]).code == "file-name"


def test_both_languages_are_demanded(tmp_path: Path) -> None:
    half = cause("x", [rule("r", {"share": "< 0.2"}, because={"en": "Only English"})])
    assert only(problems(tmp_path, half)).message == "the Russian text is missing"
    empty = cause("x", [rule("r", {"share": "< 0.2"}, because={"en": "a", "ru": ""})])
    assert only(problems(tmp_path, empty)).code == "missing-language"


@pytest.mark.parametrize(
    ("part", "code", "says"),
    [
        ({"leads_to": ["godo"]}, "unknown-id", "no cause 'godo' (did you mean 'good'"),
        ({"rivals": ["none"]}, "unknown-id", "no cause 'none'"),
        ({"explains": ["none"]}, "unknown-id", "no symptom 'none'"),
        ({"remedies": ["none"]}, "unknown-id", "no remedy 'none'"),
        ({"needs": ["none"]}, "unknown-id", "no name 'none'"),
    ],
)
def test_an_id_that_leads_nowhere_is_told(
    tmp_path: Path, part: dict[str, Any], code: str, says: str
) -> None:
    dangling = cause("x", [rule("r", {"share": "< 0.2"})], **part)
    found = only(problems(tmp_path, dangling, GOOD))
    assert found.code == code
    assert says in str(found)
    assert found.line > 1


def test_a_placeholder_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    said = {"en": "It is {shaer}", "ru": "Это {shaer}"}
    found = only(problems(tmp_path, cause("x", [rule("r", {"share": "< 0.2"},
                                                    because=said)])))  # fmt: skip
    assert (found.code, found.hint) == ("unknown-placeholder", "did you mean 'share'?")


def test_a_remedy_names_what_exists(tmp_path: Path) -> None:
    remedy = {
        "id": "mend", "title": TEXT, "steps": [TEXT], "owner": "nobody", "days": 5,
        "needs_first": ["none"], "blocked_while": ["none"], "grade": "E1",
        "kpi": {"metric": "none", "target": "none"}, "source": {"seed": "1"},
    }  # fmt: skip
    problems(tmp_path)
    text_file(tmp_path, "remedies/all.yaml", f"format: 1\nremedies: [{remedy}]\n")
    _, found = load_all(folder=tmp_path)
    assert {p.message for p in found} == {
        "no role 'nobody'", "no remedy 'none'", "no cause 'none'", "no metric 'none'",
        "no benchmark 'none'",
    }  # fmt: skip


def test_an_overlay_replaces_by_id_and_is_named(tmp_path: Path) -> None:
    problems(tmp_path / "kb", GOOD)
    own = tmp_path / "mine"
    text_file(own, "causes/any/good.yaml", CAUSE.format(condition="{q.yes: no}")
              .replace("id: bad", "id: good"))  # fmt: skip
    text_file(own, "benchmarks/own.yaml", f"format: 1\nbenchmarks: [{MARKS[0]}]\n"
              .replace("0.2", "0.3"))  # fmt: skip
    text_file(
        own,
        "questionnaires/own.yaml",
        """
        format: 1
        id: own
        title: {en: Own, ru: Своё}
        intro: {en: Own, ru: Своё}
        questions: []
        """,
    )
    base = load([own], folder=tmp_path / "kb")
    assert base.overlays == ("mine",)
    assert base.causes["good"].spec.title.en == "Bad"
    assert base.benchmarks["mark.low"].value == 0.3
    assert list(base.questionnaires) == ["all", "own"]
    assert base.entries["causes"]["good"].file == "mine/causes/any/good.yaml"
    assert base.pack.id == "test"


def test_a_fault_of_an_overlay_is_told_in_the_overlay(tmp_path: Path) -> None:
    problems(tmp_path / "kb", GOOD)
    text_file(tmp_path / "mine", "causes/bad.yaml", CAUSE.format(condition="{x: no}"))
    _, found = load_all([tmp_path / "mine"], folder=tmp_path / "kb")
    assert only(found).file == "mine/causes/bad.yaml"


def loaded(folder: Path, *causes: Any) -> KnowledgeBase:
    assert problems(folder, *causes) == []
    return load(folder=folder)


def test_the_hash_changes_with_the_content_only(tmp_path: Path) -> None:
    first = loaded(tmp_path / "a")
    assert loaded(tmp_path / "somewhere" / "else").hash == first.hash
    other = cause("good", [rule("r", {"share": "<= mark.low"})])
    assert loaded(tmp_path / "c", other).hash != first.hash
    own = tmp_path / "own"
    text_file(own, "benchmarks/own.yaml", "format: 1\nbenchmarks: []\n")
    assert load([own], folder=tmp_path / "a").hash != first.hash


def test_a_question_read_through_a_symptom_is_no_slight_evidence_besides(
    tmp_path: Path,
) -> None:
    problem = {"when": "no", "causes": ["x"]}
    asked = [question("q.seen", problem=problem), question("q.else", problem=problem)]
    rows = [symptom("inner", {"q.seen": "no"}), symptom("outer", {"symptom": "inner"})]
    base = knowledge(
        tmp_path, causes=[cause("x", [rule("r", {"symptom": "outer"})])],
        symptoms=rows, questions=asked,
    )  # fmt: skip
    assert [r.id for r in base.causes["x"].rules] == ["r", "answer-q-else"]


def test_a_question_about_a_person_is_no_evidence_against_the_company(
    tmp_path: Path,
) -> None:
    problem = {"when": "no", "causes": ["x", "y"]}
    asked = [question("q.own", about="manager", problem=problem),
             question("q.all", problem=problem)]  # fmt: skip
    rules = [rule("r", {"share": "< 0.2"})]
    base = knowledge(
        tmp_path, metrics=METRICS, questions=asked,
        causes=[cause("x", rules), cause("y", rules, for_each="manager")],
    )  # fmt: skip
    assert [r.id for r in base.causes["x"].rules] == ["r", "answer-q-all"]
    assert [r.id for r in base.causes["y"].rules] == ["r", "answer-q-own"]


def test_the_shipped_knowledge_base_has_no_fault() -> None:
    base = load()
    assert base.overlays == ()
    assert len(base.hash) == 16
