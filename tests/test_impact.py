"""kb impact: stored cases under two versions, and which edit brought a change about."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import TEXT, cause, question, rule, symptom, write

from salesdx.cli import run as salesdx
from salesdx.content import content
from salesdx.language import Language
from salesdx.workbench.attribution import prove
from salesdx.workbench.counterfactual import Between
from salesdx.workbench.differences import compare
from salesdx.workbench.impact import impact
from salesdx.workbench.impact_data import as_data
from salesdx.workbench.impact_grounds import CheckMove, RuleMove
from salesdx.workbench.impact_page import Page
from salesdx.workbench.impact_report import CaseImpact, Impact, Row
from salesdx.workbench.replay import Noted, case_folders, case_name
from salesdx.workbench.versions import Version, version

CASES = Path(__file__).parent / "cases"
Parts = dict[str, Any]
LOW = {"q.n": "< low"}


def mark(value: float) -> Parts:
    return {
        "id": "low", "value": value, "unit": "percent", "title": TEXT,
        "applies_to": TEXT, "source": {"note": "x"}, "grade": "EX", "date": "2026-01",
    }  # fmt: skip


def seen(name: str, condition: Any, weight: str = "strong", **more: Any) -> Parts:
    """A rule that observes the cause itself: one answer is enough."""
    return rule(name, condition, weight, **{"direct": True, **more})


rule_n, rule_a, rule_b = (
    seen("few", LOW), seen("no-a", {"q.a": "no"}, "moderate"),
    seen("no-b", {"q.b": "no"}, "moderate"),
)  # fmt: skip
X = cause("x", [rule_n, rule_a], remedies=["mend"])
Y = cause("y", [seen("of-x", {"cause": "x"}), rule_b])
BASE: Parts = {
    "causes": [X, Y],
    "symptoms": [symptom("bad", LOW)],
    "questions": [
        question("q.n", "number", unit="percent", min=0, max=100),
        question("q.a"), question("q.b"), question("q.c"),
    ],
    "benchmarks": [mark(30)],
}  # fmt: skip


def base(folder: Path, **more: Any) -> Path:
    """The base with keys replaced; `remedies` are ids."""
    remedies = more.pop("remedies", ["mend"])
    write(folder, **(BASE | more))
    shutil.copy(
        content("knowledge_base") / "benchmarks" / "statistics.yaml",
        folder / "benchmarks" / "statistics.yaml",
    )
    rows = [
        {"id": i, "title": TEXT, "steps": [TEXT], "owner": "head", "days": 5,
         "source": {"seed": "1"}, "grade": "E1"} for i in remedies
    ]  # fmt: skip
    (folder / "remedies").mkdir(exist_ok=True)
    (folder / "remedies/all.yaml").write_text(
        json.dumps({"format": 1, "remedies": rows}), "utf-8"
    )
    return folder


def case(folder: Path, company: Parts | None = None, **given: Any) -> Path:
    """A case of answers: `n=25, a="no"`."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"format": 1, "name": folder.name.title(), "as_of": "2026-06-30"}
    (folder / "company.yaml").write_text(json.dumps(about | (company or {})), "utf-8")
    rows = [{"question": f"q.{k}", "by": "h", "value": v} for k, v in given.items()]
    log = {"format": 1, "respondents": {"h": {"role": "head"}}, "answers": rows}
    (folder / "answers.yaml").write_text(json.dumps(log), "utf-8")
    return folder


def replayed(folder: Path, **more: Any) -> Impact:
    """The impact of a base with keys replaced on the cases of `folder/cases`."""
    old, new = base(folder / "old"), base(folder / "new", **more)
    return impact(version(str(old)), version(str(new)), folder / "cases")


def one(folder: Path, given: Parts, **more: Any) -> CaseImpact:
    """The impact on one case."""
    case(folder / "cases" / "firm", **given)
    (found,) = replayed(folder, **more).cases
    return found


def row(found: CaseImpact, name: str) -> Row:
    (told,) = [r for r in found.rows if r.cause == name]
    return told


