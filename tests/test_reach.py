"""Which causes can become likely, from what: each yes is proved by a witness."""

from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import cause, knowledge, metric, question, rule, symptom

from salesdx.answers.relevance import active
from salesdx.answers.values import read_value
from salesdx.cli import run
from salesdx.facts import FactBase
from salesdx.inference.infer import infer
from salesdx.inference.possible import TEXTS, Values
from salesdx.inference.reference import ReferenceExecutor
from salesdx.inference.verdicts import CauseOutcome
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.knowledge.platitudes import is_banal
from salesdx.language import Language
from salesdx.workbench.lint import lint
from salesdx.workbench.reach import SIDES, Reach, reach, unreachable
from salesdx.workbench.reach_climbing import Attempt
from salesdx.workbench.reach_judging import facts_of, judge, marks_of
from salesdx.workbench.reach_page import PAGES, reach_page, write

DOCS = Path(__file__).parents[1] / "docs"
OPTIONS = [
    {"code": c, "title": {"en": c, "ru": c}} for c in ("daily", "never", "often")
]
METRICS = [
    *(metric(f"m{i}") for i in range(4)), metric("rate", grain=["manager"]),
    metric("gap", grain=["manager"], loss=True),
    metric("said", needs=[], question="q.n"),
    metric("pieces", unit="count", type="count"),
    metric("flag", unit="count", type="flag"),
]  # fmt: skip
QUESTIONS = [
    *(question(f"q.yes{i}") for i in range(4)),
    question("q.n", "number", unit="percent"),
    question("q.often", "enum", options=OPTIONS),
    question("q.many", "multi", options=OPTIONS), question("q.mark", "scale"),
    question("q.text", "text"), question("q.him", about="manager"),
    question("q.child", relevant_if={"q.yes0": "yes"}),
    question("q.shop", applies_to=["b2c"]),
]  # fmt: skip
LOW = {"m0": "< 0.5"}


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def found(base: KnowledgeBase) -> list[Reach]:
    return reach(base)


def only(folder: Path, *causes: Any, **more: Any) -> Reach:
    """The reach of the first of some causes."""
    made = knowledge(
        folder, causes=list(causes), metrics=METRICS, questions=QUESTIONS, **more
    )
    return reach(made, [causes[0]["id"]])[0]


def sides(row: Reach) -> list[str]:
    return [s for s in SIDES if row.attempts[s].found]


def decisive(condition: Any, **more: Any) -> dict[str, Any]:
    return cause("x", [rule("r", condition, "decisive", direct=True)], **more)


@pytest.mark.parametrize("language", sorted(PAGES))
def test_the_page_is_up_to_date(
    base: KnowledgeBase, found: list[Reach], language: Language
) -> None:
    there = (DOCS / PAGES[language]).read_text(encoding="utf-8")
    assert there == reach_page(found, base, language), (
        "run: python -m salesdx.workbench.reach_page docs"
    )


def test_every_cause_has_a_row(tmp_path: Path, base: KnowledgeBase) -> None:
    write(tmp_path)
    for name in PAGES.values():
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        rows = [line for line in lines if line.startswith("| ")][2:]
        assert len(rows) == len(base.causes)
        for cause_id, row in zip(base.causes, rows, strict=True):
            assert f"(`{cause_id}`)" in row
            assert row.replace("\\|", "").count("|") == 6


def test_every_cause_can_be_found_from_something(found: list[Reach]) -> None:
    assert [r.cause.id for r in found if r.shortest is None] == []


def test_nothing_is_found_from_nothing(base: KnowledgeBase) -> None:
    for model in ("b2b", "b2c", None):
        found = infer(base, FactBase(), ReferenceExecutor(), sales_model=model)
        assert {o.verdict for o in found.causes.values()} == {"open"}


def attempts(found: list[Reach]) -> list[Attempt]:
    return [a for r in found for a in r.attempts.values() if a.found]


def judged(attempt: Attempt, supposed: Any, base: KnowledgeBase) -> CauseOutcome:
    marks = marks_of(base, attempt.model)
    return judge(attempt.cause, supposed, base, attempt.model, marks)


def test_every_witness_holds_under_the_whole_knowledge_base(
    base: KnowledgeBase, found: list[Reach]
) -> None:
    for attempt in attempts(found):
        supposed = {(f.name, f.slice): f for f in attempt.facts}
        outcome = judged(attempt, supposed, base)
        assert outcome.verdict == "likely", attempt.cause
        assert outcome.total.points == attempt.points


