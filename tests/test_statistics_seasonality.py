"""Seasons: found where years agree, never made of one odd month."""

import numpy as np
import pytest

from salesdx.statistics.seasonality import seasonal_index


def test_a_month_that_doubles_every_year_is_the_season() -> None:
    year = [100.0] * 11 + [200.0]
    season = seasonal_index(year * 3)
    assert season is not None
    assert season.weight > 0.95
    # 200 against a yearly mean of 1300 / 12
    assert season.swing == pytest.approx(200 / (1300 / 12), rel=0.05)
    assert season.index.index(season.swing) == 11
    assert season.p < 0.001


def test_one_odd_month_is_no_season() -> None:
    season = seasonal_index([100.0] * 20 + [300.0] + [100.0] * 15)
    assert season is not None
    assert season.swing < 1.1


def test_a_fall_that_stays_is_no_season() -> None:
    season = seasonal_index([100.0] * 14 + [5.0] * 10)
    assert season is not None
    assert season.weight < 0.2


def test_growth_is_no_season() -> None:
    season = seasonal_index([100 * 1.04**i for i in range(36)])
    assert season is not None
    assert season.swing == pytest.approx(1, abs=0.02)


def test_chance_makes_little_season() -> None:
    rng = np.random.default_rng(4)
    swings = [
        found.swing
        for _ in range(50)
        if (found := seasonal_index([float(v) for v in rng.poisson(60, 36)]))
    ]
    assert len(swings) == 50
    assert float(np.mean(swings)) < 1.05


@pytest.mark.parametrize(
    "monthly", [[], [1.0] * 23, [0.0] * 36, [float("nan")] * 36, [-1.0] * 36]
)
def test_what_cannot_be_known_is_none(monthly: list[float]) -> None:
    assert seasonal_index(monthly) is None
