"""The third reading: the foremost rows of a ranking, by id where they are equal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salesdx.portfolio.overview.table import ResultTable

_Key = tuple[tuple[float, ...], str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Who is ranked, and by which figures: the least first, then the next figure.

    `most` of them are told.
    """

    chosen: NDArray[np.bool_]
    by: tuple[NDArray[Any], ...]
    most: int


def pick(table: ResultTable, rankings: Sequence[Ranking]) -> list[list[int]]:
    """Row numbers of the foremost of each ranking."""
    foremost = [_foremost(r) for r in rankings]
    best: list[list[_Key]] = [[] for _ in rankings]
    for first, batch in table.batches(["id"]) if any(map(len, foremost)) else ():
        for place, (ranking, rows) in enumerate(zip(rankings, foremost, strict=True)):
            start, end = np.searchsorted(rows, (first, first + batch.num_rows))
            here = rows[start:end]
            if len(here):
                ids = batch.column(0).take(here - first).to_pylist()
                best[place] = _merged(best[place], ranking, here, ids)
    return [[number for *_, number in found] for found in best]


def _merged(
    best: list[_Key], ranking: Ranking, rows: NDArray[np.intp],
    ids: Sequence[str | None],
) -> list[_Key]:  # fmt: skip
    figures = zip(*(by[rows].tolist() for by in ranking.by), strict=True)
    found = zip(figures, (i or "" for i in ids), rows.tolist(), strict=True)
    return sorted([*best, *found])[: ranking.most]


def _foremost(ranking: Ranking) -> NDArray[np.intp]:
    """All rows that rank no lower than the last place: as many as are equal to it."""
    rows = np.nonzero(ranking.chosen)[0]
    if len(rows) <= ranking.most:
        return rows
    by = [figures[rows] for figures in ranking.by]
    order = np.lexsort(by[::-1])
    last = order[ranking.most - 1]
    same, before = np.ones(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    for figures in by:
        before |= same & (figures < figures[last])
        same &= figures == figures[last]
    return np.asarray(rows[before | same])
