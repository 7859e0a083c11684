"""The neutral base as a knowledge base of ours, and our three executors over it.

Every rule becomes a symptom, and symptoms read symptoms; numbers become figures, the
rest questions. The base is written as files and comes in through the normal loader.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from inference_bases import CODES, TOP, Base, Case, Condition, Fired, Join, Test
from inference_floor import Fire
from numpy.typing import NDArray

from salesdx.facts import COMPANY, Fact, FactBase
from salesdx.inference.columnar.columns import Batch, Column, Level
from salesdx.inference.columnar.from_facts import batch_of
from salesdx.inference.columnar.judging import Judgement, judge
from salesdx.inference.columnar.planes import unpack
from salesdx.inference.infer import infer
from salesdx.inference.program import Executor
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load

_TEXT = {"en": "text", "ru": "текст"}
_KINDS: dict[str, dict[str, Any]] = {
    "yesno": {"type": "yesno"},
    "scale": {"type": "scale", "min": 0, "max": TOP},
    "choice": {
        "type": "enum", "options": [{"code": c, "title": _TEXT} for c in CODES],
    },
}  # fmt: skip


class _Plain(yaml.CSafeDumper):
    """No anchors: the reader refuses them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def knowledge_of(base: Base, folder: Path) -> KnowledgeBase:
    """Write the base as files and load them."""
    metrics = [_metric(n) for n, kind in base.facts.items() if kind == "number"]
    questions = [
        _question(n, kind) for n, kind in base.facts.items() if kind != "number"
    ]
    symptoms = [
        {"id": r.id, "title": _TEXT, "if": _data(r.condition, base)} for r in base.rules
    ]
    files: dict[str, dict[str, Any]] = {
        "pack.yaml": {"id": "neutral", "version": "1", "engine": ">=0"},
        "roles.yaml": {"roles": [{"id": "head", "title": _TEXT}]},
        "metrics.yaml": {"metrics": metrics},
        "symptoms/all.yaml": {"symptoms": symptoms},
        "questionnaires/all.yaml": {
            "id": "all", "title": _TEXT, "intro": _TEXT, "questions": questions,
        },
    }  # fmt: skip
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.dump({"format": 1, **data}, Dumper=_Plain, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
    return load(folder=folder)


def _metric(name: str) -> dict[str, Any]:
    return {
        "id": name, "type": "mean", "unit": "score", "direction": "up",
        "needs": ["deals"], "title": _TEXT, "definition": _TEXT,
    }  # fmt: skip


def _question(name: str, kind: str) -> dict[str, Any]:
    return {
        "id": name, "title": _TEXT, "who": ["head"], "why": _TEXT,
        "source": {"note": "made up"}, **_KINDS[kind],
    }  # fmt: skip


def _data(condition: Condition, base: Base) -> dict[str, Any]:
    """A condition as trainers write it."""
    if isinstance(condition, Fired):
        return {"symptom": condition.rule}
    if isinstance(condition, Join):
        parts = [_data(p, base) for p in condition.parts]
        return {condition.kind: parts[0] if condition.kind == "not" else parts}
    return {condition.fact: _comparison(condition)}


def _comparison(test: Test) -> Any:
    if not isinstance(test.value, tuple):
        return f"{test.op} {test.value:g}"
    if isinstance(test.value[0], bool):
        return "yes" if test.value[0] else "no"
    return {"one_of": list(test.value)}


def facts_of(base: Base, case: Case) -> FactBase:
    """A case as the executors read it."""
    return FactBase.of(
        Fact(n, v, origin="metric" if base.facts[n] == "number" else "answer")
        for n, v in case.items()
    )


def by_executor(base: Base, knowledge: KnowledgeBase, executor: Executor) -> Fire:
    """Case -> ids of the symptoms that hold, by the reference or durable_rules."""

    def fire(case: Case) -> frozenset[str]:
        found = infer(knowledge, facts_of(base, case), executor)
        held = (i for (i, w), s in found.symptoms.items() if s.outcome.state)
        return frozenset(held)

    return fire


def by_columns(base: Base, knowledge: KnowledgeBase) -> Fire:
    """One case as a batch of one: what the column executor is not made for."""

    def fire(case: Case) -> frozenset[str]:
        return fired(judge(knowledge, batch_of(knowledge, [facts_of(base, case)])))[0]

    return fire


def fired(found: Judgement) -> list[frozenset[str]]:
    """Ids of the symptoms that hold, case by case."""
    names = [i for i, _ in found.symptoms]
    rows = np.stack([unpack(p.true, p.rows) for p in found.symptoms.values()], axis=1)
    return [frozenset(names[i] for i in np.flatnonzero(r)) for r in rows]


def columns_of(base: Base, cases: Sequence[Case]) -> Batch:
    """Cases as columns; a real batch arrives so and is never made of dictionaries."""
    made = {}
    for name, kind in base.facts.items():
        known = np.array([name in c for c in cases], np.bool_)
        cells: NDArray[Any]
        if kind in ("number", "scale"):
            cells = np.array([c.get(name, 0.0) for c in cases], np.float64)
            made[name] = Column(cells, known, answered=kind == "scale")
            continue
        kinds = (True, False) if kind == "yesno" else CODES
        cells = np.array([kinds.index(c.get(name, kinds[0])) for c in cases], np.int32)
        made[name] = Column(cells, known, kinds, answered=True)
    return Batch({"": Level("", len(cases), made)})


def facts_at(batch: Batch, row: int) -> FactBase:
    """One case of a batch, as the executors of single cases read it."""
    found = []
    for name, column in batch.levels[""].columns.items():
        if column.known[row]:
            cell = column.values[row]
            value = float(cell) if column.kinds is None else column.kinds[int(cell)]
            origin = "answer" if column.answered else "metric"
            found.append(Fact(name, value, COMPANY, origin=origin))  # type: ignore[arg-type]
    return FactBase.of(found)
