"""Self-assessment: one person, one form, a short result with its limits."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from knowledge_fixture import TEXT, cause, question, rule, write

from salesdx.answers.log import Answer, AnswerLog
from salesdx.cli import run, wording
from salesdx.cli.interview_words import UNITS
from salesdx.company import Respondent
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load, load_all
from salesdx.selfcheck import FormResult, check, minutes
from salesdx.workbench.lint import lint

pytestmark = pytest.mark.usefixtures("measured_once")
FORMS = {
    "offer-and-odc", "product-checklist", "why-us", "owner-time", "hunters-farmers",
    "churn", "crm-functions", "ticket-control", "process-kpi", "turbulence",
    "under-earning",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return load()


def answer(name: str, value: Any, by: str = "owner", state: str = "answered") -> Answer:
    return Answer(
        question=name, by=by, role="owner", value=value, state=state, confidence=100,
        about=(), agreed=False, note="",
    )  # fmt: skip


def result(
    known: KnowledgeBase, form: str, *answers: Answer, model: str | None = "b2b"
) -> FormResult:
    people = {"owner": Respondent(role="owner"), "head": Respondent(role="owner")}
    log = AnswerLog(respondents=people, answers=answers)
    executor = ReferenceExecutor()
    return check(known.forms[form], known, log, "owner", executor, sales_model=model)


def product(known: KnowledgeBase, no: int) -> list[Answer]:
    names = known.forms["product-checklist"].questions
    return [answer(n, i >= no) for i, n in enumerate(names)]


def test_the_forms_are_there_and_short(shipped: KnowledgeBase) -> None:
    assert set(shipped.forms) == FORMS
    for form in shipped.forms.values():
        asked = [shipped.questions[i] for i in form.questions]
        assert 1 <= minutes(form, shipped) <= 12
        assert all(q.about is None for q in asked)
        assert form.bands[-1].problems <= sum(q.problem is not None for q in asked)
        assert form.grade == "EX"  # where the bands lie nobody has measured


def test_the_product_has_thirteen_questions(shipped: KnowledgeBase) -> None:
    refs = [shipped.questions[i].ref[0]
            for i in shipped.forms["product-checklist"].questions]  # fmt: skip
    assert refs == [f"Q-PROD-{i:02d}" for i in range(1, 14)]


@pytest.mark.parametrize(
    ("no", "band"), [(0, 0), (2, 0), (3, 3), (5, 3), (6, 6), (13, 6)]
)
def test_the_bands_are_two_five_and_more(
    shipped: KnowledgeBase, no: int, band: int
) -> None:
    found = result(shipped, "product-checklist", *product(shipped, no))
    assert (found.problems, found.judged) == (no, 13)
    assert found.band is not None
    assert found.band.problems == band


def test_why_us_has_three_levels(shipped: KnowledgeBase) -> None:
    titles = [p.title.en for p in shipped.forms["why-us"].parts if p.title]
    assert [t[:7] for t in titles] == ["The ans", "Level 1", "Level 2", "Level 3"]


def test_what_is_not_answered_is_open_and_what_nobody_knows_is_unknown(
    shipped: KnowledgeBase,
) -> None:
    found = result(
        shipped, "ticket-control", answer("ticket.unique-number", True),
        answer("ticket.stage-analytics", None, state="dont_know"),
        answer("ticket.on-crm-or-erp", None, state="refused"),
        answer("ticket.responsible", None, state="not_applicable"),
    )  # fmt: skip
    states = {i.question: i.state for i in found.items}
    assert states["ticket.unique-number"] == "fine"
    assert states["ticket.every-request-recorded"] == "open"
    assert states["ticket.on-crm-or-erp"] == "unknown"
    assert "ticket.responsible" not in states
    sign = shipped.questions["ticket.stage-analytics"].dont_know == "problem"
    assert states["ticket.stage-analytics"] == ("problem" if sign else "unknown")
    assert (found.asked, found.answered) == (11, 3)


def test_without_an_answer_there_is_no_band(shipped: KnowledgeBase) -> None:
    found = result(shipped, "why-us")
    assert found.band is None
    assert found.causes == found.actions == []


@pytest.mark.parametrize("form", sorted(FORMS))
def test_not_knowing_never_earns_a_good_result(
    shipped: KnowledgeBase, form: str
) -> None:
    asked = shipped.forms[form].questions
    found = result(shipped, form, *[answer(n, None, state="dont_know") for n in asked])
    best = shipped.forms[form].bands[0]
    assert found.band != best
    if found.band is None:  # and advises nothing on the strength of a hint
        assert all(c.verdict in ("likely", "possible") for c in found.causes)
        if not found.causes:
            assert found.actions == []


def test_a_quarter_of_the_answers_is_no_result_but_half_is(
    shipped: KnowledgeBase,
) -> None:
    names = shipped.forms["product-checklist"].questions
    assert result(
        shipped, "product-checklist", *[answer(n, True) for n in names[:4]]
    ).band is None  # fmt: skip
    half = result(shipped, "product-checklist", *[answer(n, True) for n in names[:7]])
    assert half.band is not None
    bad = result(shipped, "product-checklist", *[answer(n, False) for n in names[:6]])
    assert bad.band is not None  # nothing could make it worse
    assert bad.band.problems == 6


def test_only_the_words_of_this_person_and_this_form_count(
    shipped: KnowledgeBase,
) -> None:
    mine = [answer("why.positioning", False)]
    others = [answer("why.positioning", True, by="head"),
              answer("owner.delegated", False)]  # fmt: skip
    alone = result(shipped, "why-us", *mine)
    assert result(shipped, "why-us", *mine, *others) == alone
    assert alone.problems == 1


def test_verdicts_and_three_first_actions_come_from_the_answers(
    shipped: KnowledgeBase,
) -> None:
    names = shipped.forms["ticket-control"].questions
    bad = [answer(n, n == "ticket.deletable") for n in names]
    found = result(shipped, "ticket-control", *bad)
    assert found.problems == 12
    assert found.causes[0].cause == "requests-uncontrolled"
    assert found.causes[0].verdict == "likely"
    assert 1 <= len(found.actions) <= 3
    assert len({a.remedy for a in found.actions}) == len(found.actions)
    assert all(a.step.en and a.step.ru for a in found.actions)
    assert len(found.limits) == 3


def test_what_is_in_place_is_no_first_action(shipped: KnowledgeBase) -> None:
    bad = [answer(n, n == "ticket.deletable")
           for n in shipped.forms["ticket-control"].questions]  # fmt: skip
    written = [answer(n, True, by="head") for n in (
        "funnel.entry-written", "funnel.stages-written", "funnel.durations-set",
    )]  # fmt: skip
    found = result(shipped, "ticket-control", *bad, *written)
    assert "formalise-funnel" not in {a.remedy for a in found.actions}


def test_first_things_come_first(shipped: KnowledgeBase) -> None:
    found = result(shipped, "churn", answer("churn.practice", "never"),
                   answer("churn.lost-defined", False),
                   answer("churn.surveyed", False))  # fmt: skip
    for action in found.actions:
        needs = set(shipped.remedies[action.remedy].needs_first)
        assert needs <= {a.remedy for a in found.actions}


def test_what_does_not_apply_to_the_trade_is_not_asked(shipped: KnowledgeBase) -> None:
    b2b, b2c = (result(shipped, "under-earning", model=m) for m in ("b2b", "b2c"))
    assert b2c.asked < b2b.asked
    assert b2c.minutes <= b2b.minutes


def form(**more: Any) -> dict[str, Any]:
    return {
        "format": 1, "id": "short", "title": TEXT, "intro": TEXT,
        "parts": [{"questions": ["q.a"]}],
        "bands": [{"problems": 0, "title": TEXT, "advice": TEXT}],
        "source": {"seed": "1"}, "grade": "EX", **more,
    }  # fmt: skip


def faults(folder: Path, name: str = "short", **more: Any) -> list[str]:
    bad = {"when": "no", "causes": ["x"]}
    asked = [question("q.a", problem=bad), question("q.own", about="manager")]
    write(folder, causes=[cause("x", [rule("r", {"q.a": "no"})])], questions=asked)
    (folder / "questionnaires/forms").mkdir()
    text = json.dumps(form(**more), ensure_ascii=False)
    (folder / f"questionnaires/forms/{name}.yaml").write_text(text, encoding="utf-8")
    return [p.code for p in lint(folder=folder)]


BAND = {"title": TEXT, "advice": TEXT}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"parts": [{"questions": ["q.b"]}]}, "unknown-id"),
        ({"parts": [{"questions": ["q.own"]}]}, "form-question-per-slice"),
        ({"parts": [{"questions": ["q.a", "q.a"]}]}, "form-question-twice"),
        ({"parts": [{"questions": []}]}, "schema"),
        ({"bands": [{"problems": 1, **BAND}]}, "schema"),
        ({"bands": [{"problems": 0, **BAND}, {"problems": 0, **BAND}]}, "schema"),
        ({"bands": [{"problems": 0, **BAND}, {"problems": 2, **BAND}]},
         "form-band-unreachable"),
        ({"colour": "red"}, "schema"),
        ({"name": "other"}, "file-name"),
    ],
)  # fmt: skip
def test_each_fault_of_a_form_has_a_code(
    tmp_path: Path, more: dict[str, Any], code: str
) -> None:
    assert code in faults(tmp_path, **more)


def test_a_sound_form_has_no_fault_and_an_overlay_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    found = faults(tmp_path / "base")
    assert not [c for c in found if c.startswith(("form", "file", "schema"))]
    own = tmp_path / "own/questionnaires/forms"
    own.mkdir(parents=True)
    changed = form(bands=[{"problems": 0, "title": {"en": "Mine", "ru": "Моё"},
                           "advice": TEXT}])  # fmt: skip
    (own / "short.yaml").write_text(json.dumps(changed, ensure_ascii=False), "utf-8")
    known, problems = load_all([tmp_path / "own"], folder=tmp_path / "base")
    assert problems == []
    assert known.forms["short"].bands[0].title.en == "Mine"


def test_a_fault_in_an_own_form_names_the_folder_of_its_author(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "questionnaires" / "forms"
    folder.mkdir(parents=True)
    changed = form(parts=[{"questions": ["no.such"]}])
    (folder / "short.yaml").write_text(json.dumps(changed, ensure_ascii=False), "utf-8")
    _, problems = load_all([tmp_path / "mine"])
    assert problems
    assert {p.file for p in problems} == {"mine/questionnaires/forms/short.yaml"}
    changed = form(parts=[{"questions": ["ticket.loss-control"]}], bands=[
        {"problems": 0, **BAND}, {"problems": 9, **BAND}])  # fmt: skip
    (folder / "short.yaml").write_text(json.dumps(changed, ensure_ascii=False), "utf-8")
    found = [p for p in lint([tmp_path / "mine"]) if p.code == "form-band-unreachable"]
    assert [p.file for p in found] == ["mine/questionnaires/forms/short.yaml"]


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALESDX_LANG", "en")
    wording.choose([], {})
    text = "{format: 1, name: Acme, sales_model: b2b}"
    (tmp_path / "company.yaml").write_text(text)
    return tmp_path


def talk(case: Path, lines: str, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    return run(["interview", str(case), "--as", "owner", *more])


def test_the_owner_answers_only_the_form_and_gets_a_short_result(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "no\n" * 4 + "yes\n" * 8 + "dunno\n"
    assert talk(case, lines, monkeypatch, "--form", "product-checklist") == 0
    out = capsys.readouterr().out
    assert "[1 / 13]" in out
    assert "About " in out
    for told in ("Problems: ", "The product has weak sides", "What to do first",
                 "one person's view", "No figure was looked at"):  # fmt: skip
        assert told in out
    rows = yaml.safe_load((case / "answers.yaml").read_text())["answers"]
    assert len(rows) == 13
    assert all(r["question"].startswith("product.") for r in rows)
    again = ["--form", "product-checklist", "--result"]
    assert talk(case, "", monkeypatch, *again) == 0
    assert capsys.readouterr().out == out[out.rindex("\nThe product in thirteen") :]


def test_all_do_not_know_is_told_as_such(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert talk(case, "dunno\n" * 13, monkeypatch, "--form", "product-checklist") == 0
    out = capsys.readouterr().out
    assert "Too little is known" in out
    assert "Nothing is answered" not in out


def test_every_unit_of_a_question_has_words(shipped: KnowledgeBase) -> None:
    units = {q.unit for q in shipped.questions.values() if q.unit}
    assert units - UNITS.keys() == set()


def test_the_forms_are_listed_and_a_wrong_one_is_refused(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert talk(case, "", monkeypatch, "--form", "list") == 0
    listed = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in listed} == FORMS
    assert talk(case, "", monkeypatch, "--form", "why-u") == 2
    assert "why-us" in capsys.readouterr().err
    text = "{format: 1, name: Cafe, sales_model: b2c}"
    (case / "company.yaml").write_text(text)
    assert talk(case, "", monkeypatch, "--form", "hunters-farmers") == 2
    assert "b2b" in capsys.readouterr().err
