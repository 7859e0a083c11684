"""The result document `salesdx/result/1`: the contract that every renderer reads.

Numbers are in base units (ratios 0..1, seconds, currency units); `slice` is {} for
the company; verdicts and states are strings; every text is {en, ru}. The document is
byte-identical for the same input: timestamps come from `as_of`.
"""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from salesdx.language import Text

SCHEMA: Literal["salesdx/result/1"] = "salesdx/result/1"
Verdict = Literal["likely", "possible", "open", "unlikely", "ruled_out", "cannot_judge"]
Role = Literal["root", "aggravating", "consequence", "standalone"]
LossState = Literal["confirmed", "suspected", "noise", "insufficient"]
EditState = Literal["open", "overdue", "done", "dropped"]
Where = dict[str, str]


class Part(BaseModel):
    """Base of all parts: closed, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _nothing(value: Any) -> bool:
    """Whether a field has nothing to tell: documents without it stay as they were."""
    return not value


class Period(Part):
    """First and last day of the data, ISO dates; null without data."""

    from_: str | None = Field(alias="from")
    to: str | None


class StageRule(Part):
    """How a stage should run, as company.yaml says; null where it says nothing."""

    id: str
    title: str | None = None
    reference_days: float | None = None
    turning_point: bool | None = None
    criterion: str | None = None


class FunnelRule(Part):
    """What counts as an entry of a funnel, and its stages in order."""

    id: str
    title: str | None = None
    kind: str | None = None
    entry: str | None = None
    main_stage: str | None = None
    cycle_days: float | None = None
    stages: list[StageRule] = []


class CaseInfo(Part):
    """Whose result this is.

    `funnels_mark` names the definition of the funnels: figures by another one compare
    other things.
    """

    name: str
    as_of: str | None
    currency: str
    period: Period
    languages: list[str] = ["en", "ru"]
    sales_model: str | None = None
    funnels: list[FunnelRule] = []
    funnels_mark: str = Field("", exclude_if=_nothing)


class Layer(Part):
    """One overlay: the id and version of its pack.yaml, else the folder's name."""

    id: str
    version: str | None
    hash: str


class Tuned(Part):
    """What an overlay changed of the knowledge below it, and why.

    `id` of a rule is `cause/rule`; `change` is the key that was changed (`value`,
    `weight`, `if`, `off`, …), `added` or `replaced`. Values are as in the file; `text`
    says it all in words.
    """

    layer: str
    kind: str
    id: str
    title: Text
    change: str
    was: Any
    now: Any
    why: Text | None
    text: Text


class KnowledgeInfo(Part):
    """Which knowledge base spoke; `hash` covers every file of all layers.

    `meanings` mark what each metric, `symptom:x`, `cause:x` and `subject:x` meant: only
    what bears the same mark in two results can be compared.
    """

    pack: str
    version: str
    hash: str
    overlays: list[str] = []
    layers: list[Layer] = []
    tuned: list[Tuned] = []
    meanings: dict[str, str] = Field({}, exclude_if=_nothing)


class EngineInfo(Part):
    """Which engine computed it."""

    version: str
    executor: str


class Money(Part):
    """Money with its 80 % interval (P10, expected, P90) in currency units."""

    low: float
    expected: float
    high: float


class TotalLoss(Money):
    """The total, counted once, over the period."""

    currency: str
    per: str


class Summary(Part):
    """The answer on one page."""

    state: Literal["loss_found", "no_loss_found", "preliminary", "not_enough_data"]
    verdict: Text
    loss: TotalLoss | None
    coverage: float = Field(ge=0, le=1)
    top_causes: list[str]
    first_actions: list[str]


class DataQuality(Part):
    """One statement of the data gate: what was dropped, what moved."""

    id: str
    ref: list[str]
    severity: Literal["info", "warning", "error"]
    title: Text
    effect: Text
    dropped_rows: int | None = None
    before: float | None = None
    after: float | None = None
    table: str | None = None


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
    slice: Where = {}
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
    excluded: list[str] = []
    probability: float | None = None
    needed_n: int | None = None
    reachable: bool = False
    scope: Literal["sales", "step", "service"] = "sales"
    unit: str = ""
    direction: Literal["up", "down"] = "up"
    measure: Text | None = None
    gap: float | None = None
    gap_relative: float | None = None
    left_out: list[LeftOut] = []
    left_out_count: int = 0
    reached_by: list[Where] = []
    area: str | None = None
    area_title: Text | None = None
    formula: Text | None = None
    inputs: list[Input] = []
    parts: list[LossPart] = []
    raw_norm: float | None = None
    standardised: float | None = None
    mix_turns: bool = False
    below_average: bool = False


