import numpy as np
import pytest

from salesdx.statistics import breaks, money


def test_parts_of_three_stages_add_up_to_the_whole_gap():
    own, norm = [1000, 0.5, 0.4, 0.5], [1000, 0.6, 0.6, 0.65]
    assert money.lmdi(own, norm) == pytest.approx([0, 28.7, 63.9, 41.4], abs=0.06)
    shapley = money.shapley(own, norm)
    assert shapley == pytest.approx([0, 29.0, 63.5, 41.5], abs=0.06)
    assert sum(money.lmdi(own, norm)) == pytest.approx(134) == sum(shapley)


def test_a_zero_factor_is_split_by_shapley():
    assert money.decompose([0.0, 10.0], [0.5, 10.0]) == pytest.approx([5, 0])
    assert sum(money.decompose([0.0, 10.0], [0.5, 20.0])) == pytest.approx(10)


def test_independent_losses_do_not_all_go_wrong_together():
    low, expected, high = money.sum_independent([(6, 10, 14), (7, 10, 13)])
    assert (low, expected, high) == (15, 20, 25)


def test_a_fall_from_42_to_2_percent_is_found_in_its_month():
    rng = np.random.default_rng(2)
    n = [60] * 24
    k = [*rng.binomial(60, 0.42, 14), *rng.binomial(60, 0.02, 10)]
    assert breaks.change_points([int(x) for x in k], n) == [14]


def test_a_short_series_is_split_once_and_only_when_it_did_change():
    assert breaks.change_points([25, 24, 26, 2, 1, 1], [60] * 6) == [3]
    assert breaks.change_points([12, 11, 13, 12, 12, 11], [60] * 6) == []
    assert breaks.change_points([1, 2], [3, 4]) == []


def test_months_without_change_raise_few_alarms():
    rng = np.random.default_rng(8)
    alarms = sum(
        bool(
            breaks.change_points([int(x) for x in rng.binomial(80, 0.2, 24)], [80] * 24)
        )
        for _ in range(100)
    )
    assert alarms <= 8


def test_the_product_that_fell_explains_the_fall():
    before = {"a": (40, 100), "b": (40, 100)}
    after = {"a": (40, 100), "b": (2, 100)}
    shares = dict(breaks.locate(before, after))
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["b"] == pytest.approx(1)
    assert breaks.locate(before, before) == []
