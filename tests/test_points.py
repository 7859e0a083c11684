"""The points calculus: each rule of it has a test that fails without it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesdx.inference.points import Item, Total, total


def item(
    points: int,
    group: str = "",
    *,
    state: bool | None = True,
    against: bool = False,
    single: bool = False,
    rule: str = "",
) -> Item:
    name = rule or f"r{points}{group}{state}{against}{single}"
    direction = "against" if against else "for"
    return Item(name, direction, points, points, group or name, single, state)


def bill(*items: Item) -> Total:
    return total(items)


def test_groups_add() -> None:
    assert bill(item(40, "a"), item(10, "b")).points == 50


def test_within_a_group_only_the_strongest_for_counts() -> None:
    assert bill(item(40, "a"), item(20, "a")).points == 40


def test_within_a_group_the_strongest_against_counts_too() -> None:
    found = bill(item(40, "a"), item(20, "a", against=True), item(5, "a", against=True))
    assert found.points == 20


def test_equal_evidence_of_one_group_counts_once() -> None:
    found = bill(item(20, "a", rule="x"), item(20, "a", rule="y"))
    assert found.points == 20
    assert found.counted == {("for", "x"): 20}


def test_single_answers_add_at_most_twenty_together() -> None:
    found = bill(*(item(10, f"g{i}", single=True) for i in range(5)))
    assert found.points == 20


def test_single_answers_against_are_capped_too() -> None:
    found = bill(*(item(10, f"g{i}", single=True, against=True) for i in range(5)))
    assert found.points == -20


def test_a_single_answer_stands_beside_other_evidence() -> None:
    assert bill(item(40, "a"), item(10, "b", single=True)).points == 50


def test_a_strong_single_answer_never_lowers_the_sum_of_its_group() -> None:
    others = [item(20, f"g{i}", single=True) for i in range(2)]
    before = bill(item(10, "a"), *others).points
    after = bill(item(10, "a"), item(20, "a", single=True, rule="s"), *others).points
    assert after >= before


def test_unknown_evidence_adds_nothing_now_but_opens_the_interval() -> None:
    found = bill(
        item(40, "a", state=None),
        item(20, "b", state=None, against=True),
        item(10, "c"),
    )
    assert (found.points, found.worst, found.best) == (10, -10, 50)


def test_false_evidence_closes_the_interval() -> None:
    found = bill(item(40, "a", state=False), item(10, "c"))
    assert (found.points, found.worst, found.best) == (10, 10, 10)


def test_coverage_is_the_share_of_evaluated_points() -> None:
    found = bill(item(40, "a", state=None), item(20, "b"), item(20, "c", state=False))
    assert found.coverage == pytest.approx(0.5)


def test_no_rules_means_no_coverage() -> None:
    assert bill() == Total(0, 0, 0, 0.0, {}, 0)


def test_the_bill_adds_up() -> None:
    found = bill(
        item(40, "a"), item(20, "a"), item(10, "b", against=True),
        *(item(10, f"s{i}", single=True) for i in range(4)),
    )  # fmt: skip
    assert sum(found.counted.values()) == found.points


ITEMS = st.lists(
    st.builds(
        lambda i, p, g, s, a, n: item(
            p, g, state=s, against=a, single=n, rule=f"r{i}{g}{p}{a}{n}{s}"
        ),
        st.integers(0, 5),
        st.sampled_from([5, 10, 20, 40, 80, 3, 12]),
        st.sampled_from("abcd"),
        st.sampled_from([True, False, None]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
    unique_by=lambda i: (i.rule, i.direction),
)


@given(ITEMS, st.randoms())
def test_order_never_matters(items: list[Item], chance: random.Random) -> None:
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert total(items) == total(shuffled)


@given(ITEMS)
def test_points_stay_within_the_interval(items: list[Item]) -> None:
    found = total(items)
    assert found.worst <= found.points <= found.best
    assert sum(found.counted.values()) == found.points


@given(ITEMS, st.sampled_from([5, 10, 20, 40]), st.sampled_from("abcdz"), st.booleans())
def test_more_evidence_for_never_lowers_points(
    items: list[Item], points: int, group: str, single: bool
) -> None:
    more = item(points, group, single=single, rule="new")
    assert total([*items, more]).points >= total(items).points