class SymptomRow(Part):
    """One symptom: true, false or unknown, and the leaf values that say so."""

    id: str
    ref: list[str]
    title: Text
    slice: Where = {}
    state: Literal["true", "false", "unknown"]
    because: Text


class FactValue(Part):
    """One value behind a piece of evidence; `shown` are the titles of options."""

    value: Any
    unit: str | None = None
    by: str | None = None
    confidence: int = 100
    shown: Text | None = None


class Evidence(Part):
    """One line of the bill: a rule that holds, its points, counted or overshadowed."""

    rule: str
    ref: list[str]
    direction: Literal["for", "against"]
    points: int
    counted: int
    group: str
    because: Text
    source: dict[str, str]
    grade: str
    facts: dict[str, FactValue]
    tuned: list[Tuned] = []


class Missing(Part):
    """An unknown that could move the verdict."""

    question: str | None = None
    metric: str | None = None
    title: Text
    could_add: int


class Check(Part):
    """A gate or a cancelling condition of a cause, and how it stands."""

    kind: Literal["gate", "unless", "rules_out", "rival", "no_harm", "two_groups"]
    state: Literal["true", "false", "unknown"]
    text: Text


class CauseRow(Part):
    """One cause on one slice, with its bill."""

    id: str
    ref: list[str]
    kind: str
    title: Text
    summary: Text
    slice: Where = {}
    verdict: Verdict
    points: int
    worst: int
    best: int
    coverage: float
    rank: int
    role: Role
    hygiene: bool = False
    evidence: list[Evidence]
    checks: list[Check]
    missing: list[Missing]
    remedies: list[str]
    verify: Text
    explains: list[str]
    losses: list[str]
    money: Money | None
    leads_to: list[str]
    aggravates: list[str]
    rivals: list[str]


class SaidBy(Part):
    """Who said what; `by` is `data` for a measured figure.

    `shown` are the titles of the chosen options; None where the value says it all.
    `unit` is that of a number as the question names it; a claim against a figure is in
    the unit of the figure, and has none here. `role` and `name` say who it is in words.
    """

    by: str
    value: Any
    shown: Text | None = None
    unit: str | None = Field(None, exclude_if=_nothing)
    role: Text | None = Field(None, exclude_if=_nothing)
    name: str = Field("", exclude_if=_nothing)


class Disagreement(Part):
    """Respondents, or a claim and a figure, that differ."""

    question: str | None = None
    metric: str | None = None
    title: Text
    about: Where = {}
    values: list[SaidBy]
    effect: Text


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

    owner: str = Field("", exclude_if=_nothing)
    start: str | None = Field(None, exclude_if=_nothing)
    due: str | None = Field(None, exclude_if=_nothing)
    done: str | None = Field(None, exclude_if=_nothing)
    note: str = Field("", exclude_if=_nothing)
    dropped: str = Field("", exclude_if=_nothing)
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
    edit: PlanEdit | None = Field(None, exclude_if=_nothing)


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


class NextQuestion(Part):
    """What to ask next, and what it would settle.

    `value` is how useful the answer is beside that to the best question, which has 100.
    """

    question: str
    title: Text
    value: int
    why: Text


class NotChecked(Part):
    """What could not be looked at and what would supply it."""

    id: str
    title: Text
    reason: Text
    supply: Text


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
    slice: Where = {}
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
    by: list[BreakBy] = []
    alike: list[str] = []


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


class AnswerRow(Part):
    """One answer as it counts; `shown` are the titles of the chosen options.

    `unit` is that of a number, as the question names it (`percent` is 0..100). Left out
    where there is nothing to tell: `reason` why the question does not apply, `evidence`
    what was shown to the interviewer, `role` and `name` of a respondent who is more
    than a role, `inactive` where the answer is kept and not read, because the question
    does not apply any more.
    """

    question: str
    ref: list[str]
    title: Text
    about: Where = {}
    by: str
    state: str
    value: Any
    confidence: int
    note: str = ""
    shown: Text | None = None
    unit: str | None = None
    reason: str = Field("", exclude_if=_nothing)
    evidence: list[str] = Field([], exclude_if=_nothing)
    role: Text | None = Field(None, exclude_if=_nothing)
    name: str = Field("", exclude_if=_nothing)
    inactive: bool = Field(default=False, exclude_if=_nothing)


