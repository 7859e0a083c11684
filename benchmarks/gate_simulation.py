"""How often does the loss map cry wolf, and how often does it see a real gap?

Firms are drawn with a fixed seed and pass through the same gate as real data. Run:
python benchmarks/gate_simulation.py [firms]
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from salesdx.content import content, read, validate
from salesdx.knowledge.models import Benchmarks
from salesdx.losses.grid import Judged, Materiality, Worth, judge
from salesdx.losses.rate_gaps import rate_candidates
from salesdx.losses.settings import GateSettings
from salesdx.metrics.deal_counts import LifeTable

SEGMENTS, SOURCES = 3, 3


def shipped_settings() -> dict[str, float]:
    """The benchmarks `statistics.*` as shipped."""
    path: Path = content("knowledge_base") / "benchmarks" / "statistics.yaml"
    document, problems = read(path)
    assert document is not None, problems
    found, problems = validate(Benchmarks, document)
    assert found is not None, problems
    return {b.id: b.value for b in found.benchmarks}


@dataclass(frozen=True)
class Firm:
    """Sellers with their true conversion and deals each."""

    rate: float
    deals: int
    sellers: int = 30
    bad: int = 0
    bad_factor: float = 0.5
    segment_effect: float = 0.0  # log-odds between neighbouring segments


def draw(firm: Firm, rng: np.random.Generator) -> list[Judged]:
    """One firm through the gate: manager, segment and source in one grid."""
    who = np.repeat(np.arange(firm.sellers), firm.deals)
    # sellers work different mixes, as in life: otherwise mix could not mislead
    taste = rng.dirichlet(np.full(SEGMENTS, 3.0), firm.sellers)
    segment = (rng.random(len(who))[:, None] > taste[who].cumsum(1)).sum(1)
    segment = np.minimum(segment, SEGMENTS - 1)
    source = rng.integers(0, SOURCES, len(who))
    odds = np.log(firm.rate / (1 - firm.rate)) + firm.segment_effect * (segment - 1)
    p = 1 / (1 + np.exp(-odds))
    p = np.where(who < firm.bad, p * firm.bad_factor, p)
    won = rng.random(len(who)) < p
    gate = GateSettings.of(shipped_settings())
    columns = {"manager": who, "segment": segment, "source": source}
    candidates = []
    for dimension, values in columns.items():
        cells = tuple(c for c in ("segment", "source") if c != dimension)
        tables = _tables(values, [columns[c] for c in cells], won)
        candidates += rate_candidates(
            "conversion.at-horizon", dimension, tables, 0, (), cells, gate
        )
    worth = {}
    for c in candidates:
        wins = int(won[columns[c.dimension] == int(c.value)].sum())
        worth[(c.dimension, c.value)] = Worth(wins, 1000.0)
    revenue = 1000.0 * won.sum()
    materiality = Materiality(gate.min_loss_share * revenue, revenue, 0.0)
    return judge(candidates, worth, materiality, gate)


def _tables(
    values: np.ndarray, cells: Sequence[np.ndarray], won: np.ndarray
) -> dict[tuple[str, tuple[str, ...]], LifeTable]:
    keys = np.stack([values, *cells], axis=1)
    unique, where = np.unique(keys, axis=0, return_inverse=True)
    n = np.bincount(where.ravel(), minlength=len(unique))
    k = np.bincount(where.ravel(), weights=won, minlength=len(unique)).astype(int)
    return {
        (str(row[0]), tuple(str(c) for c in row[1:])): LifeTable(
            np.array([k[i], 0], np.int64), np.array([0, n[i] - k[i]], np.int64)
        )
        for i, row in enumerate(unique)
    }


@dataclass(frozen=True)
class Outcome:
    """Shares over many firms."""

    any_false: float  # firms with a confirmed gap where there is none
    false_managers: float  # good sellers blamed
    found: float  # bad sellers confirmed
    missed_as_fine: float  # bad sellers called noise
    money_ratio: float  # confirmed money to true loss of the bad


def simulate(firm: Firm, firms: int, seed: int = 1) -> Outcome:
    """Draw many firms of one kind."""
    rng = np.random.default_rng(seed)
    any_false = false = found = fine = 0
    money = 0.0
    for _ in range(firms):
        judged = draw(firm, rng)
        wrong = 0
        for j in judged:
            c = j.candidate
            bad = c.dimension == "manager" and int(c.value) < firm.bad
            real = bad or (c.dimension == "segment" and firm.segment_effect != 0)
            wrong += j.state == "confirmed" and not real
            false += j.state == "confirmed" and c.dimension == "manager" and not bad
            found += j.state == "confirmed" and bad
            fine += j.state == "noise" and bad
            if j.state == "confirmed" and bad and j.money:
                money += j.money[1]
        any_false += wrong > 0
    true = firms * firm.bad * firm.deals * firm.rate * (1 - firm.bad_factor) * 1000
    good = firms * (firm.sellers - firm.bad)
    bad_all = max(firms * firm.bad, 1)
    return Outcome(
        any_false / firms,
        false / good,
        found / bad_all,
        fine / bad_all,
        money / true if true else 0.0,
    )


SCENARIOS = {
    "identical, p=.20, n=60": Firm(0.20, 60),
    "identical, p=.20, n=200": Firm(0.20, 200),
    "identical, p=.06, n=100": Firm(0.06, 100),
    "identical, p=.50, n=250": Firm(0.50, 250),
    "identical, 6 sellers, p=.10, n=150": Firm(0.10, 150, sellers=6),
    "identical, 2 sellers, p=.10, n=400": Firm(0.10, 400, sellers=2),
    "identical, segments differ": Firm(0.20, 100, segment_effect=0.7),
    "3 of 30 at half, p=.20, n=60": Firm(0.20, 60, bad=3),
    "3 of 30 at half, p=.20, n=200": Firm(0.20, 200, bad=3),
    "3 of 30 at half, p=.10, n=200": Firm(0.10, 200, bad=3),
    "1 of 30 at half, p=.20, n=200": Firm(0.20, 200, bad=1),
    "1 of 6 at half, p=.20, n=200": Firm(0.20, 200, sellers=6, bad=1),
}


def main() -> None:
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else 800
    print(f"{firms} firms each; shares in %")
    print(f"{'':36}  false  blamed  found  'fine'  money/true")
    for name, firm in SCENARIOS.items():
        o = simulate(firm, firms)
        print(
            f"{name:36} {100 * o.any_false:6.1f} {100 * o.false_managers:7.2f}"
            f" {100 * o.found:6.1f} {100 * o.missed_as_fine:7.1f}"
            f" {o.money_ratio:10.2f}"
        )


if __name__ == "__main__":
    main()
