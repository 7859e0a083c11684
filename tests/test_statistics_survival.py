import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from salesdx.statistics import histogram, survival


def simulated(n=4000, seed=5):
    """Entries over a year; 10 % win after a gamma wait, most others are closed."""
    rng = np.random.default_rng(seed)
    age = rng.integers(1, 400, n)
    kind = rng.random(n)
    wait = np.maximum(rng.gamma(2, 35, n).astype(int), 0)
    won = (kind < 0.12) & (wait <= age)
    lost = (kind > 0.4) & (wait <= age)
    return age, wait, won, lost


def by_day(days, mask, size=401):
    return np.bincount(days[mask], minlength=size).astype(np.int64)


def test_incidence_equals_kaplan_meier_with_lost_deals_kept_at_risk():
    age, wait, won, _ = simulated()
    days = np.where(won, wait, age)
    found = survival.at_horizon(by_day(days, won), by_day(days, ~won), 300)
    fitter = KaplanMeierFitter().fit(days, won)
    assert found.rate == pytest.approx(
        1 - fitter.survival_function_at_times(300).iloc[0]
    )
    interval = fitter.confidence_interval_survival_function_
    low, high = 1 - interval[interval.index <= 300].iloc[-1]
    assert {round(found.low, 8), round(found.high, 8)} == {
        round(low, 8),
        round(high, 8),
    }


def test_a_curve_that_can_be_counted_by_hand():
    # 8 entries: 2 won on day 1, 1 followed for a day only, 1 of the other 5 won later
    won, left = np.array([0, 2, 1, 0]), np.array([0, 1, 0, 4])
    start, first, second = survival.by_age(won, left, [0, 1, 2])
    assert (start.rate, start.at_risk) == (0, 8)
    assert (first.rate, first.at_risk) == (pytest.approx(2 / 8), 8)
    assert (second.rate, second.at_risk) == (pytest.approx(1 - 6 / 8 * 4 / 5), 5)
    # Greenwood: 2/(8*6) + 1/(5*4), on the cloglog scale
    assert second.low == pytest.approx(0.1477, abs=1e-4)
    assert second.high == pytest.approx(0.8045, abs=1e-4)


def test_a_curve_is_the_incidence_at_each_age():
    age, wait, won, _ = simulated()
    days = np.where(won, wait, age)
    tables = by_day(days, won), by_day(days, ~won)
    for at in survival.by_age(*tables, range(10, 301, 29)):
        alone = survival.at_horizon(*tables, at.age)
        assert (at.rate, at.low, at.high, at.at_risk) == (
            alone.rate, alone.low, alone.high, alone.at_risk,
        )  # fmt: skip


def test_without_a_win_only_those_followed_so_far_count():
    won, left = np.array([0, 0, 0]), np.array([90, 0, 10])
    _, last = survival.by_age(won, left, [0, 2])
    assert (last.rate, last.low) == (0, 0)
    assert last.high == pytest.approx(0.2775, abs=1e-4)  # Wilson, 0 of 10


@pytest.mark.filterwarnings("ignore")
def test_competing_incidence_agrees_with_lifelines_but_for_its_jitter_of_ties():
    age, wait, won, lost = simulated()
    days = np.where(won | lost, wait, age)
    event = np.where(won, 1, np.where(lost, 2, 0))
    curve = survival.competing_incidence(
        by_day(days, won), by_day(days, lost), by_day(days, ~won & ~lost)
    )
    fitter = AalenJohansenFitter(seed=1).fit(days, event, event_of_interest=1)
    expected = fitter.cumulative_density_
    assert curve[300] == pytest.approx(
        expected[expected.index <= 300.5].iloc[-1, 0], abs=5e-4
    )


def test_without_censoring_the_effective_number_is_the_number():
    won, left = np.array([0, 20, 0, 0]), np.array([0, 0, 0, 80])
    found = survival.at_horizon(won, left, 2)
    assert (found.rate, found.at_risk) == (pytest.approx(0.2), 80)
    assert found.effective_n == pytest.approx(100)


@pytest.mark.parametrize(("won", "left"), [([0, 0], [0, 5]), ([5, 0], [0, 0])])
def test_nobody_or_everybody_won_still_has_a_finite_interval(won, left):
    found = survival.at_horizon(np.array(won), np.array(left), 0)
    assert 0 <= found.low <= found.rate <= found.high <= 1


def test_no_entries_have_no_incidence():
    nothing = np.zeros(3, np.int64)
    assert survival.at_horizon(nothing, nothing, 1) is None
    assert survival.time_quantile(survival.incidence(nothing, nothing), 0.9) is None


def test_the_horizon_shrinks_to_where_ten_deals_are_still_at_risk():
    risk = np.array([100, 50, 12, 9, 3])
    assert survival.observable_horizon(risk, 4) == 2
    assert survival.observable_horizon(np.array([9, 3]), 1) is None


def test_quantiles_of_a_histogram_equal_those_of_the_values():
    rng = np.random.default_rng(1)
    values = rng.integers(0, 50, 333)
    buckets, counts = np.unique(values, return_counts=True)
    for share in (0.1, 0.5, 0.9):
        assert histogram.quantile(list(buckets), list(counts), share) == pytest.approx(
            np.quantile(values, share)
        )
    assert histogram.median([], []) is None


def test_the_unanswered_count_in_the_median_wait():
    answered_only = histogram.median([1.0, 5.0], [4, 0])
    assert answered_only == 1.0
    assert histogram.censored_quantile([1.0, 5.0], [4, 0], [0, 6]) is None
    assert histogram.censored_quantile([1.0, 5.0], [4, 1], [0, 5]) == 5.0


def test_many_groups_at_once_are_as_each_alone():
    rng = np.random.default_rng(5)
    won, left = rng.integers(0, 4, (6, 30)), rng.integers(0, 9, (6, 30))
    won[1], left[2], won[3, 5:] = 0, 0, 0
    for horizon in (0, 12, 29, 40):
        many = survival.at_horizons(won, left, horizon)
        for i in range(6):
            alone = survival.at_horizon(won[i], left[i], horizon)
            assert many.rate[i] == pytest.approx(alone.rate)
            assert (many.at_risk[i], many.entries[i]) == (alone.at_risk, alone.entries)
            if 0 < alone.rate < 1:
                assert many.effective_n[i] == pytest.approx(alone.effective_n)


def test_a_group_without_deals_is_no_error():
    nobody = survival.at_horizons(np.zeros((1, 4), int), np.zeros((1, 4), int), 2)
    assert (nobody.rate[0], nobody.effective_n[0], nobody.entries[0]) == (0, 0, 0)
