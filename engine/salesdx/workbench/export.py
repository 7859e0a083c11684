"""kb export: every name with id, ref, type, options and titles, as one document."""

from typing import Any

from salesdx.knowledge.answered import asked
from salesdx.knowledge.base import KnowledgeBase
from salesdx.selfcheck import minutes


def export(knowledge: KnowledgeBase) -> dict[str, Any]:
    """The frozen codes of the pack: what answers, tables and other tools may name."""
    return {
        "pack": knowledge.pack.id,
        "version": knowledge.pack.version,
        "hash": knowledge.hash,
        "questions": [
            {
                "id": q.id, "ref": q.ref, "part": q.part, "type": q.type,
                "options": [_titled(o.code, o.title) for o in q.options],
                "min": q.min, "max": q.max, "unit": q.unit, "who": q.who,
                "about": q.about, "core": q.core, "metric": q.metric,
                "title": q.title.model_dump(),
            }
            for q in knowledge.questions.values()
        ],
        "metrics": [
            {
                "id": m.id, "ref": m.ref, "type": m.type, "unit": m.unit,
                "direction": m.direction, "grain": m.grain, "needs": m.needs,
                "questions": asked(m), "title": m.title.model_dump(),
                "definition": m.definition.model_dump(),
            }
            for m in knowledge.metrics.values()
        ],
        "symptoms": [
            {
                "id": s.id, "ref": s.spec.ref, "type": s.spec.kind,
                "for_each": s.spec.for_each, "title": s.spec.title.model_dump(),
            }
            for s in knowledge.symptoms.values()
        ],
        "causes": [
            {
                "id": c.id, "ref": c.spec.ref, "type": c.spec.kind,
                "for_each": c.spec.for_each, "explains": c.spec.explains,
                "remedies": c.spec.remedies, "title": c.spec.title.model_dump(),
            }
            for c in knowledge.causes.values()
        ],
        "rules": [
            {
                "id": f"{c.id}/{r.id}", "ref": r.spec.ref, "type": r.direction,
                "cause": c.id, "points": r.points, "group": r.group,
                "grade": r.spec.grade, "title": r.because.model_dump(),
            }
            for c in knowledge.causes.values()
            for r in c.rules
        ],
        "remedies": [
            {
                "id": r.id, "ref": r.ref, "type": r.repeat or "once",
                "owner": r.owner, "days": r.days, "worksheet": r.worksheet,
                "title": r.title.model_dump(),
            }
            for r in knowledge.remedies.values()
        ],
        "worksheets": [
            {
                "id": w.id, "ref": w.spec.ref, "along": w.spec.along,
                "title": w.spec.title.model_dump(),
                "purpose": w.spec.purpose.model_dump(),
            }
            for w in knowledge.worksheets.values()
        ],
        "forms": [
            {
                "id": f.id, "ref": f.ref, "type": "form", "questions": f.questions,
                "applies_to": f.applies_to, "minutes": minutes(f, knowledge),
                "title": f.title.model_dump(),
            }
            for f in knowledge.forms.values()
        ],
        "claims": [
            {
                "id": c.id, "ref": c.ref, "type": "claim", "causes": c.causes,
                "grade": c.grade, "share": c.share and c.share.model_dump(),
                "title": c.text.model_dump(),
            }
            for c in knowledge.claims.values()
        ],
        "benchmarks": [b.model_dump() for b in knowledge.benchmarks.values()],
        "roles": [_titled(r.id, r.title) for r in knowledge.roles.values()],
    }  # fmt: skip


def _titled(code: str, title: Any) -> dict[str, Any]:
    return {"code": code, "title": title.model_dump()}
