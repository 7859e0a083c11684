"""What charts need: funnel, cohorts, breaks and changes."""

from typing import Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result.part import Part, Where


class FunnelStep(Part):
    """One stage: how many entries reached it (mature and all)."""

    funnel: str
    stage: str
    title: str
    count: int
    conversion: float | None
    interval: tuple[float, float] | None


class Cohort(Part):
    """Entries of one period and what became of the mature ones."""

    period: str
    entries: int
    mature: int
    wins: int
    rate: float | None
    interval: tuple[float, float] | None


class CurvePoint(Part):
    """Share won by an age in days, and how many deals were followed up to it."""

    age: int
    rate: float
    interval: tuple[float, float]
    at_risk: int


class CohortCurve(Part):
    """How the entries of one period became deals, by days since entry.

    Deals still open are followed up to their own age. `points` end where fewer than ten
    were followed: nothing is said beyond. `wins` are those with a date.
    """

    period: str
    entries: int
    wins: int
    points: list[CurvePoint]


class Explainer(Part):
    """A value and its part of a change; parts of all values of a dimension are 1."""

    value: str
    share: float


class BreakBy(Part):
    """A dimension whose values explain a break.

    `because` says whether their rates moved or their mix. `rate` and `mix` are the two
    parts of the change and add up to it; `surprise` ranks dimensions.
    """

    dimension: str
    because: Literal["rate", "mix"]
    values: list[Explainer]
    surprise: float
    rate: float
    mix: float


class Break(Part):
    """A date at which a level changed.

    Counts are wins and mature entries of a rate; of an amount its sum and the months.
    `counting` says what must be ruled out before anything else: that entries were
    counted by another rule; `counting_changed` that the figures look like it. `by` are
    the dimensions that explain the break, the best first; `alike` those in which every
    value changed by the same factor.
    """

    metric: str
    slice: Where = Field({})
    at: str
    before: float
    after: float
    before_counts: tuple[int, int]
    after_counts: tuple[int, int]
    factor: float
    unit: str = "ratio"
    severity: Literal["info", "warning"] = "warning"
    before_interval: tuple[float, float] | None = None
    after_interval: tuple[float, float] | None = None
    seasonal: bool = False
    counting: Text | None = None
    counting_changed: bool = False
    by: list[BreakBy] = Field([])
    alike: list[str] = Field([])


class Change(Part):
    """Two periods, or the others and one department: rate and mix add up (Kitagawa).

    A period is `2024-01/2024-12`; of departments `before` are all others. `cells` names
    the dimensions of the mix; `certain` says that a part is beyond chance.
    """

    metric: str
    kind: Literal["period", "department"]
    before_of: str
    after_of: str
    before: float
    after: float
    before_counts: tuple[int, int]
    after_counts: tuple[int, int]
    rate: float
    mix: float
    cells: list[str]
    certain: bool
