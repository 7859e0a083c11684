"""The proof in small: few firms on a fixed seed, so the bounds are loose.

The whole of it is `make proof`; what it said is in docs/proof.md.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import proof
import proof_firms
from proof_firms import Firm, Outcome

SEED = 9


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
