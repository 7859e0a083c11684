"""The three views of `kb coverage` for programs."""

from collections.abc import Sequence

from salesdx.explanation.bill import STATES
from salesdx.explanation.wording import Wording
from salesdx.knowledge.base import KnowledgeBase
from salesdx.workbench.domain import Bearing, DomainCover, Item
from salesdx.workbench.leaves import LeafSeen, share
from salesdx.workbench.reach import Reach
from salesdx.workbench.reach_climbing import Attempt
from salesdx.workbench.reach_page import fact_words

Data = dict[str, object]


def leaves(found: Sequence[LeafSeen]) -> Data:
    """The share of leaf states that was seen, and every leaf."""
    return {"share": round(share(found), 6), "rows": [_leaf(row) for row in found]}


def _leaf(row: LeafSeen) -> Data:
    return {
        "file": row.place.file, "line": row.place.line, "col": row.place.col,
        "kind": row.site.kind, "owner": row.site.owner,
        "part": row.site.part or None,
        "condition": str(row.leaf), "name": row.leaf.name,
        "seen": [STATES[s] for s in row.seen], "lacks": [STATES[s] for s in row.lacks],
    }  # fmt: skip


def domain(found: DomainCover, only: str | None) -> Data:
    """Every item of the register (or of one kind, or one), and the other ids."""
    items = [i for i in found.items.values() if only in (None, i.id, i.kind)]
    others = {i: b for i, b in found.others.items() if only in (None, i)}
    return {
        "kinds": [
            {
                "kind": k.id, "title": k.title.en, "title_ru": k.title.ru,
                "items": len(k.items), "in": k.bearers,
            }
            for k in found.kinds.values() if only is None or only == k.id
        ],
        "items": [_item(i) for i in items],
        "others": [
            {"id": i, "borne_by": [_bearing(b) for b in borne_by]}
            for i, borne_by in others.items()
        ],
    }  # fmt: skip


def _item(item: Item) -> Data:
    return {
        "id": item.id, "kind": item.kind, "status": item.status,
        "reason": item.reason.en if item.reason else None,
        "reason_ru": item.reason.ru if item.reason else None,
        "borne_by": [_bearing(b) for b in item.borne_by],
    }  # fmt: skip


def _bearing(bearing: Bearing) -> Data:
    return {
        "kind": bearing.kind, "id": bearing.name, "title": bearing.title.en,
        "title_ru": bearing.title.ru, "file": bearing.place.file,
        "line": bearing.place.line, "col": bearing.place.col,
    }  # fmt: skip


def reach(found: Sequence[Reach], knowledge: KnowledgeBase) -> list[Data]:
    """Every cause with its example from each side."""
    wording = Wording(knowledge, "")
    return [
        {
            "cause": row.cause.id,
            "ref": row.cause.spec.ref,
            "sides": {s: _attempt(a, wording) for s, a in row.attempts.items()},
        }
        for row in found
    ]


def _attempt(attempt: Attempt, wording: Wording) -> Data:
    return {
        "found": attempt.found,
        "points": attempt.points,
        "sales_model": attempt.model,
        "because": [b.model_dump() for b in attempt.because],
        "facts": [
            {
                "name": f.name,
                "slice": dict(f.slice),
                "value": list(f.value) if isinstance(f.value, tuple) else f.value,
                "text": fact_words(f, wording).model_dump(),
            }
            for f in attempt.facts
        ],
    }
