"""What holds for every test: no skips where they are forbidden, steady examples.

With SALESDX_FORBID_SKIPS=1 a skipped test is a failed one, so that a machine that
lacks a browser cannot pass by testing less. Tests marked `public_data` are exempt:
those data sets are never part of the repository.

Three things are quicker than in production and the same in all else: the shipped
knowledge is read once a process, the SQL of an expression is made once a run, and
Python looks for garbage as seldom as in the command line. Modules on what a case
concludes say `usefixtures("measured_once")`: then its figures are made once, too.

Figures kept between runs are switched off: a test that is about them says where they
are kept. Nothing in a run reads or writes the cache of whoever runs it.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import compiled_once
import pytest
from hypothesis import settings
from kept_for_run import FOLDER
from measured_once import measured_once
from read_once import ReadOnce

from salesdx.case import init_case
from salesdx.measured.cache import SWITCH

__all__ = ["measured_once"]
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

# as `salesdx.cli.main` does: a test makes as many small objects
gc.set_threshold(100_000, 50, 50)
knowledge = ReadOnce()
knowledge.stand_in()

PUBLIC_DATA = "public_data"
Wrapped = Generator[None, pytest.TestReport, pytest.TestReport]
Collected = Generator[None, pytest.CollectReport, pytest.CollectReport]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{PUBLIC_DATA}: needs data sets that are not in the repository"
    )
    if FOLDER not in os.environ:  # workers are given that of their master
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="salesdx-tests-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(FOLDER)))
    # programs that tests start are given it, too
    os.environ[SWITCH] = "off"
    compiled_once.stand_in()


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


@pytest.fixture(scope="session", autouse=True)
def _nobody_changes_the_shipped_knowledge() -> Generator[None]:
    yield
    knowledge.check()


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """An empty case; what is imported into it is written beside it."""
    init_case(tmp_path / "acme", "Acme")
    return tmp_path / "acme"