def test_a_witness_is_what_a_company_could_say_or_its_data_could_show(
    base: KnowledgeBase, found: list[Reach]
) -> None:
    for attempt in attempts(found):
        for fact in attempt.facts:
            question_ = base.questions.get(fact.name)
            if question_ is None:
                assert attempt.side != "answers"
                assert base.metrics[fact.name.removeprefix("gap:")].needs
                continue
            assert attempt.side != "data" or base.metrics.get(fact.name)
            if fact.value is not None:
                assert read_value(question_, fact.value) == fact.value
            about = question_.about
            assert not about or [d for d, _ in fact.slice] == [about]
        supposed = {(f.name, f.slice): f for f in attempt.facts}
        facts = facts_of(supposed, base, attempt.model)
        assert {*supposed} <= {*facts}  # nothing dropped out: all of it applies
        assert active(facts, base, attempt.model) == facts


def test_no_fact_of_a_witness_can_be_left_out(
    base: KnowledgeBase, found: list[Reach]
) -> None:
    for attempt in attempts(found)[::3]:
        supposed = {(f.name, f.slice): f for f in attempt.facts}
        for place in supposed:
            fewer = {p: f for p, f in supposed.items() if p != place}
            outcome = judged(attempt, fewer, base)
            assert outcome.verdict != "likely", (attempt.cause, place)


def test_the_search_is_the_same_every_time(
    base: KnowledgeBase, found: list[Reach]
) -> None:
    again = reach(base, [r.cause.id for r in found[:20]])
    assert [r.attempts for r in again] == [r.attempts for r in found[:20]]


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        (LOW, ["data", "both"]),
        ({"q.yes0": "no"}, ["answers", "both"]),
        ({"all": [LOW, {"q.yes0": "no"}]}, ["both"]),
        ({"any": [LOW, {"q.yes0": "no"}]}, ["answers", "data", "both"]),
        ({"all": [{"unknown": "m0"}, {"q.yes0": "no"}]}, ["answers", "both"]),
        ({"all": [LOW, {"m0": "> 0.1"}, {"m0": {"between": [0.3, 0.31]}}]},
         ["data", "both"]),
        ({"all": [LOW, {"m0": "> 0.5"}]}, []),
        ({"all": [{"pieces": "> 1"}, {"pieces": "< 2"}]}, []),
        ({"all": [{"pieces": "> 1"}, {"pieces": "< 3"}]}, ["data", "both"]),
        ({"flag": ">= 1"}, ["data", "both"]),
        ({"said": "< 0.5"}, []),
        ({"m0": "> 1"}, []),
        ({"q.n": "> 100"}, []),
        ({"gap": "gap"}, ["data", "both"]),
        ({"not": {"gap": "gap"}}, ["data", "both"]),
        ({"q.often": ["never", "daily"]}, ["answers", "both"]),
        ({"not": {"q.often": ["never", "daily"]}}, ["answers", "both"]),
        ({"all": [{"q.many": {"includes": "daily"}}, {"q.many": {"includes": "never"}},
                  {"q.many": {"count": "< 3"}}]}, ["answers", "both"]),
        ({"q.mark": "< 1"}, []),
        ({"q.text": {"banal": "yes"}}, ["answers", "both"]),
        ({"dont_know": "q.yes0"}, ["answers", "both"]),
        ({"dont_know": "q.him"}, []),  # of the company it is never "nobody knows"
        ({"disagree": "q.yes0"}, ["answers", "both"]),
        ({"disagree": "q.him"}, ["answers", "both"]),
        ({"q.him": "no"}, ["answers", "both"]),
        ({"all": [{"q.him": "no"}, {"disagree": "q.him"}]}, []),
        ({"at_least": {"n": 2, "of": [LOW, {"q.yes0": "no"}, {"m1": "< 0.5"}]}},
         ["data", "both"]),
        ({"symptom": "harm"}, ["data", "both"]),
        ({"not": {"symptom": "harm"}}, ["data", "both"]),
        ({"q.child": "no"}, ["answers", "both"]),
        ({"all": [{"q.child": "no"}, {"q.yes0": "no"}]}, []),
        ({"q.shop": "no"}, ["answers", "both"]),
    ],
)  # fmt: skip
def test_a_condition_is_solved_from_the_sides_that_can_tell(
    tmp_path: Path, condition: Any, where: list[str]
) -> None:
    harm = symptom("harm", {"rate": "< 0.5"}, for_each="manager")
    assert sides(only(tmp_path, decisive(condition), symptoms=[harm])) == where


