import numpy as np
import pytest
from scipy import stats

from salesdx.statistics import amounts, norms, outliers, rates


@pytest.mark.parametrize(("k", "n"), [(0, 10), (10, 10), (842, 8000), (4238, 6711)])
def test_wilson_is_that_of_scipy(k, n):
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert rates.wilson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_intervals_without_data_are_the_whole_range():
    assert rates.wilson(0, 0) == rates.jeffreys(0, 0) == (0.0, 1.0)


def test_deals_needed_to_see_a_fall_from_20_to_10_percent():
    assert rates.needed_deals(0.2, 0.1) == 83
    assert rates.needed_deals(0.2, 0.2) is None


def test_peers_that_differ_by_chance_make_a_strong_prior_and_others_a_weak_one():
    rng = np.random.default_rng(3)
    n = np.full(40, 200)
    alike = rates.prior_strength(rng.binomial(n, 0.2), n)
    apart = rates.prior_strength(rng.binomial(n, rng.beta(4, 16, 40)), n)
    assert alike > 300
    assert 10 < apart < 60


def test_the_tail_takes_the_norm_as_uncertain_as_it_is():
    sure = rates.tail_probability(10, 100, 20_000, 100_000)
    assert sure == pytest.approx(stats.binom.cdf(10, 100, 0.2), rel=0.01)
    assert rates.tail_probability(10, 100, 20, 100) > 3 * sure


def test_equal_slices_are_homogeneous_and_a_halved_one_is_not():
    n = np.full(6, 300)
    assert rates.heterogeneity([60, 61, 59, 60, 62, 58], n, [0.2] * 6) > 0.9
    assert rates.heterogeneity([60, 61, 59, 60, 62, 30], n, [0.2] * 6) < 0.05
    assert rates.heterogeneity([60], [300], [0.2]) == 1.0


def test_benjamini_hochberg_on_the_published_example():
    # Benjamini and Hochberg 1995, table of 15 comparisons: four survive at 0.05
    p = [
        .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240,
        .4262, .5719, .6528, .7590, 1.0,
    ]  # fmt: skip
    assert rates.benjamini_hochberg(p, 0.05).sum() == 4
    assert not len(rates.benjamini_hochberg([], 0.05))


def test_a_real_outlier_keeps_most_of_its_gap_and_a_lucky_streak_does_not():
    n = np.full(30, 200.0)
    wins = np.full(30, 40.0)
    wins[:3] = 18
    groups = outliers.fit_rates(wins, n, 0.2)
    assert outliers.rate_gap(18, 200, 0.2, groups).mean > 0.07
    ordinary = outliers.rate_gap(36, 200, 0.2, groups)
    assert ordinary.mean < 0.005
    assert ordinary.low <= ordinary.mean <= ordinary.high


def test_shifts_of_checks_shrink_the_same_way():
    d, se = np.r_[[-0.5], np.zeros(9)], np.full(10, 0.1)
    groups = outliers.fit_shifts(d, se)
    assert outliers.shift_gap(-0.5, 0.1, groups).mean > 0.4
    assert outliers.shift_gap(0.0, 0.1, groups).mean == 0
    assert amounts.between_variance(np.zeros(5), np.ones(5)) == 0


def test_the_norm_leaves_out_novices_small_slices_and_both_ends():
    rate = np.linspace(0.1, 0.3, 12)
    n, novice = np.full(12, 100), np.zeros(12, bool)
    n[5], novice[6] = 10, True
    found = norms.left_out(rate, n, novice, 30, 0.1)
    why = {i: reason for i, reason in enumerate(found) if reason}
    assert why == {0: "extreme", 5: "few", 6: "novice", 11: "extreme"}


def test_standardising_holds_the_mix_equal():
    own = np.array([90.0, 10.0])
    found = norms.standardise(own, np.array([0.1, 0.5]), np.array([500.0, 500.0]), 0.3)
    assert found.norm == pytest.approx(0.14)
    assert found.comparable == 1
    lonely = norms.standardise(
        own, np.array([np.nan, 0.5]), np.array([0.0, 500.0]), 0.3
    )
    assert lonely.comparable == pytest.approx(0.1)


def test_a_fall_of_the_mix_is_not_a_fall_of_the_rates():
    rate, mix = norms.kitagawa(
        np.array([0.8, 0.2]), np.array([0.3, 0.1]),
        np.array([0.2, 0.8]), np.array([0.32, 0.12]),
    )  # fmt: skip
    assert rate == pytest.approx(0.02)
    assert mix == pytest.approx(-0.12)
