"""Which questions to ask: modes, resuming, who, per slice, and what is most telling."""

from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import cause, knowledge, metric, question, rule, symptom

from salesdx.answers.log import Answer, AnswerLog
from salesdx.company import Respondent
from salesdx.diagnosis import diagnose
from salesdx.facts import Fact, FactBase
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.interview.agenda import agenda
from salesdx.interview.telling import MOST, OF_ONE_CAUSE, next_questions
from salesdx.knowledge.base import KnowledgeBase

QUESTIONS = [
    question("q.core", core=True, who=["head", "seller"]),
    question("q.head"),
    question("q.seller", who=["seller"], core=True),
    question("q.if-core", relevant_if={"q.core": "yes"}),
    question("q.b2c", applies_to=["b2c"]),
    question("q.own", about="manager", who=["head", "seller"]),
]
VALUES = {"manager": ["M1", "M2"]}
PEOPLE = {"anna": Respondent(role="seller", manager="M1"), "h": Respondent(role="head")}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return knowledge(tmp_path_factory.mktemp("kb"), causes=[], questions=QUESTIONS)


def answer(name: str, by: str = "h", state: str = "answered", **where: str) -> Answer:
    return Answer(
        question=name, by=by, role=PEOPLE[by].role, state=state, confidence=100,
        value=False if state == "answered" else None, about=tuple(where.items()),
        agreed=False, note="",
    )  # fmt: skip


def asked(
    base: KnowledgeBase, *said: Answer, facts: list[Fact] | None = None, **more: Any
) -> list[tuple[str, str]]:
    options: dict[str, Any] = {
        "role": None, "by": None, "mode": "full", "sales_model": "b2b",
        "values": VALUES,
    }  # fmt: skip
    rows = agenda(
        base, AnswerLog(respondents=PEOPLE, answers=said), FactBase.of(facts or []),
        **(options | more),
    )  # fmt: skip
    return [(a.question.id, ",".join(v for _, v in a.about)) for a in rows]


def names(rows: list[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for name, _ in rows))


def test_full_asks_all_that_apply_in_order(base: KnowledgeBase) -> None:
    assert names(asked(base)) == [
        "q.core", "q.head", "q.seller", "q.if-core", "q.own",
    ]  # fmt: skip


def test_quick_asks_the_core(base: KnowledgeBase) -> None:
    assert names(asked(base, mode="quick")) == ["q.core", "q.seller"]


def test_guided_asks_the_most_telling_first_and_each_once(base: KnowledgeBase) -> None:
    rows = asked(base, mode="guided", first=["q.seller", "q.head", "q.seller", "gone"])
    assert names(rows)[:3] == ["q.seller", "q.head", "q.core"]
    assert len(rows) == len(set(rows)) == 6


def test_only_the_role_is_asked(base: KnowledgeBase) -> None:
    assert names(asked(base, role="seller")) == ["q.core", "q.seller", "q.own"]


def test_an_interview_resumes_where_it_stopped(base: KnowledgeBase) -> None:
    rows = asked(base, answer("q.core"), answer("q.head"), by="h", role="head")
    assert names(rows) == ["q.if-core", "q.own"]


def test_what_was_put_off_is_asked_again(base: KnowledgeBase) -> None:
    rows = asked(base, answer("q.core", state="later"), by="h")
    assert "q.core" in names(rows)


@pytest.mark.parametrize("state", ["dont_know", "refused"])
def test_who_said_so_is_not_asked_again(base: KnowledgeBase, state: str) -> None:
    assert "q.core" not in names(asked(base, answer("q.core", state=state), by="h"))


def test_another_respondent_is_asked_all_the_same(base: KnowledgeBase) -> None:
    assert "q.core" in names(asked(base, answer("q.core", "h"), by="anna"))
    assert "q.core" not in names(asked(base, answer("q.core", "h"), by=None))


@pytest.mark.parametrize(("value", "expected"), [(True, 1), (None, 1), (False, 0)])
def test_what_does_not_apply_is_not_asked(
    base: KnowledgeBase, value: bool | None, expected: int
) -> None:
    rows = asked(base, facts=[Fact("q.core", value, origin="answer")])
    assert names(rows).count("q.if-core") == expected


