"""Causes then and now: gone is only what was looked for again and not found."""

from salesdx.compare.model import CauseChange, CauseSeen, State
from salesdx.compare.pairing import Results, is_unknown, paired
from salesdx.compare.words import listed, said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.result import CauseRow

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
    if then is None or not _is_found(then):
        assert now is not None
        unseen = _unseen(results, knowledge, now, "then")
        return "new", said("cause.not-seen-then", what=unseen) if unseen else None
    if now is not None and _is_found(now):
        return _both(results, knowledge, then, now)
    if now is not None and now.verdict == "cannot_judge":
        return "not_comparable", said("cause.cannot-judge")
    lost = _unseen(results, knowledge, then, "now")
    refuted = now is not None and now.verdict in ("unlikely", "ruled_out")
    if lost and not refuted:
        return "not_comparable", said("cause.not-seen-now", what=lost)
    return "gone", None


def _both(
    results: Results, knowledge: KnowledgeBase, then: CauseRow, now: CauseRow
) -> Judged:
    """Found in both: surer or less sure by what happened, not by what was asked."""
    surer = now.verdict == "likely"
    row, poorer = (now, "then") if surer else (then, "now")
    unseen = _unseen(results, knowledge, row, poorer)
    if unseen is not None:
        key = "cause.not-known-then" if surer else "cause.not-seen-now"
        return "not_comparable", said(key, what=unseen)
    return ("worse" if surer else "better"), None


def _unseen(
    results: Results, knowledge: KnowledgeBase, row: CauseRow, poorer: str
) -> Text | None:
    """What speaks for a cause in its own result and the other, `poorer`, did not know.

    What its own does not know either ("I don't know" may speak too) tells nothing.
    """
    own, other = results.now, results.then
    if poorer == "now":
        own, other = other, own
    names = {
        name: None for e in row.evidence if e.direction == "for" and e.counted
        for name in e.facts
    }  # fmt: skip
    unknown = [
        n for n in names
        if is_unknown(other, n, row.slice) and not is_unknown(own, n, row.slice)
    ]  # fmt: skip
    if not unknown:
        return None
    return listed({n: knowledge.title(n) for n in unknown})
