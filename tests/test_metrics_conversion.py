import csv
import datetime as dt
import math
import os
from pathlib import Path

import pyarrow as pa
import pytest

from salesdx.company import Company, Funnel
from salesdx.metrics.data import Data
from salesdx.metrics.deals import cohorts, conversion, funnel, maturity, money_totals
from salesdx.metrics.registry import compute
from salesdx.metrics.trends import breaks

METRICS = (
    conversion.METRICS + maturity.METRICS + cohorts.METRICS + funnel.METRICS
    + money_totals.METRICS
)  # fmt: skip
PUBLIC = Path(
    os.environ.get("SALESDX_PUBLIC_DATA")
    or Path(__file__).parents[1].parent / "shared" / "data"
)
TYPES = {
    "entered_at": pa.timestamp("s"), "closed_at": pa.timestamp("s"),
    "amount": pa.float64(),
}  # fmt: skip


def arrow(rows):
    names = sorted({name for row in rows for name in row})
    return pa.table(
        {
            n: pa.array([r.get(n) for r in rows], TYPES.get(n, pa.string()))
            for n in names
        }
    )


def case(rows, as_of=dt.datetime(2018, 12, 31, 23, 59, 59), **company):
    company.setdefault("funnels", [])
    tables = {"deals": arrow([{"deal_id": str(i), **r} for i, r in enumerate(rows)])}
    return Data(tables, Company(format=1, name="Acme", **company), as_of)


def deal(entered, status="open", wait=None, **more):
    closed = None if wait is None else entered + dt.timedelta(days=wait)
    return {"entered_at": entered, "status": status, "closed_at": closed, **more}


def figures(data):
    found = {}
    for m in compute(data, METRICS):
        assert m.value is None or math.isfinite(m.value)
        assert (m.value is None) == (m.state == "unknown") or m.state == "insufficient"
        found.setdefault((m.metric, m.slice, m.period), m)
    return found


def entries(day, n, wins, wait=30, **more):
    return [deal(day, "won", wait, **more) for _ in range(wins)] + [
        deal(day, "lost", wait, **more) for _ in range(n - wins)
    ]


def test_fifty_to_one_becomes_seventeen_to_one_without_young_entries():
    old, young = dt.datetime(2018, 3, 1), dt.datetime(2018, 12, 1)
    rows = entries(old, 500, 30) + [deal(young) for _ in range(1000)]
    found = figures(case(rows, funnels=[Funnel(cycle_days=90)]))
    assert found["conversion.raw", (), ""].value == pytest.approx(1 / 50)
    mature = found["conversion.mature", (), ""]
    assert (mature.numerator, mature.denominator) == (30, 500)
    assert found["maturity.distortion", (), ""].value == pytest.approx(3)
    assert found["maturity.young-share", (), ""].value == pytest.approx(2 / 3)


def test_the_fall_between_two_years_is_seen_and_dated():
    rows = []
    for year, wins in ((2017, 21), (2018, 1)):
        for month in range(1, 11):
            rows += entries(dt.datetime(year, month, 5), 50, wins, product="a")
    data = case(rows, funnels=[Funnel(cycle_days=60)])
    found = figures(data)
    assert found["conversion.mature", (), "2017"].value == pytest.approx(0.42)
    assert found["conversion.mature", (), "2018"].value == pytest.approx(0.02)
    assert found["cohort.jump", (), ""].value == pytest.approx(21)
    assert found["cohort.jump-significant", (), ""].value == 1
    (change,) = breaks.conversion_breaks(data)
    assert change.at == "2018-01"
    assert (change.before, change.after) == (pytest.approx(0.42), pytest.approx(0.02))


def test_a_steady_company_has_no_break():
    rows = []
    for month in range(1, 11):
        rows += entries(dt.datetime(2018, month, 5), 50, 5 + month % 2)
    data = case(rows, funnels=[Funnel(cycle_days=30)])
    assert breaks.conversion_breaks(data) == []


def test_entries_before_the_records_of_closings_are_not_judged():
    rows = []
    for month in range(1, 11):
        day = dt.datetime(2018, month, 5)
        if month <= 3:  # only what was still open on 1 April came into the CRM
            rows += [deal(day, "won", (dt.datetime(2018, 4, 2) - day).days)] * 20
        else:
            rows += entries(day, 50, 10, wait=20)
    data = case(rows, funnels=[Funnel(cycle_days=30)])
    assert maturity.truncated_before(data) == dt.date(2018, 4, 2)
    quarters = {c.period: c for c in cohorts.cohort_rows(data)}
    assert (quarters["2018-Q1"].entries, quarters["2018-Q1"].mature) == (60, 0)
    assert quarters["2018-Q1"].rate is None
    assert quarters["2018-Q2"].rate == pytest.approx(0.2)
    assert breaks.conversion_breaks(data) == []