def stands(told: Row) -> tuple[Any, ...]:
    assert told.old and told.new
    return told.old.verdict, told.old.points, told.new.verdict, told.new.points


ALL_NO = {"n": 25, "a": "no", "b": "no"}


def test_a_threshold_that_moved_is_proved_and_followed_down(tmp_path: Path) -> None:
    found = one(tmp_path, ALL_NO, benchmarks=[mark(20)])
    x, y = row(found, "x"), row(found, "y")
    assert stands(x) == ("likely", 50, "open", 10)
    assert x.proof.sets == y.proof.sets == (("threshold:low",),)
    (move,) = x.grounds
    assert isinstance(move, RuleMove)
    assert (move.rule, move.old and move.old.state, move.new and move.new.state) == (
        "few", "fired", "silent",
    )  # fmt: skip
    (link,) = move.links
    assert (link.kind, link.name) == ("threshold", "low")
    assert link.old is not None
    assert link.new is not None
    assert (link.old.en, link.new.en) == ("30\u00a0%", "20\u00a0%")
    (derived,) = [g for g in y.grounds if isinstance(g, RuleMove)]
    assert [(k.kind, k.name) for k in derived.links] == [("cause", "x")]


def test_what_the_client_is_told_differs(tmp_path: Path) -> None:
    found = one(tmp_path, ALL_NO, benchmarks=[mark(20)])
    assert [n.id for n in found.top_lost] == ["x", "y"]
    assert [(a.id, a.proof.sets) for a in found.plan_lost] == [
        ("mend", (("threshold:low",),))
    ]


def with_rules(*rules: Parts, **more: Any) -> list[Parts]:
    return [{**X, "evidence": list(rules), **more}, Y]


@pytest.mark.parametrize(
    ("causes", "edit"),
    [
        (with_rules(rule_a), "rule:x/few"),
        (with_rules({**rule_n, "weight": "moderate"}, rule_a), "rule:x/few"),
        (with_rules({**rule_n, "if": {"q.n": "< 10"}}, rule_a), "rule:x/few"),
        (with_rules({**rule_n, "direct": False}, rule_a), "rule:x/few"),
        (with_rules(rule_n, rule_a, gate=[{"q.c": "yes"}]), "cause:x#gate"),
        (with_rules(rule_n, rule_a, unless=[{"q.a": "no"}]), "cause:x#unless"),
        (with_rules(rule_n, rule_a, rules_out=[{"q.a": "no"}]), "cause:x#rules_out"),
        (with_rules(rule_n, rule_a, needs=["q.c"]), "cause:x#needs"),
        (with_rules(rule_n, rule_a, applies_to=["b2c"]), "cause:x#applies_to"),
    ],
)
def test_each_kind_of_edit_is_found_guilty(
    tmp_path: Path, causes: list[Parts], edit: str
) -> None:
    given = {**ALL_NO, "company": {"sales_model": "b2b"}}
    found = one(tmp_path, given, causes=causes)
    told = row(found, "x")
    assert told.turned
    assert told.proof.sets == ((edit,),)
    assert told.grounds or edit.endswith("applies_to")


def test_conditions_of_the_verdict_are_told(tmp_path: Path) -> None:
    gated = with_rules(rule_n, rule_a, gate=[{"q.c": "yes"}])
    (move,) = row(one(tmp_path, ALL_NO, causes=gated), "x").grounds
    assert isinstance(move, CheckMove)
    assert (move.kind, move.old, move.new) == ("gate", "", "unknown")


def test_rivals_that_nothing_tells_apart_are_named(tmp_path: Path) -> None:
    other = cause("z", [rule_n, rule_a])
    old = base(tmp_path / "old", causes=[X, other])
    new = base(tmp_path / "new", causes=[{**X, "rivals": ["z"]}, other])
    case(tmp_path / "cases/firm", **ALL_NO)
    (found,) = impact(*map(version, map(str, (old, new))), tmp_path / "cases").cases
    moves = [g for r in found.rows for g in r.grounds if isinstance(g, CheckMove)]
    assert [(m.kind, m.new) for m in moves] == [("rivals", "not apart")] * 2
    assert {r.proof.sets for r in found.rows} == {(("cause:x#rivals",),)}


