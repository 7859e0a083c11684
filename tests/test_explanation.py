"""Why, why not and what if: in words, and true when they are applied."""

import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knowledge_fixture import TEXT, cause, knowledge, metric, question, rule, symptom

from salesdx.diagnosis import diagnose
from salesdx.errors import UsageError
from salesdx.explanation.account import Account, account
from salesdx.explanation.bill import cause_row
from salesdx.explanation.what_if import metric_fact, parse_address, what_if
from salesdx.explanation.why import Why
from salesdx.explanation.why_not import WhyNot, why_not
from salesdx.explanation.wording import Wording, both
from salesdx.facts import COMPANY, Fact, FactBase, Slice, slice_of
from salesdx.inference.infer import Inference, infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.inference.verdicts import CauseOutcome
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import LANGUAGES, Text
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
    base, facts = found.case.knowledge, found.case.facts

    def replay(changes: Sequence[Fact]) -> CauseOutcome:
        again = infer(base, facts.with_facts(changes), ReferenceExecutor())
        return again.causes[name, where]

    words = Wording(base, "RUB")
    return why_not(found.causes[name, where], found, words, replay)


def told(found: Inference, name: str = "x", where: Slice = COMPANY) -> Account:
    words = Wording(found.case.knowledge, "RUB", {"head": both("Ann", "Анна")})
    return account(found.causes[name, where], found, words)


def ways(answer: WhyNot) -> set[frozenset[str]]:
    """The names that each way changes."""
    return {frozenset(c.name for c in w.changes) for w in answer.ways}


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
    why = Why(cause="x", rows=[row(found)], accounts=[told(found)]).text(language)
    assert "+40" in why
    assert {
        "en": "text: 10%; threshold: below 50% (data; m0)",
        "ru": "текст: 10\u00a0%; порог: ниже 50\u00a0% (данные; m0)",
    }[language] in why
    assert {"en": "✗ text: below 50% — not so", "ru": "✗ текст: ниже 50"}[
        language
    ] in why
    not_ = asked(found).text(language)
    assert {"en": "look up: text", "ru": "выяснить: текст"}[language] in not_
    assert {
        "en": "would have to differ: text: below 50% (now: 90%",
        "ru": "должно стать иначе: текст: ниже 50",
    }[language] in not_
    assert "None" not in why + not_


def test_the_account_says_what_a_line_was_overshadowed_by(tmp_path: Path) -> None:
    rules = [
        rule("top", LOW[0]), rule("same", {"m0": "< 0.3"}, "moderate"),
        *(rule(f"s{i}", {f"q.n{i}": "no"}, "considerable") for i in range(2)),
    ]  # fmt: skip
    more = [question(f"q.n{i}") for i in range(2)]
    base = knowledge(
        tmp_path, causes=[cause("x", rules)], metrics=METRICS, questions=more
    )
    facts = [Fact("m0", 0.1)]
    facts += [Fact(f"q.n{i}", False, origin="answer", by="head") for i in range(2)]
    lines = {x.rule: x for x in told(infer_(base, facts)).lines}
    assert (lines["same"].under, lines["same"].capped) == ("top", False)
    assert (lines["s1"].under, lines["s1"].capped) == (None, True)
    assert lines["s0"].values[0].by.ru == "Анна"


def test_requirements_are_told_as_what_has_to_be_so(tmp_path: Path) -> None:
    """An objection stands as its opposite, so that ✓ is always good."""
    found = told(judged(
        tmp_path,
        [cause("x", [rule("r", LOW[0])], gate=[LOW[1]],
               unless=[{"not": {"symptom": "fit"}}, LOW[3]],
               rules_out=[{"q.yes": "yes"}])],
        [Fact("m0", 0.1), Fact("m2", 0.9), Fact("m3", 0.9),
         Fact("q.yes", True, origin="answer", by="head")],
        symptoms=[symptom("fit", LOW[2], kind="check")],
    ))  # fmt: skip
    assert [(r.kind, r.state, r.text.en) for r in found.requirements] == [
        ("gate", "unknown", "text: below 50%"), ("unless", "false", "text"),
        ("unless", "true", "text: at least 50%"), ("rules_out", "false", "text: no"),
    ]  # fmt: skip
    assert [v.text.en for v in found.requirements[1].values] == [
        "text: 90%; threshold: below 50%"
    ]
    assert any("text: 90%" in x.en for x in found.lacks)


