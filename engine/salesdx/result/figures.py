"""Figures, and the rows of the loss map."""

from typing import Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result.part import LossState, Money, Part, Where


class MetricRow(Part):
    """One figure on one slice and period; `said_by` where it was said, not measured."""

    id: str
    ref: list[str]
    title: Text
    value: float | None
    unit: str
    interval: tuple[float, float] | None = None
    n: int | None = None
    numerator: float | None = None
    denominator: float | None = None
    slice: Where = Field({})
    period: str = ""
    state: Literal["ok", "unknown", "insufficient"]
    reason: Text | None = None
    benchmark: float | None = None
    said_by: str | None = None


class LeftOut(Part):
    """A value that makes no norm: a novice, with too few cases, or an extreme (X-1)."""

    value: str
    reason: Literal["novice", "few", "extreme"]


class Input(Part):
    """One factor of a money figure, so that a reader can multiply it again."""

    name: Text
    value: float
    unit: str


class LossPart(Part):
    """A stage's share in the loss of conversion; the parts of a row add up to it."""

    metric: str
    slice: Where
    own: float
    norm: float
    money: float


class Loss(Part):
    """One cell of the loss map: a gap of a slice against its norm.

    `scope` says what its money is: `sales` losses count in the total; a `step` on the
    way to the sale is a view of the same money; `service` has no price by itself.
    `gap` is positive where the slice lags, in the unit of the figure; `gap_relative`
    is the same over the norm. `measure` says what was compared where it is not the
    figure of the title. Money is the product of `inputs`, in the words of `formula`.
    `raw_norm` is the norm without regard to the mix, `standardised` what the slice
    would show on everybody's mix; `mix_turns` that the two gaps have opposite signs.
    Of the values left out of the norm at most 50 are listed, `left_out_count` is all.
    `below_average` puts the row on the list that is gone through one by one (M-14).
    """

    id: str
    metric: str
    title: Text
    slice: Where
    norm: float
    actual: float
    n: int
    state: LossState
    money: Money | None
    share: float | None
    norm_of: Text | None = None
    excluded: list[str] = Field([])
    probability: float | None = None
    needed_n: int | None = None
    reachable: bool = False
    scope: Literal["sales", "step", "service"] = "sales"
    unit: str = ""
    direction: Literal["up", "down"] = "up"
    measure: Text | None = None
    gap: float | None = None
    gap_relative: float | None = None
    left_out: list[LeftOut] = Field([])
    left_out_count: int = 0
    reached_by: list[Where] = Field([])
    area: str | None = None
    area_title: Text | None = None
    formula: Text | None = None
    inputs: list[Input] = Field([])
    parts: list[LossPart] = Field([])
    raw_norm: float | None = None
    standardised: float | None = None
    mix_turns: bool = False
    below_average: bool = False
