"""The proof in small: few firms on a fixed seed, so the bounds are loose.

The whole of it is `make proof`; what it said is in docs/proof.md.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import proof
import proof_firms
from proof_firms import GATE, Firm, Outcome

from salesdx.language import Text
from salesdx.losses.candidate import Candidate
from salesdx.losses.grid import Judged, Materiality, Worth, judge
from salesdx.losses.rate_gaps import rate_candidates
from salesdx.losses.rows import Context, rows
from salesdx.losses.worth import Prices
from salesdx.metrics.deals.deal_counts import LifeTable
from salesdx.statistics.outliers import Gap

SEED = 9
WORDS = Text(en="peers", ru="коллеги")


def candidate(value="1", p=0.5, metric="conversion.mature", **more):
    """100 deals, a tenth won where a fifth is usual."""
    fields = {
        "n": 100, "actual": 0.1, "norm": 0.2, "probability": 0.99, "p_value": p,
        "gap": Gap(0.0, 0.3, 0.6, (0.2, 0.5, 0.7)), "enough": True, "sensitive": True,
        "comparable": True, "needed_n": 200, "settling_n": 200, "reachable": True,
        "excluded": (), "norm_of": WORDS,
    }  # fmt: skip
    return Candidate(metric, "manager", value, **(fields | more))


def states(candidates, least=1.0):
    worth = {("manager", c.value): Worth(10, 100.0) for c in candidates}
    found = judge(candidates, worth, Materiality(least, 1e9, 0.0), GATE)
    return [j.state for j in found]


def others(n, metric="conversion.mature"):
    return [candidate(f"o{i}", (i + 0.5) / n, metric) for i in range(n)]


def test_a_gap_is_confirmed_only_when_its_family_holds_gaps():
    # 0.01 alone is 1 of 100, the smallest of thirty is below it once in four families
    assert states([candidate(p=0.01)]) == ["confirmed"]
    assert states([candidate(p=0.01), *others(29)])[0] == "suspected"
    assert states([candidate(p=0.0001), *others(29)])[0] == "confirmed"


def test_every_further_family_raises_the_bar():
    alone = [candidate(p=0.02)]
    more = [c for i in range(5) for c in others(1, f"work.{i}")]
    assert states(alone)[0] == "confirmed"
    assert states([*alone, *more])[0] == "suspected"


def test_a_real_family_lets_the_next_be_tested_more_easily():
    # two families at 0.04: one alone in need of 0.025 fails, after a sure one it passes
    sure = candidate(p=1e-9, metric="check.average")
    other = candidate(p=0.5, metric="check.average")
    assert states([candidate(p=0.04), other])[0] == "suspected"
    assert states([candidate(p=0.04), sure])[0] == "confirmed"


def test_what_is_confirmed_is_granted_and_what_is_suspected_is_not():
    sure, doubtful = candidate(p=1e-9), candidate("2", p=0.2)
    worth = {("manager", v): Worth(10, 100.0) for v in "12"}
    found = judge([sure, doubtful], worth, Materiality(1.0, 1e9, 0.0), GATE)
    # 100 deals at 20 % are 20 wins of 100 each: 2000 x 0.2, 0.5, 0.7 and 0, 0.3, 0.6
    assert found[0].money == pytest.approx((400, 1000, 1400))
    assert found[1].money == pytest.approx((0, 600, 1200))
    assert (found[0].behind, found[1].behind) == (0.5, 0.3)


def test_the_test_of_money_comes_first():
    assert states([candidate(p=1e-9)], least=2000.0) == ["noise"]


def test_another_mix_of_deals_is_a_suspicion_at_most():
    assert states([candidate(p=1e-9, comparable=False)]) == ["suspected"]


def test_a_rate_without_a_price_has_a_state_and_no_money():
    slow = candidate(p=1e-9, kind="other")
    found = judge(
        [slow], {("manager", "1"): Worth(10, 100.0)}, Materiality(1.0, 1e9, 0.0), GATE
    )
    assert (found[0].state, found[0].money) == ("confirmed", None)


def table(won, n):
    return LifeTable(np.array([won, 0]), np.array([0, n - won]))


def test_who_is_left_out_of_the_norm_is_said_with_the_reason():
    rows = {(f"m{i}", ()): table(40 + i % 3, 200) for i in range(10)}
    rows["weak", ()], rows["small", ()] = table(10, 200), table(2, 8)
    rows["fresh", ()] = table(30, 200)
    found = rate_candidates(
        "conversion.mature", "manager", rows, 0, ["fresh"], (), GATE
    )
    by = {c.value: c for c in found}
    assert dict(by["m0"].excluded) == {
        "weak": "extreme", "small": "few", "fresh": "novice",
    }  # fmt: skip
    assert dict(by["weak"].excluded) == {"small": "few", "fresh": "novice"}
    # the weak one does not lower the norm of the others, nor his own
    assert by["m0"].norm == pytest.approx(41 / 200, abs=0.002)
    assert by["weak"].norm == pytest.approx(41 / 200, abs=0.002)


def test_luck_alone_leaves_nobody_out_of_the_norm():
    rows = {(f"m{i}", ()): table(35 + i, 200) for i in range(12)}
    found = rate_candidates("conversion.mature", "manager", rows, 0, (), (), GATE)
    assert {c.excluded for c in found} == {()}


def test_hard_deals_make_no_extreme():
    rows = {}
    for i in range(12):
        hard = 180 if i == 0 else 100
        rows[f"m{i}", ("hard",)] = table(hard // 10, hard)
        rows[f"m{i}", ("easy",)] = table((200 - hard) * 4 // 10, 200 - hard)
    found = rate_candidates(
        "conversion.mature", "manager", rows, 0, (), ("segment",), GATE
    )
    assert {c.excluded for c in found} == {()}
    assert found[0].norm == pytest.approx(0.13)


def test_no_win_among_deals_still_open_says_little():
    # 100 entered, only 12 of them were followed to day 1
    young = LifeTable(np.array([0, 0, 0]), np.array([88, 0, 12]))
    old = LifeTable(np.array([0, 0, 0]), np.array([0, 0, 100]))
    peers = {
        (f"m{i}", ()): LifeTable(np.array([0, 20, 0]), np.array([0, 0, 80]))
        for i in range(5)
    }
    found = {
        name: next(
            c
            for c in rate_candidates(
                "conversion.at-horizon", "manager", {("none", ()): t, **peers}, 1, (),
                (), GATE,
            )
            if c.value == "none"
        )
        for name, t in (("young", young), ("old", old))
    }  # fmt: skip
    # 0.8 ** 12 = 7 %, halved because nothing less could be seen
    assert found["young"].p_value == pytest.approx(0.035, abs=0.01)
    assert found["old"].p_value < 1e-6


def outcome(firm: Firm, firms: int) -> Outcome:
    total = Outcome()
    for i in range(firms):
        total.add(proof_firms.observe(firm, (SEED, i)))
    return total


@pytest.mark.parametrize(
    "firm",
    [
        Firm(0.2, 60),
        Firm(0.06, 100),
        Firm(0.1, 150, sellers=6),
        Firm(0.1, 400, sellers=2),
        Firm(0.2, 100, unlike={"segment": 0.7}),
    ],
    ids=["thirty", "rare wins", "six", "two", "segments differ"],
)
def test_where_sellers_are_alike_hardly_a_firm_is_alarmed(firm):
    # one in twenty is allowed: of 60 firms more than 6 would be seen once in 50 tries
    assert outcome(firm, 60).alarmed <= 6


def test_sellers_at_half_the_norm_are_found_and_their_money_is_right():
    found = outcome(Firm(0.2, 200, bad=3), 60)
    assert found.bad == 180
    assert found.found >= 0.8 * found.bad
    assert found.money / found.money_true == pytest.approx(1, abs=0.15)
    assert found.all_money / found.all_true == pytest.approx(1, abs=0.2)
    assert 0.7 <= found.covered / found.found <= 0.92
    assert found.blamed <= 0.15 * found.findings


def test_too_few_deals_are_rarely_called_fine():
    found = outcome(Firm(0.2, 60, bad=3), 60)
    assert found.fine <= 0.25 * found.bad


def test_a_firm_does_not_depend_on_the_others_drawn():
    alone = proof_firms.observe(Firm(0.2, 60), (SEED, 3))
    assert alone == proof_firms.observe(Firm(0.2, 60), (SEED, 3))


def test_exact_bounds_of_a_share():
    # 0 of 800: 1 - 0.025 ** (1 / 800) = 0.46 %
    assert proof.bounds(0, 800) == pytest.approx((0, 0.0046), abs=1e-4)
    assert proof.bounds(800, 800)[1] == 1


def test_a_missed_target_is_told():
    scenario = proof.Scenario("x", Firm(0.2, 60), clean=True)
    assert proof.missed(scenario, Outcome(firms=800, alarmed=30)) == []
    assert proof.missed(scenario, Outcome(firms=800, alarmed=41))
    seen = proof.Scenario("x", Firm(0.2, 200, bad=3), seen=True)
    good = Outcome(
        firms=1, bad=100, found=90, money=0.95, money_true=1, all_money=0.95,
        all_true=1, covered=72,
    )  # fmt: skip
    assert proof.missed(seen, good) == []
    good.covered = 89
    assert proof.missed(seen, good)


def test_what_a_peer_reaches_already_comes_before_larger_money() -> None:
    mean = candidate("mean", actual=0.1, norm=0.2)
    alone = candidate("alone", metric="check.average", kind="amount", reachable=False)
    peer = candidate("peer", actual=0.3, norm=0.2)
    gate = [
        Judged(alone, "confirmed", (1.0, 900.0, 1000.0)),
        Judged(mean, "confirmed", (1.0, 100.0, 200.0)),
        Judged(peer, "noise", None),
    ]
    worth = dict.fromkeys((("manager", v) for v in ("alone", "mean")), Worth(10, 5.0))
    found = rows(
        gate, Context({}, {}, Prices("turnover", worth, Materiality(1.0, 1e9, 0.0)))
    )
    assert [r.slice["manager"] for r in found] == ["mean", "alone", "peer"]
    assert found[0].reached_by == [{"manager": "peer"}]
    assert found[0].state == found[1].state  # earlier, and no more certain
