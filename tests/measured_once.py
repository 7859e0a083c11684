"""Figures of a case, computed once for all tests that judge the same tables.

What a case concludes depends on its answers and on who judges; its figures do not.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salesdx import analysis
from salesdx.case import Case
from salesdx.knowledge.base import KnowledgeBase


@pytest.fixture(scope="module")
def measured_once() -> Iterator[None]:
    """Within a module a case is measured anew only if its tables are other ones."""
    found: dict[str, Any] = {}
    measure = analysis.measure

    def once(case: Case, knowledge: KnowledgeBase, progress: Any, engine: Any) -> Any:
        assert engine is None, "engines are compared by measuring on each"
        key = tables_of(case.path, knowledge)
        if key not in found:
            found[key] = measure(case, knowledge, progress)
        figures, map_, shapes = found[key]
        return list(figures), map_, shapes

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis, "measure", once)
        yield


def tables_of(folder: Path, knowledge: KnowledgeBase) -> str:
    """A digest of all that figures are made of."""
    digest = hashlib.sha256(knowledge.hash.encode())
    files = [folder / "company.yaml", *sorted((folder / "data").rglob("*"))]
    for path in (p for p in files if p.is_file()):
        digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
