"""A small knowledge base, written as files, for the tests of the engine."""

import textwrap
from pathlib import Path
from typing import Any

import yaml

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load


class _Plain(yaml.SafeDumper):
    """No anchors: the reader refuses them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


TEXT = {"en": "text", "ru": "текст"}


def metric(
    name: str, *, grain: list[str] | None = None, unit: str = "ratio", **more: Any
) -> dict[str, Any]:
    return {
        "id": name, "type": "share", "unit": unit, "direction": "up",
        "grain": grain or [], "needs": ["deals"], "title": TEXT, "definition": TEXT,
        **more,
    }  # fmt: skip


def question(name: str, kind: str = "yesno", **more: Any) -> dict[str, Any]:
    return {
        "id": name, "title": TEXT, "type": kind, "who": ["head"], "why": TEXT,
        "source": {"seed": "1"}, **more,
    }  # fmt: skip


def rule(
    name: str, condition: Any, weight: str = "strong", **more: Any
) -> dict[str, Any]:
    return {
        "id": name, "if": condition, "weight": weight, "because": TEXT,
        "source": {"seed": "1"}, "grade": "E1", **more,
    }  # fmt: skip


def cause(name: str, evidence: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "id": name, "kind": "process", "title": TEXT, "summary": TEXT, "verify": TEXT,
        "evidence": evidence, **more,
    }  # fmt: skip


def symptom(name: str, condition: Any, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": TEXT, "if": condition, **more}


def dump(folder: Path, name: str, data: Any) -> None:
    """Write one file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False),
        encoding="utf-8",
    )


def write(
    folder: Path,
    *,
    causes: list[dict[str, Any]],
    symptoms: list[dict[str, Any]] | None = None,
    metrics: list[dict[str, Any]] | None = None,
    questions: list[dict[str, Any]] | None = None,
    benchmarks: list[dict[str, Any]] | None = None,
) -> Path:
    """Write a knowledge base; questions lie under `questionnaires/`."""

    roles = [{"id": r, "title": TEXT} for r in ("head", "seller", "owner")]
    dump(
        folder,
        "pack.yaml",
        {"format": 1, "id": "test", "version": "1", "engine": ">=0"},
    )
    dump(folder, "roles.yaml", {"format": 1, "roles": roles})
    dump(folder, "metrics.yaml", {"format": 1, "metrics": metrics or []})
    dump(folder, "symptoms/all.yaml", {"format": 1, "symptoms": symptoms or []})
    dump(folder, "benchmarks/all.yaml", {"format": 1, "benchmarks": benchmarks or []})
    dump(folder, "questionnaires/all.yaml", {
        "format": 1, "id": "all", "title": TEXT, "intro": TEXT,
        "questions": questions or [],
    })  # fmt: skip
    for one in causes:
        dump(folder, f"causes/test/{one['id']}.yaml", one)
    return folder


def knowledge(folder: Path, **parts: Any) -> KnowledgeBase:
    """Write and load."""
    return load(folder=write(folder, **parts))


def text_file(folder: Path, name: str, text: str) -> Path:
    """Write one file of dedented text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path
