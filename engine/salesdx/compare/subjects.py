"""Questionnaires then and now: what was answered both times, question by question."""

from salesdx.compare.model import State, SubjectChange, SubjectSeen
from salesdx.compare.pairing import Results
from salesdx.compare.words import joined, said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text, quoted
from salesdx.result import Subject

_MOST = 3  # questions named


def subject_changes(results: Results, knowledge: KnowledgeBase) -> list[SubjectChange]:
    """Questionnaires of which anything was asked in either result."""
    old = {s.id: s for s in results.then.subjects}
    new = {s.id: s for s in results.now.subjects}
    found = []
    for name in [*new, *(i for i in old if i not in new)]:
        then, now = old.get(name), new.get(name)
        row = now or then
        if row is None or not any(s is not None and s.asked for s in (then, now)):
            continue
        mended, broken = _turned(then, now), _turned(now, then)
        state, reason = _judged(results, knowledge, then, now, (mended, broken))
        told = state in ("better", "worse", "changed")
        found.append(SubjectChange(
            id=row.id, title=row.title, state=state, then=_seen(then), now=_seen(now),
            mended=mended if told else [], broken=broken if told else [],
            reason=reason,
        ))  # fmt: skip
    return found


def _turned(bad: Subject | None, good: Subject | None) -> list[str]:
    """Questions that are a problem in the one and in order in the other."""
    if bad is None or good is None:
        return []
    return [q for q in bad.problems if q in set(good.in_order)]


def _judged(
    results: Results, knowledge: KnowledgeBase, then: Subject | None,
    now: Subject | None, turned: tuple[list[str], list[str]],
) -> tuple[State, Text | None]:  # fmt: skip
    if then is None or not then.asked:
        return "new", said("subject.not-asked-then")
    if now is None or not now.asked:
        return "not_comparable", said("subject.not-asked-now")
    meaning = results.meaning(f"subject:{now.id}")
    if meaning is not None:
        return "not_comparable", meaning
    both = {*then.problems, *then.in_order} & {*now.problems, *now.in_order}
    if not both:
        return "not_comparable", said("subject.others")
    mended, broken = turned
    parts = [
        said(key, what=_quoted([knowledge.title(q) for q in questions]))
        for key, questions in (("subject.mended", mended), ("subject.broken", broken))
        if questions
    ]
    state: State = "unchanged"
    if mended or broken:
        state = "changed" if mended and broken else "better" if mended else "worse"
    return state, joined(*parts) if parts else None


def _quoted(titles: list[Text]) -> Text:
    """Questions keep their marks, so they stand in quotes; three at most."""
    more = f" +{len(titles) - _MOST}" if len(titles) > _MOST else ""
    return Text(
        en=", ".join(quoted(t.en, "en") for t in titles[:_MOST]) + more,
        ru=", ".join(quoted(t.ru, "ru") for t in titles[:_MOST]) + more,
    )


def _seen(row: Subject | None) -> SubjectSeen | None:
    if row is None:
        return None
    return SubjectSeen(
        questions=row.questions, problems=len(row.problems), judged=row.judged,
        asked=row.asked, state=row.state,
    )  # fmt: skip
