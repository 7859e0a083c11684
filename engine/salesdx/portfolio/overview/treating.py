"""Which remedy treats which cause, over the companies of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesdx.knowledge.base import KnowledgeBase


@dataclass(frozen=True, slots=True, eq=False)
class Treating:
    """Which remedy treats which of the causes in the table, the first choices first."""

    remedies: list[str]
    causes: list[list[int]]  # of each remedy, as places in the table

    @classmethod
    def of(cls, knowledge: KnowledgeBase, causes: Sequence[str]) -> "Treating":
        """As the knowledge base says."""
        treats: dict[str, list[int]] = {}
        first: dict[str, int] = {}  # of a cause the remedy that is named first is it
        for place, name in enumerate(causes):
            cause = knowledge.causes.get(name)
            for rank, remedy in enumerate(cause.spec.remedies if cause else ()):
                treats.setdefault(remedy, []).append(place)
                first[remedy] = min(first.get(remedy, rank), rank)
        names = sorted(treats, key=lambda r: (first[r], r))
        return cls(names, [treats[n] for n in names])

    @property
    def count(self) -> int:
        """How many remedies there are."""
        return len(self.remedies)

    def by(self, likely: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Companies by remedies: whether a likely cause of the one is treated."""
        found = np.zeros((len(likely), self.count), np.bool_)
        for place, causes in enumerate(self.causes):
            found[:, place] = likely[:, causes].any(axis=1)
        return found
