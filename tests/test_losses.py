import datetime as dt
import math

import pyarrow as pa
import pytest

from salesdx.company import Company, Funnel
from salesdx.errors import KnowledgeError
from salesdx.knowledge.benchmarks import shipped_settings
from salesdx.losses.loss_map import loss_map
from salesdx.losses.settings import GateSettings
from salesdx.metrics.data import Data
from salesdx.metrics.deals import conversion
from salesdx.metrics.registry import compute

SETTINGS = shipped_settings()
AS_OF = dt.datetime(2018, 12, 31, 23, 59, 59)
TYPES = {
    "entered_at": pa.timestamp("s"), "closed_at": pa.timestamp("s"),
    "amount": pa.float64(), "cost": pa.float64(), "hired_at": pa.date32(),
}  # fmt: skip


def arrow(rows):
    names = sorted({name for row in rows for name in row})
    return pa.table(
        {
            n: pa.array([r.get(n) for r in rows], TYPES.get(n, pa.string()))
            for n in names
        }
    )


def sold(manager, n, wins, amount=1000.0, **more):
    """`n` entries of one seller spread over half a year, the first `wins` won."""
    start, found = dt.datetime(2018, 1, 10), []
    for i in range(n):
        entered = start + dt.timedelta(days=(i * 37) % 180)
        found.append(
            {
                "manager_id": manager,
                "entered_at": entered,
                "closed_at": entered + dt.timedelta(days=5 + (i * 7) % 20),
                "status": "won" if i < wins else "lost",
                "amount": amount * (0.9 + 0.2 * ((i * 13) % 10) / 9),
                **more,
            }
        )
    return found


def losses_of(rows, managers=(), **company):
    deals = [{"deal_id": str(i), **r} for i, r in enumerate(rows)]
    tables = {"deals": arrow(deals)}
    if managers:
        tables["managers"] = arrow(managers)
    data = Data(tables, Company(format=1, name="Acme", **company), AS_OF)
    found = loss_map(data, compute(data, conversion.METRICS), SETTINGS)
    for loss in found.losses:
        numbers = [loss.norm, loss.actual, loss.probability]
        if loss.money:
            numbers += [loss.money.low, loss.money.expected, loss.money.high]
            assert loss.money.low <= loss.money.expected <= loss.money.high
        assert all(math.isfinite(x) for x in numbers)
    return found


def states(found, metric="conversion.at-horizon", dimension="manager"):
    return {
        x.slice[dimension]: x.state
        for x in found.losses
        if x.metric == metric and dimension in x.slice
    }


def team(low=20, usual=40, n=200, sellers=8):
    rows = sold("weak", n, low)
    for i in range(sellers - 1):
        rows += sold(f"m{i}", n, usual + (i % 3) - 1)
    return rows


def test_a_seller_at_half_the_norm_is_a_finding_with_money():
    found = losses_of(team())
    assert states(found)["weak"] == "confirmed"
    assert set(states(found).values()) == {"confirmed", "noise"}
    loss = found.losses[0]
    assert loss.slice == {"manager": "weak"}
    # read at the day by which nine of ten wins have come
    assert loss.actual == pytest.approx(0.1, abs=0.01)
    assert loss.norm == pytest.approx(0.19, abs=0.01)
    # twenty deals at a thousand each, somewhat less after shrinkage
    assert 14_000 < loss.money.expected < 20_000
    assert loss.reachable
    assert found.total.expected == loss.money.expected
    assert (found.counted, found.basis, loss.share) == ("manager", "turnover", 1)
    facts = {(f.name, f.slice): f.value for f in found.gaps}
    assert facts["gap:conversion.at-horizon", (("manager", "weak"),)] == "confirmed"


def test_a_clean_company_has_no_loss():
    found = losses_of(team(low=40))
    assert found.total is None
    assert not [x for x in found.losses if x.state in ("confirmed", "suspected")]


def test_below_average_by_a_little_is_noise():
    assert states(losses_of(team(low=36)))["weak"] == "noise"


def test_few_deals_are_insufficient_and_say_how_many_would_do():
    rows = team(low=40) + sold("new", 20, 0) + sold("small", 60, 7)
    found = losses_of(rows)
    assert states(found)["new"] == "insufficient"
    assert states(found)["small"] == "insufficient"
    needed = {
        x.slice["manager"]: x.needed_n for x in found.losses if "manager" in x.slice
    }
    assert 200 <= needed["small"] <= 240


def test_a_novice_is_compared_but_makes_no_norm():
    hired = [{"manager_id": "weak", "hired_at": dt.date(2018, 5, 1)}]
    found = losses_of(team(low=16), managers=hired)
    assert states(found)["weak"] == "confirmed"
    other = next(x for x in found.losses if x.slice.get("manager") == "m0")
    assert "weak" in other.excluded


