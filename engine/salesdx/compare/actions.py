"""Actions then and now: what became of them, and what their figures say."""

import datetime as dt
from collections.abc import Sequence

from salesdx.compare.model import ActionChange, CauseChange, Effect, MetricChange
from salesdx.compare.pairing import Results
from salesdx.compare.words import Value, joined, said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.result import Kpi, PlanAction, PlanEdit, ResultDocument


def action_changes(
    results: Results, metrics: Sequence[MetricChange], causes: Sequence[CauseChange],
    knowledge: KnowledgeBase,
) -> list[ActionChange]:  # fmt: skip
    """Actions of either plan: first those of the newer, then those that left it.

    An effect is that of the older plan: its target was set then, before the work.
    """
    old = {a.id: a for a in results.then.plan}
    new = {a.id: a for a in results.now.plan}
    edits = {**_edits(results.then), **_edits(results.now)}
    whole = {m.id: m for m in metrics if not m.slice}
    unseen = {c.id for c in causes if c.state == "not_comparable"}
    return [
        _change(results, old.get(i), new.get(i), edits.get(i), whole, unseen, knowledge)
        for i in [*new, *(i for i in old if i not in new)]
    ]


def _edits(document: ResultDocument) -> dict[str, PlanEdit]:
    found = {a.id: a.edit for a in document.plan if a.edit is not None}
    return found | {a.id: a.edit for a in document.past_actions}


def _change(
    results: Results, then: PlanAction | None, now: PlanAction | None,
    edit: PlanEdit | None, whole: dict[str, MetricChange], unseen: set[str],
    knowledge: KnowledgeBase,
) -> ActionChange:  # fmt: skip
    action = now or then
    assert action is not None
    effect = None
    if then is not None and then.kpi is not None:
        effect = _effect(results, then, then.kpi, whole.get(then.kpi.metric), knowledge)
    return ActionChange(
        id=action.id, title=action.title, causes=action.causes,
        state="new" if then is None else "gone" if now is None else "unchanged",
        progress=edit.state if edit else None, edit=edit, effect=effect,
        reason=_reason(edit, now, not unseen.isdisjoint(action.causes)),
    )  # fmt: skip


def _reason(edit: PlanEdit | None, now: PlanAction | None, unseen: bool) -> Text | None:
    """What became of the action; that its cause is not seen is no proof it is gone."""
    if edit is not None and edit.done:
        return said("action.done", day=dt.date.fromisoformat(edit.done))
    if edit is not None and edit.dropped:
        return said("action.dropped", why=edit.dropped)
    if now is not None:
        return None
    return said("action.cause-unknown" if unseen else "action.no-cause")


def _effect(
    results: Results, action: PlanAction, kpi: Kpi, change: MetricChange | None,
    knowledge: KnowledgeBase,
) -> Effect:  # fmt: skip
    began, ended = results.then.case.as_of, results.now.case.as_of
    look_on = (
        (dt.date.fromisoformat(began) + dt.timedelta(days=kpi.check_day)).isoformat()
        if began
        else None
    )
    before = bool(look_on and ended and began and began < ended < look_on)
    now = change.now.value if change and change.now else None
    reached = _reached(action, kpi, now, knowledge)
    early = None
    if before and look_on:
        early = said("effect.before-day", day=dt.date.fromisoformat(look_on))
    return Effect(
        metric=kpi.metric, title=kpi.title, unit=kpi.unit,
        then=change.then.value if change and change.then else None, now=now,
        target=kpi.target, look_on=look_on, reached=reached,
        state=change.state if change else "not_comparable",
        early=before or bool(change and change.early),
        reason=_told(results, kpi, change, reached, early),
    )  # fmt: skip


def _reached(
    action: PlanAction, kpi: Kpi, now: float | None, knowledge: KnowledgeBase
) -> bool | None:
    """Whether the figure is at the target; unknown where nobody can say."""
    remedy = knowledge.remedies.get(action.id)
    entry = knowledge.metrics.get(kpi.metric)
    better = (remedy.kpi.better if remedy and remedy.kpi else None) or (
        entry.direction if entry else None
    )
    if now is None or kpi.target is None or better not in ("up", "down"):
        return None
    return now >= kpi.target if better == "up" else now <= kpi.target


def _told(
    results: Results, kpi: Kpi, change: MetricChange | None, reached: bool | None,
    early: Text | None,
) -> Text | None:  # fmt: skip
    if change is None:
        return joined(early, said("effect.unknown"))
    goal = None
    if reached is not None:
        told = Value(kpi.target, kpi.unit, results.now.case.currency, kpi.metric)
        key = "effect.reached" if reached else "effect.not-reached"
        goal = said(key, target=told)
    parts = [p for p in (early, change.reason, goal) if p is not None]
    return joined(*parts) if parts else None
