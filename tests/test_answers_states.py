"""Every state of an answer before everything that reads answers."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge_fixture import TEXT, cause, knowledge, metric, question, rule, text_file

from salesdx.analysis import Analysis, analyse
from salesdx.answers.facts import Said, settle
from salesdx.answers.figures import with_said
from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.relevance import active, applies, conditions
from salesdx.company import Respondent
from salesdx.diagnosis import diagnose
from salesdx.facts import COMPANY, FactBase
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.interview.agenda import agenda
from salesdx.interview.telling import next_questions
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.forms import Form
from salesdx.knowledge.load import load
from salesdx.language import Text
from salesdx.render import edition_for
from salesdx.render.actions import differences
from salesdx.render.terminal import text
from salesdx.render.words import Words
from salesdx.selfcheck import check

pytestmark = pytest.mark.usefixtures("measured_once")
PEOPLE = {
    "head": Respondent(role="head", name="Анна Петрова"),
    "boss": Respondent(role="owner"),
}
PROBLEM = {"when": "no", "causes": ["x"]}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return knowledge(
        tmp_path_factory.mktemp("kb"),
        questions=[
            question("q.a", who=["head", "owner"], problem=PROBLEM),
            question("q.child", relevant_if={"q.a": "yes"}),
            question("q.b"),
        ],
        metrics=[metric("kept", yes_of=["q.a"], needs=[])],
        causes=[cause("x", [
            rule("r", {"q.a": "no"}), rule("s", {"q.b": "no"}, "moderate"),
        ])],
    )  # fmt: skip


FORM = Form.model_validate({
    "format": 1, "id": "form", "title": TEXT, "intro": TEXT,
    "parts": [{"questions": ["q.a"]}], "grade": "EX", "source": {"note": "test"},
    "bands": [{"problems": 0, "title": TEXT, "advice": TEXT}],
})  # fmt: skip


def answer(state: str = "answered", value: Any = None, **more: Any) -> Answer:
    fields = {
        "question": "q.a", "by": "head", "role": "head", "state": state,
        "value": value, "confidence": 100, "about": (), "agreed": False, "note": "",
    }  # fmt: skip
    return Answer(**(fields | more))


YES, NO = answer(value=True), answer(value=False)
LATER = answer("later")
# what was said -> value, don't know, does not apply, rows, the child applies, asked
# again, a next question, yes of the figure, the item of the self-assessment
TABLE: dict[str, tuple[tuple[Answer, ...], tuple[Any, ...]]] = {
    "nothing": ((), (None, False, False, 0, None, True, True, None, "open")),
    "yes": ((YES,), (True, False, False, 1, True, False, False, 1.0, "fine")),
    "no": ((NO,), (False, False, False, 1, False, False, False, 0.0, "problem")),
    "dont_know": ((answer("dont_know"),),
                  (None, True, False, 1, None, False, False, None, "unknown")),
    "not_applicable": ((answer("not_applicable", reason="no tenders"),),
                       (None, False, True, 1, False, False, False, None, None)),
    "refused": ((answer("refused"),),
                (None, False, False, 1, None, False, False, None, "unknown")),
    "later": ((LATER,), (None, False, False, 0, None, True, True, None, "open")),
    "withdrawn": ((YES, LATER),
                  (None, False, False, 0, None, True, True, None, "open")),
    "answered at last": ((LATER, YES),
                         (True, False, False, 1, True, False, False, 1.0, "fine")),
    "known at last": ((answer("dont_know"), NO),
                      (False, False, False, 1, False, False, False, 0.0, "problem")),
    "forgotten": ((YES, answer("dont_know")),
                  (None, True, False, 1, None, False, False, None, "unknown")),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_every_state_means_the_same_to_everything_that_reads_it(
    base: KnowledgeBase, case: str
) -> None:
    answers, expected = TABLE[case]
    hint = answer(value=False, question="q.b")  # makes the cause worth asking about
    log = AnswerLog(respondents=PEOPLE, answers=(hint, *answers))
    said = settle(log, base)
    rows = [r for r in said.rows if r.question == "q.a"]
    facts = active(FactBase.of(said.facts), base, "b2b")
    fact = facts.fact("q.a")
    child = applies(base.questions["q.child"], facts, base, conditions(base), "b2b")
    left = agenda(
        base, log, facts, role="head", by="head", mode="full", sales_model="b2b",
        values={},
    )  # fmt: skip
    found = infer(base, facts, ReferenceExecutor())
    told = next_questions(diagnose(found, []), found.case, log, "b2b")
    kept = next(m for m in with_said([], facts, base) if m.metric == "kept")
    executor = ReferenceExecutor()
    items = check(FORM, base, log, "head", executor, sales_model="b2b").items
    assert (
        fact.value, fact.dont_know, fact.not_applicable, len(rows), child,
        "q.a" in [a.question.id for a in left], "q.a" in [q.question for q in told],
        kept.value, next((i.state for i in items), None),
    ) == expected  # fmt: skip
    assert not fact.disagree


def settled(base: KnowledgeBase, *answers: Answer) -> Said:
    return settle(AnswerLog(respondents=PEOPLE, answers=answers), base)


def boss(state: str = "answered", value: Any = None, **more: Any) -> Answer:
    return answer(state, value, by="boss", role="owner", **more)


@pytest.mark.parametrize(
    ("answers", "value", "differ"),
    [
        ((YES, boss(value=False)), True, True),
        ((YES, boss("dont_know")), True, False),
        ((answer("not_applicable"), boss(value=False)), False, False),
        ((YES, boss(value=False), answer("later")), False, False),
        ((YES, boss(value=False), boss("refused")), True, False),
        ((YES, boss(value=False, agreed=True)), False, False),
        ((YES, boss("not_applicable", agreed=True)), None, False),
        ((YES, boss(value=False, agreed=True), boss("later")), True, False),
    ],
)
def test_two_people_and_their_states(
    base: KnowledgeBase, answers: tuple[Answer, ...], value: Any, differ: bool
) -> None:
    found = settled(base, *answers)
    (fact,) = [f for f in found.facts if f.name == "q.a"]
    assert (fact.value, fact.disagree) == (value, differ)
    assert len(found.disagreements) == differ
    assert found == settled(base, *sorted(answers, key=lambda a: a.by))


# --- the shipped knowledge: documents -------------------------------------------------

COMPANY_YAML = "format: 1\nname: Acme\nsales_model: b2b\n"
WHO = (
    "format: 1\nrespondents:\n  head: {role: head_of_sales, name: Анна Петрова}\n"
    "  seller-1: {role: seller}\n  boss: {role: owner}\nanswers:\n"
)


def analysed(folder: Path, lines: list[str]) -> Analysis:
    text_file(folder, "company.yaml", COMPANY_YAML)
    (folder / "answers.yaml").write_text(WHO + "".join(lines), encoding="utf-8")
    return analyse(folder, executor="reference")


def line(name: str, by: str, value: str, more: str = "") -> str:
    return f"  - {{question: {name}, by: {by}, value: {value}{more}}}\n"


TOLD = [
    line("odc.deadline-exists", "head", "yes"),
    line("odc.late-refused", "seller-1", "no"),
    line("why.commodity", "boss", "no"),
    line("owner.processes-built", "boss", "yes"),
]


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return load()


def test_switching_a_condition_off_and_on_restores_the_document(
    shipped: KnowledgeBase, tmp_path: Path
) -> None:
    parents = {
        next(iter(q.relevant_if)): q
        for q in shipped.questions.values()
        if q.relevant_if and list(q.relevant_if.values()) == ["yes"]
        and q.type == "yesno" and q.about is None
        and shipped.questions[next(iter(q.relevant_if))].about is None
    }  # fmt: skip
    assert parents
    for parent, child in list(parents.items())[:3]:
        lines = [*TOLD, line(parent, "head", "yes"), line(child.id, "head", "no")]
        before = analysed(tmp_path, lines).document
        off = analysed(tmp_path, [*lines, line(parent, "head", "no")])
        back = [line(parent, "head", "no"), line(parent, "head", "yes")]
        assert (child.id, COMPANY) not in off.facts
        rows = {r.question: r for r in off.document.answers}
        assert rows[child.id].inactive
        assert rows[child.id].value is False
        assert not rows[parent].inactive
        assert analysed(tmp_path, [*lines, *back]).document == before
        assert '"inactive":' not in before.to_json()


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_order_of_different_questions_changes_no_fact(
    shipped: KnowledgeBase, data: st.DataObject
) -> None:
    questions = [q for q in shipped.questions.values() if q.type == "yesno"]
    asked = data.draw(st.lists(st.sampled_from(questions), unique_by=lambda q: q.id))
    answers = [
        answer(
            question=q.id, by=by, role=role, value=data.draw(st.booleans()),
            about=((q.about, "M1"),) if q.about else (),
        )
        for q in asked
        for by, role in (("head", "head_of_sales"), ("boss", "owner"))
    ]  # fmt: skip
    mixed = data.draw(st.permutations(answers))
    first = settle(AnswerLog(answers=tuple(answers)), shipped)
    assert settle(AnswerLog(answers=tuple(mixed)), shipped) == first


# --- what a disagreement is, and how it is told ---------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "values", "differ"),
    [
        ("scale", {"min": 0, "max": 10}, (7, 8), False),
        ("scale", {"min": 0, "max": 10}, (3, 7), False),
        ("scale", {"min": 0, "max": 10}, (3, 8), True),
        ("scale", {}, (3, 4), False),
        ("scale", {}, (3, 5), True),
        ("scale", {}, (3, 4, 5), True),
        ("number", {"unit": "minutes"}, (15, 20), False),
        ("number", {}, (15, 29), False),
        ("number", {}, (15, 30), True),
        ("number", {}, (0, 1), True),
        ("number", {}, (0, 0), False),
        ("number", {"unit": "percent"}, (30, 35), False),
        ("number", {"unit": "percent"}, (60, 79), False),
        ("number", {"unit": "percent"}, (60, 80), True),
        ("number", {"unit": "percent"}, (2, 4), True),
        ("number", {"unit": "score", "min": 0, "max": 10}, (2, 4), False),
        ("number", {"unit": "score"}, (2, 4), True),
        ("yesno", {}, (True, False), True),
        ("yesno", {}, (True, True), False),
        ("enum", {}, ("a", "b"), True),
        ("multi", {}, (("a",), ("a", "b")), True),
        ("text", {}, ("fast", "we are fast"), False),
        ("date", {}, ("2026-01-01", "2026-01-02"), True),
    ],
)
def test_shades_of_one_answer_are_no_disagreement(
    tmp_path: Path, kind: str, more: dict[str, Any], values: tuple[Any, ...],
    differ: bool,
) -> None:  # fmt: skip
    options = [{"code": c, "title": TEXT} for c in "ab"]
    more |= {"options": options} if kind in ("enum", "multi") else {}
    if more.get("unit") == "minutes":
        more["unit"] = "hours"
    base = knowledge(tmp_path, causes=[], questions=[question("q.a", kind, **more)])
    answers = [answer(value=v, by=f"p{i}") for i, v in enumerate(values)]
    found = settled(base, *answers)
    (fact,) = found.facts
    assert fact.disagree is differ
    assert fact.confidence == (60 if differ else 100)
    assert len(found.disagreements) == differ


def test_rules_follow_what_a_difference_is(tmp_path: Path) -> None:
    base = knowledge(
        tmp_path, questions=[question("q.a", "scale")],
        causes=[cause("x", [rule("r", {"disagree": "q.a"})])],
    )  # fmt: skip

    def points(other: int) -> int:
        said = settled(base, answer(value=3), boss(value=other))
        found = infer(base, FactBase.of(said.facts), ReferenceExecutor())
        return found.causes["x", COMPANY].total.points

    assert points(4) == 0
    assert points(5) > 0


def test_who_said_what_is_told_in_words_of_both_languages(tmp_path: Path) -> None:
    lines = [
        line("crm.stage-mover", "head", "client_step"),
        line("crm.stage-mover", "seller-1", "before_report"),
        line("leads.rejected-share", "head", "15"),
        line("leads.rejected-share", "marketing", "45"),
        line("why.commodity", "head", "yes"),
        line("why.commodity", "boss", "no"),
    ]
    document = analysed(tmp_path, lines).document
    told = {
        row.question: shown.said
        for row, shown in zip(
            document.disagreements,
            differences(document, Words(document, "ru")),
            strict=True,
        )
    }
    anna = "Анна Петрова, руководитель отдела продаж"
    assert told["crm.stage-mover"] == [
        (anna, "Шаг клиента: состоявшаяся встреча, письмо, согласование"),
        ("менеджер\u00a01", "Сделки двигают разом, перед отчётом"),
    ]
    assert told["leads.rejected-share"] == [
        (anna, "15\u00a0%"), ("маркетинг", "45\u00a0%"),
    ]  # fmt: skip
    assert told["why.commodity"] == [
        ("boss, собственник", "нет"), (anna, "да"),
    ]  # fmt: skip
    shown = text(document, "en", 200)
    assert "Where the answers differ" in shown
    assert "boss, owner — no; Анна Петрова, head of sales — yes" in shown
    assert "руководитель отдела продаж — 15" in text(document, "ru", 200)
    assert "anna" not in shown


def test_evidence_is_for_the_consultant_alone(tmp_path: Path) -> None:
    shown = ', evidence: [price list of May, "call 17"], note: hurried'
    lines = [
        line("odc.deadline-exists", "head", "no", shown),
        "  - {question: odc.late-refused, by: head, state: not_applicable, "
        "reason: no deadlines}\n",
    ]
    document = analysed(tmp_path, lines).document
    row, other = document.answers
    assert row.evidence == ["price list of May", "call 17"]
    assert (row.note, row.reason) == ("hurried", "")
    assert (other.note, other.reason) == ("", "no deadlines")
    assert "evidence" not in other.model_dump()
    consultant = repr(edition_for(document, "en").report)
    assert "hurried; shown: price list of May; call 17" in consultant
    assert "not applicable (no deadlines; not counted" in consultant
    for audience in ("owner", "team"):
        edition = edition_for(document, "en", audience)  # type: ignore[arg-type]
        other_eyes = repr(edition.report)
        assert "price list" not in other_eyes


def test_a_role_without_a_name_in_texts_is_told_by_its_title(tmp_path: Path) -> None:
    base = knowledge(tmp_path, causes=[], questions=[question("q.a")])
    (row,) = settled(base, answer(value=True, by="x")).rows
    assert row.role == Text(en="text", ru="текст")
    (row,) = settled(base, answer(value=True)).rows
    assert (row.role, row.name) == (None, "Анна Петрова")
