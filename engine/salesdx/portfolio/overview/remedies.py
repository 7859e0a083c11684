"""One remedy for many: which remedies treat a likely cause in how many companies."""

import numpy as np
from numpy.typing import NDArray

from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.model import Remedy, Step
from salesdx.portfolio.overview.counting import Counted
from salesdx.portfolio.overview.treating import Treating

Bits = NDArray[np.uint8]
_STEPS = 5  # of a programme for all


def remedies(
    knowledge: KnowledgeBase, treating: Treating, found: Counted
) -> list[Remedy]:
    """Those that treat anybody, the most widely needed first."""
    names = sorted(knowledge.causes)
    bits, rows = _bits(treating, found), []
    for place, name in enumerate(treating.remedies):
        companies = _size(bits[place])
        if companies:
            causes = [c for c in names if name in knowledge.causes[c].spec.remedies]
            title = knowledge.remedies[name].title
            rows.append(
                Remedy(id=name, title=title, causes=causes, companies=companies)
            )
    return sorted(rows, key=lambda r: -r.companies)


def programme(treating: Treating, found: Counted) -> list[Step]:
    """Which few remedies together reach most: always the one that adds most next."""
    treated = _bits(treating, found)
    reached = np.zeros(treated.shape[1], np.uint8)
    steps: list[Step] = []
    for _ in range(min(_STEPS, treating.count)):
        adds = [_size(bits & ~reached) for bits in treated]
        best = max(range(treating.count), key=lambda i: (adds[i], -i))
        if not adds[best]:
            break
        reached |= treated[best]
        steps.append(Step(
            remedy=treating.remedies[best], adds=adds[best], reached=_size(reached)
        ))  # fmt: skip
    return steps


def _bits(treating: Treating, found: Counted) -> Bits:
    """A row a remedy, a bit a company; the order of the companies is of no account."""
    none = np.zeros((treating.count, 0), np.uint8)
    return np.concatenate([none, *found.treated], axis=1)


def _size(bits: Bits) -> int:
    return int(_ONES[bits].sum())


_ONES = np.array([n.bit_count() for n in range(256)], np.int64)
