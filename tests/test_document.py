"""From a case folder to the document: steady to the byte, and true to what changes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import text_file

from salesdx.analysis import Analysis, analyse
from salesdx.errors import DataError, UsageError
from salesdx.language import LANGUAGES, Language
from salesdx.result import ResultDocument

pytestmark = pytest.mark.usefixtures("measured_once")
COMPANY = "format: 1\nname: Acme\nsales_model: b2b\n"
ROWS = "\n".join(
    f"d{i},2025-{1 + i % 9:02}-{1 + i % 27:02},{('won', 'lost', 'lost')[i % 3]},"
    f"2025-{2 + i % 9:02}-{1 + i % 27:02},m{i % 4},{(i % 7 + 1) * 1000}"
    for i in range(120)
)
DEALS = f"deal_id,entered_at,status,closed_at,manager,amount\n{ROWS}\n"
ANSWERS = """\
  - {question: Q-AM-04, by: head, value: yes}
  - {question: Q-AM-02, by: seller, value: no}
  - {question: Q-AM-02, by: head, value: yes}
  - {question: Q-DEMO-01, by: head, value: yes, confidence: guess}
  - {question: Q-MON-01, by: head, value: no}
"""
WHO = (
    "format: 1\nrespondents:\n  head: {role: head_of_sales}\n  seller: {role: seller}\n"
)


def case(folder: Path, answers: str = ANSWERS, *, data: bool = True) -> Path:
    text_file(folder, "company.yaml", COMPANY)
    if answers:
        text_file(folder, "answers.yaml", f"{WHO}answers:\n{answers}")
    if data:
        text_file(folder, "data/deals.csv", DEALS)
    return folder


def analysed(folder: Path, **more: Any) -> Analysis:
    return analyse(folder, executor="reference", **more)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return analysed(case(tmp_path_factory.mktemp("case")))


PRINT = """\
import sys
from pathlib import Path
from salesdx.analysis import analyse
found = analyse(Path(sys.argv[1]), executor="reference").document
sys.stdout.buffer.write(found.to_json().encode())
"""


def test_the_document_is_the_same_to_the_byte_in_any_surroundings(
    acme: Analysis,
) -> None:
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Vladivostok", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "C.utf8"},
    ]
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT, str(acme.case.path)],
            env={**os.environ, **around}, stdout=subprocess.PIPE,
        )
        for around in surroundings
    ]  # fmt: skip
    printed = [run.communicate()[0].decode() for run in runs]
    here = acme.document.to_json()
    assert printed == [here, here]


def test_the_order_of_rows_never_matters(tmp_path: Path, acme: Analysis) -> None:
    folder = case(tmp_path)
    head, *rows = DEALS.strip().split("\n")
    text_file(folder, "data/deals.csv", "\n".join([head, *reversed(rows)]))
    assert analysed(folder).document == acme.document


def test_both_executors_tell_the_same(acme: Analysis) -> None:
    pytest.importorskip("durable_rules_engine")
    one = acme.document.model_dump(exclude={"engine"})
    other = analyse(acme.case.path, executor="durable").document
    assert other.engine.executor == "durable"
    assert other.model_dump(exclude={"engine"}) == one


def test_the_document_is_read_back_as_it_was(acme: Analysis) -> None:
    found = acme.document
    text = found.to_json()
    assert ResultDocument.model_validate(json.loads(text)) == found
    assert text.endswith("}\n")
    assert "\\u" not in text


def test_nothing_at_all_is_not_enough_and_no_error(tmp_path: Path) -> None:
    found = analysed(case(tmp_path, "", data=False)).document
    assert found.summary.state == "not_enough_data"
    assert found.summary.coverage == 0
    assert found.summary.loss is None
    assert found.summary.top_causes == []
    assert found.plan == []
    assert {c.verdict for c in found.causes} <= {"open", "cannot_judge"}
    assert all(m.value is None for m in found.metrics)


@pytest.mark.parametrize(("answers", "data"), [(ANSWERS, False), ("", True)])
def test_answers_alone_and_data_alone_are_judged(
    tmp_path: Path, answers: str, data: bool
) -> None:
    found = analysed(case(tmp_path, answers, data=data)).document
    assert 0 < found.summary.coverage < 1
    assert any(c.points for c in found.causes)


def test_disagreements_are_told(tmp_path: Path) -> None:
    (row,) = analysed(case(tmp_path, data=False)).document.disagreements
    assert {(v.by, v.value) for v in row.values} == {("head", True), ("seller", False)}


def test_a_metric_stands_once_a_slice(acme: Analysis) -> None:
    rows = acme.document.metrics
    keys = [(r.id, tuple(r.slice.items()), r.period) for r in rows]
    assert len(keys) == len(set(keys))


def test_a_misspelt_threshold_is_told(tmp_path: Path) -> None:
    folder = case(tmp_path, "")
    text_file(folder, "company.yaml", COMPANY + "benchmarks: {mark.goood: 4}\n")
    with pytest.raises(DataError, match=r"no benchmark 'mark.goood' \(did you mean"):
        analysed(folder)


def test_an_overlay_is_named_in_the_document(tmp_path: Path) -> None:
    own = tmp_path / "own"
    text_file(own, "benchmarks/own.yaml", "format: 1\nbenchmarks: []\n")
    plain = analysed(case(tmp_path / "acme", data=False))
    layered = analysed(tmp_path / "acme", overlays=[own])
    assert layered.document.knowledge.overlays == ["own"]
    assert layered.document.knowledge.hash != plain.document.knowledge.hash


def picture(found: Analysis) -> dict[Any, Any]:
    return {k: (o.verdict, o.total.points) for k, o in found.inference.causes.items()}


CLOSING = """\
  - {question: odc.final-argument, by: head, value: yes}
  - {question: odc.argument-value, by: seller, value: 2}
  - {question: odc.deadline-exists, by: head, value: yes}