def test_a_poor_mix_of_segments_is_no_loss_of_the_seller():
    rows = []
    for i in range(8):
        hard, easy = (180, 20) if i == 0 else (100, 100)
        rows += sold(f"m{i}", hard, hard // 10, segment="hard")
        rows += sold(f"m{i}", easy, easy * 4 // 10, segment="easy")
    found = losses_of(rows)
    assert states(found)["m0"] == "noise"
    assert states(found, dimension="segment")["hard"] in ("confirmed", "suspected")


def test_a_seller_alone_in_his_segment_is_a_suspicion_at_most():
    rows = sold("weak", 200, 20, segment="his own")
    for i in range(7):
        rows += sold(f"m{i}", 200, 40 + (i % 3) - 1, segment="common")
    assert states(losses_of(rows))["weak"] == "suspected"


def test_a_loss_too_small_to_matter_is_noise():
    assert states(losses_of(team(), minimum_loss=1e6))["weak"] == "noise"


def test_low_checks_are_found_on_the_same_mix():
    rows = sold("cheap", 200, 40, amount=600.0)
    for i in range(7):
        rows += sold(f"m{i}", 200, 40, amount=1000.0 + 5 * i)
    found = losses_of(rows)
    assert states(found, "check.average")["cheap"] == "confirmed"
    loss = found.losses[0]
    assert loss.actual == pytest.approx(600, rel=0.02)
    assert loss.norm == pytest.approx(1000, rel=0.05)
    assert loss.money.expected == pytest.approx(40 * 400, rel=0.1)


def regulars(manager, clients, orders, amount):
    """Clients who order the same thing again and again, each for a sum of its own."""
    found = []
    for client in range(clients):
        usual = amount * (0.5 + (client * 7) % 10 / 9)
        for row in sold(manager, orders, orders, usual):
            found.append({**row, "client_id": f"{manager}{client}"})
    return found


def test_a_lost_client_is_worth_a_new_sale_not_a_repeat_order():
    """Cheap repeat orders must not make the deals that were lost cheap."""
    sales = sold("weak", 300, 30, funnel_id="main")
    for name in ("a", "b", "c", "d"):
        sales += sold(name, 300, 90, funnel_id="main")
    again = [
        row
        for name in ("weak", "a", "b", "c", "d")
        for row in sold(name, 300, 300, 10.0, funnel_id="orders")
    ]
    kinds = [Funnel(id="main"), Funnel(id="orders", kind="repeat")]

    def money(rows):
        found = losses_of(rows, funnels=kinds, minimum_loss=0)
        (loss,) = [
            x
            for x in found.losses
            if x.slice == {"manager": "weak"} and x.metric == "conversion.at-horizon"
        ]
        return loss.money.expected

    assert money(sales + again) == pytest.approx(money(sales), rel=0.01)


def test_ten_clients_who_order_often_are_ten_observations_not_three_hundred():
    rows = regulars("small", 10, 30, 780.0)
    for name in ("a", "b", "c", "d"):
        rows += regulars(name, 10, 30, 1000.0)
    alone = [{**row, "client_id": None} for row in rows]
    as_if_independent = states(losses_of(alone), "check.average")
    assert as_if_independent["small"] == "confirmed"
    assert states(losses_of(rows), "check.average")["small"] != "confirmed"


def test_conversion_and_check_of_one_seller_add_up_and_are_counted_once():
    rows = sold("weak", 200, 20, amount=600.0, source="weak's")
    rows = [{**r, "region": "far"} for r in rows]
    for i in range(7):
        rows += [{**r, "region": "near"} for r in sold(f"m{i}", 200, 40)]
    for r in rows:
        r.pop("source", None)
    found = losses_of(rows)
    both = [x for x in found.losses if x.slice == {"manager": "weak"}]
    assert {x.state for x in both} == {"confirmed"}
    assert len(both) == 2
    # 40 x 1000 - 20 x 600 is the most there is to win
    assert sum(x.money.expected for x in both) <= 28_000
    assert found.total.expected == pytest.approx(sum(x.money.expected for x in both))


def test_margin_is_used_where_costs_are_known():
    rows = [{**r, "cost": r["amount"] * 0.75} for r in team()]
    with_cost, without = losses_of(rows), losses_of(team())
    assert with_cost.basis == "margin"
    ratio = with_cost.losses[0].money.expected / without.losses[0].money.expected
    assert ratio == pytest.approx(0.25, abs=0.01)


def test_without_amounts_gaps_are_found_and_not_priced():
    rows = [{k: v for k, v in r.items() if k != "amount"} for r in team()]
    found = losses_of(rows)
    assert states(found)["weak"] == "confirmed"
    assert found.losses[0].money is None
    assert (found.total, found.basis) == (None, None)


def test_without_close_dates_mature_conversion_is_compared():
    rows = [{k: v for k, v in r.items() if k != "closed_at"} for r in team()]
    found = losses_of(rows, funnels=[Funnel(cycle_days=90)])
    assert states(found, "conversion.mature")["weak"] == "confirmed"


HOLLOW = {
    "one row": sold("a", 1, 0),
    "one manager": sold("a", 100, 20),
    "nobody won": sold("a", 100, 0) + sold("b", 100, 0),
    "everybody won": sold("a", 100, 100) + sold("b", 100, 100),
    "two managers, one never won": sold("a", 100, 30) + sold("b", 100, 0),
    "one never lost": sold("a", 100, 100) + sold("b", 100, 30) + sold("c", 100, 31),
    "free deals": [{**r, "amount": 0.0} for r in team()],
    "no statuses but won": [{"status": "won", "manager_id": "a"}],
}


@pytest.mark.parametrize("rows", HOLLOW.values(), ids=HOLLOW)
def test_thin_data_break_nothing(rows):
    losses_of(rows)


def test_the_same_data_give_the_same_map():
    assert losses_of(team()) == losses_of(list(reversed(team())))


def test_missing_settings_are_named():
    with pytest.raises(KnowledgeError, match="trim"):
        GateSettings.of({k: v for k, v in SETTINGS.items() if "trim" not in k})


def test_a_seller_who_only_needs_longer_loses_nothing():
    rows = [r for i in range(5) for r in sold(f"m{i}", 200, 40)]
    slow = sold("slow", 200, 40)
    for row in slow:
        row["closed_at"] += dt.timedelta(days=8)
    found = losses_of([*rows, *slow])
    assert states(found)["slow"] == "noise"
    assert found.total is None
