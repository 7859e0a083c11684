"""What the search for losses comes to; nothing heavy is imported to hold it."""

from dataclasses import dataclass, field
from typing import Literal

from salesdx.facts import Fact
from salesdx.result import Loss, TotalLoss


@dataclass(frozen=True, slots=True)
class LossMap:
    """All gaps judged; the total counted once; the states for the rules.

    `basis` says what a win is valued at, `counted` which dimension the total sums.
    """

    losses: list[Loss] = field(default_factory=list)
    total: TotalLoss | None = None
    gaps: list[Fact] = field(default_factory=list)
    basis: Literal["margin", "turnover"] | None = None
    counted: str | None = None
