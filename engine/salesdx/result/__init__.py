"""The result document `salesdx/result/1`: the contract that every renderer reads.

Numbers are in base units (ratios 0..1, seconds, currency units); `slice` is {} for
the company; verdicts and states are strings; every text is {en, ru}. The document is
byte-identical for the same input: timestamps come from `as_of`.
"""

import json
from typing import Literal

from pydantic import Field

from salesdx.result.answers import (
    AnswerRow,
    ClaimedLoss,
    Disagreement,
    Fine,
    LostClients,
    MeetingRow,
    NextQuestion,
    NotChecked,
    SaidBy,
    Subject,
)
from salesdx.result.case import (
    CaseInfo,
    DataQuality,
    EngineInfo,
    FunnelRule,
    KnowledgeInfo,
    Layer,
    StageRule,
    Summary,
    Tuned,
)
from salesdx.result.causes import (
    CauseRow,
    Check,
    Evidence,
    FactValue,
    Missing,
    SymptomRow,
)
from salesdx.result.figures import Input, LeftOut, Loss, LossPart, MetricRow
from salesdx.result.part import (
    EditState,
    LossState,
    Money,
    Part,
    Period,
    Role,
    TotalLoss,
    Verdict,
    Where,
    nothing,
)
from salesdx.result.plan import BlockedAction, Kpi, PastAction, PlanAction, PlanEdit
from salesdx.result.shapes import (
    Break,
    BreakBy,
    Change,
    Cohort,
    CohortCurve,
    CurvePoint,
    Explainer,
    FunnelStep,
)

__all__ = [
    "SCHEMA", "AnswerRow", "BlockedAction", "Break", "BreakBy", "CaseInfo",
    "CauseRow", "Change", "Check", "ClaimedLoss", "Cohort", "CohortCurve",
    "CurvePoint", "DataQuality", "Disagreement", "EditState", "EngineInfo",
    "Evidence", "Explainer", "FactValue", "Fine", "FunnelRule", "FunnelStep",
    "Input", "KnowledgeInfo", "Kpi", "Layer", "LeftOut", "Loss", "LossPart",
    "LossState", "LostClients", "MeetingRow", "MetricRow", "Missing", "Money",
    "NextQuestion", "NotChecked", "Part", "PastAction", "Period", "PlanAction",
    "PlanEdit", "ResultDocument", "Role", "SaidBy", "StageRule", "Subject",
    "Summary", "SymptomRow", "TotalLoss", "Tuned", "Verdict", "Where",
]  # fmt: skip

SCHEMA: Literal["salesdx/result/1"] = "salesdx/result/1"


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
    funnel: list[FunnelStep] = Field([])
    cohorts: list[Cohort] = Field([])
    breaks: list[Break] = Field([])
    changes: list[Change] = Field([])
    answers: list[AnswerRow] = Field([])
    fine: list[Fine] = Field([])
    meeting: list[MeetingRow] = Field([])
    claimed_losses: list[ClaimedLoss] = Field([])
    lost_clients: LostClients | None = None
    past_actions: list[PastAction] = Field([], exclude_if=nothing)
    subjects: list[Subject] = Field([], exclude_if=nothing)
    cohort_curves: list[CohortCurve] = Field([], exclude_if=nothing)

    def to_json(self) -> str:
        """The document as JSON text: two spaces, UTF-8, keys in contract order."""
        data = self.model_dump(mode="json", by_alias=True)
        return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