def test_a_manager_written_down_at_the_win_has_no_conversion():
    day = dt.datetime(2018, 3, 1)
    rows = [deal(day, "won", 10, manager_id=f"m{i % 2}") for i in range(20)]
    rows += [deal(day) for _ in range(80)]
    found = figures(case(rows))
    manager = (("manager", "m0"),)
    assert found["conversion.raw", (), ""].value == 0.2
    assert found["conversion.raw", manager, ""].state == "unknown"
    assert found["conversion.at-horizon", manager, ""].state == "unknown"
    assert found["deals.won", manager, ""].value == 10
    assert found["win-rate.closed", (), ""].state == "unknown"


def test_the_deal_beats_the_client_and_the_client_gives_what_the_deal_lacks():
    day = dt.datetime(2018, 3, 1)
    data = Data(
        {
            "deals": arrow([
                {**deal(day, "won", 5, client_id="c", segment="big"), "deal_id": "1"},
                {**deal(day, "lost", 5, client_id="c"), "deal_id": "2"},
            ]),
            "clients": arrow([
                {"client_id": "c", "segment": "small", "region": "north"}
            ]),
        },
        Company(format=1, name="Acme"), dt.datetime(2018, 12, 31),
    )  # fmt: skip
    found = figures(data)
    assert found["deals.won", (("segment", "big"),), ""].value == 1
    assert found["deals.lost", (("segment", "small"),), ""].value == 1
    assert found["deals.entries", (("region", "north"),), ""].value == 2


def test_a_skipped_stage_counts_as_passed():
    day = dt.datetime(2018, 3, 1)
    rows = (
        [deal(day, "won", 5, stage_id="contract", manager_id="a")] * 2
        + [deal(day, "lost", 5, stage_id="proposal", manager_id="a")] * 3
        + [deal(day, "lost", 5, stage_id="new", manager_id="a")] * 5
    )
    stages = ["new", "meeting", "proposal"]
    line = Funnel(stages=stages, main_stage="proposal", cycle_days=30)
    data = case(rows, funnels=[line])
    steps = {s.stage: s for s in funnel.funnel_steps(data)}
    assert [s.count for s in steps.values()] == [10, 5, 5, 2]
    assert steps["meeting"].conversion == 1
    found = figures(data)
    assert found["conversion.main-stage", (), ""].value == pytest.approx(0.4)
    where = (("manager", "a"), ("stage", "new"))
    assert found["conversion.stage", where, ""].value == 0.5


HOLLOW = {
    "one open deal": [deal(dt.datetime(2018, 3, 1))],
    "one won deal": [deal(dt.datetime(2018, 3, 1), "won", 5, amount=10.0)],
    "no dates": [{"status": s} for s in ("won", "lost", "open")],
    "nobody won": [deal(dt.datetime(2018, 3, 1), "lost", 5, manager_id="a")] * 40,
    "everybody won": [deal(dt.datetime(2018, 3, 1), "won", 5, manager_id="a")] * 40,
    "closed before entered": [deal(dt.datetime(2018, 3, 1), "won", -5)] * 6
    + [deal(dt.datetime(2018, 3, 1))] * 6,
    "all in the future": [deal(dt.datetime(2030, 3, 1), "won", 5)] * 6
    + [deal(dt.datetime(2030, 3, 1))],
    "empty columns": [deal(dt.datetime(2018, 3, 1), manager_id=None, amount=None)],
}


@pytest.mark.parametrize("rows", HOLLOW.values(), ids=HOLLOW)
def test_thin_data_give_unknowns_and_no_nonsense(rows):
    for data in (case(rows), case(rows, funnels=[Funnel(cycle_days=30)])):
        figures(data)
        breaks.conversion_breaks(data)
        cohorts.cohort_rows(data)
        funnel.funnel_steps(data)


def test_money_is_summed_in_whole_cents():
    rows = [deal(dt.datetime(2018, 3, 1), "won", 5, amount=0.1) for _ in range(30)]
    found = figures(case([*rows, deal(dt.datetime(2018, 3, 1))]))
    assert found["revenue.won", (), ""].value == 3.0


