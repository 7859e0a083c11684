"""The loss calculator: what authors claim that the mistakes made here cost (P-57).

Each claim stands alone: the shares overlap, and their authors name neither base nor
term (G-22). Nothing of it enters the loss map or a sum.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from salesdx.diagnosis import VERDICTS, Diagnosed
from salesdx.facts import Fact, FactBase, Measurement
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import ListedClaim
from salesdx.language import Text
from salesdx.result import ClaimedLoss, LostClients

REVENUE = "company.monthly-revenue"
LOST, PROFIT = "company.lost-clients", "company.client-profit"
KEEPING = "company.keeping-cost"
RATIO, RATIO_CLAIM = "churn.winning-to-keeping", "F-01"
MEASURED = "churn.profit-lost"
DATA = "data"
Mistake = Literal["likely", "possible", "hinted"]


def claimed_losses(
    knowledge: KnowledgeBase, causes: Sequence[Diagnosed], facts: FactBase
) -> list[ClaimedLoss]:
    """The claimed share of revenue for each mistake that the company seems to make.

    Surest first. Without the revenue there are shares and no money.
    """
    found = []
    for claim in knowledge.claims.values():
        made = _made(claim, causes)
        if claim.share is not None and made is not None:
            mistake, cause = made
            title = knowledge.causes[cause].spec.title
            found.append(_row(claim, mistake, title, facts.fact(REVENUE)))
    order = ("likely", "possible", "hinted")
    return sorted(found, key=lambda row: (order.index(row.mistake), row.ref, row.id))


def _made(
    claim: ListedClaim, causes: Sequence[Diagnosed]
) -> tuple[Mistake, str] | None:
    """How sure it is that one of the mistakes is made, and which is the surest."""
    rows = [d for d in causes if d.id in claim.causes]
    for row in sorted(rows, key=lambda d: (VERDICTS.index(d.outcome.verdict), d.rank)):
        match row.outcome.verdict:
            case "likely" | "possible" as verdict:
                return verdict, row.id
            case "open" if row.outcome.total.points > 0:
                return "hinted", row.id
    return None


def _row(
    claim: ListedClaim, mistake: Mistake, title: Text, revenue: Fact
) -> ClaimedLoss:
    assert claim.share is not None
    low, high = claim.share.low, claim.share.high
    month = _number(revenue)
    return ClaimedLoss(
        id=claim.id, ref=claim.ref, text=claim.text, base=claim.base,
        source=claim.source.model_dump(exclude_none=True), grade=claim.grade,
        causes=claim.causes, title=title, mistake=mistake, low=low, high=high,
        revenue=month, said_by=revenue.by if month is not None else None,
        money_low=_times(month, low), money_high=_times(month, high),
    )  # fmt: skip


def lost_clients(
    knowledge: KnowledgeBase,
    facts: FactBase,
    figures: Mapping[str, Measurement],
    benchmarks: Mapping[str, float | None] | None = None,
) -> LostClients | None:
    """Profit lost with clients, and what winning as many would cost as claimed (P-37).

    `figures` are the company-wide measurements by metric id: a measured figure beats
    an answer. None where nobody knows of any client lost, or nothing claims a ratio.
    """
    claim = _claim(knowledge, RATIO_CLAIM)
    if claim is None or RATIO not in knowledge.benchmarks:
        return None
    lost, each, keeping = (facts.fact(name) for name in (LOST, PROFIT, KEEPING))
    clients, clients_by = _number(lost), lost.by
    profit, profit_by = _times(clients, _number(each)), each.by
    measured = figures.get(MEASURED)
    with_winning = False
    if measured is not None and measured.value is not None:
        clients, clients_by = measured.n, DATA
        profit, profit_by = measured.value, DATA
        with_winning = measured.reason is None  # else it says that no cost is known
    if not clients:
        return None
    own = (benchmarks or {}).get(RATIO)
    ratio = knowledge.benchmarks[RATIO].value if own is None else own
    cost = _number(keeping)
    winning = None if with_winning or cost is None else clients * cost * ratio
    return LostClients(
        clients=clients, clients_by=clients_by,
        profit=profit, profit_by=profit_by if profit is not None else None,
        winning_measured=with_winning, winning=winning, keeping_cost=cost,
        cost_by=keeping.by if cost is not None else None,
        ratio=ratio, text=claim.text, ref=claim.ref,
    )  # fmt: skip


def _claim(knowledge: KnowledgeBase, ref: str) -> ListedClaim | None:
    return next((c for c in knowledge.claims.values() if ref in c.ref), None)


def _number(fact: Fact) -> float | None:
    known = isinstance(fact.value, int | float) and not isinstance(fact.value, bool)
    return float(fact.value) if known else None  # type: ignore[arg-type]


def _times(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(one * other, 2)
