"""Answers: addresses, values, whose answer counts, what applies, the log on disk."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knowledge_fixture import TEXT, cause, knowledge, metric, question, rule, text_file

from salesdx.answers.addresses import Unresolved, resolve
from salesdx.answers.facts import Said, settle
from salesdx.answers.file import AnswerEntry, append
from salesdx.answers.log import load
from salesdx.answers.relevance import active, applies, conditions
from salesdx.answers.values import BadValue, read_value
from salesdx.company import Respondent
from salesdx.errors import EXIT_DATA, DataError
from salesdx.facts import COMPANY, Fact, FactBase, Measurement, slice_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import QuestionEntry
from salesdx.metrics.data import Data
from salesdx.metrics.registry import Metric, compute

OPTIONS = [{"code": c, "title": TEXT} for c in ("daily", "weekly", "30", "no")]
WHO = ["head", "seller"]
QUESTIONS = [
    question("q.plain", who=WHO, ref=["Q-A-01"]),
    question("q.whole", ref=["Q-A-02"]),
    question("q.date", "date", ref=["Q-A-02"], part="date"),
    question("q.first", ref=["Q-A-03"]),
    question("q.second", ref=["Q-A-03"]),
    question("q.enum", "enum", options=OPTIONS),
    question("q.multi", "multi", options=OPTIONS),
    question("q.scale", "scale"),
    question("q.ten", "scale", min=0, max=10),
    question("q.number", "number"),
    question("q.percent", "number", unit="percent", metric="share", who=WHO),
    question("q.days", "number", min=0, max=365),
    question("q.hours", "number", unit="hours", metric="days"),
    question("q.habit", metric="share"),
    question("q.fault", metric="fault"),
    question("q.even", metric="even"),
    question("q.often", metric="days"),
    question("q.text", "text"),
    question("q.own", "scale", about="manager", who=WHO),
    question("q.stage", about="stage"),
    question("q.more", relevant_if={"q.plain": "yes"}),
    question("q.deeper", relevant_if={"q.more": "yes"}),
    question("q.b2c", applies_to=["b2c"]),
    question("q.after-b2c", relevant_if={"q.b2c": "yes"}),
]
RESPONDENTS = {
    "head": Respondent(role="head"),
    "anna": Respondent(role="seller", manager="M1"),
    "boris": Respondent(role="seller", manager="M2"),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return knowledge(
        tmp_path_factory.mktemp("kb"), questions=QUESTIONS,
        metrics=[
            metric("share"), metric("fault", direction="down"),
            metric("even", direction="none"), metric("days", unit="days", type="mean"),
        ], causes=[cause("x", [rule("r", {"q.plain": "no"})])],
    )  # fmt: skip


def asked(base: KnowledgeBase, name: str) -> QuestionEntry:
    return base.questions[name]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("q.plain", "q.plain"), ("Q-A-01", "q.plain"), ("Q-A-02", "q.whole"),
        ("Q-A-02.date", "q.date"),
    ],
)  # fmt: skip
def test_a_question_is_addressed_by_id_ref_or_part(
    base: KnowledgeBase, address: str, found: str
) -> None:
    question_ = resolve(address, base.questions)
    assert isinstance(question_, QuestionEntry)
    assert question_.id == found


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("Q-A-03", "fits several questions: q.first, q.second"),
        ("q.plan", "did you mean 'q.plain'?"),
        ("Q-A-02.time", "no question"),
        ("", "no question"),
    ],
)
def test_an_address_of_none_or_several_is_refused(
    base: KnowledgeBase, address: str, says: str
) -> None:
    found = resolve(address, base.questions)
    assert isinstance(found, Unresolved)
    assert says in found.message + found.hint


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("q.plain", "yes", True), ("q.plain", True, True), ("q.plain", "Нет", False),
        ("q.plain", 0, False), ("q.enum", "daily", "daily"), ("q.enum", 30, "30"),
        ("q.enum", "no", "no"), ("q.multi", [], ()),
        ("q.multi", ["30", "daily", "daily"], ("daily", "30")),
        ("q.scale", 3, 3), ("q.scale", "5", 5), ("q.ten", 0, 0),
        ("q.number", "1 234,5", 1234.5), ("q.number", 2.0, 2), ("q.number", -3, -3),
        ("q.percent", 100, 100), ("q.date", "2026-06-30", "2026-06-30"),
        ("q.text", 12, "12"),
    ],
)  # fmt: skip
def test_a_value_is_read_by_the_type_of_its_question(
    base: KnowledgeBase, name: str, given: Any, value: Any
) -> None:
    found = read_value(asked(base, name), given)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("q.plain", "maybe", "yes or no"), ("q.plain", None, "no value"),
        ("q.enum", "hourly", "daily, weekly, 30, no"), ("q.multi", "daily", "a list"),
        ("q.multi", ["hourly"], "no option 'hourly'"), ("q.scale", 6, "outside 1 … 5"),
        ("q.scale", 2.5, "not a whole number"), ("q.ten", 11, "outside 0 … 10"),
        ("q.percent", 101, "outside 0 … 100"), ("q.days", -1, "outside 0 … 365"),
        ("q.number", "nan", "is a number"), ("q.number", "1e999", "is a number"),
        ("q.number", True, "is a number"), ("q.number", "12:30", "is a number"),
        ("q.date", "30.06.2026", "is a date"), ("q.date", "2026-02-30", "is a date"),
    ],
)  # fmt: skip
def test_a_value_that_answers_nothing_is_refused_with_what_would(
    base: KnowledgeBase, name: str, given: Any, says: str
) -> None:
    found = read_value(asked(base, name), given)
    assert isinstance(found, BadValue)
    assert says in f"{found.message} {found.hint}"


def said(
    base: KnowledgeBase,
    folder: Path,
    answers: str,
    measured: dict[Any, Measurement] | None = None,
) -> Said:
    path = text_file(folder, "answers.yaml", "format: 1\nanswers:\n" + answers)
    return settle(load(path, base, RESPONDENTS), base, measured)


def fact(found: Said, name: str, **where: str) -> Fact:
    return FactBase.of(found.facts).fact(name, slice_of(**where))


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n", "format: 1\n"])
def test_no_answers_are_fine(
    base: KnowledgeBase, tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "answers.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    log = load(path, base, RESPONDENTS)
    assert log.answers == ()
    assert set(log.respondents) == set(RESPONDENTS)


BAD = """\
format: 1
respondents:
  carl: {role: headd}
