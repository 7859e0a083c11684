"""What all parts of the result share: states, money, days."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["likely", "possible", "open", "unlikely", "ruled_out", "cannot_judge"]
Role = Literal["root", "aggravating", "consequence", "standalone"]
LossState = Literal["confirmed", "suspected", "noise", "insufficient"]
EditState = Literal["open", "overdue", "done", "dropped"]
Where = dict[str, str]


class Part(BaseModel):
    """Base of all parts: closed, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def nothing(value: Any) -> bool:
    """Whether a field has nothing to tell: documents without it stay as they were."""
    return not value


class Period(Part):
    """First and last day of the data, ISO dates; null without data."""

    from_: str | None = Field(alias="from")
    to: str | None


class Money(Part):
    """Money with its 80 % interval (P10, expected, P90) in currency units."""

    low: float
    expected: float
    high: float


class TotalLoss(Money):
    """The total, counted once, over the period."""

    currency: str
    per: str
