"""ABC by revenue and XYZ by evenness, on clients that a person can rank."""

import datetime as dt

import pyarrow as pa
import pytest

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.knowledge.benchmarks import shipped_settings
from salesdx.metrics.clients import abc_xyz
from salesdx.metrics.data import Data
from salesdx.metrics.registry import compute

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
Row = tuple[str, str, float]


def measured(
    *rows: Row, **settings: float
) -> dict[tuple[str, str], Measurement]:  # fmt: skip
    days = [dt.datetime.fromisoformat(day) for _, day, _ in rows]
    deals = {
        "deal_id": [f"D{i}" for i in range(len(rows))],
        "client_id": [client for client, _, _ in rows],
        "status": ["won"] * len(rows), "entered_at": days, "closed_at": days,
        "amount": [amount for _, _, amount in rows],
        "manager_id": ["Anna" if c < "b" else "Boris" for c, _, _ in rows],
    }  # fmt: skip
    own = {k.replace("__", ".").replace("_", "-"): v for k, v in settings.items()}
    data = Data(
        {"deals": pa.table(deals)}, Company(format=1, name="Acme"), AS_OF,
        {**shipped_settings(), **own},
    )  # fmt: skip
    found = compute(data, abc_xyz.METRICS)
    return {(r.metric, "+".join(v for _, v in r.slice)): r for r in found}


def year(client: str, *amounts: float) -> list[Row]:
    """One purchase in each month from July 2025 on, none where the amount is 0."""
    months = [f"2025-{m:02}-05" for m in range(7, 13)]
    months += [f"2026-{m:02}-05" for m in range(1, 7)]
    return [(client, d, a) for d, a in zip(months, amounts, strict=False) if a]


def test_classes_follow_the_cumulative_share() -> None:
    # 70, 90, 96, 99, 100 %: the client who carries the sum over 80 % is still A
    sizes = {"a1": 70.0, "b1": 20.0, "b2": 6.0, "b3": 3.0, "b4": 1.0}
    found = measured(*[(c, "2026-01-01", a) for c, a in sizes.items()])
    counts = [found[f"clients.abc-{c}", ""].value for c in "abc"]
    assert counts == [2, 1, 2]
    share = found["clients.abc-a-revenue-share", ""]
    assert (share.numerator, share.denominator) == (90, 100)
    assert found["clients.abc-a", "Boris"].value == 1
    assert found["clients.abc-a-revenue-share", "Anna"].value == 1


def test_the_limits_of_the_classes_are_benchmarks() -> None:
    sizes = {"a": 70.0, "b": 20.0, "c": 10.0}
    rows = [(c, "2026-01-01", a) for c, a in sizes.items()]
    found = measured(*rows, clients__abc_a=0.5)
    assert [found[f"clients.abc-{c}", ""].value for c in "abc"] == [1, 2, 0]


def test_evenness_counts_months_without_a_purchase() -> None:
    even = year("a", *[100.0] * 12)
    swings = year("b", *[100.0, 140.0] * 6)  # deviation 20 of 120: 17 %
    gaps = year("c", *[100.0, 0.0] * 6)  # deviation 50 of 50: 100 %
    young = year("d", 0, 0, 0, *[100.0] * 9)
    gone = [("e", "2025-01-05", 100.0)]
    found = measured(*even, *swings, *gaps, *young, *gone)
    assert [found[f"clients.xyz-{c}", ""].value for c in "xyz"] == [1, 1, 1]
    assert found["clients.xyz-x", "Anna"].value == 1
    assert found["clients.xyz-z", "Boris"].value == 1


def test_an_unfinished_month_is_not_among_the_twelve() -> None:
    rows = year("a", *[100.0] * 12)
    early = dt.datetime(2026, 6, 20)
    days = [dt.datetime.fromisoformat(day) for _, day, _ in rows]
    deals = pa.table(
        {"deal_id": [str(i) for i in range(12)], "client_id": ["a"] * 12,
         "status": ["won"] * 12, "closed_at": days, "amount": [100.0] * 12}
    )  # fmt: skip
    data = Data({"deals": deals}, Company(format=1, name="Acme"), early)
    found = {r.metric: r for r in compute(data, abc_xyz.METRICS)}
    # the twelve months begin in June 2025, before the client came
    assert found["clients.xyz-x"].value is None


@pytest.mark.parametrize("metric", ["clients.abc-a", "clients.abc-a-revenue-share"])
def test_without_revenue_there_are_no_classes(metric: str) -> None:
    row = measured(("a", "2026-01-01", 0.0))[metric, ""]
    assert (row.value, row.state) == (None, "unknown")
    assert row.reason
