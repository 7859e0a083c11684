"""The plan, and what people set of it."""

from typing import Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result.part import EditState, Part, nothing


class Kpi(Part):
    """The control figure of an action: now, target, and the day to look."""

    metric: str
    title: Text
    now: float | None
    target: float | None
    unit: str
    check_day: int


class PlanEdit(Part):
    """What people set of an action in plan.yaml; dates are ISO.

    `state` is as of the day of the document; `dropped` is why it is not done after all.
    """

    owner: str = Field("", exclude_if=nothing)
    start: str | None = Field(None, exclude_if=nothing)
    due: str | None = Field(None, exclude_if=nothing)
    done: str | None = Field(None, exclude_if=nothing)
    note: str = Field("", exclude_if=nothing)
    dropped: str = Field("", exclude_if=nothing)
    state: EditState


class PlanAction(Part):
    """One action: why, when, who, how, and how we shall know.

    `worksheet` is the id of the form that the action needs; `edit` is there only where
    people set something.
    """

    id: str
    ref: list[str]
    title: Text
    causes: list[str]
    horizon: Literal[30, 60, 90]
    start_day: int
    days: int
    owner: str
    owner_title: Text
    steps: list[Text]
    kpi: Kpi | None
    after: list[str]
    worksheet: str | None
    worksheet_title: Text | None = None
    claims: list[Text]
    repeat: str | None = None
    edit: PlanEdit | None = Field(None, exclude_if=nothing)


class PastAction(Part):
    """An action that people set something of, and that is not in the plan any more."""

    id: str
    title: Text
    edit: PlanEdit


class BlockedAction(Part):
    """What not to do yet."""

    id: str
    title: Text
    because: Text
