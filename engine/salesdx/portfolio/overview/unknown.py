"""What is not known: causes that nobody looked at, facts that would open most."""

from collections.abc import Sequence

from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.model import Cause, Fact, Unknown
from salesdx.portfolio.overview.companies import Companies
from salesdx.portfolio.overview.facts_read import facts_read

_TOLD = 12


def unknown(
    knowledge: KnowledgeBase, causes: Sequence[Cause], held: Companies
) -> Unknown:
    """Read it off the counts: no more than they show."""
    by_id = sorted(causes, key=lambda c: c.id)
    return Unknown(
        nowhere=[c.id for c in by_id if c.judged and not c.examined],
        never_judged=[c.id for c in by_id if not c.judged],
        without_sum=int((~held.known).sum()),
        facts=_facts(knowledge, by_id),
    )


def _facts(knowledge: KnowledgeBase, causes: Sequence[Cause]) -> list[Fact]:
    """By how many companies, over causes, have nothing on a cause that the fact opens.

    Where a cause has no coverage none of its rules could be decided: the facts they
    read are missing there, or at least the last one of each rule.
    """
    blind: dict[str, list[int]] = {}
    for cause in causes:
        for name in facts_read(cause.id, knowledge) if cause.blind else ():
            blind.setdefault(name, []).append(cause.blind)
    rows: list[Fact] = []
    for name, companies in blind.items():
        if name in knowledge.questions or name in knowledge.metrics:
            kind = "question" if name in knowledge.questions else "metric"
            rows.append(Fact(
                id=name, kind=kind, title=knowledge.title(name),
                causes=len(companies), blind=sum(companies),
            ))  # fmt: skip
    rows.sort(key=lambda f: (-f.blind, -f.causes, f.id))
    return rows[:_TOLD]
