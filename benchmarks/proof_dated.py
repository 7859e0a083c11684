"""Made-up firms of the proof with dates and amounts, on the way of real data.

Deals enter over a year and are seen at its end: a win takes a gamma time, some are
still open, many lost ones were never closed. So horizon, maturity, the value of a win
and the comparison of checks are part of what is proven.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from proof_firms import SETTINGS, Outcome
from scipy import special

from salesdx.company import Company
from salesdx.losses.loss_map import loss_map
from salesdx.losses.model import LossMap
from salesdx.metrics.data import Data
from salesdx.metrics.deals import conversion
from salesdx.metrics.deals.deal_counts import horizon
from salesdx.metrics.registry import compute

START = dt.datetime.fromisoformat("2025-01-01")
DAYS = 365
MATURE = [m for m in conversion.METRICS if "conversion.mature" in m.ids]
SHAPE = 2.0  # of the gamma time to win
TYPICAL = 1000.0  # median check
SEGMENTS, SOURCES, REGIONS = 3, 3, 4


@dataclass(frozen=True)
class DatedFirm:
    """Sellers with conversion, deals of a year, and what is wrong with the bad.

    `bad_factor` is on their conversion, `check_factor` on their checks and
    `slow_factor` on their time to win; `odd` sellers have all three, `uneven` is the
    spread of deals in logs, `check_spread` that of checks. The firm is seen `later`
    days after its year.
    """

    rate: float
    deals: int
    sellers: int = 30
    odd: int = 0
    bad_factor: float = 1.0
    check_factor: float = 1.0
    slow_factor: float = 1.0
    uneven: float = 0.0
    check_spread: float = 0.6
    mean_days: float = 40.0
    later: int = 0


@dataclass(frozen=True)
class Drawn:
    """The tables of a firm; deals and wins seen of each seller."""

    data: Data
    deals: NDArray[np.int64]
    wins: NDArray[np.int64]


def draw(firm: DatedFirm, rng: np.random.Generator) -> Drawn:
    """Deals of a year as a CRM would export them."""
    size = np.full(firm.sellers, float(firm.deals))
    if firm.uneven:
        size *= np.exp(rng.normal(0, firm.uneven, firm.sellers))
    who = np.repeat(np.arange(firm.sellers), np.maximum(size.round().astype(int), 1))
    n, odd = len(who), who < firm.odd
    entered = rng.uniform(0, DAYS, n)
    will_win = rng.random(n) < firm.rate * np.where(odd, firm.bad_factor, 1)
    wait = rng.gamma(SHAPE, firm.mean_days / SHAPE, n)
    wait *= np.where(odd, firm.slow_factor, 1)
    # four of ten lost deals are never closed; the others after some weeks
    closes = np.where(will_win, wait, rng.exponential(40, n))
    seen = DAYS + firm.later
    closed = (entered + closes < seen) & (will_win | (rng.random(n) < 0.6))
    status = np.where(closed, np.where(will_win, "won", "lost"), "open")
    amount = TYPICAL * np.exp(rng.normal(0, firm.check_spread, n))
    amount *= np.where(odd, firm.check_factor, 1)
    table = pa.table(
        {
            "deal_id": pa.array([str(i) for i in range(n)]),
            "manager_id": pa.array([f"m{w}" for w in who]),
            "segment": pa.array([f"s{i}" for i in rng.integers(0, SEGMENTS, n)]),
            "source": pa.array([f"o{i}" for i in rng.integers(0, SOURCES, n)]),
            "region": pa.array([f"r{i}" for i in rng.integers(0, REGIONS, n)]),
            "entered_at": _moments(entered, np.ones(n, bool)),
            "closed_at": _moments(entered + closes, closed),
            "status": pa.array(status.tolist()),
            "amount": pa.array(amount.round(2), pa.float64()),
        }
    )
    end = START + dt.timedelta(days=seen)
    data = Data({"deals": table}, Company(format=1, name="Firm"), end)
    wins = np.bincount(who[status == "won"], minlength=firm.sellers)
    return Drawn(data, np.bincount(who), wins)


def _moments(days: NDArray[np.float64], known: NDArray[np.bool_]) -> pa.Array:
    start = int(START.replace(tzinfo=dt.UTC).timestamp())
    seconds = (days * 86_400).astype(np.int64) + start
    return pa.array(seconds, pa.int64(), mask=~known).cast(pa.timestamp("s"))


def observe(firm: DatedFirm, seed: Sequence[int]) -> Outcome:
    """Draw one firm, map its losses, and hold them against the truth."""
    drawn = draw(firm, np.random.default_rng(list(seed)))
    figures = compute(drawn.data, MATURE)
    found = loss_map(drawn.data, figures, SETTINGS)
    return _held(firm, drawn, found)


def _held(firm: DatedFirm, drawn: Drawn, found: LossMap) -> Outcome:
    result = Outcome(firms=1)
    rates = firm.bad_factor < 1
    what = "conversion" if rates else "check"
    wrong = rates or firm.check_factor < 1
    for loss in found.losses:
        confirmed = loss.state == "confirmed"
        result.told |= int(confirmed)
        manager = int(loss.slice.get("manager", "m-1")[1:])
        real = loss.metric.startswith(what) and 0 <= manager < firm.odd and wrong
        # a place is not to blame for the bad sellers that work it
        if confirmed and not real and (manager >= 0 or not wrong):
            result.alarmed = 1
        if manager < 0:
            continue
        result.findings += confirmed
        result.blamed += confirmed and not real
        if confirmed and loss.money:
            result.all_money += loss.money.expected
        if not real:
            continue
        true = _truth(firm, drawn, manager)
        result.bad += 1
        result.all_true += true
        result.fine += loss.state == "noise"
        result.doubted += loss.state == "suspected"
        if confirmed and loss.money:
            result.found += 1
            result.money += loss.money.expected
            result.money_true += true
            result.covered += loss.money.low <= true <= loss.money.high
            result.above += true > loss.money.high
    result.wrong_share = result.blamed / max(result.findings, 1)
    return result


def _truth(firm: DatedFirm, drawn: Drawn, manager: int) -> float:
    """What a bad seller loses in truth: deals by the horizon, or money of his wins."""
    mean = TYPICAL * float(np.exp(firm.check_spread**2 / 2))
    if firm.bad_factor == 1:
        return float(drawn.wins[manager]) * mean * (1 - firm.check_factor)
    days, by_then = horizon(drawn.data), 1.0
    if days is not None:
        by_then = float(special.gammainc(SHAPE, (days + 1) * SHAPE / firm.mean_days))
    lost = float(drawn.deals[manager]) * firm.rate * (1 - firm.bad_factor)
    return lost * by_then * mean
