"""company.yaml: who the company is and how its funnel runs."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from salesdx.errors import Said

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOST_REASONS = (
    "price", "competitor", "no_decision", "not_available", "no_need", "timing",
    "quality", "service", "conflict", "moved", "closed_business", "manager_changed",
    "other",
)  # fmt: skip


def _iso_date(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(
            Said(
                f"must be a date like 2026-06-30, not {value!r}",
                f"нужна дата вида 2026-06-30, а здесь «{value}»",
            )
        ) from error


def _clock(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return dt.time.fromisoformat(value)
    except ValueError as error:
        raise ValueError(
            Said(
                f'must be a time like "09:00", not {value!r}',
                f"нужно время вида «09:00», а здесь «{value}»",
            )
        ) from error


class Part(BaseModel):
    """Base: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkingHours(Part):
    """Days and hours when requests are answered; `holidays` is a country code."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = [
        "mon", "tue", "wed", "thu", "fri",
    ]  # fmt: skip
    from_: Annotated[dt.time, BeforeValidator(_clock)] = Field(dt.time(9), alias="from")
    to: Annotated[dt.time, BeforeValidator(_clock)] = dt.time(18)
    holidays: str | None = None


class Stage(Part):
    """One stage; `reference_days` is how long it should take."""

    id: str
    title: str | None = None
    reference_days: float | None = Field(None, gt=0)
    turning_point: bool | None = None
    criterion: str | None = None


class Funnel(Part):
    """One funnel: the entry event and the stages in order.

    `kind` marks a funnel of its own for cold contacts, new clients or repeat deals.
    """

    id: str = "main"
    title: str | None = None
    kind: Literal["cold", "new", "repeat"] | None = None
    entry: str | None = None
    stages: list[Stage] = []
    main_stage: str | None = None
    cycle_days: float | None = Field(None, gt=0)

    @field_validator("stages", mode="before")
    @classmethod
    def _short_stages(cls, value: object) -> object:
        if isinstance(value, list):
            return [{"id": s} if isinstance(s, str) else s for s in value]
        return value


def funnels_mark(funnels: Sequence[Funnel]) -> str:
    """A short mark of how funnels are defined: another definition, another mark."""
    if not funnels:
        return ""
    told = [f.model_dump(mode="json") for f in funnels]
    packed = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()[:12]


class Respondent(Part):
    """Who answers; `manager` links a seller to the data."""

    role: str
    manager: str | None = None
    name: str | None = None


class Company(Part):
    """The whole of company.yaml; only `format` and `name` are required."""

    format: Literal[1]
    name: str = Field(min_length=1)
    currency: str = Field("RUB", pattern="^[A-Z]{3}$")
    timezone: str = "Europe/Moscow"
    working_hours: WorkingHours = WorkingHours()
    as_of: Annotated[dt.date | None, BeforeValidator(_iso_date)] = None
    sales_model: Literal["b2b", "b2c"] | None = None
    funnels: list[Funnel] = []
    lost_reasons: dict[str, str] = {}
    channels: dict[str, Literal["online", "delivery", "offline"]] = {}
    corporate_segments: list[str] = []
    team: str | None = None
    industry: str | None = None
    benchmarks: dict[str, float] = {}
    respondents: dict[str, Respondent] = {}
    knowledge: list[str] = []
    minimum_loss: float | None = Field(None, ge=0)

    @field_validator("lost_reasons")
    @classmethod
    def _known_codes(cls, value: dict[str, str]) -> dict[str, str]:
        wrong = sorted({c for c in value.values() if c not in LOST_REASONS})
        if wrong:
            known = ", ".join(LOST_REASONS)
            raise ValueError(
                Said(
                    f"unknown codes {wrong}; known are {known}",
                    f"неизвестные коды {', '.join(wrong)}; есть {known}",
                )
            )
        return value
