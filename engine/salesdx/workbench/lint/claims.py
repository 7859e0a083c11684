"""Claims that nobody would ever see; and a share that belongs to no mistake."""

from collections.abc import Iterator

from salesdx.errors import Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found
from salesdx.workbench.lint.usage import SAY_WHY


def check_claims(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """All faults of claims.yaml."""
    of_remedies = [c for r in knowledge.remedies.values() for c in r.claims]
    named = {c for c in of_remedies if isinstance(c, str)}
    for claim in knowledge.claims.values():
        if claim.id not in named and claim.share is None and claim.unused is None:
            yield found(
                knowledge, "claims", claim.id, "unused-claim",
                Said(
                    f"no remedy names claim {claim.id!r}",
                    f"ни одна мера не называет заявление «{claim.id}»",
                ),
                SAY_WHY,
            )  # fmt: skip
        if claim.share is not None and not claim.causes:
            yield found(
                knowledge, "claims", claim.id, "share-of-nothing",
                Said(
                    f"claim {claim.id!r} has a share of revenue and no causes",
                    f"у заявления «{claim.id}» есть доля выручки, но нет причин",
                ),
                Said(
                    "name the mistakes that it speaks of (`causes`)",
                    "назовите ошибки, о которых оно говорит (`causes`)",
                ),
                ("share",),
            )  # fmt: skip