def test_edits_that_do_it_only_together(tmp_path: Path) -> None:
    two = with_rules(rule_n, rule_a, seen("one", {"q.c": "no"}, "slight"),
                     seen("two", {"q.b": "no"}, "slight"))  # fmt: skip
    found = one(tmp_path, {"n": 90, "b": "no", "c": "no"}, causes=two)
    told = row(found, "x")
    assert stands(told)[::2] == ("open", "possible")
    assert told.proof.sets == (("rule:x/one", "rule:x/two"),)
    assert told.proof.together


def test_edits_each_of_which_is_enough(tmp_path: Path) -> None:
    two = with_rules(rule_n, rule_a, seen("one", {"q.c": "no"}),
                     seen("two", {"q.b": "no"}))  # fmt: skip
    found = one(tmp_path, {"n": 25, "b": "no", "c": "no"}, causes=two)
    assert row(found, "x").proof.sets == (("rule:x/one",), ("rule:x/two",))


def test_a_rule_that_reads_a_new_question_needs_it(tmp_path: Path) -> None:
    new = with_rules(rule_n, rule_a, seen("new", {"unknown": "q.new"}, "moderate"))
    asked = [*BASE["questions"], question("q.new")]
    found = one(tmp_path, {"n": 25}, causes=new, questions=asked)
    proof = row(found, "x").proof
    assert (proof.sets, proof.needed) == ((("rule:x/new",),), ("question:q.new",))


def test_an_edit_that_holds_others_back_is_told(tmp_path: Path) -> None:
    less, more = {**rule_n, "weight": "moderate"}, seen("more", {"q.a": "no"})
    case(tmp_path / "cases/firm", n=25, a="no", c="yes")
    told = replayed(tmp_path, causes=with_rules(less, rule_a, more))
    (found,) = told.cases
    assert found.turned == []
    assert {k.edit for k in found.kept} >= {"rule:x/more"}
    assert not told.share_of("rule:x/more").nothing


def test_what_no_case_tests_is_told_with_the_reason(tmp_path: Path) -> None:
    more = seen("dark", {"q.c": "no"}, "strong")
    case(tmp_path / "cases/firm", n=90)
    told = replayed(tmp_path, causes=with_rules(rule_n, rule_a, more),
                    benchmarks=[mark(40)])  # fmt: skip
    lines = list(Page(told, "en").lines())
    at = lines.index("Nothing stored tests these edits:")
    assert lines[at + 1 :] == [
        "  threshold low: 30\u00a0% → 40\u00a0% — figures are held against it in "
        "1 of 1 cases; none lies between",
        "  new rule x/dark — what it reads is unknown in every case (1)",
    ]


def test_a_case_that_cannot_be_judged_any_more(tmp_path: Path) -> None:
    case(tmp_path / "cases/firm", n=25, c="no")
    case(tmp_path / "cases/sound", n=25)
    broken = case(tmp_path / "cases/torn")
    (broken / "company.yaml").write_text("format: 1\nnmae: x\n")
    told = replayed(tmp_path, questions=BASE["questions"][:-1])
    firm, sound = told.cases
    assert "q.c" in str(firm.refused)
    assert firm.telling
    assert not sound.any
    assert [name for name, _ in told.faulty] == ["torn"]
    text = "\n".join(Page(told, "en").lines())
    assert "cannot be judged any more" in text
    assert "1 could not be replayed" in text


def test_answers_that_stop_counting_and_questions_that_help(tmp_path: Path) -> None:
    asked = [*BASE["questions"][:1], question("q.a", relevant_if={"q.c": "yes"}),
             *BASE["questions"][2:]]  # fmt: skip
    found = one(tmp_path, {"n": 25, "a": "no", "c": "no"}, questions=asked)
    assert [n.id for n in found.answers_dropped] == ["q.a"]
    told = row(found, "x")
    assert told.proof.sets == (("question:q.a",),)
    (link,) = [k for g in told.grounds for k in g.links]
    assert (link.kind, link.new and link.new.en) == ("answer", "unknown")
    more = seen("new", {"q.c": "no"}, "strong")
    (tmp_path / "b").mkdir()
    found = one(tmp_path / "b", {"n": 25}, causes=with_rules(rule_n, rule_a, more))
    assert [n.id for n in found.questions_gained] == ["q.c"]


