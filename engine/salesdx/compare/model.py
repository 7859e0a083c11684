"""The comparison document `salesdx/comparison/1`: two results, row by row.

Rows are paired by their stable ids (id and slice). `then` is the older result.
"""

import json
from typing import Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result import (
    BreakBy,
    EditState,
    LossState,
    Money,
    Part,
    Period,
    PlanEdit,
    Role,
    TotalLoss,
    Verdict,
    Where,
)

SCHEMA: Literal["salesdx/comparison/1"] = "salesdx/comparison/1"
State = Literal[
    "new", "gone", "better", "worse", "changed", "unchanged", "not_comparable"
]
STATES: tuple[State, ...] = (
    "new", "gone", "worse", "better", "changed", "unchanged", "not_comparable",
)  # fmt: skip
Direction = Literal["up", "down", "two-sided", "none"]


class Run(Part):
    """One of the two results."""

    name: str
    as_of: str | None
    period: Period
    currency: str
    pack: str
    version: str
    hash: str
    engine: str
    coverage: float
    state: str
    loss: TotalLoss | None


class Note(Part):
    """What to know before reading on."""

    id: str
    text: Text


class Figure(Part):
    """A figure of one result; counts where it is a share of something counted."""

    value: float | None
    interval: tuple[float, float] | None = None
    n: int | None = None
    numerator: float | None = None
    denominator: float | None = None
    said_by: str | None = None


class MetricChange(Part):
    """One figure then and now; `state` is better or worse only beyond chance.

    `since` is the figure of what came after the older result alone, where it can be
    told. `early` says that most of what came since is too young to judge. `needed_n`
    cases would show a change of this size. `by` are the dimensions that explain one.
    """

    id: str
    title: Text
    slice: Where
    unit: str
    direction: Direction
    state: State
    then: Figure | None
    now: Figure | None
    since: Figure | None = None
    early: bool = False
    needed_n: int | None = None
    by: list[BreakBy] = Field([])
    reason: Text | None


class CauseSeen(Part):
    """A cause in one result."""

    verdict: Verdict
    points: int
    role: Role
    money: Money | None


class CauseChange(Part):
    """A cause that is likely or possible in either result."""

    id: str
    kind: str
    title: Text
    slice: Where
    state: State
    then: CauseSeen | None
    now: CauseSeen | None
    reason: Text | None


class YearLoss(Part):
    """The confirmed loss by the year: the results cover different spans of time."""

    state: State
    then: Money | None
    now: Money | None
    reason: Text | None


class LossSeen(Part):
    """A row of the loss map in one result; money as it stands there."""

    state: LossState
    norm: float
    actual: float
    n: int
    money: Money | None


class LossChange(Part):
    """A gap that is confirmed or suspected in either result."""

    id: str
    metric: str
    title: Text
    slice: Where
    unit: str
    state: State
    then: LossSeen | None
    now: LossSeen | None
    reason: Text | None


class SymptomChange(Part):
    """A symptom that is true in either result, or no longer known."""

    id: str
    title: Text
    slice: Where
    state: State
    then: str | None
    now: str | None
    reason: Text | None


class SubjectSeen(Part):
    """One questionnaire in one result: questions that apply, problems, judged."""

    questions: int
    problems: int
    judged: int
    asked: int
    state: Literal["judged", "few", "open"]


class SubjectChange(Part):
    """What the answers of one questionnaire say then and now.

    Only questions that are judged in both are held against each other: `mended` were a
    problem and are in order, `broken` the other way. `reason` names them.
    """

    id: str
    title: Text
    state: State
    then: SubjectSeen | None
    now: SubjectSeen | None
    mended: list[str]
    broken: list[str]
    reason: Text | None


class Effect(Part):
    """The control figure of an action: then, now, and the target set then.

    `reached` is unknown without a target. `early`: before the day to look, or the
    figure itself is early.
    """

    metric: str
    title: Text
    unit: str
    then: float | None
    now: float | None
    target: float | None
    look_on: str | None
    reached: bool | None
    state: State
    early: bool
    reason: Text | None


class ActionChange(Part):
    """An action of either plan; `state` is whether it is in the plan, not done."""

    id: str
    title: Text
    causes: list[str] = Field([])
    state: Literal["new", "gone", "unchanged"]
    progress: EditState | None
    edit: PlanEdit | None
    effect: Effect | None
    reason: Text | None


class Totals(Part):
    """How many rows of each state: kind -> state -> number, zeros left out."""

    causes: dict[State, int]
    losses: dict[State, int]
    metrics: dict[State, int]
    symptoms: dict[State, int]
    actions: dict[State, int]
    progress: dict[EditState, int]
    subjects: dict[State, int] = Field({})


class Comparison(Part):
    """The whole comparison; `days` lie between the two."""

    schema_: Literal["salesdx/comparison/1"] = Field(default=SCHEMA, alias="schema")
    then: Run
    now: Run
    days: int | None
    notes: list[Note]
    totals: Totals
    causes: list[CauseChange]
    losses: list[LossChange]
    metrics: list[MetricChange]
    symptoms: list[SymptomChange]
    actions: list[ActionChange]
    loss: YearLoss | None = None
    subjects: list[SubjectChange] = Field([])

    def to_json(self) -> str:
        """The comparison as JSON text, as the result document is written."""
        data = self.model_dump(mode="json", by_alias=True)
        return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
