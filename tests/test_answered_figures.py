"""Figures that only people can give: shown as said, never as measured."""

from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import TEXT, knowledge, metric, question

from salesdx.analysis import Analysis, analyse
from salesdx.answers.figures import with_said
from salesdx.case import init_case
from salesdx.facts import COMPANY, Fact, FactBase, Measurement, slice_of
from salesdx.knowledge.base import KnowledgeBase

QUESTIONS = [
    question("q.part", "number", unit="percent", ref=["Q-OWN-01"]),
    question("q.hours", "number", unit="hours", about="manager"),
    question("q.mood", "scale"),
    question("q.mall", "number", unit="count", applies_to=["b2c"]),
    *(question(f"q.{n}") for n in ("site", "mail", "phone")),
]
BARE: dict[str, Any] = {"needs": []}
METRICS = [
    metric("part", question="q.part", **BARE),
    metric("wait", unit="seconds", question="q.hours", grain=["manager"], **BARE),
    metric("mood", unit="score", question="q.mood", **BARE),
    metric("mall", unit="count", question="q.mall", **BARE),
    metric("joined", yes_of=["q.site", "q.mail", "q.phone"], **BARE),
    metric("either", question="q.part"),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("answered")
    return knowledge(folder, causes=[], questions=QUESTIONS, metrics=METRICS)


def shown(
    base: KnowledgeBase, *facts: Fact, measured: tuple[Measurement, ...] = ()
) -> dict[tuple[str, Any], Measurement]:
    rows = with_said(measured, FactBase.of(facts), base, "b2b")
    assert len({(m.metric, m.slice) for m in rows}) == len(rows)
    return {(m.metric, m.slice): m for m in rows}


def answer(name: str, value: Any, **more: Any) -> Fact:
    return Fact(name, value, **({"origin": "answer", "by": "owner"} | more))


def test_an_answer_is_the_figure_in_the_unit_of_the_figure(base: KnowledgeBase) -> None:
    about = slice_of(manager="M7")
    found = shown(
        base, answer("q.part", 60), answer("q.mood", 4),
        answer("q.hours", 1.5, slice=about),
    )  # fmt: skip
    part = found["part", COMPANY]
    assert (part.value, part.said_by, part.state) == (0.6, "owner", "ok")
    assert part.reason
    assert part.reason.en == "said, not measured"
    assert found["mood", COMPANY].value == 4
    assert found["wait", about].value == 5400
    assert found["wait", COMPANY].value is None


def test_who_was_not_asked_leaves_the_figure_unknown(base: KnowledgeBase) -> None:
    part = shown(base)["part", COMPANY]
    assert (part.value, part.state, part.said_by) == (None, "unknown", "")
    assert part.reason
    assert part.reason.en == f"only an answer can tell: “{TEXT['en']}” (Q-OWN-01)"
    unsure = shown(base, answer("q.part", None, dont_know=True))["part", COMPANY]
    assert unsure.reason
    assert unsure.reason.ru.startswith("спросили, но никто не знает")


def test_a_measured_figure_is_never_replaced(base: KnowledgeBase) -> None:
    known = Measurement("either", 0.25, n=40)
    unknown = Measurement("either", None, state="unknown", reason=None)
    said = answer("q.part", 60)
    assert shown(base, said, measured=(known,))["either", COMPANY] is known
    assert shown(base, said, measured=(unknown,))["either", COMPANY].value == 0.6
    # nobody asked: what the tables lack stays the reason
    assert shown(base, measured=(unknown,))["either", COMPANY] is unknown


def test_the_share_of_yes_leaves_out_what_does_not_apply(base: KnowledgeBase) -> None:
    off = answer("q.phone", None, not_applicable=True)
    found = shown(base, answer("q.site", True), answer("q.mail", False), off)
    joined = found["joined", COMPANY]
    assert (joined.value, joined.n, joined.said_by) == (0.5, 2, "owner")
    partly = shown(base, answer("q.site", True))["joined", COMPANY]
    assert partly.value is None  # two channels are not known
    assert shown(base, off)["joined", COMPANY].value is None


def test_what_is_not_asked_in_this_sales_model_is_said(base: KnowledgeBase) -> None:
    mall = shown(base, answer("q.mall", 1000))["mall", COMPANY]
    assert mall.value is None
    assert mall.reason
    assert mall.reason.en == "not asked in this sales model"


ANSWERS = """\
format: 1
respondents: {boss: {role: owner}}
answers:
  - {question: owner.operations-share, by: boss, value: 70}
  - {question: Q-OWN-12.vacancies, by: boss, value: 2}
  - {question: owner.processes-share, by: boss, state: dont_know}
  - {question: crm.site, by: boss, value: yes}
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder: Path = tmp_path_factory.mktemp("told")
    init_case(folder, "Acme")
    (folder / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
    return analyse(folder)


def test_the_document_says_who_gave_a_figure(told: Analysis) -> None:
    rows = {m.id: m for m in told.document.metrics if not m.slice and not m.period}
    share = rows["owner.operational-time-share"]
    assert (share.value, share.state, share.said_by) == (0.7, "ok", "boss")
    assert rows["vacancies.key-roles"].value == 2
    assert rows["processes.documented-share"].state == "unknown"
    assert all(m.said_by is None for m in told.document.metrics if m.value is None)


def test_the_document_names_the_question_that_would_supply_a_figure(
    told: Analysis,
) -> None:
    gaps = {n.id: n for n in told.document.not_checked}
    assert "owner.operational-time-share" not in gaps
    assert gaps["processes.documented-share"].supply.ru == (
        "Интервью: «Какая доля нужных процессов описана и соблюдается?»"
        " (Q-OWN-11.share)"
    )
    assert "nobody knows" in gaps["processes.documented-share"].reason.en
    # a table or, without it, the owner
    supply = gaps["product.margin"].supply.en
    assert "products.csv" in supply
    assert supply.endswith("(Q-PROD-03.percent)")
    joined = gaps["channels.integrated-share"]
    assert "Landing" not in joined.supply.en
    assert "Q-CRM-01" in joined.supply.en
    assert "Q-CRM-01" not in joined.reason.en  # answered already


def test_rules_read_the_answer_and_not_the_figure_it_becomes(told: Analysis) -> None:
    assert told.facts.fact("owner.operational-time-share").value is None
    assert told.facts.fact("owner.operations-share").value == 70