def public(name):
    path = PUBLIC / name
    if not path.is_file():
        pytest.skip("public data are not at hand")
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def moment(text):
    return dt.datetime.fromisoformat(text) if text else None


def maven():
    status = {"Won": "won", "Lost": "lost"}
    teams = public("maven_crm/sales_teams.csv")
    accounts = public("maven_crm/accounts.csv")
    deals = [
        {
            "deal_id": r["opportunity_id"],
            "manager_id": r["sales_agent"],
            "client_id": r["account"] or None,
            "product": r["product"].replace("GTXPro", "GTX Pro"),
            "status": status.get(r["deal_stage"], "open"),
            "entered_at": moment(r["engage_date"]),
            "closed_at": moment(r["close_date"]),
            "amount": float(r["close_value"]) if r["close_value"] else None,
        }
        for r in public("maven_crm/sales_pipeline.csv")
    ]
    tables = {
        "deals": arrow(deals),
        "clients": arrow(
            [{"client_id": r["account"], "segment": r["sector"]} for r in accounts]
        ),
        "managers": arrow(
            [
                {"manager_id": r["sales_agent"], "region": r["regional_office"]}
                for r in teams
            ]
        ),
    }
    company = Company(format=1, name="Maven")
    return Data(tables, company, dt.datetime(2017, 12, 31, 23, 59, 59))


def olist():
    won = {
        r["mql_id"]: r for r in public("olist_funnel/olist_closed_deals_dataset.csv")
    }
    leads = public("olist_funnel/olist_marketing_qualified_leads_dataset.csv")
    rows = [
        {
            "deal_id": r["mql_id"],
            "source": r["origin"] or None,
            "manager_id": won.get(r["mql_id"], {}).get("sr_id"),
            "status": "won" if r["mql_id"] in won else "open",
            "entered_at": moment(r["first_contact_date"]),
            "closed_at": moment(won.get(r["mql_id"], {}).get("won_date")),
        }
        for r in leads
    ]
    company = Company(format=1, name="Olist")
    return Data({"deals": arrow(rows)}, company, dt.datetime(2018, 11, 14, 23, 59, 59))


@pytest.mark.public_data
def test_the_maven_pipeline_gives_its_published_figures():
    data = maven()
    found = figures(data)
    win_rate = found["win-rate.closed", (), ""]
    assert win_rate.value == pytest.approx(0.631501, abs=1e-6)
    assert win_rate.interval == pytest.approx((0.619887, 0.642964), abs=1e-5)
    assert found["cycle.won-median", (), ""].value == 57
    assert found["cycle.won-mean", (), ""].value == pytest.approx(51.781973)
    assert found["revenue.won", (), ""].value == 10_005_534
    assert maturity.truncated_before(data) == dt.date(2017, 3, 1)
    # 53 to 42 % is certain and worth a word, and no 42 to 2
    (change,) = breaks.conversion_breaks(data)
    assert (change.at, change.severity) == ("2017-07", "info")
    assert change.factor == pytest.approx(1.25, abs=0.01)


@pytest.mark.public_data
def test_the_olist_funnel_gives_its_published_figures():
    found = figures(olist())
    raw = found["conversion.raw", (), ""]
    assert (raw.numerator, raw.denominator) == (842, 8000)
    assert found["conversion.30d", (), ""].value == pytest.approx(0.068375)
    assert found["conversion.90d", (), ""].value == pytest.approx(0.086375)
    assert found["win-rate.closed", (), ""].state == "unknown"
    managers = [
        m
        for (name, where, _), m in found.items()
        if name.startswith("conversion") and dict(where).get("manager")
    ]
    assert managers
    assert all(m.state == "unknown" for m in managers)


def test_repeat_orders_of_regulars_are_sales_but_no_conversions():
    day = dt.datetime(2018, 3, 1)
    won_over = entries(day, 100, 10, funnel_id="main", manager_id="new")
    again = entries(day, 300, 300, funnel_id="orders", manager_id="regulars")
    kinds = [Funnel(id="main"), Funnel(id="orders", kind="repeat")]
    found = figures(case(won_over + again, funnels=kinds))
    assert found["deals.won", (), ""].value == 310
    for metric in ("conversion.raw", "conversion.mature", "conversion.at-horizon"):
        assert found[metric, (), ""].value == pytest.approx(0.1, abs=0.001)
    mixed = figures(case(won_over + again))  # company.yaml does not say: all are deals
    assert mixed["conversion.raw", (), ""].value == 310 / 400
