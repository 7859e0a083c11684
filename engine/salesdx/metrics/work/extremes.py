"""What beginners and stars do to the average that sellers are compared with (X-1)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import special

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.deals.conversion import unjudged
from salesdx.metrics.deals.deal_counts import counts
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import FEW, dated, figure, unknown
from salesdx.metrics.work.people import novice
from salesdx.statistics import norms

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_METRIC = "benchmark.extremes-shift"
_FEWEST = 4  # fewer colleagues make no average worth the name


def shift(data: Data) -> Iterator[Measurement]:
    """By how much of itself the average changes without beginners and extremes.

    The average is the mature conversion of all managers together (IF-89). Extremes
    are found as the loss map finds them: the outermost that chance does not explain.
    """
    rows = {
        where[0][1]: row
        for where, row in counts(data).items()
        if len(where) == 1 and where[0][0] == "manager" and row["mature"] > 0
    }
    why = unjudged(data, (("manager", ""),)) if rows else None
    if why is not None:
        yield Measurement(_METRIC, None, state="unknown", reason=why)
        return
    new = {m.slice[0][1] for m in novice(data) if m.value}
    names = sorted(rows)
    n = np.array([rows[m]["mature"] for m in names], float)
    won = np.array([rows[m]["mature_won"] for m in names], float)
    young = np.array([m in new for m in names], bool)
    usable = (n >= FEW) & ~young
    if usable.sum() < _FEWEST or not won[usable].sum():
        yield unknown(
            _METRIC,
            f"fewer than {_FEWEST} managers have enough mature deals",
            f"меньше {_FEWEST} менеджеров с достаточным числом вызревших сделок",
        )
        return
    kept = _ordinary(data, won, n, young)
    clean, whole = won[kept].sum() / n[kept].sum(), won.sum() / n.sum()
    if clean:
        yield figure(_METRIC, abs(float(whole / clean) - 1), n=int(n.sum()))


def _ordinary(data: Data, won: Floats, n: Floats, young: Mask) -> Mask:
    """Managers who are neither beginners nor extremes."""
    usable = (n >= FEW) & ~young
    level = won[usable].sum() / n[usable].sum()
    error = np.sqrt(max(level * (1 - level), 1e-12) / n)
    reasons = norms.left_out(
        won / n / level, (won / n - level) / error, n, young, FEW,
        data.setting("statistics.trim"),
        -float(special.ndtri(data.setting("statistics.extreme-chance"))),
    )  # fmt: skip
    return np.array([r not in ("novice", "extreme") for r in reasons], bool)


METRICS: tuple[Metric, ...] = dated(
    Metric((_METRIC,), ("deals.status", "deals.entered_at", "deals.manager_id"), shift),
)
