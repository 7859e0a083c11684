"""The hand-written SQL of the benchmark and the metrics give the same figures."""

import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def benchmark() -> Any:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield runpy.run_path(str(BENCHMARKS / "metrics.py"))
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def firm(benchmark: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = benchmark["write_firm"](tmp_path_factory.mktemp("firm"), 5000)
    return made


def test_the_twin_in_sql_gives_our_figures(benchmark: Any, firm: Path) -> None:
    _, by_sql = benchmark["twin"](firm)
    _, ours = benchmark["ours"](firm)
    assert len(by_sql) > 1500
    assert list(benchmark["disagreements"](by_sql, ours)) == []


def test_the_same_seed_makes_the_same_firm(
    benchmark: Any, firm: Path, tmp_path: Path
) -> None:
    again = benchmark["write_firm"](tmp_path, 5000)
    for file in sorted((firm / "data").iterdir()):
        assert file.read_bytes() == (again / "data" / file.name).read_bytes()


def test_the_exponent_is_the_slope_of_the_logarithms(benchmark: Any) -> None:
    slope = benchmark["exponent"]([10, 100, 1000], [1.0, 10.0, 100.0])
    assert slope == pytest.approx(1.0)
