"""Two results of a company -> what is new, gone, better, worse, or cannot be told."""

from collections.abc import Sequence
from typing import Any

from salesdx.compare.actions import action_changes
from salesdx.compare.causes import cause_changes
from salesdx.compare.cohorts import MATURE, days
from salesdx.compare.comparable import span
from salesdx.compare.losses import loss_changes, year_loss
from salesdx.compare.metrics import metric_changes
from salesdx.compare.model import (
    Comparison,
    MetricChange,
    Note,
    Run,
    Totals,
)
from salesdx.compare.pairing import Results
from salesdx.compare.subjects import subject_changes
from salesdx.compare.symptoms import symptom_changes
from salesdx.compare.totals import counted
from salesdx.compare.words import said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.result import ResultDocument

_NONE = Totals(causes={}, losses={}, metrics={}, symptoms={}, actions={}, progress={})


def compare(
    then: ResultDocument, now: ResultDocument, knowledge: KnowledgeBase
) -> Comparison:
    """Compare an older result with a newer one.

    `knowledge` says which way of a figure is better; take that of the newer result.
    """
    results = Results(then, now)
    metrics = metric_changes(results, knowledge)
    causes = cause_changes(results, knowledge)
    losses, symptoms = loss_changes(results), symptom_changes(results, knowledge)
    actions = action_changes(results, metrics, causes, knowledge)
    found = Comparison(
        then=_run(then), now=_run(now), days=days(then.case.as_of, now.case.as_of),
        notes=_notes(results, metrics),
        totals=_NONE,
        causes=causes, losses=losses, metrics=metrics, symptoms=symptoms,
        actions=actions, loss=year_loss(results),
        subjects=subject_changes(results, knowledge),
    )  # fmt: skip
    return counted(found)


def _run(document: ResultDocument) -> Run:
    case, knowledge = document.case, document.knowledge
    return Run(
        name=case.name, as_of=case.as_of, period=case.period, currency=case.currency,
        pack=knowledge.pack, version=knowledge.version, hash=knowledge.hash,
        engine=document.engine.version, coverage=document.summary.coverage,
        state=document.summary.state, loss=document.summary.loss,
    )  # fmt: skip


def _notes(results: Results, metrics: Sequence[MetricChange]) -> list[Note]:
    then, now = results.then, results.now
    if then == now:
        return [_note("same")]
    found = []
    if then.case.name != now.case.name:
        found.append(_note("company", then=then.case.name, now=now.case.name))
    days_between = days(then.case.as_of, now.case.as_of)
    if days_between is not None and days_between < 0:
        found.append(_note("order"))
    if then.knowledge.hash != now.knowledge.hash:
        found.append(_note("knowledge"))  # `then` and `now` say which versions
    if any(m.id == MATURE and m.early for m in metrics):
        found.append(_note("early"))
    spans = span(then), span(now)
    if then.summary.loss and now.summary.loss and spans[0] != spans[1] and all(spans):
        found.append(_note("spans", then=spans[0], now=spans[1]))
    return found


def _note(id_: str, **values: Any) -> Note:
    return Note(id=id_, text=said(f"note.{id_}", **values))
