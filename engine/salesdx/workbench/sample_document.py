"""Made-up result documents for trying templates: nothing known, and everything.

Every question of the knowledge is answered and every figure measured, on the company
and on one slice of each dimension, so that no name of the knowledge is left out.
"""

from typing import Any

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import MetricEntry, QuestionEntry
from salesdx.language import Text
from salesdx.result import (
    AnswerRow,
    CaseInfo,
    CauseRow,
    EngineInfo,
    FunnelRule,
    FunnelStep,
    KnowledgeInfo,
    Kpi,
    Loss,
    MetricRow,
    Money,
    Period,
    PlanAction,
    ResultDocument,
    StageRule,
    Summary,
)

_SAMPLE = Text(en="Sample", ru="Пример")
_STAGES = ("first", "second")


def nothing() -> ResultDocument:
    """A case of which nothing is known but the name."""
    return ResultDocument(
        case=CaseInfo(
            name="—", as_of=None, currency="RUB",
            period=Period.model_validate({"from": None, "to": None}),
        ),
        knowledge=KnowledgeInfo(pack="", version="", hash=""),
        engine=EngineInfo(version="", executor=""),
        summary=Summary(
            state="not_enough_data", verdict=_SAMPLE, loss=None, coverage=0,
            top_causes=[], first_actions=[],
        ),
        data_quality=[], metrics=[], losses=[], symptoms=[], causes=[],
        disagreements=[], plan=[], blocked_actions=[], next_questions=[],
        not_checked=[],
    )  # fmt: skip


def everything(knowledge: KnowledgeBase, yes: bool) -> ResultDocument:
    """A case of which all is known; `yes` is the answer to every yes-or-no question."""
    bare = nothing()
    stages = [
        StageRule(
            id=s,
            title=s,
            reference_days=5,
            turning_point=yes,
            criterion=s if yes else None,
        )
        for s in _STAGES
    ]
    case = bare.case.model_copy(update={
        "name": "Sample", "as_of": "2026-06-30", "sales_model": "b2b",
        "period": Period.model_validate({"from": "2025-07-01", "to": "2026-06-30"}),
        "funnels": [FunnelRule(
            id="main", title="main", entry="entry", main_stage=_STAGES[0],
            cycle_days=40, stages=stages,
        )],
    })  # fmt: skip
    return bare.model_copy(update={
        "case": case,
        "metrics": [m for e in knowledge.metrics.values() for m in _figures(e)],
        "losses": [_loss(s) for s in ("confirmed", "suspected", "noise")],
        "causes": [_cause()],
        "plan": [_action(knowledge, i) for i in knowledge.remedies],
        "funnel": [
            FunnelStep(funnel="main", stage=s, title=s, count=90 - 40 * i,
                       conversion=0.5 - 0.1 * i, interval=None)
            for i, s in enumerate(_STAGES)
        ],
        "answers": [a for q in knowledge.questions.values() for a in _answers(q, yes)],
    })  # fmt: skip


def _figures(entry: MetricEntry) -> list[MetricRow]:
    slices: list[dict[str, str]] = [{}]
    slices += [{d: f"{d} {n}"} for d in entry.grain if d != "period" for n in "12"]
    return [
        MetricRow(
            id=entry.id, ref=entry.ref, title=entry.title, value=0.25, unit=entry.unit,
            n=40, slice=where, state="ok", benchmark=0.5,
        )
        for where in slices
    ]  # fmt: skip


def _answers(question: QuestionEntry, yes: bool) -> list[AnswerRow]:
    value: Any
    shown = None
    match question.type:
        case "yesno":
            value = yes
        case "enum":
            value = question.options[0 if yes else -1].code
            shown = question.options[0 if yes else -1].title
        case "multi":
            value = [o.code for o in question.options] if yes else []
        case "scale" | "number":
            value = question.max or 5 if yes else question.min or 0
        case "date":
            value = "2026-05-01"
        case _:
            value = "Sample"
    about: list[dict[str, str]] = [{}]
    if question.about:
        about = [{question.about: f"{question.about} {n}"} for n in "12"]
    return [
        AnswerRow(
            question=question.id, ref=question.ref, title=question.title, about=where,
            by=question.who[0], state="answered", value=value, confidence=100,
            shown=shown,
        )
        for where in about
    ]  # fmt: skip


def _loss(state: str) -> Loss:
    return Loss.model_validate({
        "id": f"conversion.at-horizon:manager={state}", "title": _SAMPLE,
        "metric": "conversion.at-horizon", "slice": {"manager": state}, "norm": 0.2,
        "actual": 0.1, "n": 80, "state": state, "share": None, "unit": "ratio",
        "money": Money(low=1, expected=2, high=3), "area_title": _SAMPLE,
        "below_average": True,
    })  # fmt: skip


def _cause() -> CauseRow:
    return CauseRow(
        id="sample", ref=[], kind="process", title=_SAMPLE, summary=_SAMPLE,
        verdict="likely", points=60, worst=60, best=60, coverage=1, rank=1,
        role="root", evidence=[], checks=[], missing=[], remedies=[], verify=_SAMPLE,
        explains=[], losses=[], money=None, leads_to=[], aggravates=[], rivals=[],
    )  # fmt: skip


def _action(knowledge: KnowledgeBase, remedy_id: str) -> PlanAction:
    remedy = knowledge.remedies[remedy_id]
    sheet = knowledge.worksheets.get(remedy.worksheet or "")
    kpi = Kpi(metric="sample", title=_SAMPLE, now=0.1, target=0.2, unit="ratio",
              check_day=45)  # fmt: skip
    return PlanAction(
        id=remedy.id, ref=[], title=remedy.title, causes=["sample"], horizon=30,
        start_day=0, days=remedy.days, owner=remedy.owner,
        owner_title=knowledge.roles[remedy.owner].title, steps=remedy.steps, kpi=kpi,
        after=[], worksheet=remedy.worksheet,
        worksheet_title=sheet.spec.title if sheet else None, claims=[],
        repeat=remedy.repeat,
    )  # fmt: skip