class Fine(Part):
    """Something looked at and found in order."""

    id: str
    title: Text
    because: Text


class Subject(Part):
    """How one questionnaire stands: which answers point at a problem and which do not.

    `questions` are those that apply to the company and can point at a problem; the
    lists hold ids. What is asked and not known is never in order, and what is not asked
    is in no list. `few` have too few judged answers to speak of a share.
    """

    id: str
    title: Text
    questions: int
    problems: list[str]
    in_order: list[str]
    not_known: list[str]
    state: Literal["judged", "few", "open"]

    @property
    def judged(self) -> int:
        """How many answers say that something is a problem, or that it is in order."""
        return len(self.problems) + len(self.in_order)

    @property
    def asked(self) -> int:
        """How many questions were asked or measured."""
        return self.judged + len(self.not_known)


class MeetingRow(Part):
    """What one respondent put down on one finding at the planning meeting.

    `finding` is the id of the row of the loss map; `listed` says that it still lags.
    `reasons` and `explained_by` are codes, with their titles beside them; `until` is an
    ISO date.
    """

    finding: str
    metric: str
    title: Text
    slice: Where
    listed: bool
    by: str
    why: str
    reasons: list[str]
    reasons_shown: Text | None
    explained_by: list[str]
    explained_shown: Text | None
    what: str
    who: str
    until: str | None


class ClaimedLoss(Part):
    """What an author claims that a mistake costs: his figure, never ours, never added.

    `mistake` says how sure it is that the company makes it; `hinted` is evidence that
    falls short of a verdict. `low` alone is "at least", `high` alone "up to" that share
    of revenue. Money is a month's: the share of the `revenue` that `said_by` named.
    """

    id: str
    ref: list[str]
    text: Text
    base: Text | None
    source: dict[str, str]
    grade: str
    causes: list[str]
    title: Text
    mistake: Literal["likely", "possible", "hinted"]
    low: float | None
    high: float | None
    revenue: float | None
    said_by: str | None
    money_low: float | None
    money_high: float | None


class LostClients(Part):
    """Profit that went with lost clients, and the claimed price of winning others.

    Both are a year's, and stand side by side: `profit` is measured, or said by
    `profit_by`; `winning` is clients x `keeping_cost` x `ratio`, where the ratio is the
    claim of `text`. It is left out where the measured profit holds the real cost
    (`winning_measured`).
    """

    clients: float | None
    clients_by: str | None
    profit: float | None
    profit_by: str | None
    winning_measured: bool
    winning: float | None
    keeping_cost: float | None
    cost_by: str | None
    ratio: float
    text: Text
    ref: list[str]


class ResultDocument(Part):
    """The whole result."""

    schema_: Literal["salesdx/result/1"] = Field(default=SCHEMA, alias="schema")
    case: CaseInfo
    knowledge: KnowledgeInfo
    engine: EngineInfo
    summary: Summary
    data_quality: list[DataQuality]
    metrics: list[MetricRow]
    losses: list[Loss]
    symptoms: list[SymptomRow]
    causes: list[CauseRow]
    disagreements: list[Disagreement]
    plan: list[PlanAction]
    blocked_actions: list[BlockedAction]
    next_questions: list[NextQuestion]
    not_checked: list[NotChecked]
    funnel: list[FunnelStep] = []
    cohorts: list[Cohort] = []
    breaks: list[Break] = []
    changes: list[Change] = []
    answers: list[AnswerRow] = []
    fine: list[Fine] = []
    meeting: list[MeetingRow] = []
    claimed_losses: list[ClaimedLoss] = []
    lost_clients: LostClients | None = None
    past_actions: list[PastAction] = Field([], exclude_if=_nothing)
    subjects: list[Subject] = Field([], exclude_if=_nothing)
    cohort_curves: list[CohortCurve] = Field([], exclude_if=_nothing)

    def to_json(self) -> str:
        """The document as JSON text: two spaces, UTF-8, keys in contract order."""
        data = self.model_dump(mode="json", by_alias=True)
        return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
