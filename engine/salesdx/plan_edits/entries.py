"""What plan.yaml holds: for an action what people set, and nothing that is computed."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from salesdx.errors import UNSEEN, Said

# as in the knowledge base, of which an action may be gone by now
ACTION = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)
LINE, TEXT = 200, 4_000  # characters
MOST = 1_000  # actions


class Part(BaseModel):
    """Base: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _date(value: object) -> object:
    """An ISO date within a lifetime of this program; numbers are no dates."""
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if isinstance(day, dt.date) and not isinstance(day, dt.datetime):
        if FIRST <= day < LAST:
            return day
        raise ValueError(
            Said(
                f"the year {day.year} is hardly meant",
                f"вряд ли имелся в виду {day.year} год",
            )
        )
    raise ValueError(
        Said(
            f"must be a date like 2026-06-30, not {value!r}",
            f"нужна дата вида 2026-06-30, а здесь «{value}»",
        )
    )


def _seen(value: str) -> str:
    """A text without signs that nobody sees; line breaks are seen."""
    if UNSEEN.search(value.replace("\n", "")):
        raise ValueError(
            Said(
                "holds a sign that cannot be seen; type the text anew",
                "есть невидимый символ; наберите текст заново",
            )
        )
    return value


def _one_line(value: str) -> str:
    if "\n" in value:
        raise ValueError(Said("must be one line", "нужна одна строка"))
    return value


Day = Annotated[dt.date, BeforeValidator(_date)]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT),
    AfterValidator(_seen),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE),
    AfterValidator(_seen),
    AfterValidator(_one_line),
]


class Edit(Part):
    """What people set of one action; what is not set stands as the plan says.

    `dropped` is why the action is not done after all.
    """

    owner: Line | None = None
    start: Day | None = None
    due: Day | None = None
    done: Day | None = None
    note: Text | None = None
    dropped: Text | None = None

    @model_validator(mode="after")
    def _agree(self) -> "Edit":
        if self.done and self.dropped:
            raise ValueError(
                Said("either done or dropped, not both", "либо done, либо dropped")
            )
        if self.start and self.due and self.start > self.due:
            raise ValueError(Said("starts after it is due", "начало позже, чем срок"))
        return self


ActionId = Annotated[str, StringConstraints(pattern=ACTION, max_length=LINE)]


class EditFile(Part):
    """The whole of plan.yaml."""

    format: Literal[1] = 1
    actions: dict[ActionId, Edit] = Field({}, max_length=MOST)
