"""What a figure and a verdict meant: marks by which two results may be compared.

A text that only explains, a source or a test may change freely; what is counted and
how it is judged may not, or a company would seem to have changed.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from salesdx.knowledge.base import KnowledgeBase

_RULE = {
    "id", "condition", "weight", "group", "direct", "independent", "for_each",
    "applies_to", "discriminates",
}  # fmt: skip


def meanings(
    knowledge: KnowledgeBase, marks: Mapping[str, float | None]
) -> dict[str, str]:
    """A mark for every metric, `symptom:x`, `cause:x` and `subject:x`.

    `marks` are the thresholds that hold for the company: a verdict means another thing
    under another threshold that its conditions name, itself or through a symptom.
    """
    found = {
        i: _mark([m.type, m.unit, m.direction, m.question, m.yes_of, m.definition.en])
        for i, m in knowledge.metrics.items()
    }
    named = dict(marks)
    for i, symptom in knowledge.symptoms.items():
        found[f"symptom:{i}"] = _judged([symptom.spec.condition], named)
    signs = {i: found[f"symptom:{i}"] for i in knowledge.symptoms}
    for i, cause in knowledge.causes.items():
        spec = cause.spec
        rules = [r.model_dump(include=_RULE) for r in (*spec.evidence, *spec.against)]
        read = [spec.gate, spec.unless, spec.rules_out, rules]
        found[f"cause:{i}"] = _judged(read, {**named, **signs})
    for i, sheet in knowledge.questionnaires.items():
        asked = [(q.id, q.problem and q.problem.when, q.dont_know)
                 for q in sheet.questions]  # fmt: skip
        found[f"subject:{i}"] = _judged(asked, named)
    return found


def _judged(conditions: Any, names: Mapping[str, Any]) -> str:
    text = _text(conditions)
    words = set(text.replace('"', " ").replace(",", " ").split())
    return _mark([text, {n: v for n, v in names.items() if n in words}])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _mark(value: Any) -> str:
    return hashlib.sha256(_text(value).encode()).hexdigest()[:8]
