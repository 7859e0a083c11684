"""A large case is measured from expressions, a usual one from tables: same figures."""

from pathlib import Path

import pytest

from salesdx.case import load_case
from salesdx.demo import write_demo
from salesdx.metrics import METRICS
from salesdx.metrics import data as module
from salesdx.metrics.data import Data
from salesdx.metrics.registry import compute


def test_keeping_relations_as_tables_changes_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_demo(tmp_path / "demo")
    case = load_case(tmp_path / "demo")
    kept = compute(Data(case.arrow, case.company, case.as_of), METRICS)
    monkeypatch.setattr(module, "KEPT_ROWS", 0)
    said_again = compute(Data(case.arrow, case.company, case.as_of), METRICS)
    assert kept == said_again
