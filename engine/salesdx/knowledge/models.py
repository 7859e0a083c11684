"""The files that trainers write, as closed pydantic models.

Conditions stay plain data here; `conditions.parse` turns them into a tree once the
vocabulary is known. Every id of the domain is carried in `ref`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from salesdx.errors import Said
from salesdx.language import Text

Weight = Literal["slight", "moderate", "considerable", "strong", "decisive"]
Grade = Literal["E1", "E2", "E3", "EX"]
SalesModel = Literal["b2b", "b2c"]
Kind = Literal[
    "data", "process", "roles", "offer", "product", "people", "speed", "retention",
    "system", "owner", "crm", "management", "marketing", "external",
]  # fmt: skip
Dimension = Literal[
    "manager", "segment", "channel", "source", "stage", "region", "product",
    "department", "client", "funnel",
]  # fmt: skip
DATE = r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$"
ID = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$"
Unit = Literal[
    "ratio", "percent", "count", "days", "months", "hours", "seconds", "money",
    "factor", "score",
]  # fmt: skip
Condition = dict[str, Any]


class Part(BaseModel):
    """Base of all knowledge: closed, immutable."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False
    )


class Source(Part):
    """Where a statement comes from; at least one field."""

    seed: str | None = None
    title: str | None = None
    section: str | None = None
    note: str | None = None


class Rule(Part):
    """One piece of evidence for or against one cause."""

    id: str = Field(pattern=ID)
    ref: list[str] = []
    group: str | None = Field(None, pattern=ID)
    condition: Condition = Field(alias="if")
    weight: Weight
    direct: bool = False
    independent: str | None = None
    discriminates: list[str] = []
    for_each: Dimension | None = None
    applies_to: list[SalesModel] = []
    because: Text
    misleading_when: list[Text] = []
    source: Source
    grade: Grade
    todo: bool = False


class ExpectedCause(Part):
    """What a test beside the rules expects of the cause."""

    verdict: str | None = None
    points: int | None = None
    worst: int | None = None
    best: int | None = None


class Expectation(ExpectedCause):
    """Lists of rule ids; exact for what is named, silent on the rest."""

    fired: list[str] = []
    not_fired: list[str] = []
    unknown: list[str] = []


class RuleTest(Part):
    """A test an expert can read: given facts, expected rules and verdict.

    `given` maps names (metrics, questions, `symptom:<id>`, `cause:<id>`,
    `gap:<metric>`) to values; `slice` runs it for one slice of the cause.
    """

    name: str
    given: dict[str, Any]
    expect: Expectation
    slice: dict[Dimension, str] = {}


class Cause(Part):
    """One cause; `for_each: manager` makes it one that blames a person."""

    id: str = Field(pattern=ID)
    ref: list[str] = []
    kind: Kind
    title: Text
    summary: Text
    verify: Text
    for_each: Dimension | None = None
    applies_to: list[SalesModel] = []
    explains: list[str] = []
    leads_to: list[str] = []
    aggravates: list[str] = []
    rivals: list[str] = []
    needs: list[str] = []
    gate: list[Condition] = []
    unless: list[Condition] = []
    rules_out: list[Condition] = []
    remedies: list[str] = []
    evidence: list[Rule]
    against: list[Rule] = []
    tests: list[RuleTest] = []


class Symptom(Part):
    """A named condition; `kind: check` marks a gate, which is not a harm."""

    id: str = Field(pattern=ID)
    ref: list[str] = []
    kind: Literal["harm", "check"] = "harm"
    title: Text
    condition: Condition = Field(alias="if")
    for_each: Dimension | None = None
    because: Text | None = None


class Symptoms(Part):
    """A file of symptoms."""

    format: Literal[1]
    symptoms: list[Symptom]


class RemedyKpi(Part):
    """Control metric; `target` is a benchmark's name or `norm`; day to look.

    `better` says which way is better where the metric by itself does not.
    """

    metric: str
    target: str | None = None
    better: Literal["up", "down"] | None = None
    check_day: int = Field(90, ge=0, le=3650)