def test_rivals_are_told_with_what_separates_them(tmp_path: Path) -> None:
    own = [rule("r", LOW[0], "decisive"), rule("d", LOW[1], discriminates=["y"])]
    causes = [
        cause("x", own, rivals=["y"]),
        cause("y", [rule("r", LOW[0], "decisive")]),
    ]
    close = told(judged(tmp_path / "a", causes, [Fact("m0", 0.1)]))
    assert [(r.cause, r.verdict, r.apart, r.by) for r in close.rivals] == [
        ("y", "possible", 0, [])
    ]
    assert any("tell it from" in x.en for x in close.lacks)
    apart = told(judged(tmp_path / "b", causes, [Fact("m0", 0.1), Fact("m1", 0.1)]))
    assert [(r.apart, r.by) for r in apart.rivals] == [(40, ["d"])]
    assert apart.lacks == []


def test_the_owner_reads_no_codes_and_no_points(tmp_path: Path) -> None:
    rules = [
        rule("r-1", LOW[0]),
        rule("s-1", LOW[1]),
        rule("t-1", {"q.often": "never"}),
    ]
    against = [rule("u-1", {"q.yes": "yes"}, "slight")]
    found = judged(
        tmp_path, [cause("x-1", rules, against=against, gate=[LOW[2]])],
        [Fact("m0", 0.1), Fact("q.yes", True, origin="answer", by="head")],
    )  # fmt: skip
    why = Why(cause="x-1", rows=[], accounts=[told(found, "x-1")])
    not_ = asked(found, "x-1")
    changed = found.case.facts.with_facts([Fact("m1", 0.1)])
    after = infer(found.case.knowledge, changed, ReferenceExecutor())
    said = what_if(found, after, [Fact("m1", 0.1)], Wording(found.case.knowledge, ""))
    code = re.compile(r"[rstux]-1|\bm\d|q\.|[-+]\d|points|балл|E1|gate|slice")
    for language in LANGUAGES:
        for text in (why, not_, said):
            assert not code.search(text.text(language, "owner"))
        assert code.search(why.text(language) + not_.text(language))


def test_a_likely_cause_needs_nothing(tmp_path: Path) -> None:
    found = asked(judged(
        tmp_path, [cause("x", [rule("r", LOW[0], "decisive")])], [Fact("m0", 0.1)]
    ))  # fmt: skip
    assert (found.needed, found.size, found.ways) == (0, 0, [])
    assert "likely already" in found.text("en")


@pytest.mark.parametrize(
    ("condition", "english"),
    [
        ({"not": LOW[0]}, ["text: at least 50% (now: 10%; m0)"]),
        ({"all": [LOW[0], LOW[1]]}, ["text: below 50% (now: 90%; m1)"]),
        ({"any": [{"all": [LOW[1], LOW[2]]}, LOW[3]]},
         ["look up: text: below 50% (from the data: “Deals”; m3)"]),
        ({"at_least": {"n": 2, "of": LOW[:3]}},
         ["text: below 50% (now: 90%; m1)", "text: below 50% (now: 90%; m2)"]),
        ({"not": {"any": [LOW[0], LOW[1]]}}, ["text: at least 50% (now: 10%; m0)"]),
    ],
)  # fmt: skip
def test_the_fewest_facts_are_named(
    tmp_path: Path, condition: Any, english: list[str]
) -> None:
    facts = [Fact("m0", 0.1), Fact("m1", 0.9), Fact("m2", 0.9)]
    found = judged(tmp_path, [cause("x", [rule("r", condition, "decisive")])], facts)
    answer = asked(found)
    assert (answer.size, answer.proved) == (1, True)
    for line in english:
        assert line in answer.text("en")
    assert len(answer.ways) == answer.sets == len(english)


