"""How questionnaires stand: unknown is never in order, and figures beat claims."""

from pathlib import Path

import pytest
from knowledge_fixture import text_file

from salesdx.analysis import analyse
from salesdx.compare import compare
from salesdx.facts import Measurement
from salesdx.knowledge.load import load
from salesdx.result import Disagreement, ResultDocument, SaidBy, Subject
from salesdx.subjects import subjects

HEAD = "format: 1\nname: Acme\nas_of: 2026-06-30\nsales_model: b2b\n"
WHO = ("format: 1\nrespondents:\n  head: {role: head_of_sales}\n"
       "  seller: {role: seller}\nanswers:\n")  # fmt: skip
NO = ("ticket.responsible", "ticket.next-task", "ticket.lateness-control")


def said(question: str, value: str, by: str = "head") -> str:
    return f"  - {{question: {question}, by: {by}, {value}}}\n"


def asked(folder: Path, *answers: str) -> ResultDocument:
    text_file(folder, "company.yaml", HEAD)
    text_file(folder, "answers.yaml", WHO + "".join(answers))
    return analyse(folder, executor="reference", ask_next=False).document


def row(document: ResultDocument, name: str) -> Subject:
    return next(s for s in document.subjects if s.id == name)


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> ResultDocument:
    answers = [said(q, "value: no") for q in NO]
    answers += [
        said("ticket.unique-number", "value: yes"),
        said("ticket.automatic-task", "state: dont_know"),
        said("demo.adapted", "value: yes", "seller"),
        said("demo.instead-of-talks", "state: not_applicable, reason: no demos"),
    ]
    return asked(tmp_path_factory.mktemp("spring"), *answers)


def test_only_what_is_known_is_a_problem_or_in_order(spring: ResultDocument) -> None:
    found = row(spring, "tickets")
    assert set(found.problems) == set(NO)
    assert found.in_order == ["ticket.unique-number"]
    assert found.not_known == ["ticket.automatic-task"]
    assert (found.state, found.judged, found.asked) == ("judged", 4, 5)
    assert found.questions > found.asked


def test_few_answers_are_called_few_and_none_open(spring: ResultDocument) -> None:
    assert row(spring, "demo").state == "few"
    assert row(spring, "demo").questions == 3  # one of four does not apply
    assert row(spring, "offer").state == "open"


def test_without_answers_there_is_nothing_to_tell(tmp_path: Path) -> None:
    text_file(tmp_path, "company.yaml", HEAD)
    found = analyse(tmp_path, executor="reference", ask_next=False)
    assert found.document.subjects == []
    assert '"subjects"' not in found.document.to_json()


def test_a_measured_figure_beats_what_is_said(tmp_path: Path) -> None:
    text_file(tmp_path, "company.yaml", HEAD)
    answers = [said("bc.list", "value: yes", "seller"),
               said("bc.met-percent", "value: 100", "seller")]  # fmt: skip
    text_file(tmp_path, "answers.yaml", WHO + "".join(answers))
    found = analyse(tmp_path, executor="reference", ask_next=False)
    assert row(found.document, "buying-centre").in_order == [
        "bc.list",
        "bc.met-percent",
    ]
    knowledge = found.knowledge
    names = [knowledge.questions[i].metric or "" for i in ("bc.list", "bc.met-percent")]
    figures = [Measurement(name, 0.2) for name in names]
    title = knowledge.questions["bc.list"].title
    denied = Disagreement(
        question="bc.list", metric=names[0], title=title,
        values=[SaidBy(by="data", value=0.2)], effect=title,
    )  # fmt: skip
    told = subjects(
        knowledge, found.facts, figures, [denied], found.inference.case, "b2b"
    )
    turned = next(s for s in told if s.id == "buying-centre")
    assert set(turned.problems) == {"bc.list", "bc.met-percent"}


def test_two_runs_are_held_against_each_other_by_what_both_judged(
    spring: ResultDocument, tmp_path: Path
) -> None:
    autumn = asked(
        tmp_path, said(NO[0], "value: yes"), said(NO[1], "value: no"),
        said(NO[2], "state: refused"), said("ticket.unique-number", "value: no"),
        said("offer.one-audience", "value: yes"),
    )  # fmt: skip
    found = {s.id: s for s in compare(spring, autumn, load()).subjects}
    tickets = found["tickets"]
    assert (tickets.state, tickets.mended, tickets.broken) == (
        "changed", [NO[0]], ["ticket.unique-number"],
    )  # fmt: skip
    assert tickets.reason is not None and "in order now: “" in tickets.reason.en
    assert found["demo"].state == "not_comparable"  # not asked this time
    assert found["offer"].state == "new"