class Claim(Part):
    """An effect as its author claims it: shown, never computed with."""

    text: Text
    ref: list[str] = []
    grade: Grade
    source: Source


class ClaimedShare(Part):
    """A share of revenue, 0..1: `low` alone is "at least", `high` alone "up to"."""

    low: float | None = Field(None, gt=0, le=1)
    high: float | None = Field(None, gt=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> "ClaimedShare":
        if self.low is None and self.high is None:
            raise ValueError(Said("give low or high", "укажите low или high"))
        if self.low and self.high and self.low > self.high:
            raise ValueError(Said("low is above high", "low больше, чем high"))
        return self


class ListedClaim(Claim):
    """A claim of claims.yaml, which remedies name by id.

    `share` of revenue is what the mistakes in `causes` cost, in the author's words;
    `base` says what he leaves open: of which revenue, over which time.
    """

    id: str = Field(pattern=ID)
    share: ClaimedShare | None = None
    base: Text | None = None
    causes: list[str] = []
    unused: str | None = None


class Claims(Part):
    """claims.yaml."""

    format: Literal[1]
    claims: list[ListedClaim]


def _named_or_own(value: Any) -> str:
    return "id" if isinstance(value, str) else "claim"


# one branch is tried, so that a fault is told once and not for both
ClaimOf = Annotated[
    Annotated[str, Tag("id")] | Annotated[Claim, Tag("claim")],
    Discriminator(_named_or_own),
]


class Remedy(Part):
    """A templated action; left out of the plan where `unless` is known and true.

    `claims` are ids of claims.yaml, or claims of this action alone.
    """

    id: str = Field(pattern=ID)
    ref: list[str] = []
    title: Text
    steps: list[Text] = Field(min_length=1)
    owner: str
    days: int = Field(gt=0, le=3650)
    needs_first: list[str] = []
    blocks: list[str] = []
    blocked_while: list[str] = []
    blocked_because: Text | None = None
    unless: Condition | None = None
    kpi: RemedyKpi | None = None
    worksheet: str | None = None
    claims: list[ClaimOf] = []
    repeat: Literal["daily", "weekly", "monthly", "quarterly"] | None = None
    source: Source
    grade: Grade


class Remedies(Part):
    """A file of remedies."""

    format: Literal[1]
    remedies: list[Remedy]


class Worksheet(Part):
    """A form that an action needs, filled from the case and finished by hand.

    What stands on it is `<id>.en.md.j2` and `<id>.ru.md.j2` beside the list. `along`
    are the sheets that are handed out with it; `landscape` lays it on its side.
    """

    id: str = Field(pattern=ID)
    ref: list[str] = []
    title: Text
    purpose: Text
    along: list[str] = []
    landscape: bool = False
    unused: str | None = None


class Worksheets(Part):
    """worksheets.yaml."""

    format: Literal[1]
    worksheets: list[Worksheet]


MetricType = Literal[
    "count", "sum", "share", "ratio", "mean", "median", "quantile", "score", "flag"
]


class Worth(Part):
    """What one success of a share is worth on the way to a sale (M-15).

    `per: request` prices it as a request that reaches the funnel, `per: deal` as an
    entry of the funnel. Such money is a view of the losses of conversion and check
    and is never added to them.
    """

    per: Literal["request", "deal"]


class SolutionArea(Part):
    """Where the way out of a gap usually lies (P-11).

    `by` are the dimensions it speaks of; [] is any: a channel has no motivation.
    """

    id: str = Field(pattern=NAME)
    by: list[Dimension] = []
    ref: list[str] = []
    title: Text
    advice: Text


class SolutionAreas(Part):
    """solution_areas.yaml."""

    format: Literal[1]
    areas: list[SolutionArea]


class MetricEntry(Part):
    """The declaration of a metric; computed in `salesdx.metrics`.

    `type` says how it is made: a `share` is a part of a whole that it counts, a
    `ratio` any other relation of two figures. `question` names the question whose
    answer is the figure where no table can hold it, `yes_of` yes-or-no questions whose
    share of yes is the figure. With `loss` the loss map compares
    slices on it; `area` is the solution area of its gaps.
    """

    id: str = Field(pattern=NAME)
    ref: list[str] = []
    type: MetricType
    unit: Literal[
        "ratio", "count", "days", "seconds", "money", "factor", "hours", "score"
    ]
    direction: Literal["up", "down", "two-sided", "none"]
    grain: list[Dimension | Literal["period"]] = []
    needs: list[str] = []
    question: str | None = None
    yes_of: list[str] = []
    title: Text
    definition: Text
    loss: bool = False
    worth: Worth | None = None
    area: str | None = None
    unused: str | None = None


class Metrics(Part):
    """metrics.yaml."""

    format: Literal[1]
    metrics: list[MetricEntry]


class Scope(Part):
    """Where a threshold may be used; what is not said does not narrow it.

    `industry` are words, any of which stands in the company's own; `funnel` are the
    kinds of its first funnel. Shares with unlike denominators are different benchmarks,
    not scopes of one.
    """

    sales_model: SalesModel | None = None
    industry: list[str] = []
    funnel: list[Literal["cold", "new", "repeat"]] = []


class Variant(Part):
    """Another value of a benchmark for a narrower scope."""

    value: float
    scope: Scope
    source: Source
    grade: Grade
    date: str = Field(pattern=DATE)


class Benchmark(Part):
    """A named threshold with unit, scope, source and date."""

    id: str = Field(pattern=NAME)
    value: float
    unit: Unit
    title: Text
    applies_to: Text
    scope: Scope = Scope()
    variants: list[Variant] = []
    unused: str | None = None
    source: Source
    grade: Grade
    date: str = Field(pattern=DATE)


class Benchmarks(Part):
    """A file of benchmarks."""

    format: Literal[1]
    benchmarks: list[Benchmark]


class Role(Part):
    """Who answers or acts."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: Text


class Roles(Part):
    """roles.yaml: respondents and owners of actions."""

    format: Literal[1]
    roles: list[Role]


class Option(Part):
    """One choice of an enum or multi question.

    Chosen, it is slight evidence for `causes` and speaks against `clears`, both with
    the sentence of `because`, and only while the figure `measured_by` is not known.
    """

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: Text
    causes: list[str] = []
    clears: list[str] = []
    because: Text | None = None
    measured_by: str | None = None


class ProblemAnswer(Part):
    """Which answer points at a problem and at which causes (weak evidence)."""

    when: Any
    causes: list[str] = []
    because: Text | None = None


class QuestionEntry(Part):
    """One question. `about` names the dimension it is asked for each value of.

    `about: finding` is asked at the planning meeting of a row of the loss map.
    """

    id: str = Field(pattern=NAME)
    ref: list[str] = []
    part: str | None = None
    title: Text
    type: Literal["yesno", "scale", "number", "enum", "multi", "text", "date"]
    options: list[Option] = []
    min: float | None = None
    max: float | None = None
    unit: Unit | None = None
    who: list[str] = Field(min_length=1)
    about: Dimension | Literal["finding"] | None = None
    why: Text
    hint: Text | None = None
    prompt: Text | None = None
    problem: ProblemAnswer | None = None
    dont_know: Literal["problem"] | None = None
    metric: str | None = None
    seconds: int = 20
    relevant_if: Condition | None = None
    applies_to: list[SalesModel] = []
    core: bool = False
    unused: str | None = None
    source: Source


class Questionnaire(Part):
    """One file of questions on one subject; those of the lowest `place` come first."""

    format: Literal[1]
    id: str = Field(pattern=ID)
    place: int = 1000
    title: Text
    intro: Text
    questions: list[QuestionEntry]


class QualityEntry(Part):
    """Wording of one statement of the data gate; detected in Python by id."""

    id: str = Field(pattern=ID)
    ref: list[str] = []
    severity: Literal["info", "warning", "error"]
    title: Text
    effect: Text


class Quality(Part):
    """data_quality.yaml."""

    format: Literal[1]
    statements: list[QualityEntry]


class Pack(Part):
    """pack.yaml: what this knowledge is and which engine it needs."""

    format: Literal[1]
    id: str = Field(pattern=ID)
    version: str
    engine: str
