"""Symptoms then and now."""

from salesdx.compare.model import State, SymptomChange
from salesdx.compare.pairing import Results, paired
from salesdx.compare.words import said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.result import SymptomRow

Judged = tuple[State, Text | None]


def symptom_changes(results: Results, knowledge: KnowledgeBase) -> list[SymptomChange]:
    """Harms that either result sees, in the order of the newer; gates are none."""
    gates = {i for i, s in knowledge.symptoms.items() if s.spec.kind == "check"}
    found = []
    for then, now in paired(results.then.symptoms, results.now.symptoms).values():
        row = now or then
        states = _state(then), _state(now)
        if "true" not in states or row.id in gates:
            continue
        state, reason = _judged(results, row.id, states)
        found.append(SymptomChange(
            id=row.id, title=row.title, slice=row.slice, state=state, then=states[0],
            now=states[1], reason=reason,
        ))  # fmt: skip
    return found


def _state(row: SymptomRow | None) -> str | None:
    return row.state if row else None


def _judged(
    results: Results, id_: str, states: tuple[str | None, str | None]
) -> Judged:
    then, now = states
    if then == now:
        return "unchanged", None
    meaning = results.meaning(f"symptom:{id_}")
    if meaning is not None:
        return "not_comparable", meaning
    if now == "true":
        return "new", None if then == "false" else said("symptom.unknown-then")
    if now == "false":
        return "gone", None
    return "not_comparable", said("symptom.unknown-now")
