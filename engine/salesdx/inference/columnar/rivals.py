"""Rivals over many rows: likely causes that nothing separates are only possible."""

from collections.abc import Mapping, Sequence

import numpy as np

from salesdx.inference.columnar.compiled import CauseTerms
from salesdx.inference.columnar.counting import counted_by
from salesdx.inference.columnar.planes import pack
from salesdx.inference.columnar.verdicts import Standing
from salesdx.inference.verdicts import SEPARATION

Standings = Mapping[tuple[str, str], Standing]


def settle_rivals(stratum: Sequence[CauseTerms], found: Standings) -> None:
    """Demote two causes where both are likely and less than 10 points tell them apart.

    `found` are the causes of a stratum by (cause, dimension).
    """
    causes = {c.id: c for c in stratum}
    for cause in stratum:
        for other in sorted(cause.rivals):
            if cause.id < other:
                for dimension in cause.dimensions:
                    mine = found.get((cause.id, dimension))
                    rival = found.get((other, dimension))
                    if mine is not None and rival is not None:
                        _settle(cause, mine, causes[other], rival)


def _settle(
    cause: CauseTerms, mine: Standing, other: CauseTerms, rival: Standing
) -> None:
    where = mine.likely & rival.likely
    if not where.any():
        return
    ours = counted_by(mine.items, cause.rivals[other.id], where, mine.rows)
    theirs = counted_by(rival.items, other.rivals[cause.id], where, mine.rows)
    close = where & pack(np.abs(ours - theirs) < SEPARATION)
    mine.demoted = mine.demoted | close
    rival.demoted = rival.demoted | close