def test_knowledge_of_the_case_itself_lies_over_both(tmp_path: Path) -> None:
    folder = case(tmp_path / "cases/firm", {"knowledge": ["own"]}, **ALL_NO)
    own = folder / "own/benchmarks"
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text(
        json.dumps({"format": 1, "benchmarks": [mark(10)]}), "utf-8"
    )
    case(tmp_path / "cases/other", **ALL_NO)
    told = replayed(tmp_path, benchmarks=[mark(20)])
    assert [bool(c.any) for c in told.cases] == [False, True]


def test_every_version_between_is_reached_by_edits(tmp_path: Path) -> None:
    new = {
        "causes": [{**X, "evidence": [rule_a, seen("more", {"symptom": "bad"})],
                    "explains": ["bad"]}, cause("z", [rule_b])],
        "benchmarks": [mark(20)],
        "questions": [*BASE["questions"], question("q.z")],
    }  # fmt: skip
    old, end = (
        version(str(f)).knowledge()
        for f in (base(tmp_path / "old"), base(tmp_path / "new", **new))
    )
    between = Between(old, end, compare(old, end))
    made = between.with_(frozenset(between.edits))
    assert made is not None
    assert compare(made, end) == ()
    assert between.with_(frozenset({"cause:y"})) is not None


def test_texts_and_sheets_are_in_the_way_of_no_version_between(tmp_path: Path) -> None:
    told = {"en": "so many: {q.c}", "ru": "столько: {q.c}"}
    base(tmp_path / "old", symptoms=[symptom("bad", LOW, because=told)])
    base(tmp_path / "new", questions=BASE["questions"][:-1], benchmarks=[mark(20)])
    claim = {"id": "said", "text": TEXT, "grade": "E2", "source": {"seed": "1"}}
    remedy = json.loads((tmp_path / "new/remedies/all.yaml").read_text("utf-8"))
    remedy["remedies"][0]["claims"] = ["said"]
    for name, data in (
        ("claims", {"format": 1, "claims": [claim]}), ("remedies/all", remedy),
    ):  # fmt: skip
        (tmp_path / "new" / f"{name}.yaml").write_text(json.dumps(data), "utf-8")
    old, new = (version(str(tmp_path / n)).knowledge() for n in ("old", "new"))
    between = Between(old, new, compare(old, new))
    assert set(between.edits) == {
        "claim:said", "question:q.c", "remedy:mend", "threshold:low",
    }  # fmt: skip
    assert all(between.with_(frozenset({i})) for i in between.edits)
    assert between.with_(frozenset(between.edits)) is not None


def test_proof_leaves_out_what_can_be_spared() -> None:
    names = [f"e{i:02}" for i in range(40)]
    needed = {"e03", "e17", "e31"}
    proof = prove(names, needed.issubset)
    assert proof.sets == (("e03", "e17", "e31"),)
    assert prove(names, lambda _: False).sets == ()
    assert prove(["a", "b"], lambda s: bool(s)).sets == (("a",), ("b",))


def test_thresholds_that_were_asked_for_are_noted() -> None:
    noted = Noted({"a": 1.0, "b": 2.0})
    assert noted["a"] == 1.0
    assert "c" not in noted
    assert noted.get("d") is None
    assert noted.asked == {"a": 1.0, "c": None, "d": None}
    assert list(noted) == ["a", "b"]
    assert noted.asked["b"] == 2.0


def test_cases_are_found_at_any_depth_in_order(tmp_path: Path) -> None:
    for name in ("b", "a/two", "a/one", ".hidden/x"):
        case(tmp_path / name)
    names = [case_name(f, tmp_path) for f in case_folders(tmp_path)]
    assert names == ["a/one", "a/two", "b"]
    assert case_name(tmp_path / "b", tmp_path / "b") == "b"


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str, str]:
    """OLD, NEW and the folder of cases as words of the command line."""
    case(tmp_path / "cases/firm", **ALL_NO)
    case(tmp_path / "cases/quiet", n=90)
    case(tmp_path / "cases/weak", n=25)
    old, new = base(tmp_path / "old"), base(tmp_path / "new", benchmarks=[mark(20)])
    return str(old), str(new), str(tmp_path / "cases")


