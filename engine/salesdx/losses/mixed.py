"""Mix against rate: what a slice would look like on everybody's mix of deals (A-05).

A seller with hard clients looks bad on the plain average and may be good on his own
mix, or the other way round (Simpson). Both gaps stand side by side; where they point in
opposite directions the row says so.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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
        here = [c for (d, _), c in of.items() if d == dimension and 0 < c.norm < 1]
        if not cells or not here:
            continue
        own = _by_value(tables)
        left_out = {value for c in here for value, _ in c.excluded}
        peers = [table for value, table in own.items() if value not in left_out]
        if not peers:
            continue
        whole = tuple(
            np.sum(np.stack(side), axis=0) for side in zip(*peers, strict=True)
        )
        for c in here:
            taken = own.get(c.value) if c.value not in left_out else None
            raw = _rest(whole, taken, days)
            if raw is not None:
                found[dimension, c.value] = _mixed(c, *raw)
    return found


Days = tuple[NDArray[np.int64], ...]  # won, left


def _by_value(tables: Tables) -> dict[str, Days]:
    """Day tables of each value over all cells; made once: there may be many."""
    found: dict[str, Days] = {}
    for (value, _), table in tables.items():
        if value in found:
            won, left = found[value]
            won += table.won
            left += table.left
        else:
            found[value] = table.won.copy(), table.left.copy()
    return found


def _rest(whole: Days, own: Days | None, days: int) -> tuple[float, float] | None:
    """(rate, deals) of all peers together without the slice, whatever their mix."""
    won, left = whole
    if own is not None:
        won, left = won - own[0], left - own[1]
    found = survival.at_horizon(won, left, days)
    return None if found is None else (found.rate, found.effective_n)


def _mixed(c: Candidate, norm: float, peers: float) -> Mixed:
    standardised = min(c.actual / c.norm * norm, 1.0)
    return Mixed(norm, standardised, _turns(c, norm, peers))


def _turns(c: Candidate, raw: float, peers: float) -> bool:
    """Whether the gap changes its sign with the mix, one of the two beyond chance."""
    plain, fair = raw - c.actual, c.norm - c.actual
    if not c.enough or plain * fair >= 0 or c.n <= 0 or peers <= 0:
        return False
    spread = math.sqrt(max(raw * (1 - raw), 0.0) * (1 / c.n + 1 / peers))
    return spread > 0 and max(abs(plain), abs(fair)) > CHANCE * spread
