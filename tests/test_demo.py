"""The made-up company is the same every time and carries exactly the ills it says."""

import csv
import datetime as dt
import hashlib
from pathlib import Path

import pytest

from salesdx.demo import setting, write_demo
from salesdx.tables import TABLES

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"))


def rows(demo: Path, table: str) -> Rows:
    with (demo / "data" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def deals(demo: Path) -> Rows:
    found = {r["deal_id"]: r for r in rows(demo, "deals")}
    return [r for r in found.values() if not r["deal_id"].startswith("D9999")]


def won_share(found: Rows) -> float:
    return sum(r["status"] == "won" for r in found) / len(found)


def age_days(row: dict[str, str]) -> int:
    return (setting.AS_OF - dt.date.fromisoformat(row["entered_at"][:10])).days


def digest(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    assert digest(write_demo(tmp_path)) == digest(demo)


def test_another_seed_gives_another_company(demo: Path, tmp_path: Path) -> None:
    assert digest(write_demo(tmp_path, seed=7)) != digest(demo)


def test_every_table_and_column_is_canonical(demo: Path) -> None:
    for path in sorted((demo / "data").glob("*.csv")):
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        table = TABLES[path.stem]
        assert [c for c in header if table.column(c) is None] == [], path.stem


def test_the_company_has_the_size_of_a_real_one(demo: Path) -> None:
    assert 4500 <= len(deals(demo)) <= 6500
    assert len(rows(demo, "managers")) == 12
    assert len({r["segment"] for r in deals(demo)}) == 4
    assert len({r["source"] for r in deals(demo)}) == 4


def test_no_event_lies_after_the_day_of_analysis(demo: Path) -> None:
    last = setting.AS_OF.isoformat() + "T23:59:59"
    for row in deals(demo):
        assert row["entered_at"] <= last
        assert row["closed_at"] <= last


def test_a_campaign_makes_raw_conversion_look_much_worse(demo: Path) -> None:
    found = deals(demo)
    mature = [r for r in found if age_days(r) > 87]
    assert won_share(mature) / won_share(found) >= 1.5


def test_one_seller_refuses_a_part_of_the_range(demo: Path) -> None:
    mature = [r for r in deals(demo) if age_days(r) > 87]
    his = [r for r in mature if r["manager_id"] == setting.REFUSER]
    special = (setting.REFUSER, setting.SUPER_PRO, setting.NOVICE)
    peers = [r for r in mature if r["manager_id"] not in special]
    category = {p.id: p.category for p in setting.PRODUCTS}
    ids = {r["deal_id"] for r in his}
    sold = {
        category[r["product_id"]]
        for r in rows(demo, "deal_items")
        if r["deal_id"] in ids and r["offered"] == "true"
    }
    unavailable = [r for r in his if r["lost_reason"] == "Нет в наличии"]
    assert len(his) >= 300
    assert 0.5 <= len(sold) / len(set(category.values())) <= 0.6
    assert len(unavailable) / len(his) > 0.3
    assert 0.4 <= won_share(his) / won_share(peers) <= 0.6


def test_requests_out_of_hours_wait_and_get_lost(demo: Path) -> None:
    leads = rows(demo, "leads")
    late = [
        r
        for r in leads
        if not setting.is_open(dt.datetime.fromisoformat(r["created_at"]))
    ]
    in_time = [r for r in leads if r not in late]
    won = {r["lead_id"] for r in deals(demo) if r["status"] == "won"}

    def unanswered(found: Rows) -> float:
        return sum(not r["first_response_at"] for r in found) / len(found)

    assert 0.25 <= len(late) / len(leads) <= 0.5
    assert unanswered(late) > 0.4 > 0.1 > unanswered(in_time)
    sold_late = sum(r["lead_id"] in won for r in late) / len(late)
    sold = sum(r["lead_id"] in won for r in in_time) / len(in_time)
    assert sold_late < sold / 2


def test_ready_clients_wait_over_a_week_for_a_contract(demo: Path) -> None:
    waits = [
        (
            dt.datetime.fromisoformat(r["draft_sent_at"])
            - dt.datetime.fromisoformat(r["client_ready_at"])
        ).days
        for r in rows(demo, "contracts")
        if r["draft_sent_at"]
    ]
    assert sum(waits) / len(waits) > 7


def test_many_requests_have_no_next_task_or_owner(demo: Path) -> None:
    tickets = rows(demo, "tickets")
    bare = [r for r in tickets if not (r["next_task"] and r["assignee"])]
    assert len(bare) / len(tickets) > 0.35