Capture = pytest.CaptureFixture[str]


def test_a_change_can_fail_a_build(two: tuple[str, str, str], capsys: Capture) -> None:
    old, new, cases = two
    for fail_on, code in (("none", 0), ("verdicts", 1), ("any", 1)):
        words = ["kb", "impact", old, new, "--cases", cases, "--fail-on", fail_on]
        assert salesdx(words) == code
        assert "3 cases replayed: 2 changed" in capsys.readouterr().out
    same = ["kb", "impact", old, old, "--cases", cases, "--fail-on", "any"]
    assert salesdx(same) == 0


def test_the_report_in_both_languages_and_as_json(
    two: tuple[str, str, str], tmp_path: Path
) -> None:
    old, new, cases = two
    told = impact(version(old), version(new), Path(cases))
    text: dict[Language, str] = {
        lang: "\n".join(Page(told, lang).lines()) for lang in ("en", "ru")
    }
    assert "threshold low: 30\u00a0% → 20\u00a0% — 3 verdicts in 2 cases" in text["en"]
    assert "порог low: 30\u00a0% → 20\u00a0% — 3 вывода в 2 разборах" in text["ru"]
    assert "  ▼ text [x]" in text["en"]
    data = as_data(told)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["cases"] == {
        "replayed": 3, "changed": 2, "points_only": 0, "unchanged": 1, "faulty": 0,
        "verdicts": 3,
    }  # fmt: skip
    (edit,) = data["edits"]
    assert (edit["id"], edit["verdicts"], edit["cases"]) == ("threshold:low", 3, 2)
    first = data["changed"][0]["rows"][0]
    assert first["caused_by"] == [["threshold:low"]]
    assert {"title", "title_ru", "why", "old", "new"} <= set(first)
    assert str(tmp_path) not in json.dumps(data)


def test_points_are_shown_when_asked_for(tmp_path: Path) -> None:
    case(tmp_path / "cases/firm", n=25, a="no")
    more = {**rule_a, "weight": "considerable"}
    told = replayed(tmp_path, causes=with_rules(rule_n, more))
    brief, full = ("\n".join(Page(told, "en", points=p).lines()) for p in (False, True))
    assert "firm ·" not in brief
    assert "likely, 50 → 60 points" in full
    assert "because of: rule x/no-a: weight moderate (10) → considerable (20)" in full


def test_a_folder_without_cases_is_told(
    two: tuple[str, str, str], tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "empty").mkdir()
    words = ["kb", "impact", two[0], two[1], "--cases", str(tmp_path / "empty")]
    assert salesdx(words) == 3
    assert "no case here" in capsys.readouterr().err


def test_a_broken_version_is_exit_4(two: tuple[str, str, str], capsys: Capture) -> None:
    Path(two[1], "benchmarks/all.yaml").write_text("format: 1\nbenchmarks: {}\n")
    assert salesdx(["kb", "impact", *two[:2], "--cases", two[2]]) == 4
    assert "new: the knowledge base has" in capsys.readouterr().err


@pytest.fixture(scope="module")
def shipped() -> Version:
    return version("shipped")


Overlay = Callable[[str, float], Version]


@pytest.fixture
def overlay(tmp_path: Path, shipped: Version) -> Overlay:
    """The shipped base with another value of one threshold."""

    def make(name: str, value: float) -> Version:
        mark = shipped.knowledge().benchmarks[name]
        folder = tmp_path / "mine" / "benchmarks"
        folder.mkdir(parents=True)
        entry = {**mark.model_dump(exclude_none=True), "value": value}
        text = json.dumps({"format": 1, "benchmarks": [entry]})
        (folder / "mine.yaml").write_text(text, "utf-8")
        return version(str(tmp_path / "mine"))

    return make