answers:
  - {question: Q-A-03, by: head, value: yes}
  - {question: q.plain, by: nobody, value: yes}
  - {question: q.plain, by: head, value: maybe}
  - {question: q.plain, by: head}
  - {question: q.plain, by: head, state: not_applicable}
  - {question: q.plain, by: head, value: yes, about: {manager: M1}}
  - {question: q.own, by: head, value: 3, about: {stage: meeting}}
"""


def test_all_faults_are_told_at_once_with_their_lines(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    path = text_file(tmp_path, "answers.yaml", BAD)
    with pytest.raises(DataError) as raised:
        load(path, base, RESPONDENTS)
    assert raised.value.exit_code == EXIT_DATA
    found = [(p.line, p.code) for p in raised.value.problems]
    assert found == [
        (3, "unknown-role"), (5, "unknown-question"), (6, "unknown-respondent"),
        (7, "bad-value"), (8, "bad-value"), (9, "no-reason"), (10, "about"),
        (11, "about"),
    ]  # fmt: skip
    assert "did you mean 'head'?" in str(raised.value)


def test_a_role_of_company_yaml_is_checked_too(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    people = {"carl": Respondent(role="headd")}
    path = text_file(tmp_path, "answers.yaml", "format: 1\n")
    with pytest.raises(DataError, match=r"company.yaml unknown-role .*'head'"):
        load(path, base, people)


def test_a_misspelt_key_is_a_located_fault(base: KnowledgeBase, tmp_path: Path) -> None:
    text = "format: 1\nanswers:\n  - {question: q.plain, by: head, vlaue: yes}\n"
    with pytest.raises(DataError, match=r"3:35 schema unknown key .*'value'"):
        load(text_file(tmp_path, "answers.yaml", text), base, RESPONDENTS)


def test_a_role_may_answer_without_being_introduced(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    found = said(base, tmp_path, "  - {question: q.plain, by: owner, value: yes}\n")
    assert fact(found, "q.plain").value is True


@pytest.mark.parametrize(
    ("confidence", "points"), [("sure", 100), ("unsure", 60), ("guess", 30)]
)
def test_confidence_is_in_percent(
    base: KnowledgeBase, tmp_path: Path, confidence: str, points: int
) -> None:
    line = f"  - {{question: q.plain, by: head, value: no, confidence: {confidence}}}\n"
    assert fact(said(base, tmp_path, line), "q.plain").confidence == points


@pytest.mark.parametrize("state", ["dont_know", "refused", "later"])
def test_other_states_are_unknown_never_no(
    base: KnowledgeBase, tmp_path: Path, state: str
) -> None:
    line = f"  - {{question: q.plain, by: head, state: {state}}}\n"
    found = said(base, tmp_path, line)
    assert fact(found, "q.plain").value is None
    assert fact(found, "q.plain").dont_know is (state == "dont_know")
    assert [r.state for r in found.rows] == ([] if state == "later" else [state])


def test_not_applicable_needs_a_reason_and_is_kept(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    line = (
        "  - {question: q.plain, by: head, state: not_applicable, reason: no tenders}\n"
    )
    found = said(base, tmp_path, line)
    assert fact(found, "q.plain").value is None
    assert (found.rows[0].note, found.rows[0].reason) == ("", "no tenders")


def test_the_last_answer_of_a_respondent_counts(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    found = said(
        base,
        tmp_path,
        """\
  - {question: q.plain, by: head, value: yes}
  - {question: Q-A-01, by: head, value: no}
