"""A power cut at any moment: what was acknowledged is there when the power comes back.

The disk after the cut is a model (tests/power_cut.py); that it has teeth is shown by
stores that sync too little, which must lose something.
"""

from pathlib import Path

import pytest
from power_cut import NO_COMPILER, can_record
from power_cut_trial import tried

pytestmark = pytest.mark.skipif(not can_record(), reason=NO_COMPILER)


@pytest.mark.parametrize(
    ("kind", "way", "cuts"),
    [("sqlite", "", 100), ("sqlite", "checkpoints", 30), ("folder", "", 30)],
)
def test_a_power_cut_loses_nothing(
    kind: str, way: str, cuts: int, tmp_path: Path
) -> None:
    trial = tried(kind, tmp_path, cuts, 3, way=way)
    assert trial.acknowledged > 10 * cuts, trial
    assert (trial.lost, trial.torn) == (0, 0), trial
    assert trial.extra <= 1, trial


@pytest.mark.parametrize(
    ("kind", "weakened"),
    [
        ("sqlite", "NORMAL"), ("sqlite", "OFF"),
        ("folder", "no-file-sync"), ("folder", "no-folder-sync"),
    ],
)  # fmt: skip
def test_the_model_notices_a_store_that_syncs_too_little(
    kind: str, weakened: str, tmp_path: Path
) -> None:
    assert tried(kind, tmp_path, 20, 3, way=weakened).lost > 0


@pytest.mark.parametrize("kind", ["sqlite", "folder"])
def test_every_answer_is_synced_before_it_is_acknowledged(
    kind: str, tmp_path: Path
) -> None:
    assert tried(kind, tmp_path, 0, 3, answers=12).syncs >= 1
