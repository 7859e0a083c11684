"""Causes that travel together: clearly more often than by chance, and no more.

Whether one makes the other cannot be seen here; causes that are judged by the same
facts are likely together for that alone, so the document says how many they share.
"""

from collections.abc import Sequence

from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.model import Marks, Pair, Together
from salesdx.portfolio.overview.counting import Counted
from salesdx.portfolio.overview.facts_read import facts_read
from salesdx.statistics.multiple import benjamini_hochberg
from salesdx.statistics.rates import tail_probability

_TOLD = 10
_Tried = tuple[int, int, float]


def together(
    knowledge: KnowledgeBase, causes: Sequence[str], found: Counted, marks: Marks
) -> Together:
    """Try every pair with enough companies; tell those that matter most."""
    tried: list[_Tried] = []
    for one in range(len(causes)):
        for other in range(one):
            if found.both[one, other] >= marks.together_least:
                tried.append((one, other, _p(one, other, found)))
    if not tried:
        return Together(tried=0, found=0, pairs=[])
    kept = benjamini_hochberg([p for *_, p in tried], marks.false_discoveries)
    real = [(a, b) for (a, b, _), real in zip(tried, kept, strict=True) if real]
    pairs = [_pair(a, b, knowledge, causes, found) for a, b in real]
    pairs = [p for p in pairs if p.lift >= marks.lift_least]
    pairs.sort(key=lambda p: (-_excess(p), p.one, p.other))
    return Together(tried=len(tried), found=len(pairs), pairs=pairs[:_TOLD])


def _p(one: int, other: int, found: Counted) -> float:
    """P of so many companies with both, if the one said nothing of the other."""
    both = int(found.both[one, other])
    n, a, b = _sides(one, other, found)
    without = n - a
    if not without:
        return 1.0
    # the other is absent as seldom as that where the one is likely
    return tail_probability(a - both, a, without - (b - both), without)


def _sides(one: int, other: int, found: Counted) -> tuple[int, int, int]:
    return (
        int(found.examined_both[one, other]), int(found.likely_where[one, other]),
        int(found.likely_where[other, one]),
    )  # fmt: skip


def _pair(
    one: int, other: int, knowledge: KnowledgeBase, causes: Sequence[str],
    found: Counted,
) -> Pair:  # fmt: skip
    if causes[one] > causes[other]:
        one, other = other, one
    n, a, b = _sides(one, other, found)
    both = int(found.both[one, other])
    names = causes[one], causes[other]
    known = [knowledge.causes.get(name) for name in names]
    linked = any(
        k is not None and other in {*k.spec.leads_to, *k.spec.aggravates}
        for k, other in zip(known, reversed(names), strict=True)
    )
    shared = facts_read(names[0], knowledge) & facts_read(names[1], knowledge)
    return Pair(
        one=names[0], other=names[1], examined=n, one_likely=a, other_likely=b,
        both=both, lift=round(both * n / (a * b), 4), linked=linked, shared=len(shared),
    )  # fmt: skip


def _excess(pair: Pair) -> float:
    """Companies with both beyond what chance would have."""
    return pair.both - pair.one_likely * pair.other_likely / pair.examined