""",
    )
    assert fact(found, "q.plain").value is False
    assert len(found.rows) == 1
    assert found.disagreements == ()


def test_an_answer_about_one_slice_leaves_the_others(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    found = said(
        base,
        tmp_path,
        """\
  - {question: q.own, by: head, value: 2, about: {manager: M1}}
  - {question: q.own, by: head, value: 4, about: {manager: M2}}
""",
    )
    assert fact(found, "q.own", manager="M1").value == 2
    assert fact(found, "q.own", manager="M2").value == 4


def test_a_seller_answers_self_questions_about_himself(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    found = said(base, tmp_path, "  - {question: q.own, by: anna, value: 2}\n")
    assert fact(found, "q.own", manager="M1").value == 2


@pytest.mark.parametrize(
    ("second", "value", "confidence", "disagree"),
    [(2, 2, 60, False), (4, None, 30, True)],
)  # fmt: skip
def test_the_company_hears_what_all_slices_say_alike(
    base: KnowledgeBase, tmp_path: Path, second: int, value: int | None,
    confidence: int, disagree: bool,
) -> None:  # fmt: skip
    sure = "unsure" if second == 2 else "guess"
    found = said(
        base,
        tmp_path,
        f"""\
  - {{question: q.own, by: anna, value: 2}}
  - {{question: q.own, by: boris, value: {second}, confidence: {sure}}}
""",
    )
    whole = fact(found, "q.own")
    assert (whole.value, whole.confidence, whole.disagree) == (
        value, confidence, disagree,
    )  # fmt: skip


DIFFER = """\
  - {question: q.plain, by: anna, value: no}
  - {question: q.plain, by: head, value: yes}
"""


def test_the_first_role_of_who_wins_as_unsure_with_a_row(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    found = said(base, tmp_path, DIFFER)
    counted = fact(found, "q.plain")
    assert (counted.value, counted.by, counted.confidence) == (True, "head", 60)
    assert counted.disagree
    (row,) = found.disagreements
    assert [(v.by, v.value) for v in row.values] == [("head", True), ("anna", False)]
    assert row.effect.en
    assert row.effect.ru


def test_an_agreed_answer_wins_and_is_sure(base: KnowledgeBase, tmp_path: Path) -> None:
    agreed = DIFFER.replace("value: no", "value: no, agreed: true")
    counted = fact(said(base, tmp_path, agreed), "q.plain")
    assert (counted.value, counted.by, counted.confidence) == (False, "anna", 100)
    assert not counted.disagree


def test_who_gives_a_value_wins_over_who_does_not_know(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    found = said(
        base,
        tmp_path,
        """\
  - {question: q.plain, by: head, state: dont_know}
  - {question: q.plain, by: anna, value: no}
