import numpy as np
import pytest
from scipy import stats

from salesdx.statistics import amounts, multiple, norms, outliers, rates


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


def test_the_tail_counts_the_exact_number_half():
    sure = rates.tail_probability(10, 100, 200_000, 1_000_000)
    exact = stats.binom.cdf(10, 100, 0.2) - stats.binom.pmf(10, 100, 0.2) / 2
    assert sure == pytest.approx(exact, rel=0.01)


def test_the_tail_takes_the_norm_as_uncertain_as_it_is():
    sure = rates.tail_probability(10, 100, 200_000, 1_000_000)
    assert rates.tail_probability(10, 100, 20, 100) > 3 * sure


def test_between_two_whole_numbers_of_wins_the_tail_lies_between():
    tail = [rates.tail_probability(k, 100, 200, 1000) for k in (10, 10.5, 11)]
    assert tail[0] < tail[1] < tail[2]
    assert tail[1] == pytest.approx((tail[0] + tail[2]) / 2)


def test_benjamini_hochberg_on_the_published_example():
    # Benjamini and Hochberg 1995, table of 15 comparisons: four survive at 0.05
    p = [
        .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240,
        .4262, .5719, .6528, .7590, 1.0,
    ]  # fmt: skip
    assert multiple.benjamini_hochberg(p, 0.05).sum() == 4
    assert not len(multiple.benjamini_hochberg([], 0.05))


def gap_of(wins, n, norm, which):
    likelihood = outliers.rate_likelihood(wins, n, norm)
    groups = outliers.fit(likelihood)
    return outliers.gaps(likelihood, groups, np.ones(len(n), bool))[which]


def test_a_real_outlier_keeps_its_gap_and_a_lucky_streak_does_not():
    n = np.full(30, 200.0)
    wins = np.full(30, 40.0)
    wins[:3] = 20
    wins[4] = 36
    assert gap_of(wins, n, 0.2, 0).real[1] == pytest.approx(0.5, abs=0.05)
    ordinary = gap_of(wins, n, 0.2, 4)
    assert ordinary.mean < 0.02
    assert ordinary.low == 0
    assert ordinary.low <= ordinary.mean <= ordinary.high


def test_money_of_a_gap_that_is_granted_is_not_less():
    n = np.full(30, 100.0)
    wins = np.r_[np.full(28, 20.0), [12.0, 11.0]]
    gap = gap_of(wins, n, 0.2, 29)
    assert gap.real[1] > gap.mean > 0
    assert gap.real[0] >= gap.low


def test_with_many_deals_the_gap_is_what_was_seen():
    n = np.full(10, 1e6)
    wins = np.r_[np.full(9, 2e5), 1.3e5]
    gap = gap_of(wins, n, 0.2, 9)
    assert gap.low == pytest.approx(0.35, abs=0.02)
    assert gap.high == pytest.approx(0.35, abs=0.02)


def test_shifts_of_checks_shrink_the_same_way():
    likelihood = outliers.shift_likelihood(np.r_[[-0.5], np.zeros(9)], np.full(10, 0.1))
    found = outliers.gaps(likelihood, outliers.fit(likelihood), np.ones(10, bool))
    # a check of exp(-0.5) = 61 % of the norm is 39 % short
    assert found[0].real[1] == pytest.approx(0.39, abs=0.04)
    assert found[1].mean < 0.01
    assert amounts.between_variance(np.zeros(5), np.ones(5)) == 0


def test_thousands_of_values_are_weighed_as_few_are():
    few = outliers.rate_likelihood([20.0, 40.0, 40.0], [200.0] * 3, 0.2)
    groups = outliers.fit(few)
    once = outliers.gaps(few, groups, [True] * 3)
    many = outliers.gaps(np.tile(few, (400, 1)), groups, [True] * 1200)
    assert [g.mean for g in many] == pytest.approx([g.mean for g in once] * 400)


def test_a_family_shows_gaps_by_one_far_behind_or_by_some_behind():
    even = (np.arange(30) + 0.5) / 30
    assert multiple.family_p(even) > 0.3
    assert multiple.family_p(np.r_[1e-5, even[1:]]) < 0.001
    assert multiple.family_p(np.r_[np.full(5, 0.005), even[5:]]) < 0.01
    assert multiple.family_p([]) == 1


def test_p_values_of_no_gap_reject_a_family_as_often_as_they_may():
    rng = np.random.default_rng(4)
    for size in (2, 6, 30):
        p = [multiple.family_p(rng.random(size)) for _ in range(4000)]
        assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.012)


def test_holm_on_a_worked_example():
    # 0.01 <= 0.05 / 4, 0.015 <= 0.05 / 3, 0.03 > 0.05 / 2: the rest fall with it
    kept = multiple.holm([0.03, 0.01, 0.04, 0.015], 0.05)
    assert kept.tolist() == [False, True, False, True]
    assert not len(multiple.holm([], 0.05))


def test_the_norm_leaves_out_novices_small_slices_and_extremes():
    ratio = np.linspace(0.5, 1.5, 12)
    surprise = (ratio - 1) / 0.2
    n, novice = np.full(12, 100), np.zeros(12, bool)
    n[5], novice[6] = 10, True
    found = norms.left_out(ratio, surprise, n, novice, 30, 0.1, 2.3)
    why = {i: reason for i, reason in enumerate(found) if reason}
    assert why == {0: "extreme", 5: "few", 6: "novice", 11: "extreme"}
    lucky = norms.left_out(ratio, surprise / 2, n, novice, 30, 0.1, 2.3)
    assert lucky[0] is None
    assert lucky[11] is None


def test_the_middle_is_not_moved_by_its_ends():
    ratio = np.r_[np.ones(18), 0.1, 3.0]
    assert norms.middle(ratio, np.ones(20), 0.1) == 1
    assert norms.middle([], [], 0.1) == 1


def test_standardising_holds_the_mix_equal():
    own = np.array([90.0, 10.0])
    found = norms.standardise(
        own, np.array([0.1, 0.5]), np.array([500.0, 500.0]), 0.3, 1e3
    )
    assert found.norm == pytest.approx(0.14)
    assert found.comparable == 1
    lonely = norms.standardise(
        own, np.array([np.nan, 0.5]), np.array([0.0, 500.0]), 0.3, 1e3
    )
    assert lonely.comparable == pytest.approx(0.1)


def test_a_fall_of_the_mix_is_not_a_fall_of_the_rates():
    rate, mix = norms.kitagawa(
        np.array([0.8, 0.2]), np.array([0.3, 0.1]),
        np.array([0.2, 0.8]), np.array([0.32, 0.12]),
    )  # fmt: skip
    assert rate == pytest.approx(0.02)
    assert mix == pytest.approx(-0.12)