def test_what_is_not_known_comes_before_what_would_have_to_differ(
    tmp_path: Path,
) -> None:
    rules = [rule("r", LOW[0], "decisive"), rule("s", LOW[1], "decisive")]
    answer = asked(judged(tmp_path, [cause("x", rules)], [Fact("m0", 0.9)]))
    assert [[c.unknown for c in w.changes] for w in answer.ways] == [[True], [False]]
    assert answer.look_up == []


def test_more_to_look_up_is_told_where_less_would_have_to_differ(
    tmp_path: Path,
) -> None:
    rules = [rule("r", LOW[0], "decisive"), rule("s", LOW[1]), rule("t", LOW[2])]
    answer = asked(judged(tmp_path, [cause("x", rules)], [Fact("m0", 0.9)]))
    assert ways(answer) == {frozenset({"m0"})}
    (found,) = answer.look_up
    assert {c.name for c in found.changes} == {"m1", "m2"}


def test_gates_harm_and_objections_are_changes_too(tmp_path: Path) -> None:
    rules = [rule("r", LOW[0], "decisive")]
    answer = asked(judged(
        tmp_path,
        [cause("x", rules, gate=[LOW[1]], unless=[LOW[2]], explains=["harm"])],
        [Fact("m0", 0.1), Fact("m1", 0.9), Fact("m2", 0.1), Fact("m4", 0.9)],
        symptoms=[symptom("harm", LOW[4])],
    ))  # fmt: skip
    assert ways(answer) == {frozenset({"m1", "m2", "m4"})}
    assert answer.proved


def test_a_rival_is_set_apart_by_a_change(tmp_path: Path) -> None:
    own = [rule("r", LOW[0], "decisive"), rule("d", LOW[1], discriminates=["y"])]
    causes = [
        cause("x", own, rivals=["y"]),
        cause("y", [rule("r", LOW[0], "decisive")]),
    ]
    answer = asked(judged(tmp_path, causes, [Fact("m0", 0.1)]))
    assert ways(answer) == {frozenset({"m1"})}


def test_a_change_is_tried_where_the_rule_reads_it(tmp_path: Path) -> None:
    """On a slice for a rule that runs on slices."""
    rules = [rule("r", {"rate": "< 0.5"}, "decisive", for_each="manager")]
    facts = [Fact("rate", 0.9, slice_of(manager=m)) for m in ("M1", "M2")]
    answer = asked(judged(tmp_path / "two", [cause("x", rules)], facts))
    (change,) = answer.ways[0].changes
    assert (change.name, change.slice) == ("rate", {"manager": "M1"})
    assert "(manager M1)" in change.text.en
    harm = symptom("harm", {"rate": "< 0.5"}, for_each="manager")
    read = [rule("r", {"symptom": "harm"}, "decisive")]
    answer = asked(judged(
        tmp_path / "harm", [cause("x", read)], facts, symptoms=[harm]
    ))  # fmt: skip
    assert (answer.size, answer.proved, len(answer.ways)) == (1, True, 1)


def test_what_another_slice_might_have_done_is_not_ruled_out(tmp_path: Path) -> None:
    """M2 needs one change, M1 two: it is M1 that is tried, and no proof is claimed."""
    low = {"all": [{"rate": "< 0.5"}, {"pace": "< 0.5"}]}
    harm = symptom("harm", low, for_each="manager")
    base = knowledge(
        tmp_path, causes=[cause("x", [rule("r", {"symptom": "harm"}, "decisive")])],
        metrics=[*METRICS, metric("pace", grain=["manager"])], symptoms=[harm],
    )  # fmt: skip
    where = [slice_of(manager=m) for m in ("M1", "M2")]
    facts = [Fact("rate", 0.9, where[0]), Fact("pace", 0.9, where[0]),
             Fact("rate", 0.9, where[1]), Fact("pace", 0.1, where[1])]  # fmt: skip
    answer = asked(infer_(base, facts))
    assert (answer.size, answer.proved) == (2, False)