""",
    )
    counted = fact(found, "q.plain")
    assert (counted.value, counted.confidence, counted.dont_know) == (False, 100, False)
    assert found.disagreements == ()


def test_the_order_of_respondents_never_matters(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    lines = DIFFER.splitlines(keepends=True)
    there = said(base, tmp_path / "a", "".join(lines))
    back = said(base, tmp_path / "b", "".join(reversed(lines)))
    assert there == back


@pytest.mark.parametrize(
    ("claimed", "differs"),
    [(24, False), (20, False), (30, False), (60, True), (5, True)],
)  # fmt: skip
def test_a_claim_is_held_against_the_measured_figure(
    base: KnowledgeBase, tmp_path: Path, claimed: int, differs: bool
) -> None:
    figure = Measurement("share", 0.25, interval=(0.2, 0.3))
    line = f"  - {{question: q.percent, by: head, value: {claimed}}}\n"
    found = said(base, tmp_path, line, {("share", COMPANY): figure})
    counted = fact(found, "q.percent")
    assert counted.value == claimed
    assert counted.disagree is differs
    assert counted.confidence == (60 if differs else 100)
    if differs:
        (row,) = found.disagreements
        assert row.metric == "share"
        assert [(v.by, v.value) for v in row.values] == [
            ("head", claimed / 100), ("data", 0.25),
        ]  # fmt: skip


def test_an_unknown_figure_contradicts_nobody(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    figure = Measurement("share", None, state="unknown")
    line = "  - {question: q.percent, by: head, value: 60}\n"
    assert said(base, tmp_path, line, {("share", COMPANY): figure}).disagreements == ()


@pytest.mark.parametrize(
    ("name", "claim", "metric_id", "interval", "differs"),
    [
        ("q.habit", "yes", "share", (0.3, 0.49), True),
        ("q.habit", "yes", "share", (0.3, 0.51), False),
        ("q.habit", "yes", "share", (0.6, 0.7), False),
        ("q.habit", "no", "share", (0.6, 0.7), False),
        ("q.habit", "no", "share", (0.79, 0.95), False),
        ("q.habit", "no", "share", (0.81, 0.95), True),
        ("q.fault", "no", "fault", (0.51, 0.6), True),
        ("q.fault", "no", "fault", (0.2, 0.4), False),
        ("q.fault", "yes", "fault", (0.05, 0.19), True),
        ("q.fault", "yes", "fault", (0.05, 0.21), False),
        ("q.even", "yes", "even", (0.0, 0.1), False),
        ("q.often", "no", "days", (0.9, 0.95), False),
    ],
)
def test_a_yes_or_no_is_denied_only_by_a_share_that_leaves_no_doubt(
    base: KnowledgeBase, tmp_path: Path, name: str, claim: str, metric_id: str,
    interval: tuple[float, float], differs: bool,
) -> None:  # fmt: skip
    figure = Measurement(metric_id, sum(interval) / 2, interval=interval)
    line = f"  - {{question: {name}, by: head, value: {claim}}}\n"
    found = said(base, tmp_path, line, {(metric_id, COMPANY): figure})
    counted = fact(found, name)
    assert (counted.value, counted.disagree) == (claim == "yes", differs)
    assert counted.confidence == (60 if differs else 100)
    shown = [(v.by, v.value) for row in found.disagreements for v in row.values]
    said_and_measured = [("head", claim == "yes"), ("data", figure.value)]
    assert shown == (said_and_measured if differs else [])


@pytest.mark.parametrize(("hours", "differs"), [(48, False), (57, False), (72, True)])
def test_a_claim_is_compared_in_the_unit_of_the_figure(
    base: KnowledgeBase, tmp_path: Path, hours: int, differs: bool
) -> None:
    figure = Measurement("days", 2.0)
    line = f"  - {{question: q.hours, by: head, value: {hours}}}\n"
    rows = said(base, tmp_path, line, {("days", COMPANY): figure}).disagreements
    values = [[v.value for v in row.values] for row in rows]
    assert values == ([[3.0, 2.0]] if differs else [])


def test_a_figure_too_thin_to_judge_denies_nobody(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    figure = Measurement("share", 0.25, state="insufficient")
    line = "  - {question: q.percent, by: head, value: 60}\n"
    assert said(base, tmp_path, line, {("share", COMPANY): figure}).disagreements == ()


def relevance(base: KnowledgeBase, name: str, **facts: bool | None) -> Any:
    known = FactBase.of([Fact(f"q.{n}", v, origin="answer") for n, v in facts.items()])
    return applies(asked(base, name), known, base, conditions(base), "b2b")


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        ("q.plain", {}, True),
        ("q.more", {}, None),
        ("q.more", {"plain": True}, True),
        ("q.more", {"plain": False}, False),
        ("q.deeper", {"plain": True}, None),
        ("q.deeper", {"plain": False}, False),
        ("q.b2c", {}, False),
        ("q.after-b2c", {}, False),
    ],
)
def test_relevance_is_unknown_only_while_it_can_still_be_learnt(
    base: KnowledgeBase, name: str, facts: dict[str, bool], expected: bool | None
) -> None:
    assert relevance(base, name, **facts) is expected


def test_questions_that_wait_for_each_other_do_not_hang(tmp_path: Path) -> None:
    rows = [question("q.a", relevant_if={"q.b": "yes"}),
            question("q.b", relevant_if={"q.a": "yes"})]  # fmt: skip
    both = knowledge(tmp_path, causes=[], questions=rows)
    assert relevance(both, "q.a") is None


def test_an_answer_that_does_not_apply_is_kept_and_not_read(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    found = said(
        base,
        tmp_path,
        """\
  - {question: q.plain, by: head, value: no}
  - {question: q.more, by: head, value: yes}
  - {question: q.deeper, by: head, value: yes}
  - {question: q.b2c, by: head, value: yes}
