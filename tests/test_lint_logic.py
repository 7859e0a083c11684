"""The linter's proofs: never true, never false, one rule needless beside another."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knowledge_fixture import (
    TEXT,
    cause,
    knowledge,
    metric,
    question,
    rule,
    symptom,
)

from salesdx.content import Document
from salesdx.facts import Fact
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, evaluate
from salesdx.knowledge.grammar import Parser
from salesdx.workbench.findings import Finding
from salesdx.workbench.logic import logic_findings
from salesdx.workbench.logic_implies import Logic
from salesdx.workbench.logic_written import written

SCOPED = {"sales_model": "b2b"}
SOURCE = {"source": {"seed": "1"}, "grade": "EX", "date": "2026-01"}


def mark(name: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "id": name, "value": value, "unit": "ratio", "title": TEXT,
        "applies_to": TEXT, **SOURCE, **more,
    }  # fmt: skip


CODES = [{"code": c, "title": TEXT} for c in ("a", "b", "c")]
PARTS: dict[str, Any] = {
    "metrics": [
        metric("m", grain=["manager"]),
        metric("change", type="ratio"),
        metric("deals", type="count", unit="count"),
    ],
    "questions": [
        question("y"), question("z"),
        question("s", "scale"), question("n", "number", min=0, max=50),
        question("e", "enum", options=CODES), question("c", "multi", options=CODES),
        question("t", "text"),
    ],
    "benchmarks": [
        mark("low", 0.2, variants=[{"value": 0.3, "scope": SCOPED, **SOURCE}]),
        mark("high", 0.5), mark("b2b-only", 0.2, scope=SCOPED),
    ],
    "symptoms": [
        symptom("weak", {"any": [{"m": "< low"}, {"y": "yes"}]}),
        symptom("each", {"m": "< low"}, for_each="manager"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return knowledge(tmp_path_factory.mktemp("kb"), causes=[], **PARTS)


@pytest.fixture(scope="module")
def logic(base: KnowledgeBase) -> Logic:
    return Logic(base)


def parsed(base: KnowledgeBase, data: Any) -> Node:
    parser = Parser(base.vocabulary, Document("", {}, {}))
    node = parser.parse(data, ())
    assert node is not None, parser.problems
    return node


IMPOSSIBLE = [
    {"m": "< 0"}, {"m": "> 1"}, {"deals": "< 0"}, {"s": "> 5"},
    {"s": {"between": [1.2, 1.8]}}, {"n": ">= 60"},
    {"all": [{"m": "< 0.1"}, {"m": "> 0.2"}]},
    {"all": [{"e": "a"}, {"e": "b"}]}, {"all": [{"e": ["a", "b"]}, {"e": "c"}]},
    {"all": [{"y": "yes"}, {"y": "no"}]}, {"all": [{"known": "y"}, {"unknown": "y"}]},
    {"all": [{"dont_know": "y"}, {"y": "no"}]}, {"c": {"count": "> 3"}},
    {"all": [{"c": {"includes": "a"}}, {"c": {"count": "== 0"}}]},
    {"m": {"between": ["high", "low"]}}, {"m": {"between": ["high", 0.4]}},
    {"all": [{"t": {"banal": "yes"}}, {"t": {"banal": "no"}}]},
    {"all": [{"symptom": "weak"}, {"m": "> high"}, {"y": "no"}]},
    {"at_least": {"n": 2, "of": [{"y": "yes"}, {"y": "no"}, {"m": "> 1"}]}},
    {"dont_know": "m"}, {"disagree": "gap:m"},
    {"all": [{"gap": "m"}, {"not": {"gap": "m"}}]},
    {"not": {"any": [{"m": "> 0.1"}, {"m": "< 0.5"}]}},
]  # fmt: skip
POSSIBLE = [
    {"change": "< 0"}, {"change": ">= high"}, {"m": "<= 0"}, {"m": ">= 1"},
    {"s": "> 4"},
    {"all": [{"c": {"includes": "a"}}, {"c": {"includes": "b"}}]},
    {"all": [{"m": "> 0.25"}, {"m": "< low"}]},  # in b2b the threshold is 0.3
    {"all": [{"m": "<= 0.2"}, {"m": ">= 0.2"}]}, {"disagree": "y"},
    {"all": [{"symptom": "weak"}, {"m": "> high"}]},
    {"all": [{"symptom": "each"}, {"m": "> high"}]},  # some manager, and the company
]  # fmt: skip


@pytest.mark.parametrize("data", IMPOSSIBLE, ids=str)
def test_never_true(base: KnowledgeBase, logic: Logic, data: Any) -> None:
    assert logic.impossible(parsed(base, data))


@pytest.mark.parametrize("data", POSSIBLE, ids=str)
def test_may_be_true(base: KnowledgeBase, logic: Logic, data: Any) -> None:
    assert not logic.impossible(parsed(base, data))


def test_on_one_slice_the_symptom_and_the_figure_exclude_each_other(
    base: KnowledgeBase, logic: Logic
) -> None:
    node = parsed(base, {"all": [{"symptom": "each"}, {"m": "> high"}]})
    assert logic.impossible(node, "manager")


ALWAYS = [
    {"deals": ">= 0"}, {"m": "<= 1"}, {"e": ["a", "b", "c"]}, {"s": ">= 1"},
    {"any": [{"y": "yes"}, {"not": {"y": "yes"}}]},
    {"any": [{"y": "yes"}, {"y": "no"}]},
    {"not": {"all": [{"m": "< 0.1"}, {"m": "> 0.2"}]}}, {"c": {"count": "<= 3"}},
    {"any": [{"known": "y"}, {"unknown": "y"}]}, {"m": {"between": [0, 1]}},
]  # fmt: skip


@pytest.mark.parametrize("data", ALWAYS, ids=str)
def test_true_whenever_known(base: KnowledgeBase, logic: Logic, data: Any) -> None:
    assert logic.always(parsed(base, data))


@pytest.mark.parametrize(
    "data", [{"change": ">= 0"}, {"e": ["a", "b"]}, {"known": "y"}, {"n": ">= 1"}]
)
def test_not_always_true(base: KnowledgeBase, logic: Logic, data: Any) -> None:
    assert not logic.always(parsed(base, data))


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ({"m": "< 0.1"}, {"m": "< 0.2"}, True),
        ({"m": "< 0.2"}, {"m": "< 0.1"}, False),
        ({"m": "< 0.1"}, {"m": "< low"}, True),
        ({"m": "< 0.1"}, {"m": "< b2b-only"}, False),  # b2c has no such threshold
        ({"m": "< low"}, {"m": "< high"}, True),
        ({"m": "< low"}, {"symptom": "weak"}, True),
        ({"y": "yes"}, {"symptom": "weak"}, True),
        ({"symptom": "weak"}, {"y": "yes"}, False),
        ({"y": "yes"}, {"known": "symptom:weak"}, True),
        ({"y": "no"}, {"known": "symptom:weak"}, False),  # the figure may be unknown
        ({"m": "< 0.1"}, {"known": "m"}, True),
        ({"known": "m"}, {"m": ">= 0"}, True),
        ({"s": "> 4"}, {"s": "== 5"}, True),
        ({"n": "> 4"}, {"n": ">= 5"}, False),
        ({"c": {"count": ">= 3"}}, {"c": {"includes": "b"}}, True),
        ({"y": "yes"}, {"z": "yes"}, False),
    ],
    ids=str,
)
def test_one_follows_from_another(
    base: KnowledgeBase, logic: Logic, narrow: Any, wide: Any, expected: bool
) -> None:
    assert logic.implies(parsed(base, narrow), parsed(base, wide)) is expected


def test_what_would_take_too_long_is_not_claimed(tmp_path: Path) -> None:
    names = [f"q{i}" for i in range(20)]
    base = knowledge(tmp_path, causes=[], questions=[question(n) for n in names])
    half = {"at_least": {"n": 10, "of": [{n: "yes"} for n in names]}}
    more = {"at_least": {"n": 11, "of": [{n: "no"} for n in names]}}
    assert not Logic(base).impossible(parsed(base, {"all": [half, more]}))


# --- against every case of a few small names -------------------------------------

M = (None, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 1.0)
Y = (
    Fact("y", None), Fact("y", None, dont_know=True), Fact("y", True), Fact("y", False),
    Fact("y", True, disagree=True), Fact("y", False, disagree=True),
    Fact("y", None, disagree=True), Fact("y", None, dont_know=True, disagree=True),
)  # fmt: skip
S = (None, 1, 2, 3, 4, 5)
LOW = (0.2, 0.3)


@dataclass(frozen=True)
class Told:
    """One world; the symptom is what its condition makes of the facts."""

    base: KnowledgeBase
    facts: dict[str, Fact]
    marks: dict[str, float]

    def read(self, name: str) -> Fact:
        if name == "symptom:weak":
            inside = evaluate(self.base.symptoms["weak"].node, self)
            return Fact(name, inside.state)
        return self.facts[name]

    def benchmark(self, name: str) -> float:
        return self.marks[name]


def worlds(base: KnowledgeBase) -> Iterator[Told]:
    for m, y, s, low in product(M, Y, S, LOW):
        facts = {"m": Fact("m", m), "y": y, "s": Fact("s", s)}
        yield Told(base, facts, {"low": low})


@pytest.fixture(scope="module")
def every(base: KnowledgeBase) -> list[Told]:
    return list(worlds(base))


LEAVES = st.sampled_from([
    *({"m": f"{op} {x}"} for op in ("<", "<=", ">", ">=") for x in (0, 0.1, "low", 1)),
    {"m": {"between": [0.1, "low"]}}, {"known": "m"}, {"unknown": "m"},
    {"y": "yes"}, {"y": "no"}, {"y": "!= yes"}, {"known": "y"}, {"unknown": "y"},
    {"dont_know": "y"}, {"disagree": "y"}, {"symptom": "weak"},
    {"known": "symptom:weak"}, {"s": ">= 2"}, {"s": "< 3"}, {"s": [1, 5]},
])  # fmt: skip


def _groups(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda p: {"all": p}, some),
        st.builds(lambda p: {"any": p}, some),
        st.builds(lambda p: {"not": p}, parts),
        st.builds(lambda p: {"at_least": {"n": (len(p) + 1) // 2, "of": p}}, some),
    )


CONDITIONS = st.recursive(LEAVES, _groups, max_leaves=5)
FEW = settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@FEW
@given(first=CONDITIONS, second=CONDITIONS)
def test_claims_agree_with_every_case(
    base: KnowledgeBase, logic: Logic, every: list[Told], first: Any, second: Any
) -> None:
    """Small enough that what is so is also found: claims are sound and complete."""
    one, other = parsed(base, first), parsed(base, second)
    pairs = {(evaluate(one, w).state, evaluate(other, w).state) for w in every}
    assert logic.impossible(one) is all(a is not True for a, _ in pairs)
    assert logic.always(one) is all(a is not False for a, _ in pairs)
    assert logic.implies(one, other) is all(b is True for a, b in pairs if a)
    denied = [b for a, b in pairs if a is False]
    assert logic.says_no_more(one, other) is all(b is False for b in denied)


# --- what the linter says ---------------------------------------------------------


def found(folder: Path, *rules: Any, **more: Any) -> list[Finding]:
    parts = {k: [*PARTS.get(k, []), *more.pop(k, [])] for k in PARTS}
    one = cause("one", list(rules) or [rule("fine", {"y": "yes"})], **more)
    return sorted(logic_findings(knowledge(folder, causes=[one], **parts)))


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(f.problem.code, f.subject) for f in findings]


def test_nothing_is_said_of_bands_and_of_different_slices(tmp_path: Path) -> None:
    assert not found(
        tmp_path,
        rule("some", {"m": "< 0.5"}, "moderate"),
        rule("many", {"m": "< 0.1"}, "strong"),
        rule("each", {"m": "< 0.1"}, "moderate", for_each="manager"),
        rule("claimed", {"all": [{"unknown": "m"}, {"y": "yes"}]}),
        rule("b2b", {"z": "yes"}, applies_to=["b2b"]),
        rule("b2c", {"z": "yes"}, applies_to=["b2c"]),
        rule("meant", {"all": [{"known": "change"}, {"change": "> 0"}]}),
    )


def test_the_smallest_impossible_part_is_named_at_its_place(tmp_path: Path) -> None:
    (one,) = found(tmp_path, rule("r", {"any": [{"y": "yes"}, {"m": "< 0"}]}))
    assert (one.problem.code, one.subject) == ("impossible-condition", "one/r")
    assert one.problem.message == '{m: "< 0"} can never be true'
    text = (tmp_path / "causes" / "test" / "one.yaml").read_text().splitlines()
    assert text[one.problem.line - 1].strip() == "- m: < 0"


def test_all_places_are_looked_at(tmp_path: Path) -> None:
    never = {"m": "< 0"}
    asked = question("r", relevant_if=never, problem={"when": ["yes", "no"]})
    findings = found(
        tmp_path, gate=[never], unless=[never], rules_out=[never],
        symptoms=[symptom("no", never)], questions=[asked],
    )  # fmt: skip
    assert codes(findings) == [
        *[("impossible-condition", "one")] * 3,
        ("impossible-condition", "r"), ("always-true", "r"),
        ("impossible-condition", "no"),
    ]  # fmt: skip


def test_an_impossible_symptom_is_told_once(tmp_path: Path) -> None:
    findings = found(
        tmp_path, rule("r", {"symptom": "no"}), symptoms=[symptom("no", {"m": "< 0"})]
    )
    assert codes(findings) == [("impossible-condition", "no")]


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        ({"not": {"not": {"y": "yes"}}}, "{y: yes}"),
        ({"not": {"known": "y"}}, "{unknown: y}"),
        ({"not": {"unknown": "m"}}, "{known: m}"),
        ({"not": {"e": "!= a"}}, "{e: a}"),
        ({"not": {"n": "!= 3"}}, '{n: "== 3"}'),
        ({"not": {"y": "no"}}, "{y: yes}"),
        ({"y": "!= no"}, "{y: yes}"),
        ({"not": {"t": {"banal": "yes"}}}, "{t: {banal: no}}"),
    ],
    ids=str,
)
def test_a_double_negative_is_told_with_its_plain_form(
    tmp_path: Path, data: Any, plain: str
) -> None:
    (one,) = found(tmp_path, rule("r", {"all": [data, {"z": "yes"}]}))
    assert one.problem.code == "double-negative"
    assert plain in one.problem.hint


@pytest.mark.parametrize(
    "data",
    [
        {"not": {"e": "a"}}, {"not": {"dont_know": "y"}}, {"not": {"symptom": "weak"}},
        {"not": {"m": "< 0.1"}}, {"not": {"all": [{"y": "yes"}, {"z": "no"}]}},
    ],
    ids=str,
)  # fmt: skip
def test_a_plain_denial_is_none(tmp_path: Path, data: Any) -> None:
    assert not found(tmp_path, rule("r", data))


@pytest.mark.parametrize(
    ("data", "idle"),
    [
        ({"all": [{"m": "< 0.2"}, {"m": "< 0.1"}]}, '{m: "< 0.2"}'),
        ({"any": [{"m": "< 0.2"}, {"m": "< 0.1"}]}, '{m: "< 0.1"}'),
        ({"all": [{"y": "yes"}, {"any": [{"y": "yes"}, {"z": "yes"}]}]}, "{any:"),
        ({"any": [{"symptom": "weak"}, {"y": "yes"}]}, "{y: yes}"),
        ({"all": [{"y": "yes"}, {"z": "yes"}, {"y": "yes"}]}, "{y: yes}"),
    ],
    ids=str,
)
def test_an_idle_part_is_told(tmp_path: Path, data: Any, idle: str) -> None:
    (one,) = found(tmp_path, rule("r", data))
    assert one.problem.code == "redundant-part"
    assert one.problem.message.startswith(idle)


def test_the_same_condition_in_other_words_is_a_duplicate(tmp_path: Path) -> None:
    (one,) = found(
        tmp_path,
        rule("first", {"all": [{"y": "yes"}, {"all": [{"z": "no"}, {"m": "< 0.1"}]}]}),
        rule("again", {"all": [{"m": "< 0.1"}, {"z": "no"}, {"y": "yes"}]}, "slight"),
    )
    assert (one.problem.code, one.subject) == ("duplicate-rule", "one/again")
    text = (tmp_path / "causes" / "test" / "one.yaml").read_text().splitlines()
    line = text.index("- id: first") + 1
    assert f"first (line {line})" in one.problem.message


def test_a_condition_that_speaks_for_and_against(tmp_path: Path) -> None:
    findings = found(
        tmp_path, rule("pro", {"y": "yes"}), against=[rule("con", {"y": "yes"})]
    )
    assert codes(findings) == [("conflicting-rules", "one/con")]


def test_evidence_that_cancels_the_cause(tmp_path: Path) -> None:
    findings = found(
        tmp_path, rule("pro", {"m": "< 0.1"}), unless=[{"symptom": "weak"}]
    )
    assert codes(findings) == [("conflicting-rules", "one/pro")]


def test_an_option_that_points_at_a_cause_and_clears_it(tmp_path: Path) -> None:
    both = {"code": "a", "title": TEXT, "causes": ["one"], "clears": ["one"]}
    torn = question("torn", "enum", options=[both, CODES[1]])
    assert codes(found(tmp_path, questions=[torn])) == [("conflicting-rules", "torn")]


def test_a_stricter_rule_that_weighs_no_more_is_told(tmp_path: Path) -> None:
    (one,) = found(
        tmp_path,
        rule("some", {"m": "< 0.5"}, "moderate"),
        rule("many", {"m": "< 0.1"}, "moderate"),
    )
    assert (one.problem.code, one.subject) == ("subsumed-rule", "one/many")


def test_a_firm_rule_is_not_subsumed_by_a_single_answer(tmp_path: Path) -> None:
    """Single answers count out of a common allowance: the firm rule counts in full."""
    assert not found(
        tmp_path,
        rule("said", {"y": "yes"}, "strong"),
        rule("both", {"all": [{"y": "yes"}, {"z": "yes"}]}, "moderate"),
    )


def test_an_independent_rule_is_not_subsumed(tmp_path: Path) -> None:
    wide = rule("some", {"m": "< 0.5"}, independent="it is known from elsewhere")
    assert not found(tmp_path, wide, rule("many", {"m": "< 0.1"}, "moderate"))


def test_every_finding_speaks_both_languages(tmp_path: Path) -> None:
    findings = found(
        tmp_path,
        rule("a", {"m": "< 0"}), rule("b", {"m": ">= 0"}),
        rule("c", {"not": {"y": "no"}}), rule("d", {"y": "yes"}),
        rule("e", {"all": [{"n": "> 1"}, {"n": "> 2"}]}), rule("f", {"n": "> 1"}),
        against=[rule("g", {"y": "yes"})],
    )  # fmt: skip
    told = {f.problem.code for f in findings}
    assert told == {
        "impossible-condition", "always-true", "double-negative", "duplicate-rule",
        "redundant-part", "subsumed-rule", "conflicting-rules",
    }  # fmt: skip
    for one in findings:
        assert one.problem.text("ru") != one.problem.text("en")
        assert one.problem.hint
        assert any("а" <= letter <= "я" for letter in one.problem.text("ru"))


@pytest.mark.parametrize(
    "data", [*IMPOSSIBLE, *ALWAYS, {"m": {"between": [0.1, "low"]}}], ids=str
)
def test_a_condition_is_shown_as_it_is_written(base: KnowledgeBase, data: Any) -> None:
    node = parsed(base, data)
    assert parsed(base, yaml.safe_load(written(node))) == node