def test_more_than_three_changes_are_found_step_by_step(tmp_path: Path) -> None:
    many = {"at_least": {"n": 5, "of": LOW}}
    answer = asked(judged(tmp_path, [cause("x", [rule("r", many, "decisive")])], []))
    assert (answer.size, answer.proved) == (5, False)
    assert "5 changes together (none of them can be left out)" in answer.text("en")
    assert "5 изменений сразу" in answer.text("ru")


def test_changes_that_cannot_suffice_say_so(tmp_path: Path) -> None:
    found = asked(judged(tmp_path, [cause("x", [rule("r", LOW[0])])], []))
    assert found.ways == []
    assert "40 of 42 at most" in found.text("en")
    assert "не больше 40 из 42" in found.text("ru")


WEIGHTS = st.sampled_from(["slight", "moderate", "considerable", "strong", "decisive"])
VALUES = st.sampled_from([None, 0.1, 0.9])


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    weights=st.lists(WEIGHTS, min_size=3, max_size=4), against=WEIGHTS,
    grouped=st.booleans(), values=st.lists(VALUES, min_size=6, max_size=6),
    gated=st.booleans(),
)  # fmt: skip
def test_no_smaller_set_of_changes_makes_a_cause_likely(
    tmp_path_factory: pytest.TempPathFactory, weights: list[str], against: str,
    grouped: bool, values: list[float | None], gated: bool,
) -> None:  # fmt: skip
    """Held against every set of values there is: low or high, for each figure."""
    group = {"group": "g"} if grouped else {}
    rules = [
        rule(f"r{i}", LOW[i], w, **(group if i < 2 else {}))
        for i, w in enumerate(weights)
    ]
    no = [rule("r5", {"all": [LOW[5], LOW[4]]}, against)]
    base = knowledge(
        tmp_path_factory.mktemp("kb"), metrics=METRICS, questions=QUESTIONS,
        causes=[cause("x", rules, against=no, gate=[LOW[4]] if gated else [])],
    )  # fmt: skip
    now = dict(zip(NAMES, values, strict=True))

    def likely(facts: dict[str, float | None]) -> bool:
        after = infer_(base, [Fact(n, v) for n, v in facts.items()])
        return after.causes["x", COMPANY].verdict == "likely"

    answer = asked(infer_(base, [Fact(n, v) for n, v in now.items()]))
    if answer.verdict == "likely":
        return
    least = min(
        (
            sum(a is not None and a != now[n] for n, a in zip(NAMES, then, strict=True))
            for then in product([None, 0.1, 0.9], repeat=6)
            if likely(now | {n: a for n, a in zip(NAMES, then, strict=True) if a})
        ),
        default=0,
    )
    assert answer.size == least if least <= 3 else answer.size >= least
    for way in answer.ways:
        assert likely(now | {c.name: c.value for c in way.changes})


@pytest.mark.parametrize(("a", "b"), [*product([None, 0.1, 0.9], repeat=2)])
def test_what_if_agrees_with_a_full_run(
    tmp_path: Path, a: float | None, b: float | None
) -> None:
    causes = [cause("x", [rule("r", LOW[0]), rule("s", LOW[1])]),
              cause("y", [rule("t", {"cause": "x"})])]  # fmt: skip
    before = judged(tmp_path, causes, [Fact("m0", 0.1), Fact("m1", a)])
    change = [Fact("m1", b)]
    changed = before.case.facts.with_facts(change)
    after = infer(before.case.knowledge, changed, ReferenceExecutor())
    said = what_if(before, after, change, Wording(before.case.knowledge, "RUB"))
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
    assert said.text("en").startswith("If text: ")
    assert said.text("ru").startswith("Если текст: ")


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
        ("gap:rate", "noise", "no more than chance", "не больше случайного"),
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
