"""Causes then and now: gone is only what was looked for again and not found."""

from salesdx.compare.model import CauseChange, CauseSeen, State
from salesdx.compare.pairing import Results, is_unknown, paired
from salesdx.compare.words import listed, said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.result import CauseRow, ResultDocument

_FOUND = ("likely", "possible")
Judged = tuple[State, Text | None]


def cause_changes(results: Results, knowledge: KnowledgeBase) -> list[CauseChange]:
    """Causes that either result finds, in the order of the newer."""
    found = []
    for then, now in paired(results.then.causes, results.now.causes).values():
        row = now or then
        if not (_is_found(then) or _is_found(now)):
            continue
        state, reason = _judged(results, knowledge, then, now)
        found.append(CauseChange(
            id=row.id, kind=row.kind, title=row.title, slice=row.slice, state=state,
            then=_seen(then), now=_seen(now), reason=reason,
        ))  # fmt: skip
    return found


def _is_found(row: CauseRow | None) -> bool:
    return row is not None and row.verdict in _FOUND


def _seen(row: CauseRow | None) -> CauseSeen | None:
    if row is None:
        return None
    return CauseSeen(
        verdict=row.verdict, points=row.points, role=row.role, money=row.money
    )


def _judged(
    results: Results, knowledge: KnowledgeBase, then: CauseRow | None,
    now: CauseRow | None,
) -> Judged:  # fmt: skip
    verdicts = then.verdict if then else None, now.verdict if now else None
    if verdicts[0] == verdicts[1]:
        return "unchanged", None
    row = now or then
    assert row is not None
    meaning = results.meaning(f"cause:{row.id}")
    if meaning is not None:
        return "not_comparable", meaning
    if not _is_found(then):
        assert now is not None
        return "new", _unseen(results.then, knowledge, now, "then")
    if _is_found(now):
        return ("worse" if verdicts[1] == "likely" else "better"), None
    if now is not None and now.verdict == "cannot_judge":
        return "not_comparable", said("cause.cannot-judge")
    assert then is not None
    lost = _unseen(results.now, knowledge, then, "now")
    refuted = now is not None and now.verdict in ("unlikely", "ruled_out")
    return ("not_comparable", lost) if lost and not refuted else ("gone", None)


def _unseen(
    document: ResultDocument, knowledge: KnowledgeBase, row: CauseRow, when: str
) -> Text | None:
    """What speaks for a cause in one result and is not known in the other."""
    names = {
        name: None for e in row.evidence if e.direction == "for" and e.counted
        for name in e.facts
    }  # fmt: skip
    unknown = [n for n in names if is_unknown(document, n, row.slice)]
    if not unknown:
        return None
    titles = {n: knowledge.title(n) for n in unknown}
    return said(f"cause.not-seen-{when}", what=listed(titles))
