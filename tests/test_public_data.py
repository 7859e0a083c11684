"""Public data sets: the figures equal those computed independently, and no more
is claimed than they can bear."""

import json
from pathlib import Path
from typing import Any

import pytest

from salesdx.analysis import Analysis, analyse
from salesdx.case import init_case
from salesdx.crm.importing import plan_import, run_import
from salesdx.result import MetricRow

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
pytestmark = [
    pytest.mark.public_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="no public data here"),
]
FILES = {
    "maven_crm": [
        "sales_pipeline.csv", "sales_teams.csv", "accounts.csv", "products.csv",
    ],
    "olist_funnel": [
        "olist_marketing_qualified_leads_dataset.csv",
        "olist_closed_deals_dataset.csv",
    ],
    "bitrix24_export": ["bitrix24_deals_utf8bom_semicolon.csv"],
}  # fmt: skip


def truth(name: str) -> dict[str, Any]:
    return dict(json.loads((DATA / name / "expected.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def diagnosed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Analysis]:
    found = {}
    for name, files in FILES.items():
        folder = tmp_path_factory.mktemp(name)
        init_case(folder, name)
        run_import(plan_import(folder, [DATA / name / f for f in files]))
        found[name] = analyse(folder)
    return found


def figure(found: Analysis, metric: str, **where: str) -> MetricRow:
    return next(
        m for m in found.document.metrics
        if m.id == metric and m.slice == where and not m.period
    )  # fmt: skip


@pytest.mark.parametrize("name", ["maven_crm", "bitrix24_export"])
def test_maven_gives_the_expected_figures(
    diagnosed: dict[str, Analysis], name: str
) -> None:
    found, expected = diagnosed[name], truth("maven_crm")
    assert found.document.case.as_of == expected["as_of"][:10]
    assert figure(found, "deals.entries").value == expected["n_deals"]
    assert figure(found, "deals.won").value == expected["n_won"]
    assert figure(found, "deals.lost").value == expected["n_lost"]
    assert figure(found, "deals.open").value == expected["n_open"]
    assert figure(found, "revenue.won").value == expected["revenue_won"]
    rate = figure(found, "win-rate.closed")
    assert (rate.numerator, rate.denominator) == (
        expected["win_rate_closed"]["k"],
        expected["win_rate_closed"]["n"],
    )
    assert rate.interval == pytest.approx(
        expected["win_rate_closed"]["wilson95"], abs=1e-6
    )
    assert figure(found, "cycle.won-median").value == pytest.approx(
        expected["cycle_days_won"]["median"], abs=0.05
    )


def test_every_maven_agent_has_his_own_expected_figures(
    diagnosed: dict[str, Analysis],
) -> None:
    found = diagnosed["maven_crm"]
    for agent, expected in truth("maven_crm")["by_manager"].items():
        rate = figure(found, "win-rate.closed", manager=agent)
        assert rate.value == pytest.approx(expected["win_rate_closed"], abs=1e-6)
        revenue = figure(found, "revenue.won", manager=agent)
        assert revenue.value == expected["revenue"]


def test_agents_who_do_not_differ_beyond_chance_are_not_blamed(
    diagnosed: dict[str, Analysis],
) -> None:
    document = diagnosed["maven_crm"].document
    blamed = [c for c in document.causes if "manager" in c.slice
              and c.verdict == "likely"]  # fmt: skip
    confirmed = [x for x in document.losses if "manager" in x.slice
                 and x.state == "confirmed"]  # fmt: skip
    assert blamed == []
    assert confirmed == []
    assert document.summary.state == "no_loss_found"


def test_undated_deals_are_counted_not_fatal(diagnosed: dict[str, Analysis]) -> None:
    notes = {n.id: n for n in diagnosed["maven_crm"].document.data_quality}
    assert "undated-deals" in notes
    assert "500" in notes["undated-deals"].title.en + notes["undated-deals"].effect.en


def test_olist_conversion_is_raw_and_at_days_old_enough(
    diagnosed: dict[str, Analysis],
) -> None:
    found, expected = diagnosed["olist_funnel"], truth("olist_funnel")
    raw = figure(found, "conversion.raw")
    assert (raw.numerator, raw.denominator) == (842, 8000)
    for days in (30, 90):
        matured = expected["matured"][f"{days}d"]
        assert figure(found, f"conversion.{days}d").value == pytest.approx(
            matured["rate"], abs=1e-6
        )


def test_olist_refuses_what_it_cannot_know(diagnosed: dict[str, Analysis]) -> None:
    document = diagnosed["olist_funnel"].document
    closed = figure(diagnosed["olist_funnel"], "win-rate.closed")
    assert closed.state == "unknown"
    assert closed.reason is not None
    of_managers = [
        m for m in document.metrics
        if m.id.startswith("conversion.") and "manager" in m.slice
    ]  # fmt: skip
    assert all(m.value is None and m.reason for m in of_managers)
    notes = {n.id for n in document.data_quality}
    assert {"no-lost-deals", "manager-known-for-won-only"} <= notes
    assert "negative-durations" in notes