def real(folder: Path, *names: str) -> Path:
    """A folder of some of the worked cases."""
    for name in names:
        shutil.copytree(CASES / name, folder / name)
    return folder


def test_a_real_threshold_over_worked_cases(
    tmp_path: Path, shipped: Version, overlay: Overlay
) -> None:
    cases = real(tmp_path / "cases", "k07b", "k10")
    told = impact(shipped, overlay("chain.logged-low", 0.6), cases)
    (found,) = told.changed
    assert (found.case, len(told.cases)) == ("k07b", 2)
    assert {r.cause for r in found.turned} == {
        "outcomes-not-logged", "requests-uncontrolled",
    }  # fmt: skip
    assert {r.proof.sets for r in found.rows} == {(("threshold:chain.logged-low",),)}
    assert [a.proof.sets for a in found.plan_lost] == [
        (("threshold:chain.logged-low",),)
    ]
    lines = list(Page(told, "en").lines())
    assert "threshold chain.logged-low: 90% → 60%" in lines[5]
    assert any("Contacts logged in time: 60%; threshold" in line for line in lines)


def test_figures_that_a_threshold_makes_are_computed_again(
    tmp_path: Path, shipped: Version, overlay: Overlay
) -> None:
    cases = real(tmp_path / "cases", "k07d")
    (found,) = impact(shipped, overlay("manager.few-entries", 30), cases).cases
    assert {(m.metric, m.where, m.old, m.new) for m in found.figures} == {
        ("manager.novice", (("manager", m),), 0, 1) for m in ("M1", "M2")
    }
    assert found.figures_by == ("threshold:manager.few-entries",)
    told = [r for r in found.turned if r.cause == "range-refused"]
    assert [(r.where, stands(r)[2]) for r in told] == [
        ((("manager", m),), "ruled_out") for m in ("M1", "M2")
    ]
    assert told[0].proof.sets == (("threshold:manager.few-entries",),)
    (link,) = [k for g in told[0].grounds for k in g.links]
    (figure,) = link.links
    assert [(k.kind, k.name) for k in figure.links] == [
        ("setting", "manager.few-entries")
    ]


WHY = {"en": "because", "ru": "потому"}


@pytest.mark.parametrize(
    ("tuned", "edit"),
    [
        ({"rules": [{"at": "x/few", "off": True}]}, "rule:x/few"),
        ({"rules": [{"at": "x/few", "weight": "slight"}]}, "rule:x/few"),
        ({"causes": [{"id": "x", "off": True}]}, "cause:x#off"),
        ({"questions": [{"id": "q.n", "off": True}]}, "question:q.n"),
        ({"benchmarks": [{"id": "low", "value": 20}]}, "threshold:low"),
    ],
)
def test_what_an_overlay_tunes_is_an_edit_that_is_proved(
    tmp_path: Path, tuned: Parts, edit: str
) -> None:
    old = base(tmp_path / "old")
    over = tmp_path / "mine"
    over.mkdir()
    rows = {k: [{**r, "why": WHY} for r in v] for k, v in tuned.items()}
    (over / "tuning.yaml").write_text(json.dumps({"format": 1, **rows}), "utf-8")
    case(tmp_path / "cases" / "firm", **ALL_NO)
    found = impact(version(str(old)), version(f"{old},{over}"), tmp_path / "cases")
    x = row(found.cases[0], "x")
    assert x.old is not None
    assert x.old.verdict == "likely"
    assert x.new is None or x.new.verdict != "likely"
    assert x.proof.sets == ((edit,),)


def test_an_answer_to_a_new_question_is_heard_under_the_new_version_alone(
    tmp_path: Path,
) -> None:
    asked = [*BASE["questions"], question("q.new")]
    added = cause("z", [seen("no-new", {"q.new": "no"}, "decisive")])
    found = one(
        tmp_path, {"new": "no"}, questions=asked, causes=[X, Y, added]
    )  # fmt: skip
    assert found.accepted is None
    z = row(found, "z")
    assert z.old is None
    assert z.new is not None
    assert z.new.verdict == "likely"
    assert z.proof.sets == (("cause:z",),)
