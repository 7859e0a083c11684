"""What holds for every test: no skips where they are forbidden, steady examples.

With SALESDX_FORBID_SKIPS=1 a skipped test is a failed one, so that a machine that
lacks a browser cannot pass by testing less. Tests marked `public_data` are exempt:
those data sets are never part of the repository.
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from salesdx.case import init_case

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

PUBLIC_DATA = "public_data"
Wrapped = Generator[None, pytest.TestReport, pytest.TestReport]
Collected = Generator[None, pytest.CollectReport, pytest.CollectReport]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{PUBLIC_DATA}: needs data sets that are not in the repository"
    )


def skips_are_forbidden() -> bool:
    return os.environ.get("SALESDX_FORBID_SKIPS") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Wrapped:
    report = yield
    exempt = item.get_closest_marker(PUBLIC_DATA) is not None
    if report.skipped and not hasattr(report, "wasxfail") and not exempt:
        _forbid(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Collected:
    report = yield
    if report.skipped:  # importorskip, or skip(allow_module_level=True)
        _forbid(report)
    return report


def _forbid(report: pytest.TestReport | pytest.CollectReport) -> None:
    if skips_are_forbidden():
        why = report.longrepr
        why = why[2] if isinstance(why, tuple) else str(why)
        report.outcome = "failed"
        report.longrepr = f"skipped where skips are forbidden: {why}"


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """An empty case; what is imported into it is written beside it."""
    init_case(tmp_path / "acme", "Acme")
    return tmp_path / "acme"
