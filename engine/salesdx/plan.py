"""From causes to an ordered, dated, owned plan; what is blocked and why (pure)."""

from collections.abc import Collection, Mapping, Sequence

from salesdx.diagnosis import Diagnosed
from salesdx.facts import Measurement
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import Remedy, RemedyKpi
from salesdx.language import Text
from salesdx.result import BlockedAction, Kpi, Loss, PlanAction

SETTLES = 14  # days after an action until its figure can have moved
CAPACITY = 2  # actions that one owner carries at a time


def build_plan(
    knowledge: KnowledgeBase,
    causes: Sequence[Diagnosed],
    figures: Mapping[str, Measurement],
    losses: Sequence[Loss],
    done: Collection[str] = (),
    benchmarks: Mapping[str, float | None] | None = None,
) -> tuple[list[PlanAction], list[BlockedAction]]:
    """Remedies of the likely causes, what they need first, and what must wait.

    `figures` are the company-wide measurements by metric id; `done` are remedies
    that the company has in place already, `benchmarks` the thresholds that fit it.
    """
    likely = [d for d in causes if d.outcome.verdict == "likely"]
    wanted: dict[str, list[str]] = {}
    for row in likely:
        for remedy in row.outcome.cause.spec.remedies:
            ids = wanted.setdefault(remedy, [])
            if row.id not in ids:
                ids.append(row.id)
    blocked = _blocked(knowledge, likely, [r for r in wanted if r not in done])
    out = {b.id for b in blocked} | set(done)
    chosen = [r for r in wanted if r not in out]
    order = _ordered(knowledge, chosen)
    days = _schedule(knowledge, order)
    shipped = {i: b.value for i, b in knowledge.benchmarks.items()}
    marks: dict[str, float | None] = {**shipped, **(benchmarks or {})}
    targets = {i: _target(knowledge.remedies[i].kpi, marks, losses) for i in order}
    actions = [
        _action(knowledge, i, wanted[i], days[i], set(chosen), figures, targets[i])
        for i in order
    ]
    return actions, blocked


def _blocked(
    knowledge: KnowledgeBase, likely: Sequence[Diagnosed], wanted: Collection[str]
) -> list[BlockedAction]:
    """Remedies that a likely cause makes premature, wanted or not."""
    active = {d.id for d in likely}
    found = []
    for remedy in knowledge.remedies.values():
        standing = [c for c in remedy.blocked_while if c in active]
        blockers = [r for r in wanted if remedy.id in knowledge.remedies[r].blocks]
        if not standing and not blockers:
            continue
        because = remedy.blocked_because or _because(knowledge, standing, blockers)
        found.append(BlockedAction(id=remedy.id, title=remedy.title, because=because))
    return found


def _because(
    knowledge: KnowledgeBase, standing: list[str], blockers: list[str]
) -> Text:
    titles = [knowledge.causes[c].spec.title for c in standing]
    titles += [knowledge.remedies[r].title for r in blockers]
    en = "; ".join(t.en for t in titles)
    ru = "; ".join(t.ru for t in titles)
    return Text(en=f"First: {en}.", ru=f"Сначала: {ru}.")


def _ordered(knowledge: KnowledgeBase, chosen: Sequence[str]) -> list[str]:
    """Needs-first order; among the free, the order of the causes."""
    left: list[str] = list(chosen)
    done: list[str] = []
    while left:
        free = [
            r for r in left
            if not set(knowledge.remedies[r].needs_first) & set(left)
        ]  # fmt: skip
        step = free[0] if free else left[0]  # a cycle is a lint error, not a hang
        left.remove(step)
        done.append(step)
    return done


def _schedule(
    knowledge: KnowledgeBase, order: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """(start day, end day) of every action: after its needs, within the capacity."""
    days: dict[str, tuple[int, int]] = {}
    busy: dict[str, list[int]] = {}
    for i in order:
        remedy = knowledge.remedies[i]
        ready = max((days[n][1] for n in remedy.needs_first if n in days), default=0)
        slots = busy.setdefault(remedy.owner, [0] * CAPACITY)
        slot = min(range(CAPACITY), key=slots.__getitem__)
        start = max(ready, slots[slot])
        slots[slot] = start + remedy.days
        days[i] = (start, start + remedy.days)
    return days


def _action(
    knowledge: KnowledgeBase,
    remedy_id: str,
    causes: list[str],
    days: tuple[int, int],
    chosen: set[str],
    figures: Mapping[str, Measurement],
    target: float | None,
) -> PlanAction:
    remedy = knowledge.remedies[remedy_id]
    start, end = days
    owner = knowledge.roles[remedy.owner]
    sheet = knowledge.worksheets.get(remedy.worksheet or "")
    return PlanAction(
        id=remedy.id, ref=remedy.ref, title=remedy.title, causes=causes,
        horizon=30 if end <= 30 else 60 if end <= 60 else 90,
        start_day=start, days=remedy.days, owner=owner.id, owner_title=owner.title,
        steps=remedy.steps, kpi=_kpi(knowledge, remedy, figures, target, end),
        after=[n for n in remedy.needs_first if n in chosen],
        worksheet=remedy.worksheet, worksheet_title=sheet.spec.title if sheet else None,
        claims=[c.text for c in knowledge.claims_of(remedy)],
        repeat=remedy.repeat,
    )  # fmt: skip


def _kpi(
    knowledge: KnowledgeBase,
    remedy: Remedy,
    figures: Mapping[str, Measurement],
    target: float | None,
    end: int,
) -> Kpi | None:
    """The control figure; that of an action that ends later is looked at later."""
    kpi = remedy.kpi
    if kpi is None:
        return None
    metric = knowledge.metrics[kpi.metric]
    figure = figures.get(kpi.metric)
    now = figure.value if figure else None
    if now is not None and target is not None:  # what is reached already is held
        better = {"up": max, "down": min}.get(kpi.better or metric.direction)
        target = better(now, target) if better else target
    return Kpi(
        metric=metric.id, title=metric.title, now=now, target=target,
        unit=metric.unit,
        check_day=kpi.check_day if kpi.check_day >= end else end + SETTLES,
    )  # fmt: skip


def _target(
    kpi: RemedyKpi | None,
    benchmarks: Mapping[str, float | None],
    losses: Sequence[Loss],
) -> float | None:
    if kpi is None or kpi.target is None:
        return None
    if kpi.target != "norm":
        return benchmarks[kpi.target]
    norms = [x.norm for x in losses if x.metric == kpi.metric and x.n]
    weights = [x.n for x in losses if x.metric == kpi.metric and x.n]
    total = sum(weights)
    return (
        sum(n * w for n, w in zip(norms, weights, strict=True)) / total
        if total
        else None
    )