""",
    )
    read = active(FactBase.of(found.facts), base, "b2b")
    assert [f.name for f in read.values()] == ["q.plain"]
    assert len(found.rows) == 4


def entry(**more: Any) -> AnswerEntry:
    return AnswerEntry(**({"question": "q.text", "by": "head"} | more))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_written_is_read_again(
    base: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "round-trip.yaml"
    path.unlink(missing_ok=True)
    append(path, entry(value=text, note=text, agreed=True), Respondent(role="head"))
    (answer,) = load(path, base, {}).answers
    assert (answer.value, answer.note) == (text, text)


@pytest.mark.parametrize("text", ["1.5e5", "no", "12:30", "010", "~", "9" * 30, "- a"])
def test_words_that_look_like_something_else_stay_words(
    base: KnowledgeBase, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "answers.yaml"
    append(path, entry(value=text, note=text))
    (answer,) = load(path, base, RESPONDENTS).answers
    assert (answer.value, answer.note) == (text, text)


def test_answers_are_added_after_what_is_there(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    path = text_file(tmp_path, "answers.yaml", "format: 1\nanswers:\n" + DIFFER)
    path.chmod(0o640)
    append(path, entry(question="q.plain", value=False), Respondent(role="head"))
    log = load(path, base, RESPONDENTS)
    assert [(a.by, a.value) for a in log.answers] == [
        ("anna", False), ("head", True), ("head", False),
    ]  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_crash_leaves_the_old_file_whole(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = text_file(tmp_path, "answers.yaml", "format: 1\nanswers:\n" + DIFFER)
    before = path.read_bytes()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(step, killed)
        with pytest.raises(KeyboardInterrupt):
            append(path, entry(value="new"))
    assert path.read_bytes() == before
    append(path, entry(value="new"))
    assert len(load(path, base, RESPONDENTS).answers) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["answers.yaml"]


def test_what_a_killed_process_leaves_behind_is_not_read(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    path = text_file(tmp_path, "answers.yaml", "format: 1\nanswers:\n" + DIFFER)
    (tmp_path / "tmpabc.tmp").write_text("format: 1\nansw", encoding="utf-8")
    assert len(load(path, base, RESPONDENTS).answers) == 2


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    path = text_file(tmp_path, "answers.yaml", "format: 1\nanswers: [\n")
    with pytest.raises(DataError):
        append(path, entry(value="new"))
    assert path.read_text(encoding="utf-8") == "format: 1\nanswers: [\n"


@pytest.mark.parametrize("ways", [("deals", "leads"), ("leads", "deals")])
def test_a_figure_with_two_ways_is_unknown_once_or_not_at_all(
    ways: tuple[str, str],
) -> None:
    class Nothing(Data):
        def __init__(self) -> None:
            pass

        def has(self, table: str, *columns: str) -> bool:
            return table == "deals"

    def give(found: list[Measurement]) -> list[Metric]:
        return [Metric(("share", "more"), (w,), lambda _: found) for w in ways]

    none = compute(Nothing(), give([]))
    assert [(m.metric, m.state) for m in none] == [
        ("share", "unknown"), ("more", "unknown"),
    ]  # fmt: skip
    some = compute(Nothing(), give([Measurement("share", 0.5)]))
    assert [(m.metric, m.value) for m in some] == [("share", 0.5), ("more", None)]
