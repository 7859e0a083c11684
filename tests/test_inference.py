"""Executors agree on generated rule bases and cases; order never matters."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knowledge_fixture import cause, metric, question, rule, symptom, write

from salesdx.errors import KnowledgeError
from salesdx.facts import COMPANY, Fact, FactBase, Slice, slice_of
from salesdx.inference.executors import choose
from salesdx.inference.infer import Inference, infer
from salesdx.inference.limits import check
from salesdx.inference.program import ChainRule
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load

NAMES = ["a", "b", "c", "d"]
SLICED = ["rate", "share"]
QUESTIONS = ["q.a", "q.b"]
WHERES = [slice_of(manager=m) for m in ("M1", "M2", "M3")]
CAUSES = ["c0", "c1", "c2", "c3"]
WEIGHTS = ["slight", "moderate", "considerable", "strong", "decisive"]


def leaves(names: list[str]) -> st.SearchStrategy[Any]:
    figure = st.builds(
        lambda n, op, v: {n: f"{op} {v}"},
        st.sampled_from(names),
        st.sampled_from(["<", ">=", ">", "<="]),
        st.sampled_from(["0.2", "0.5", "0.8"]),
    )
    answer = st.builds(
        lambda n, v: {n: v}, st.sampled_from(QUESTIONS), st.sampled_from(["yes", "no"])
    )
    asked = st.builds(
        lambda k, n: {k: n},
        st.sampled_from(["known", "unknown", "disagree"]),
        st.sampled_from(names),
    )
    return st.one_of(figure, answer, asked)


def conditions(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def more(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        some = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            st.builds(lambda p: {"all": p}, some),
            st.builds(lambda p: {"any": p}, some),
            st.builds(lambda p: {"not": p}, inner),
            st.builds(
                lambda p, n: {"at_least": {"n": min(n, len(p)), "of": p}},
                some,
                st.integers(1, 3),
            ),
        )

    return st.recursive(leaf, more, max_leaves=5)


@st.composite
def bases(draw: st.DrawFn) -> dict[str, Any]:
    """A rule base in layers: symptoms, then causes that may read lower verdicts."""
    low = conditions(leaves(NAMES))
    sliced = conditions(leaves([*NAMES, *SLICED]))
    symptoms = [
        symptom("s0", draw(low)),
        symptom("s1", draw(sliced), for_each="manager"),
        symptom("s2", {"all": [{"symptom": "s0"}, draw(low)]}),
    ]
    causes = []
    for i, name in enumerate(CAUSES):
        blame = draw(st.booleans()) if i in (1, 3) else False
        inner = [sliced if blame else low]
        inner.append(st.sampled_from([{"symptom": s} for s in ("s0", "s1", "s2")]))
        if i:
            lower = st.sampled_from([{"cause": c} for c in CAUSES[:i]])
            inner.append(lower)
        part = conditions(st.one_of(inner))
        rules = [
            rule(
                f"r{j}",
                {"all": [draw(part), draw(part)]}
                if draw(st.booleans())
                else draw(part),
                draw(st.sampled_from(WEIGHTS)),
                **(
                    {"for_each": "manager"} if not blame and draw(st.booleans()) else {}
                ),
            )
            for j in range(draw(st.integers(1, 3)))
        ]
        against = [rule("n", draw(part), draw(st.sampled_from(WEIGHTS)))]
        more: dict[str, Any] = {"against": against}
        if blame:
            more |= {"for_each": "manager", "kind": "people", "gate": [draw(sliced)]}
        if draw(st.booleans()):
            more["explains"] = ["s0"]
        if i == 2:
            more["rivals"] = ["c0"] if draw(st.booleans()) else []
        causes.append(cause(name, rules, **more))
    return {"causes": causes, "symptoms": symptoms}


@st.composite
def cases(draw: st.DrawFn) -> list[Fact]:
    value = st.sampled_from([None, 0.1, 0.2, 0.5, 0.8, 0.9])
    facts = [Fact(n, draw(value), disagree=draw(st.booleans())) for n in NAMES]
    facts += [Fact(n, draw(value), w) for n in SLICED for w in WHERES]
    answer = st.sampled_from([None, True, False])
    sure = st.sampled_from([100, 60, 30])
    facts += [Fact(q, draw(answer), COMPANY, draw(sure), "answer") for q in QUESTIONS]
    return facts


def picture(found: Inference) -> dict[tuple[str, Slice], Any]:
    causes = {
        key: (o.verdict, o.total, o.rivals, sorted(r.item.rule for r in o.rules
              if r.item.state))
        for key, o in found.causes.items()
    }  # fmt: skip
    symptoms = {("s", *k): s.outcome.state for k, s in found.symptoms.items()}
    return {**causes, **symptoms}  # type: ignore[dict-item]


def build(folder: Any, base: dict[str, Any]) -> KnowledgeBase | None:
    metrics = [metric(n) for n in NAMES] + [
        metric(n, grain=["manager"]) for n in SLICED
    ]
    write(folder, metrics=metrics, questions=[question(q) for q in QUESTIONS], **base)
    try:
        return load(folder=folder)
    except KnowledgeError as error:  # a rival that reads its rival
        assert all(p.code == "cycle" for p in error.problems)
        return None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=bases(), given_cases=st.lists(cases(), min_size=1, max_size=4),
       chance=st.randoms())  # fmt: skip
def test_durable_and_reference_agree(
    tmp_path_factory: pytest.TempPathFactory,
    base: dict[str, Any],
    given_cases: list[list[Fact]],
    chance: random.Random,
) -> None:
    pytest.importorskip("durable_rules_engine")
    known = build(tmp_path_factory.mktemp("kb"), base)
    if known is None:
        return
    durable, reference = choose(known, "durable"), choose(known, "reference")
    for facts in given_cases:
        first = picture(infer(known, FactBase.of(facts), durable))
        shuffled = list(facts)
        chance.shuffle(shuffled)
        assert first == picture(infer(known, FactBase.of(shuffled), reference))
        assert first == picture(infer(known, FactBase.of(shuffled), durable))
    durable.close()  # type: ignore[attr-defined]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=bases(), facts=cases(), chance=st.randoms())
def test_the_order_of_rules_and_files_never_matters(
    tmp_path_factory: pytest.TempPathFactory,
    base: dict[str, Any],
    facts: list[Fact],
    chance: random.Random,
) -> None:
    known = build(tmp_path_factory.mktemp("kb"), base)
    if known is None:
        return
    for one in base["causes"]:
        chance.shuffle(one["evidence"])
    chance.shuffle(base["causes"])
    chance.shuffle(base["symptoms"])
    other = build(tmp_path_factory.mktemp("kb"), base)
    assert other is not None
    world = FactBase.of(facts)
    assert picture(infer(known, world, choose(known, "reference"))) == picture(
        infer(other, world, choose(other, "reference"))
    )


def test_nothing_known_means_nothing_concluded(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    base = {"causes": [cause("x", [rule("r", {"a": "< 0.2"})])], "symptoms": []}
    known = build(tmp_path_factory.mktemp("kb"), base)
    assert known is not None
    found = infer(known, FactBase.of([]), choose(known, "reference"))
    outcome = found.causes["x", COMPANY]
    assert (outcome.verdict, outcome.total.points, outcome.total.coverage) == (
        "open", 0, 0.0,
    )  # fmt: skip


def test_five_hundred_sessions_in_a_row_leave_nothing_behind(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pytest.importorskip("durable_rules_engine")
    base = {
        "causes": [cause("x", [rule("r", {"all": [{"a": "< 0.2"}, {"b": "< 0.2"}]})])]
    }
    known = build(tmp_path_factory.mktemp("kb"), {**base, "symptoms": []})
    assert known is not None
    engine = choose(known, "durable")
    for i in range(1200):  # over the 1,024 sessions that may live at once
        facts = [Fact("a", 0.1), Fact("b", 0.1 if i % 2 else 0.9)]
        found = infer(known, FactBase.of(facts), engine)
        assert found.causes["x", COMPANY].total.points == (40 if i % 2 else 0)


def test_a_thousand_slices_stay_within_the_live_sessions(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pytest.importorskip("durable_rules_engine")
    rules = [rule("r", {"rate": "< 0.2"}, for_each="manager")]
    known = build(
        tmp_path_factory.mktemp("kb"),
        {"causes": [cause("x", rules)], "symptoms": [
            symptom("s", {"rate": "< 0.2"}, for_each="manager")]},
    )  # fmt: skip
    assert known is not None
    facts = [Fact("rate", 0.1, slice_of(manager=f"M{i}")) for i in range(1100)]
    found = infer(known, FactBase.of(facts), choose(known, "durable"))
    assert sum(1 for _, w in found.causes if w) == 1100


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ([ChainRule("g", "r", tuple(f"l{i}" for i in range(16)))], "1..15 leaves"),
        ([ChainRule("g", "r", ("l", "l"))], "all different"),
        ([ChainRule("g|h", "r", ("l",))], "no '|'"),
        ([ChainRule("g", f"r{i}", ("l",)) for i in range(256)], "over 255 rules"),
        ([ChainRule("g", f"r{i}", (f"l{i}",)) for i in range(511)], "over 510 leaves"),
        ([ChainRule(f"g{i}", "r", ("l",)) for i in range(511)], "split the pack"),
    ],
)
def test_limits_of_the_engine_are_refused_in_words(
    rules: list[ChainRule], says: str
) -> None:
    assert any(says in problem for problem in check(rules))
