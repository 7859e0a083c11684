"""Why, why not and what if: in words, and true when they are applied."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knowledge_fixture import TEXT, cause, knowledge, metric, question, rule, symptom

from salesdx.diagnosis import diagnose
from salesdx.errors import UsageError
from salesdx.explanation.bill import cause_row
from salesdx.explanation.what_if import metric_fact, parse_address, what_if
from salesdx.explanation.why import Why
from salesdx.explanation.why_not import WhyNot, why_not
from salesdx.explanation.wording import Wording
from salesdx.facts import COMPANY, Fact, FactBase, Slice, slice_of
from salesdx.inference.infer import Inference, infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.result import CauseRow

NAMES = [f"m{i}" for i in range(6)]
METRICS = [*(metric(n) for n in NAMES), metric("rate", grain=["manager"]),
           metric("wait", unit="days"), metric("sum", unit="money")]  # fmt: skip
OPTIONS = [{"code": "daily", "title": {"en": "every day", "ru": "каждый день"}},
           {"code": "never", "title": {"en": "never", "ru": "никогда"}}]  # fmt: skip
QUESTIONS = [
    question("q.yes"), question("q.often", "enum", options=OPTIONS),
    question("q.many", "multi", options=OPTIONS),
    question("q.share", "number", unit="percent"), question("q.text", "text"),
]  # fmt: skip
LOW = [{n: "< 0.5"} for n in NAMES]


def infer_(base: KnowledgeBase, facts: list[Fact]) -> Inference:
    return infer(base, FactBase.of(facts), ReferenceExecutor())


def judged(
    folder: Path, causes: list[Any], facts: list[Fact], **more: Any
) -> Inference:
    base = knowledge(
        folder, causes=causes, metrics=METRICS, questions=QUESTIONS, **more
    )
    return infer_(base, facts)


def asked(found: Inference, name: str = "x", where: Slice = COMPANY) -> WhyNot:
    words = Wording(found.case.knowledge, "RUB")
    return why_not(found.causes[name, where], found.case, words)


def row(found: Inference) -> CauseRow:
    words = Wording(found.case.knowledge, "RUB")
    (first, *_) = diagnose(found, [])
    return cause_row(first, found.case, words)


def test_the_bill_adds_up_and_shows_what_did_not_count(tmp_path: Path) -> None:
    rules = [
        rule("top", LOW[0]), rule("same", {"m0": "< 0.3"}, "moderate"),
        rule("more", LOW[1], "moderate"), rule("off", LOW[2]),
    ]  # fmt: skip
    against = [rule("but", {"q.yes": "yes"}, "slight")]
    found = row(judged(
        tmp_path, [cause("x", rules, against=against)],
        [Fact("m0", 0.1), Fact("m1", 0.1), Fact("m2", 0.9),
         Fact("q.yes", True, confidence=60, origin="answer", by="head")],
    ))  # fmt: skip
    assert [(e.rule, e.points, e.counted) for e in found.evidence] == [
        ("top", 40, 40), ("more", 10, 10), ("same", 10, 0), ("but", -3, -3),
    ]  # fmt: skip
    assert sum(e.counted for e in found.evidence) == found.points == 47
    assert found.evidence[-1].facts["q.yes"].by == "head"
    assert found.evidence[-1].facts["q.yes"].confidence == 60


def test_what_is_missing_is_a_figure_or_a_question_the_strongest_first(
    tmp_path: Path,
) -> None:
    rows = [symptom("inner", LOW[1]), symptom("outer", {"symptom": "inner"})]
    rules = [rule("r", {"symptom": "outer"}, "considerable"), rule("s", LOW[0]),
             rule("t", {"q.yes": "no"}, "slight")]  # fmt: skip
    found = row(judged(
        tmp_path, [cause("x", rules, gate=[LOW[2]], needs=["m3"])], [], symptoms=rows
    ))  # fmt: skip
    assert [(m.metric or m.question, m.could_add) for m in found.missing] == [
        ("m0", 40), ("m1", 20), ("q.yes", 5), ("m2", 0), ("m3", 0),
    ]  # fmt: skip


def test_checks_tell_what_holds_a_verdict_back(tmp_path: Path) -> None:
    found = row(judged(
        tmp_path,
        [cause("x", [rule("r", LOW[0], "moderate")], gate=[LOW[1]], unless=[LOW[2]],
               rules_out=[LOW[3]], explains=["harm"])],
        [Fact("m0", 0.1), Fact("m1", 0.9), Fact("m3", 0.9), Fact("m4", 0.9)],
        symptoms=[symptom("harm", LOW[4])],
    ))  # fmt: skip
    assert [(c.kind, c.state) for c in found.checks] == [
        ("gate", "false"), ("unless", "unknown"), ("rules_out", "false"),
        ("no_harm", "true"), ("two_groups", "false"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ru"])
def test_why_and_why_not_are_told_in_words(tmp_path: Path, language: Any) -> None:
    found = judged(
        tmp_path, [cause("x", [rule("r", LOW[0]), rule("s", LOW[1])], gate=[LOW[2]])],
        [Fact("m0", 0.1), Fact("m2", 0.9)],
    )  # fmt: skip
    why = Why(cause="x", rows=[row(found)]).text(language)
    assert "+40" in why
    assert {"en": "m0 = 10%", "ru": "m0 = 10\u00a0%"}[language] in why
    not_ = asked(found).text(language)
    assert "+40" in not_
    assert {"en": "unknown", "ru": "неизвестно"}[language] in not_
    assert "None" not in why + not_


def test_a_likely_cause_needs_nothing(tmp_path: Path) -> None:
    found = asked(judged(
        tmp_path, [cause("x", [rule("r", LOW[0], "decisive")])], [Fact("m0", 0.1)]
    ))  # fmt: skip
    assert (found.needed, found.enough, found.changes) == (0, True, [])
    assert "likely already" in found.text("en")


@pytest.mark.parametrize(
    ("condition", "english"),
    [
        ({"not": LOW[0]}, "not: text: below 50% (now 10%)"),
        ({"all": [LOW[0], LOW[1]]}, "text: below 50% (now 90%)"),
        ({"any": [{"all": [LOW[1], LOW[2]]}, LOW[3]]}, "text: below 50% (now unknown)"),
        ({"at_least": {"n": 2, "of": LOW[:3]}}, "text: below 50% (now 90%)"),
        ({"not": {"any": [LOW[0], LOW[1]]}}, "not: text: below 50% (now 10%)"),
        ({"known": "m3"}, "text: is known (now unknown)"),
    ],
)
def test_the_fewest_leaves_are_named(
    tmp_path: Path, condition: Any, english: str
) -> None:
    facts = [Fact("m0", 0.1), Fact("m1", 0.9), Fact("m2", 0.9)]
    found = judged(tmp_path, [cause("x", [rule("r", condition, "decisive")])], facts)
    (change,) = asked(found).changes
    assert change.text.en == english
    assert change.text.ru != english


def test_blocks_are_told_beside_the_points(tmp_path: Path) -> None:
    rules = [rule("r", LOW[0], "decisive")]
    found = asked(judged(
        tmp_path,
        [cause("x", rules, gate=[LOW[1]], unless=[LOW[0]], rules_out=[LOW[0]],
               explains=["harm"], needs=["m5"])],
        [Fact("m0", 0.1), Fact("m4", 0.9)], symptoms=[symptom("harm", LOW[4])],
    ))  # fmt: skip
    assert [b.kind for b in found.blocks] == [
        "gate", "unless", "rules_out", "no_harm", "needs",
    ]  # fmt: skip


def test_rivals_are_told_as_a_block(tmp_path: Path) -> None:
    rules = [rule("r", LOW[0], "decisive")]
    causes = [cause("x", rules, rivals=["y"]), cause("y", rules)]
    found = asked(judged(tmp_path, causes, [Fact("m0", 0.1)]))
    assert [(b.kind, b.text.en) for b in found.blocks] == [
        ("rival", "not told apart from: text")
    ]


def test_changes_that_cannot_suffice_say_so(tmp_path: Path) -> None:
    found = asked(judged(tmp_path, [cause("x", [rule("r", LOW[0])])], []))
    assert [c.gain for c in found.changes] == [40]
    assert not found.enough
    assert "not enough" in found.text("en")
    assert "не хватит" in found.text("ru")


WEIGHTS = st.sampled_from(["slight", "moderate", "considerable", "strong", "decisive"])
VALUES = st.sampled_from([None, 0.1, 0.9])


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    weights=st.lists(WEIGHTS, min_size=3, max_size=4), against=WEIGHTS,
    grouped=st.booleans(), values=st.lists(VALUES, min_size=6, max_size=6),
)  # fmt: skip
def test_the_changes_make_a_cause_likely_when_they_are_applied(
    tmp_path_factory: pytest.TempPathFactory, weights: list[str], against: str,
    grouped: bool, values: list[float | None],
) -> None:  # fmt: skip
    group = {"group": "g"} if grouped else {}
    rules = [
        rule(f"r{i}", LOW[i], w, **(group if i < 2 else {}))
        for i, w in enumerate(weights)
    ]
    no = [rule("r5", LOW[5], against)]
    facts = dict(zip(NAMES, values, strict=True))
    base = knowledge(
        tmp_path_factory.mktemp("kb"), causes=[cause("x", rules, against=no)],
        metrics=METRICS, questions=QUESTIONS,
    )  # fmt: skip
    found = asked(infer_(base, [Fact(n, v) for n, v in facts.items()]))
    points = found.points
    for change in found.changes:
        assert change.gain > 0
        facts[f"m{change.rule[1:]}"] = 0.1 if change.kind == "for" else 0.9  # type: ignore[index]
        points += change.gain
    after = infer_(base, [Fact(n, v) for n, v in facts.items()])
    outcome = after.causes["x", COMPANY]
    assert outcome.total.points == points
    assert (outcome.verdict == "likely") is found.enough


@pytest.mark.parametrize(("a", "b"), [*product([None, 0.1, 0.9], repeat=2)])
def test_what_if_agrees_with_a_full_run(
    tmp_path: Path, a: float | None, b: float | None
) -> None:
    causes = [cause("x", [rule("r", LOW[0]), rule("s", LOW[1])]),
              cause("y", [rule("t", {"cause": "x"})])]  # fmt: skip
    before = judged(tmp_path, causes, [Fact("m0", 0.1), Fact("m1", a)])
    change = [Fact("m1", b)]
    changed = before.case.facts.with_facts(change)
    said = what_if(before, ReferenceExecutor(), change, changed, None)
    after = infer(before.case.knowledge, changed, ReferenceExecutor())
    moved = {
        (m.cause, m.before, m.points_before, m.after, m.points_after)
        for m in said.moved
    }
    assert moved == {
        (i, o.verdict, o.total.points, after.causes[i, w].verdict,
         after.causes[i, w].total.points)
        for (i, w), o in before.causes.items()
        if (o.verdict, o.total.points)
        != (after.causes[i, w].verdict, after.causes[i, w].total.points)
    }  # fmt: skip
    assert said.text("en").startswith("If m1 = ")
    assert said.text("ru").startswith("Если m1 = ")


@pytest.mark.parametrize(
    ("address", "found"),
    [("m0", ("m0", COMPANY)), ("rate@manager:M7", ("rate", slice_of(manager="M7")))],
)
def test_an_address_names_a_place(
    tmp_path: Path, address: str, found: tuple[str, Slice]
) -> None:
    base = judged(tmp_path, [cause("x", [rule("r", LOW[0])])], []).case.knowledge
    assert parse_address(base, address) == found


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("rat", "did you mean 'rate'?"),
        ("rate@manager", "write NAME@DIMENSION:VALUE"),
        ("rate@segment:S1", "rate has no values by 'segment': manager"),
        ("m0@manager:M7", "the company only"),
    ],
)
def test_a_place_that_nothing_reads_is_refused(
    tmp_path: Path, address: str, says: str
) -> None:
    base = judged(tmp_path, [cause("x", [rule("r", LOW[0])])], []).case.knowledge
    with pytest.raises(UsageError, match=says):
        parse_address(base, address)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.2", 0.2), ("20%", 0.2), ("0,5", 0.5), ("-3", -3.0), ("unknown", None)],
)
def test_a_supposed_figure_is_a_number_or_unknown(
    text: str, value: float | None
) -> None:
    assert metric_fact("m0", COMPANY, text).value == value


@pytest.mark.parametrize("text", ["nan", "inf", "-1e999", "", "many", "%"])
def test_a_supposed_figure_is_never_something_else(text: str) -> None:
    with pytest.raises(UsageError, match="is a figure"):
        metric_fact("m0", COMPANY, text)


@pytest.mark.parametrize(
    ("name", "value", "english", "russian"),
    [
        ("m0", 0.125, "12.5%", "12,5\u00a0%"),
        ("m0", None, "unknown", "неизвестно"),
        ("wait", 3.0, "3\u00a0days", "3\u00a0дн."),
        ("sum", 1500.0, "₽1,500", "1\u00a0500\u00a0₽"),
        ("q.share", 40, "40\u00a0%", "40\u00a0%"),
        ("q.yes", True, "yes", "да"),
        ("q.yes", False, "no", "нет"),
        ("q.often", "daily", "every day", "каждый день"),
        ("q.many", ("daily", "never"), "every day, never", "каждый день, никогда"),
        ("q.many", (), "none", "ничего"),
        ("q.text", "fast", "“fast”", "«fast»"),
        ("gap:rate", "noise", "within noise", "в пределах случайного"),
    ],
)
def test_values_are_written_as_people_write_them(
    tmp_path: Path, name: str, value: Any, english: str, russian: str
) -> None:
    base = judged(tmp_path, [cause("x", [rule("r", LOW[0])])], []).case.knowledge
    words = Wording(base, "RUB")
    assert words.words(name, value, "en") == english
    assert words.words(name, value, "ru") == russian


def test_placeholders_read_the_slice_and_the_companys_own_threshold(
    tmp_path: Path,
) -> None:
    mark = {"id": "mark.low", "value": 0.2, "unit": "ratio", "title": TEXT,
            "applies_to": TEXT, "source": {"seed": "1"}, "grade": "E1",
            "date": "2026-01-01"}  # fmt: skip
    base = knowledge(
        tmp_path, causes=[cause("x", [rule("r", LOW[0])])], metrics=METRICS,
        questions=QUESTIONS, benchmarks=[mark],
    )  # fmt: skip
    facts = FactBase.of([Fact("rate", 0.1, slice_of(manager="M7"))])
    found = infer(base, facts, ReferenceExecutor(), benchmarks={"mark.low": 0.3})
    text = Text(en="{slice}: {rate} of {mark.low}, {m0}", ru="{slice}: {rate}")
    filled = Wording(base, "RUB").fill(text, found.case.at(slice_of(manager="M7")))
    assert filled.en == "M7: 10% of 30%, unknown"
    assert filled.ru == "M7: 10\u00a0%"
