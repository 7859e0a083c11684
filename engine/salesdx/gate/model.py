"""The document of a gate, `salesdx/gate/1`: what was asked, and what fails it."""

import json
from typing import Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result import Part, Where

SCHEMA: Literal["salesdx/gate/1"] = "salesdx/gate/1"
Kind = Literal["cause", "loss", "metric", "action", "data", "summary"]
State = Literal["ok", "failed", "not_judged"]


class Row(Part):
    """What makes a condition fail: a row of the result or of the comparison.

    `explain` is the command that lays it open.
    """

    kind: Kind
    id: str
    title: Text
    slice: Where = Field({})
    where: Text | None = Field(None, exclude=True)  # the slice as people say it
    because: Text | None
    explain: str


class Judged(Part):
    """One condition; `reason` says why it could not be judged, or not wholly."""

    id: str
    limit: float | None
    title: Text
    state: State
    reason: Text | None
    rows: list[Row]


class Gate(Part):
    """All that was asked; `since` is the day of the older result, null without one.

    `strict`: what could not be judged fails, too.
    """

    schema_: Literal["salesdx/gate/1"] = Field(default=SCHEMA, alias="schema")
    case: str
    as_of: str | None
    since: str | None
    strict: bool
    passed: bool
    conditions: list[Judged]

    def of(self, state: State) -> list[Judged]:
        """The conditions that stand so."""
        return [c for c in self.conditions if c.state == state]

    def to_json(self) -> str:
        """The gate as JSON text, as the result document is written."""
        data = self.model_dump(mode="json", by_alias=True)
        return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
