"""Change points: where they are, and that our PELT is the published one."""

import math

import numpy as np
import pytest

from salesdx.statistics.breaks import arcsine, change_points


def test_a_level_that_changes_once_has_one_change_point() -> None:
    wins = [20] * 12 + [5] * 12
    assert change_points(wins, [100] * 24) == [12]


def test_a_level_that_stays_has_none() -> None:
    assert change_points([20] * 24, [100] * 24) == []


@pytest.mark.parametrize("seed", range(40))
def test_the_change_points_are_those_of_ruptures(seed: int) -> None:
    ruptures = pytest.importorskip("ruptures")
    rng = np.random.default_rng(seed)
    months = int(rng.integers(12, 60))
    n = rng.integers(5, 200, months)
    level = np.repeat(rng.uniform(0.02, 0.6, 8), months // 8 + 1)[:months]
    wins = rng.binomial(n, level)
    signal = arcsine(wins, n).reshape(-1, 1)
    model = ruptures.Pelt(model="l2", min_size=3, jump=1).fit(signal)
    expected = model.predict(pen=3 * math.log(months))[:-1]
    assert change_points(wins.tolist(), n.tolist()) == expected