def test_gates_needs_and_harm_are_part_of_the_proof(tmp_path: Path) -> None:
    answer = {"q.yes0": "no"}
    gated = only(tmp_path / "gate", decisive(answer, gate=[LOW]))
    assert sides(gated) == ["both"]
    assert gated.attempts["answers"].shut
    assert [b.en for b in gated.attempts["answers"].because] == ["text: below 50%"]
    needy = only(tmp_path / "need", decisive(answer, needs=["m1"]))
    assert sides(needy) == ["both"]
    closed = only(tmp_path / "never", decisive(LOW, gate=[{"m0": "> 0.6"}]))
    assert sides(closed) == []
    harmless = only(
        tmp_path / "harm", decisive(LOW, explains=["harm"]),
        symptoms=[symptom("harm", {"m0": "> 0.6"})],
    )  # fmt: skip
    assert sides(harmless) == []
    assert "harm" in harmless.attempts["both"].because[0].en
    cancelled = only(tmp_path / "unless", decisive(LOW, unless=[{"m0": "< 0.6"}]))
    assert sides(cancelled) == []


def test_rivals_have_to_be_told_apart(tmp_path: Path) -> None:
    other = cause("y", [rule("r", LOW, "decisive", direct=True)])
    alike = only(tmp_path / "alike", decisive(LOW, rivals=["y"]), other)
    assert sides(alike) == []
    assert "told apart" in alike.attempts["data"].because[0].en
    own = [rule("r", LOW, "decisive"), rule("d", {"q.yes0": "no"}, discriminates=["y"])]
    apart = only(tmp_path / "apart", cause("x", own, rivals=["y"]), other)
    assert sides(apart) == ["both"]


def test_single_answers_alone_do_not_suffice(tmp_path: Path) -> None:
    rules = [rule(f"r{i}", {f"q.yes{i}": "no"}) for i in range(4)]
    row = only(tmp_path, cause("x", rules))
    assert sides(row) == []
    assert row.attempts["answers"].points == 20


def test_a_person_is_judged_by_what_is_known_of_him(tmp_path: Path) -> None:
    rules = [rule("r", {"rate": "< 0.5"}), rule("s", {"q.him": "no"}, direct=True)]
    people = cause("x", rules, kind="people", for_each="manager", gate=[LOW])
    row = only(tmp_path, people)
    assert sides(row) == ["both"]
    assert {(f.name, f.slice) for f in row.attempts["both"].facts} == {
        ("rate", (("manager", "M7"),)), ("q.him", (("manager", "M7"),)), ("m0", ()),
    }  # fmt: skip


def test_a_verdict_is_reached_by_way_of_the_cause_below(tmp_path: Path) -> None:
    rules = [rule("r", {"cause": "y"}, "strong"), rule("s", {"m1": "< 0.5"})]
    below = cause("y", [rule("r", LOW, "decisive"), rule("s", {"q.yes0": "no"})])
    assert sides(only(tmp_path, cause("x", rules), below)) == ["data", "both"]


def test_more_rules_than_a_first_set_are_added_one_by_one(tmp_path: Path) -> None:
    rules = [rule(f"r{i}", {f"m{i}": "< 0.5"}, "moderate") for i in range(4)]
    rules.append(rule("s", {"rate": "< 0.5"}, "slight"))
    row = only(tmp_path, cause("x", rules))
    assert sides(row) == ["data", "both"]
    assert len(row.attempts["data"].facts) == 5


def test_lint_tells_what_nothing_can_make_likely(tmp_path: Path) -> None:
    closed = decisive(LOW, gate=[{"m0": "> 0.6"}], remedies=[])
    made = knowledge(tmp_path, causes=[closed], metrics=METRICS, questions=QUESTIONS)
    assert [a.cause for a in unreachable(made, ["x"])] == ["x"]
    (one,) = [p for p in lint(folder=tmp_path) if p.code == "unreachable-cause"]
    assert "make x likely" in one.message
    assert one.file.endswith("causes/test/x.yaml")


def test_the_texts_of_witnesses_are_read_as_they_are_meant() -> None:
    assert [is_banal(t) for t in TEXTS] == [True, False]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--lang", "en"], "can become likely from answers alone"),
        (["--lang", "ru"], "по одним ответам"),
        (["C-22", "--lang", "en"], "From data: yes"),
        (["C-36", "--lang", "ru"], "(менеджер M7) [mix.explained-share]"),
        (["C-22", "--format", "json"], '"found": true'),
    ],
)
def test_the_command_prints_it(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["kb", "coverage", *words]) == 0
    assert says in capsys.readouterr().out


def test_a_scale_may_begin_at_zero(tmp_path: Path) -> None:
    asked = [question("q.scale", "scale", min=0, max=3)]
    base = knowledge(tmp_path, causes=[], questions=asked)
    assert [f.value for f in Values(base).of("q.scale", ())] == [0, 1, 2, 3]
