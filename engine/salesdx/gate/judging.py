"""Judge a result by the conditions asked for (pure)."""

from collections.abc import Sequence

from salesdx.compare.words import Value, place, stage_titles
from salesdx.gate.asked import Wanted
from salesdx.gate.conditions import CONDITIONS, Condition
from salesdx.gate.model import Gate, Judged
from salesdx.gate.situation import Situation
from salesdx.gate.words import said
from salesdx.language import Text


def judge(asked: Sequence[Wanted], at: Situation, *, strict: bool = False) -> Gate:
    """The gate: passed where no condition fails; `strict`, where all were judged."""
    found = [_judged(w, at) for w in asked]
    bad = {"failed", "not_judged"} if strict else {"failed"}
    return Gate(
        case=at.now.case.name, as_of=at.now.case.as_of,
        since=at.since.then.as_of if at.since else None, strict=strict,
        passed=all(c.state not in bad for c in found), conditions=found,
    )  # fmt: skip


def _judged(asked: Wanted, at: Situation) -> Judged:
    condition = CONDITIONS[asked.id]
    limit = asked.limit
    title = said(f"title.{asked.id}", limit=_limit(condition, limit, at))
    lacks = _lacks(condition, at)
    if lacks is not None:
        return Judged(
            id=asked.id, limit=limit, title=title, state="not_judged", reason=lacks,
            rows=[],
        )  # fmt: skip
    found = condition.look(at, limit)
    stages = stage_titles(at.now)
    rows = [r.model_copy(update={"where": place(r.slice, stages)}) for r in found.rows]
    state = "failed" if found.rows else "not_judged" if found.open else "ok"
    return Judged(
        id=asked.id, limit=limit, title=title, state=state, reason=found.open,
        rows=rows,
    )  # fmt: skip


def _lacks(condition: Condition, at: Situation) -> Text | None:
    """Why a condition cannot be judged: an export that broke must not pass for good."""
    if "enough" in condition.needs and at.is_empty:
        return said("lacks.enough")
    if "since" in condition.needs and at.since is None:
        return said("lacks.since")
    if "promised" in condition.needs and at.promised is None:
        return said("lacks.since")
    return None


def _limit(condition: Condition, limit: float | None, at: Situation) -> Value:
    """The limit as people of a language write it."""
    unit = "money" if condition.takes == "money" else "ratio"
    return Value(limit, unit, at.now.case.currency)
