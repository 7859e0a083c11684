"""From verdicts to a ranked list: root and consequence, losses, order of reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.facts import Slice
from salesdx.inference.infer import Inference
from salesdx.inference.verdicts import CauseOutcome
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import names
from salesdx.result import Loss, Money, Role

VERDICTS = ("likely", "possible", "open", "cannot_judge", "unlikely", "ruled_out")
ROLES: tuple[Role, ...] = ("root", "standalone", "aggravating", "consequence")
# Data before people (G-01, G-32): one symptom has rival explanations. Where verdict and
# role are equal, doubt the figures first, then process and roles, people last of all.
KINDS = (
    "data", "process", "roles", "management", "system", "crm", "speed", "offer",
    "product", "marketing", "retention", "owner", "external", "people",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """One row of the diagnosis: the outcome, its role, rank, losses and money."""

    outcome: CauseOutcome
    role: Role
    rank: int
    losses: tuple[Loss, ...]
    money: Money | None
    hygiene: bool

    @property
    def id(self) -> str:
        """The id of the cause."""
        return self.outcome.cause.id


def diagnose(found: Inference, losses: Sequence[Loss]) -> list[Diagnosed]:
    """Order the causes: verdict, role, kind, expected money, points, id, slice.

    A slice on which a cause has no points and no verdict of weight is left out.
    """
    rows = [o for o in found.causes.values() if _shown(o)]
    best = _best_verdicts(rows)
    ready = []
    for row in rows:
        mine = _losses(found.case.knowledge, row, losses)
        hygiene = row.harm is False and row.verdict == "possible"
        ready.append(Diagnosed(row, _role(row, best), 0, mine, _money(mine), hygiene))
    ready.sort(key=_order)
    return [
        Diagnosed(d.outcome, d.role, i, d.losses, d.money, d.hygiene)
        for i, d in enumerate(ready, start=1)
    ]


def _shown(row: CauseOutcome) -> bool:
    return not row.where or row.total.points != 0


def _order(row: Diagnosed) -> tuple[int, int, int, float, int, str, Slice]:
    money = row.money.expected if row.money else 0.0
    return (
        VERDICTS.index(row.outcome.verdict), ROLES.index(row.role),
        KINDS.index(row.outcome.cause.spec.kind), -money,
        -row.outcome.total.points, row.id, row.outcome.where,
    )  # fmt: skip


def _best_verdicts(rows: Sequence[CauseOutcome]) -> dict[str, CauseOutcome]:
    """The strongest row of every cause that is likely or possible."""
    best: dict[str, CauseOutcome] = {}
    for row in rows:
        if row.verdict not in ("likely", "possible"):
            continue
        other = best.get(row.cause.id)
        if other is None or _weight(row) > _weight(other):
            best[row.cause.id] = row
    return best


def _weight(row: CauseOutcome) -> tuple[int, int]:
    return -VERDICTS.index(row.verdict), row.total.points


def _role(row: CauseOutcome, best: Mapping[str, CauseOutcome]) -> Role:
    """A cause is a consequence of an active cause that is at least as sure.

    Root: produces or is made worse by another active cause, and is produced by none.
    """
    if row.cause.id not in best or row.verdict not in ("likely", "possible"):
        return "standalone"
    mine = VERDICTS.index(row.verdict)
    sure = {
        i: o.cause for i, o in best.items()
        if i != row.cause.id and VERDICTS.index(o.verdict) <= mine
    }  # fmt: skip
    own = row.cause.spec
    if any(row.cause.id in _reach(best, i) for i in sure):
        return "consequence"
    if any(i in best and i in sure for i in own.aggravates):
        return "aggravating"
    produces = any(i in best for i in own.leads_to)
    worsened = any(row.cause.id in o.cause.spec.aggravates for o in best.values())
    return "root" if produces or worsened else "standalone"


def _reach(best: Mapping[str, CauseOutcome], start: str) -> set[str]:
    """Active causes that a cause produces, directly or through other active ones."""
    found: set[str] = set()
    open_ = [start]
    while open_:
        for follower in best[open_.pop()].cause.spec.leads_to:
            if follower in best and follower not in found and follower != start:
                found.add(follower)
                open_.append(follower)
    return found


def gap_metrics(
    knowledge: KnowledgeBase, symptom: str, of: str | None = None
) -> set[tuple[str, str | None]]:
    """Metrics of the loss map that a symptom rests on, each with the dimension.

    A symptom of one segment rests on gaps of segments only; one without `for_each`
    on all of them (None).
    """
    found: set[tuple[str, str | None]] = set()
    entry = knowledge.symptoms[symptom]
    of = entry.spec.for_each or of
    for name in names(entry.node):
        prefix, _, rest = name.partition(":")
        if prefix == "gap":
            found.add((rest, of))
        elif prefix == "symptom":
            found |= gap_metrics(knowledge, rest, of)
    return found


def _losses(
    knowledge: KnowledgeBase, row: CauseOutcome, losses: Sequence[Loss]
) -> tuple[Loss, ...]:
    """Confirmed losses of the symptoms that the cause explains, on its slice."""
    if row.verdict not in ("likely", "possible"):
        return ()
    gaps = {g for s in row.cause.spec.explains for g in gap_metrics(knowledge, s)}
    where = dict(row.where)
    return tuple(
        loss for loss in losses
        if loss.state == "confirmed"
        and any(m == loss.metric and (not d or d in loss.slice) for m, d in gaps)
        and (not where or loss.slice == where)
    )  # fmt: skip


def _money(losses: Sequence[Loss]) -> Money | None:
    """Money of the linked losses, along the one dimension where it is largest."""
    sums: dict[tuple[str, ...], list[Money]] = {}
    for loss in losses:
        if loss.money is not None:
            sums.setdefault(tuple(sorted(loss.slice)), []).append(loss.money)
    if not sums:
        return None
    top = max(sorted(sums), key=lambda d: sum(m.expected for m in sums[d]))
    return Money(
        low=round(sum(m.low for m in sums[top]), 2),
        expected=round(sum(m.expected for m in sums[top]), 2),
        high=round(sum(m.high for m in sums[top]), 2),
    )
