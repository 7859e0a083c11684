"""Three-valued conditions: truth tables, boundaries, confidence, what is asked."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knowledge_fixture import cause, knowledge, metric, question, rule

from salesdx.facts import COMPANY, Fact, FactBase
from salesdx.inference.infer import infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.conditions import (
    Asked,
    Comparison,
    Group,
    Leaf,
    Node,
    Outcome,
    State,
    evaluate,
    names,
)

STATES: tuple[State, ...] = (True, False, None)


class Given:
    """A world of given facts and one threshold."""

    def __init__(self, **facts: Fact) -> None:
        self.facts = facts

    def read(self, name: str) -> Fact:
        return self.facts.get(name) or Fact(name, None)

    def benchmark(self, name: str) -> float:
        return {"mark": 0.5, "top": 0.8}[name]


HOLDS = Comparison("holds", ())


def leaf(name: str) -> Leaf:
    return Leaf(name, HOLDS)


def world(*states: State) -> Given:
    return Given(**{f"n{i}": Fact(f"n{i}", s) for i, s in enumerate(states)})


def group(kind: Any, count: int, n: int = 0) -> Group:
    return Group(kind, tuple(leaf(f"n{i}") for i in range(count)), n)


def state(node: Node, facts: Given) -> State:
    return evaluate(node, facts).state


ALL = {
    (True, True): True, (True, None): None, (True, False): False,
    (None, None): None, (None, False): False, (False, False): False,
}  # fmt: skip
ANY = {
    (True, True): True, (True, None): True, (True, False): True,
    (None, None): None, (None, False): None, (False, False): False,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "table"), [("all", ALL), ("any", ANY)])
def test_kleene_tables_of_two(kind: str, table: dict[Any, State]) -> None:
    for (a, b), expected in table.items():
        assert state(group(kind, 2), world(a, b)) is expected
        assert state(group(kind, 2), world(b, a)) is expected


@pytest.mark.parametrize(
    ("inner", "expected"), [(True, False), (False, True), (None, None)]
)
def test_not_unknown_is_unknown(inner: State, expected: State) -> None:
    assert state(group("not", 1), world(inner)) is expected


def completions(states: tuple[State, ...]) -> Any:
    return product(*((s,) if s is not None else (True, False) for s in states))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_at_least_is_settled_exactly_when_the_unknown_cannot_change_it(n: int) -> None:
    for states in product(STATES, repeat=3):
        ways = {sum(w) >= n for w in completions(states)}
        expected = ways.pop() if len(ways) == 1 else None
        assert state(group("at_least", 3, n), world(*states)) is expected


def test_nothing_is_cut_short_so_that_the_tree_explains_everything() -> None:
    found = evaluate(group("all", 3), world(False, True, None))
    assert [o.state for o in found.leaves()] == [False, True, None]


def compare(op: Any, *operands: Any, named: bool = False) -> Comparison:
    return Comparison(op, operands, (named,) * len(operands))


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        ("<", True, False, False), ("<=", True, True, False),
        (">", False, False, True), (">=", False, True, True),
        ("==", False, True, False), ("!=", True, False, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("limit", "named"), [(0.5, False), ("mark", True)])
def test_at_the_boundary(
    op: str, below: bool, at: bool, above: bool, limit: Any, named: bool
) -> None:
    how = compare(op, limit, named=named)
    assert [how.holds(v, Given()) for v in (0.4999, 0.5, 0.5001)] == [below, at, above]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.4999, False), (0.5, True), (0.6, True), (0.8, True), (0.8001, False)],
)
def test_between_includes_both_ends(value: float, expected: bool) -> None:
    assert compare("between", 0.5, 0.8).holds(value, Given()) is expected
    assert compare("between", "mark", "top", named=True).holds(value, Given()) is (
        expected
    )


@pytest.mark.parametrize(
    ("how", "value", "expected"),
    [
        (compare("one_of", "a", "b"), "b", True),
        (compare("one_of", "a", "b"), "c", False),
        (compare("includes", "a"), ("a", "b"), True),
        (compare("includes", "a"), (), False),
        (Comparison("count", (), inner=compare(">=", 2)), ("a", "b"), True),
        (Comparison("count", (), inner=compare(">=", 2)), ("a",), False),
        (Comparison("count", (), inner=compare("==", 0)), (), True),
        (compare("banal", True), "индивидуальный подход", True),
        (compare("banal", True), "сервис 24/7 в Якутске", False),
        (compare("banal", False), "сервис 24/7 в Якутске", True),
        (compare("==", True), True, True),
        (compare("==", True), False, False),
        (compare("==", 1.0), True, False),
        (compare("<", 2), True, False),
        (compare("<", 2), "1", False),
    ],
)
def test_each_comparison_speaks_of_its_own_type(
    how: Comparison, value: Any, expected: bool
) -> None:
    assert how.holds(value, Given()) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("confirmed", True), ("noise", False), ("suspected", None),
        ("insufficient", None),
    ],
)  # fmt: skip
def test_only_a_settled_gap_settles_anything(value: str, expected: State) -> None:
    node = Leaf("n0", Comparison("gap", ()))
    assert state(node, Given(n0=Fact("n0", value))) is expected


@pytest.mark.parametrize(
    ("what", "fact", "expected"),
    [
        ("known", Fact("n0", 0), True),
        ("known", Fact("n0", False), True),
        ("known", Fact("n0", None), False),
        ("unknown", Fact("n0", None), True),
        ("unknown", Fact("n0", 1), False),
        ("dont_know", Fact("n0", None, dont_know=True), True),
        ("dont_know", Fact("n0", 1), False),
        ("dont_know", Fact("n0", None), None),
        ("disagree", Fact("n0", 1, disagree=True), True),
        ("disagree", Fact("n0", None, disagree=True), True),
        ("disagree", Fact("n0", 1), False),
        ("disagree", Fact("n0", None), None),
    ],
)
def test_what_is_asked_about_the_fact_itself(
    what: Any, fact: Fact, expected: State
) -> None:
    assert state(Asked(what, "n0"), Given(n0=fact)) is expected


def sure(*confidence: int, states: tuple[State, ...]) -> Given:
    return Given(**{
        f"n{i}": Fact(f"n{i}", s, confidence=c)
        for i, (s, c) in enumerate(zip(states, confidence, strict=True))
    })  # fmt: skip


@pytest.mark.parametrize(
    ("node", "states", "expected"),
    [
        (group("all", 3), (True, True, True), 30),
        (group("any", 3), (True, True, True), 100),
        (group("any", 3), (False, True, True), 60),
        (group("at_least", 3, 2), (True, True, True), 60),
        (group("all", 3), (True, False, False), 60),
        (group("any", 3), (False, False, False), 30),
        (group("at_least", 3, 2), (True, False, False), 30),
    ],
)
def test_a_group_is_as_sure_as_the_answers_that_settle_it(
    node: Group, states: tuple[State, ...], expected: int
) -> None:
    found = evaluate(node, sure(100, 60, 30, states=states))
    assert found.confidence == expected


def test_denying_a_guess_is_a_guess() -> None:
    guess = sure(30, 30, states=(False, False))
    neither = Group("not", (group("any", 2),))
    each = Group("all", (Group("not", (leaf("n0"),)), Group("not", (leaf("n1"),))))
    assert evaluate(neither, guess).confidence == evaluate(each, guess).confidence == 30


NODES = st.recursive(
    st.builds(leaf, st.sampled_from(["n0", "n1", "n2", "n3"])),
    lambda inner: st.one_of(
        st.builds(lambda p: Group("all", tuple(p)), st.lists(inner, min_size=1)),
        st.builds(lambda p: Group("any", tuple(p)), st.lists(inner, min_size=1)),
        st.builds(lambda p: Group("not", (p,)), inner),
        st.builds(
            lambda p, n: Group("at_least", tuple(p), min(n, len(p))),
            st.lists(inner, min_size=1), st.integers(1, 4),
        ),
    ),
    max_leaves=8,
)  # fmt: skip
WORLDS = st.tuples(*(st.sampled_from(STATES) for _ in range(4)))


def naive(node: Node, states: dict[str, State]) -> State:
    """The tables of Kleene as minimum, maximum and 1 - x over 0, 1/2, 1."""
    rank = {False: 0.0, None: 0.5, True: 1.0}

    def value(node: Node) -> float:
        if not isinstance(node, Group):
            return rank[states[node.name]]
        values = sorted(map(value, node.parts), reverse=True)
        if node.kind == "not":
            return 1 - values[0]
        n = {"all": len(values), "any": 1}.get(node.kind, node.n)
        return values[n - 1]

    return {0.0: False, 0.5: None, 1.0: True}[value(node)]


@given(NODES, WORLDS)
def test_evaluation_equals_a_naive_oracle(
    node: Node, states: tuple[State, ...]
) -> None:
    named = {f"n{i}": s for i, s in enumerate(states)}
    assert state(node, world(*states)) is naive(node, named)


@given(NODES, WORLDS, st.tuples(*(st.booleans() for _ in range(4))))
def test_learning_more_never_flips_what_is_settled(
    node: Node, states: tuple[State, ...], learnt: tuple[bool, ...]
) -> None:
    before = state(node, world(*states))
    more = [b if a is None else a for a, b in zip(states, learnt, strict=True)]
    if before is not None:
        assert state(node, world(*more)) is before


@given(NODES, WORLDS)
def test_the_tree_has_the_shape_of_the_condition(
    node: Node, states: tuple[State, ...]
) -> None:
    def shape(found: Outcome) -> Any:
        return (found.node, [shape(p) for p in found.parts])

    def expected(node: Node) -> Any:
        return (node, [expected(p) for p in getattr(node, "parts", ())])

    assert shape(evaluate(node, world(*states))) == expected(node)


def test_names_are_told_in_order_and_as_written() -> None:
    node = Group("all", (leaf("b"), Asked("known", "a"), Group("not", (leaf("b"),))))
    assert list(names(node)) == ["b", "a", "b"]
    assert str(node) == "all (b, known a, not (b))"


MARK = {
    "id": "mark.low", "value": 0.2, "unit": "ratio",
    "title": {"en": "Low", "ru": "Мало"}, "applies_to": {"en": "all", "ru": "все"},
    "source": {"seed": "1"}, "grade": "E1", "date": "2026-01-01",
}  # fmt: skip


@pytest.mark.parametrize(
    ("own", "points"), [({}, 0), ({"mark.low": 0.4}, 40), ({"mark.low": 0.0}, 0)]
)
def test_the_company_may_choose_its_own_threshold(
    tmp_path: Path, own: dict[str, float], points: int
) -> None:
    base = knowledge(
        tmp_path, causes=[cause("x", [rule("r", {"a": "< mark.low"})])],
        metrics=[metric("a")], benchmarks=[MARK], questions=[question("q.a")],
    )  # fmt: skip
    facts = FactBase.of([Fact("a", 0.3)])
    found = infer(base, facts, ReferenceExecutor(), benchmarks=own)
    assert found.causes["x", COMPANY].total.points == points
