"""Losses far from those of the group: modified z-scores (Iglewicz and Hoaglin, 1993).

Losses of companies differ by factors, so their logarithms are compared; median and
median absolute deviation are not moved by what they look for. A group of few companies
has no outlier, nor one in which at least half lose the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesdx.portfolio.model import Marks
from salesdx.portfolio.overview.companies import Companies

_NORMAL = 0.6745  # the median absolute deviation of a normal law of spread 1


@dataclass(frozen=True, slots=True, eq=False)
class Far:
    """Of each company how far its loss is from the group's, and its factor; or NaN."""

    score: NDArray[np.float64]
    factor: NDArray[np.float64]


def far_from_group(held: Companies, marks: Marks) -> Far:
    """Compare companies of one group and currency; all, if the table has no groups."""
    score, factor = (np.full(held.count, np.nan) for _ in range(2))
    lost = np.where(held.known, held.loss, 0.0) > 0
    if held.groups:
        lost &= held.group >= 0
    for members in _parts(held, np.nonzero(lost)[0]):
        if len(members) < marks.group_least:
            continue
        logs = np.log(held.loss[members])
        middle = float(np.median(logs))
        spread = float(np.median(np.abs(logs - middle)))
        if spread > 0:
            score[members] = _NORMAL * (logs - middle) / spread
            factor[members] = held.loss[members] / np.median(held.loss[members])
    return Far(score, factor)


def _parts(held: Companies, rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Rows of the same group and currency."""
    if not len(rows):
        return
    key = held.group[rows].astype(np.int64) * (len(held.currencies) + 1)
    key += held.currency[rows]
    order = np.argsort(key, kind="stable")
    cuts = np.nonzero(np.diff(key[order]))[0] + 1
    yield from np.split(rows[order], cuts)
