"""Public data sets: the figures computed independently (skipped where absent)."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from salesdx.case import init_case, load_case
from salesdx.crm.importing import plan_import, run_import

DATA = Path(
    os.environ.get("SALESDX_PUBLIC_DATA", "")
    or Path(__file__).parents[1].parent / "shared" / "data"
)
FILES = {
    "maven_crm": [
        "sales_pipeline.csv", "sales_teams.csv", "accounts.csv", "products.csv",
    ],
    "bitrix24_export": ["bitrix24_deals_utf8bom_semicolon.csv"],
    "cdnow": ["cdnow_orders.csv"],
    "olist_funnel": [
        "olist_closed_deals_dataset.csv", "olist_marketing_qualified_leads_dataset.csv",
    ],
}  # fmt: skip
# dollars in the file, roubles in company.yaml; orders have no outcome
ASKED = {"bitrix24_export": ["currency"], "cdnow": ["outcome"]}
pytestmark = [
    pytest.mark.public_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="no public data here"),
]


def imported(tmp_path, name):
    init_case(tmp_path, name)
    plan = plan_import(tmp_path, [DATA / name / f for f in FILES[name]])
    assert [q.kind for q in plan.questions] == ASKED.get(name, [])
    run_import(plan)
    return load_case(tmp_path)


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("maven_crm", "maven_crm"),
        ("bitrix24_export", "maven_crm"),
        ("olist_funnel", "olist_funnel"),
    ],
)
def test_totals_equal_the_independent_ones(tmp_path, name, truth):
    expected = json.loads((DATA / truth / "expected.json").read_text())
    found = imported(tmp_path, name)
    deals = found.tables["deals"].arrow
    counts = Counter(deals["status"].to_pylist())
    assert deals.num_rows == expected["n_deals"]
    assert [counts[s] for s in ("won", "lost", "open")] == [
        expected["n_won"], expected["n_lost"], expected["n_open"],
    ]  # fmt: skip
    assert found.as_of.date().isoformat() == expected["as_of"][:10]
    nulls = expected["nulls"]
    assert deals["entered_at"].null_count == nulls["created"]
    assert deals["manager_id"].null_count == nulls["manager"]
    if truth == "maven_crm":
        won = deals.filter(deals["status"].to_numpy() == "won")
        assert sum(won["amount"].to_pylist()) == expected["revenue_won"]


def test_maven_joins_its_team_and_shows_the_misspelt_product(tmp_path):
    found = imported(tmp_path, "maven_crm")
    assert found.tables["managers"].arrow.num_rows == 35
    assert found.tables["clients"].arrow.num_rows == 85
    orphans = {
        n.params["column"]: n.params for n in found.notes if n.id == "orphan-keys"
    }
    assert orphans["product"]["examples"] == "GTXPro"
    undated = next(n for n in found.notes if n.id == "undated-deals")
    assert undated.params["count"] == 500


def test_olist_says_what_it_cannot_know(tmp_path):
    found = imported(tmp_path, "olist_funnel")
    notes = {n.id: n.params for n in found.notes}
    assert notes["negative-durations"]["count"] == 1
    assert {"no-lost-deals", "manager-known-for-won-only"} <= set(notes)
    assert "amount" not in found.tables["deals"].arrow.column_names


def test_orders_of_cdnow_become_deals_won_on_their_day(tmp_path):
    expected = json.loads((DATA / "cdnow" / "expected.json").read_text())
    deals = imported(tmp_path, "cdnow").tables["deals"].arrow
    assert set(deals["status"].to_pylist()) == {"won"}
    assert deals["entered_at"].equals(deals["closed_at"])
    assert deals["client_id"].to_pylist()[0] == "00001"
    assert deals.num_rows == expected["n_orders"]
