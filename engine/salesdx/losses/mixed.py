"""Mix against rate: what a slice would look like on everybody's mix of deals (A-05).

A seller with hard clients looks bad on the plain average and may be good on his own
mix, or the other way round (Simpson). Both gaps stand side by side; where they point in
opposite directions the row says so.
"""

import math
from collections.abc import Collection, Sequence

import numpy as np

from salesdx.losses.candidate import Candidate
from salesdx.losses.deal_gaps import Tables, comparable_conversions
from salesdx.losses.grid import Judged
from salesdx.losses.rows import Mixed
from salesdx.metrics.data import Data
from salesdx.statistics import survival

CHANCE = 1.96  # standard errors: a difference within them points nowhere


def mixed(data: Data, judged: Sequence[Judged]) -> dict[tuple[str, str], Mixed]:
    """Raw norm and standardised rate of every conversion compared on a mix."""
    of = {
        (j.candidate.dimension, j.candidate.value): j.candidate
        for j in judged
        if j.candidate.metric.startswith("conversion.")
    }
    found = {}
    for _, dimension, cells, tables, days in comparable_conversions(data):
        if not cells:
            continue
        for value in sorted({v for v, _ in tables}):
            c = of.get((dimension, value))
            if c is None or not 0 < c.norm < 1:
                continue
            left_out = {v for v, _ in c.excluded} | {value}
            raw = _pooled(tables, left_out, days)
            if raw is None:
                continue
            norm, peers = raw
            found[dimension, value] = Mixed(
                norm, min(c.actual / c.norm * norm, 1.0), _turns(c, norm, peers)
            )
    return found


def _pooled(
    tables: Tables, left_out: Collection[str], days: int
) -> tuple[float, float] | None:
    """(rate, deals) of all peers together, whatever their mix."""
    kept = [t for (value, _), t in tables.items() if value not in left_out]
    if not kept:
        return None
    won = np.sum(np.stack([t.won for t in kept]), axis=0)
    left = np.sum(np.stack([t.left for t in kept]), axis=0)
    found = survival.at_horizon(won, left, days)
    return None if found is None else (found.rate, found.effective_n)


def _turns(c: Candidate, raw: float, peers: float) -> bool:
    """Whether the gap changes its sign with the mix, one of the two beyond chance."""
    plain, fair = raw - c.actual, c.norm - c.actual
    if not c.enough or plain * fair >= 0 or c.n <= 0 or peers <= 0:
        return False
    spread = math.sqrt(max(raw * (1 - raw), 0.0) * (1 / c.n + 1 / peers))
    return spread > 0 and max(abs(plain), abs(fair)) > CHANCE * spread
