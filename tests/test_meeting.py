"""The planning meeting: agenda, record, evidence both ways, protocol, privacy."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from knowledge_fixture import TEXT, cause, knowledge, metric, question, rule

from salesdx import meeting
from salesdx.analysis import Analysis, analyse
from salesdx.answers.facts import settle
from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.log import load as load_answers
from salesdx.cli import run, wording
from salesdx.errors import DataError
from salesdx.facts import COMPANY, Fact, FactBase, Slice, slice_of
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.language import Text
from salesdx.render import edition_for
from salesdx.render.anonymise import anonymised
from salesdx.render.audience import fit_for
from salesdx.result import Loss, Money
from salesdx.workbench.lint import lint

pytestmark = pytest.mark.usefixtures("measured_once")
CASES = Path(__file__).parent / "cases"
M4 = {"metric": "conversion.at-horizon", "manager": "M4"}
FINDING = "conversion.at-horizon:manager=M4"
OPTIONS = [
    {"code": "lazy", "title": TEXT, "causes": ["people"]},
    {"code": "slow", "title": TEXT, "causes": ["process"]},
    {"code": "ill", "title": TEXT, "clears": ["people"], "measured_by": "low"},
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    gate = [{"rate": "< 0.5"}]
    rules = [rule("r", {"rate": "< 0.5"}), rule("s", {"low": "< 0.5"})]
    return knowledge(
        tmp_path_factory.mktemp("kb"),
        metrics=[metric("rate", grain=["manager"]), metric("low", grain=["manager"])],
        questions=[question("q.named", "multi", about="finding", options=OPTIONS,
                            who=["head", "seller"]),
                   question("q.why", "text", about="finding", unused="shown")],
        causes=[cause("people", rules, for_each="manager", kind="people", gate=gate),
                cause("process", rules[:1])],
    )  # fmt: skip


def said(*codes: str, by: str = "head", metric_: str = "rate", **where: str) -> Answer:
    return Answer(
        question="q.named", by=by, role=by, value=codes, state="answered",
        confidence=100, about=slice_of(metric=metric_, **where), agreed=False, note="",
    )  # fmt: skip


def points(
    base: KnowledgeBase, *answers: Answer, figures: tuple[Fact, ...] = ()
) -> dict[tuple[str, Slice], Any]:
    told = settle(AnswerLog(answers=answers), base)
    facts = FactBase.of([*told.facts, *figures])
    found = infer(base, facts, ReferenceExecutor())
    return {key: row.total for key, row in found.causes.items()}


def test_a_reason_about_a_manager_is_slight_evidence_on_him_alone(
    base: KnowledgeBase,
) -> None:
    found = points(base, said("lazy", manager="M1"), said("slow", manager="M2"))
    assert found["people", (("manager", "M1"),)].points == 5
    assert found["people", (("manager", "M2"),)].points == 0
    assert found["process", COMPANY].points == 5


def test_a_reason_without_a_person_never_blames_one(base: KnowledgeBase) -> None:
    found = points(base, said("lazy", "slow", channel="mail"))
    assert [key for key in found if key[0] == "people"] == []
    assert found["process", COMPANY].points == 5


def test_a_defence_outweighs_a_suspicion(base: KnowledgeBase) -> None:
    found = points(base, said("lazy", "ill", manager="M1"))
    assert found["people", (("manager", "M1"),)].points == 5 - 20


def test_a_measured_figure_beats_what_is_said_in_defence(base: KnowledgeBase) -> None:
    measured = Fact("low", 0.9, (("manager", "M1"),))
    found = points(base, said("lazy", "ill", manager="M1"), figures=(measured,))
    assert found["people", (("manager", "M1"),)].points == 5


def test_what_no_meeting_recorded_is_not_missing(base: KnowledgeBase) -> None:
    (row,) = points(base, said("slow", channel="mail")).values()
    assert (row.points, row.worst, row.best) == (5, 5, 45)  # r only is unknown
    assert points(base)["process", COMPANY].best == 40


def test_what_was_said_of_several_figures_of_one_person_is_joined(
    base: KnowledgeBase,
) -> None:
    told = settle(
        AnswerLog(answers=(
            said("slow", manager="M1"), said("lazy", manager="M1", metric_="low"),
        )), base,
    )  # fmt: skip
    facts = FactBase.of(told.facts)
    assert facts.fact("q.named", (("manager", "M1"),)).value == ("lazy", "slow")
    assert facts.fact("q.named").value == ("lazy", "slow")


def test_two_respondents_who_differ_on_a_finding_disagree(base: KnowledgeBase) -> None:
    differing = (said("lazy", manager="M1"), said("ill", by="seller", manager="M1"))
    told = settle(AnswerLog(answers=differing), base)
    (row,) = told.disagreements
    assert row.about == {"manager": "M1", "metric": "rate"}
    alike = (said("lazy", manager="M1"), said("ill", by="seller", manager="M2"))
    assert settle(AnswerLog(answers=alike), base).disagreements == ()


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"manager": "M1"}, "a finding needs its figure"),
        ({"metric": "rat", "manager": "M1"}, "no metric 'rat'"),
        ({"metric": "rate", "seller": "M1"}, "a finding has no 'seller'"),
    ],
)
def test_an_answer_names_the_figure_and_the_slice(
    base: KnowledgeBase, tmp_path: Path, about: dict[str, str], told: str
) -> None:
    row = {"question": "q.named", "by": "head", "value": ["lazy"], "about": about}
    path = tmp_path / "answers.yaml"
    path.write_text(yaml.safe_dump({"format": 1, "answers": [row]}))
    with pytest.raises(DataError, match=told):
        load_answers(path, base, {})


def test_reasons_of_the_shipped_questions_blame_nobody_else(tmp_path: Path) -> None:
    shipped = load()
    people = {i for i, c in shipped.causes.items() if c.spec.for_each == "manager"}
    options = [
        o for q in (meeting.REASONS, meeting.EXPLAINED)
        for o in shipped.questions[q].options
    ]  # fmt: skip
    named = {c for o in options for c in (*o.causes, *o.clears)}
    assert people <= named
    assert all(o.because for o in options if o.causes or o.clears)
    assert [p for p in lint() if p.code == "blame-without-person"] == []


def loss(name: str, state: str = "confirmed", money: float = 0, **more: Any) -> Loss:
    return Loss(
        id=f"rate:manager={name}", metric="rate", title=Text(en="Rate", ru="Доля"),
        slice={"manager": name}, norm=0.2, actual=0.1, n=100, state=state,
        money=Money(low=1, expected=money, high=money) if money else None, share=None,
        below_average=more.pop("below_average", True), **more,
    )  # fmt: skip


def test_the_agenda_begins_with_what_is_proven_and_dear() -> None:
    listed = meeting.agenda([
        loss("A", "noise"), loss("B", "suspected"), loss("C", money=5),
        loss("D", money=9), loss("E", below_average=False),
        loss("F", "insufficient"), loss("G", scope="service"),
    ])  # fmt: skip
    assert [x.slice["manager"] for x in listed] == ["D", "C", "G", "B", "A"]
    assert meeting.chosen(listed, "2") is listed[1]
    assert meeting.chosen(listed, "rate:manager=B") is listed[3]
    assert meeting.chosen(listed, "9") is None


def test_each_finding_is_asked_to_the_end_before_the_next() -> None:
    shipped, findings = load(), [loss("A"), loss("B")]
    asked = meeting.asks(shipped, AnswerLog(), findings, "head_of_sales")
    assert [a.question.id for a in asked] == [*meeting.QUESTIONS] * 2
    channel = loss("x").model_copy(update={"slice": {"channel": "mail"}})
    names = [a.question.id for a in meeting.asks(shipped, AnswerLog(), [channel], "h")]
    assert meeting.EXPLAINED not in names  # nobody to clear


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALESDX_LANG", "en")
    wording.choose([], {})
    folder = tmp_path / "acme"
    shutil.copytree(CASES / "k03", folder)
    people = {"head": {"role": "head_of_sales"}, "anna": {"role": "seller"}}
    data = {"format": 1, "respondents": people, "answers": []}
    (folder / "answers.yaml").write_text(json.dumps(data), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """The case as it stands before the meeting, analysed once."""
    folder = tmp_path_factory.mktemp("ready") / "acme"
    shutil.copytree(CASES / "k03", folder)
    (folder / "answers.yaml").write_text(
        "{format: 1, respondents: {head: {role: head_of_sales}}, answers: []}"
    )
    return found(folder)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch, ready: Analysis) -> None:
    """Commands that only read do not compute everything again."""
    monkeypatch.setenv("SALESDX_LANG", "en")
    monkeypatch.setattr("salesdx.cli.meeting.run_analysis", lambda *_: ready)


RECORD = [
    "--finding", "1", "--reason", "range_refused", "--why", "Says no at once",
    "--do", "Catalogue on the screen", "--owner", "Ann Lee", "--until", "2026-05-01",
    "--by", "head",
]  # fmt: skip


def found(case: Path) -> Analysis:
    return analyse(case, executor="reference")


@pytest.mark.usefixtures("at_once")
def test_the_command_lists_what_lags(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["meeting", str(case)]) == 0
    out = capsys.readouterr().out
    assert f"[{FINDING}]" in out
    assert "1. M4: Conversion" in out
    assert run(["meeting", str(case), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["findings"][0]["id"] == FINDING
    assert told["meeting"] == []


def test_what_is_recorded_comes_back_as_answers_evidence_and_protocol(
    case: Path, ready: Analysis, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["meeting", str(case), *RECORD]) == 0
    rows = yaml.safe_load((case / "answers.yaml").read_text())["answers"]
    assert {r["question"] for r in rows} == {*meeting.QUESTIONS} - {meeting.EXPLAINED}
    assert all(r["about"] == M4 and r["by"] == "head" for r in rows)
    after = found(case)
    assert blame(after) == blame(ready) + 5
    (row,) = after.document.meeting
    assert (row.finding, row.why, row.who) == (FINDING, "Says no at once", "Ann Lee")
    assert (row.what, row.until) == ("Catalogue on the screen", "2026-05-01")
    assert row.listed
    capsys.readouterr()
    assert run(["meeting", str(case)]) == 0
    out = capsys.readouterr().out
    assert "Why: Says no at once" in out
    assert "By when: 1 May 2026" in out.replace("\xa0", " ")


def blame(analysis: Analysis) -> int:
    where = (("manager", "M4"),)
    return analysis.inference.causes["range-refused", where].total.points


def test_a_narrower_duty_speaks_against_blame_and_people_may_differ(
    case: Path, ready: Analysis
) -> None:
    assert run(["meeting", str(case), *RECORD]) == 0
    words = ["--finding", FINDING, "--explained", "narrower_duty", "--reason", "price"]
    assert run(["meeting", str(case), *words, "--by", "anna"]) == 0
    after = found(case)
    assert blame(after) < blame(ready)
    differ = {d.question: d for d in after.document.disagreements}
    assert differ[meeting.REASONS].about == M4
    report = repr(edition_for(after.document, "en").report)
    assert "Catalogue on the screen" in report
    assert "What the planning meeting decided" in report
    assert "From the planning meeting" in report  # at the finding itself
    assert "figure Conversion within one cycle" in report  # where they differ


def test_nobodys_words_leave_the_house(case: Path) -> None:
    assert run(["meeting", str(case), *RECORD]) == 0
    words = ["--finding", "1", "--why", "ann cannot sell", "--by", "anna"]
    assert run(["meeting", str(case), *words]) == 0
    document = found(case).document
    assert fit_for("team", document).meeting == []
    hidden = anonymised(document).to_json()
    for word in ("Says no at once", "Catalogue on", "Ann Lee", "ann cannot", '"M4"'):
        assert word in document.to_json()
        assert word not in hidden


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--why", "x"], "--finding"),
        (["--finding", "1", "--by", "head"], "nothing to record"),
        (["--finding", "1", "--why", "x"], "--by"),
        (["--finding", "1", "--owner", " ", "--by", "head"], "nothing to record"),
        (["--finding", "1", "--why", "x", "--by", "hed"], "head"),
        (["--finding", "99", "--why", "x", "--by", "head"], "99"),
        (["--finding", "1", "--reason", "skil", "--by", "head"], "skill"),
        (["--finding", "1", "--until", "soon", "--by", "head"], "date"),
        (["--ask", "--why", "x", "--by", "head"], "--ask"),
    ],
)
def test_a_senseless_record_is_refused_and_nothing_is_written(
    ready: Analysis, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ready_path = ready.case.answers_path
    before = ready_path.read_bytes()
    assert run(["meeting", str(ready.case.path), *words]) == 2
    assert told in capsys.readouterr().err
    assert ready_path.read_bytes() == before


def test_it_can_ask_one_by_one_and_goes_on_later(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "no catalogue at hand\n5, 16\n-\nquit\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert run(["meeting", str(case), "--ask", "--by", "head"]) == 0
    out = capsys.readouterr().out
    assert "M4: Conversion within one cycle" in out
    assert "[4 / 12]" in out
    (row,) = found(case).document.meeting
    assert row.why == "no catalogue at hand"
    assert row.reasons == ["range_refused", "price"]
    assert row.explained_by == []
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert run(["meeting", str(case), "--ask", "--finding", "1", "--by", "head"]) == 0
    assert "[1 / 3]" in capsys.readouterr().out
