"""Assemble the result document from the parts of an analysis; decides nothing."""

import datetime as dt
import importlib.metadata
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from salesdx.answers.facts import Said
from salesdx.answers.relevance import marked
from salesdx.case import Case, Note
from salesdx.company import funnels_mark
from salesdx.diagnosis import Diagnosed
from salesdx.errors import in_language
from salesdx.explanation.bill import STATES, cause_row
from salesdx.explanation.tuned import tuned
from salesdx.explanation.wording import Wording
from salesdx.facts import FactBase, Measurement
from salesdx.inference.infer import Inference
from salesdx.knowledge.answered import address, asked, fits
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.meanings import meanings
from salesdx.knowledge.models import MetricEntry, QuestionEntry
from salesdx.language import Language, Text, date, number, odds_digits, percent, quoted
from salesdx.losses.model import LossMap
from salesdx.measured.shapes import Shapes
from salesdx.result import (
    BlockedAction,
    CaseInfo,
    ClaimedLoss,
    DataQuality,
    EngineInfo,
    FunnelRule,
    KnowledgeInfo,
    Layer,
    LostClients,
    MeetingRow,
    MetricRow,
    NextQuestion,
    NotChecked,
    PastAction,
    Period,
    PlanAction,
    ResultDocument,
    SymptomRow,
)
from salesdx.subjects import subjects
from salesdx.summary import coverage, fine, first_actions, summarise
from salesdx.tables import column_title, table_title


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that goes into the document."""

    case: Case
    knowledge: KnowledgeBase
    figures: Sequence[Measurement]
    map_: LossMap
    shapes: Shapes
    said: Said
    facts: FactBase
    found: Inference
    causes: Sequence[Diagnosed]
    plan: Sequence[PlanAction]
    blocked: Sequence[BlockedAction]
    questions: Sequence[NextQuestion]
    meeting: Sequence[MeetingRow] = ()
    claimed: Sequence[ClaimedLoss] = ()
    lost_clients: LostClients | None = None
    past: Sequence[PastAction] = ()


def build(parts: Parts) -> ResultDocument:
    """The result document of one analysis."""
    wording = Wording(parts.knowledge, parts.case.company.currency)
    share = coverage(parts.found, parts.facts)
    return ResultDocument(
        case=_case(parts.case),
        knowledge=KnowledgeInfo(
            pack=parts.knowledge.pack.id, version=parts.knowledge.pack.version,
            hash=parts.knowledge.hash, overlays=list(parts.knowledge.overlays),
            layers=[
                Layer(id=x.id, version=x.version, hash=x.hash)
                for x in parts.knowledge.layers
            ],
            tuned=tuned(wording),
            meanings=meanings(parts.knowledge, parts.found.case.benchmarks),
        ),
        engine=EngineInfo(version=version(), executor=parts.found.executor),
        summary=summarise(
            parts.causes, parts.map_.losses, parts.map_.total, share, parts.plan
        ),
        data_quality=[
            *(_quality(n, parts.knowledge) for n in parts.case.notes
              if n.id in parts.knowledge.quality),
            *_gate(parts), *_turned(parts),
        ],
        metrics=_metrics(parts.figures, parts.knowledge, parts.case),
        losses=list(parts.map_.losses),
        symptoms=_symptoms(parts.found, wording),
        causes=[
            cause_row(d, parts.found.case, wording) for d in parts.causes
        ],
        disagreements=list(parts.said.disagreements),
        plan=list(parts.plan), blocked_actions=list(parts.blocked),
        next_questions=list(parts.questions),
        not_checked=_not_checked(parts.figures, parts.knowledge, parts.case),
        funnel=parts.shapes.funnel, cohorts=parts.shapes.cohorts,
        breaks=parts.shapes.breaks, changes=parts.shapes.changes,
        answers=marked(parts.said.rows, parts.facts),
        fine=fine(parts.found),
        meeting=list(parts.meeting),
        claimed_losses=list(parts.claimed), lost_clients=parts.lost_clients,
        past_actions=list(parts.past),
        subjects=subjects(
            parts.knowledge, parts.facts, parts.figures, parts.said.disagreements,
            parts.found.case, parts.case.company.sales_model,
        ),
        cohort_curves=parts.shapes.curves,
    )  # fmt: skip


def with_plan(
    found: ResultDocument, plan: Sequence[PlanAction], past: Sequence[PastAction]
) -> ResultDocument:
    """The document with the plan as people set it: the same but for who and when."""
    first = {"first_actions": first_actions(plan)}
    return found.model_copy(update={
        "plan": list(plan), "past_actions": list(past),
        "summary": found.summary.model_copy(update=first),
    })  # fmt: skip


_TURNS, _NAMED = "mix-turns-the-gap", 5


def version() -> str:
    """The version of the installed package."""
    return importlib.metadata.version("salesdx")


def _case(case: Case) -> CaseInfo:
    first, last = case.period
    funnels = [FunnelRule.model_validate(f.model_dump()) for f in case.company.funnels]
    period: dict[str, Any] = {
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
    }
    return CaseInfo(
        name=case.company.name,
        as_of=case.as_of.date().isoformat() if case.as_of else None,
        currency=case.company.currency, period=Period(**period),
        sales_model=case.company.sales_model,
        funnels=funnels, funnels_mark=funnels_mark(case.company.funnels),
    )  # fmt: skip


_TABLE_HOLES, _COLUMN_HOLES = {"table", "target"}, {"column", "start"}
_ISO = re.compile(r"(?<![\w'.-])\d{4}-\d\d-\d\d(?![\w'-])")


def _date(iso: str, language: Language) -> str:
    """An ISO date as people write it; a date that is none stays as it is."""
    try:
        return date(dt.date.fromisoformat(iso), language)
    except ValueError:
        return iso


def _quality(note: Note, knowledge: KnowledgeBase) -> DataQuality:
    entry = knowledge.quality[note.id]

    def value(name: str, language: Language) -> str:
        found = {"table": note.table, **note.params}.get(name, "—")
        if isinstance(found, float) and 0 < abs(found) < 1:
            return percent(found, language)
        if isinstance(found, int | float):
            return number(found, language)
        if name in _TABLE_HOLES:
            return table_title(found).in_(language)
        if name in _COLUMN_HOLES:
            return column_title(note.table, found).in_(language)
        told = in_language(found, language) if isinstance(found, str) else str(found)
        return _ISO.sub(lambda m: _date(m[0], language), told)

    def figure(name: str) -> float | None:
        found = note.params.get(name)
        return float(found) if isinstance(found, int | float) else None

    dropped = note.params.get("dropped")
    return DataQuality(
        id=note.id, ref=entry.ref, severity=entry.severity,
        title=entry.title.fill(value), effect=entry.effect.fill(value),
        dropped_rows=int(dropped) if isinstance(dropped, int | float) else None,
        before=figure("before"), after=figure("after"), table=note.table or None,
    )  # fmt: skip


def _gate(parts: Parts) -> list[DataQuality]:
    """DO-04, DO-05: what maturity removed, and the figure before and after."""
    whole = {m.metric: m for m in parts.figures if not m.slice and not m.period}
    raw, mature = whole.get("conversion.raw"), whole.get("conversion.mature")
    if raw is None or mature is None or raw.value is None or mature.value is None:
        return []
    if not raw.denominator or mature.denominator is None:
        return []
    dropped = int(raw.denominator - mature.denominator)
    if dropped <= 0:
        return []
    note = Note("immature-left-out", "deals", {
        "count": dropped, "dropped": dropped, "before": raw.value,
        "after": mature.value, "before-n": _to_one(raw.value),
        "after-n": _to_one(mature.value),
    })  # fmt: skip
    return (
        [_quality(note, parts.knowledge)] if note.id in parts.knowledge.quality else []
    )


def _turned(parts: Parts) -> list[DataQuality]:
    """A-05: slices whose gap changes its sign with the mix."""
    names = [
        value for loss in parts.map_.losses if loss.mix_turns
        for _, value in sorted(loss.slice.items())
    ]  # fmt: skip
    if not names or _TURNS not in parts.knowledge.quality:
        return []
    more = f" … +{len(names) - _NAMED}" if len(names) > _NAMED else ""
    shown = ", ".join(sorted(names)[:_NAMED]) + more
    note = Note(_TURNS, "deals", {"examples": shown, "count": len(names)})
    return [_quality(note, parts.knowledge)]


def _to_one(ratio: float) -> float | str:
    """17 for 5.88 %: entries to one deal."""
    return round(1 / ratio, odds_digits(1 / ratio)) if ratio > 0 else "—"


def _metrics(
    figures: Sequence[Measurement], knowledge: KnowledgeBase, case: Case
) -> list[MetricRow]:
    rows = [
        _metric(m, knowledge, case) for m in figures if m.metric in knowledge.metrics
    ]
    declared = list(knowledge.metrics)
    rows.sort(key=lambda r: (
        declared.index(r.id), r.period != "", r.period, len(r.slice),
        sorted(r.slice.items()),
    ))  # fmt: skip
    return rows


def _metric(m: Measurement, knowledge: KnowledgeBase, case: Case) -> MetricRow:
    entry = knowledge.metrics[m.metric]
    value = m.value if m.value is not None and math.isfinite(m.value) else None
    return MetricRow(
        id=m.metric, ref=entry.ref, title=entry.title, value=_tidy(value),
        unit=entry.unit, interval=_pair(m.interval), n=m.n,
        numerator=_tidy(m.numerator), denominator=_tidy(m.denominator),
        slice=dict(m.slice), period=m.period,
        state=m.state if value is not None or m.state != "ok" else "unknown",
        reason=m.reason, benchmark=case.company.benchmarks.get(m.metric),
        said_by=m.said_by or None,
    )  # fmt: skip


def _tidy(value: float | None) -> float | None:
    """Ten significant digits: floats from different engines print alike."""
    return None if value is None else float(f"{value:.10g}")


def _pair(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    if interval is None or not all(math.isfinite(v) for v in interval):
        return None
    return float(f"{interval[0]:.10g}"), float(f"{interval[1]:.10g}")


def _symptoms(found: Inference, wording: Wording) -> list[SymptomRow]:
    rows = []
    for (symptom, where), outcome in sorted(found.symptoms.items()):
        spec = outcome.symptom.spec
        view = found.case.at(where)
        because = (
            wording.fill(spec.because, view)
            if spec.because
            else _leaves(outcome.outcome, wording)
        )
        rows.append(SymptomRow(
            id=symptom, ref=spec.ref, title=spec.title, slice=dict(where),
            state=STATES[outcome.outcome.state],
            because=because,
        ))  # fmt: skip
    return rows


def _leaves(outcome: Any, wording: Wording) -> Text:
    """What a symptom read: `title: value` for every leaf, once."""
    english: dict[str, str] = {}
    russian: dict[str, str] = {}
    for leaf in outcome.leaves():
        if leaf.fact is None or leaf.fact.name.startswith(("symptom:", "cause:")):
            continue
        title = wording.knowledge.title(leaf.fact.name)
        english[title.en] = wording.value(leaf.fact, "en")
        russian[title.ru] = wording.value(leaf.fact, "ru")
    return Text(
        en="; ".join(f"{t}: {v}" for t, v in english.items()) or "—",
        ru="; ".join(f"{t}: {v}" for t, v in russian.items()) or "—",
    )


def _supply(
    entry: MetricEntry, knowledge: KnowledgeBase, tables: Collection[str]
) -> Text:
    """The tables to export, by the names of people and of the files, or the question.

    Where all tables are there already, it is more in them that would help.
    """
    names = list(dict.fromkeys(n.partition(".")[0] for n in entry.needs))
    lacking = [n for n in names if n not in tables]
    more_of = Text(en="more in: ", ru="дополнить: ") if names and not lacking else None
    told = [table_title(n) for n in lacking or names]
    files = [f"({n}.csv)" for n in lacking or names]
    english = [f"{t.en} {f}" for t, f in zip(told, files, strict=True)]
    russian = [f"{t.ru} {f}" for t, f in zip(told, files, strict=True)]
    if more_of:
        english[0], russian[0] = more_of.en + english[0], more_of.ru + russian[0]
    questions = [knowledge.questions[i] for i in asked(entry)]
    if questions:
        english.append(f"the interview: {_asked(questions, 'en')}")
        russian.append(f"интервью: {_asked(questions, 'ru')}")
    if not english:
        return Text(en="Answers in the interview", ru="Ответы в интервью")
    return Text(en=_joined(english), ru=_joined(russian))


def _asked(questions: Sequence[QuestionEntry], language: Language) -> str:
    """The questions by their words, and in brackets the codes that address them."""
    told = [quoted(q.title.in_(language), language) for q in questions[:_NAMED]]
    if len(questions) > _NAMED:
        more = len(questions) - _NAMED
        told.append(f"и ещё {more}" if language == "ru" else f"and {more} more")
    return f"{', '.join(told)} ({', '.join(address(q) for q in questions)})"


def _joined(parts: Sequence[str]) -> str:
    whole = ", ".join(parts)
    return whole[:1].upper() + whole[1:]


_NAMED = 2  # questions that are named; the others by their codes
_NOTHING = Text(en="not measured", ru="не измерено")


def _not_checked(
    figures: Sequence[Measurement], knowledge: KnowledgeBase, case: Case
) -> list[NotChecked]:
    """Figures the company has no value for, with what would supply it.

    What is asked in another sales model only is nothing that this company lacks.
    """
    whole = {m.metric: m for m in figures if not m.slice and not m.period}
    sliced = {m.metric for m in figures if m.slice and m.value is not None}
    rows = []
    for entry in knowledge.metrics.values():
        figure = whole.get(entry.id)
        if (figure is not None and figure.value is not None) or entry.id in sliced:
            continue
        if not entry.needs and not fits(entry, knowledge, case.company.sales_model):
            continue
        reason = figure.reason if figure is not None and figure.reason else _NOTHING
        rows.append(NotChecked(
            id=entry.id, title=entry.title, reason=reason,
            supply=_supply(entry, knowledge, case.tables),
        ))  # fmt: skip
    return rows
