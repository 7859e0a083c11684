"""Made-up firms of the proof, judged on counts alone: fast, without dates.

Every firm is drawn from its own seed, so that the order and the number of processes
change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salesdx.knowledge.benchmarks import shipped_settings
from salesdx.losses.grid import Judged, Materiality, Worth, judge
from salesdx.losses.rate_gaps import rate_candidates
from salesdx.losses.settings import GateSettings
from salesdx.metrics.deals.deal_counts import LifeTable

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SETTINGS = shipped_settings()
GATE = GateSettings.of(SETTINGS)
CHECK = 1000.0
MIX = ("segment", "source")


@dataclass(frozen=True)
class Firm:
    """Sellers with their true conversion and deals each.

    `spread` is the standard deviation of ordinary sellers in log-conversion and
    `bad_spread` that of the bad, `uneven` that of their deals in logs; `unlike` gives
    the log-odds between neighbouring values of a dimension that truly differs, `others`
    the dimensions beside segment and source with their number of values.
    """

    rate: float
    deals: int
    sellers: int = 30
    bad: int = 0
    bad_factor: float = 0.5
    bad_spread: float = 0.0
    spread: float = 0.0
    uneven: float = 0.0
    unlike: Mapping[str, float] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)
    segments: int = 3
    sources: int = 3


@dataclass(frozen=True)
class Deals:
    """The deals of a firm: places by dimension, the outcome, and the truth.

    `p` is the chance that each deal had to be won, `fair` the chance it would have had
    with an ordinary seller.
    """

    columns: Mapping[str, Ints]
    won: NDArray[np.bool_]
    p: Floats
    fair: Floats


def draw(firm: Firm, rng: np.random.Generator) -> Deals:
    """Deals of one firm. Sellers work different mixes: else mix could not mislead."""
    size = np.full(firm.sellers, float(firm.deals))
    if firm.uneven:
        size *= np.exp(rng.normal(0, firm.uneven, firm.sellers))
    who = np.repeat(np.arange(firm.sellers), np.maximum(size.round().astype(int), 1))
    taste = rng.dirichlet(np.full(firm.segments, 3.0), firm.sellers)
    segment = (rng.random(len(who))[:, None] > taste[who].cumsum(1)).sum(1)
    columns = {
        "manager": who,
        "segment": np.minimum(segment, firm.segments - 1),
        "source": rng.integers(0, firm.sources, len(who)),
    }
    for name, values in firm.others.items():
        columns[name] = rng.integers(0, values, len(who))
    odds = np.full(len(who), np.log(firm.rate / (1 - firm.rate)))
    for name, step in firm.unlike.items():
        odds += step * (columns[name] - (columns[name].max() / 2))
    fair = 1 / (1 + np.exp(-odds))
    skill = np.exp(rng.normal(0, firm.spread, firm.sellers))
    # those who are bad are at least a little bad
    bad = firm.bad_factor * np.exp(rng.normal(0, firm.bad_spread, firm.bad))
    skill[: firm.bad] = np.minimum(bad, 0.95)
    p = np.minimum(fair * skill[who], 0.99)
    return Deals(columns, rng.random(len(who)) < p, p, fair)


def judged(deals: Deals, gate: GateSettings = GATE) -> list[Judged]:
    """All dimensions of one firm through the gate."""
    candidates = []
    for dimension, values in deals.columns.items():
        cells = tuple(c for c in MIX if c != dimension)
        tables = _tables(values, [deals.columns[c] for c in cells], deals.won)
        candidates += rate_candidates(
            "conversion.at-horizon", dimension, tables, 0, (), cells, gate
        )
    worth = {}
    for c in candidates:
        wins = int(deals.won[deals.columns[c.dimension] == int(c.value)].sum())
        worth[(c.dimension, c.value)] = Worth(wins, CHECK)
    revenue = CHECK * float(deals.won.sum())
    materiality = Materiality(gate.min_loss_share * revenue, revenue, 0.0)
    return judge(candidates, worth, materiality, gate)


def _tables(
    values: Ints, cells: Sequence[Ints], won: NDArray[np.bool_]
) -> dict[tuple[str, tuple[str, ...]], LifeTable]:
    columns = [values, *cells]
    shape = tuple(int(c.max()) + 1 for c in columns)
    code = np.ravel_multi_index(columns, shape)
    n = np.bincount(code, minlength=int(np.prod(shape)))
    k = np.bincount(code, weights=won, minlength=len(n)).astype(int)
    tables = {}
    for at in np.flatnonzero(n):
        value, *cell = (str(i) for i in np.unravel_index(at, shape))
        tables[value, tuple(cell)] = LifeTable(
            np.array([k[at], 0], np.int64), np.array([0, n[at] - k[at]], np.int64)
        )
    return tables


@dataclass
class Outcome:
    """What was found in some firms, against the truth.

    Attributes:
        firms: firms drawn.
        alarmed: firms with a confirmed gap that is not there.
        told: firms with any confirmed gap.
        findings: sellers confirmed.
        blamed: of them, sellers who do not lie behind.
        wrong_share: sum over firms of the share of findings on sellers that are wrong.
        bad: sellers who are bad.
        found: of them, confirmed.
        fine: of them, called noise.
        doubted: of them, suspected.
        money: shown for the bad who were found.
        money_true: what these lose in truth.
        all_money: shown for all sellers confirmed.
        all_true: what all the bad lose in truth.
        covered: of the found, true loss between P10 and P90.
        above: of the found, true loss above P90.
    """

    firms: int = 0
    alarmed: int = 0
    told: int = 0
    findings: int = 0
    blamed: int = 0
    wrong_share: float = 0.0
    bad: int = 0
    found: int = 0
    fine: int = 0
    doubted: int = 0
    money: float = 0.0
    money_true: float = 0.0
    all_money: float = 0.0
    all_true: float = 0.0
    covered: int = 0
    above: int = 0

    def add(self, other: "Outcome") -> None:
        """Take in the outcome of other firms."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def observe(firm: Firm, seed: Sequence[int]) -> Outcome:
    """Draw one firm and hold what the gate says against the truth."""
    rng = np.random.default_rng(list(seed))
    deals = draw(firm, rng)
    result = Outcome(firms=1)
    lost = CHECK * (deals.fair - deals.p)
    who = deals.columns["manager"]
    alarm = False
    for j in judged(deals):
        c, confirmed = j.candidate, j.state == "confirmed"
        result.told |= int(confirmed)
        if c.dimension != "manager":
            # places that truly differ, or that unlike sellers work, may be told
            alike = not (firm.bad or firm.spread or c.dimension in firm.unlike)
            alarm |= confirmed and alike
            continue
        true = float(lost[who == int(c.value)].sum())
        result.findings += confirmed
        result.blamed += confirmed and true <= 0
        alarm |= confirmed and true <= 0
        if confirmed and j.money:
            result.all_money += j.money[1]
        if int(c.value) < firm.bad:
            _hold(result, j, true)
    result.alarmed = int(alarm)
    result.wrong_share = result.blamed / max(result.findings, 1)
    return result


def _hold(result: Outcome, j: Judged, true: float) -> None:
    result.bad += 1
    result.all_true += true
    result.fine += j.state == "noise"
    result.doubted += j.state == "suspected"
    if j.state != "confirmed" or j.money is None:
        return
    low, expected, high = j.money
    result.found += 1
    result.money += expected
    result.money_true += true
    result.covered += low <= true <= high
    result.above += true > high