def test_the_head_is_asked_about_every_seller_and_a_seller_about_himself(
    base: KnowledgeBase,
) -> None:
    assert [w for n, w in asked(base, by="h") if n == "q.own"] == ["M1", "M2"]
    assert [w for n, w in asked(base, by="anna") if n == "q.own"] == ["M1"]
    rows = asked(base, answer("q.own", manager="M1"), by="h")
    assert [w for n, w in rows if n == "q.own"] == ["M2"]


def telling(
    folder: Path, causes: list[Any], facts: list[Fact], log: AnswerLog | None = None,
    **more: Any,
) -> list[tuple[str, int]]:  # fmt: skip
    known = knowledge(
        folder, causes=causes, questions=more.pop("questions", QUESTIONS),
        metrics=[metric("a"), metric("b")], **more,
    )  # fmt: skip
    found = infer(known, FactBase.of(facts), ReferenceExecutor())
    rows = next_questions(diagnose(found, []), found.case, log or AnswerLog(), "b2b")
    for row in rows:
        assert row.why.en
        assert row.why.ru
    return [(r.question, r.value) for r in rows]


POSSIBLE = rule("r", {"a": "< 0.5"})


def test_what_could_settle_a_possible_cause_comes_first(tmp_path: Path) -> None:
    rows = telling(
        tmp_path,
        [cause("x", [POSSIBLE, rule("s", {"q.head": "no"}, "moderate"),
                     rule("t", {"q.core": "no"}, "strong")]),
         cause("y", [rule("u", {"q.seller": "no"}, "decisive")])],
        [Fact("a", 0.1)],
    )  # fmt: skip
    assert rows == [("q.core", 100), ("q.head", 18)]  # beside the best; y is no matter


def test_an_answered_question_is_no_next_question(tmp_path: Path) -> None:
    log = AnswerLog(respondents=PEOPLE, answers=(answer("q.core", state="dont_know"),))
    causes = [cause("x", [POSSIBLE, rule("s", {"q.core": "no"})])]
    assert telling(tmp_path, causes, [Fact("a", 0.1)], log) == []


def test_questions_inside_symptoms_and_gates_count(tmp_path: Path) -> None:
    causes = [
        cause(
            "x", [POSSIBLE, rule("s", {"symptom": "low"})], gate=[{"symptom": "told"}]
        )
    ]
    symptoms = [
        symptom("low", {"all": [{"b": "< 0.5"}, {"q.head": "no"}]}),
        symptom("told", {"q.core": "yes"}, kind="check"),
    ]
    facts = [Fact("a", 0.1), Fact("b", 0.1)]
    rows = telling(tmp_path, causes, facts, symptoms=symptoms)
    assert {name for name, _ in rows} == {"q.head", "q.core"}
    # without the figure that must stand beside it, no answer settles anything
    assert telling(tmp_path, causes, facts[:1], symptoms=symptoms) == []


def test_what_does_not_apply_is_no_next_question(tmp_path: Path) -> None:
    causes = [cause("x", [POSSIBLE, rule("s", {"q.b2c": "no"}),
                          rule("t", {"q.if-core": "no"})])]  # fmt: skip
    facts = [Fact("a", 0.1), Fact("q.core", False, origin="answer")]
    assert telling(tmp_path, causes, facts) == []


def test_no_more_questions_than_people_can_bear(tmp_path: Path) -> None:
    many = [question(f"q.n{i:02}") for i in range(20)]
    rules = [rule(f"r{i}", {q["id"]: "no"}, "slight") for i, q in enumerate(many)]
    rows = telling(
        tmp_path, [cause("x", [POSSIBLE, *rules])], [Fact("a", 0.1)], questions=many
    )
    assert [n for n, _ in rows] == [f"q.n{i:02}" for i in range(OF_ONE_CAUSE)]


def test_questions_that_bear_on_several_causes_come_up_to_the_limit(
    tmp_path: Path,
) -> None:
    many = [question(f"q.n{i:02}") for i in range(20)]
    rules = [rule(f"r{i}", {q["id"]: "no"}, "slight") for i, q in enumerate(many)]
    rows = telling(
        tmp_path,
        [cause("x", [POSSIBLE, *rules]), cause("y", [POSSIBLE, *rules])],
        [Fact("a", 0.1)],
        questions=many,
    )
    assert [n for n, _ in rows] == [f"q.n{i:02}" for i in range(MOST)]