"""


@pytest.mark.parametrize(
    ("question", "value", "by"),
    [
        ("odc.final-argument", "no", "head"),  # argument-value stops applying
        ("odc.argument-value", "5", "seller"),
        ("odc.deadline-exists", "no", "head"),
    ],
)
def test_what_if_agrees_with_a_full_run_over_changed_answers(
    tmp_path: Path, question: str, value: str, by: str
) -> None:
    before = analysed(case(tmp_path / "before", CLOSING, data=False))
    changed = f"  - {{question: {question}, by: {by}, value: {value}}}\n"
    after = analysed(case(tmp_path / "after", CLOSING + changed, data=False))
    said = before.what_if({question: value})
    old, new = picture(before), picture(after)
    assert said.moved
    assert {
        (m.cause, tuple(m.slice.items())): (m.after, m.points_after) for m in said.moved
    } == {k: v for k, v in new.items() if old.get(k) != v}


def test_what_if_over_a_figure(acme: Analysis) -> None:
    said = acme.what_if({"response.off-hours-answered-share": "0%"})
    assert said.changes == {"response.off-hours-answered-share": "0.0"}
    assert said.moved
    assert acme.what_if({"response.off-hours-answered-share": "unknown"}).moved == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"conversion.rwa": "1"}, "did you mean 'conversion.raw'"),
        ({"conversion.raw": "nan"}, "is a figure"),
        ({"am.role-change": "maybe"}, "yes or no"),
        ({"am.role-change@manager:m1": "no"}, "the company only"),
    ],
)
def test_what_if_refuses_what_means_nothing(
    acme: Analysis, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        acme.what_if(changes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_owner_reads_plain_sentences(acme: Analysis, language: Language) -> None:
    """No id of a figure, question or rule, no points, no word of the workshop."""
    words = re.compile(r"\b(gate|slice|leaf|points of|балл\w*)\b|\b(E[1-3]|EX)\b")
    known = [*acme.knowledge.metrics, *acme.knowledge.questions]
    for cause in acme.knowledge.causes.values():
        text = acme.why(cause.id).text(language, "owner")
        ids = [r.id for r in cause.rules if "-" in r.id]
        assert [n for n in [*known, *ids] if f" {n}" in text or f"({n}" in text] == []
        assert not words.search(text), (cause.id, words.search(text))


def test_a_cause_that_is_not_there_is_told(acme: Analysis) -> None:
    with pytest.raises(UsageError, match=r"no cause 'imature-deals' .*immature"):
        acme.why("imature-deals")
    assert acme.why("immature-deals").rows
    for cause in list(acme.knowledge.causes)[::5]:  # a search each: some suffice
        for answer in acme.why_not(cause):
            assert answer.text("en")
            assert answer.text("ru")
